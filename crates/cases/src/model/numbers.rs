//! The numbers that people read: of cases, and of notices and decisions.

use jiff::Timestamp;
use wuchuang_kernel::{Rejection, china_date};
use wuchuang_ledger::Context;

use super::{by_rules::RulesAtHand, command::CaseCommand, parts::NoticeKind};

/// The sequence that a command draws its number from: cases count by day, notices by year.
pub(super) fn sequence(command: &CaseCommand, now: Timestamp) -> Option<String> {
    let today = china_date(now);
    match command {
        CaseCommand::OnProcess { command, .. } | CaseCommand::KnowingCredit { command, .. } => {
            sequence(command, now)
        }
        CaseCommand::Submit(_) => Some(format!("case:{}", today.strftime("%Y%m%d"))),
        CaseCommand::NotifyCorrection { .. }
        | CaseCommand::Accept { .. }
        | CaseCommand::AcceptAndGrant { .. }
        | CaseCommand::DeemAccepted
        | CaseCommand::RefuseAcceptance { .. }
        | CaseCommand::StopClock(_)
        | CaseCommand::Extend { .. }
        | CaseCommand::Grant { .. }
        | CaseCommand::Refuse { .. }
        | CaseCommand::RecordLicence(_)
        | CaseCommand::Deliver(_)
        | CaseCommand::Withdraw { .. }
        | CaseCommand::Terminate { .. }
        | CaseCommand::DecideByRules(RulesAtHand {
            expects_grant: true,
            ..
        }) => Some(format!("notice:{}", today.year())),
        _ => None,
    }
}

/// The number of a case: county (6) + department (4) + day (8) + serial (6). No national standard
/// fixes the form (GB/T 39046 allows 50 characters); this one can be read over the phone in groups.
pub(super) fn case_number(
    context: &Context<'_>,
    department_code: &str,
) -> Result<String, Rejection> {
    let serial = drawn(context)?;
    Ok(format!(
        "{}{:0>4}{}{serial:06}",
        context.region.county(),
        department_code,
        china_date(context.now).strftime("%Y%m%d"),
    ))
}

/// The number of a notice: 政务补〔2026〕12号.
pub(super) fn notice_number(context: &Context<'_>, kind: NoticeKind) -> Result<String, Rejection> {
    let serial = drawn(context)?;
    let year = china_date(context.now).year();
    Ok(format!("政务{}〔{year}〕{serial}号", kind.sign()))
}

fn drawn(context: &Context<'_>) -> Result<u64, Rejection> {
    context
        .number
        .ok_or_else(|| Rejection::new("number_missing", "系统没有取到编号，请重试。"))
}
