//! A signature in a form: drawn with finger or mouse, the signer's name written and confirmed, or on the printed form, which the
//! counter keeps. It is an answer like any other, with a mark of the other answers that it was put under: whoever changes one of
//! them afterwards must sign again. It is the person's own mark on what they hand in while they are known to the house (电子签名法
//! art. 2), not the certificate of an authority.

#[cfg(test)]
mod tests;

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::{Answers, Field, FieldErrors, Form, FormatProblem, Widget, read::texts_of};
use crate::language::Translator;

/// The name of the format.
pub(super) const FORMAT: &str = "signature";
/// What others read of a signature.
pub(super) const MASKED: &str = "已签名";
/// How wide the field is in which it is drawn, in its own points.
const WIDTH: u16 = 600;
/// How high.
const HEIGHT: u16 = 200;
/// How many points a drawn signature has at least: fewer are a slip of the finger.
const POINTS_MIN: usize = 5;
/// How many at most.
const POINTS_MAX: usize = 3_000;
/// How long a written name may be, in characters.
const NAME_CHARACTERS_MAX: usize = 40;
/// How many characters of what a browser sends are kept: more than [`POINTS_MAX`] points have.
const TEXT_CHARACTERS_MAX: usize = 30_000;
/// How many characters the mark of the other answers has.
const MARK_LENGTH: usize = 16;

/// Why a text is no signature.
const UNREADABLE: FormatProblem = FormatProblem::Sentence("签名读不出来，请清除以后重新签名。");

/// How somebody signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Signature {
    /// Drawn: the points of each stroke.
    Drawn(Vec<Vec<(u16, u16)>>),
    /// The signer's own name, written and confirmed.
    Typed(String),
    /// On the printed form, which the counter keeps.
    Paper,
}

impl Signature {
    /// Reads the stored form, with its mark where it has one.
    ///
    /// # Errors
    /// What is wrong with it, and the way out.
    pub fn read(text: &str) -> Result<(Self, Option<&str>), FormatProblem> {
        let (body, mark) = match text.split_once('#') {
            Some((body, mark)) => (body, Some(mark)),
            None => (text, None),
        };
        let is_mark = |mark: &str| {
            mark.len() == MARK_LENGTH && mark.bytes().all(|byte| byte.is_ascii_hexdigit())
        };
        if mark.is_some_and(|mark| !is_mark(mark)) {
            return Err(UNREADABLE);
        }
        let (way, rest) = body.split_once(':').ok_or(UNREADABLE)?;
        let signature = match way {
            "typed" => Self::Typed(name(rest)?),
            "named" => {
                return Err(FormatProblem::Sentence(
                    "写了姓名还要勾选“这是我本人签署的”，才算签名。",
                ));
            }
            "paper" if rest.is_empty() => Self::Paper,
            "drawn" => Self::Drawn(strokes(rest)?),
            _ => return Err(UNREADABLE),
        };
        Ok((signature, mark))
    }

    /// What is read of it in a line.
    pub fn words(&self, translator: &Translator) -> String {
        match self {
            Self::Drawn(_) => translator.t("手写签名").into_owned(),
            Self::Typed(name) => translator.tf("{name}（本人签署）", &[("name", name)]),
            Self::Paper => translator.t("在纸质申请表上签名，窗口留存").into_owned(),
        }
    }

    /// The drawn strokes as a picture in one colour; `None` for the others.
    pub fn picture(&self, colour: &str) -> Option<String> {
        let Self::Drawn(strokes) = self else {
            return None;
        };
        let mut path = String::new();
        for stroke in strokes {
            for (place, (x, y)) in stroke.iter().enumerate() {
                path.push_str(&format!("{}{x} {y}", if place == 0 { 'M' } else { 'L' }));
            }
            if let [(x, y)] = stroke.as_slice() {
                // A dot is a line to itself.
                path.push_str(&format!("L{x} {y}"));
            }
        }
        Some(format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"signature-strokes\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-label=\"签名\"><path d=\"{path}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"4\" stroke-linecap=\"round\" stroke-linejoin=\"round\"/></svg>"
        ))
    }
}

