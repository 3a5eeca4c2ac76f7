//! Service items with versions, publication, guides, import and export.
pub mod model;
pub mod identity;
pub mod exchange;
pub mod migrations;
pub mod store;
mod catalogue;
mod index;
mod jobs;
pub use catalogue::*;
