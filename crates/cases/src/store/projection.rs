//! Writes the row and the timeline of a case, from the state that each event leaves.

use async_trait::async_trait;
use jiff::Timestamp;
use wuchuang_calendar::Calendar;
use wuchuang_kernel::{CaseId, PersonId, Region};
use wuchuang_ledger::{
    Existing, Projection, Recorded, Sheet, StorageError, Stream, Table,
    storage::{Transaction, Value, execute},
};

use crate::model::{ApplicantKind, Case, CaseEvent, CaseStream, Decision, Position, Stage};

use super::{
    due::DueColumns,
    history::sentence,
    tasks::{HELD_BY_TASKS, put_tasks},
};

/// The projection of cases.
#[derive(Debug, Clone, Copy, Default)]
pub struct CaseProjection;

const CASES: Table = Table {
    name: "case_file",
    columns: &[
        "region",
        "id",
        "number",
        "check_code",
        "item",
        "item_version",
        "item_name",
        "handling",
        "department",
        "organisation",
        "organisation_name",
        "person",
        "applicant_kind",
        "applicant_name",
        "channel",
        "priority",
        "stage",
        "step",
        "step_name",
        "holder",
        "is_open",
        "is_paused",
        "warn_on",
        "due_on",
        "statutory_due_on",
        "outcome",
        "in_time",
        "rated",
        "version",
        "received_at_us",
        "arrived_at_us",
        "closed_at_us",
        "waits_for_answer",
        "has_new_material",
        "supplement_due_on",
        "extension_asked",
        "rules_review",
    ],
    key_columns: 2,
    existing: Existing::Replaced,
};

const HISTORY: Table = Table {
    name: "case_history",
    columns: &[
        "region",
        "case_id",
        "version",
        "seq",
        "event_type",
        "text",
        "actor",
        "channel",
        "at_us",
    ],
    key_columns: 3,
    existing: Existing::Impossible,
};

#[async_trait]
impl Projection for CaseProjection {
    fn name(&self) -> &'static str {
        "cases"
    }

    fn kinds(&self) -> &'static [&'static str] {
        &[CaseStream::KIND]
    }

    fn tables(&self) -> &'static [&'static str] {
        &["case_file", "case_history", "case_task"]
    }

    fn project(&self, recorded: &Recorded, sheet: &mut Sheet) -> Result<(), StorageError> {
        let (Some(state), Some(event)) = (
            recorded.state::<CaseStream>(),
            recorded.event::<CaseStream>(),
        ) else {
            return Ok(());
        };
        if let Some(case) = &state.0 {
            put_case(
                sheet,
                recorded.region,
                recorded.stream_id.into(),
                case,
                &recorded.calendar,
            );
            put_tasks(sheet, recorded.region, recorded.stream_id.into(), case);
        }
        // A case's own time, which never runs back: the record keeps what the clock said, and a clock may be set back.
        let at = state
            .0
            .as_ref()
            .map_or(recorded.recorded_at, |case| case.changed_at);
        put_history(recorded, event, at, sheet);
        Ok(())
    }

    async fn forget(
        &self,
        region: Region,
        person: PersonId,
        transaction: &Transaction,
    ) -> Result<(), StorageError> {
        execute(
            transaction,
            "UPDATE case_file SET applicant_name = '' WHERE region = $1 AND person = $2",
            [region.to_string().into(), person.to_string().into()],
        )
        .await?;
        // What was never handed in goes with them; their key is gone, so nobody could read it any more. Their files
        // follow after the commit.
        execute(
            transaction,
            "DELETE FROM case_draft WHERE region = $1 AND person = $2",
            [region.to_string().into(), person.to_string().into()],
        )
        .await?;
        Ok(())
    }
}

