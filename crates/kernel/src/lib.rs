//! The ground every other crate stands on: typed identifiers, the clock and randomness as
//! parameters, values that belong to a person, and the two kinds of text (for the public and for
//! the log). No I/O, no async; nothing here knows what a case is.

pub mod clock;
pub mod ids;
pub mod numbers;
pub mod personal;
pub mod randomness;
pub mod rejection;
pub mod who;

pub use clock::{Clock, SystemClock, TestClock, china_date, china_time};
pub use ids::*;
pub use numbers::{group_case_number, group_code};
pub use personal::{Personal, mask_address, mask_name};
pub use randomness::{Randomness, SeededRandomness, SystemRandomness};
pub use rejection::Rejection;
pub use who::{Actor, ActorKind, Channel, Region, Role};
