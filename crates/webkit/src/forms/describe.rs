//! The answers as people read them: the page 核对信息, the case page, the documents.

use serde_json::{Number, Value};

use super::{Answers, Field, FieldKind, Form, Lists, Signature, Table, signature::MASKED};
use crate::language::Translator;

/// Whether numbers that identify a person are shown in full.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Disclosure {
    /// Masked: `612425********1234`.
    Masked,
    /// In full, for the one who gave them and for those who have given a reason.
    Full,
}

/// One answer as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnswerLine {
    /// What was asked.
    pub label: String,
    /// What was answered; 未填写 when nothing.
    pub text: String,
    /// Name of the field.
    pub field: String,
    /// The group it is mended in.
    pub group: String,
    /// Whether there is an answer.
    pub is_answered: bool,
    /// What may be wrong with it and is not refused for that, such as a credit code issued early.
    pub warning: Option<String>,
    /// Whether it is a file, told as the material that it is.
    pub is_attachment: bool,
    /// A drawn signature as a picture, for those who see everything.
    pub picture: Option<String>,
}

/// A number as people write it: 12, where the store keeps a whole number of a field with decimals as 12.0.
pub(super) fn number_text(number: &Number) -> String {
    let text = number.to_string();
    text.strip_suffix(".0").unwrap_or(&text).to_owned()
}

impl Form {
    /// All questions that were asked with their answers, in order; questions without an answer are listed too, so that the
    /// person sees what they left out.
    pub fn describe(
        &self,
        values: &Answers,
        lists: &dyn Lists,
        disclosure: Disclosure,
        translator: &Translator,
    ) -> Vec<AnswerLine> {
        self.fields
            .iter()
            .filter(|field| self.is_asked(field, values))
            .filter(|field| !field.is_attachment() || values.contains_key(&field.name))
            .map(|field| {
                let text = values
                    .get(&field.name)
                    .and_then(|value| self.text_of(field, value, lists, disclosure, translator));
                AnswerLine {
                    is_attachment: field.is_attachment(),
                    picture: picture(field, values, disclosure),
                    label: translator.t(&field.label).into_owned(),
                    is_answered: text.is_some(),
                    text: text.unwrap_or_else(|| translator.t("未填写").into_owned()),
                    field: field.name.clone(),
                    group: field.group.clone(),
                    warning: values
                        .get(&field.name)
                        .and_then(|value| self.warning(field, value, translator)),
                }
            })
            .collect()
    }

    /// What may be wrong with an answer that is kept all the same.
    pub(super) fn warning(
        &self,
        field: &Field,
        value: &Value,
        translator: &Translator,
    ) -> Option<String> {
        let (format, text) = (field.format.as_ref()?, value.as_str()?);
        let problem = self.formats.warn(format, text)?;
        Some(problem.explain(translator))
    }

    pub(super) fn text_of(
        &self,
        field: &Field,
        value: &Value,
        lists: &dyn Lists,
        disclosure: Disclosure,
        translator: &Translator,
    ) -> Option<String> {
        if let Some(table) = &field.table {
            return self.rows_text(table, value, lists, disclosure, translator);
        }
        if field.is_signature() {
            let (signature, _) = Signature::read(value.as_str()?).ok()?;
            return Some(match disclosure {
                Disclosure::Full => signature.words(translator),
                Disclosure::Masked => translator.t(MASKED).into_owned(),
            });
        }
        let text = match (field.kind, value) {
            (_, Value::Null) => return None,
            (FieldKind::Boolean, value) => {
                let word = if value.as_bool().unwrap_or(false) {
                    "是"
                } else {
                    "否"
                };
                translator.t(word).into_owned()
            }
            (_, Value::Array(several)) => {
                let labels: Vec<String> = several
                    .iter()
                    .filter_map(Value::as_str)
                    .map(|value| label_of(field, value, lists, translator))
                    .collect();
                labels.join("、")
            }
            (_, Value::String(text)) => label_of(field, text, lists, translator),
            (_, Value::Number(number)) => number_text(number),
            (_, other) => other.to_string(),
        };
        let masked = match (disclosure, &field.format) {
            (Disclosure::Masked, Some(format)) => self.formats.mask(format, &text),
            _ => None,
        };
        Some(masked.unwrap_or(text)).filter(|text| !text.is_empty())
    }
}

fn picture(field: &Field, values: &Answers, disclosure: Disclosure) -> Option<String> {
    let shown = field.is_signature() && disclosure == Disclosure::Full;
    let text = values.get(&field.name).filter(|_| shown)?.as_str()?;
    let (signature, _) = Signature::read(text).ok()?;
    signature.picture("currentColor")
}

impl Form {
    /// A line for each row, with the name of each column before its cell.
    fn rows_text(
        &self,
        table: &Table,
        value: &Value,
        lists: &dyn Lists,
        disclosure: Disclosure,
        translator: &Translator,
    ) -> Option<String> {
        let lines: Vec<String> = value
            .as_array()?
            .iter()
            .enumerate()
            .map(|(row, cells)| {
                let parts: Vec<String> = table
                    .columns
                    .iter()
                    .filter_map(|column| {
                        let cell = cells.get(&column.name)?;
                        let text = self.text_of(column, cell, lists, disclosure, translator)?;
                        Some(format!("{} {text}", translator.t(&column.label)))
                    })
                    .collect();
                format!("{}. {}", row + 1, parts.join("；"))
            })
            .collect();
        (!lines.is_empty()).then(|| lines.join("\n"))
    }
}

impl Form {
    /// The columns and cells of a table in words; `None` for a question that is none.
    pub fn cells(
        &self,
        name: &str,
        value: &Value,
        lists: &dyn Lists,
        disclosure: Disclosure,
        translator: &Translator,
    ) -> Option<(Vec<String>, Vec<Vec<String>>)> {
        let table = self.field(name)?.table.as_ref()?;
        let columns = table.columns.iter();
        let told = |row: &Value| {
            let cell = |column: &Field| {
                let value = row.get(&column.name)?;
                self.text_of(column, value, lists, disclosure, translator)
            };
            table
                .columns
                .iter()
                .map(|column| cell(column).unwrap_or_default())
                .collect()
        };
        Some((
            columns
                .map(|column| translator.t(&column.label).into_owned())
                .collect(),
            value.as_array()?.iter().map(told).collect(),
        ))
    }
}

fn label_of(field: &Field, value: &str, lists: &dyn Lists, translator: &Translator) -> String {
    if let Some(choice) = field.choices.iter().find(|choice| choice.value == value) {
        return translator.t(&choice.label).into_owned();
    }
    let listed = field
        .list
        .as_ref()
        .and_then(|list| lists.label(list, value));
    listed.unwrap_or_else(|| value.to_owned())
}
