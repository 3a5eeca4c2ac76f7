//! The case (办件) from receipt to archive: commands, legal clock, materials, notices, worklist.
//!
//! Rooms: `model` (the pure rules), `store` (tables and lists), `files` (what was handed in), `notices`
//! (documents that follow from events), `pages` (worklist, case page, decision), `api` (JSON), `jobs`
//! (timers: deemed acceptance, archive, re-projection of deadlines).

pub mod model;
pub mod files;
pub mod migrations;
pub mod service;
pub mod store;

pub use service::{ApplicantInput, Cases, SubmissionInput, Submitted, resource};