fn name(text: &str) -> Result<String, FormatProblem> {
    let name = text.trim();
    if name.is_empty() || name.chars().count() > NAME_CHARACTERS_MAX {
        return Err(FormatProblem::Sentence(
            "请写上签名人的姓名，最多 40 个字。",
        ));
    }
    Ok(name.to_owned())
}

fn strokes(text: &str) -> Result<Vec<Vec<(u16, u16)>>, FormatProblem> {
    let point = |text: &str| -> Option<(u16, u16)> {
        let (x, y) = text.split_once(',')?;
        let (x, y) = (x.parse().ok()?, y.parse().ok()?);
        (x <= WIDTH && y <= HEIGHT).then_some((x, y))
    };
    let mut count = 0;
    let mut strokes = Vec::new();
    for stroke in text.split(';') {
        let points: Option<Vec<(u16, u16)>> =
            stroke.split(' ').take(POINTS_MAX + 1).map(point).collect();
        let points = points.ok_or(UNREADABLE)?;
        count += points.len();
        if count > POINTS_MAX {
            return Err(UNREADABLE);
        }
        strokes.push(points);
    }
    if count < POINTS_MIN {
        return Err(FormatProblem::Sentence(
            "签名太短，请清除以后写上完整的姓名。",
        ));
    }
    Ok(strokes)
}

/// The stored form in one way only.
pub(super) fn canonical(text: &str) -> Result<String, FormatProblem> {
    Signature::read(text)?;
    Ok(text.to_owned())
}

/// The name of the field for the written name.
pub(super) fn typed_field(name: &str) -> String {
    format!("{name}.typed")
}

/// The name of the tick that makes a written name a signature.
pub(super) fn own_field(name: &str) -> String {
    format!("{name}.own")
}

/// The name of the tick that the printed form was signed.
pub(super) fn paper_field(name: &str) -> String {
    format!("{name}.paper")
}

/// Whether a signature that is kept is this name, as the page shows it again.
fn is_of(kept: &str, name: &str) -> bool {
    matches!(Signature::read(kept), Ok((Signature::Typed(known), _)) if known == name)
}

/// What a browser sends: a name that was written and confirmed, the tick for the printed form, or what was drawn before or now.
pub(super) fn typed(field: &str, pairs: &[(String, String)]) -> Option<Value> {
    let sent = |name: &str| {
        let found = texts_of(pairs, name).into_iter().next().unwrap_or_default();
        found.trim().to_owned()
    };
    let (mut drawn, name) = (sent(field), sent(&typed_field(field)));
    if drawn.starts_with("paper:") {
        // The tick says whether it still stands.
        drawn.clear();
    }
    let text = if !sent(&own_field(field)).is_empty() {
        format!("typed:{name}")
    } else if !sent(&paper_field(field)).is_empty() {
        "paper:".to_owned()
    } else if !name.is_empty() && !is_of(&drawn, &name) {
        format!("named:{name}")
    } else {
        drawn
    };
    let text: String = text.chars().take(TEXT_CHARACTERS_MAX).collect();
    (!text.is_empty()).then_some(Value::String(text))
}

impl Field {
    /// Whether it asks for a signature.
    pub fn is_signature(&self) -> bool {
        self.widget == Widget::Signature
    }
}

