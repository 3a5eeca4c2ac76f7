//! The postman goes from gateway to gateway until one takes the message.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use wuchuang_kernel::Clock;

use super::{
    Gateway, GatewayError, KannelGateway, OutboxGateway, Outgoing, SentReceipt, SmtpGateway,
    circuit::Circuit,
};
use crate::{
    model::MessageChannel,
    settings::{GatewaySettings, Settings, SettingsError},
};

/// A message that some gateway took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Posted {
    /// Which gateway.
    pub gateway: String,
    /// Its receipt.
    pub receipt: SentReceipt,
}

struct Line {
    gateway: Arc<dyn Gateway>,
    circuit: Mutex<Circuit>,
}

impl Line {
    fn circuit(&self) -> MutexGuard<'_, Circuit> {
        self.circuit.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Knows the gateways of each channel, in order of preference.
pub struct Postman {
    sms: Vec<Line>,
    email: Vec<Line>,
    clock: Arc<dyn Clock>,
}

impl Postman {
    /// A postman with these gateways.
    pub fn new(
        sms: Vec<Arc<dyn Gateway>>,
        email: Vec<Arc<dyn Gateway>>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let lines = |gateways: Vec<Arc<dyn Gateway>>| {
            gateways
                .into_iter()
                .map(|gateway| Line {
                    gateway,
                    circuit: Mutex::default(),
                })
                .collect()
        };
        Self {
            sms: lines(sms),
            email: lines(email),
            clock,
        }
    }

