//! Identifiers that always belong to a name: a bundle that a county knows by a key in a file is the same on every machine
//! and on every import.

use sha2::{Digest, Sha256};
use wuchuang_catalogue::{identity::item_of_key, model::ItemVersion};
use wuchuang_kernel::{BundleId, CaseId, CommandId, ItemId, JointId};

use crate::model::PartKey;

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

/// What stands in the place of the bundle in an application for several stores of one item.
pub fn bundle_of_batch(item: ItemId) -> BundleId {
    BundleId::from_u128(digest(&format!("wuchuang/batch/{item}")))
}

/// The item that a member's code names: the county's key, or the item's own identifier when it was made in this house.
pub(crate) fn item_of_code(code: &str) -> ItemId {
    code.parse().unwrap_or_else(|_| item_of_key(code))
}

/// The code by which a bundle names an item.
pub(crate) fn code_of_item(item: &ItemVersion) -> String {
    let key = item.content.sources.get("source_key");
    let key = key.filter(|key| item_of_key(key) == item.id);
    key.cloned().unwrap_or_else(|| item.id.to_string())
}

/// The key of the case of one part: the same however often the part is sent.
pub(crate) fn key_of_part(joint: JointId, part: PartKey) -> CommandId {
    CommandId::from_u128(digest(&format!("wuchuang/joint/{joint}/{part}")))
}

/// The key under which what became of a part is recorded.
pub(crate) fn key_of_record(joint: JointId, part: PartKey, became: &str) -> CommandId {
    CommandId::from_u128(digest(&format!("wuchuang/joint/{joint}/{part}/{became}")))
}

/// The version field of an identifier (RFC 9562 § 4): 8, which this house gives to nothing else.
const VERSION_MASK: u128 = 0xf << 76;
const VERSION_OWN: u128 = 0x8 << 76;

/// The key of a case for which other parts wait. It says so itself, so that what follows from a decision is only looked for
/// where something may follow.
pub(crate) const fn awaited(key: CommandId) -> CommandId {
    CommandId::from_u128(key.uuid().as_u128() & !VERSION_MASK | VERSION_OWN)
}

/// Whether other parts may wait for a case; for one case in sixteen of those whose key follows from a digest it says so in vain.
pub(crate) const fn may_be_awaited(case: CaseId) -> bool {
    case.uuid().as_u128() & VERSION_MASK == VERSION_OWN
}
