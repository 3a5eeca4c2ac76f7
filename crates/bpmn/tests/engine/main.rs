//! The engine from outside: files in, traces out. One binary, so that it is linked once.

#![expect(
    clippy::unwrap_used,
    reason = "a test that unwraps says where it stands, in its helpers too"
)]

mod calls;
mod check;
mod elements;
mod limits;
mod migration;
mod mutation;
mod outline;
mod pairs;
mod picture;
mod returning;
mod reviewers;
mod samples;
mod sketch;
mod story;
mod structured;
mod unstructured;
