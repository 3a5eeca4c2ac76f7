//! What an application for a bundle is handed in with: its parts, each an ordinary application for an item.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use wuchuang_cases::model::{
    Agent, Applicant, DeliveryChoice, HandledBy, KnownAnswer, Material, Undertaking,
};
use wuchuang_kernel::{BundleId, CommandId, ItemId, PersonId, Personal};

use super::content::{InspectionKind, WhenRefused};

/// Which part of an application: its item, and in a batch which of the premises (门店).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PartKey {
    /// The item.
    pub item: ItemId,
    /// Which of the stores of a batch, from 1; 0 in an application that has each item once.
    #[serde(default, skip_serializing_if = "is_alone")]
    pub store: u16,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde hands a reference to the condition under which a field is left out"
)]
const fn is_alone(store: &u16) -> bool {
    *store == 0
}

impl From<ItemId> for PartKey {
    fn from(item: ItemId) -> Self {
        Self { item, store: 0 }
    }
}

impl fmt::Display for PartKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.item.fmt(formatter)?;
        match self.store {
            0 => Ok(()),
            store => write!(formatter, ".{store}"),
        }
    }
}

impl FromStr for PartKey {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (item, store) = text.split_once('.').unwrap_or((text, "0"));
        Ok(Self {
            item: item.parse().map_err(|_| ())?,
            store: store.parse().map_err(|_| ())?,
        })
    }
}

/// What one part is handed in with: an ordinary application for an item.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PartApplication {
    /// Who applies.
    pub applicant: Applicant,
    /// Who acts for them.
    pub agent: Option<Agent>,
    /// The answers of the item's own form.
    pub answers: Personal<Value>,
    /// The materials of the item.
    pub materials: Vec<Material>,
    /// Where the result goes.
    pub delivery: DeliveryChoice,
    /// 容缺受理承诺, when materials are to follow.
    pub undertaking: Option<Undertaking>,
    /// What the house knew of the answers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub known: Vec<KnownAnswer>,
    /// Who handles it in the place of the item's department, because it was delegated to the counter that took it in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handled_by: Option<HandledBy>,
}

/// One part: an item with what is handed in for it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SubmittedPart {
    /// The item.
    #[serde(flatten)]
    pub id: PartKey,
    /// Its version when the application was handed in.
    pub item_version: u32,
    /// Its name.
    pub item_name: String,
    /// Who handles it.
    pub department: String,
    /// The key of its case.
    pub key: CommandId,
    /// What is handed in.
    pub application: PartApplication,
    /// The parts that must be granted before its case is opened.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub after: Vec<PartKey>,
    /// What happens to it when one of those is not granted.
    #[serde(default, skip_serializing_if = "WhenRefused::is_usual")]
    pub when_refused: WhenRefused,
    /// What its department must look at on the spot before it grants.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub inspections: Vec<InspectionKind>,
}

/// One of the stores of a batch.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SubmittedStore {
    /// What people call it; it may name a person.
    pub name: Personal<String>,
    /// Its own answers, which stand before those that are the same for all.
    pub answers: Personal<Value>,
    /// The key of its case.
    pub key: CommandId,
    /// Its own materials: each takes the place of the one that was handed in for all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub materials: Vec<Material>,
    /// 容缺受理承诺 of this store, without materials when it owes nothing; absent: the one that was made for all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undertaking: Option<Undertaking>,
}

/// An application for a bundle as it is handed in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct JointSubmission {
    /// The bundle.
    pub bundle: BundleId,
    /// Its version.
    pub bundle_version: u32,
    /// Its name.
    pub name: String,
    /// What happens to the others when a part is refused, as the applicant read it.
    pub refusal: String,
    /// The citizen who applies.
    pub person: PersonId,
    /// The code with which anyone who holds the number can ask for the progress.
    pub check_code: String,
    /// The parts.
    pub parts: Vec<SubmittedPart>,
    /// The part whose department leads on the spot; the first that goes when nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lead: Option<PartKey>,
    /// The stores of a batch (连锁门店批量办理); the one part says what is the same for all of them. Empty for all others.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stores: Vec<SubmittedStore>,
}
