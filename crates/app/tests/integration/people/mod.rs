//! What reaches people and comes back from them: `ratings` (the link in the message rates), by way of a `phone` (a gateway
//! that keeps what it is sent).

mod batches;
mod bundle_editor;
mod bundles;
mod phone;
mod ratings;
mod supervision;
