//! The one integration binary: a whole house in this process, on SQLite and PostgreSQL, and the real program
//! in a process of its own.
//!
//! Rooms: `harness` (starts a house, speaks HTTP to it), `county` (settles a small county in it), `routes` (who may use
//! which route), `administration` (the working calendar from the page to the deadlines' job), `counters`, `office` (hands,
//! lists and limits behind them), `files` (processes, decisions and forms checked by the command line), `forms` (tables of rows), `papers` and
//! `pictures` (materials on their way in), `people` (messages and ratings),
//! `privacy`, `howto` (pages of docs/howto are true), `english` (words of the code tables in English), `interface` (what programs do), `operation` (full disks,
//! clocks that jump, upgrades), `walk` (random lives, replayed), `program` (killed under load, starved of disk, asked for
//! a proof, started empty).

#![expect(
    clippy::unwrap_used,
    reason = "a test that unwraps says where it stands, its harness as well"
)]

mod administration;
mod counters;
mod county;
mod english;
mod files;
mod forms;
mod harness;
mod howto;
mod interface;
mod office;
mod operation;
mod papers;
mod people;
mod pictures;
mod privacy;
mod program;
mod routes;
mod walk;
