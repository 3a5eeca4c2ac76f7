//! Pairs of items that the same applicants ask for. The table holds numbers only, counted by one walk over the digests;
//! somebody who is forgotten is taken out at once.

use serde::Deserialize;
use wuchuang_kernel::{ItemId, PersonId, Region};
use wuchuang_ledger::{
    Database, StorageError,
    storage::{Connection, Transaction, Value, execute, list, rows_placeholder},
};

use super::asked::item;
use crate::{
    model::month::Month,
    pairs::{APPLICANTS_MIN, Pair, PairCount, pairs_of},
};

/// How many rows the walk reads at once.
const WALK_ROWS: i64 = 5_000;
/// How many rows one statement writes.
const WRITE_ROWS: usize = 100;
/// How many applications of a person are read to take them out.
const OWN_MAX: i64 = 2_000;
/// How many pairs a list holds at most.
const PAIRS_SHOWN: i64 = 500;

#[derive(Deserialize)]
struct AskedRow {
    subject: String,
    case_id: String,
    item: String,
    asked_at_us: i64,
}

/// Counts the pairs since a month; memory grows with the pairs of items alone.
pub(crate) async fn count(
    database: &Database,
    region: Region,
    since: Month,
) -> Result<Vec<(Pair, i64)>, StorageError> {
    let mut counted = PairCount::default();
    let mut from = (String::new(), i64::MAX, String::new());
    loop {
        let rows: Vec<AskedRow> = list(
            database.read(),
            "SELECT subject, case_id, item, asked_at_us FROM analysis_case
             WHERE region = $1 AND (subject, asked_at_us, case_id) > ($2, $3, $4)
             ORDER BY subject, asked_at_us, case_id LIMIT $5",
            [
                region.to_string().into(),
                from.0.clone().into(),
                from.1.into(),
                from.2.clone().into(),
                WALK_ROWS.into(),
            ],
        )
        .await?;
        let Some(last) = rows.last() else { break };
        from = (last.subject.clone(), last.asked_at_us, last.case_id.clone());
        for row in &rows {
            if let (true, Some(item)) = (row.asked_at_us >= since.begins_us(), item(&row.item)) {
                counted.add(&row.subject, item, row.asked_at_us);
            }
        }
    }
    Ok(counted.finish())
}

/// Writes the pairs in the place of those before.
pub(crate) async fn write(
    database: &Database,
    region: Region,
    pairs: &[(Pair, i64)],
) -> Result<(), StorageError> {
    let transaction = database.begin().await?;
    let place = region.to_string();
    execute(
        &transaction,
        "DELETE FROM analysis_pair WHERE region = $1",
        [place.clone().into()],
    )
    .await?;
    for some in pairs.chunks(WRITE_ROWS) {
        let rows = rows_placeholder(some.len(), 4);
        let values = some.iter().flat_map(|((one, other), applicants)| {
            [
                Value::from(place.clone()),
                one.to_string().into(),
                other.to_string().into(),
                (*applicants).into(),
            ]
        });
        let values: Vec<Value> = values.collect();
        let sql =
            format!("INSERT INTO analysis_pair (region, one, other, applicants) VALUES {rows}");
        execute(&transaction, &sql, values).await?;
    }
    transaction.commit().await
}

/// Takes out what a person's applications add to the pairs, and the pairs that too few are left of. What they asked for
/// since the last count was never added; then a pair shows one too few until the next count, never one too many.
pub(super) async fn take_out(
    transaction: &Transaction,
    region: Region,
    person: PersonId,
) -> Result<(), StorageError> {
    let rows: Vec<AskedRow> = list(
        transaction,
        "SELECT a.subject, a.case_id, a.item, a.asked_at_us FROM case_file f
         JOIN analysis_case a ON a.region = f.region AND a.case_id = f.id
         WHERE f.region = $1 AND f.person = $2 AND a.subject <> ''
         ORDER BY a.subject, a.asked_at_us, a.case_id LIMIT $3",
        [
            region.to_string().into(),
            person.to_string().into(),
            OWN_MAX.into(),
        ],
    )
    .await?;
    for own in rows.chunk_by(|one, next| one.subject == next.subject) {
        let asked: Vec<(ItemId, i64)> = own
            .iter()
            .filter_map(|row| Some((item(&row.item)?, row.asked_at_us)))
            .collect();
        for (one, other) in pairs_of(&asked) {
            lessen(transaction, region, (one, other)).await?;
        }
    }
    Ok(())
}

async fn lessen<C: Connection>(
    connection: &C,
    region: Region,
    (one, other): Pair,
) -> Result<(), StorageError> {
    let key = || -> [Value; 3] {
        [
            region.to_string().into(),
            one.to_string().into(),
            other.to_string().into(),
        ]
    };
    execute(
        connection,
        "UPDATE analysis_pair SET applicants = applicants - 1 WHERE region = $1 AND one = $2 AND other = $3",
        key(),
    )
    .await?;
    let [region, one, other] = key();
    execute(
        connection,
        "DELETE FROM analysis_pair WHERE region = $1 AND one = $2 AND other = $3 AND applicants < $4",
        [region, one, other, APPLICANTS_MIN.into()],
    )
    .await?;
    Ok(())
}

#[derive(Deserialize)]
struct PairRow {
    one: String,
    other: String,
    applicants: i64,
}

/// The pairs that most applicants have, at most 500.
pub(crate) async fn all(
    database: &Database,
    region: Region,
) -> Result<Vec<(Pair, i64)>, StorageError> {
    let rows: Vec<PairRow> = list(
        database.read(),
        "SELECT one, other, applicants FROM analysis_pair WHERE region = $1 AND applicants >= $2
         ORDER BY applicants DESC, one, other LIMIT $3",
        [
            region.to_string().into(),
            APPLICANTS_MIN.into(),
            PAIRS_SHOWN.into(),
        ],
    )
    .await?;
    let read = |row: PairRow| Some(((item(&row.one)?, item(&row.other)?), row.applicants));
    Ok(rows.into_iter().filter_map(read).collect())
}
