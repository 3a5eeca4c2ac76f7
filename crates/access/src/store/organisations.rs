//! Organisations and the county's divisions, read from their tables.

use serde::Deserialize;
use wuchuang_kernel::{OrganisationId, Region};
use wuchuang_ledger::{
    StorageError,
    storage::{execute, find, list, rows_placeholder},
};

use super::{Directory, read};
use crate::model::organisation::OrganisationKind;

/// How many organisations a county may have in one list.
const ORGANISATIONS_MAX: i64 = 2_000;
/// How many divisions are written in one statement.
const DIVISIONS_A_STATEMENT: usize = 100;

/// An organisation as lists and pages show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organisation {
    /// Which one.
    pub id: OrganisationId,
    /// The name, as on its sign.
    pub name: String,
    /// Four capital letters or digits that stand in case numbers.
    pub short_code: String,
    /// What it is.
    pub kind: OrganisationKind,
    /// 统一社会信用代码; may be empty.
    pub credit_code: String,
    /// The region that it serves.
    pub place: Region,
    /// The organisation above it.
    pub parent: Option<OrganisationId>,
    /// Its public telephone.
    pub phone: String,
    /// Its public address.
    pub address: String,
    /// Whether it works.
    pub is_active: bool,
}

/// A division of the county: the county itself, a town, a village.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Division {
    /// The code: 6, 9 or 12 digits.
    pub code: String,
    /// The name.
    pub name: String,
}

#[derive(Deserialize)]
struct Row {
    id: String,
    name: String,
    short_code: String,
    kind: String,
    credit_code: String,
    place: String,
    parent: Option<String>,
    phone: String,
    address: String,
    is_active: bool,
}

impl TryFrom<Row> for Organisation {
    type Error = StorageError;

    fn try_from(row: Row) -> Result<Self, StorageError> {
        let table = "organisation";
        let kind =
            OrganisationKind::from_code(&row.kind).ok_or_else(|| StorageError::Inconsistent {
                table,
                column: "kind",
                id: row.id.clone(),
                reason: "unknown kind".into(),
            })?;
        let parent = row
            .parent
            .as_deref()
            .map(|parent| read(parent, table, "parent", &row.id))
            .transpose()?;
        Ok(Self {
            id: read(&row.id, table, "id", &row.id)?,
            place: read(&row.place, table, "place", &row.id)?,
            name: row.name,
            short_code: row.short_code,
            kind,
            credit_code: row.credit_code,
            parent,
            phone: row.phone,
            address: row.address,
            is_active: row.is_active,
        })
    }
}

impl Directory {
    /// All organisations of a county, also the closed ones, the centre first and then by name.
    ///
    /// # Errors
    /// When they cannot be read.
    pub async fn organisations(&self, region: Region) -> Result<Vec<Organisation>, StorageError> {
        let rows: Vec<Row> = list(
            self.ledger.database().read(),
            "SELECT * FROM organisation WHERE region = $1
             ORDER BY CASE kind WHEN 'centre' THEN 0 WHEN 'hall' THEN 1 WHEN 'department' THEN 2 WHEN 'town' THEN 3 ELSE 4 END, place, short_code, id LIMIT $2",
            [region.to_string().into(), ORGANISATIONS_MAX.into()],
        )
        .await?;
        rows.into_iter().map(Organisation::try_from).collect()
    }

    /// One organisation.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn organisation(
        &self,
        region: Region,
        organisation: OrganisationId,
    ) -> Result<Option<Organisation>, StorageError> {
        let row: Option<Row> = find(
            self.ledger.database().read(),
            "SELECT * FROM organisation WHERE region = $1 AND id = $2",
            [region.to_string().into(), organisation.to_string().into()],
        )
        .await?;
        row.map(Organisation::try_from).transpose()
    }

    /// The divisions directly under a code; the county itself for an empty code.
    ///
    /// # Errors
    /// When they cannot be read.
    pub async fn regions_children(
        &self,
        region: Region,
        code: &str,
    ) -> Result<Vec<Division>, StorageError> {
        list(
            self.ledger.database().read(),
            "SELECT code, name FROM division WHERE region = $1 AND parent = $2 ORDER BY code LIMIT 2000",
            [region.to_string().into(), code.into()],
        )
        .await
    }

    /// One division.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn division(
        &self,
        region: Region,
        code: &str,
    ) -> Result<Option<Division>, StorageError> {
        find(
            self.ledger.database().read(),
            "SELECT code, name FROM division WHERE region = $1 AND code = $2",
            [region.to_string().into(), code.into()],
        )
        .await
    }

    /// Writes divisions (code and name); codes that are there get the new name. They are published
    /// data and no matter of the ledger.
    ///
    /// # Errors
    /// When they cannot be written; then none is.
    pub async fn write_divisions(
        &self,
        region: Region,
        divisions: &[Division],
    ) -> Result<(), StorageError> {
        let transaction = self.ledger.database().begin().await?;
        for chunk in divisions.chunks(DIVISIONS_A_STATEMENT) {
            let sql = format!(
                "INSERT INTO division (region, code, name, parent) VALUES {} ON CONFLICT (region, code) DO UPDATE SET name = excluded.name",
                rows_placeholder(chunk.len(), 4)
            );
            let values = chunk.iter().flat_map(|division| {
                let parent = division
                    .code
                    .get(..division.code.len() - 3)
                    .unwrap_or_default();
                // A county's code has no parent here: 6 digits less 3 are no division of ours.
                let parent = if parent.len() < 6 { "" } else { parent };
                [
                    region.to_string().into(),
                    division.code.clone().into(),
                    division.name.clone().into(),
                    parent.into(),
                ]
            });
            execute(&transaction, &sql, values).await?;
        }
        transaction.commit().await
    }
}
