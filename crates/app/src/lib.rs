//! The roof: configuration, wiring and command line of the program `wuchuang`.
//!
//! Nothing here knows what a case is. `slices` is the one list of the house's slices; `house` opens
//! the ledger with what they give and makes the router; `web` holds the layers around every request
//! and the roof's own addresses; `server` listens and keeps the timers; `commands` is the command line.
//! It is a library with a thin `main`, so that tests start a whole house in their own process.

pub mod commands;
pub mod configuration;
pub mod data_folder;
pub mod house;
mod log;
mod navigation;
pub mod server;
pub mod slices;
mod web;

pub use configuration::Configuration;
pub use data_folder::{DataFolder, Keys};
pub use house::{House, Parts};
