//! The slice's tables: written by the projection, read by the staff's list and by the catalogue.

mod projection;
mod uploads;

use serde::Deserialize;
use wuchuang_kernel::Region;
use wuchuang_ledger::{
    Database, StorageError,
    storage::{find, list},
};

use crate::model::ItemVersion;

pub use projection::Items;
pub(crate) use projection::fold;
pub(crate) use uploads::{upload_find, upload_keep};

/// What state an item is in, as the staff's list filters it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ItemStage {
    /// 未发布: a working copy only.
    Draft,
    /// 已发布.
    Published,
    /// 已停用.
    Withdrawn,
}

impl ItemStage {
    /// All states, in the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::Published, Self::Draft, Self::Withdrawn];

    /// The stored form.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Published => "published",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// The word that people read.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Draft => "未发布",
            Self::Published => "已发布",
            Self::Withdrawn => "已停用",
        }
    }

    /// Reads the stored form.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }
}

/// Which items the staff's list shows. Empty texts restrict nothing.
#[derive(Debug, Clone, Default)]
pub struct ItemFilter {
    /// The department's identifier.
    pub department: String,
    /// The code of the kind of handling.
    pub handling: String,
    /// The code of a tag.
    pub tag: String,
    /// The code of the state, or `changed` for items with an unpublished working copy.
    pub state: String,
    /// Words of the name, the code or the department.
    pub search: String,
}

/// One line of the staff's list.
#[derive(Debug, Clone, Deserialize)]
pub struct ItemRow {
    /// The item.
    pub item: String,
    /// Its name.
    pub name: String,
    /// The department's name.
    pub department_name: String,
    /// The code of the kind of handling.
    pub handling: String,
    /// The code of the state.
    pub state: String,
    /// Whether there is an unpublished working copy.
    pub has_working_copy: bool,
    /// The newest version; 0 when none was published.
    pub version: i64,
    /// The first day of the newest version; empty when none was published.
    pub effective_from: String,
    /// The day on which it was withdrawn; empty when it was not.
    pub cancelled_on: String,
    /// When something last happened.
    pub changed_at_us: i64,
}

/// Where a page of the list goes on: behind this name and item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    /// The last name of the page before.
    pub name: String,
    /// The last item of the page before.
    pub item: String,
}

/// Items of a region by name, at most `limit` of them.
///
/// # Errors
/// Whatever storage reports.
pub async fn items(
    database: &Database,
    region: Region,
    filter: &ItemFilter,
    after: Option<&Cursor>,
    limit: u32,
) -> Result<Vec<ItemRow>, StorageError> {
    let search = fold(&filter.search);
    let pattern = if search.is_empty() {
        String::new()
    } else {
        format!("%{}%", escape(&search))
    };
    let tag = if filter.tag.is_empty() {
        String::new()
    } else {
        format!("%|{}|%", escape(&filter.tag))
    };
    let (name, item) = after
        .map(|cursor| (cursor.name.clone(), cursor.item.clone()))
        .unwrap_or_default();
    list(
        database.read(),
        "SELECT item, name, department_name, handling, state, has_working_copy, version, effective_from, cancelled_on, changed_at_us
         FROM service_item WHERE region = $1
         AND ($2 = '' OR department = $2) AND ($3 = '' OR handling = $3)
         AND ($4 = '' OR tags LIKE $4 ESCAPE '!')
         AND ($5 = '' OR state = $5 OR ($5 = 'changed' AND has_working_copy = TRUE))
         AND ($6 = '' OR folded LIKE $6 ESCAPE '!')
         AND ($7 = '' OR name > $7 OR (name = $7 AND item > $8))
         ORDER BY name, item LIMIT $9",
        [
            region.to_string().into(),
            filter.department.clone().into(),
            filter.handling.clone().into(),
            tag.into(),
            filter.state.clone().into(),
            pattern.into(),
            name.into(),
            item.into(),
            i64::from(limit).into(),
        ],
    )
    .await
}

/// `%` and `_` in what people type are signs like others.
fn escape(text: &str) -> String {
    text.chars().fold(String::new(), |mut escaped, sign| {
        if matches!(sign, '%' | '_' | '!') {
            escaped.push('!');
        }
        escaped.push(sign);
        escaped
    })
}

#[derive(Deserialize)]
struct VersionRow {
    item: String,
    version: i64,
    content: String,
}

impl VersionRow {
    fn read(self) -> Result<ItemVersion, StorageError> {
        serde_json::from_str(&self.content).map_err(|error| StorageError::Inconsistent {
            table: "service_item_version",
            column: "content",
            id: format!("{}/{}", self.item, self.version),
            reason: error.to_string(),
        })
    }
}

/// All versions of a region that are or will be in force on or after a day.
///
/// # Errors
/// Whatever storage reports, or a row that does not read.
pub(crate) async fn versions_from(
    database: &Database,
    region: Region,
    day: jiff::civil::Date,
) -> Result<Vec<ItemVersion>, StorageError> {
    let rows: Vec<VersionRow> = list(
        database.read(),
        "SELECT item, version, content FROM service_item_version
         WHERE region = $1 AND (cancelled_on = '' OR cancelled_on > $2) ORDER BY item, version",
        [region.to_string().into(), day.to_string().into()],
    )
    .await?;
    rows.into_iter().map(VersionRow::read).collect()
}

/// How many items that went into others are read at once.
const SUCCESSIONS_MAX: i64 = 10_000;

/// An item that went into another (归类合并).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct Succession {
    /// The item.
    pub(crate) item: String,
    /// Its name.
    pub(crate) name: String,
    /// The item that is asked for in its place.
    pub(crate) successor: String,
}

/// The items of a region that went into others.
///
/// # Errors
/// Whatever storage reports.
pub(crate) async fn successions(
    database: &Database,
    region: Region,
) -> Result<Vec<Succession>, StorageError> {
    list(
        database.read(),
        "SELECT item, name, successor FROM service_item
         WHERE region = $1 AND successor > '' ORDER BY successor, item LIMIT $2",
        [region.to_string().into(), SUCCESSIONS_MAX.into()],
    )
    .await
}

/// How many first versions are read at once.
const FIRST_VERSIONS_MAX: i64 = 10_000;

/// The first versions of the items that were published more than once.
///
/// # Errors
/// Whatever storage reports, or a row that does not read.
pub(crate) async fn first_versions(
    database: &Database,
    region: Region,
) -> Result<Vec<ItemVersion>, StorageError> {
    let rows: Vec<VersionRow> = list(
        database.read(),
        "SELECT item, version, content FROM service_item_version
         WHERE region = $1 AND version = 1
           AND item IN (SELECT item FROM service_item_version WHERE region = $1 AND version = 2)
         ORDER BY item LIMIT $2",
        [region.to_string().into(), FIRST_VERSIONS_MAX.into()],
    )
    .await?;
    rows.into_iter().map(VersionRow::read).collect()
}

/// How many items a region has and how many events they have together: what tells a server that
/// another one has published. A clock would not do, because it may be set back.
///
/// # Errors
/// Whatever storage reports.
pub(crate) async fn mark(database: &Database, region: Region) -> Result<(i64, i64), StorageError> {
    #[derive(Deserialize)]
    struct Row {
        items: i64,
        events: i64,
    }
    let row: Option<Row> = find(
        database.read(),
        "SELECT COUNT(*) AS items, CAST(COALESCE(SUM(stream_version), 0) AS BIGINT) AS events FROM service_item WHERE region = $1",
        [region.to_string().into()],
    )
    .await?;
    Ok(row.map_or((0, 0), |row| (row.items, row.events)))
}
