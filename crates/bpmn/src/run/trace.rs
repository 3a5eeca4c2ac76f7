//! What a step did, element by element, for people, tests and the `run` command.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::ids::ElementId;

/// One line of a trace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "what", content = "element")]
pub enum Trace {
    /// A token entered the element. A join is entered when it fires.
    Entered(ElementId),
    /// The token left it.
    Left(ElementId),
    /// A token came to a join and waits for the others.
    Arrived(ElementId),
    /// The token waits at the element.
    WaitsAt(ElementId),
    /// The token was taken away: interrupted, terminated, returned or cancelled.
    Withdrawn(ElementId),
    /// The token cannot go on.
    Incident(ElementId),
}

impl Trace {
    /// The element.
    pub fn element(&self) -> &ElementId {
        match self {
            Self::Entered(element)
            | Self::Left(element)
            | Self::Arrived(element)
            | Self::WaitsAt(element)
            | Self::Withdrawn(element)
            | Self::Incident(element) => element,
        }
    }
}

impl fmt::Display for Trace {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self {
            Self::Entered(_) => "entered",
            Self::Left(_) => "left",
            Self::Arrived(_) => "arrived at",
            Self::WaitsAt(_) => "waits at",
            Self::Withdrawn(_) => "withdrawn from",
            Self::Incident(_) => "incident at",
        };
        write!(formatter, "{what} {}", self.element())
    }
}
