//! Identifiers that always belong to a name: items that a county knows by a key in a file
//! get the same identifier on every machine and on every import.

use sha2::{Digest, Sha256};
use wuchuang_kernel::ItemId;

/// The item of a key such as `I34` in the county's file.
pub fn item_of_key(key: &str) -> ItemId {
    let digest = Sha256::digest(format!("wuchuang/service_item/{key}"));
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    ItemId::from_u128(u128::from_be_bytes(bytes))
}
