//! The job that sends one message: tried again for days by the job runner, so that a provider that is down for a
//! weekend loses nothing.

use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;
use serde_json::Value;
use wuchuang_ledger::{Job, JobContext, JobFailure};

use crate::{
    contact::address_now,
    gateway::{GatewayError, OUTBOX, Outgoing, Postman},
    model::{DeliveryState, Filled, Surrounding, TemplateName},
    store::{
        Attempt, OutboxRow, SEND, SendInput, Shelf, attempt_begin, attempt_fail, attempt_keep,
        attempt_succeed, case_of, letter,
    },
};

/// After how many attempts a message is given up: a little earlier than the job runner gives up on its own, so that
/// the outbox says so too. With the runner's waits this is about four days.
const ATTEMPTS_MAX: i64 = 56;

/// Sends one message.
pub struct SendMessage {
    postman: Arc<Postman>,
    surrounding: Arc<Surrounding>,
}

impl SendMessage {
    /// The job with what it needs.
    pub fn new(postman: Arc<Postman>, surrounding: Arc<Surrounding>) -> Self {
        Self {
            postman,
            surrounding,
        }
    }

    async fn fill(&self, row: &OutboxRow, context: &JobContext) -> Result<Filled, JobFailure> {
        let unreadable =
            |what: &str| JobFailure::Never(format!("the message's {what} does not read"));
        let template =
            TemplateName::from_code(&row.template).ok_or_else(|| unreadable("template"))?;
        let parameters =
            serde_json::from_str(&row.parameters).map_err(|_| unreadable("parameters"))?;
        let texts = Shelf::load(context.ledger.database(), context.region).await?;
        Ok(texts.text_at(template, row.seq).fill(
            (row.message_channel(), case_of(&row.case_id)),
            &parameters,
            &self.surrounding,
            &context.ledger.calendar(),
        ))
    }
}

/// Whether the job has something to do: not for a message that is out, and after a failure report only when the
/// report still stands.
fn is_wanted(state: DeliveryState, after: Option<&str>) -> bool {
    match state {
        DeliveryState::Waiting | DeliveryState::GaveUp => true,
        DeliveryState::Failed => after.is_some(),
        DeliveryState::Kept | DeliveryState::Sent | DeliveryState::Delivered => false,
    }
}

#[async_trait]
impl Job for SendMessage {
    fn name(&self) -> &'static str {
        SEND
    }

    async fn run(&self, input: Value, context: &JobContext) -> Result<(), JobFailure> {
        let input: SendInput =
            serde_json::from_value(input).map_err(|error| JobFailure::Never(error.to_string()))?;
        let database = context.ledger.database();
        let Some(row) = letter(database, context.region, input.message).await? else {
            // The person was forgotten meanwhile.
            return Ok(());
        };
        let state = row.delivery_state();
        if !is_wanted(state, input.after.as_deref()) {
            return Ok(());
        }
        let filled = self.fill(&row, context).await?;
        let attempt = Attempt {
            region: context.region,
            message: input.message,
            at: context.ledger.now(),
        };
        let outgoing = Outgoing {
            message: input.message,
            to: address_now(&context.ledger, context.region, &row)
                .await
                .map_err(|error| JobFailure::Later(error.to_string()))?,
            subject: filled.subject,
            text: filled.text,
            created_at: Timestamp::from_microsecond(row.created_at_us).unwrap_or(attempt.at),
        };
        let channel = row.message_channel();
        let kept =
            self.surrounding
                .without_rate_link(&outgoing.text, channel, case_of(&row.case_id));
        let went = (kept.as_str(), outgoing.to.as_str());
        if self.postman.keeps(channel, input.after.as_deref()) {
            return Ok(attempt_keep(&context.ledger, attempt, OUTBOX, went).await?);
        }
        // Somebody gave a job that had given up another life: it counts from the beginning.
        let attempts =
            attempt_begin(&context.ledger, attempt, state == DeliveryState::GaveUp).await?;
        let sent = self
            .postman
            .send(channel, &outgoing, input.after.as_deref())
            .await;
        match sent {
            Ok(posted) => Ok(attempt_succeed(&context.ledger, attempt, &posted, went).await?),
            Err(GatewayError::Never(reason)) => {
                // The address is at fault, not the machine: the outbox shows it, and the inbox has the message.
                attempt_fail(&context.ledger, attempt, DeliveryState::Failed, &reason).await?;
                Ok(())
            }
            Err(GatewayError::Later(reason)) if attempts >= ATTEMPTS_MAX => {
                attempt_fail(&context.ledger, attempt, DeliveryState::GaveUp, &reason).await?;
                Err(JobFailure::Never(reason))
            }
            Err(GatewayError::Later(reason)) => {
                attempt_fail(&context.ledger, attempt, DeliveryState::Waiting, &reason).await?;
                Err(JobFailure::Later(reason))
            }
        }
    }
}
