//! The rules of a case's life, as tables.

mod acceptance;
pub(crate) mod bench;
mod ending;
mod life;
mod properties;
mod review;
