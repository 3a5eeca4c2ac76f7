//! SMS through Kannel's `sendsms` service.
//!
//! The message is posted with Kannel's `X-Kannel-*` headers, not as a query: so password, phone number and text
//! stay out of addresses and with them out of access logs. Text goes as UTF-8 with coding 2 (UCS-2 on the air).

use std::time::Duration;

use async_trait::async_trait;
use reqwest::{
    Certificate, Client, StatusCode,
    header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue},
    redirect,
};

use super::{Gateway, GatewayError, Outcome, Outgoing, SentReceipt};
use crate::settings::{KannelSettings, SettingsError};

/// Reports wanted: delivered 1, not delivered 2, queued 4, taken by the operator 8, refused by the operator 16.
const REPORTS_ALL: &str = "31";
/// How much of an answer is read into the receipt.
const ANSWER_CHARS_MAX: usize = 100;
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// What a delivery report says (Kannel's `%d`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeliveryReport {
    /// It is on the phone.
    Delivered,
    /// It cannot be delivered, or the operator refused it.
    Failed,
    /// It is on its way: queued, or taken by the operator.
    Underway,
}

/// Reads Kannel's delivery type.
pub fn report_of(kind: u8) -> Option<DeliveryReport> {
    match kind {
        1 => Some(DeliveryReport::Delivered),
        2 | 16 => Some(DeliveryReport::Failed),
        4 | 8 => Some(DeliveryReport::Underway),
        _ => None,
    }
}

/// Sends SMS through Kannel.
pub struct KannelGateway {
    settings: KannelSettings,
    client: Client,
    report_address: String,
}

impl KannelGateway {
    /// The gateway; `origin` is where Kannel reaches this house unless the settings say otherwise.
    ///
    /// # Errors
    /// When the certificate file cannot be read or the address does not read.
    pub fn new(settings: KannelSettings, origin: &str) -> Result<Self, SettingsError> {
        let invalid = |field, reason: String| SettingsError::Invalid {
            name: settings.name.clone(),
            field,
            reason,
        };
        reqwest::Url::parse(&settings.url).map_err(|error| invalid("url", error.to_string()))?;
        let mut builder = Client::builder()
            .timeout(Duration::from_secs(settings.timeout_seconds))
            .connect_timeout(CONNECT_TIMEOUT)
            .redirect(redirect::Policy::none())
            .no_proxy();
        if let Some(path) = &settings.certificate_file {
            let pem = std::fs::read(path)
                .map_err(|error| invalid("certificate_file", error.to_string()))?;
            let certificate = Certificate::from_pem(&pem)
                .map_err(|error| invalid("certificate_file", error.to_string()))?;
            builder = builder.add_root_certificate(certificate);
        }
        let client = builder
            .build()
            .map_err(|error| invalid("url", error.to_string()))?;
        let origin = settings.callback_origin.as_deref().unwrap_or(origin);
        let report_address = format!(
            "{}/callbacks/kannel/{}",
            origin.trim_end_matches('/'),
            settings.token.reveal()
        );
        Ok(Self {
            settings,
            client,
            report_address,
        })
    }

    fn headers(&self, outgoing: &Outgoing) -> Result<HeaderMap, GatewayError> {
        let report = format!(
            "{}?message={}&kind=%d",
            self.report_address, outgoing.message
        );
        let values = [
            ("x-kannel-username", self.settings.username.as_str()),
            ("x-kannel-password", self.settings.password.reveal()),
            ("x-kannel-to", outgoing.to.as_str()),
            (
                "x-kannel-from",
                self.settings.sender.as_deref().unwrap_or_default(),
            ),
            ("x-kannel-coding", "2"),
            ("x-kannel-dlr-mask", REPORTS_ALL),
            ("x-kannel-dlr-url", report.as_str()),
        ];
        let mut headers = HeaderMap::new();
        headers.insert(
            CONTENT_TYPE,
            HeaderValue::from_static("text/plain; charset=UTF-8"),
        );
        for (name, value) in values {
            if value.is_empty() {
                continue;
            }
            // Only the number comes from outside; one that no header carries is no phone number.
            let value = HeaderValue::from_str(value)
                .map_err(|_| GatewayError::Never(format!("{name} cannot be sent")))?;
            headers.insert(HeaderName::from_static(name), value);
        }
        Ok(headers)
    }
}

#[async_trait]
impl Gateway for KannelGateway {
    fn name(&self) -> &str {
        &self.settings.name
    }

    async fn send(&self, outgoing: &Outgoing) -> Result<SentReceipt, GatewayError> {
        let later = |error: reqwest::Error| GatewayError::Later(describe(&error).to_owned());
        let response = self
            .client
            .post(&self.settings.url)
            .headers(self.headers(outgoing)?)
            .body(outgoing.text.clone())
            .send()
            .await
            .map_err(later)?;
        let status = response.status();
        let answer = response.text().await.map_err(later)?;
        judge(status, &answer)
    }
}

/// Kannel answers 202 with `0: Accepted for delivery` or `3: Queued for later delivery`, else with a sentence.
fn judge(status: StatusCode, answer: &str) -> Result<SentReceipt, GatewayError> {
    let answer: String = answer.trim().chars().take(ANSWER_CHARS_MAX).collect();
    let is_taken = status.is_success()
        && (answer.starts_with("0:") || answer.starts_with("3:") || answer.starts_with("Sent"));
    if is_taken {
        return Ok(SentReceipt {
            outcome: Outcome::Sent,
            reference: answer,
        });
    }
    let number = status.as_u16();
    match status {
        // Kannel found the message itself at fault: no receiver, or one that it does not take.
        StatusCode::BAD_REQUEST => Err(GatewayError::Never(format!(
            "Kannel refuses the message ({number})"
        ))),
        // A wrong password is the administrator's to mend, and then the message should still go.
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Err(GatewayError::Later(format!(
            "Kannel refuses user name or password ({number})"
        ))),
        _ => Err(GatewayError::Later(format!(
            "Kannel does not take messages now ({number})"
        ))),
    }
}

/// What failed, without the address.
fn describe(error: &reqwest::Error) -> &'static str {
    if error.is_timeout() {
        "Kannel does not answer in time"
    } else if error.is_connect() {
        "Kannel cannot be reached"
    } else {
        "the connection to Kannel broke"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_told_apart() {
        let accepted = judge(StatusCode::ACCEPTED, "0: Accepted for delivery\n").unwrap();
        assert_eq!(accepted.reference, "0: Accepted for delivery");
        assert!(judge(StatusCode::ACCEPTED, "3: Queued for later delivery").is_ok());
        let later = |status, text| matches!(judge(status, text), Err(GatewayError::Later(_)));
        assert!(later(
            StatusCode::FORBIDDEN,
            "Authorization failed for sendsms"
        ));
        assert!(later(
            StatusCode::SERVICE_UNAVAILABLE,
            "Temporal failure, try again later."
        ));
        assert!(later(StatusCode::OK, "<html>some proxy</html>"));
        assert!(matches!(
            judge(
                StatusCode::BAD_REQUEST,
                "Missing receiver(s) number(s), rejected"
            ),
            Err(GatewayError::Never(_))
        ));
    }

    #[test]
    fn reports_are_told_apart() {
        assert_eq!(report_of(1), Some(DeliveryReport::Delivered));
        assert_eq!(report_of(2), Some(DeliveryReport::Failed));
        assert_eq!(report_of(8), Some(DeliveryReport::Underway));
        assert_eq!(report_of(16), Some(DeliveryReport::Failed));
        assert_eq!(report_of(3), None);
    }
}
