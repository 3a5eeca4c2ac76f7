//! What opens a task and what is noted in it: a granted decision of an item that names a supervising department; a licence
//! that was revoked; a bad-credit record that follows from a task.

use async_trait::async_trait;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};
use wuchuang_cases::model::{
    ApplicantKind, Case, CaseEvent, CaseStream, Decision, MaterialSource, SupervisedTerms,
};
use wuchuang_credit::model::{CreditEvent, CreditStream};
use wuchuang_kernel::{
    Actor, CaseId, Channel, CreditSubjectId, LicenceId, StreamId, SupervisionId,
};
use wuchuang_ledger::{
    ExecuteError, Expected, Job, JobContext, JobFailure, NewJob, Order, Reaction, Recorded, Stream,
};
use wuchuang_licences::{
    licence_of_case,
    model::{LicenceCommand, LicenceEvent, LicenceStream},
};

use crate::model::{CheckFinding, CheckOrder, Opening, TaskCommand, TaskEvent, TaskStream};

/// Pushes a granted decision to the department that supervises.
const OPEN: &str = "supervision_open";
/// Notes in the task that the licence was revoked.
const NOTE_REVOKED: &str = "supervision_note_revoked";
/// Has the original issued after a copy, because the check found true what was promised (承诺制+副本制).
const ISSUE_ORIGINAL: &str = "supervision_issue_original";
/// Notes in the task that a bad-credit record was entered.
const NOTE_CREDIT: &str = "supervision_note_credit";

#[derive(Debug, Serialize, Deserialize)]
struct OpenInput {
    case: CaseId,
    granted_at: Timestamp,
}

#[derive(Debug, Serialize, Deserialize)]
struct RevokedInput {
    case: CaseId,
    licence: LicenceId,
}

#[derive(Debug, Serialize, Deserialize)]
struct OriginalInput {
    case: CaseId,
}

#[derive(Debug, Serialize, Deserialize)]
struct CreditInput {
    task: SupervisionId,
    subject: CreditSubjectId,
    record: u32,
}

/// The task that a case gets: the same each time it is asked for, so that a case gets one only.
pub fn task_of_case(case: CaseId) -> SupervisionId {
    let digest = Sha256::digest(format!("supervision/{case}"));
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    SupervisionId::from_u128(u128::from_be_bytes(bytes))
}

/// Asks for the jobs.
pub(crate) struct AfterDecision;

impl Reaction for AfterDecision {
    fn kinds(&self) -> &'static [&'static str] {
        &[
            CaseStream::KIND,
            LicenceStream::KIND,
            CreditStream::KIND,
            TaskStream::KIND,
        ]
    }

    fn react(&self, recorded: &Recorded) -> Vec<NewJob> {
        granted(recorded)
            .or_else(|| revoked(recorded))
            .or_else(|| credited(recorded))
            .or_else(|| found_true(recorded))
            .into_iter()
            .collect()
    }
}

fn granted(recorded: &Recorded) -> Option<NewJob> {
    let CaseEvent::Decided {
        decision: Decision::Granted,
        ..
    } = recorded.event::<CaseStream>()?
    else {
        return None;
    };
    let case = recorded.state::<CaseStream>()?.0.as_deref()?;
    case.terms.supervised.as_ref()?;
    let input = OpenInput {
        case: recorded.stream_id.into(),
        granted_at: recorded.recorded_at,
    };
    Some(NewJob::now(OPEN, &input))
}

fn revoked(recorded: &Recorded) -> Option<NewJob> {
    let LicenceEvent::Revoked { .. } = recorded.event::<LicenceStream>()? else {
        return None;
    };
    let licence = recorded.state::<LicenceStream>()?.0.as_deref()?;
    let input = RevokedInput {
        case: licence.issued.case,
        licence: recorded.stream_id.into(),
    };
    Some(NewJob::now(NOTE_REVOKED, &input))
}

fn credited(recorded: &Recorded) -> Option<NewJob> {
    let CreditEvent::Recorded {
        record, recording, ..
    } = recorded.event::<CreditStream>()?
    else {
        return None;
    };
    let input = CreditInput {
        task: recording.task?,
        subject: recorded.stream_id.into(),
        record: *record,
    };
    Some(NewJob::now(NOTE_CREDIT, &input))
}

fn found_true(recorded: &Recorded) -> Option<NewJob> {
    let TaskEvent::Checked { result, .. } = recorded.event::<TaskStream>()? else {
        return None;
    };
    let task = recorded.state::<TaskStream>()?.0.as_deref()?;
    let has_promise = !task.opening.check.as_ref()?.promises.is_empty();
    (result.finding == CheckFinding::True && has_promise).then(|| {
        let input = OriginalInput {
            case: task.opening.case,
        };
        NewJob::now(ISSUE_ORIGINAL, &input)
    })
}

fn read<T: for<'de> Deserialize<'de>>(input: Value) -> Result<T, JobFailure> {
    serde_json::from_value(input).map_err(|error| JobFailure::Never(error.to_string()))
}

