//! How a message leaves the house: one trait, one implementation per kind of provider, and the postman who goes from
//! one gateway to the next when the first is down.

mod circuit;
mod kannel;
mod outbox;
mod postman;
mod smtp;

use async_trait::async_trait;
use jiff::Timestamp;
use wuchuang_kernel::MessageId;

pub use kannel::{DeliveryReport, KannelGateway, report_of};
pub use outbox::{OUTBOX, OutboxGateway};
pub use postman::{Posted, Postman};
pub use smtp::SmtpGateway;

/// A message on its way out.
#[derive(Clone)]
pub struct Outgoing {
    /// The message: the provider gets it back with delivery reports, mail servers recognise a repetition by it.
    pub message: MessageId,
    /// Phone number or e-mail address.
    pub to: String,
    /// The subject; SMS has none.
    pub subject: String,
    /// The text.
    pub text: String,
    /// When the message came into being.
    pub created_at: Timestamp,
}

// Address and text stay out of logs.
impl std::fmt::Debug for Outgoing {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Outgoing({})", self.message)
    }
}

/// What a gateway did with a message that it took.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It was given to the provider.
    Sent,
    /// It stays in the outbox page: no provider is configured.
    Kept,
}

/// The proof that a gateway took a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentReceipt {
    /// What it did.
    pub outcome: Outcome,
    /// The provider's words or number for it; empty when it gave none.
    pub reference: String,
}

/// Why a gateway did not take a message. The text goes to logs and to the administrator's page, so it never holds an
/// address or the message.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GatewayError {
    /// It may take it later: the provider is down, busy or wrongly configured.
    #[error("{0}")]
    Later(String),
    /// It will never take this message: the address does not exist.
    #[error("{0}")]
    Never(String),
}

/// A way out of the house.
#[async_trait]
pub trait Gateway: Send + Sync + 'static {
    /// The name from the configuration.
    fn name(&self) -> &str;

    /// Whether messages stay in the house: then nothing can be heard of one before it is written down.
    fn keeps(&self) -> bool {
        false
    }

    /// Gives the message to the provider.
    ///
    /// # Errors
    /// Whether to try again later or never.
    async fn send(&self, outgoing: &Outgoing) -> Result<SentReceipt, GatewayError>;
}
