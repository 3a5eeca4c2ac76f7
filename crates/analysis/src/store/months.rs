//! Figures by month, as the job counts them: a month is read once, in pieces, and written in the place of what it had.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::Timestamp;
use serde::Deserialize;
use wuchuang_kernel::{OrganisationId, Region, china_date};
use wuchuang_ledger::{
    Database, StorageError,
    storage::{Transaction, Value, execute, find, list, rows_placeholder},
};

use crate::{figures::Figures, model::month::Month};

/// How many cases are read at once.
const CASES_AT_ONCE: i64 = 2_000;
/// How many rows one statement writes.
const WRITE_ROWS: usize = 50;
/// How far apart the places of the chain are between which changed cases are read at once.
const PLACES_AT_ONCE: i64 = 5_000;

#[derive(Deserialize)]
struct CaseRow {
    id: String,
    item: String,
    organisation: String,
    channel: String,
    outcome: String,
    in_time: bool,
    received_at_us: i64,
    closed_at_us: i64,
    taker: String,
    town: String,
    acceptances: i64,
    corrections: i64,
}

impl CaseRow {
    /// What one case adds.
    fn figures(&self) -> Figures {
        let is = |outcome: &str| i64::from(self.outcome == outcome);
        let (granted, refused) = (is("granted"), is("refused"));
        let ended = i64::from(self.closed_at_us > 0) * (granted + refused);
        Figures {
            applied: 1,
            own: 1,
            accepted: self.acceptances.min(1),
            corrected: self.corrections.min(1),
            not_accepted: is("not_accepted"),
            refused,
            granted,
            withdrawn: is("withdrawn"),
            terminated: is("terminated"),
            late: i64::from(self.closed_at_us > 0 && !self.in_time),
            ended,
            days: ended * days_between(self.received_at_us, self.closed_at_us),
        }
    }
}

/// The calendar days from one instant to another; a case that ends on its first day took one.
fn days_between(from_us: i64, to_us: i64) -> i64 {
    let day = |at_us| china_date(Timestamp::from_microsecond(at_us).unwrap_or_default());
    let span = day(from_us).until(day(to_us));
    span.map_or(1, |span| i64::from(span.get_days()).max(0) + 1)
}

/// In which group a case counts: item, channel, who took it in.
type GroupKey = (String, String, String);

/// A month as it is counted.
#[derive(Default)]
pub(crate) struct MonthCount {
    groups: BTreeMap<GroupKey, Figures>,
    towns: BTreeMap<(String, String), i64>,
    /// How many cases.
    pub(crate) cases: u32,
}

impl MonthCount {
    fn add(&mut self, row: CaseRow, places: &HashMap<String, String>) {
        let figures = row.figures();
        let taker = if row.taker.is_empty() {
            row.organisation
        } else {
            row.taker
        };
        // Whoever goes to a town's counter, or whose town handles it, is taken for somebody of that town.
        let town = if row.town.is_empty() {
            places.get(&taker).cloned().unwrap_or_default()
        } else {
            row.town
        };
        if !town.is_empty() {
            *self.towns.entry((row.item.clone(), town)).or_default() += 1;
        }
        let group = self
            .groups
            .entry((row.item, row.channel, taker))
            .or_default();
        group.add(&figures);
        self.cases += 1;
    }
}

/// Counts the cases that came in during a month. `places`: the towns of organisations, by identifier.
pub(crate) async fn count(
    database: &Database,
    region: Region,
    month: Month,
    places: &HashMap<String, String>,
) -> Result<MonthCount, StorageError> {
    let mut counted = MonthCount::default();
    let mut from = (month.begins_us() - 1, String::new());
    loop {
        let rows: Vec<CaseRow> = list(
            database.read(),
            "SELECT f.id, f.item, f.organisation, f.channel, f.outcome, f.in_time,
                    f.received_at_us, f.closed_at_us, COALESCE(a.taker, '') AS taker, COALESCE(a.town, '') AS town,
                    (SELECT COUNT(*) FROM case_history h WHERE h.region = f.region AND h.case_id = f.id
                        AND h.event_type = 'accepted') AS acceptances,
                    (SELECT COUNT(*) FROM case_history h WHERE h.region = f.region AND h.case_id = f.id
                        AND h.event_type = 'correction_notified') AS corrections
             FROM case_file f LEFT JOIN analysis_case a ON a.region = f.region AND a.case_id = f.id
             WHERE f.region = $1 AND f.received_at_us >= $2 AND f.received_at_us < $3
               AND (f.received_at_us > $2 OR f.id > $4)
             ORDER BY f.received_at_us, f.id LIMIT $5",
            [
                region.to_string().into(),
                from.0.into(),
                month.plus(1).begins_us().into(),
                from.1.clone().into(),
                CASES_AT_ONCE.into(),
            ],
        )
        .await?;
        let Some(last) = rows.last() else { break };
        from = (last.received_at_us, last.id.clone());
        // The first place lies a microsecond before the month, so that its first case is not left out.
        for row in rows {
            if row.received_at_us >= month.begins_us() {
                counted.add(row, places);
            }
        }
    }
    Ok(counted)
}

