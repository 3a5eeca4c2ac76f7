//! Which messages there are, what each may name, and how a text is checked and filled.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use utoipa::ToSchema;
use wuchuang_calendar::Calendar;
use wuchuang_kernel::{CaseId, StreamId};

use super::{
    MessageChannel, Surrounding, defaults,
    parameters::{Parameter, Parameters},
};

/// The occasions on which a person is told something.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum TemplateName {
    /// 收件.
    CaseReceived,
    /// 补正告知.
    CaseCorrection,
    /// 受理.
    CaseAccepted,
    /// 容缺受理.
    CaseAcceptedConditionally,
    /// 不予受理.
    CaseNotAccepted,
    /// 转办.
    CaseTransferred,
    /// 特别程序开始.
    CaseClockStopped,
    /// 特别程序结束.
    CaseClockResumed,
    /// 延长审批期限.
    CaseExtended,
    /// 工作日历更新，办结日期改变.
    CaseDeadlineMoved,
    /// 补正期限将到.
    CaseCorrectionReminder,
    /// 容缺补交期限将到.
    CaseSupplementReminder,
    /// 准予.
    CaseGranted,
    /// 不予.
    CaseRefused,
    /// 证照已制作.
    CaseLicenceIssued,
    /// 送达办结，请评价.
    CaseDelivered,
    /// 撤回.
    CaseWithdrawn,
    /// 终止.
    CaseTerminated,
    /// 工作人员留言.
    CaseReply,
    /// 证照注销.
    LicenceRevoked,
}

impl TemplateName {
    /// All occasions, in the order of a case's life.
    pub const ALL: [Self; 20] = [
        Self::CaseReceived,
        Self::CaseCorrection,
        Self::CaseAccepted,
        Self::CaseAcceptedConditionally,
        Self::CaseNotAccepted,
        Self::CaseTransferred,
        Self::CaseClockStopped,
        Self::CaseClockResumed,
        Self::CaseExtended,
        Self::CaseDeadlineMoved,
        Self::CaseCorrectionReminder,
        Self::CaseSupplementReminder,
        Self::CaseGranted,
        Self::CaseRefused,
        Self::CaseLicenceIssued,
        Self::CaseDelivered,
        Self::CaseWithdrawn,
        Self::CaseTerminated,
        Self::CaseReply,
        Self::LicenceRevoked,
    ];

    /// The stored form.
    pub const fn code(self) -> &'static str {
        match self {
            Self::CaseReceived => "case_received",
            Self::CaseCorrection => "case_correction",
            Self::CaseAccepted => "case_accepted",
            Self::CaseAcceptedConditionally => "case_accepted_conditionally",
            Self::CaseNotAccepted => "case_not_accepted",
            Self::CaseTransferred => "case_transferred",
            Self::CaseClockStopped => "case_clock_stopped",
            Self::CaseClockResumed => "case_clock_resumed",
            Self::CaseExtended => "case_extended",
            Self::CaseDeadlineMoved => "case_deadline_moved",
            Self::CaseCorrectionReminder => "case_correction_reminder",
            Self::CaseSupplementReminder => "case_supplement_reminder",
            Self::CaseGranted => "case_granted",
            Self::CaseRefused => "case_refused",
            Self::CaseLicenceIssued => "case_licence_issued",
            Self::CaseDelivered => "case_delivered",
            Self::CaseWithdrawn => "case_withdrawn",
            Self::CaseTerminated => "case_terminated",
            Self::CaseReply => "case_reply",
            Self::LicenceRevoked => "licence_revoked",
        }
    }

    /// The occasion in words.
    pub const fn title(self) -> &'static str {
        match self {
            Self::CaseReceived => "收到申请",
            Self::CaseCorrection => "需要补正",
            Self::CaseAccepted => "受理",
            Self::CaseAcceptedConditionally => "容缺受理",
            Self::CaseNotAccepted => "不予受理",
            Self::CaseTransferred => "转由其他单位办理",
            Self::CaseClockStopped => "特别程序开始",
            Self::CaseClockResumed => "特别程序结束",
            Self::CaseExtended => "延长审批期限",
            Self::CaseDeadlineMoved => "办结日期调整",
            Self::CaseCorrectionReminder => "补正提醒",
            Self::CaseSupplementReminder => "容缺补交提醒",
            Self::CaseGranted => "准予",
            Self::CaseRefused => "不予",
            Self::CaseLicenceIssued => "证照已制作",
            Self::CaseDelivered => "送达办结，邀请评价",
            Self::CaseWithdrawn => "撤回",
            Self::CaseTerminated => "终止办理",
            Self::CaseReply => "工作人员留言",
            Self::LicenceRevoked => "证照注销",
        }
    }

    /// Reads the stored form.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|name| name.code() == code)
    }

    /// How the message goes out. The inbox has all; a phone rings only for what the person must know or do.
    pub const fn channels(self) -> &'static [MessageChannel] {
        match self {
            Self::CaseTransferred | Self::CaseClockResumed | Self::CaseWithdrawn => {
                &[MessageChannel::Inbox, MessageChannel::Email]
            }
            _ => &MessageChannel::ALL,
        }
    }

    /// What its text may name besides [`Parameter::COMMON`].
    pub const fn parameters(self) -> &'static [Parameter] {
        use Parameter as P;
        match self {
            Self::CaseReceived => &[P::Item, P::Number, P::Code],
            Self::CaseCorrection => &[P::Item, P::Number, P::Count, P::Until, P::Notice],
            Self::CaseAccepted => &[P::Item, P::Number, P::Limit, P::Due, P::Notice],
            Self::CaseAcceptedConditionally => &[
                P::Item,
                P::Number,
                P::Limit,
                P::Due,
                P::Notice,
                P::Count,
                P::Days,
            ],
            Self::CaseNotAccepted => &[P::Item, P::Number, P::Ground, P::Notice, P::Rate],
            Self::CaseTransferred => &[P::Item, P::Number, P::Organisation],
            Self::CaseClockStopped => &[
                P::Item,
                P::Number,
                P::Procedure,
                P::Article,
                P::Days,
                P::Notice,
            ],
            Self::CaseExtended => &[P::Item, P::Number, P::Days, P::Notice, P::Before, P::Due],
            Self::CaseClockResumed | Self::CaseDeadlineMoved => {
                &[P::Item, P::Number, P::Reason, P::Before, P::Due]
            }
            Self::CaseCorrectionReminder | Self::CaseSupplementReminder => {
                &[P::Item, P::Number, P::Count, P::Until]
            }
            Self::CaseGranted => &[P::Item, P::Number, P::Notice, P::Delivery],
            Self::CaseRefused => &[P::Item, P::Number, P::Notice],
            Self::CaseLicenceIssued => &[P::Item, P::Number, P::Result, P::Delivery],
            Self::CaseDelivered => &[P::Item, P::Number, P::Delivery, P::Rate],
            Self::CaseWithdrawn | Self::CaseTerminated => &[P::Item, P::Number, P::Notice, P::Rate],
            Self::CaseReply => &[P::Item, P::Number],
            Self::LicenceRevoked => &[P::Result, P::Number, P::Organisation],
        }
    }

    /// Whether a text of this message may name a parameter.
    pub fn may_name(self, parameter: Parameter) -> bool {
        self.parameters().contains(&parameter) || Parameter::COMMON.contains(&parameter)
    }

    /// The text that holds until an administrator writes another.
    pub fn default_text(self) -> TemplateText {
        defaults::text(self)
    }
}

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
