//! From what a browser sends to answers: tidied, typed, checked.

use std::collections::HashSet;

use serde_json::{Number, Value};

use super::{
    Answers, Field, FieldErrors, FieldKind, Form, Lists, Widget, messages::Mistakes, signature,
};
use crate::language::Translator;

/// The most that one answer may hold, in characters; one more is kept, so that `maxLength` refuses what is longer.
const TYPED_CHARACTERS_MAX: usize = 20_000;

/// What was read from a form.
#[derive(Clone, Debug, Default)]
pub struct Submission {
    /// The answers; where something is wrong, what was typed, so that the page can show it again.
    pub values: Answers,
    /// What is wrong, in the order of the fields.
    pub errors: FieldErrors,
    /// Whether only a row of a table was added or taken out: the page is shown again, nothing was checked.
    pub is_rows_changed: bool,
}

impl Submission {
    /// Whether everything asked is answered rightly.
    pub fn is_complete(&self) -> bool {
        self.errors.is_empty() && !self.is_rows_changed
    }
}

impl Form {
    /// Reads and checks the whole form. Names that are not fields of the form are left out.
    pub fn read(
        &self,
        pairs: &[(String, String)],
        lists: &dyn Lists,
        translator: &Translator,
    ) -> Submission {
        let values = self.typed(pairs, |_| true);
        self.submission(values, pairs, lists, translator, |_| true)
    }

    /// Reads one group into the answers already known, and checks this group only.
    pub fn read_group(
        &self,
        group: &str,
        known: &Answers,
        pairs: &[(String, String)],
        lists: &dyn Lists,
        translator: &Translator,
    ) -> Submission {
        let mut values = known.clone();
        for field in self.fields_of(group) {
            values.remove(&field.name);
        }
        let is_asked = |field: &Field| field.group == group;
        values.extend(self.typed(pairs, is_asked));
        self.submission(values, pairs, lists, translator, is_asked)
    }

    fn submission(
        &self,
        mut values: Answers,
        pairs: &[(String, String)],
        lists: &dyn Lists,
        translator: &Translator,
        is_asked: impl Fn(&Field) -> bool,
    ) -> Submission {
        let changed = self.change_rows(pairs, &mut values, translator);
        self.keep_asked(&mut values);
        if let Some(errors) = changed {
            return Submission {
                values,
                errors,
                is_rows_changed: true,
            };
        }
        self.drop_blank_rows(&mut values);
        self.sign(&mut values);
        let errors = self.check(&values, lists, translator, is_asked);
        Submission {
            values,
            errors,
            is_rows_changed: false,
        }
    }

    /// Checks stored answers again, for example before a draft is submitted.
    pub fn check_all(
        &self,
        values: &Answers,
        lists: &dyn Lists,
        translator: &Translator,
    ) -> FieldErrors {
        self.check(values, lists, translator, |_| true)
    }

    fn typed(&self, pairs: &[(String, String)], is_asked: impl Fn(&Field) -> bool) -> Answers {
        let mut values = Answers::new();
        for field in self
            .fields
            .iter()
            .filter(|field| is_asked(field) && !field.is_attachment())
        {
            let value = match &field.table {
                Some(table) => self.rows_of(field, table, pairs),
                None if field.is_signature() => signature::typed(&field.name, pairs),
                None => self.value_of(field, &texts_of(pairs, &field.name)),
            };
            if let Some(value) = value {
                values.insert(field.name.clone(), value);
            }
        }
        values
    }

