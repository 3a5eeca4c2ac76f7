//! A case as its applicant and the holder of its receipt see it: stages with dates, where it lies, until
//! when, which days count, what happened. Pure: it is given the case and its timeline.
//!
//! It lives apart from the pages because `/my/cases/{case}` and `/progress` must say the same.

mod clock;
mod days;
mod fee;
mod stages;
mod where_now;

use jiff::Timestamp;
use wuchuang_calendar::{Calendar, china_date};
use wuchuang_cases::{model::Case, store::HistoryRow};
use wuchuang_kernel::group_case_number;
use wuchuang_webkit::{
    markup::{ClockView, StageView},
    page::PageContext,
};

use crate::words;

pub(crate) use clock::clock_view;
pub(crate) use days::DayRow;
pub(crate) use fee::{Fee, total};

/// Who looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Viewer {
    /// The applicant, signed in.
    Applicant,
    /// Anyone with the number and the check code: nothing personal is shown.
    Holder,
}

/// A case as people outside see it.
#[derive(Debug)]
pub(crate) struct CaseView {
    /// The number in groups.
    pub(crate) number: String,
    /// The item's name.
    pub(crate) item_name: String,
    /// The stages with their dates.
    pub(crate) stages: Vec<StageView>,
    /// The light and what is left; absent once it is over before acceptance.
    pub(crate) clock: Option<ClockView>,
    /// Where it lies and what happens next, a few sentences.
    pub(crate) where_now: Vec<String>,
    /// Promised and statutory limit in words.
    pub(crate) limits: String,
    /// Each day since acceptance, counted or not.
    pub(crate) days: Vec<DayRow>,
    /// What happened, the newest first.
    pub(crate) history: Vec<HistoryLine>,
}

/// One line of the timeline.
#[derive(Debug)]
pub(crate) struct HistoryLine {
    /// When.
    pub(crate) at: String,
    /// What.
    pub(crate) text: String,
}

/// What the view is made from.
pub(crate) struct Sources<'a> {
    pub(crate) case: &'a Case,
    pub(crate) history: &'a [HistoryRow],
    pub(crate) calendar: &'a Calendar,
    pub(crate) now: Timestamp,
    pub(crate) viewer: Viewer,
}

impl CaseView {
    pub(crate) fn of(page: &PageContext, sources: &Sources<'_>) -> Self {
        let case = sources.case;
        let rule = &case.terms.limits;
        Self {
            number: group_case_number(&case.number),
            item_name: case.terms.name.clone(),
            stages: stages::stages(page, sources),
            clock: clock_view(page, case, sources.calendar, sources.now),
            where_now: where_now::sentences(page, sources),
            limits: page.tf(
                "承诺 {promised}，法定 {statutory}",
                &[
                    ("promised", &words::limit(page, rule.promised())),
                    ("statutory", &words::limit(page, rule.statutory())),
                ],
            ),
            days: days::days(page, case, sources.calendar, sources.now),
            history: history(page, sources),
        }
    }
}

/// What concerns the house alone.
const HOUSE_ALONE: [&str; 6] = [
    "released",
    "task_released",
    "timer_fired",
    "archived",
    "extension_requested",
    "extension_declined",
];

/// What concerns the house alone is left out; what names a parcel is told to the applicant only.
fn history(page: &PageContext, sources: &Sources<'_>) -> Vec<HistoryLine> {
    let today = china_date(sources.now);
    sources
        .history
        .iter()
        .rev()
        .filter(|row| !HOUSE_ALONE.contains(&row.event_type.as_str()))
        .map(|row| HistoryLine {
            at: words::moment(page, row.at(), today),
            text: if row.event_type == "delivered" && sources.viewer == Viewer::Holder {
                page.t("结果已送达").into_owned()
            } else {
                sentence(page, row)
            },
        })
        .collect()
}

/// The sentence of a line. Those that carry names and figures are kept in Chinese only; in English they say what kind of
/// thing happened.
fn sentence(page: &PageContext, row: &HistoryRow) -> String {
    let translated = page.t(&row.text);
    if !page.is_english() || translated != row.text {
        return translated.into_owned();
    }
    let kind = match row.event_type.as_str() {
        "received" => "收到申请",
        "correction_notified" => "一次性告知要补的内容",
        "accepted" => "已受理",
        "not_accepted" => "不予受理",
        "transferred" => "转由另一单位办理",
        "step_completed" => "完成一个环节",
        "returned" => "退回前一环节",
        "answer_received" => "收到要等的结果",
        "clock_stopped" => "特别程序开始，计时暂停",
        "extended" => "办理期限已延长",
        "deadline_moved" => "办结日期已调整",
        "reminded" => "已提醒您补齐材料",
        "reassigned" | "task_claimed" | "task_reassigned" => "工作人员开始办理",
        "terminated" => "已终止办理",
        "decided" => "已作出决定",
        "licence_issued" => "证照已制作",
        "delivered" => "结果已送达",
        "rules_evaluated" => "系统按公布的规则判断过",
        "rules_reviewed" => "工作人员复核过自动审批",
        "rules_review_asked" => "请工作人员复核自动审批",
        _ => &row.text,
    };
    page.t(kind).into_owned()
}

#[cfg(test)]
mod tests;
