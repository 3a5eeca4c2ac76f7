//! Tables of rows: a question whose answer is a list of rows, each with the same columns (子女、股东、从业人员). A column is an
//! ordinary question; what it asks for, refuses and masks is what it would as a question of its own.
//!
//! In the schema a table is an `array` whose `items` are an `object`. On a page its cells are named
//! `{field}.{row}.{column}`, rows counted from 0, and so are the mistakes in them.

use serde_json::{Map, Value, json};

use super::{
    Field, FieldKind, FormError, Formats,
    parse::{known_keywords, read_fields, texts, wrong},
};

/// The most rows that a table may ask for.
pub const ROWS_MAX: u64 = 50;
/// The most rows of a table that sets no `maxItems`.
const ROWS_MAX_DEFAULT: u64 = 20;
/// How many columns a table may have: more are no longer read side by side.
pub const COLUMNS_MAX: usize = 10;
/// Keywords of `items`.
const ROW_KEYWORDS: [&str; 7] = [
    "type",
    "title",
    "description",
    "$comment",
    "properties",
    "required",
    "additionalProperties",
];

/// What makes a field a table.
#[derive(Clone, Debug)]
pub struct Table {
    /// The columns in the order in which they are asked.
    pub columns: Vec<Field>,
    /// How many rows there must be once there is an answer.
    pub rows_min: usize,
    /// How many rows there may be; never more than [`ROWS_MAX`].
    pub rows_max: usize,
}

impl Table {
    /// The column of that name.
    pub fn column(&self, name: &str) -> Option<&Field> {
        self.columns.iter().find(|column| column.name == name)
    }
}

/// The name of a cell on the page.
pub(super) fn cell_name(field: &str, row: usize, column: &str) -> String {
    format!("{field}.{row}.{column}")
}

/// Whether a definition is a table's.
pub(super) fn is_table(definition: &Map<String, Value>) -> bool {
    definition
        .get("items")
        .and_then(|items| items.get("type"))
        .and_then(Value::as_str)
        == Some("object")
}

/// Reads a table, and writes its limits into the definition: they are part of the rule, also where the schema leaves
/// them to this program.
pub(super) fn read(
    field: &Field,
    definition: &mut Map<String, Value>,
    formats: &dyn Formats,
) -> Result<Table, FormError> {
    let name = &field.name;
    let (rows_min, rows_max) = limits(name, definition, field.is_required)?;
    definition.insert("minItems".to_owned(), json!(rows_min));
    definition.insert("maxItems".to_owned(), json!(rows_max));
    let no_columns = || wrong(name, "表格须在 items 的 properties 里写出各列，至少一列");
    let items = definition
        .get_mut("items")
        .and_then(Value::as_object_mut)
        .ok_or_else(no_columns)?;
    known_keywords(name, items, &ROW_KEYWORDS)?;
    let required = texts(items.get("required"));
    // What no column asks for would be kept without ever being shown.
    items.insert("additionalProperties".to_owned(), json!(false));
    let properties = items
        .get_mut("properties")
        .and_then(Value::as_object_mut)
        .filter(|properties| !properties.is_empty())
        .ok_or_else(no_columns)?;
    if properties.len() > COLUMNS_MAX {
        return Err(wrong(
            name,
            &format!(
                "表格有 {} 列，最多 {COLUMNS_MAX} 列，请拆分或精简",
                properties.len()
            ),
        ));
    }
    let columns =
        read_fields(properties, &required, formats).map_err(|error| within(name, error))?;
    for column in &columns {
        check_column(column).map_err(|error| within(name, error))?;
    }
    let count = |rows: u64| usize::try_from(rows).unwrap_or(usize::MAX);
    Ok(Table {
        columns,
        rows_min: count(rows_min),
        rows_max: count(rows_max),
    })
}

fn limits(
    name: &str,
    definition: &Map<String, Value>,
    is_required: bool,
) -> Result<(u64, u64), FormError> {
    let number = |key: &str| match definition.get(key) {
        None => Ok(None),
        Some(value) => value
            .as_u64()
            .map(Some)
            .ok_or_else(|| wrong(name, &format!("{key} 须为 0 或更大的整数"))),
    };
    let rows_max = number("maxItems")?.unwrap_or(ROWS_MAX_DEFAULT);
    let rows_min = number("minItems")?.unwrap_or(0).max(is_required.into());
    if !(1..=ROWS_MAX).contains(&rows_max) {
        return Err(wrong(
            name,
            &format!("maxItems 是表格最多几行，须在 1 到 {ROWS_MAX} 之间"),
        ));
    }
    if rows_min > rows_max {
        return Err(wrong(
            name,
            "minItems（最少几行）不能大于 maxItems（最多几行）",
        ));
    }
    Ok((rows_min, rows_max))
}

fn check_column(column: &Field) -> Result<(), FormError> {
    if column.kind == FieldKind::Rows {
        return Err(wrong(&column.name, "表格的列里不能再放表格，请另写一项"));
    }
    if column.when.is_some() {
        return Err(wrong(
            &column.name,
            "表格的列不能有 x-when：有条件的内容请写成单独的一项",
        ));
    }
    if column.element.is_some() {
        return Err(wrong(
            &column.name,
            "表格的列不能有 x-element：共用数据项说的是申请人，一行说的是别的人或物",
        ));
    }
    Ok(())
}

/// Names the column together with its table.
fn within(table: &str, error: FormError) -> FormError {
    match error {
        FormError::Field { field, reason } => FormError::Field {
            field: format!("{table}.{field}"),
            reason,
        },
        FormError::UnknownKeyword { place, keyword } => FormError::UnknownKeyword {
            place: format!("{table}.{place}"),
            keyword,
        },
        other => other,
    }
}

#[cfg(test)]
mod tests;
