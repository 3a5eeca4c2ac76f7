//! The rules of a case's life, as tables.

mod acceptance;
mod awaited;
pub(crate) mod bench;
pub(crate) mod by_rules;
mod deadline;
mod decided;
pub(crate) mod drawn;
mod ending;
mod english;
mod levels;
mod life;
mod moving;
mod properties;
mod review;
mod signals;
