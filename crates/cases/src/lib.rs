//! The case (办件) from receipt to archive: commands, legal clock, materials, notices, worklist.
//!
//! Rooms: `model` (the pure rules), `store` (tables and lists), `files` (what was handed in), `notices`
//! (documents that follow from events), `pages` (worklist, case page, decision), `api` (JSON), `jobs`
//! (timers: deemed acceptance, archive, re-projection of deadlines).

pub mod model;
pub mod api;
pub mod files;
pub mod jobs;
pub mod migrations;
pub mod notices;
pub mod pages;
pub mod rooms;
pub mod service;
pub mod store;

pub use service::{ApplicantInput, Cases, SubmissionInput, Submitted, resource};
