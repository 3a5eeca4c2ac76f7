//! The seal-use ledger (用印台账): who had which document sealed, and when. It follows from the events, so
//! that nobody can seal a document beside it.

use serde::Deserialize;
use wuchuang_cases::model::{CaseStream, NoticeKind};
use wuchuang_kernel::{OrganisationId, Region};
use wuchuang_ledger::storage::Value;
use wuchuang_ledger::{
    Database, Existing, Projection, Recorded, Sheet, StorageError, Stream, Table, storage::list,
};

use super::projection::{licence_of, notice_of};
use crate::model::{Approval, Licence, LicenceEvent, LicenceStream};

/// Writes one row for each sealed document.
pub(crate) struct SealProjection;

struct Use {
    kind: &'static str,
    title: String,
    number: String,
    case_number: String,
    organisation: OrganisationId,
    organisation_name: String,
    approvals: Vec<Approval>,
}

fn of_licence(licence: &Licence, kind: &'static str, title: String) -> Use {
    let issued = &licence.issued;
    Use {
        kind,
        title,
        number: issued.number.clone(),
        case_number: issued.case_number.clone(),
        organisation: issued.organisation,
        organisation_name: issued.organisation_name.clone(),
        approvals: issued.approvals.clone(),
    }
}

fn use_of(recorded: &Recorded) -> Option<Use> {
    if let Some((case, notice)) = notice_of(recorded) {
        return Some(Use {
            kind: "notice",
            title: notice.kind.name().to_owned(),
            number: notice.number.clone(),
            case_number: case.number.clone(),
            organisation: case.organisation,
            organisation_name: case.organisation_name.clone(),
            approvals: match notice.kind {
                NoticeKind::Granted | NoticeKind::Refused => Approval::all_of(case),
                _ => Vec::new(),
            },
        });
    }
    let licence = licence_of(recorded)?;
    match recorded.event::<LicenceStream>()? {
        LicenceEvent::DocumentMade(_) => Some(of_licence(licence, "licence", licence.title())),
        LicenceEvent::Printed {} => Some(of_licence(
            licence,
            "print",
            format!("{}（打印）", licence.issued.name),
        )),
        LicenceEvent::Annotated { .. } => {
            let title = format!("{}（加注件）", licence.issued.name);
            Some(of_licence(licence, "annotation", title))
        }
        LicenceEvent::Issued(_)
        | LicenceEvent::OriginalIssued {}
        | LicenceEvent::Revoked { .. }
        | LicenceEvent::Superseded { .. } => None,
    }
}

/// What the levels said, as a row keeps it; empty for nothing.
fn written(approvals: &[Approval]) -> String {
    let kept = (!approvals.is_empty()).then(|| serde_json::to_string(approvals));
    // Texts, an enum and numbers: always serialises.
    kept.and_then(Result::ok).unwrap_or_default()
}

const SEAL_USES: Table = Table {
    name: "seal_use",
    columns: &[
        "region",
        "seq",
        "kind",
        "stream_id",
        "title",
        "number",
        "case_number",
        "organisation",
        "organisation_name",
        "actor",
        "used_at_us",
        "approvals",
    ],
    key_columns: 2,
    existing: Existing::Impossible,
};

impl Projection for SealProjection {
    fn name(&self) -> &'static str {
        "seal_use"
    }

    fn kinds(&self) -> &'static [&'static str] {
        &[LicenceStream::KIND, CaseStream::KIND]
    }

    fn tables(&self) -> &'static [&'static str] {
        &["seal_use"]
    }

    fn project(&self, recorded: &Recorded, sheet: &mut Sheet) -> Result<(), StorageError> {
        let Some(found) = use_of(recorded) else {
            return Ok(());
        };
        let approvals = written(&found.approvals);
        let actor = recorded.actor.person.map(|person| person.to_string());
        sheet.put(
            &SEAL_USES,
            [
                recorded.region.to_string().into(),
                recorded.seq.into(),
                found.kind.into(),
                recorded.stream_id.to_string().into(),
                found.title.into(),
                found.number.into(),
                found.case_number.into(),
                found.organisation.to_string().into(),
                found.organisation_name.into(),
                actor.unwrap_or_default().into(),
                recorded.recorded_at.as_microsecond().into(),
                approvals.into(),
            ],
        );
        Ok(())
    }
}

/// One use of the seal.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct SealRow {
    pub(crate) seq: i64,
    pub(crate) kind: String,
    pub(crate) title: String,
    pub(crate) number: String,
    pub(crate) case_number: String,
    pub(crate) organisation_name: String,
    pub(crate) actor: String,
    pub(crate) used_at_us: i64,
    approvals: String,
}

impl SealRow {
    /// What each level of approval said before the seal was used.
    pub(crate) fn approvals(&self) -> Vec<Approval> {
        // A row is written by `written` only.
        serde_json::from_str(&self.approvals).unwrap_or_default()
    }
}

/// Uses of the seal before a place in the chain, the newest first; of one organisation or of all.
pub(crate) async fn seals(
    database: &Database,
    region: Region,
    organisation: Option<OrganisationId>,
    before_seq: i64,
    limit: i64,
) -> Result<Vec<SealRow>, StorageError> {
    let mut values: Vec<Value> = vec![region.to_string().into(), before_seq.into(), limit.into()];
    let condition = if let Some(organisation) = organisation {
        values.push(organisation.to_string().into());
        " AND organisation = $4"
    } else {
        ""
    };
    list(
        database.read(),
        &format!(
            "SELECT seq, kind, title, number, case_number, organisation_name, actor, used_at_us, approvals FROM seal_use
             WHERE region = $1 AND seq < $2{condition} ORDER BY seq DESC LIMIT $3"
        ),
        values,
    )
    .await
}
