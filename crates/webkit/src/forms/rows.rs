//! The rows of a table as a page sends them: its cells, the buttons 添加一行 and 删去, and rows in which nothing was written.
//!
//! The buttons are ordinary submit buttons, so a browser without JavaScript loses nothing: the page is shown again with the
//! rows as they are now, and nothing of it is checked before it is handed in.

use serde_json::{Map, Value};

use super::{
    Answers, Field, FieldErrors, Form, Submission, Table, messages, read::texts_of,
    table::cell_name,
};
use crate::language::Translator;

/// The part of a page that tells how many rows it showed: a row of choices that were not made sends nothing else.
pub(super) const COUNT: &str = "rows";
/// The button 添加一行.
pub(super) const ADD: &str = "add";
/// The button 删去第 N 行; its value is the row.
pub(super) const REMOVE: &str = "remove";

impl Form {
    /// All rows that were shown, also those in which nothing was written.
    pub(super) fn rows_of(
        &self,
        field: &Field,
        table: &Table,
        pairs: &[(String, String)],
    ) -> Option<Value> {
        let own: Vec<(&str, &str)> = pairs
            .iter()
            .filter_map(|(name, text)| {
                let part = name.strip_prefix(&field.name)?.strip_prefix('.')?;
                Some((part, text.as_str()))
            })
            .collect();
        let shown = own
            .iter()
            .filter_map(|(part, text)| match part.split_once('.') {
                Some((row, _)) => row.parse::<usize>().ok()?.checked_add(1),
                None if *part == COUNT => text.parse().ok(),
                None => None,
            })
            .max()
            .unwrap_or(0);
        // One row more than may be is kept, so that `maxItems` refuses it.
        let rows: Vec<Value> = (0..shown.min(table.rows_max + 1))
            .map(|row| {
                let cells = table.columns.iter().filter_map(|column| {
                    let typed = texts_of(pairs, &cell_name(&field.name, row, &column.name));
                    Some((column.name.clone(), self.value_of(column, &typed)?))
                });
                Value::Object(cells.collect())
            })
            .collect();
        (!rows.is_empty()).then_some(Value::Array(rows))
    }

    /// Adds or takes out a row where its button was pressed. `None` when none was; else what stands against it.
    pub(super) fn change_rows(
        &self,
        pairs: &[(String, String)],
        values: &mut Answers,
        translator: &Translator,
    ) -> Option<FieldErrors> {
        let (field, table, part, place) = self.fields.iter().find_map(|field| {
            let table = field.table.as_ref()?;
            let button = |part: &'static str| {
                let name = format!("{}.{part}", field.name);
                let pressed = pairs.iter().find(|(pair, _)| *pair == name)?;
                Some((field, table, part, pressed.1.parse::<usize>().ok()))
            };
            button(ADD).or_else(|| button(REMOVE))
        })?;
        let mut errors = FieldErrors::new();
        let mut opened = field.name.clone();
        let entry = values
            .entry(field.name.clone())
            .or_insert_with(|| Value::Array(Vec::new()));
        if let Value::Array(rows) = entry {
            match (part, place) {
                (ADD, _) if rows.len() < table.rows_max => {
                    opened = format!("{}.{}", field.name, rows.len());
                    rows.push(Value::Object(Map::new()));
                }
                (ADD, _) => {
                    errors.add(
                        field.name.clone(),
                        messages::too_many_rows(field, table.rows_max, translator),
                    );
                }
                (_, Some(place)) if place < rows.len() => {
                    rows.remove(place);
                }
                // A page that is older than the answers: what it shows now is what is known.
                _ => {}
            }
        }
        Some(errors.opened_at(opened))
    }

    /// Leaves out the rows in which nothing was written: a person who added one too many need not take it out.
    pub(super) fn drop_blank_rows(&self, values: &mut Answers) {
        for field in self.fields.iter().filter(|field| field.table.is_some()) {
            let Some(Value::Array(rows)) = values.get_mut(&field.name) else {
                continue;
            };
            rows.retain(|row| !is_blank(row));
            if rows.is_empty() {
                values.remove(&field.name);
            }
        }
    }
}

impl Submission {
    /// The answers as they are kept: without rows that were only added.
    pub fn kept(&self, form: &Form) -> Answers {
        let mut kept = self.values.clone();
        form.drop_blank_rows(&mut kept);
        kept
    }
}

/// Whether nothing was written in a row. A box that is not ticked says nothing.
pub(super) fn is_blank(row: &Value) -> bool {
    row.as_object().is_some_and(|cells| {
        cells
            .values()
            .all(|cell| matches!(cell, Value::Null | Value::Bool(false)))
    })
}
