//! Marked workbooks that wait for their sender: operational, never on the ledger.

use base64::{Engine, engine::general_purpose::STANDARD};
use serde::Deserialize;
use wuchuang_kernel::{PersonId, Region};
use wuchuang_ledger::{
    Ledger, StorageError,
    storage::{execute, find},
};

/// How long a marked workbook waits, in microseconds.
const KEPT_US: i64 = 24 * 3_600 * 1_000_000;

/// Keeps a workbook and gives the token under which its sender fetches it.
pub(crate) async fn upload_keep(
    ledger: &Ledger,
    region: Region,
    person: PersonId,
    workbook: &[u8],
) -> Result<String, StorageError> {
    let now = ledger.now().as_microsecond();
    let token = ledger.randomness().token(16);
    execute(
        ledger.database().write(),
        "DELETE FROM service_item_upload WHERE region = $1 AND created_at_us < $2",
        [region.to_string().into(), (now - KEPT_US).into()],
    )
    .await?;
    execute(
        ledger.database().write(),
        "INSERT INTO service_item_upload (region, token, person, content, created_at_us) VALUES ($1, $2, $3, $4, $5)",
        [
            region.to_string().into(),
            token.clone().into(),
            person.to_string().into(),
            STANDARD.encode(workbook).into(),
            now.into(),
        ],
    )
    .await?;
    Ok(token)
}

/// The workbook of a token, for its sender alone.
pub(crate) async fn upload_find(
    ledger: &Ledger,
    region: Region,
    person: PersonId,
    token: &str,
) -> Result<Option<Vec<u8>>, StorageError> {
    #[derive(Deserialize)]
    struct Row {
        content: String,
    }
    let row: Option<Row> = find(
        ledger.database().read(),
        "SELECT content FROM service_item_upload WHERE region = $1 AND token = $2 AND person = $3 AND created_at_us >= $4",
        [
            region.to_string().into(),
            token.to_owned().into(),
            person.to_string().into(),
            (ledger.now().as_microsecond() - KEPT_US).into(),
        ],
    )
    .await?;
    row.map(|row| {
        STANDARD
            .decode(row.content)
            .map_err(|error| StorageError::Inconsistent {
                table: "service_item_upload",
                column: "content",
                id: token.to_owned(),
                reason: error.to_string(),
            })
    })
    .transpose()
}
