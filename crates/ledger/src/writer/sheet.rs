//! What follows from events, gathered before it is written. A projection does not touch the database: it puts rows on the
//! sheet of its batch, and the sheet is written with as few journeys to the engine as possible.
//!
//! Rows are written table by table, then statements in their order. Tables of projections do not refer to each other, so the
//! order among them does not matter; within a table rows keep theirs.

use std::{borrow::Cow, collections::HashMap, fmt::Write};

use crate::storage::{Backend, Connection, StorageError, Value, execute, rows_placeholder_from};

/// How many values one statement carries at most: PostgreSQL takes 65,535.
const VALUES_MAX: usize = 60_000;
/// In what portions rows are written: few sizes, so that an engine finds the statement among those that it has prepared.
const PORTIONS: [usize; 11] = [256, 64, 32, 16, 8, 6, 5, 4, 3, 2, 1];

/// What happens when a row with the same key is there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Existing {
    /// There is none: a second one is an error, and the command fails.
    Impossible,
    /// The new row takes its place. A row must say all that its stream's state says, so that the last one is right.
    Replaced,
    /// The old row stays.
    Kept,
}

/// A table that rows are put into.
#[derive(Debug)]
pub struct Table {
    /// The name.
    pub name: &'static str,
    /// The columns of a row, in the order of its values; those of the key first.
    pub columns: &'static [&'static str],
    /// How many of them are the key.
    pub key_columns: usize,
    /// What happens to a row with the same key.
    pub existing: Existing,
}

impl Table {
    /// The statement for so many rows, whose values have the places from one on.
    fn insert(&self, rows: usize, from: usize) -> String {
        let (name, columns) = (self.name, self.columns.join(", "));
        let values = rows_placeholder_from(from, rows, self.columns.len());
        let (key, others) = self.columns.split_at(self.key_columns);
        let mut sql = format!("INSERT INTO {name} ({columns}) VALUES {values}");
        let conflict = match self.existing {
            Existing::Impossible => return sql,
            Existing::Kept => "DO NOTHING".to_owned(),
            Existing::Replaced => {
                let updates: Vec<String> = others
                    .iter()
                    .map(|column| format!("{column} = excluded.{column}"))
                    .collect();
                format!("DO UPDATE SET {}", updates.join(", "))
            }
        };
        for part in [" ON CONFLICT (", &key.join(", "), ") ", &conflict] {
            sql.push_str(part);
        }
        sql
    }
}

/// The rows for one table.
#[derive(Debug)]
struct Rows {
    table: &'static Table,
    lines: Vec<Vec<Value>>,
    /// Where the row with a key stands.
    places: HashMap<String, usize>,
}

impl Rows {
    fn add(&mut self, row: Vec<Value>) {
        debug_assert_eq!(row.len(), self.table.columns.len(), "{}", self.table.name);
        if self.table.existing == Existing::Impossible {
            self.lines.push(row);
            return;
        }
        let key = key_of(&row[..self.table.key_columns]);
        match self.places.get(&key) {
            Some(place) if self.table.existing == Existing::Replaced => self.lines[*place] = row,
            Some(_) => {}
            None => {
                self.places.insert(key, self.lines.len());
                self.lines.push(row);
            }
        }
    }

    /// The rows in portions that one statement can carry.
    fn portions(self) -> impl Iterator<Item = Portion> {
        let table = self.table;
        let portion_max = VALUES_MAX / table.columns.len();
        let mut left = self.lines.len();
        let mut lines = self.lines.into_iter();
        std::iter::from_fn(move || {
            let rows = PORTIONS
                .into_iter()
                .find(|portion| *portion <= left.min(portion_max))?;
            left -= rows;
            let values = lines.by_ref().take(rows).flatten().collect();
            Some(Portion {
                table,
                rows,
                values,
            })
        })
    }
}

/// Some rows for one table.
struct Portion {
    table: &'static Table,
    rows: usize,
    values: Vec<Value>,
}

/// Portions that travel together to PostgreSQL: in one statement, whose parts write to a table each (its manual, 7.8.4).
#[derive(Default)]
struct Journey {
    portions: Vec<Portion>,
    values: usize,
}

impl Journey {
    fn takes(&self, portion: &Portion) -> bool {
        let is_new = |other: &Portion| other.table.name != portion.table.name;
        self.values + portion.values.len() <= VALUES_MAX && self.portions.iter().all(is_new)
    }

    fn add(&mut self, portion: Portion) {
        self.values += portion.values.len();
        self.portions.push(portion);
    }

    async fn write<C: Connection>(self, connection: &C) -> Result<(), StorageError> {
        let mut place = 0;
        let mut inserts = Vec::with_capacity(self.portions.len());
        let mut values = Vec::with_capacity(self.values);
        for portion in self.portions {
            inserts.push(portion.table.insert(portion.rows, place + 1));
            place += portion.values.len();
            values.extend(portion.values);
        }
        let Some(last) = inserts.pop() else {
            return Ok(());
        };
        let sql = if inserts.is_empty() {
            last
        } else {
            let parts: Vec<String> = inserts
                .into_iter()
                .enumerate()
                .map(|(number, insert)| format!("part{number} AS ({insert})"))
                .collect();
            format!("WITH {} {last}", parts.join(", "))
        };
        execute(connection, &sql, values).await?;
        Ok(())
    }
}

