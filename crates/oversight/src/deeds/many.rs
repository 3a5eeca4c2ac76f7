//! What is done with several findings at once: each by its own command, so that a refusal of one holds no other. What cannot
//! be right for any of them (no reason, no verdict) is refused before the first.

use wuchuang_kernel::{CommandId, FindingId, Personal};
use wuchuang_ledger::Expected;
use wuchuang_webkit::{Caller, Failure};

use super::{TypedDecision, allowed, days_of, decision_of, writer};
use crate::{
    model::{
        TEXT_CHARACTERS_MAX,
        finding::{FindingCommand, FindingDecision, FindingStream},
    },
    service::Oversight,
};

/// How many findings are taken at once.
pub(crate) const MANY_MAX: usize = 100;

/// What is done with all of them.
pub(crate) enum Deed<'a> {
    /// 交办, within how many working days.
    Notify(&'a str),
    /// 认定.
    Decide(TypedDecision<'a>),
}

/// What became of one.
pub(crate) struct Outcome {
    /// The finding.
    pub(crate) finding: FindingId,
    /// What it is about; empty for one that the caller may not see.
    pub(crate) about: String,
    /// Why it was refused; `None` when it was done.
    pub(crate) refused: Option<String>,
}

/// What each finding is sent.
enum Ready {
    Notify(u16),
    Decide(FindingDecision),
}

fn ready(caller: &Caller, deed: &Deed<'_>) -> Result<Ready, Failure> {
    match deed {
        Deed::Notify(days) => Ok(Ready::Notify(days_of(days)?)),
        Deed::Decide(typed) => {
            let length = typed.reason.trim().chars().count();
            if length == 0 || length > TEXT_CHARACTERS_MAX {
                let text = "请写明认定的理由（1至1000字）。";
                return Err(Failure::invalid(text).at("reason"));
            }
            Ok(Ready::Decide(decision_of(typed, writer(caller)?)?))
        }
    }
}

/// Does it with each, in the order in which they were named; the same one twice is one.
///
/// # Errors
/// 422 naming the field where it cannot be right for any of them, or whatever storage reports.
pub(crate) async fn many(
    oversight: &Oversight,
    caller: &Caller,
    named: &[FindingId],
    deed: &Deed<'_>,
    key: Option<&str>,
) -> Result<Vec<Outcome>, Failure> {
    if named.is_empty() {
        return Err(Failure::invalid("请先勾选要办理的线索。").at("finding"));
    }
    if named.len() > MANY_MAX {
        let text = format!("一次最多办理 {MANY_MAX} 条，请分几次。");
        return Err(Failure::invalid(text).at("finding"));
    }
    let ready = ready(caller, deed)?;
    let whole = caller.order(key, Expected::Existing);
    let mut outcomes: Vec<Outcome> = Vec::with_capacity(named.len());
    for finding in named {
        if outcomes.iter().any(|one| one.finding == *finding) {
            continue;
        }
        // Each has a key of its own, which follows from that of the whole: sent again, each is done once.
        let own = whole.command_id.uuid().as_u128() ^ finding.uuid().as_u128();
        let order = wuchuang_ledger::Order {
            command_id: CommandId::from_u128(own),
            ..whole.clone()
        };
        outcomes.push(one(oversight, caller, *finding, &ready, order).await?);
    }
    Ok(outcomes)
}

async fn one(
    oversight: &Oversight,
    caller: &Caller,
    id: FindingId,
    ready: &Ready,
    order: wuchuang_ledger::Order,
) -> Result<Outcome, Failure> {
    let mut outcome = Outcome {
        finding: id,
        about: String::new(),
        refused: None,
    };
    let done = match allowed(oversight, caller, (id, "finding_decide")).await {
        Ok(finding) => {
            let opening = &finding.opening;
            outcome.about = format!("{} · {}", opening.kind_name(), opening.organisation_name);
            let command = match ready {
                Ready::Notify(days) => FindingCommand::Notify { days: *days },
                Ready::Decide(decision) => {
                    let person = finding.sealed_for(writer(caller)?);
                    FindingCommand::Decide(FindingDecision {
                        reason: Personal::new(person, decision.reason.text().to_owned()),
                        ..decision.clone()
                    })
                }
            };
            let sent = oversight.send::<FindingStream>(id, command, order).await;
            sent.map(|_| ())
        }
        Err(failure) => Err(failure),
    };
    match done {
        Ok(()) => Ok(outcome),
        Err(failure) if failure.status.is_client_error() => {
            outcome.refused = Some(failure.public.into_owned());
            Ok(outcome)
        }
        Err(failure) => Err(failure),
    }
}