const fn outcome(case: &Case) -> &'static str {
    match &case.stage {
        Stage::Closed { decision, .. } | Stage::Delivering { decision, .. } => match decision {
            Decision::Granted => "granted",
            Decision::Refused { .. } => "refused",
        },
        Stage::Issuing => "granted",
        Stage::NotAccepted { .. } => "not_accepted",
        Stage::Withdrawn { .. } => "withdrawn",
        Stage::Terminated { .. } => "terminated",
        Stage::Examining | Stage::Correcting | Stage::Review(_) => "",
    }
}

const fn closed_at(case: &Case) -> Option<jiff::Timestamp> {
    match &case.stage {
        Stage::Closed { at, .. }
        | Stage::NotAccepted { at, .. }
        | Stage::Withdrawn { at }
        | Stage::Terminated { at, .. } => Some(*at),
        _ => None,
    }
}

/// Who holds the case; while tasks of a drawn process are open, each of them is in a hand of its own.
fn holder(case: &Case) -> String {
    if !case.open_tasks().is_empty() {
        return HELD_BY_TASKS.to_owned();
    }
    case.holder
        .map(|holder| holder.to_string())
        .unwrap_or_default()
}

/// The values of a row, in the order of the columns.
fn values(region: Region, id: CaseId, case: &Case, calendar: &Calendar) -> [Value; 37] {
    let due = DueColumns::of(case, calendar);
    let step = match &case.stage {
        Stage::Review(Position::Step { step }) => step.as_str(),
        Stage::Review(Position::Drawn(position)) => match position.tasks.as_slice() {
            [only] => only.element.as_str(),
            _ => "",
        },
        _ => "",
    };
    let kind = match case.applicant.kind {
        ApplicantKind::Person => "person",
        ApplicantKind::Organisation => "organisation",
    };
    [
        region.to_string().into(),
        id.to_string().into(),
        case.number.clone().into(),
        case.check_code.clone().into(),
        case.terms.item.to_string().into(),
        i64::from(case.terms.version).into(),
        case.terms.name.clone().into(),
        case.terms.handling.name().into(),
        case.terms.department.to_string().into(),
        case.organisation.to_string().into(),
        case.organisation_name.clone().into(),
        case.applicant.person.to_string().into(),
        kind.into(),
        case.applicant.name.text().into(),
        case.channel.code().into(),
        case.priority.into(),
        case.stage.code().into(),
        step.into(),
        case.step_name().into(),
        holder(case).into(),
        (!case.stage.is_over()).into(),
        due.is_paused.into(),
        due.warn_on.into(),
        due.due_on.into(),
        due.statutory_due_on.into(),
        outcome(case).into(),
        due.in_time.into(),
        case.rated.into(),
        case.version.into(),
        case.received_at.as_microsecond().into(),
        case.arrived_at.as_microsecond().into(),
        closed_at(case)
            .map_or(0, jiff::Timestamp::as_microsecond)
            .into(),
        case.waits_for_answer().into(),
        case.has_new_material.into(),
        due.supplement_due_on.into(),
        case.extension_request.is_some().into(),
        case.by_rules
            .as_ref()
            .is_some_and(|by_rules| by_rules.needs_review)
            .into(),
    ]
}

/// Puts the row of a case on a sheet.
pub(crate) fn put_case(
    sheet: &mut Sheet,
    region: Region,
    id: CaseId,
    case: &Case,
    calendar: &Calendar,
) {
    sheet.put(&CASES, values(region, id, case, calendar));
}

fn put_history(recorded: &Recorded, event: &CaseEvent, at: Timestamp, sheet: &mut Sheet) {
    sheet.put(
        &HISTORY,
        [
            recorded.region.to_string().into(),
            recorded.stream_id.to_string().into(),
            recorded.version.into(),
            recorded.seq.into(),
            recorded.event_type.clone().into(),
            sentence(event).into(),
            serde_json::to_string(&recorded.actor)
                .unwrap_or_default()
                .into(),
            recorded.channel.code().into(),
            at.as_microsecond().into(),
        ],
    );
}
