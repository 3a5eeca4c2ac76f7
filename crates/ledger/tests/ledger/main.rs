//! The ledger's promises, each kept on SQLite and on PostgreSQL.

mod commands;
mod forgetting;
mod house;
mod jobs;
mod proofs;
mod storage;
