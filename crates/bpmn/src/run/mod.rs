//! Running: `start` and `advance` take a state and an event and give a new state, effects and a trace. Nothing else
//! goes in, nothing else comes out; the same events give the same states.

mod advance;
mod effect;
mod elements;
mod event;
mod history;
mod machine;
mod names;
mod refusal;
mod renumber;
mod returning;
mod state;
mod trace;
mod view;
mod withdraw;

pub use advance::{Answer, IgnoredReason, Step, advance, start, start_at};
pub use effect::{Effect, IncidentCode, Occurrence, Outcome, SubscriptionKind, TaskCreated};
pub use event::{Event, Variables};
pub use refusal::Refusal;
pub(crate) use renumber::Renumbering;
pub use returning::{is_undone, reopen_targets, return_targets};
pub use state::Instance;
pub use trace::Trace;
pub use view::{Position, PositionState};
