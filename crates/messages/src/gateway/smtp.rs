//! E-mail by SMTP: plain text, with a Message-ID made from the message, so that a mail server that gets it twice
//! (we crashed after sending and before writing it down) can see that it is the same.

use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{Mailbox, header::ContentType},
    transport::smtp::{
        authentication::Credentials,
        client::{Certificate, Tls, TlsParameters},
    },
};

use super::{Gateway, GatewayError, Outcome, Outgoing, SentReceipt};
use crate::settings::{Security, SettingsError, SmtpSettings};

/// How much of the server's answer is kept.
const ANSWER_CHARS_MAX: usize = 100;

/// Sends e-mail through one server.
pub struct SmtpGateway {
    name: String,
    from: Mailbox,
    transport: AsyncSmtpTransport<Tokio1Executor>,
}

impl SmtpGateway {
    /// The gateway; no connection is made yet.
    ///
    /// # Errors
    /// When the sender's address or the certificate file does not read.
    pub fn new(settings: &SmtpSettings) -> Result<Self, SettingsError> {
        let invalid = |field, reason: String| SettingsError::Invalid {
            name: settings.name.clone(),
            field,
            reason,
        };
        let from = settings
            .from
            .parse()
            .map_err(|error: lettre::address::AddressError| invalid("from", error.to_string()))?;
        let mut parameters = TlsParameters::builder(settings.host.clone());
        if let Some(path) = &settings.certificate_file {
            let certificate = std::fs::read(path)
                .map_err(|error| error.to_string())
                .and_then(|pem| Certificate::from_pem(&pem).map_err(|error| error.to_string()))
                .map_err(|reason| invalid("certificate_file", reason))?;
            parameters = parameters.add_root_certificate(certificate);
        }
        let parameters = parameters
            .build()
            .map_err(|error| invalid("host", error.to_string()))?;
        let (tls, port) = match settings.security {
            Security::Tls => (Tls::Wrapper(parameters), 465),
            Security::StartTls => (Tls::Required(parameters), 587),
            Security::None => (Tls::None, 25),
        };
        let mut builder =
            AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(settings.host.clone())
                .port(settings.port.unwrap_or(port))
                .tls(tls)
                .timeout(Some(Duration::from_secs(settings.timeout_seconds)));
        if let (Some(username), Some(password)) = (&settings.username, &settings.password) {
            builder = builder.credentials(Credentials::new(
                username.clone(),
                password.reveal().to_owned(),
            ));
        }
        Ok(Self {
            name: settings.name.clone(),
            from,
            transport: builder.build(),
        })
    }

    fn letter(&self, outgoing: &Outgoing) -> Result<Message, GatewayError> {
        let to: Mailbox = outgoing
            .to
            .parse()
            .map_err(|_| GatewayError::Never("the address is no e-mail address".to_owned()))?;
        let id = format!("<{}@{}>", outgoing.message, self.from.email.domain());
        Message::builder()
            .from(self.from.clone())
            .to(to)
            .message_id(Some(id))
            .date(SystemTime::from(outgoing.created_at))
            .subject(outgoing.subject.clone())
            .header(ContentType::TEXT_PLAIN)
            .body(outgoing.text.clone())
            .map_err(|_| GatewayError::Never("the letter cannot be made".to_owned()))
    }
}

#[async_trait]
impl Gateway for SmtpGateway {
    fn name(&self) -> &str {
        &self.name
    }

    async fn send(&self, outgoing: &Outgoing) -> Result<SentReceipt, GatewayError> {
        let letter = self.letter(outgoing)?;
        let response = self
            .transport
            .send(letter)
            .await
            .map_err(|error| judge(&error))?;
        let answer: String = response
            .message()
            .next()
            .unwrap_or_default()
            .chars()
            .take(ANSWER_CHARS_MAX)
            .collect();
        Ok(SentReceipt {
            outcome: Outcome::Sent,
            reference: format!("{} {answer}", response.code()),
        })
    }
}

/// What failed, by the code alone: servers repeat the address in their answers.
fn judge(error: &lettre::transport::smtp::Error) -> GatewayError {
    let Some(code) = error.status() else {
        let what = if error.is_timeout() {
            "the mail server does not answer in time"
        } else if error.is_tls() {
            "the mail server's certificate is not trusted"
        } else {
            "the mail server cannot be reached"
        };
        return GatewayError::Later(what.to_owned());
    };
    let number = u16::from(code);
    match number {
        // Authentication and its kin are the administrator's to mend; the letter should still go then.
        530 | 534 | 535 | 538 => GatewayError::Later(format!(
            "the mail server refuses user name or password ({number})"
        )),
        500..=599 => GatewayError::Never(format!("the mail server refuses the letter ({number})")),
        _ => GatewayError::Later(format!("the mail server takes no letters now ({number})")),
    }
}