/// Writes a month in the place of what it had, in one transaction: a crash leaves the old figures or the new ones.
pub(crate) async fn write(
    database: &Database,
    region: Region,
    month: Month,
    counted: &MonthCount,
) -> Result<(), StorageError> {
    let transaction = database.begin().await?;
    for table in ["analysis_month", "analysis_town"] {
        execute(
            &transaction,
            &format!("DELETE FROM {table} WHERE region = $1 AND month = $2"),
            [region.to_string().into(), month.to_string().into()],
        )
        .await?;
    }
    let head = || [Value::from(region.to_string()), month.to_string().into()];
    let groups = counted
        .groups
        .iter()
        .map(|((item, channel, taker), figures)| {
            let mut row = Vec::from(head());
            row.extend([item, channel, taker].map(|text| Value::from(text.clone())));
            row.extend(numbers(figures).map(Value::from));
            row
        });
    insert(
        &transaction,
        "analysis_month (region, month, item, channel, taker, applied, accepted, corrected, not_accepted, refused, granted, withdrawn, terminated, late, ended, days)",
        groups.collect(),
    )
    .await?;
    let towns = counted.towns.iter().map(|((item, town), applied)| {
        let mut row = Vec::from(head());
        row.extend([item.clone().into(), town.clone().into(), (*applied).into()]);
        row
    });
    insert(
        &transaction,
        "analysis_town (region, month, item, town, applied)",
        towns.collect(),
    )
    .await?;
    transaction.commit().await
}

const fn numbers(figures: &Figures) -> [i64; 11] {
    [
        figures.applied,
        figures.accepted,
        figures.corrected,
        figures.not_accepted,
        figures.refused,
        figures.granted,
        figures.withdrawn,
        figures.terminated,
        figures.late,
        figures.ended,
        figures.days,
    ]
}

async fn insert(
    transaction: &Transaction,
    into: &str,
    rows: Vec<Vec<Value>>,
) -> Result<(), StorageError> {
    let columns = rows.first().map_or(0, Vec::len);
    for some in rows.chunks(WRITE_ROWS) {
        let places = rows_placeholder(some.len(), columns);
        let sql = format!("INSERT INTO {into} VALUES {places}");
        execute(transaction, &sql, some.concat()).await?;
    }
    Ok(())
}

#[derive(Deserialize)]
struct Place {
    place: Option<i64>,
}

async fn place(
    database: &Database,
    sql: &'static str,
    region: Region,
) -> Result<Option<i64>, StorageError> {
    let found: Option<Place> = find(database.read(), sql, [region.to_string().into()]).await?;
    Ok(found.and_then(|row| row.place))
}

/// Where the region's chain ends now.
pub(crate) async fn chain_end(database: &Database, region: Region) -> Result<i64, StorageError> {
    let end = place(
        database,
        "SELECT seq AS place FROM chain WHERE region = $1",
        region,
    );
    Ok(end.await?.unwrap_or_default())
}

/// The month of the first case; `None` before there is one.
pub(crate) async fn first_month(
    database: &Database,
    region: Region,
) -> Result<Option<Month>, StorageError> {
    let first = place(
        database,
        "SELECT MIN(received_at_us) AS place FROM case_file WHERE region = $1",
        region,
    );
    let first = first.await?;
    Ok(first.and_then(|us| Timestamp::from_microsecond(us).ok().map(Month::at)))
}

#[derive(Deserialize)]
struct ReceivedRow {
    received_at_us: i64,
}

/// The months whose cases had an event behind one place of the chain, up to another.
pub(crate) async fn changed(
    database: &Database,
    region: Region,
    (after, through): (i64, i64),
) -> Result<BTreeSet<Month>, StorageError> {
    let mut months = BTreeSet::new();
    let mut after = after;
    while after < through {
        let until = (after + PLACES_AT_ONCE).min(through);
        // The kind is compared as an expression, so that the places decide which index is read.
        let rows: Vec<ReceivedRow> = list(
            database.read(),
            "SELECT DISTINCT f.received_at_us FROM event e JOIN case_file f ON f.region = e.region AND f.id = e.stream_id
             WHERE e.region = $1 AND e.seq > $2 AND e.seq <= $3 AND e.stream_kind || '' = 'case'",
            [region.to_string().into(), after.into(), until.into()],
        )
        .await?;
        let read = |row: ReceivedRow| Timestamp::from_microsecond(row.received_at_us).ok();
        months.extend(rows.into_iter().filter_map(read).map(Month::at));
        after = until;
    }
    Ok(months)
}

/// The towns of organisations that serve a town or a village, by identifier.
pub(crate) fn places(
    organisations: impl Iterator<Item = (OrganisationId, Region)>,
) -> HashMap<String, String> {
    organisations
        .filter(|(_, place)| place.as_str().len() >= 9)
        .map(|(id, place)| (id.to_string(), place.as_str()[..9].to_owned()))
        .collect()
}
