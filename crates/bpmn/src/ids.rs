//! Typed identifiers: elements are named by the file, everything that lives in an instance is numbered by it.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// The id of an element in the BPMN file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ElementId(Arc<str>);

impl ElementId {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for ElementId {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl fmt::Display for ElementId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

macro_rules! numbered {
    ($(#[$meaning:meta])* $name:ident) => {
        $(#[$meaning])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub u32);

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(formatter)
            }
        }
    };
}

numbered! {
    /// One waiting piece of work of an instance: a user task, a service call, a decision, a called process, or an
    /// incident. Never used twice within an instance, so a late answer cannot hit a later task.
    TaskId
}
numbered! {
    /// One running timer of an instance. Never used twice within it.
    TimerId
}
numbered! {
    /// One open subscription to a message or signal. Never used twice within the instance.
    SubscriptionId
}
