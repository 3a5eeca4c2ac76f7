//! The answers as people read them: the page 核对信息, the case page, the documents.

use serde_json::Value;

use super::{Answers, Field, FieldKind, Form, Lists};
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
}

impl Form {
    /// All questions with their answers, in order; questions without an answer are listed too, so that the person sees
    /// what they left out.
    pub fn describe(
        &self,
        values: &Answers,
        lists: &dyn Lists,
        disclosure: Disclosure,
        translator: &Translator,
    ) -> Vec<AnswerLine> {
        self.fields
            .iter()
            .map(|field| {
                let text = values
                    .get(&field.name)
                    .and_then(|value| self.text_of(field, value, lists, disclosure, translator));
                AnswerLine {
                    label: translator.t(&field.label).into_owned(),
                    is_answered: text.is_some(),
                    text: text.unwrap_or_else(|| translator.t("未填写").into_owned()),
                    field: field.name.clone(),
                    group: field.group.clone(),
                }
            })
            .collect()
    }

    fn text_of(
        &self,
        field: &Field,
        value: &Value,
        lists: &dyn Lists,
        disclosure: Disclosure,
        translator: &Translator,
    ) -> Option<String> {
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
            (_, other) => other.to_string(),
        };
        let masked = match (disclosure, &field.format) {
            (Disclosure::Masked, Some(format)) => self.formats.mask(format, &text),
            _ => None,
        };
        Some(masked.unwrap_or(text)).filter(|text| !text.is_empty())
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
