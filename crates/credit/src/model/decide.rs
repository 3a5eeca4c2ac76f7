//! Which events follow from a command, or why it is refused.

use wuchuang_kernel::{Personal, Rejection};
use wuchuang_ledger::Context;

use super::{CreditCommand, CreditEvent, CreditRecord, CreditStanding, CreditState, Recording};

/// How many records one subject may have; beyond them the register is wrong.
const RECORDS_MAX: usize = 50;
/// How often a repair may be asked for, so that a record ends.
const HAPPENED_MAX: usize = 100;
/// How long facts and reasons may be, in characters.
pub(crate) const REASON_CHARACTERS_MAX: usize = 1_000;
/// How long number and title of a document may be, in characters.
pub(crate) const DOCUMENT_CHARACTERS_MAX: usize = 200;

pub(super) fn decide(
    state: &CreditState,
    command: &CreditCommand,
    context: &Context<'_>,
) -> Result<Vec<CreditEvent>, Rejection> {
    let by = *context.actor;
    let event = match command {
        CreditCommand::Record(recording) => {
            check_recording(state, recording)?;
            CreditEvent::Recorded {
                record: u32::try_from(state.0.len() + 1).unwrap_or(u32::MAX),
                recording: recording.clone(),
                by,
            }
        }
        CreditCommand::AskRepair { record, reason } => {
            check_asking(unrepaired(state, *record)?, reason)?;
            CreditEvent::RepairAsked {
                record: *record,
                reason: reason.clone(),
            }
        }
        CreditCommand::Repair {
            record,
            reason,
            document,
        } => {
            unrepaired(state, *record)?;
            check_repair(reason, document)?;
            CreditEvent::Repaired {
                record: *record,
                reason: reason.clone(),
                document: document.clone(),
                by,
            }
        }
        CreditCommand::DeclineRepair { record, reason } => {
            check_declining(unrepaired(state, *record)?, reason)?;
            CreditEvent::RepairDeclined {
                record: *record,
                reason: reason.clone(),
                by,
            }
        }
    };
    Ok(vec![event])
}

fn check_asking(found: &CreditRecord, reason: &Personal<String>) -> Result<(), Rejection> {
    if found.standing == CreditStanding::Asked {
        return Err(Rejection::new(
            "repair_asked_before",
            "已经申请过修复，认定单位正在核实，请等待答复。",
        ));
    }
    check_text(
        reason,
        "reason",
        "请写明您已经怎样改正（1至1000字）。",
        REASON_CHARACTERS_MAX,
    )
}

fn check_repair(reason: &Personal<String>, document: &Personal<String>) -> Result<(), Rejection> {
    check_reason(reason)?;
    check_text(
        document,
        "document",
        "请写明修复依据的文书名称和文号（1至200字）。",
        DOCUMENT_CHARACTERS_MAX,
    )
}

fn check_declining(found: &CreditRecord, reason: &Personal<String>) -> Result<(), Rejection> {
    if found.standing != CreditStanding::Asked {
        return Err(Rejection::new(
            "repair_not_asked",
            "这条记录没有等待答复的修复申请。",
        ));
    }
    check_reason(reason)
}

fn check_recording(state: &CreditState, recording: &Recording) -> Result<(), Rejection> {
    if state.0.len() >= RECORDS_MAX {
        return Err(Rejection::new(
            "records_too_many",
            "同一主体最多记50条失信记录，请先核实以前的记录。",
        ));
    }
    check_text(
        &recording.reason,
        "reason",
        "请写明失信的事实和认定的依据（1至1000字），当事人看得到。",
        REASON_CHARACTERS_MAX,
    )?;
    let is_recorded = state.0.iter().any(|known| {
        known.recording.case == recording.case && known.recording.ground == recording.ground
    });
    if is_recorded {
        return Err(Rejection::new(
            "credit_recorded_before",
            "这个办件的这种失信情形已经记过了，不能重复记。",
        )
        .at("ground"));
    }
    Ok(())
}

/// A record that still stands.
fn unrepaired(state: &CreditState, record: u32) -> Result<&CreditRecord, Rejection> {
    let found = state
        .record(record)
        .ok_or_else(|| Rejection::new("credit_unknown", "没有这条失信记录。"))?;
    if found.standing == CreditStanding::Repaired {
        return Err(Rejection::new(
            "repaired_before",
            "这条记录已经修复，不用再办。",
        ));
    }
    if found.happened.len() >= HAPPENED_MAX {
        return Err(Rejection::new(
            "repair_too_often",
            "这条记录申请修复的次数太多，请直接到认定单位办理。",
        ));
    }
    Ok(found)
}

fn check_reason(reason: &Personal<String>) -> Result<(), Rejection> {
    check_text(
        reason,
        "reason",
        "请写明理由（1至1000字），当事人看得到。",
        REASON_CHARACTERS_MAX,
    )
}

fn check_text(
    text: &Personal<String>,
    field: &'static str,
    ask: &'static str,
    characters_max: usize,
) -> Result<(), Rejection> {
    let length = text.text().trim().chars().count();
    if length == 0 || length > characters_max {
        return Err(Rejection::new("text_missing", ask).at(field));
    }
    Ok(())
}
