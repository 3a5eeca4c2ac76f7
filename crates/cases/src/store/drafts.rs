//! Applications that are being filled in: kept for their owner until they are submitted, thrown away or too old.
//!
//! What is in them is sealed with the owner's key, as everything personal on the ledger is, so that forgetting the
//! person reaches what they never handed in.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use wuchuang_kernel::{DraftId, ItemId, PersonId, Region};
use wuchuang_ledger::{
    Ledger, SealingError, StorageError,
    storage::{execute, find, list},
};
use wuchuang_webkit::Failure;

use crate::model::{KnownAnswer, Material};

/// How many drafts are read in one go.
const READ_MAX: i64 = 200;
/// How many drafts one person may have.
const DRAFTS_MAX: i64 = 50;

/// Why a draft could not be kept or read.
#[derive(Debug, thiserror::Error)]
pub enum DraftError {
    /// The database failed.
    #[error("the drafts cannot be read or written")]
    Storage(#[from] StorageError),
    /// The content could not be sealed or opened.
    #[error("a draft cannot be sealed or opened")]
    Sealing(#[from] SealingError),
}

impl From<DraftError> for Failure {
    fn from(error: DraftError) -> Self {
        match error {
            DraftError::Storage(error) | DraftError::Sealing(SealingError::Storage(error)) => {
                error.into()
            }
            DraftError::Sealing(SealingError::Forgotten) => Self::invalid(
                "您的个人信息已按您的要求删除，不能再保存申请。要重新办理，请到任一窗口登记。",
            ),
            DraftError::Sealing(error) => Self::internal(error),
        }
    }
}

/// What was filled in so far.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct DraftContent {
    /// The answers of the form by field.
    pub answers: Map<String, Value>,
    /// The answers to the questions about the applicant, the delivery and the agent.
    pub about: Map<String, Value>,
    /// The materials.
    pub materials: Vec<Material>,
    /// What the house knew when it was begun, with why the applicant says something else.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub known: Vec<KnownAnswer>,
}

impl DraftContent {
    /// Whether one of the materials names a file.
    pub(crate) fn names(&self, sha256: &str) -> bool {
        self.materials
            .iter()
            .flat_map(|material| &material.files)
            .any(|file| file.sha256 == sha256)
    }
}

/// A draft.
#[derive(Debug, Clone)]
pub struct Draft {
    /// The draft.
    pub id: DraftId,
    /// Whose it is.
    pub person: PersonId,
    /// For which item.
    pub item: ItemId,
    /// Which version of the item it was begun with.
    pub item_version: u32,
    /// What was filled in.
    pub content: DraftContent,
    /// When it was last saved, in microseconds since 1970 UTC.
    pub updated_at_us: i64,
}

#[derive(Deserialize)]
struct Row {
    id: String,
    person: String,
    item: String,
    item_version: i64,
    content: String,
    updated_at_us: i64,
}

/// The drafts of a house.
#[derive(Clone)]
pub struct DraftStore {
    ledger: Ledger,
}

impl DraftStore {
    /// The drafts beside a ledger.
    pub const fn new(ledger: Ledger) -> Self {
        Self { ledger }
    }

    /// The draft of a row; `None` when its owner was forgotten.
    async fn read_row(&self, region: Region, row: Row) -> Result<Option<Draft>, DraftError> {
        let wrong = |column: &'static str, reason: String| StorageError::Inconsistent {
            table: "case_draft",
            column,
            id: row.id.clone(),
            reason,
        };
        let Some(content) = self.ledger.unseal(region, &row.content).await? else {
            return Ok(None);
        };
        Ok(Some(Draft {
            id: row
                .id
                .parse()
                .map_err(|_| wrong("id", "no identifier".into()))?,
            person: row
                .person
                .parse()
                .map_err(|_| wrong("person", "no identifier".into()))?,
            item: row
                .item
                .parse()
                .map_err(|_| wrong("item", "no identifier".into()))?,
            item_version: u32::try_from(row.item_version)
                .map_err(|error| wrong("item_version", error.to_string()))?,
            content: serde_json::from_value(content)
                .map_err(|error| wrong("content", error.to_string()))?,
            updated_at_us: row.updated_at_us,
        }))
    }

