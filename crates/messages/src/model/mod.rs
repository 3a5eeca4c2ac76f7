//! Messages as pure values: which there are, what they may say, how a text is filled, and the stream with which an
//! administrator changes a text.

mod defaults;
mod english;
mod parameters;
mod stream;
mod surrounding;
mod template;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub(crate) use english::{WHOLE_NUMBER, said};
pub use parameters::{DueStart, Parameter, Parameters, day_words};
pub use stream::{TemplateCommand, TemplateEvent, TemplateState, TemplateStream};
pub use surrounding::{RatePath, Surrounding};
pub use template::{Filled, TemplateName, TemplateText, problems, sms_segments, stream_of};

/// The ways in which a message reaches a person.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum MessageChannel {
    /// 站内消息.
    Inbox,
    /// 短信.
    Sms,
    /// 电子邮件.
    Email,
}

impl MessageChannel {
    /// All channels.
    pub const ALL: [Self; 3] = [Self::Inbox, Self::Sms, Self::Email];

    /// The stored form.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Inbox => "inbox",
            Self::Sms => "sms",
            Self::Email => "email",
        }
    }

    /// The word that people read.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Inbox => "站内消息",
            Self::Sms => "短信",
            Self::Email => "电子邮件",
        }
    }

    /// Reads the stored form.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|channel| channel.code() == code)
    }
}

/// How far an SMS or e-mail came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    /// Not given to a provider yet; tried again and again.
    Waiting,
    /// In the outbox, because no provider is configured.
    Kept,
    /// A provider took it.
    Sent,
    /// It is on the phone.
    Delivered,
    /// Every provider says that it cannot be delivered.
    Failed,
    /// Tried for days without success.
    GaveUp,
}

impl DeliveryState {
    /// All states.
    pub const ALL: [Self; 6] = [
        Self::Waiting,
        Self::Kept,
        Self::Sent,
        Self::Delivered,
        Self::Failed,
        Self::GaveUp,
    ];

    /// The stored form.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Kept => "kept",
            Self::Sent => "sent",
            Self::Delivered => "delivered",
            Self::Failed => "failed",
            Self::GaveUp => "gave_up",
        }
    }

    /// The word that people read.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Waiting => "待发送",
            Self::Kept => "留在发件箱",
            Self::Sent => "已发出",
            Self::Delivered => "已送达",
            Self::Failed => "发送失败",
            Self::GaveUp => "已放弃",
        }
    }

    /// Reads the stored form.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }

    /// Whether a member of staff may have it sent again.
    pub const fn may_be_sent_again(self) -> bool {
        matches!(self, Self::Kept | Self::Sent | Self::Failed | Self::GaveUp)
    }
}
