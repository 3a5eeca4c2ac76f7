//! The days of a case, one by one: counted or not, and why. So that nobody has to believe a number.

use jiff::{Timestamp, civil::Date};
use wuchuang_calendar::{Calendar, DayCounting, DayEvidence, DayKind, china_date};
use wuchuang_cases::model::Case;
use wuchuang_webkit::page::PageContext;

use crate::words;

/// How many days are listed at most: no promise in the catalogue is longer.
const DAYS_MAX: usize = 200;

/// One day.
#[derive(Debug)]
pub(crate) struct DayRow {
    /// `11月25日 周三`.
    pub(crate) day: String,
    /// `第 3 天`, or 不计.
    pub(crate) counted: String,
    /// Why.
    pub(crate) reason: String,
    /// Whether it lies ahead.
    pub(crate) is_future: bool,
    /// Whether it counts.
    pub(crate) is_counted: bool,
}

/// Every day from acceptance to the end or the last day in time.
pub(crate) fn days(
    page: &PageContext,
    case: &Case,
    calendar: &Calendar,
    now: Timestamp,
) -> Vec<DayRow> {
    let Some(clock) = &case.clock else {
        return Vec::new();
    };
    let today = china_date(now);
    let through = clock.due_dates(calendar, now).binding().date.max(today);
    clock
        .evidence(calendar, now, through)
        .iter()
        .take(DAYS_MAX)
        .map(|evidence| row(page, evidence, today))
        .collect()
}

fn row(page: &PageContext, evidence: &DayEvidence, today: Date) -> DayRow {
    let not_counted = || page.t("不计").into_owned();
    let kind = kind_words(page, &evidence.day.kind);
    let (counted, reason) = match &evidence.counting {
        DayCounting::DayZero => (not_counted(), page.t("受理当日").into_owned()),
        DayCounting::Counted { number } => (page.tf("第 {number} 天", &[("number", number)]), kind),
        DayCounting::CountedMinutes { minutes } => {
            (page.tf("计 {minutes} 分钟", &[("minutes", minutes)]), kind)
        }
        DayCounting::DayOff => (not_counted(), kind),
        DayCounting::Stopped { kind } => (
            not_counted(),
            page.tf(
                "{procedure}（{article}）",
                &[
                    ("procedure", &page.t(kind.name())),
                    ("article", &page.t(kind.article())),
                ],
            ),
        ),
    };
    let reason = if evidence.overdue {
        page.tf("{reason}，已超承诺期限", &[("reason", &reason)])
    } else {
        reason
    };
    DayRow {
        day: words::day(page, evidence.day.date, today),
        counted,
        reason,
        is_future: evidence.future,
        is_counted: evidence.is_counted(),
    }
}

fn kind_words(page: &PageContext, kind: &DayKind) -> String {
    match kind {
        DayKind::Workday => page.t("工作日").into_owned(),
        DayKind::Weekend => page.t("周末").into_owned(),
        DayKind::Holiday { name } => page.tf("{festival}放假", &[("festival", &page.t(name))]),
        DayKind::MakeUp { name } => page.tf("{festival}调休上班", &[("festival", &page.t(name))]),
    }
}
