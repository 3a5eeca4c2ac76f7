//! The one integration binary: a whole house in this process, on SQLite and PostgreSQL.
//!
//! Rooms: `harness` (starts a house, speaks HTTP to it), `routes` (who may use which route), `schema`
//! (an upgraded database equals a fresh one), `answers` (what every answer has in common),
//! `administration` (the working calendar from the page to the deadlines' job), `api` (its document).

mod administration;
mod answers;
mod api;
mod harness;
mod routes;
mod schema;
