//! An SMS gateway that speaks as Kannel does and keeps what it is sent: the phones of the whole county.

use std::sync::{Arc, Mutex};

use axum::{Router, http::HeaderMap, http::StatusCode, routing::post};
use tokio::net::TcpListener;
use wuchuang_app::configuration::{Secret, SmsSettings};

/// The phones: number and text of each SMS, in the order of arrival.
#[derive(Clone, Default)]
pub(crate) struct Phones {
    received: Arc<Mutex<Vec<(String, String)>>>,
}

impl Phones {
    /// Listens on a free port until the test ends; the settings lead a house to it.
    pub(crate) async fn ring() -> (Self, SmsSettings) {
        let phones = Self::default();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let received = Arc::clone(&phones.received);
        let take = move |headers: HeaderMap, text: String| {
            let number = headers["x-kannel-to"].to_str().unwrap().to_owned();
            received.lock().unwrap().push((number, text));
            std::future::ready((StatusCode::ACCEPTED, "0: Accepted for delivery"))
        };
        let router = Router::new().route("/cgi-bin/sendsms", post(take));
        tokio::spawn(async move { axum::serve(listener, router).await });
        let settings = SmsSettings {
            name: address.to_string(),
            url: format!("http://{address}/cgi-bin/sendsms"),
            user: "wuchuang".to_owned(),
            password: Secret::new("only-in-a-test"),
            from: "10690000".to_owned(),
            // Each gateway has its own.
            report_token: Secret::new(format!("0123456789abcdef0123{:05}", address.port())),
            signature: None,
            callback_url: None,
        };
        (phones, settings)
    }

    /// What one number was sent.
    pub(crate) fn of(&self, number: &str) -> Vec<String> {
        let received = self.received.lock().unwrap();
        let own = received.iter().filter(|(to, _)| to == number);
        own.map(|(_, text)| text.clone()).collect()
    }
}
