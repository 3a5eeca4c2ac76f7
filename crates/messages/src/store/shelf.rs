//! All texts of a region with the place in the chain from which each holds: a handful of rows, read once per page.

use std::collections::HashMap;

use serde::Deserialize;
use wuchuang_kernel::Region;
use wuchuang_ledger::{Database, StorageError, storage::list};

use crate::model::{TemplateName, TemplateText};

/// One version of a text.
#[derive(Debug, Clone, Deserialize)]
pub struct VersionRow {
    /// Which message.
    pub name: String,
    /// The version, from 1.
    pub version: i64,
    /// From which place in the chain it holds.
    pub from_seq: i64,
    /// The subject.
    pub subject: String,
    /// The text.
    pub body: String,
    /// The SMS.
    pub sms: String,
    /// Who wrote it.
    pub edited_by: String,
    /// When.
    pub edited_at_us: i64,
}

impl VersionRow {
    /// The text itself.
    pub fn text(&self) -> TemplateText {
        TemplateText {
            subject: self.subject.clone(),
            body: self.body.clone(),
            sms: self.sms.clone(),
        }
    }
}

/// How many versions are read; beyond that only the newest count.
const VERSIONS_MAX: i64 = 2_000;

/// The texts of a region.
#[derive(Debug, Clone, Default)]
pub struct Shelf {
    /// Newest first.
    versions: HashMap<TemplateName, Vec<VersionRow>>,
}

impl Shelf {
    /// Reads the texts.
    ///
    /// # Errors
    /// When they cannot be read.
    pub async fn load(database: &Database, region: Region) -> Result<Self, StorageError> {
        let rows: Vec<VersionRow> = list(
            database.read(),
            "SELECT name, version, from_seq, subject, body, sms, edited_by, edited_at_us FROM message_template WHERE region = $1 ORDER BY from_seq DESC LIMIT $2",
            [region.to_string().into(), VERSIONS_MAX.into()],
        )
        .await?;
        let mut versions: HashMap<_, Vec<_>> = HashMap::new();
        for row in rows {
            if let Some(name) = TemplateName::from_code(&row.name) {
                versions.entry(name).or_default().push(row);
            }
        }
        Ok(Self { versions })
    }

    /// The text of a message whose event stands at `seq`.
    pub fn text_at(&self, name: TemplateName, seq: i64) -> TemplateText {
        self.versions(name)
            .iter()
            .find(|row| row.from_seq < seq)
            .map_or_else(|| name.default_text(), VersionRow::text)
    }

    /// The text now in force.
    pub fn text_now(&self, name: TemplateName) -> TemplateText {
        self.text_at(name, i64::MAX)
    }

    /// The versions of a text, newest first.
    pub fn versions(&self, name: TemplateName) -> &[VersionRow] {
        self.versions.get(&name).map_or(&[], Vec::as_slice)
    }
}
