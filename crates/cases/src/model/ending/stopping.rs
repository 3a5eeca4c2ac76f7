//! 撤回 and 终止: a case that ends without a decision. The applicant who withdraws gets a confirmation; whom the authority
//! stops gets a decision with reason, basis and remedies, because it ends what they asked for.

use serde::{Deserialize, Serialize};
use wuchuang_kernel::{Personal, Rejection};
use wuchuang_ledger::Context;

use super::super::{
    Case, Stage, before_acceptance::check_reason, decide::wrong_stage, event::CaseEvent,
    numbers::notice_number, parts::NoticeKind,
};
use super::Decided;

/// How long a legal basis may be, in characters.
const BASIS_CHARACTERS_MAX: usize = 500;

/// Why the authority ends a case without a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TerminationGround {
    /// The person died, the organisation was dissolved.
    ApplicantGone,
    /// The same matter is handled in another case.
    Duplicate,
    /// What was applied for is not needed or not possible any more.
    Moot,
    /// Another case that a law or rule names.
    Other,
}

impl TerminationGround {
    /// All of them.
    pub const ALL: [Self; 4] = [
        Self::ApplicantGone,
        Self::Duplicate,
        Self::Moot,
        Self::Other,
    ];

    /// The stored form, for forms and programs.
    pub const fn code(self) -> &'static str {
        match self {
            Self::ApplicantGone => "applicant_gone",
            Self::Duplicate => "duplicate",
            Self::Moot => "moot",
            Self::Other => "other",
        }
    }

    /// Reads the stored form.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.code() == code)
    }

    /// The words that people read.
    pub const fn name(self) -> &'static str {
        match self {
            Self::ApplicantGone => "申请人死亡或者终止",
            Self::Duplicate => "同一事项重复申请",
            Self::Moot => "申请的事项没有继续办理的必要或者可能",
            Self::Other => "法律、法规规定的其他情形",
        }
    }

    /// Whether it ends a case that is not accepted yet. Anything else is answered there with a notice of defects or a refusal
    /// to accept, which have their own rules (行政许可法 art. 32).
    const fn ends_examination(self) -> bool {
        !matches!(self, Self::Other)
    }
}

pub(in super::super) fn withdraw(
    case: &Case,
    reason: &Personal<String>,
    context: &Context<'_>,
) -> Decided {
    if !is_under_way(case) {
        return Err(wrong_stage(case, "撤回"));
    }
    Ok(vec![CaseEvent::WithdrawnV2 {
        reason: reason.clone(),
        notice: notice_number(context, NoticeKind::Withdrawal)?,
    }])
}

pub(in super::super) fn terminate(
    case: &Case,
    ground: TerminationGround,
    reason: &Personal<String>,
    basis: &str,
    context: &Context<'_>,
) -> Decided {
    if !is_under_way(case) {
        return Err(wrong_stage(case, "终止"));
    }
    if case.stage == Stage::Examining && !ground.ends_examination() {
        return Err(Rejection::new(
            "termination_ground",
            "还没有受理的办件，只有申请人死亡或终止、重复申请、没有必要或可能继续办理时才终止。材料不齐的请一次性告知补正，不符合受理条件的请不予受理。",
        )
        .at("ground"));
    }
    check_reason(reason.text(), "请写明终止的理由，申请人会收到。")?;
    let basis = basis.trim();
    if basis.is_empty() {
        return Err(
            Rejection::new("basis_missing", "请写明终止的依据：法规名称和条款。").at("basis"),
        );
    }
    if basis.chars().count() > BASIS_CHARACTERS_MAX {
        return Err(
            Rejection::new("basis_too_long", "依据最多写500字，请只写法规名称和条款。").at("basis"),
        );
    }
    Ok(vec![CaseEvent::TerminatedV2 {
        ground,
        reason: reason.clone(),
        basis: Personal::new(case.applicant.person, basis.to_owned()),
        notice: notice_number(context, NoticeKind::Termination)?,
    }])
}

/// Before a decision.
fn is_under_way(case: &Case) -> bool {
    matches!(
        case.stage,
        Stage::Examining | Stage::Correcting | Stage::Review(_)
    )
}
