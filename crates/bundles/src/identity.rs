//! Identifiers that always belong to a name: a bundle that a county knows by a key in a file is the same on every machine
//! and on every import.

use sha2::{Digest, Sha256};
use wuchuang_kernel::{BundleId, CommandId, ItemId, JointId};

fn digest(text: &str) -> u128 {
    let digest = Sha256::digest(text);
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    u128::from_be_bytes(bytes)
}

/// The bundle of a key such as `B03` in the county's file.
pub fn bundle_of_key(key: &str) -> BundleId {
    BundleId::from_u128(digest(&format!("wuchuang/bundle/{key}")))
}

/// The key of the case of one part: the same however often the part is sent.
pub(crate) fn key_of_part(joint: JointId, item: ItemId) -> CommandId {
    CommandId::from_u128(digest(&format!("wuchuang/joint/{joint}/{item}")))
}

/// The key under which what became of a part is recorded.
pub(crate) fn key_of_record(joint: JointId, item: ItemId, became: &str) -> CommandId {
    CommandId::from_u128(digest(&format!("wuchuang/joint/{joint}/{item}/{became}")))
}
