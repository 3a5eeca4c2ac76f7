//! The answers of a form with choices that may be made several times, which the plain form
//! extractor cannot read.

use axum::Form;

/// The answers, in the order of the form.
pub(super) type Sent = Form<Vec<(String, String)>>;

/// Reads answers by name.
pub(super) struct Answers(pub(super) Vec<(String, String)>);

impl Answers {
    /// The first answer of a name, without blanks around it; empty when there is none.
    pub(super) fn text(&self, name: &str) -> &str {
        self.0
            .iter()
            .find(|(key, _)| key == name)
            .map_or("", |(_, value)| value.trim())
    }

    /// Every answer of a name.
    pub(super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0
            .iter()
            .filter(move |(key, _)| key == name)
            .map(|(_, value)| value.trim())
    }

    /// The form's idempotency key.
    pub(super) fn command_id(&self) -> Option<&str> {
        Some(self.text("command_id")).filter(|key| !key.is_empty())
    }

    /// The version that the form's page showed.
    pub(super) fn version(&self) -> wuchuang_ledger::Expected {
        self.text("version").parse().map_or(
            wuchuang_ledger::Expected::Existing,
            wuchuang_ledger::Expected::Version,
        )
    }
}
