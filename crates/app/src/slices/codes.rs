//! Sign-in codes by SMS. They go out at once and are kept nowhere: a code in an outbox would let
//! whoever reads the outbox sign in as somebody else.

use std::sync::Arc;

use async_trait::async_trait;
use wuchuang_access::{CodeDelivery, CodeSendError, CodeSender};
use wuchuang_codes::PhoneNumber;
use wuchuang_kernel::{MessageId, Region};
use wuchuang_ledger::Ledger;
use wuchuang_messages::{
    gateway::{Outgoing, Postman},
    model::MessageChannel,
};

use crate::configuration::Configuration;

/// Sends codes through the SMS gateway.
pub(super) struct CodesBySms {
    ledger: Ledger,
    postman: Arc<Postman>,
    county: String,
    has_gateway: bool,
}

impl CodesBySms {
    pub(super) fn new(
        ledger: Ledger,
        postman: Arc<Postman>,
        configuration: &Configuration,
    ) -> Self {
        Self {
            ledger,
            postman,
            county: configuration.site.county_name.clone(),
            has_gateway: !configuration.sms.is_empty(),
        }
    }
}

#[async_trait]
impl CodeSender for CodesBySms {
    async fn send(
        &self,
        _region: Region,
        phone: &PhoneNumber,
        code: &str,
    ) -> Result<CodeDelivery, CodeSendError> {
        if !self.has_gateway {
            return Err(CodeSendError("no SMS gateway is configured".to_owned()));
        }
        let now = self.ledger.now();
        let outgoing = Outgoing {
            message: MessageId::generate(now, self.ledger.randomness().as_ref()),
            to: phone.as_str().to_owned(),
            subject: String::new(),
            text: format!(
                "【{}政务】登录验证码 {code}，5 分钟内有效。工作人员不会向您索要，请勿告诉他人。",
                self.county.trim_end_matches('县')
            ),
            created_at: now,
        };
        self.postman
            .send(MessageChannel::Sms, &outgoing, None)
            .await
            .map(|_| CodeDelivery::Sent)
            .map_err(|error| CodeSendError(error.to_string()))
    }
}