    /// The answer in its JSON type; text that does not convert stays text, and the schema then says what is wrong.
    pub(super) fn value_of(&self, field: &Field, typed: &[&str]) -> Option<Value> {
        if field.kind == FieldKind::Boolean {
            let is_ticked = typed
                .iter()
                .any(|text| matches!(*text, "true" | "on" | "1"));
            return Some(Value::Bool(is_ticked));
        }
        if field.kind == FieldKind::Several {
            let mut seen = HashSet::new();
            let several: Vec<Value> = typed
                .iter()
                .map(|text| tidy(field, text))
                .filter(|text| !text.is_empty() && seen.insert(text.clone()))
                .map(Value::String)
                .collect();
            return (!several.is_empty()).then_some(Value::Array(several));
        }
        let text = tidy(field, typed.first()?);
        if text.is_empty() {
            return None;
        }
        let plain = || text.replace([',', ' '], "");
        Some(match field.kind {
            FieldKind::Integer => plain()
                .parse::<i64>()
                .map_or(Value::String(text.clone()), Value::from),
            FieldKind::Number => {
                number(&plain()).map_or(Value::String(text.clone()), Value::Number)
            }
            _ => match &field.format {
                Some(format) => Value::String(self.formats.read(format, &text).unwrap_or(text)),
                None => Value::String(text),
            },
        })
    }

    pub(super) fn check(
        &self,
        values: &Answers,
        lists: &dyn Lists,
        translator: &Translator,
        is_asked: impl Fn(&Field) -> bool,
    ) -> FieldErrors {
        let instance = Value::Object(values.clone());
        let mut found = Mistakes::new(self, translator);
        for error in self.validator.iter_errors(&instance) {
            found.take(&error, &is_asked);
        }
        for field in self.fields.iter().filter(|field| is_asked(field)) {
            if self.is_signed_before(field, values) {
                found.signed_before(field);
            }
            let rows = values.get(&field.name).and_then(Value::as_array);
            match (&field.table, rows) {
                (Some(table), Some(rows)) => {
                    for (row, cells) in rows.iter().enumerate() {
                        for column in &table.columns {
                            if !is_listed(column, cells.get(&column.name), lists) {
                                found.not_listed(field, Some((row, column)));
                            }
                        }
                    }
                }
                _ if !is_listed(field, values.get(&field.name), lists) => {
                    found.not_listed(field, None);
                }
                _ => {}
            }
        }
        found.in_order()
    }
}

/// What was typed into the field of that name.
pub(super) fn texts_of<'a>(pairs: &'a [(String, String)], name: &str) -> Vec<&'a str> {
    pairs
        .iter()
        .filter(|(pair, _)| pair == name)
        .map(|(_, text)| text.as_str())
        .collect()
}

/// Whether an answer stands in the list that its field names.
fn is_listed(field: &Field, value: Option<&Value>, lists: &dyn Lists) -> bool {
    match (&field.list, value.and_then(Value::as_str)) {
        (Some(list), Some(value)) => lists.label(list, value).is_some(),
        _ => true,
    }
}

/// A number as it was typed: a whole one stays whole.
fn number(plain: &str) -> Option<Number> {
    let whole = plain.parse::<i64>().map(Number::from).ok();
    whole.or_else(|| plain.parse::<f64>().ok().and_then(Number::from_f64))
}

/// Blanks at the ends go; full-width letters and digits become plain; where no prose is written, full-width signs too.
/// Control characters never reach a store.
/// A choice was not typed: it stays as it is listed, 村（社区） with its full-width signs.
fn tidy(field: &Field, text: &str) -> String {
    if field.widget.is_choice() {
        return text
            .chars()
            .take(TYPED_CHARACTERS_MAX + 1)
            .filter(|character| !character.is_control())
            .collect();
    }
    let is_prose = field.format.is_none() && matches!(field.kind, FieldKind::Text);
    let keeps_lines = field.widget == Widget::TextArea;
    let mut out = String::with_capacity(text.len());
    for character in text
        .replace("\r\n", "\n")
        .chars()
        .take(TYPED_CHARACTERS_MAX + 1)
    {
        match character {
            '\n' if keeps_lines => out.push('\n'),
            '\n' | '\t' | '\u{3000}' | '\u{00A0}' => out.push(' '),
            _ if character.is_control()
                || matches!(character, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{FEFF}') =>
                {}
            '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' => out.push(half_width(character)),
            '！'..='～' if !is_prose => out.push(half_width(character)),
            '。' if !is_prose => out.push('.'),
            _ => out.push(character),
        }
    }
    out.trim().to_owned()
}

fn half_width(character: char) -> char {
    u32::from(character)
        .checked_sub(0xFEE0)
        .and_then(char::from_u32)
        .unwrap_or(character)
}