impl Form {
    /// What was signed, by field.
    pub fn signatures<'a>(
        &'a self,
        values: &'a Answers,
    ) -> impl Iterator<Item = (&'a Field, Signature)> {
        self.fields.iter().filter_map(|field| {
            let text = self.signature_text(field, values)?;
            let (signature, _) = Signature::read(text).ok()?;
            Some((field, signature))
        })
    }

    /// Marks each signature with the other answers, where it is not marked yet.
    pub(super) fn sign(&self, values: &mut Answers) {
        let mark = self.mark_of(values);
        self.change_signatures(values, |text, signed| {
            signed.is_none().then(|| format!("{text}#{mark}"))
        });
    }

    /// Takes the marks off: the answers that were signed are only a part of those that are handed in together.
    pub fn unmark(&self, values: &mut Answers) {
        self.change_signatures(values, |text, signed| {
            signed.map(|_| text.split('#').next().unwrap_or_default().to_owned())
        });
    }

    fn change_signatures(
        &self,
        values: &mut Answers,
        change: impl Fn(&str, Option<&str>) -> Option<String>,
    ) {
        for field in self.fields.iter().filter(|field| field.is_signature()) {
            let text = self.signature_text(field, values);
            let read = text.and_then(|text| Some((text, Signature::read(text).ok()?.1)));
            if let Some(changed) = read.and_then(|(text, mark)| change(text, mark)) {
                values.insert(field.name.clone(), Value::String(changed));
            }
        }
    }

    /// The names among the answers: whoever applies, acts or answers for an organisation may sign for it.
    pub fn names_in<'a>(&'a self, values: &'a Answers) -> impl Iterator<Item = &'a str> {
        let named = self.fields.iter().filter(|field| {
            let element = field.element.as_deref().unwrap_or_default();
            [".name", ".representative", ".contact"]
                .iter()
                .any(|end| element.ends_with(end))
        });
        named.filter_map(|field| values.get(&field.name)?.as_str())
    }

    /// What stands against who signed: a written name must be one of those who may sign, and a printed form is signed at a counter.
    pub fn check_signers(
        &self,
        values: &Answers,
        (names, is_counter): (&[&str], bool),
        translator: &Translator,
    ) -> FieldErrors {
        let mut errors = FieldErrors::new();
        for (field, signature) in self.signatures(values) {
            let label = translator.t(&field.label);
            match signature {
                Signature::Typed(name) if !names.contains(&name.as_str()) => errors.add(
                    &field.name,
                    translator.tf(
                        "“{label}”要写申请人或者代办人本人的姓名，和登记的一样",
                        &[("label", &label)],
                    ),
                ),
                Signature::Paper if !is_counter => errors.add(
                    &field.name,
                    translator.tf(
                        "网上的“{label}”不能用纸质签名，请手写，或者写姓名签署",
                        &[("label", &label)],
                    ),
                ),
                _ => {}
            }
        }
        errors
    }

    /// Whether an answer was changed after a field was signed.
    pub(super) fn is_signed_before(&self, field: &Field, values: &Answers) -> bool {
        let text = self.signature_text(field, values);
        match text.map(Signature::read) {
            Some(Ok((_, Some(mark)))) => mark != self.mark_of(values),
            _ => false,
        }
    }

    fn signature_text<'a>(&self, field: &Field, values: &'a Answers) -> Option<&'a str> {
        let asked = field.is_signature() && self.is_asked(field, values);
        values
            .get(&field.name)
            .filter(|_| asked)
            .and_then(Value::as_str)
    }

    /// The mark of all answers but the signatures.
    fn mark_of(&self, values: &Answers) -> String {
        let mut text = String::new();
        let asked = self.fields.iter();
        for field in asked.filter(|field| !field.is_signature() && self.is_asked(field, values)) {
            if let Some(value) = values.get(&field.name).filter(|value| !value.is_null()) {
                text.push_str(&field.name);
                write_canonical(value, &mut text);
            }
        }
        let digest = Sha256::digest(text);
        digest
            .iter()
            .take(MARK_LENGTH / 2)
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }
}

/// A value with the members of objects in one order, however they were sent.
fn write_canonical(value: &Value, text: &mut String) {
    match value {
        Value::Object(members) => {
            let mut names: Vec<&String> = members.keys().collect();
            names.sort();
            for name in names {
                text.push_str(&format!("{{{name}:"));
                write_canonical(&members[name], text);
                text.push('}');
            }
        }
        Value::Array(values) => {
            for value in values {
                text.push('[');
                write_canonical(value, text);
                text.push(']');
            }
        }
        other => text.push_str(&format!("={other};")),
    }
}
