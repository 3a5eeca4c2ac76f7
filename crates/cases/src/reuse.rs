//! 免提交: what the house has already of a person, offered in the place of a paper. What there is, is the licence store's to
//! say, which lies above the cases; here is what an offer is and what it puts into a case, so that every window and the
//! API take the same.

use async_trait::async_trait;
use jiff::civil::Date;
use wuchuang_catalogue::model::ItemMaterial;
use wuchuang_kernel::{CaseId, MaterialId, PersonId, Region};
use wuchuang_webkit::Failure;

use crate::{
    known::Statement,
    model::{FileReference, Material, MaterialSource},
    service::Cases,
};

/// Where an offer comes from, for each window to say in its own words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OfferSource {
    /// A valid licence.
    Licence {
        /// Its number.
        number: String,
    },
    /// A material of an earlier case.
    EarlierCase {
        /// That case's number.
        number: String,
        /// Its item.
        item: String,
        /// When it was received.
        received_on: Date,
    },
}

/// One offer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// What a form sends: the kind and what it names.
    pub key: String,
    /// What it is.
    pub title: String,
    /// Where it comes from.
    pub source: OfferSource,
    /// Its files.
    pub files: Vec<FileReference>,
    /// The key of the item's material for which it stands.
    pub requirement: String,
    /// The name of that material.
    pub name: String,
    /// What the case keeps of where it comes from.
    pub kept_as: MaterialSource,
    /// The organisation whose paper it is; `None` for a person's.
    pub organisation: Option<OrganisationHeld>,
}

/// Whose paper an offer is, when it is an organisation's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrganisationHeld {
    /// Its credit code; empty where only the name is kept.
    pub number: String,
    /// Its name.
    pub name: String,
}

impl OrganisationHeld {
    /// Whether it is the organisation with this number, or with this name where no number is kept.
    pub fn is(&self, number: &str, name: &str) -> bool {
        if self.number.is_empty() {
            self.name == name
        } else {
            self.number == number
        }
    }
}

/// In whose application an offer is to stand.
#[derive(Debug, Clone, Copy)]
pub struct Applying<'a> {
    /// The region of both.
    pub region: Region,
    /// Who applies, or acts for the organisation.
    pub person: PersonId,
    /// Number and name of the organisation that applies; `None` for a person's own application, and while nobody said for
    /// whom it is.
    pub organisation: Option<(&'a str, &'a str)>,
    /// The cases of the application itself, when it is sent again: what follows from them is not offered.
    pub except: &'a [CaseId],
}

impl Offer {
    /// Whether it may stand in an application of this organisation, by number and name: whoever acts for several hands in
    /// nobody else's papers.
    pub fn is_for(&self, organisation: Option<(&str, &str)>) -> bool {
        let (Some(held), Some((number, name))) = (&self.organisation, organisation) else {
            return true;
        };
        held.is(number.trim(), name.trim())
    }

    /// The material that the offer puts into a case.
    pub fn material(&self, id: MaterialId) -> Material {
        Material {
            id,
            requirement: Some(self.requirement.clone()),
            name: self.name.clone(),
            source: self.kept_as.clone(),
            files: self.files.clone(),
        }
    }

    /// Whether it is a licence, which is as good as the paper; an older paper is looked at again.
    pub const fn is_licence(&self) -> bool {
        matches!(self.source, OfferSource::Licence { .. })
    }

    /// Title, source and files in one line, for the staff.
    pub fn told(&self) -> String {
        let source = match &self.source {
            OfferSource::Licence { number } => format!("电子证照 {} {number}", self.title),
            OfferSource::EarlierCase {
                number,
                item,
                received_on,
            } => format!("{received_on} 办理“{item}”时交的（办件 {number}）"),
        };
        match self.files.len() {
            0 => source,
            count => format!("{source}，{count} 个文件"),
        }
    }
}

/// Whether a material was taken from what the house had already.
pub const fn is_taken(material: &Material) -> bool {
    matches!(
        material.source,
        MaterialSource::Licence { .. } | MaterialSource::EarlierCase { .. }
    )
}

/// Knows what the house has of a person.
#[async_trait]
pub trait OnHand: Send + Sync + 'static {
    /// Everything that may stand for each of some materials in an application today, in their order: licences first, then
    /// earlier papers, the newest first.
    ///
    /// # Errors
    /// When licences, cases or files cannot be read.
    async fn offers(
        &self,
        cases: &Cases,
        applying: Applying<'_>,
        wanted: &[ItemMaterial],
        today: Date,
    ) -> Result<Vec<Vec<Offer>>, Failure>;

    /// What the licences of a person say that are in force today, the newest first; none that follows from a case to be left
    /// out.
    ///
    /// # Errors
    /// When licences or cases cannot be read.
    async fn licence_statements(
        &self,
        cases: &Cases,
        whose: (Region, PersonId),
        today: Date,
        except: &[CaseId],
    ) -> Result<Vec<Statement>, Failure>;
}