/// Sends a command; what was done before, or concerns no task, is done.
async fn send(
    task: impl Into<StreamId>,
    command: TaskCommand,
    context: &JobContext,
    purpose: &str,
) -> Result<(), JobFailure> {
    let order = Order {
        region: context.region,
        actor: Actor::SYSTEM,
        channel: Channel::System,
        command_id: context.command_id(purpose),
        expected: Expected::Any,
    };
    let sent = context
        .ledger
        .execute::<TaskStream>(task.into(), command, order)
        .await;
    match sent {
        Ok(_) => Ok(()),
        Err(ExecuteError::Rejected(refusal))
            if ["task_exists", "noted_before"].contains(&&*refusal.code) =>
        {
            Ok(())
        }
        Err(ExecuteError::Rejected(refusal)) => Err(JobFailure::Never(refusal.code.into_owned())),
        Err(error) => Err(JobFailure::Later(error.to_string())),
    }
}

/// Opens the task of a granted case.
pub(crate) struct OpenTask;

#[async_trait]
impl Job for OpenTask {
    fn name(&self) -> &'static str {
        OPEN
    }

    async fn run(&self, input: Value, context: &JobContext) -> Result<(), JobFailure> {
        let input: OpenInput = read(input)?;
        let case = context
            .ledger
            .load::<CaseStream>(context.region, input.case.into())
            .await
            .map_err(|error| JobFailure::Later(error.to_string()))?
            .and_then(|(_, state)| state.0.as_deref().cloned())
            .ok_or_else(|| JobFailure::Never("there is no such case".into()))?;
        let Some(terms) = case.terms.supervised.clone() else {
            return Ok(());
        };
        let opening = opening(&case, input, terms);
        let task = task_of_case(opening.case);
        let command = TaskCommand::Open(Box::new(opening));
        send(task, command, context, "open").await
    }
}

fn opening(case: &Case, input: OpenInput, terms: SupervisedTerms) -> Opening {
    let promises: Vec<String> = case
        .materials
        .iter()
        .filter(|material| matches!(material.source, MaterialSource::Commitment { .. }))
        .map(|material| material.name.clone())
        .collect();
    let is_due = !terms.checks_promises || !promises.is_empty();
    let is_checked = is_due && !terms.check.is_empty();
    Opening {
        case: input.case,
        case_number: case.number.clone(),
        item_name: case.terms.name.clone(),
        is_organisation: case.applicant.kind == ApplicantKind::Organisation,
        name: case.applicant.name.clone(),
        granted_by: case.organisation,
        granted_by_name: case.organisation_name.clone(),
        granted_at: input.granted_at,
        department: terms.department,
        department_name: terms.department_name,
        acknowledge_days: terms.acknowledge_days,
        check: is_checked.then_some(CheckOrder {
            what: terms.check,
            promises,
            days: terms.check_days,
        }),
    }
}

/// Notes a revoked licence.
pub(crate) struct NoteRevoked;

#[async_trait]
impl Job for NoteRevoked {
    fn name(&self) -> &'static str {
        NOTE_REVOKED
    }

    async fn run(&self, input: Value, context: &JobContext) -> Result<(), JobFailure> {
        let input: RevokedInput = read(input)?;
        let task = task_of_case(input.case);
        let known = context
            .ledger
            .load::<TaskStream>(context.region, task.into())
            .await
            .map_err(|error| JobFailure::Later(error.to_string()))?;
        if known.is_none() {
            // Nobody supervises what that case granted.
            return Ok(());
        }
        let command = TaskCommand::NoteRevoked {
            licence: input.licence,
        };
        send(task, command, context, "note").await
    }
}

/// Notes a bad-credit record.
pub(crate) struct NoteCredit;

#[async_trait]
impl Job for NoteCredit {
    fn name(&self) -> &'static str {
        NOTE_CREDIT
    }

    async fn run(&self, input: Value, context: &JobContext) -> Result<(), JobFailure> {
        let input: CreditInput = read(input)?;
        let command = TaskCommand::NoteCredit {
            subject: input.subject,
            record: input.record,
        };
        send(input.task, command, context, "note").await
    }
}

/// Has the original issued. A licence that was issued whole, revoked or replaced meanwhile needs none.
pub(crate) struct IssueOriginal;

#[async_trait]
impl Job for IssueOriginal {
    fn name(&self) -> &'static str {
        ISSUE_ORIGINAL
    }

    async fn run(&self, input: Value, context: &JobContext) -> Result<(), JobFailure> {
        let input: OriginalInput = read(input)?;
        let case = context
            .ledger
            .load::<CaseStream>(context.region, input.case.into())
            .await
            .map_err(|error| JobFailure::Later(error.to_string()))?
            .and_then(|(_, state)| state.0.as_deref().cloned());
        if case.is_none_or(|case| case.terms.copy_days().is_none()) {
            return Ok(());
        }
        let order = Order {
            region: context.region,
            actor: Actor::SYSTEM,
            channel: Channel::System,
            command_id: context.command_id("original"),
            expected: Expected::Any,
        };
        let licence = licence_of_case(input.case);
        let sent = context
            .ledger
            .execute::<LicenceStream>(licence.into(), LicenceCommand::IssueOriginal, order)
            .await;
        match sent {
            // The copy is still being made: the original comes after it.
            Err(ExecuteError::Rejected(refusal)) if refusal.code == "licence_unknown" => {
                Err(JobFailure::Later("the copy is not issued yet".into()))
            }
            Ok(_) | Err(ExecuteError::Rejected(_)) => Ok(()),
            Err(error) => Err(JobFailure::Later(error.to_string())),
        }
    }
}
