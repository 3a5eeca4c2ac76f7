//! What each receipt tells of its case: who took it in, from which town the applicant is, a keyed digest of the applicant.
//!
//! Digest and town stand in sealed values, which only the writer of the receipt has in the clear; a job would have to
//! open every case again. So one narrow row follows from the first event of each case, and none from later ones. With
//! the person's key both go: a replay could not read them any more, and neither may this table.

use async_trait::async_trait;
use serde_json::Value as Json;
use wuchuang_access::AccessKey;
use wuchuang_cases::model::{Case, CaseStream};
use wuchuang_kernel::{ItemId, PersonId, Region};
use wuchuang_ledger::{
    Existing, Projection, Recorded, Sheet, StorageError, Stream, Table,
    storage::{Transaction, execute},
};

use super::pairs;

/// The purpose of the digest: nothing else uses the same.
const PURPOSE: &str = "analysis-subject";

const ASKED: Table = Table {
    name: "analysis_case",
    columns: &[
        "region",
        "case_id",
        "item",
        "taker",
        "town",
        "subject",
        "asked_at_us",
    ],
    key_columns: 2,
    existing: Existing::Kept,
};

/// Writes what receipts tell.
pub(crate) struct AskedProjection {
    pub(crate) key: AccessKey,
}

#[async_trait]
impl Projection for AskedProjection {
    fn name(&self) -> &'static str {
        "analysis_cases"
    }

    fn kinds(&self) -> &'static [&'static str] {
        &[CaseStream::KIND]
    }

    fn tables(&self) -> &'static [&'static str] {
        &["analysis_case"]
    }

    fn project(&self, recorded: &Recorded, sheet: &mut Sheet) -> Result<(), StorageError> {
        if recorded.version != 1 {
            return Ok(());
        }
        let Some(case) = recorded
            .state::<CaseStream>()
            .and_then(|state| state.0.as_deref())
        else {
            return Ok(());
        };
        let taker = recorded.actor.organisation();
        sheet.put(
            &ASKED,
            [
                recorded.region.to_string().into(),
                recorded.stream_id.to_string().into(),
                case.terms.item.to_string().into(),
                taker
                    .map(|taker| taker.to_string())
                    .unwrap_or_default()
                    .into(),
                town_of(case, recorded.region).into(),
                subject_of(&self.key, case).into(),
                case.received_at.as_microsecond().into(),
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
        // The pairs first, while the digests are there: what somebody asked for together counts no more from now on.
        pairs::take_out(transaction, region, person).await?;
        execute(
            transaction,
            "UPDATE analysis_case SET subject = '', town = '' WHERE region = $1
             AND case_id IN (SELECT f.id FROM case_file f WHERE f.region = $1 AND f.person = $2)",
            [region.to_string().into(), person.to_string().into()],
        )
        .await?;
        Ok(())
    }
}

/// A keyed digest of the applicant's number, of the person where there is none; empty when they were forgotten.
fn subject_of(key: &AccessKey, case: &Case) -> String {
    let applicant = &case.applicant;
    if applicant.is_forgotten() {
        return String::new();
    }
    let number: String = applicant
        .number
        .text()
        .chars()
        .filter(|sign| sign.is_alphanumeric())
        .flat_map(char::to_uppercase)
        .collect();
    let whose = if number.is_empty() {
        applicant.person.to_string()
    } else {
        number
    };
    key.lookup(PURPOSE, &whose).chars().take(32).collect()
}

/// The town of the applicant: the first answer, by the name of its field, that is a village of this county.
fn town_of(case: &Case, region: Region) -> String {
    let Some(Json::Object(answers)) = case.answers.get() else {
        return String::new();
    };
    let mut villages: Vec<(&str, Region)> = answers
        .iter()
        .filter_map(|(field, answer)| Some((field.as_str(), answer.as_str()?.parse().ok()?)))
        .filter(|(_, place): &(&str, Region)| place.as_str().len() == 12 && region.contains(place))
        .collect();
    villages.sort_unstable();
    let first = villages.first();
    first.map_or_else(String::new, |(_, place)| place.as_str()[..9].to_owned())
}

/// The item in a row.
pub(super) fn item(text: &str) -> Option<ItemId> {
    text.parse().ok()
}
