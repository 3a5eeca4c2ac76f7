//! What pages ask of the figures: those of our own cases and of earlier years together.

use std::{collections::HashMap, fmt::Write as _};

use serde::Deserialize;
use wuchuang_kernel::{ItemId, Region};
use wuchuang_ledger::{
    Database, StorageError,
    storage::{Value, find, list},
};

use super::asked::item;
use crate::{
    figures::Figures,
    model::month::{Month, Period},
    pairs::APPLICANTS_MIN,
};

/// How many groups are read at most: a thousand items in every month of three years.
const GROUPS_MAX: i64 = 50_000;

/// By what figures are added up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Group {
    /// For each item.
    Item,
    /// For each item and month.
    ItemMonth,
    /// For each item and year.
    ItemYear,
    /// For each channel.
    Channel,
    /// For each organisation that took in.
    Taker,
}

impl Group {
    const fn columns(self) -> (&'static str, &'static str) {
        match self {
            Self::Item => ("item", "''"),
            Self::ItemMonth => ("item", "month"),
            Self::ItemYear => ("item", "SUBSTR(month, 1, 4)"),
            Self::Channel => ("channel", "''"),
            Self::Taker => ("taker", "''"),
        }
    }
}

/// Which figures.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) period: Period,
    /// Those of one item.
    pub(crate) item: Option<ItemId>,
    /// Those through one channel, by its code.
    pub(crate) channel: Option<String>,
}

impl Asked {
    /// Those of a period.
    pub(crate) const fn of(period: Period) -> Self {
        Self {
            period,
            item: None,
            channel: None,
        }
    }
}

/// The figures of a group.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Grouped {
    /// The item, channel or organisation.
    pub(crate) one: String,
    /// The month or year, where there is one.
    pub(crate) two: String,
    #[serde(flatten)]
    pub(crate) figures: Figures,
}

impl Grouped {
    /// The item.
    pub(crate) fn item(&self) -> Option<ItemId> {
        item(&self.one)
    }

    /// The month.
    pub(crate) fn month(&self) -> Option<Month> {
        self.two.parse().ok()
    }
}

const SUMS: [&str; 12] = [
    "applied",
    "own",
    "accepted",
    "corrected",
    "not_accepted",
    "refused",
    "granted",
    "withdrawn",
    "terminated",
    "late",
    "ended",
    "days",
];

/// The figures, added up by group.
pub(crate) async fn figures(
    database: &Database,
    region: Region,
    group: Group,
    asked: &Asked,
) -> Result<Vec<Grouped>, StorageError> {
    let mut values: Vec<Value> = vec![
        region.to_string().into(),
        asked.period.first.to_string().into(),
        asked.period.last.to_string().into(),
        GROUPS_MAX.into(),
    ];
    let mut conditions = String::new();
    let named = [
        ("item", asked.item.map(|item| item.to_string())),
        ("channel", asked.channel.clone()),
    ];
    for (column, value) in named {
        if let Some(value) = value {
            values.push(value.into());
            let _ = write!(conditions, " AND {column} = ${}", values.len());
        }
    }
    let (one, two) = group.columns();
    let by = if two == "''" {
        one.to_owned()
    } else {
        format!("{one}, {two}")
    };
    // PostgreSQL sums BIGINT to NUMERIC, which the rows do not read; the sums fit well into BIGINT.
    let sums: Vec<String> = SUMS
        .iter()
        .map(|name| format!("CAST(SUM({name}) AS BIGINT) AS {name}"))
        .collect();
    list(
        database.read(),
        &format!(
            "SELECT {one} AS one, {two} AS two, {} FROM (
                SELECT month, item, channel, taker, applied, applied AS own, accepted, corrected, not_accepted, refused, granted, withdrawn,
                    terminated, late, ended, days
                FROM analysis_month WHERE region = $1 AND month >= $2 AND month <= $3{conditions}
                UNION ALL
                SELECT month, item, channel, '' AS taker, applied, 0, accepted, 0, 0, refused, 0, 0, 0, 0, 0, 0
                FROM analysis_earlier WHERE region = $1 AND month >= $2 AND month <= $3{conditions}) counted
             GROUP BY {by} ORDER BY {by} LIMIT $4",
            sums.join(", ")
        ),
        values,
    )
    .await
}

#[derive(Deserialize)]
struct TownRow {
    item: String,
    town: String,
    applied: i64,
}

/// How many applications each item has from which town, in a period; towns with fewer than five are left out.
pub(crate) async fn towns(
    database: &Database,
    region: Region,
    period: Period,
    only: Option<ItemId>,
) -> Result<HashMap<ItemId, Vec<(String, i64)>>, StorageError> {
    let mut values: Vec<Value> = vec![
        region.to_string().into(),
        period.first.to_string().into(),
        period.last.to_string().into(),
        APPLICANTS_MIN.into(),
        GROUPS_MAX.into(),
    ];
    let condition = only.map_or("", |only| {
        values.push(only.to_string().into());
        " AND item = $6"
    });
    let rows: Vec<TownRow> = list(
        database.read(),
        &format!(
            "SELECT item, town, CAST(SUM(applied) AS BIGINT) AS applied FROM analysis_town
             WHERE region = $1 AND month >= $2 AND month <= $3{condition}
             GROUP BY item, town HAVING SUM(applied) >= $4 ORDER BY item, town LIMIT $5"
        ),
        values,
    )
    .await?;
    let mut found: HashMap<ItemId, Vec<(String, i64)>> = HashMap::new();
    for row in rows {
        if let Some(item) = item(&row.item) {
            found.entry(item).or_default().push((row.town, row.applied));
        }
    }
    Ok(found)
}

#[derive(Deserialize)]
struct FirstRow {
    month: Option<String>,
}

/// The first month of which anything is known, of our own cases or of earlier years.
pub(crate) async fn first_month(
    database: &Database,
    region: Region,
) -> Result<Option<Month>, StorageError> {
    let mut first: Option<Month> = None;
    for sql in [
        "SELECT MIN(month) AS month FROM analysis_month WHERE region = $1",
        "SELECT MIN(month) AS month FROM analysis_earlier WHERE region = $1",
    ] {
        let row: Option<FirstRow> = find(database.read(), sql, [region.to_string().into()]).await?;
        let month = row.and_then(|row| row.month?.parse().ok());
        first = match (first, month) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        };
    }
    Ok(first)
}
