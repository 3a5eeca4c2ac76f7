//! The one integration binary: a whole house in this process, on SQLite and PostgreSQL, and the real program
//! in a process of its own.
//!
//! Rooms: `harness` (starts a house, speaks HTTP to it), `county` (settles a small county in it), `routes` (who
//! may use which route), `again` (an application sent again), `schema` (an upgraded database equals a fresh one), `answers` (what every answer has in
//! common), `counter` (later papers, who takes a result, cases that end with a paper), `administration` (the working calendar from the page to the deadlines' job), `api` (its document),
//! `interface` (what programs do through it), `discretion` (what addresses do not tell, codes that
//! cannot be tried, deeds pressed twice, who may follow a case), `papers` (materials on their way
//! in), `english` (words of the code tables in English), `forgetting` (a forgotten person's files), `programs` (a
//! department's program with its token), `full` (no room left), `times` (a clock that jumps), `walk`
//! (random lives, replayed), `program` (killed under load, starved of disk, asked for a proof),
//! `office` (hands, lists and limits behind the counters), `certificate` (a licence masked, looked at, printed),
//! `correction` (a record mended at the counter), `phone` (a gateway that keeps what it is sent), `ratings` (the link in
//! the message rates), `privacy` (data deleted and held by number).

#![expect(
    clippy::unwrap_used,
    reason = "a test that unwraps says where it stands, its harness as well"
)]

mod administration;
mod again;
mod answers;
mod api;
mod certificate;
mod correction;
mod counter;
mod county;
mod discretion;
mod english;
mod forgetting;
mod full;
mod harness;
mod interface;
mod metrics;
mod office;
mod papers;
mod phone;
mod pictures;
mod privacy;
mod program;
mod programs;
mod ratings;
mod routes;
mod schema;
mod times;
mod walk;
