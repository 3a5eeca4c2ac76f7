//! Who holds a case: several are claimed at once, one is taken over or given to a colleague; and the open steps of a drawn
//! process, each of which is in a hand of its own, with what its process waits for from outside.

pub(super) mod awaited;
pub(super) mod claims;
pub(super) mod reassign;
pub(super) mod steps;
