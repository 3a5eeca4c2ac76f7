//! Forms that a county writes as data: a subset of JSON Schema 2020-12 with a small vocabulary for the page (`x-…`).
//!
//! It lives in webkit because the portal, the counter and the stations show the same form and must accept and refuse the
//! same answers. The schema is the only rule: it is rendered on the server, read on the server and checked on the
//! server; a browser without JavaScript loses nothing. A keyword that is not known here is refused when the form is
//! stored, never skipped.

mod at_hand;
mod choices;
mod describe;
mod errors;
mod field;
mod formats;
mod known;
mod messages;
mod parse;
mod read;
mod render;
mod rows;
mod signature;
mod table;
mod when;

use std::sync::Arc;

pub use describe::{AnswerLine, Disclosure};
pub use errors::{FieldError, FieldErrors, FormError};
pub use field::{Field, FieldKind, Widget};
pub use formats::{FormatProblem, Formats, StandardFormats};
pub use known::{KnownNote, KnownNotes, REASON_CHARACTERS_MAX, reason_field, typed_reason};
pub use parse::{FIELDS_MAX, SCHEMA_BYTES_MAX};
pub use read::Submission;
pub use signature::Signature;
pub use table::{COLUMNS_MAX, ROWS_MAX, Table};
pub use when::When;

use crate::markup::Choice;

/// The answers of a form by field name.
pub type Answers = serde_json::Map<String, serde_json::Value>;

/// One parsed form. Parse once for each version of an item and keep it: the validator is compiled in it.
pub struct Form {
    title: String,
    fields: Vec<Field>,
    groups: Vec<String>,
    validator: jsonschema::Validator,
    formats: Arc<dyn Formats>,
}

impl Form {
    /// The form's title (`title`), in Chinese.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// All fields in the order in which they are asked.
    pub fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// The names of the groups in order; one group is one page of the application.
    pub fn groups(&self) -> &[String] {
        &self.groups
    }

    /// The fields of one group, in order.
    pub fn fields_of<'a>(&'a self, group: &'a str) -> impl Iterator<Item = &'a Field> {
        self.fields.iter().filter(move |field| field.group == group)
    }

    /// The answers that were chosen from lists (`x-list`), those in tables too.
    pub fn listed<'a>(&'a self, answers: &'a Answers) -> impl Iterator<Item = &'a str> {
        fn of<'a>(field: &Field, holder: &'a serde_json::Value) -> Option<&'a str> {
            field.list.as_ref()?;
            holder.get(&field.name)?.as_str()
        }
        self.fields.iter().flat_map(move |field| {
            let own = answers.get(&field.name);
            let plain = own.filter(|_| field.list.is_some());
            let rows = field.table.iter().flat_map(move |table| {
                let rows = own.and_then(serde_json::Value::as_array);
                rows.into_iter().flatten().flat_map(move |row| {
                    let columns = table.columns.iter();
                    columns.filter_map(move |column| of(column, row))
                })
            });
            plain
                .and_then(serde_json::Value::as_str)
                .into_iter()
                .chain(rows)
        })
    }

    /// The field of that name; for a cell of a table the table.
    pub fn field(&self, name: &str) -> Option<&Field> {
        let (name, _) = name.split_once('.').unwrap_or((name, ""));
        self.fields.iter().find(|field| field.name == name)
    }
}

impl std::fmt::Debug for Form {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Form")
            .field("title", &self.title)
            .field("groups", &self.groups)
            .finish_non_exhaustive()
    }
}

/// Choices under a common heading, such as the villages of one town.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChoiceGroup {
    /// The heading; empty when there is none.
    pub label: String,
    /// The choices.
    pub choices: Vec<Choice>,
}

/// Lists that are not written in the form because they change on their own, such as the villages of the county. A field
/// names its list with `x-list`.
pub trait Lists: Send + Sync {
    /// The groups of a list; empty for a list that is not known.
    fn groups(&self, list: &str) -> Vec<ChoiceGroup>;

    /// The words of one value of a list: heading and label.
    fn label(&self, list: &str, value: &str) -> Option<String> {
        self.groups(list).into_iter().find_map(|group| {
            let choice = group
                .choices
                .into_iter()
                .find(|choice| choice.value == value)?;
            Some(format!("{}{}", group.label, choice.label))
        })
    }
}

/// For forms without lists.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoLists;

impl Lists for NoLists {
    fn groups(&self, _list: &str) -> Vec<ChoiceGroup> {
        Vec::new()
    }
}

#[cfg(test)]
pub(crate) mod tests;
