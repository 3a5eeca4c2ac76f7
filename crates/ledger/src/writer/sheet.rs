//! What follows from events, gathered before it is written. A projection does not touch the database: it puts rows on the
//! sheet of its batch, and the sheet is written with as few journeys to the engine as possible.
//!
//! Rows are written table by table, then statements in their order. Tables of projections do not refer to each other, so the
//! order among them does not matter; within a table rows keep theirs.

use std::{borrow::Cow, collections::HashMap, fmt::Write};

use crate::storage::{Backend, Column, Connection, StorageError, Value, execute, rows_placeholder};

/// From how many columns on a row that is there is compared with the new one before it is replaced.
const WIDE_COLUMNS: usize = 12;

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
    /// The statement that puts rows from a source into the table.
    fn insert(&self, source: &str) -> String {
        let (name, columns) = (self.name, self.columns.join(", "));
        let (key, others) = self.columns.split_at(self.key_columns);
        let mut sql = format!("INSERT INTO {name} ({columns}) {source}");
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

    /// Whether it pays to look what of a row has changed.
    fn is_wide(&self) -> bool {
        self.existing == Existing::Replaced && self.columns.len() >= WIDE_COLUMNS
    }

    /// The condition that a row has the key whose values have the first places.
    fn has_key(&self) -> String {
        let key = self.columns[..self.key_columns].iter().zip(1..);
        let parts: Vec<String> = key
            .map(|(column, place)| format!("{column} = ${place}"))
            .collect();
        parts.join(" AND ")
    }

    /// The question for the row with a key.
    fn select_row(&self) -> String {
        let columns = self.columns.join(", ");
        format!(
            "SELECT {columns} FROM {} WHERE {}",
            self.name,
            self.has_key()
        )
    }

    /// The statement for one row.
    fn insert_row(&self) -> String {
        let values = rows_placeholder(1, self.columns.len());
        self.insert(&format!("VALUES {values}"))
    }

    /// The statement for any number of rows, given column by column at the places from one on.
    fn insert_columns(&self, columns: &[Column], from: usize) -> String {
        let places: Vec<String> = columns
            .iter()
            .zip(from..)
            .map(|(column, place)| format!("${place}::{}", column.kind()))
            .collect();
        self.insert(&format!("SELECT * FROM unnest({})", places.join(", ")))
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

    /// The rows turned into columns.
    fn into_columns(self) -> Result<Vec<Column>, StorageError> {
        let rows = self.lines.len();
        let mut lines = self.lines.into_iter();
        let mut columns: Vec<Column> = lines
            .next()
            .unwrap_or_default()
            .into_iter()
            .map(|value| Column::beginning_with(value, rows))
            .collect();
        for (number, line) in lines.enumerate() {
            for ((column, name), value) in columns.iter_mut().zip(self.table.columns).zip(line) {
                if !column.add(value) {
                    return Err(StorageError::Inconsistent {
                        table: self.table.name,
                        column: name,
                        id: format!("{} of the sheet", number + 2),
                        reason: "the rows give this column values of different kinds".to_owned(),
                    });
                }
            }
        }
        Ok(columns)
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
            Backend::Postgres => write_at_once(self.tables, connection).await?,
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
        let insert = rows.table.insert_row();
        for line in rows.lines {
            if rows.table.is_wide() {
                replace_what_differs(rows.table, &insert, line, connection).await?;
            } else {
                execute(connection, &insert, line).await?;
            }
        }
    }
    Ok(())
}

/// SQLite rewrites every index that a statement's columns stand in, whether or not their values change. In a wide table
/// most of them stay, so the row that is there is looked at first.
async fn replace_what_differs<C: Connection>(
    table: &Table,
    insert: &str,
    line: Vec<Value>,
    connection: &C,
) -> Result<(), StorageError> {
    let (key, _) = line.split_at(table.key_columns);
    let select = table.select_row();
    let Some(row) = connection.rows(&select, key.to_vec(), 1).await?.pop() else {
        execute(connection, insert, line).await?;
        return Ok(());
    };
    let (mut changes, mut values) = (Vec::new(), key.to_vec());
    for (place, value) in line.into_iter().enumerate().skip(table.key_columns) {
        if !row.holds(place, &value) {
            values.push(value);
            changes.push(format!("{} = ${}", table.columns[place], values.len()));
        }
    }
    if changes.is_empty() {
        return Ok(());
    }
    let sql = format!(
        "UPDATE {} SET {} WHERE {}",
        table.name,
        changes.join(", "),
        table.has_key()
    );
    execute(connection, &sql, values).await?;
    Ok(())
}

/// PostgreSQL stands elsewhere: everything travels in one statement, whose parts write to a table each (its manual, 7.8.4).
/// Tables stand in the order of their names and rows come as columns, so that there are few texts to prepare.
async fn write_at_once<C: Connection>(
    mut tables: Vec<Rows>,
    connection: &C,
) -> Result<(), StorageError> {
    tables.sort_unstable_by_key(|rows| rows.table.name);
    let (mut inserts, mut values) = (Vec::new(), Vec::new());
    for rows in tables {
        let table = rows.table;
        let columns = rows.into_columns()?;
        inserts.push(table.insert_columns(&columns, values.len() + 1));
        values.extend(columns.into_iter().map(Value::Column));
    }
    let Some(last) = inserts.pop() else {
        return Ok(());
    };
    let parts: Vec<String> = inserts
        .into_iter()
        .enumerate()
        .map(|(number, insert)| format!("part{number} AS ({insert})"))
        .collect();
    let sql = if parts.is_empty() {
        last
    } else {
        format!("WITH {} {last}", parts.join(", "))
    };
    execute(connection, &sql, values).await?;
    Ok(())
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
            PLACES.insert_row(),
            "INSERT INTO place (region, id, name) VALUES ($1, $2, $3) ON CONFLICT (region, id) DO UPDATE SET name = excluded.name"
        );
        assert_eq!(
            FIRSTS.insert_row(),
            "INSERT INTO first (region, id, name) VALUES ($1, $2, $3) ON CONFLICT (region, id) DO NOTHING"
        );
        assert_eq!(
            LINES.insert_row(),
            "INSERT INTO line (region, id, name) VALUES ($1, $2, $3)"
        );
    }

    fn columns(rows: Vec<[Value; 3]>) -> Result<Vec<Column>, StorageError> {
        let mut sheet = Sheet::new();
        for row in rows {
            sheet.put(&LINES, row);
        }
        sheet.tables.remove(0).into_columns()
    }

    #[test]
    fn one_text_serves_any_number_of_rows() {
        let one = columns(vec![row(1, "a")]).unwrap();
        let two = columns(vec![row(1, "a"), row(2, "b")]).unwrap();
        assert_eq!(
            two[2],
            Column::Texts(vec![Some("a".to_owned()), Some("b".to_owned())])
        );
        assert_eq!(
            LINES.insert_columns(&two, 7),
            "INSERT INTO line (region, id, name) SELECT * FROM unnest($7::text[], $8::bigint[], $9::text[])"
        );
        assert_eq!(LINES.insert_columns(&one, 7), LINES.insert_columns(&two, 7));
    }

    #[test]
    fn a_column_of_several_kinds_is_told_by_name() {
        let refusal = columns(vec![row(1, "a"), ["r".into(), "2".into(), "b".into()]]);
        assert!(matches!(
            refusal,
            Err(StorageError::Inconsistent {
                table: "line",
                column: "id",
                ..
            })
        ));
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
