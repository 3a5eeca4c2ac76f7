//! The Merkle tree of a checkpoint (the construction of RFC 6962 §2.1: leaves and nodes are hashed
//! with different prefixes, so that a node can never pass for a leaf).

use sha2::{Digest, Sha256};

/// A SHA-256 hash.
pub(crate) type Hash = [u8; 32];

fn leaf(value: &Hash) -> Hash {
    Sha256::new()
        .chain_update([0])
        .chain_update(value)
        .finalize()
        .into()
}

fn node(left: &Hash, right: &Hash) -> Hash {
    Sha256::new()
        .chain_update([1])
        .chain_update(left)
        .chain_update(right)
        .finalize()
        .into()
}

/// Where the tree over `count` leaves splits: the largest power of two below `count`.
fn split(count: usize) -> usize {
    debug_assert!(count > 1, "a single leaf does not split");
    1 << (usize::BITS - 1 - (count - 1).leading_zeros())
}

/// The root over the values; the root of nothing is the hash of nothing.
pub(crate) fn root(values: &[Hash]) -> Hash {
    match values {
        [] => Sha256::digest([]).into(),
        [only] => leaf(only),
        _ => {
            let (left, right) = values.split_at(split(values.len()));
            node(&root(left), &root(right))
        }
    }
}

/// The hashes beside the way from the value at `index` to the root, lowest first. `None` when the
/// index lies outside.
pub(crate) fn path(values: &[Hash], index: usize) -> Option<Vec<Hash>> {
    if index >= values.len() {
        return None;
    }
    let mut way = Vec::new();
    let (mut values, mut index) = (values, index);
    while values.len() > 1 {
        let (left, right) = values.split_at(split(values.len()));
        if index < left.len() {
            way.push(root(right));
            values = left;
        } else {
            way.push(root(left));
            index -= left.len();
            values = right;
        }
    }
    way.reverse();
    Some(way)
}

/// The root that follows from a value, its place and the hashes beside its way; `None` when the
/// path has the wrong length.
pub(crate) fn root_from_path(
    value: &Hash,
    index: usize,
    count: usize,
    path: &[Hash],
) -> Option<Hash> {
    if index >= count {
        return None;
    }
    // The turns from the root down to the leaf: whether the way goes to the left each time.
    let mut turns = Vec::new();
    let (mut index, mut count) = (index, count);
    while count > 1 {
        let left = split(count);
        turns.push(index < left);
        if index < left {
            count = left;
        } else {
            index -= left;
            count -= left;
        }
    }
    if turns.len() != path.len() {
        return None;
    }
    let mut hash = leaf(value);
    for (beside, goes_left) in path.iter().zip(turns.iter().rev()) {
        hash = if *goes_left {
            node(&hash, beside)
        } else {
            node(beside, &hash)
        };
    }
    Some(hash)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn values(count: usize) -> Vec<Hash> {
        (0..count)
            .map(|number| Sha256::digest(number.to_le_bytes()).into())
            .collect()
    }

    proptest! {
        #[test]
        fn every_value_proves_itself_and_no_other(count in 1_usize..70, at in 0_usize..70, other in 0_usize..70) {
            let values = values(count);
            let at = at % count;
            let way = path(&values, at).unwrap();
            prop_assert_eq!(root_from_path(&values[at], at, count, &way), Some(root(&values)));
            let other = other % count;
            if other != at {
                prop_assert_ne!(root_from_path(&values[other], at, count, &way), Some(root(&values)));
            }
        }
    }

    #[test]
    fn a_place_outside_has_no_path() {
        assert_eq!(path(&values(3), 3), None);
        assert_eq!(root_from_path(&[0; 32], 3, 3, &[]), None);
    }
}