/// A key as one text. Keys are texts and whole numbers; a separator that no text holds keeps them apart.
fn key_of(values: &[Value]) -> String {
    let mut key = String::with_capacity(80);
    for value in values {
        match value {
            Value::Text(Some(text)) => key.push_str(text),
            Value::Integer(Some(number)) => key.push_str(&number.to_string()),
            // Whatever else a key may hold must still keep two rows apart.
            other => write!(key, "{other:?}").expect("a text takes every text"),
        }
        key.push('\u{1f}');
    }
    key
}

/// The sheet of a batch.
#[derive(Debug, Default)]
pub struct Sheet {
    tables: Vec<Rows>,
    statements: Vec<(Cow<'static, str>, Vec<Value>)>,
}

impl Sheet {
    /// An empty sheet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Puts a row into a table.
    pub fn put(&mut self, table: &'static Table, row: impl IntoIterator<Item = Value>) {
        let row = row.into_iter().collect();
        if let Some(rows) = self
            .tables
            .iter_mut()
            .find(|rows| rows.table.name == table.name)
        {
            rows.add(row);
            return;
        }
        let mut rows = Rows {
            table,
            lines: Vec::new(),
            places: HashMap::new(),
        };
        rows.add(row);
        self.tables.push(rows);
    }

    /// A statement of its own, for what no row can say. It runs after all rows of the batch, in the order of the statements.
    pub fn run(
        &mut self,
        sql: impl Into<Cow<'static, str>>,
        values: impl IntoIterator<Item = Value>,
    ) {
        self.statements
            .push((sql.into(), values.into_iter().collect()));
    }

    /// Writes everything.
    ///
    /// # Errors
    /// Whatever the engine reports; the transaction is spoilt then.
    pub async fn write<C: Connection>(self, connection: &C) -> Result<(), StorageError> {
        match connection.backend() {
            Backend::Sqlite => write_row_by_row(self.tables, connection).await?,
            Backend::Postgres => write_in_journeys(self.tables, connection).await?,
        }
        for (sql, values) in self.statements {
            execute(connection, &sql, values).await?;
        }
        Ok(())
    }
}

/// SQLite stands in the same room: a row costs no journey, and one statement for each table is always prepared.
async fn write_row_by_row<C: Connection>(
    tables: Vec<Rows>,
    connection: &C,
) -> Result<(), StorageError> {
    for rows in tables {
        let sql = rows.table.insert(1, 1);
        for line in rows.lines {
            execute(connection, &sql, line).await?;
        }
    }
    Ok(())
}

/// PostgreSQL stands elsewhere: as much as possible travels at once.
async fn write_in_journeys<C: Connection>(
    tables: Vec<Rows>,
    connection: &C,
) -> Result<(), StorageError> {
    let mut journey = Journey::default();
    for portion in tables.into_iter().flat_map(Rows::portions) {
        if !journey.takes(&portion) {
            std::mem::take(&mut journey).write(connection).await?;
        }
        journey.add(portion);
    }
    journey.write(connection).await
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLACES: Table = Table {
        name: "place",
        columns: &["region", "id", "name"],
        key_columns: 2,
        existing: Existing::Replaced,
    };
    const FIRSTS: Table = Table {
        name: "first",
        existing: Existing::Kept,
        ..PLACES
    };
    const LINES: Table = Table {
        name: "line",
        existing: Existing::Impossible,
        ..PLACES
    };

    fn row(id: i64, name: &str) -> [Value; 3] {
        ["r".into(), id.into(), name.into()]
    }

    fn names(sheet: &Sheet, table: usize) -> Vec<String> {
        let told = |row: &Vec<Value>| match &row[2] {
            Value::Text(Some(name)) => name.clone(),
            other => format!("{other:?}"),
        };
        sheet.tables[table].lines.iter().map(told).collect()
    }

    #[test]
    fn of_rows_with_one_key_the_last_counts_unless_the_first_is_to_stay() {
        let mut sheet = Sheet::new();
        for table in [&PLACES, &FIRSTS, &LINES] {
            sheet.put(table, row(1, "a"));
            sheet.put(table, row(2, "b"));
            sheet.put(table, row(1, "c"));
        }
        assert_eq!(names(&sheet, 0), ["c", "b"]);
        assert_eq!(names(&sheet, 1), ["a", "b"]);
        assert_eq!(names(&sheet, 2), ["a", "b", "c"]);
    }

    #[test]
    fn statements_say_what_happens_to_a_row_that_is_there() {
        assert_eq!(
            PLACES.insert(2, 1),
            "INSERT INTO place (region, id, name) VALUES ($1, $2, $3), ($4, $5, $6) ON CONFLICT (region, id) DO UPDATE SET name = excluded.name"
        );
        assert_eq!(
            FIRSTS.insert(1, 1),
            "INSERT INTO first (region, id, name) VALUES ($1, $2, $3) ON CONFLICT (region, id) DO NOTHING"
        );
        assert_eq!(
            LINES.insert(1, 7),
            "INSERT INTO line (region, id, name) VALUES ($7, $8, $9)"
        );
    }

    #[test]
    fn keys_of_several_columns_do_not_run_together() {
        assert_ne!(
            key_of(&["ab".into(), "c".into()]),
            key_of(&["a".into(), "bc".into()])
        );
        assert_ne!(key_of(&[true.into()]), key_of(&[false.into()]));
    }
}
