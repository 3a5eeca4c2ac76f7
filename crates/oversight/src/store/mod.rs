//! The tables: `entries` (items in the hall), `findings` (lists and figures), `rounds` (checks).

pub(crate) mod entries;
pub(crate) mod findings;
pub(crate) mod rounds;
