//! Why a command was refused: one sentence for the person, one code for programs.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

/// A refusal of a command by the pure rules. It is kept beside the ledger, because oversight reads
/// what was refused as well as what was done.
///
/// The public sentence says what to do and why; it never carries personal data, because it is
/// stored in the clear.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("rejected: {code}")]
pub struct Rejection {
    /// A stable code for programs, such as `case_not_accepted`.
    pub code: Cow<'static, str>,
    /// The sentence that the person reads (简体中文).
    pub public: Cow<'static, str>,
    /// The field that is at fault, where one is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<Cow<'static, str>>,
}

impl Rejection {
    /// A refusal with its code and the sentence for the person.
    pub fn new(code: &'static str, public: impl Into<Cow<'static, str>>) -> Self {
        Self {
            code: Cow::Borrowed(code),
            public: public.into(),
            field: None,
        }
    }

    /// Names the field at fault.
    #[must_use]
    pub fn at(mut self, field: impl Into<Cow<'static, str>>) -> Self {
        self.field = Some(field.into());
        self
    }
}
