//! Everything around the slices' routes: the layers that each request passes, and the roof's own
//! addresses (health, metrics, the API's document).

pub(crate) mod api_document;
mod bounds;
pub(crate) mod layers;
pub(crate) mod watch;

pub(crate) use layers::{Around, Identity, wrap};
