//! What is asked about the application itself, beside its form and papers: where it is handled, where the result goes, who acts
//! for the applicant.

pub(in crate::apply) mod agent;
pub(in crate::apply) mod delivery;
pub(in crate::apply) mod place;
