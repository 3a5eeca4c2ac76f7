//! The table of made documents, and what the public verification page may ask of it. Rows name no
//! person: whoever holds the paper sees what stands on it, whoever does not learns nothing more.

use jiff::{Timestamp, civil::Date};
use serde::Deserialize;
use wuchuang_kernel::{CaseId, Region, china_date};
use wuchuang_ledger::{
    Ledger, NoRow, StorageError,
    storage::{find, list},
};

use crate::model::{Notice, NoticeKind, stage_name};

use super::{kind_code, kind_from_code, token};

const COLUMNS: &str = "d.version, d.kind, d.number, d.token, d.sha256, d.made_at_us";
/// How many documents of one case are listed.
const DOCUMENTS_MAX: i64 = 200;

/// A made document.
#[derive(Debug, Clone, Deserialize)]
pub struct CaseDocument {
    /// Its notice's place in the case.
    pub version: i64,
    /// The stored form of its kind.
    pub kind: String,
    /// Its number.
    pub number: String,
    /// What its QR code carries.
    pub token: String,
    /// The SHA-256 of the file, its key in the file store.
    pub sha256: String,
    /// When it was made, in microseconds since 1970 UTC.
    pub made_at_us: i64,
}

/// What anyone may know of a document whose code or file they hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicNotice {
    /// What it is: 受理通知书.
    pub title: &'static str,
    /// Its number.
    pub number: String,
    /// The day on which it was made.
    pub date: Date,
    /// The number of the case.
    pub case_number: String,
    /// The item's name.
    pub item_name: String,
    /// Who issued it: the organisation that handles the case.
    pub organisation: String,
    /// Where the case stands now.
    pub status: &'static str,
    /// The SHA-256 of the file as it was signed, to compare with a file that somebody holds.
    pub sha256: String,
}

#[derive(Deserialize)]
struct PublicRow {
    kind: String,
    number: String,
    made_at_us: i64,
    sha256: String,
    case_number: String,
    item_name: String,
    organisation_name: String,
    stage: String,
}

impl From<PublicRow> for PublicNotice {
    fn from(row: PublicRow) -> Self {
        let made_at = Timestamp::from_microsecond(row.made_at_us).unwrap_or(Timestamp::UNIX_EPOCH);
        Self {
            title: kind_from_code(&row.kind).map_or("文书", NoticeKind::name),
            number: row.number,
            date: china_date(made_at),
            case_number: row.case_number,
            item_name: row.item_name,
            organisation: row.organisation_name,
            status: stage_name(&row.stage),
            sha256: row.sha256,
        }
    }
}

/// The documents of a house. Cloning shares them.
#[derive(Clone)]
pub struct CaseDocuments {
    ledger: Ledger,
}

impl CaseDocuments {
    /// The documents beside a ledger.
    pub const fn new(ledger: Ledger) -> Self {
        Self { ledger }
    }

    /// The document with the code of its QR code, however it was typed.
    ///
    /// # Errors
    /// Whatever storage reports.
    pub async fn by_token(
        &self,
        region: Region,
        code: &str,
    ) -> Result<Option<PublicNotice>, StorageError> {
        match token::read(code) {
            Some(token) => self.public(region, "token", &token).await,
            None => Ok(None),
        }
    }

    /// The document with the SHA-256 (hexadecimal) of its file.
    ///
    /// # Errors
    /// Whatever storage reports.
    pub async fn by_sha256(
        &self,
        region: Region,
        sha256: &str,
    ) -> Result<Option<PublicNotice>, StorageError> {
        let is_hash = sha256.len() == 64 && sha256.bytes().all(|byte| byte.is_ascii_hexdigit());
        if !is_hash {
            return Ok(None);
        }
        self.public(region, "sha256", &sha256.to_ascii_lowercase())
            .await
    }

    async fn public(
        &self,
        region: Region,
        column: &'static str,
        value: &str,
    ) -> Result<Option<PublicNotice>, StorageError> {
        let sql = format!(
            "SELECT d.kind, d.number, d.made_at_us, d.sha256, f.number AS case_number, f.item_name, f.organisation_name, f.stage
             FROM case_document d JOIN case_file f ON f.region = d.region AND f.id = d.case_id
             WHERE d.region = $1 AND d.{column} = $2 ORDER BY d.made_at_us LIMIT 1"
        );
        let row: Option<PublicRow> = find(
            self.ledger.database().read(),
            &sql,
            [region.to_string().into(), value.into()],
        )
        .await?;
        Ok(row.map(PublicNotice::from))
    }

    /// The made documents of a case, in the order of the notices.
    ///
    /// # Errors
    /// Whatever storage reports.
    pub async fn of_case(
        &self,
        region: Region,
        case: CaseId,
    ) -> Result<Vec<CaseDocument>, StorageError> {
        list(
            self.ledger.database().read(),
            &format!("SELECT {COLUMNS} FROM case_document d WHERE d.region = $1 AND d.case_id = $2 ORDER BY d.version LIMIT $3"),
            [
                region.to_string().into(),
                case.to_string().into(),
                DOCUMENTS_MAX.into(),
            ],
        )
        .await
    }

    /// The document of one notice, when it was made.
    ///
    /// # Errors
    /// Whatever storage reports.
    pub async fn find(
        &self,
        region: Region,
        case: CaseId,
        version: i64,
    ) -> Result<Option<CaseDocument>, StorageError> {
        find(
            self.ledger.database().read(),
            &format!("SELECT {COLUMNS} FROM case_document d WHERE d.region = $1 AND d.case_id = $2 AND d.version = $3"),
            [
                region.to_string().into(),
                case.to_string().into(),
                version.into(),
            ],
        )
        .await
    }

    /// Keeps a made document. When the job and a reader made it at once, the first one stays.
    pub(super) async fn keep(
        &self,
        region: Region,
        case: CaseId,
        notice: &Notice,
        token: &str,
        sha256: &str,
    ) -> Result<(), StorageError> {
        self.ledger.write_along::<NoRow>(
            region,
            "INSERT INTO case_document (region, case_id, version, kind, number, token, sha256, made_at_us) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
             ON CONFLICT (region, case_id, version) DO NOTHING",
            [
                region.to_string().into(),
                case.to_string().into(),
                notice.version.into(),
                kind_code(notice.kind).into(),
                notice.number.clone().into(),
                token.into(),
                sha256.into(),
                self.ledger.now().as_microsecond().into(),
            ],
        )
        .await?;
        Ok(())
    }
}