    /// The postman of a configuration; an empty list means the outbox. `origin` is the house's own address.
    ///
    /// # Errors
    /// What is wrong with the configuration.
    pub fn from_settings(
        settings: &Settings,
        origin: &str,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, SettingsError> {
        settings.check()?;
        let open = |list: &[GatewaySettings]| -> Result<Vec<Arc<dyn Gateway>>, SettingsError> {
            if list.is_empty() {
                return Ok(vec![Arc::new(OutboxGateway)]);
            }
            list.iter()
                .map(|gateway| -> Result<Arc<dyn Gateway>, SettingsError> {
                    Ok(match gateway {
                        GatewaySettings::Outbox => Arc::new(OutboxGateway),
                        GatewaySettings::Kannel(kannel) => {
                            Arc::new(KannelGateway::new(kannel.clone(), origin)?)
                        }
                        GatewaySettings::Smtp(smtp) => Arc::new(SmtpGateway::new(smtp)?),
                    })
                })
                .collect()
        };
        Ok(Self::new(
            open(&settings.sms)?,
            open(&settings.email)?,
            clock,
        ))
    }

    fn lines(&self, channel: MessageChannel) -> &[Line] {
        match channel {
            MessageChannel::Inbox => &[],
            MessageChannel::Sms => &self.sms,
            MessageChannel::Email => &self.email,
        }
    }

    /// Whether another gateway stands behind the named one.
    pub fn has_after(&self, channel: MessageChannel, gateway: &str) -> bool {
        let lines = self.lines(channel);
        lines
            .iter()
            .position(|line| line.gateway.name() == gateway)
            .is_some_and(|at| at + 1 < lines.len())
    }

    /// Whether the gateway whose turn it is keeps the message in the house; `after` as in [`Postman::send`].
    pub fn keeps(&self, channel: MessageChannel, after: Option<&str>) -> bool {
        let lines = self.lines(channel);
        lines
            .get(first_after(lines, after))
            .is_some_and(|line| line.gateway.keeps())
    }

    /// Gives the message to the first gateway that takes it; `after` skips the gateways up to the named one, because
    /// that one reported that it could not deliver.
    ///
    /// # Errors
    /// [`GatewayError::Never`] only when every gateway said so.
    pub async fn send(
        &self,
        channel: MessageChannel,
        outgoing: &Outgoing,
        after: Option<&str>,
    ) -> Result<Posted, GatewayError> {
        let lines = self.lines(channel);
        let first = first_after(lines, after);
        let mut refusals = Vec::new();
        let mut may_go_later = false;
        for line in lines.get(first..).unwrap_or_default() {
            let name = line.gateway.name();
            if let Some(until) = line.circuit().waits_until(self.clock.now()) {
                may_go_later = true;
                refusals.push(format!("{name}: left alone until {until}"));
                continue;
            }
            match line.gateway.send(outgoing).await {
                Ok(receipt) => {
                    line.circuit().succeeded();
                    return Ok(Posted {
                        gateway: name.to_owned(),
                        receipt,
                    });
                }
                Err(GatewayError::Later(reason)) => {
                    line.circuit().failed(self.clock.now());
                    may_go_later = true;
                    refusals.push(format!("{name}: {reason}"));
                }
                Err(GatewayError::Never(reason)) => {
                    line.circuit().succeeded();
                    refusals.push(format!("{name}: {reason}"));
                }
            }
        }
        let reasons = if refusals.is_empty() {
            "no gateway is left".to_owned()
        } else {
            refusals.join("; ")
        };
        Err(if may_go_later {
            GatewayError::Later(reasons)
        } else {
            GatewayError::Never(reasons)
        })
    }
}

/// Whose turn it is after the named one; without a name the first one's.
fn first_after(lines: &[Line], after: Option<&str>) -> usize {
    after
        .and_then(|name| lines.iter().position(|line| line.gateway.name() == name))
        .map_or(0, |at| at + 1)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use async_trait::async_trait;
    use jiff::{SignedDuration, Timestamp};
    use wuchuang_kernel::{MessageId, TestClock};

    use super::*;
    use crate::gateway::Outcome;

    struct Scripted {
        name: &'static str,
        answer: Result<(), GatewayError>,
        asked: AtomicUsize,
    }

    impl Scripted {
        fn new(name: &'static str, answer: Result<(), GatewayError>) -> Arc<Self> {
            Arc::new(Self {
                name,
                answer,
                asked: AtomicUsize::new(0),
            })
        }
    }

    #[async_trait]
    impl Gateway for Scripted {
        fn name(&self) -> &str {
            self.name
        }

        async fn send(&self, _outgoing: &Outgoing) -> Result<SentReceipt, GatewayError> {
            self.asked.fetch_add(1, Ordering::SeqCst);
            self.answer.clone().map(|()| SentReceipt {
                outcome: Outcome::Sent,
                reference: String::new(),
            })
        }
    }

    fn letter() -> Outgoing {
        Outgoing {
            message: MessageId::from_u128(1),
            to: "13800138000".into(),
            subject: String::new(),
            text: "您好".into(),
            created_at: Timestamp::UNIX_EPOCH,
        }
    }

    #[tokio::test]
    async fn the_second_takes_what_the_first_cannot_and_a_broken_one_is_left_alone() {
        let broken = Scripted::new("broken", Err(GatewayError::Later("down".into())));
        let good = Scripted::new("good", Ok(()));
        let clock = Arc::new(TestClock::at(Timestamp::UNIX_EPOCH));
        let postman = Postman::new(vec![broken.clone(), good.clone()], vec![], clock.clone());
        for _ in 0..20 {
            let posted = postman
                .send(MessageChannel::Sms, &letter(), None)
                .await
                .unwrap();
            assert_eq!(posted.gateway, "good");
        }
        assert_eq!(
            broken.asked.load(Ordering::SeqCst),
            5,
            "left alone after five failures"
        );
        clock.advance(SignedDuration::from_secs(31));
        postman
            .send(MessageChannel::Sms, &letter(), None)
            .await
            .unwrap();
        assert_eq!(
            broken.asked.load(Ordering::SeqCst),
            6,
            "asked again after the wait"
        );
        assert!(postman.has_after(MessageChannel::Sms, "broken"));
        assert!(!postman.has_after(MessageChannel::Sms, "good"));
    }

    #[tokio::test]
    async fn never_is_said_only_when_all_say_so() {
        let never = Scripted::new("a", Err(GatewayError::Never("no such number".into())));
        let later = Scripted::new("b", Err(GatewayError::Later("down".into())));
        let clock = Arc::new(TestClock::at(Timestamp::UNIX_EPOCH));
        let postman = Postman::new(vec![never.clone(), later], vec![never], clock);
        assert_eq!(
            postman.send(MessageChannel::Sms, &letter(), None).await,
            Err(GatewayError::Later("a: no such number; b: down".into()))
        );
        assert_eq!(
            postman.send(MessageChannel::Email, &letter(), None).await,
            Err(GatewayError::Never("a: no such number".into()))
        );
    }
}
