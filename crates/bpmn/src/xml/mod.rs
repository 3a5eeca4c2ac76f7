//! From bytes to a draft of the processes in them. Everything that is wrong with the text itself is found here; what
//! is wrong with the drawing is found by `check`.

mod canonical;
mod event;
mod extension;
mod listing;
mod looping;
mod names;
mod process;
mod questions;
mod reader;
mod refused;
mod task;

pub(crate) use canonical::canonical;
pub(crate) use event::{is_date, is_duration, whole_days};
pub(crate) use names::{BPMN, DIAGRAMS};
pub(crate) use process::read;