    /// Saves a draft; one that belongs to somebody else is not touched.
    ///
    /// # Errors
    /// When the person was forgotten, or whatever storage reports.
    pub async fn save(&self, region: Region, draft: &Draft) -> Result<(), DraftError> {
        let content = serde_json::to_value(&draft.content).unwrap_or_default();
        let content = self.ledger.seal(region, draft.person, content).await?;
        execute(
            self.ledger.database().write(),
            "INSERT INTO case_draft (region, id, person, item, item_version, content, updated_at_us) VALUES ($1, $2, $3, $4, $5, $6, $7)
             ON CONFLICT (region, id) DO UPDATE SET content = excluded.content, item_version = excluded.item_version, updated_at_us = excluded.updated_at_us
             WHERE case_draft.person = excluded.person",
            [
                region.to_string().into(),
                draft.id.to_string().into(),
                draft.person.to_string().into(),
                draft.item.to_string().into(),
                i64::from(draft.item_version).into(),
                content.into(),
                self.ledger.now().as_microsecond().into(),
            ],
        )
        .await?;
        Ok(())
    }

    /// A draft of a person; `None` when there is none or it is somebody else's.
    ///
    /// # Errors
    /// Whatever storage reports, or a row that does not read.
    pub async fn find(
        &self,
        region: Region,
        person: PersonId,
        id: DraftId,
    ) -> Result<Option<Draft>, DraftError> {
        let row: Option<Row> = find(
            self.ledger.database().read(),
            "SELECT id, person, item, item_version, content, updated_at_us FROM case_draft WHERE region = $1 AND id = $2 AND person = $3",
            [region.to_string().into(), id.to_string().into(), person.to_string().into()],
        )
        .await?;
        match row {
            Some(row) => self.read_row(region, row).await,
            None => Ok(None),
        }
    }

    /// The drafts of a person, the newest first.
    ///
    /// # Errors
    /// Whatever storage reports, or a row that does not read.
    pub async fn of_person(
        &self,
        region: Region,
        person: PersonId,
    ) -> Result<Vec<Draft>, DraftError> {
        let rows: Vec<Row> = list(
            self.ledger.database().read(),
            "SELECT id, person, item, item_version, content, updated_at_us FROM case_draft WHERE region = $1 AND person = $2 ORDER BY updated_at_us DESC LIMIT $3",
            [region.to_string().into(), person.to_string().into(), DRAFTS_MAX.into()],
        )
        .await?;
        let mut drafts = Vec::with_capacity(rows.len());
        for row in rows {
            drafts.extend(self.read_row(region, row).await?);
        }
        Ok(drafts)
    }

    /// Whether any draft of the region names a file. It opens them all, for files of which nobody knows whose they are.
    ///
    /// # Errors
    /// Whatever storage reports, or a row that does not read.
    pub(crate) async fn any_names(&self, region: Region, sha256: &str) -> Result<bool, DraftError> {
        let mut after = String::new();
        loop {
            let rows: Vec<Row> = list(
                self.ledger.database().read(),
                "SELECT id, person, item, item_version, content, updated_at_us FROM case_draft WHERE region = $1 AND id > $2 ORDER BY id LIMIT $3",
                [
                    region.to_string().into(),
                    after.clone().into(),
                    READ_MAX.into(),
                ],
            )
            .await?;
            let Some(last) = rows.last() else {
                return Ok(false);
            };
            after.clone_from(&last.id);
            for row in rows {
                let draft = self.read_row(region, row).await?;
                if draft.is_some_and(|draft| draft.content.names(sha256)) {
                    return Ok(true);
                }
            }
        }
    }

    /// Removes drafts that nobody saved since `before`, at most `count_max`, and tells how many. What is staged for a
    /// case that still runs stays: its owner was asked for it.
    ///
    /// # Errors
    /// Whatever storage reports.
    pub(crate) async fn remove_expired(
        &self,
        region: Region,
        before: Timestamp,
        count_max: i64,
    ) -> Result<u64, StorageError> {
        let removed = execute(
            self.ledger.database().write(),
            "DELETE FROM case_draft WHERE region = $1 AND id IN (
                SELECT d.id FROM case_draft d WHERE d.region = $1 AND d.updated_at_us < $2
                AND NOT EXISTS (SELECT 1 FROM case_file c WHERE c.region = $1 AND c.id = d.id AND c.is_open = TRUE)
                ORDER BY d.updated_at_us LIMIT $3)",
            [
                region.to_string().into(),
                before.as_microsecond().into(),
                count_max.into(),
            ],
        )
        .await?;
        Ok(removed)
    }

    /// Removes a draft, after it was submitted or thrown away.
    ///
    /// # Errors
    /// Whatever storage reports.
    pub async fn remove(
        &self,
        region: Region,
        person: PersonId,
        id: DraftId,
    ) -> Result<(), StorageError> {
        execute(
            self.ledger.database().write(),
            "DELETE FROM case_draft WHERE region = $1 AND id = $2 AND person = $3",
            [
                region.to_string().into(),
                id.to_string().into(),
                person.to_string().into(),
            ],
        )
        .await?;
        Ok(())
    }
}
