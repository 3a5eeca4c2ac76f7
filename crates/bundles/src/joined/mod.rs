//! One form and one list of materials for several items (一表申请、一套材料): what each asks, asked once. Pure: it follows
//! from the versions of the items and from nothing else, and what was answered is given back to each item in its own
//! words, so that the case of a part is like any other of its item.

mod form;
pub(crate) mod materials;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use serde_json::{Map, Value};
use wuchuang_cases::model::{
    CommitmentText, DeliveryChoice, KnownAnswer, Material, MaterialSource, Undertaking,
};
use wuchuang_catalogue::model::{
    DeliveryMethod, ItemContent, ItemMaterial, ItemVersion, OnlineDepth,
};
use wuchuang_codes::{HandlingForm, HandlingKind};
use wuchuang_kernel::{BundleId, ItemId, MaterialId};
use wuchuang_webkit::forms::{Form, FormError};

use crate::model::{BundleVersion, Member};
use form::JoinedForm;
use materials::JoinedMaterials;

/// Whether an item can be applied for from the portal, alone or in a bundle.
pub fn is_offered(content: &ItemContent) -> bool {
    content.is_online()
        && matches!(
            content.online_depth,
            OnlineDepth::PreCheck | OnlineDepth::Full
        )
}

/// One item of a joined application.
pub struct JoinedMember {
    /// The item's version.
    pub item: Arc<ItemVersion>,
    /// Its own form.
    pub form: Arc<Form>,
    /// Its fields: own name and name in the joined form.
    fields: Vec<(String, String)>,
    /// Its materials: own key and key in the joined list.
    materials: Vec<(String, String)>,
}

/// Several items as one application: its content is asked like an item's, and given back to each.
pub struct Joined {
    /// The bundle's version.
    pub bundle: Arc<BundleVersion>,
    /// The items, in the order of the bundle.
    pub members: Vec<JoinedMember>,
    /// What stands in the place of an item's version: the joined form, the joined materials.
    pub item: Arc<ItemVersion>,
    /// The joined form.
    pub form: Arc<Form>,
}

/// The item that stands for a bundle in a draft; no item of the catalogue has it.
pub const fn item_of(bundle: BundleId) -> ItemId {
    ItemId::from_u128(bundle.uuid().as_u128())
}

/// The bundle of the item in a draft, if it is one's.
pub const fn bundle_of(item: ItemId) -> BundleId {
    BundleId::from_u128(item.uuid().as_u128())
}

impl Joined {
    /// Joins the items of some members.
    ///
    /// # Errors
    /// When a form does not read, or the joined one is larger than a form may be.
    pub fn of(
        bundle: Arc<BundleVersion>,
        items: &[(&Member, Arc<ItemVersion>)],
    ) -> Result<Self, FormError> {
        let content = &bundle.content;
        let mut form = JoinedForm::new(&content.shared_fields);
        let mut materials = JoinedMaterials::default();
        let mut members = Vec::with_capacity(items.len());
        for (member, item) in items {
            let own = Form::shared(&item.content.form)?;
            members.push(JoinedMember {
                fields: form.take(&member.code, &item.content, &own),
                form: own,
                materials: materials.take(&item.content),
                item: Arc::clone(item),
            });
        }
        let item = ItemContent {
            name: content.name.clone(),
            handling: HandlingKind::Standard,
            form: form.schema(&content.name),
            materials: materials.list(),
            // What may follow or be promised is said material by material.
            conditional_acceptance_allowed: true,
            commitment_allowed: true,
            online_depth: OnlineDepth::Full,
            handling_forms: vec![HandlingForm::Computer, HandlingForm::Mobile],
            delivery_methods: delivery_methods(items),
            ..ItemContent::default()
        };
        let form = Form::shared(&item.form)?;
        let item = Arc::new(ItemVersion {
            id: item_of(bundle.id),
            version: bundle.version,
            effective_from: wuchuang_kernel::china_date(bundle.published_at),
            cancelled_on: None,
            published_at: bundle.published_at,
            published_by: None,
            content: item,
        });
        Ok(Self {
            bundle,
            members,
            item,
            form,
        })
    }
}

impl Joined {
    /// The item as its answers ask for it: without the materials that no form asks for (附件 of a question that is left out).
    pub fn asked(&self, answers: &Map<String, Value>) -> Arc<ItemVersion> {
        let asks = |key: &str| {
            self.members.iter().any(|member| {
                let mut own = member.materials.iter();
                own.any(|(_, joined)| joined == key) && !member.unasked(answers).contains(&key)
            })
        };
        let materials = &self.item.content.materials;
        if materials.iter().all(|material| asks(&material.id)) {
            return Arc::clone(&self.item);
        }
        let mut item = self.item.as_ref().clone();
        item.content.materials.retain(|material| asks(&material.id));
        Arc::new(item)
    }
}

/// The ways that every item offers; a counter always hands over.
fn delivery_methods(items: &[(&Member, Arc<ItemVersion>)]) -> Vec<DeliveryMethod> {
    let common: Vec<DeliveryMethod> = DeliveryMethod::ALL
        .iter()
        .copied()
        .filter(|method| {
            items
                .iter()
                .all(|(_, item)| item.content.delivery_methods.contains(method))
        })
        .collect();
    if common.is_empty() {
        vec![DeliveryMethod::Counter]
    } else {
        common
    }
}

