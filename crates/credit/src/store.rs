//! The table of records: one row a record, by which staff list them and everybody finds their own.

use async_trait::async_trait;
use serde::Deserialize;
use wuchuang_kernel::{PersonId, Region, mask_name};
use wuchuang_ledger::{
    Database, Existing, Projection, Recorded, Sheet, StorageError, Stream, Table,
    storage::{Transaction, Value, execute, list},
};
use wuchuang_webkit::Failure;

use crate::model::{CreditEvent, CreditGround, CreditStanding, CreditStream};

/// How many of their own records somebody sees; the rules allow fewer.
const OWN_MAX: i64 = 100;

const RECORDS: Table = Table {
    name: "credit_record",
    columns: &[
        "region",
        "subject",
        "record",
        "person",
        "name",
        "is_organisation",
        "ground",
        "case_id",
        "case_number",
        "item_name",
        "organisation",
        "organisation_name",
        "standing",
        "recorded_at_us",
    ],
    key_columns: 3,
    existing: Existing::Replaced,
};

/// Writes the records.
pub(crate) struct CreditProjection;

#[async_trait]
impl Projection for CreditProjection {
    fn name(&self) -> &'static str {
        "credit"
    }

    fn kinds(&self) -> &'static [&'static str] {
        &[CreditStream::KIND]
    }

    fn tables(&self) -> &'static [&'static str] {
        &["credit_record"]
    }

    fn project(&self, recorded: &Recorded, sheet: &mut Sheet) -> Result<(), StorageError> {
        let (Some(event), Some(state)) = (
            recorded.event::<CreditStream>(),
            recorded.state::<CreditStream>(),
        ) else {
            return Ok(());
        };
        let Some(found) = state.record(CreditEvent::record(event)) else {
            return Ok(());
        };
        let recording = &found.recording;
        sheet.put(
            &RECORDS,
            [
                recorded.region.to_string().into(),
                recorded.stream_id.to_string().into(),
                i64::from(found.record).into(),
                recording.name.person().to_string().into(),
                recording.name.text().into(),
                recording.is_organisation.into(),
                recording.ground.code().into(),
                recording.case.to_string().into(),
                recording.case_number.clone().into(),
                recording.item_name.clone().into(),
                recording.organisation.to_string().into(),
                recording.organisation_name.clone().into(),
                found.standing.code().into(),
                found.recorded_at.as_microsecond().into(),
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
            "UPDATE credit_record SET name = '' WHERE region = $1 AND person = $2",
            [region.to_string().into(), person.to_string().into()],
        )
        .await?;
        Ok(())
    }
}

/// A record as lists show it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct RecordRow {
    pub(crate) subject: String,
    pub(crate) record: i64,
    name: String,
    is_organisation: bool,
    ground: String,
    pub(crate) case_id: String,
    pub(crate) case_number: String,
    pub(crate) item_name: String,
    pub(crate) organisation_name: String,
    standing: String,
    pub(crate) recorded_at_us: i64,
}

impl RecordRow {
    /// The subject's name: people masked, organisations in full; empty when they were forgotten.
    pub(crate) fn name_masked(&self) -> String {
        masked(&self.name, self.is_organisation)
    }

    pub(crate) fn ground(&self) -> CreditGround {
        CreditGround::from_code(&self.ground).unwrap_or(CreditGround::FalseMaterial)
    }

    pub(crate) fn standing(&self) -> CreditStanding {
        CreditStanding::from_code(&self.standing).unwrap_or(CreditStanding::Unrepaired)
    }
}

/// A subject's name as staff see it: people masked, organisations in full.
pub(crate) fn masked(name: &str, is_organisation: bool) -> String {
    if name.is_empty() {
        "已依法删除".to_owned()
    } else if is_organisation {
        name.to_owned()
    } else {
        mask_name(name)
    }
}

const COLUMNS: &str = "subject, record, name, is_organisation, ground, case_id, case_number, item_name, \
     organisation_name, standing, recorded_at_us";

/// Where a list goes on: behind this record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    at_us: i64,
    subject: String,
    record: i64,
}

impl Place {
    /// Behind the last row of a page.
    pub(crate) fn behind(rows: &[RecordRow]) -> Option<String> {
        let last = rows.last()?;
        Some(format!(
            "{}-{}-{}",
            last.recorded_at_us, last.subject, last.record
        ))
    }

    /// Reads what an address says.
    ///
    /// # Errors
    /// 422 when it does not read.
    pub(crate) fn read(text: &str) -> Result<Self, Failure> {
        let read = || {
            let (at_us, behind) = text.split_once('-')?;
            let (subject, record) = behind.split_once('-')?;
            Some(Self {
                at_us: at_us.parse().ok()?,
                subject: subject.to_owned(),
                record: record.parse().ok()?,
            })
        };
        read().ok_or_else(|| Failure::invalid("翻页位置不对，请回到第一页。").at("cursor"))
    }
}

/// Records, the newest first.
pub(crate) async fn records(
    database: &Database,
    region: Region,
    standing: Option<CreditStanding>,
    from: Option<Place>,
    limit: i64,
) -> Result<Vec<RecordRow>, StorageError> {
    let from = from.unwrap_or(Place {
        at_us: i64::MAX,
        subject: String::new(),
        record: 0,
    });
    let mut values: Vec<Value> = vec![
        region.to_string().into(),
        from.at_us.into(),
        from.subject.into(),
        from.record.into(),
        limit.into(),
    ];
    let condition = standing.map_or("", |standing| {
        values.push(standing.code().into());
        " AND standing = $6"
    });
    list(
        database.read(),
        &format!(
            "SELECT {COLUMNS} FROM credit_record WHERE region = $1{condition}
             AND (recorded_at_us, subject, record) < ($2, $3, $4)
             ORDER BY recorded_at_us DESC, subject DESC, record DESC LIMIT $5"
        ),
        values,
    )
    .await
}

/// The records about a person, and about organisations for which they applied; the newest first.
pub(crate) async fn records_of(
    database: &Database,
    region: Region,
    person: PersonId,
) -> Result<Vec<RecordRow>, StorageError> {
    list(
        database.read(),
        &format!(
            "SELECT {COLUMNS} FROM credit_record WHERE region = $1 AND person = $2
             ORDER BY recorded_at_us DESC, record DESC LIMIT $3"
        ),
        [
            region.to_string().into(),
            person.to_string().into(),
            OWN_MAX.into(),
        ],
    )
    .await
}
