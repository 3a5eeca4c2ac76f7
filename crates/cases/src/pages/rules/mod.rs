//! 秒批 on the page of a case: what the rules said and why, and the form of whoever looks at what they decided.

use wuchuang_kernel::china_date;
use wuchuang_webkit::{Caller, Failure, Resource};

use crate::{
    model::{Case, by_rules::RuleEvaluation},
    rooms::CaseRooms,
};

use super::texts;

/// What the rules said, as the page shows it.
pub(super) struct RulesShown {
    pub(super) decision: String,
    pub(super) is_granted: bool,
    pub(super) at: String,
    /// Why, as the applicant is told.
    pub(super) reason: String,
    /// 因为…所以….
    pub(super) lines: Vec<String>,
    /// “审批”第 2 条.
    pub(super) rows: String,
    /// The first digits of the file's digest, by which its version is told.
    pub(super) digest: String,
    /// Whether it waits for a person to look at it.
    pub(super) needs_review: bool,
    /// Whether this visitor may look at it now.
    pub(super) may_review: bool,
    /// What was found: the word, who and when, the reason.
    pub(super) review: Option<(&'static str, String, String)>,
}

/// What the rules said of the application before it was a case.
pub(super) struct BeforehandShown {
    pub(super) title: &'static str,
    /// 120 元; 剩 3 个工作日起.
    pub(super) text: String,
    pub(super) reason: String,
    /// 因为…所以….
    pub(super) lines: Vec<String>,
    pub(super) decision: String,
    /// “费用”第 2 条.
    pub(super) rows: String,
    pub(super) digest: String,
}

/// What the case costs and when it turns yellow, where its rules say so.
pub(super) fn beforehand(case: &Case) -> Vec<BeforehandShown> {
    let shown = |title, text, evaluation: &RuleEvaluation| BeforehandShown {
        title,
        text,
        reason: evaluation.reason().to_owned(),
        lines: evaluation.explanation().map(str::to_owned).collect(),
        decision: evaluation.decision.clone(),
        rows: evaluation.rows_text(),
        digest: evaluation.sha256.chars().take(DIGITS_SHOWN).collect(),
    };
    let fee = case.fee();
    let fee = fee.map(|fee| shown("收费（按提交时的回答）", fee.text(), &fee.evaluation));
    let warning = case.warning().map(|warning| {
        let text = match warning.days {
            0 => "到期当天变黄".to_owned(),
            days => format!("到期前 {days} 个工作日起变黄"),
        };
        shown("预警", text, &warning.evaluation)
    });
    fee.into_iter().chain(warning).collect()
}

/// How many digits of a digest are shown.
const DIGITS_SHOWN: usize = 12;

/// What the rules said in a case, if they were asked.
pub(super) async fn shown(
    rooms: &CaseRooms,
    caller: &Caller,
    case: &Case,
    resource: &Resource,
) -> Result<Option<RulesShown>, Failure> {
    let Some(by_rules) = &case.by_rules else {
        return Ok(None);
    };
    let today = china_date(caller.now);
    let review = match &by_rules.review {
        None => None,
        Some((is_right, opinion)) => {
            let who = match opinion.by.person {
                Some(person) => {
                    let name = rooms.directory.staff_name(caller.region, person).await?;
                    name.to_string()
                }
                None => "系统".to_owned(),
            };
            let word = if *is_right { "正确" } else { "有误" };
            let when = texts::moment(opinion.at, today);
            Some((
                word,
                format!("{who} {when}"),
                opinion.text.text().to_owned(),
            ))
        }
    };
    let digest = &by_rules.evaluation.sha256;
    Ok(Some(RulesShown {
        decision: by_rules.evaluation.decision.clone(),
        is_granted: by_rules.is_granted,
        at: texts::moment(by_rules.at, today),
        reason: by_rules.reason().to_owned(),
        lines: by_rules.explanation().map(str::to_owned).collect(),
        rows: by_rules.rows_text(),
        digest: digest.chars().take(DIGITS_SHOWN).collect(),
        needs_review: by_rules.needs_review,
        may_review: by_rules.is_granted
            && by_rules.review.is_none()
            && caller.may("case_decide", resource),
        review,
    }))
}