impl JoinedMember {
    /// The item's own answers.
    pub fn answers(&self, joined: &Map<String, Value>) -> Map<String, Value> {
        let own = self.fields.iter();
        let mut answers = own
            .filter_map(|(own, name)| Some((own.clone(), joined.get(name)?.clone())))
            .collect();
        // What was signed is the whole application.
        self.form.unmark(&mut answers);
        answers
    }

    /// What the house knew of the item's own answers.
    pub fn known(&self, joined: &[KnownAnswer]) -> Vec<KnownAnswer> {
        let of = |(own, name): &(String, String)| {
            let known = joined.iter().find(|one| one.field == *name)?;
            Some(KnownAnswer {
                field: own.clone(),
                ..known.clone()
            })
        };
        self.fields.iter().filter_map(of).collect()
    }

    /// Under which name the joined form asks one of the item's fields, or a cell of its table.
    pub fn joined_field(&self, own: &str) -> Option<String> {
        let at = own.find('.').unwrap_or(own.len());
        let (own, cell) = own.split_at(at);
        self.fields
            .iter()
            .find(|(name, _)| name == own)
            .map(|(_, joined)| format!("{joined}{cell}"))
    }

    /// The keys in the joined list of what this item's form does not ask for, given the answers of the joined form.
    fn unasked(&self, joined: &Map<String, Value>) -> Vec<&str> {
        let answers = self.answers(joined);
        let unasked = self.form.unasked_materials(&answers);
        let of = self.materials.iter();
        of.filter(|(own, _)| unasked.contains(&own.as_str()))
            .map(|(_, key)| key.as_str())
            .collect()
    }

    /// The item's own materials, without those that its form does not ask for. `id` gives each its identifier, by its place.
    /// What was promised is promised to each item in its own name.
    pub fn materials(
        &self,
        (joined, answers): (&[Material], &Map<String, Value>),
        id: impl Fn(usize) -> MaterialId,
    ) -> Vec<Material> {
        let unasked = self.unasked(answers);
        self.materials
            .iter()
            .enumerate()
            .filter(|(_, (_, key))| !unasked.contains(&key.as_str()))
            .filter_map(|(index, (own, key))| {
                let given = joined
                    .iter()
                    .find(|material| material.requirement.as_deref() == Some(key))?;
                let wanted = self.item.content.material(own)?;
                let source = match &given.source {
                    MaterialSource::Commitment { .. } => MaterialSource::Commitment {
                        text: self.commitment(wanted).whole(),
                    },
                    other => other.clone(),
                };
                Some(Material {
                    id: id(index),
                    requirement: Some(own.clone()),
                    name: wanted.name.clone(),
                    source,
                    files: given.files.clone(),
                })
            })
            .collect()
    }

    /// What is told and promised to this item in the place of one of its materials.
    fn commitment(&self, wanted: &ItemMaterial) -> CommitmentText {
        let content = &self.item.content;
        CommitmentText::of(&content.name, &wanted.name, content.copy_days())
    }

    /// For how many days the copy is valid that this item gives first to whoever promised in the place of a material of the joined
    /// list (承诺制+副本制); `None` where it asks for no such material or gives no copy.
    pub fn copy_days_for(&self, joined: &str) -> Option<u16> {
        let asks = self.materials.iter().any(|(_, key)| key == joined);
        self.item.content.copy_days().filter(|_| asks)
    }

    /// What the applicant undertakes to hand in later to this item, of what its form asks for and may follow; `None` when nothing
    /// is left for later. `answers` are those of the joined form.
    pub fn undertaking(
        &self,
        given: &[Material],
        answers: &Map<String, Value>,
    ) -> Option<Undertaking> {
        let content = &self.item.content;
        if !content.conditional_acceptance_allowed || content.is_instant() {
            return None;
        }
        let answers = self.answers(answers);
        let unasked = self.form.unasked_materials(&answers);
        let is_given = |id: &str| {
            let mut given = given.iter();
            given.any(|material| material.requirement.as_deref() == Some(id))
        };
        let owed: Vec<(String, String)> = content
            .materials
            .iter()
            .filter(|wanted| wanted.is_required() && wanted.may_follow())
            .filter(|wanted| !is_given(&wanted.id) && !unasked.contains(&wanted.id.as_str()))
            .map(|wanted| (wanted.id.clone(), wanted.name.clone()))
            .collect();
        (!owed.is_empty()).then(|| Undertaking::of(&content.name, &owed))
    }

    /// The way of delivery for this item: what was chosen, where the item offers it.
    pub fn delivery(&self, chosen: &DeliveryChoice) -> DeliveryChoice {
        let method = match chosen {
            DeliveryChoice::Counter => DeliveryMethod::Counter,
            DeliveryChoice::Post { .. } => DeliveryMethod::Post,
            DeliveryChoice::Electronic => DeliveryMethod::Electronic,
        };
        if self.item.content.delivery_methods.contains(&method) {
            chosen.clone()
        } else {
            DeliveryChoice::Counter
        }
    }
}
