//! Who holds a case: several are claimed at once, one is taken over or given to a colleague.

pub(super) mod claims;
pub(super) mod reassign;
