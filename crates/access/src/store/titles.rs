//! The titles of posts, for whoever says by title who does a task.

use serde::Deserialize;
use wuchuang_kernel::Region;
use wuchuang_ledger::{StorageError, storage::list};

use super::Directory;

/// How many titles are offered.
const TITLES_MAX: i64 = 300;

#[derive(Deserialize)]
struct TitleRow {
    title: String,
}

impl Directory {
    /// The titles of the posts that are held now, each once, in the order of their characters.
    ///
    /// # Errors
    /// When they cannot be read.
    pub async fn post_titles(&self, region: Region) -> Result<Vec<String>, StorageError> {
        let rows: Vec<TitleRow> = list(
            self.ledger.database().read(),
            "SELECT DISTINCT title FROM post WHERE region = $1 AND until_day IS NULL AND title <> '' ORDER BY title LIMIT $2",
            [region.to_string().into(), TITLES_MAX.into()],
        )
        .await?;
        Ok(rows.into_iter().map(|row| row.title).collect())
    }
}
