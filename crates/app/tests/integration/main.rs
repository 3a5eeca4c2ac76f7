//! The one integration binary: a whole house in this process, on SQLite and PostgreSQL, and the real program
//! in a process of its own.
//!
//! Rooms: `harness` (starts a house, speaks HTTP to it), `county` (settles a small county in it), `routes` (who
//! may use which route), `schema` (an upgraded database equals a fresh one), `answers` (what every answer has in
//! common), `administration` (the working calendar from the page to the deadlines' job), `api` (its document),
//! `interface` (what programs do through it), `full` (no room left), `times` (a clock that jumps), `walk`
//! (random lives, replayed), `program` (killed under load, starved of disk).

#![expect(
    clippy::unwrap_used,
    reason = "a test that unwraps says where it stands, its harness as well"
)]

mod administration;
mod answers;
mod api;
mod county;
mod full;
mod harness;
mod interface;
mod metrics;
mod pictures;
mod program;
mod routes;
mod schema;
mod times;
mod walk;
