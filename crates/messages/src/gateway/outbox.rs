//! The gateway of a house without providers: messages stay where an administrator can read them.

use async_trait::async_trait;

use super::{Gateway, GatewayError, Outcome, Outgoing, SentReceipt};

/// The name under which messages that stayed in the house are listed.
pub const OUTBOX: &str = "outbox";

/// Takes every message and sends none.
#[derive(Debug, Clone, Copy, Default)]
pub struct OutboxGateway;

#[async_trait]
impl Gateway for OutboxGateway {
    fn name(&self) -> &str {
        OUTBOX
    }

    fn keeps(&self) -> bool {
        true
    }

    async fn send(&self, _outgoing: &Outgoing) -> Result<SentReceipt, GatewayError> {
        Ok(SentReceipt {
            outcome: Outcome::Kept,
            reference: String::new(),
        })
    }
}
