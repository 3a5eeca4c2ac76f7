//! What can be wrong with a form: with the answers, field by field, and with the schema itself.

use super::{FIELDS_MAX, SCHEMA_BYTES_MAX};

/// One mistake: which field, and a sentence that names the field, the rule and the way out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// Name of the field; the summary links to `#field-{field}`.
    pub field: String,
    /// The sentence.
    pub message: String,
}

/// The mistakes of one form, in the order of its fields. Hand-written forms use it too.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldErrors {
    found: Vec<FieldError>,
    focus: Option<String>,
}

impl FieldErrors {
    /// No mistakes.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a mistake.
    pub fn add(&mut self, field: impl Into<String>, message: impl Into<String>) {
        self.found.push(FieldError {
            field: field.into(),
            message: message.into(),
        });
    }

    /// Takes in what was found elsewhere, for fields of which nothing is said yet.
    pub fn take_in(&mut self, found: &Self) {
        for error in found {
            if self.of(&error.field).is_none() {
                self.add(error.field.clone(), error.message.clone());
            }
        }
    }

    /// Opens the page at a table, or at one of its rows (`{field}.{row}`), which has just been changed.
    #[must_use]
    pub(super) fn opened_at(mut self, place: String) -> Self {
        self.focus = Some(place);
        self
    }

    /// Whether the page opens at that table or row.
    pub(super) fn opens_at(&self, place: &str) -> bool {
        self.found.is_empty() && self.focus.as_deref() == Some(place)
    }

    /// The first mistake of a field.
    pub fn of(&self, field: &str) -> Option<&str> {
        self.found
            .iter()
            .find(|error| error.field == field)
            .map(|error| error.message.as_str())
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.found.len()
    }

    /// All of them.
    pub fn iter(&self) -> std::slice::Iter<'_, FieldError> {
        self.found.iter()
    }
}

impl<'a> IntoIterator for &'a FieldErrors {
    type Item = &'a FieldError;
    type IntoIter = std::slice::Iter<'a, FieldError>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl FromIterator<FieldError> for FieldErrors {
    fn from_iter<T: IntoIterator<Item = FieldError>>(errors: T) -> Self {
        Self {
            found: errors.into_iter().collect(),
            focus: None,
        }
    }
}

/// Why a schema is no form.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum FormError {
    /// Larger than [`SCHEMA_BYTES_MAX`].
    #[error("表单定义有 {bytes} 字节，最多 {SCHEMA_BYTES_MAX} 字节，请拆分或精简")]
    TooLarge {
        /// Its size.
        bytes: usize,
    },
    /// Not JSON.
    #[error("表单定义不是正确的 JSON：{0}")]
    NotJson(String),
    /// Not an object with `properties`.
    #[error("表单定义须为 type = object，且写明 properties")]
    NotAnObject,
    /// More than [`FIELDS_MAX`] fields.
    #[error("表单有 {count} 个字段，最多 {FIELDS_MAX} 个，请拆分")]
    TooManyFields {
        /// How many.
        count: usize,
    },
    /// A keyword this program does not know: it would be skipped in silence.
    #[error("{place} 用了不支持的关键字 {keyword}，请删除或改用支持的写法")]
    UnknownKeyword {
        /// The field, or 表单.
        place: String,
        /// The keyword.
        keyword: String,
    },
    /// A field that cannot be asked.
    #[error("字段 {field}：{reason}")]
    Field {
        /// Its name.
        field: String,
        /// What is wrong and the way out.
        reason: String,
    },
    /// Not a valid schema (JSON Schema 2020-12).
    #[error("表单定义不符合 JSON Schema：{0}")]
    Schema(String),
}
