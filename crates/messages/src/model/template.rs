//! Which messages there are, what each may name, and how a text is checked and filled.

mod name;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use utoipa::ToSchema;
use wuchuang_calendar::Calendar;
use wuchuang_kernel::{CaseId, StreamId};

use super::{
    MessageChannel, Surrounding,
    parameters::{Parameter, Parameters},
};

pub use name::TemplateName;

/// The stream in which the changes of one message's text are kept.
pub fn stream_of(name: TemplateName) -> StreamId {
    let digest = Sha256::digest(format!("message_template/{}", name.code()));
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    StreamId::from_u128(u128::from_be_bytes(bytes))
}

/// The text of a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TemplateText {
    /// The title in the inbox, the subject of the e-mail.
    pub subject: String,
    /// The text in the inbox and in the e-mail.
    pub body: String,
    /// The text of the SMS, without the signature.
    pub sms: String,
}

/// The longest subject, in characters.
pub const SUBJECT_LENGTH_MAX: usize = 40;
/// The longest text, in characters.
pub const BODY_LENGTH_MAX: usize = 600;
/// The longest SMS, in characters: three parts on the air.
pub const SMS_LENGTH_MAX: usize = 150;

/// What is wrong with a text: field and sentence, all at once.
pub fn problems(name: TemplateName, text: &TemplateText) -> Vec<(&'static str, String)> {
    let mut found = Vec::new();
    let fields = [
        ("subject", "标题", &text.subject, SUBJECT_LENGTH_MAX),
        ("body", "正文", &text.body, BODY_LENGTH_MAX),
        ("sms", "短信", &text.sms, SMS_LENGTH_MAX),
    ];
    for (field, label, value, length_max) in fields {
        let length = value.chars().count();
        if value.trim().is_empty() {
            found.push((
                field,
                format!("“{label}”没有填写，请写上要告诉当事人的话。"),
            ));
        } else if length > length_max {
            found.push((
                field,
                format!("“{label}”最多 {length_max} 字，现在 {length} 字，请删减。"),
            ));
        } else if field != "body" && value.contains(['\n', '\r']) {
            found.push((field, format!("“{label}”只能写一行，请去掉换行。")));
        }
        if let Some(sentence) = placeholder_problem(name, label, value) {
            found.push((field, sentence));
        }
    }
    found
}

fn placeholder_problem(name: TemplateName, label: &str, value: &str) -> Option<String> {
    for piece in pieces(value) {
        match piece {
            Piece::Text(text) if text.contains(['{', '}']) => {
                return Some(format!(
                    "“{label}”里有不成对的花括号；变量要写成 {{number}} 这样。"
                ));
            }
            Piece::Text(_) => {}
            Piece::Place(word) => match Parameter::from_code(word) {
                Some(parameter) if name.may_name(parameter) => {}
                _ => {
                    let word: String = word.chars().take(30).collect();
                    return Some(format!(
                        "“{label}”里的变量 {{{word}}} 不能用在这条消息里，请从可用变量中选。"
                    ));
                }
            },
        }
    }
    None
}

enum Piece<'a> {
    Text(&'a str),
    Place(&'a str),
}

/// The text cut into what stands as it is and what is filled in.
fn pieces(text: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let place = rest
            .strip_prefix('{')
            .and_then(|inner| inner.split_once('}'));
        if let Some((word, after)) = place
            && !word.contains('{')
        {
            rest = after;
            return Some(Piece::Place(word));
        }
        // A brace that opens no place belongs to the text, so look for the next one behind it.
        let end = rest
            .char_indices()
            .skip(1)
            .find(|(_, character)| *character == '{')
            .map_or(rest.len(), |(at, _)| at);
        let (piece, after) = rest.split_at(end);
        rest = after;
        Some(Piece::Text(piece))
    })
}

/// A message ready to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filled {
    /// Title or subject; empty for SMS.
    pub subject: String,
    /// The text.
    pub text: String,
}

/// How many characters of an item's name an SMS shows.
const SMS_ITEM_LENGTH_MAX: usize = 18;

impl TemplateText {
    /// Fills the text for a channel; the case is the one that the message is about.
    pub fn fill(
        &self,
        (channel, case): (MessageChannel, Option<CaseId>),
        parameters: &Parameters,
        surrounding: &Surrounding,
        calendar: &Calendar,
    ) -> Filled {
        let value = |parameter| {
            surrounding
                .value(parameter, channel, case)
                .unwrap_or_else(|| match parameter {
                    Parameter::Item if channel == MessageChannel::Sms => {
                        shorten(&parameters.value(parameter, calendar), SMS_ITEM_LENGTH_MAX)
                    }
                    Parameter::Page => {
                        format!("{}{}", surrounding.origin, parameters.given(parameter))
                    }
                    other => parameters.value(other, calendar),
                })
        };
        self.filled(channel, &surrounding.signature, value)
    }

    /// Fills the text with examples.
    pub fn sample(&self, channel: MessageChannel, surrounding: &Surrounding) -> Filled {
        let value = |parameter: Parameter| match parameter {
            Parameter::Rate => parameter.sample().to_owned(),
            other => surrounding
                .value(other, channel, None)
                .unwrap_or_else(|| other.sample().to_owned()),
        };
        self.filled(channel, &surrounding.signature, value)
    }

    fn filled(
        &self,
        channel: MessageChannel,
        signature: &str,
        value: impl Fn(Parameter) -> String,
    ) -> Filled {
        let fill = |text: &str| -> String {
            pieces(text)
                .map(|piece| match piece {
                    Piece::Text(text) => text.to_owned(),
                    Piece::Place(word) => {
                        Parameter::from_code(word).map(&value).unwrap_or_default()
                    }
                })
                .collect()
        };
        if channel == MessageChannel::Sms {
            Filled {
                subject: String::new(),
                text: format!("【{signature}】{}", fill(&self.sms)),
            }
        } else {
            Filled {
                subject: fill(&self.subject),
                text: fill(&self.body),
            }
        }
    }
}

fn shorten(text: &str, length_max: usize) -> String {
    if text.chars().count() <= length_max {
        text.to_owned()
    } else {
        let kept: String = text.chars().take(length_max - 1).collect();
        format!("{kept}…")
    }
}

/// How many parts an SMS has on the air (UCS-2: 70 characters in one part, 67 in each of several).
pub fn sms_segments(text: &str) -> usize {
    match text.encode_utf16().count() {
        0..=70 => 1,
        units => units.div_ceil(67),
    }
}

#[cfg(test)]
mod tests;
