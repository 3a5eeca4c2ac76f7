//! Writes the row and the timeline of a case, from the state that each event leaves.

use async_trait::async_trait;
use jiff::Timestamp;
use sea_orm::{DatabaseTransaction, Value};
use wuchuang_calendar::Calendar;
use wuchuang_kernel::{CaseId, PersonId, Region, StreamId};
use wuchuang_ledger::{
    Projection, Recorded, StorageError, Stream,
    storage::{execute, rows_placeholder},
};

use crate::model::{ApplicantKind, Case, CaseEvent, CaseStream, Decision, Position, Stage};

use super::{due::DueColumns, history::sentence};

/// The projection of cases.
#[derive(Debug, Clone, Copy, Default)]
pub struct CaseProjection;

const COLUMNS: [&str; 35] = [
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
];

#[async_trait]
impl Projection for CaseProjection {
    fn name(&self) -> &'static str {
        "cases"
    }

    fn kinds(&self) -> &'static [&'static str] {
        &[CaseStream::KIND]
    }

    fn tables(&self) -> &'static [&'static str] {
        &["case_file", "case_history"]
    }

    async fn project(
        &self,
        recorded: &Recorded,
        transaction: &DatabaseTransaction,
    ) -> Result<(), StorageError> {
        let (Some(state), Some(event)) = (
            recorded.state::<CaseStream>(),
            recorded.event::<CaseStream>(),
        ) else {
            return Ok(());
        };
        if let Some(case) = &state.0 {
            write_row(
                transaction,
                recorded.region,
                recorded.stream_id.into(),
                case,
                &recorded.calendar,
                arrives(event).then(|| recorded.recorded_at.as_microsecond()),
            )
            .await?;
        }
        // A case's own time, which never runs back: the record keeps what the clock said, and a clock may be set back.
        let at = state
            .0
            .as_ref()
            .map_or(recorded.recorded_at, |case| case.changed_at);
        write_history(recorded, event, at, transaction).await
    }

    async fn forget(
        &self,
        region: Region,
        person: PersonId,
        transaction: &DatabaseTransaction,
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

/// Whether an event brings the case to another step, from which its waiting there counts.
const fn arrives(event: &CaseEvent) -> bool {
    !matches!(
        event,
        CaseEvent::Claimed { .. }
            | CaseEvent::Released {}
            | CaseEvent::Reassigned { .. }
            | CaseEvent::Said(_)
            | CaseEvent::Rated {}
            | CaseEvent::Archived {}
            | CaseEvent::Closed {}
            | CaseEvent::Extended { .. }
            | CaseEvent::SupplementSupplied { .. }
    )
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

/// The values of [`COLUMNS`], in their order.
fn values(
    region: Region,
    id: CaseId,
    case: &Case,
    calendar: &Calendar,
    arrived_at_us: Option<i64>,
) -> [Value; 35] {
    let due = DueColumns::of(case, calendar);
    let step = match &case.stage {
        Stage::Review(Position::Step { step }) => step.as_str(),
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
        case.holder
            .map(|holder| holder.to_string())
            .unwrap_or_default()
            .into(),
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
        arrived_at_us
            .unwrap_or(case.received_at.as_microsecond())
            .into(),
        closed_at(case)
            .map_or(0, jiff::Timestamp::as_microsecond)
            .into(),
        case.waits_for_answer().into(),
        case.has_new_material.into(),
        due.supplement_due_on.into(),
    ]
}

/// Writes the row of a case. `arrived_at_us` is `None` when the case stays in its step.
pub(crate) async fn write_row(
    transaction: &DatabaseTransaction,
    region: Region,
    id: CaseId,
    case: &Case,
    calendar: &Calendar,
    arrived_at_us: Option<i64>,
) -> Result<(), StorageError> {
    let values = values(region, id, case, calendar, arrived_at_us);
    let kept = if arrived_at_us.is_some() {
        ""
    } else {
        "arrived_at_us"
    };
    let updates: Vec<String> = COLUMNS[2..]
        .iter()
        .filter(|column| **column != kept)
        .map(|column| format!("{column} = excluded.{column}"))
        .collect();
    let sql = format!(
        "INSERT INTO case_file ({}) VALUES {} ON CONFLICT (region, id) DO UPDATE SET {}",
        COLUMNS.join(", "),
        rows_placeholder(1, COLUMNS.len()),
        updates.join(", ")
    );
    execute(transaction, &sql, values).await?;
    Ok(())
}

async fn write_history(
    recorded: &Recorded,
    event: &CaseEvent,
    at: Timestamp,
    transaction: &DatabaseTransaction,
) -> Result<(), StorageError> {
    let stream: StreamId = recorded.stream_id;
    execute(
        transaction,
        "INSERT INTO case_history (region, case_id, version, seq, event_type, text, actor, channel, at_us) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        [
            recorded.region.to_string().into(),
            stream.to_string().into(),
            recorded.version.into(),
            recorded.seq.into(),
            recorded.event_type.clone().into(),
            sentence(event).into(),
            serde_json::to_string(&recorded.actor).unwrap_or_default().into(),
            recorded.channel.code().into(),
            at.as_microsecond().into(),
        ],
    )
    .await?;
    Ok(())
}
