//! What the handlers of this slice share.

use std::ops::Deref;

use wuchuang_cases::CaseRooms;

use crate::service::Bundles;

/// The state of the slice's routes.
#[derive(Clone)]
pub struct BundleRooms {
    /// The bundles.
    pub bundles: Bundles,
    /// The cases with what their own handlers share: whose a case is, is theirs to say.
    pub cases: CaseRooms,
}

impl Deref for BundleRooms {
    type Target = Bundles;

    fn deref(&self) -> &Bundles {
        &self.bundles
    }
}
