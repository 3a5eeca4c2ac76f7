//! The tables that follow from the events: one row a licence.

use async_trait::async_trait;
use wuchuang_access::AccessKey;
use wuchuang_cases::model::{ApplicantKind, CaseStream, Notice};
use wuchuang_kernel::{PersonId, Region};
use wuchuang_ledger::storage::Transaction;
use wuchuang_ledger::{
    Existing, Projection, Recorded, Sheet, StorageError, Stream, Table, storage::execute,
};

use crate::{
    model::{Licence, LicenceStream},
    tokens::normal,
};

/// What a holder's number is hashed for.
const HOLDER: &str = "licence-holder";

/// The keyed hash of a holder's number, however it was typed; empty for an empty number.
pub(crate) fn holder_hash(key: &AccessKey, number: &str) -> String {
    key.lookup(HOLDER, &normal(number))
}

/// Writes the licences.
pub(crate) struct LicenceProjection {
    pub(crate) key: AccessKey,
}

const LICENCES: Table = Table {
    name: "licence",
    columns: &[
        "region",
        "id",
        "identifier",
        "number",
        "name",
        "holder_name",
        "holder_person",
        "holder_hash",
        "holder_kind",
        "organisation",
        "organisation_name",
        "case_id",
        "case_number",
        "valid_from",
        "valid_until",
        "standing",
        "document_sha256",
        "token",
        "issued_at_us",
        "is_copy",
    ],
    key_columns: 2,
    existing: Existing::Replaced,
};

#[async_trait]
impl Projection for LicenceProjection {
    fn name(&self) -> &'static str {
        "licence"
    }

    fn kinds(&self) -> &'static [&'static str] {
        &[LicenceStream::KIND]
    }

    fn tables(&self) -> &'static [&'static str] {
        &["licence"]
    }

    fn project(&self, recorded: &Recorded, sheet: &mut Sheet) -> Result<(), StorageError> {
        let Some(licence) = licence_of(recorded) else {
            return Ok(());
        };
        let issued = &licence.issued;
        let holder = &issued.holder;
        let document = licence
            .document
            .as_ref()
            .map(|document| document.sha256.clone());
        sheet.put(
            &LICENCES,
            [
                recorded.region.to_string().into(),
                recorded.stream_id.to_string().into(),
                issued.identifier.as_str().into(),
                issued.number.clone().into(),
                issued.name.clone().into(),
                holder.name.text().into(),
                holder.person.to_string().into(),
                holder_hash(&self.key, holder.number.text()).into(),
                kind_code(holder.kind).into(),
                issued.organisation.to_string().into(),
                issued.organisation_name.clone().into(),
                issued.case.to_string().into(),
                issued.case_number.clone().into(),
                issued.valid_from.to_string().into(),
                issued.valid_until.map(|day| day.to_string()).into(),
                licence.standing.code().into(),
                document.unwrap_or_default().into(),
                issued.token.clone().into(),
                licence.issued_at.as_microsecond().into(),
                licence.is_copy().into(),
            ],
        );
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
            "UPDATE licence SET holder_name = '', holder_hash = '' WHERE region = $1 AND holder_person = $2",
            [region.to_string().into(), person.to_string().into()],
        )
        .await?;
        Ok(())
    }
}

pub(super) fn licence_of(recorded: &Recorded) -> Option<&Licence> {
    recorded.state::<LicenceStream>()?.0.as_deref()
}

/// The stored form of the kind of a holder.
const fn kind_code(kind: ApplicantKind) -> &'static str {
    match kind {
        ApplicantKind::Person => "person",
        ApplicantKind::Organisation => "organisation",
    }
}

/// The notice that an event of a case gave, with the case: a document under the county's seal.
pub(super) fn notice_of(recorded: &Recorded) -> Option<(&wuchuang_cases::model::Case, &Notice)> {
    let case = recorded.state::<CaseStream>()?.0.as_deref()?;
    let notice = case
        .notices
        .iter()
        .rev()
        .find(|notice| notice.version == recorded.version)?;
    Some((case, notice))
}
