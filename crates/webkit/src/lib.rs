//! Pages, forms, problems, languages and assets: what every window needs to answer a browser.

pub mod assets;
pub mod display;
pub mod failure;
pub mod forms;
pub mod gate;
pub mod guard;
pub mod language;
pub mod markup;
pub mod page;
pub mod request;
pub mod routes;
pub mod slice;
pub mod throttle;
pub mod visitor;

pub use failure::Failure;
pub use gate::{Gate, Resource, SharedGate};
pub use request::{Caller, Surroundings};
pub use routes::{RouteSpec, Routes, Rule};
pub use slice::{NavigationItem, Slice};
pub use visitor::{Citizen, Program, Staff, Visitor};
