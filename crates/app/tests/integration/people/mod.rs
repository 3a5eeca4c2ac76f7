//! What reaches people and comes back from them, and what is known of what they ask for (`analysis`): `copies` (a copy on a promise, the original after the check), `ratings` (the link in the message rates), by way of a `phone` (a gateway
//! that keeps what it is sent).

mod analysis;
mod batches;
mod bundle_editor;
pub(crate) mod bundles;
mod copies;
mod oversight;
mod parcels;
mod phone;
mod ratings;
mod supervision;
mod telling;
mod watched;
