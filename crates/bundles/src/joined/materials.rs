//! The joined list of materials: what several items ask under one name is handed in once. It may follow, or be promised,
//! only where every item that asks for it allows that.

use wuchuang_catalogue::model::{ItemContent, ItemMaterial, Necessity};

/// Materials while they are joined.
#[derive(Default)]
pub(super) struct JoinedMaterials(Vec<ItemMaterial>);

impl JoinedMaterials {
    /// Takes the materials of an item in, and tells under which key each stands in the list.
    pub(super) fn take(&mut self, content: &ItemContent) -> Vec<(String, String)> {
        let mut keys = Vec::new();
        for wanted in &content.materials {
            let asked = as_asked(content, wanted);
            let place = self
                .0
                .iter()
                .position(|known| plain(&known.name) == plain(&wanted.name));
            let id = if let Some(place) = place {
                let known = &mut self.0[place];
                merge(known, &asked);
                known.id.clone()
            } else {
                let id = format!("m{}", self.0.len() + 1);
                self.0.push(ItemMaterial {
                    id: id.clone(),
                    ..asked
                });
                id
            };
            keys.push((wanted.id.clone(), id));
        }
        keys
    }

    /// The list.
    pub(super) fn list(self) -> Vec<ItemMaterial> {
        self.0
    }
}

/// A material with what its item allows written into it, because the joined application has no rule of its own.
pub(crate) fn as_asked(content: &ItemContent, wanted: &ItemMaterial) -> ItemMaterial {
    let may_follow =
        content.conditional_acceptance_allowed && !content.is_instant() && wanted.may_follow();
    ItemMaterial {
        necessity: if wanted.is_required() {
            Necessity::Required
        } else {
            Necessity::NotRequired
        },
        tolerable: may_follow,
        by_commitment: content.commitment_allowed && wanted.by_commitment,
        ..wanted.clone()
    }
}

/// A second item asks for the same.
fn merge(known: &mut ItemMaterial, other: &ItemMaterial) {
    // Only those who need it have a say in whether it may come later.
    known.tolerable = match (known.is_required(), other.is_required()) {
        (true, true) => known.tolerable && other.tolerable,
        (false, true) => other.tolerable,
        _ => known.tolerable,
    };
    if other.is_required() {
        known.necessity = Necessity::Required;
    }
    known.by_commitment &= other.by_commitment;
    known.copies = known.copies.max(other.copies);
    for (text, more) in [
        (&mut known.note, &other.note),
        (&mut known.basis, &other.basis),
        (&mut known.sample, &other.sample),
    ] {
        if text.is_empty() {
            text.clone_from(more);
        }
    }
    if known.by_data_sharing.is_none() {
        known.by_data_sharing.clone_from(&other.by_data_sharing);
    }
}

/// A name without blanks: 居民身份证 and 居民 身份证 are one paper.
fn plain(name: &str) -> String {
    name.chars().filter(|sign| !sign.is_whitespace()).collect()
}
