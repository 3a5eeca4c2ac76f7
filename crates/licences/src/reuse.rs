//! 免提交: what the house has already of a person, as materials of a new case: valid licences, and what was handed in with
//! earlier cases. Portal and counter offer the same, each with its source and its files, so that whoever reviews the case sees
//! what stands for the paper. Nothing is taken silently. What an offer is, the cases say, which take it.

use std::collections::BTreeSet;

use async_trait::async_trait;
use jiff::civil::Date;
use wuchuang_calendar::china_date;
pub use wuchuang_cases::reuse::{Offer, OfferSource};
use wuchuang_cases::{
    Cases,
    known::Statement,
    model::{Case, FileReference, Material, MaterialSource},
    reuse::{Applying, OnHand, OrganisationHeld},
    store::CaseRow,
};
use wuchuang_catalogue::model::ItemMaterial;
use wuchuang_kernel::{CaseId, LicenceId, PersonId, Personal, Region};
use wuchuang_webkit::Failure;

use crate::{LicenceSummary, Licences, model::LicenceStatus};

/// How many earlier cases are searched.
const EARLIER_CASES_MAX: usize = 20;
/// How many offers are made for one material.
const OFFERS_MAX: usize = 8;
/// From how many characters on a text that names a licence is taken for a part of its identifier.
const IDENTIFIER_CHARACTERS_MIN: usize = 10;

/// Everything that the house has of a person.
#[derive(Debug, Clone, Default)]
pub struct Stock {
    licences: Vec<StoredLicence>,
    /// The newest first.
    earlier: Vec<Case>,
}

#[derive(Debug, Clone)]
struct StoredLicence {
    id: LicenceId,
    summary: LicenceSummary,
    file: Option<FileReference>,
}

impl Stock {
    /// What the house has of a person today; nothing that follows from a case to be left out.
    ///
    /// # Errors
    /// When licences, cases or files cannot be read.
    pub async fn of(
        cases: &Cases,
        licences: &Licences,
        region: Region,
        (person, today): (PersonId, Date),
        except: &[CaseId],
    ) -> Result<Self, Failure> {
        let mut stock = Self::default();
        for summary in licences.of_person(region, person).await? {
            let is_valid = summary.status(today) == LicenceStatus::Valid;
            let case: Result<CaseId, _> = summary.case_id.parse();
            let is_left_out = case.is_ok_and(|case| except.contains(&case));
            let Some(id) = summary.licence().filter(|_| is_valid && !is_left_out) else {
                continue;
            };
            let file = if summary.document_sha256.is_empty() {
                None
            } else {
                let bytes = cases.files().get(&summary.document_sha256).await?;
                Some(FileReference {
                    sha256: summary.document_sha256.clone(),
                    name: Personal::new(person, format!("{}.pdf", summary.name)),
                    bytes: bytes.len() as u64,
                    media_type: "application/pdf".to_owned(),
                })
            };
            stock.licences.push(StoredLicence { id, summary, file });
        }
        let rows = cases.of_person(region, person).await?;
        for id in rows
            .iter()
            .filter_map(CaseRow::case_id)
            .filter(|id| !except.contains(id))
            .take(EARLIER_CASES_MAX)
        {
            if let Some(case) = cases.find(region, id).await? {
                stock.earlier.push(*case);
            }
        }
        Ok(stock)
    }

    /// What stands in for papers without any earlier case, for tests of windows.
    pub fn of_licences(summaries: Vec<LicenceSummary>) -> Self {
        Self {
            licences: summaries
                .into_iter()
                .filter_map(|summary| {
                    Some(StoredLicence {
                        id: summary.licence()?,
                        summary,
                        file: None,
                    })
                })
                .collect(),
            earlier: Vec::new(),
        }
    }

    /// Everything that may stand for a material in an application of an organisation, by number and name, or of the person:
    /// licences first, then earlier papers, the newest first.
    pub fn offers(&self, wanted: &ItemMaterial, organisation: Option<(&str, &str)>) -> Vec<Offer> {
        let mut offers: Vec<Offer> = self
            .licences
            .iter()
            .filter(|licence| stands_for(&licence.summary, wanted))
            .map(|licence| of_licence(licence, wanted))
            .collect();
        // A paper that was used again and again is the same files in several cases.
        let mut seen: BTreeSet<Vec<&str>> = BTreeSet::new();
        for case in &self.earlier {
            for material in &case.materials {
                let files: Vec<&str> = material
                    .files
                    .iter()
                    .map(|file| file.sha256.as_str())
                    .collect();
                let is_readable = !material.files.is_empty()
                    && !material.files.iter().any(FileReference::is_erased);
                if material.name == wanted.name && is_readable && seen.insert(files) {
                    offers.push(of_earlier(case, material, wanted));
                }
            }
        }
        offers.retain(|offer| offer.is_for(organisation));
        offers.truncate(OFFERS_MAX);
        offers
    }

    /// Whether a material was taken from what another organisation holds than this one, by number and name: whoever acts for
    /// several may take a paper first and say afterwards for whom the application is.
    pub fn is_of_another(&self, source: &MaterialSource, organisation: (&str, &str)) -> bool {
        let held = match source {
            MaterialSource::Licence { licence, .. } => {
                let found = self.licences.iter().find(|one| one.id == *licence);
                found.and_then(|one| held_by(&one.summary))
            }
            MaterialSource::EarlierCase { number } => {
                let found = self.earlier.iter().find(|case| case.number == *number);
                found.and_then(handed_in_by)
            }
            _ => None,
        };
        let (number, name) = organisation;
        held.is_some_and(|held| !held.is(number.trim(), name.trim()))
    }
}

#[async_trait]
impl OnHand for Licences {
    async fn offers(
        &self,
        cases: &Cases,
        applying: Applying<'_>,
        wanted: &[ItemMaterial],
        today: Date,
    ) -> Result<Vec<Vec<Offer>>, Failure> {
        let (whose, except) = ((applying.person, today), applying.except);
        let stock = Stock::of(cases, self, applying.region, whose, except).await?;
        let wanted = wanted.iter();
        let offers = wanted.map(|wanted| stock.offers(wanted, applying.organisation));
        Ok(offers.collect())
    }

    async fn licence_statements(
        &self,
        cases: &Cases,
        whose: (Region, PersonId),
        today: Date,
        except: &[CaseId],
    ) -> Result<Vec<Statement>, Failure> {
        self.statements(cases, whose, today, except).await
    }
}

/// Whether a licence may stand for a material: the item says by name or type which one does, perhaps among several names
/// (居民身份证或社会保障卡), or the material is that licence by name.
fn stands_for(licence: &LicenceSummary, wanted: &ItemMaterial) -> bool {
    if licence.name.is_empty() {
        return false;
    }
    let is_named = wanted.by_data_sharing.as_ref().is_some_and(|named| {
        let is_identifier = named.len() >= IDENTIFIER_CHARACTERS_MIN && named.is_ascii();
        named.contains(&licence.name) || is_identifier && licence.identifier.contains(named)
    });
    is_named || wanted.name.contains(&licence.name)
}

fn of_licence(licence: &StoredLicence, wanted: &ItemMaterial) -> Offer {
    let summary = &licence.summary;
    Offer {
        key: format!("licence:{}", licence.id),
        title: summary.name.clone(),
        source: OfferSource::Licence {
            number: summary.number.clone(),
        },
        files: licence.file.iter().cloned().collect(),
        requirement: wanted.id.clone(),
        name: wanted.name.clone(),
        kept_as: MaterialSource::Licence {
            licence: licence.id,
            title: format!("{} {}", summary.name, summary.number),
        },
        organisation: held_by(summary),
    }
}

fn of_earlier(case: &Case, material: &Material, wanted: &ItemMaterial) -> Offer {
    Offer {
        key: format!("case:{}", material.id),
        title: material.name.clone(),
        source: OfferSource::EarlierCase {
            number: case.number.clone(),
            item: case.terms.name.clone(),
            received_on: china_date(case.received_at),
        },
        files: material.files.clone(),
        requirement: wanted.id.clone(),
        name: wanted.name.clone(),
        kept_as: MaterialSource::EarlierCase {
            number: case.number.clone(),
        },
        organisation: handed_in_by(case),
    }
}

/// The organisation that holds a licence; `None` for a person's.
fn held_by(summary: &LicenceSummary) -> Option<OrganisationHeld> {
    (summary.holder_kind == "organisation").then(|| OrganisationHeld {
        number: String::new(),
        name: summary.holder_name.clone(),
    })
}

/// The organisation that handed in the papers of a case; `None` for a person.
fn handed_in_by(case: &Case) -> Option<OrganisationHeld> {
    let (number, name) = case.applicant.as_organisation()?;
    Some(OrganisationHeld {
        number: number.to_owned(),
        name: name.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use wuchuang_kernel::MaterialId;

    use super::*;

    fn licence(name: &str) -> LicenceSummary {
        LicenceSummary {
            id: LicenceId::from_u128(7).to_string(),
            identifier: "1.2.156.3005.2.11100000000013338W032.11610924MB2A0001X1.X".into(),
            number: "No.7".into(),
            name: name.into(),
            holder_name: String::new(),
            holder_kind: "person".into(),
            holder_person: String::new(),
            organisation: String::new(),
            organisation_name: String::new(),
            case_id: String::new(),
            case_number: String::new(),
            valid_from: "2026-01-01".into(),
            valid_until: None,
            standing: "in_force".into(),
            document_sha256: String::new(),
            issued_at_us: 0,
            is_copy: false,
        }
    }

    fn wanted(name: &str, sharing: Option<&str>) -> ItemMaterial {
        ItemMaterial {
            id: "m1".into(),
            name: name.into(),
            by_data_sharing: sharing.map(str::to_owned),
            ..ItemMaterial::default()
        }
    }

    #[test]
    fn a_licence_stands_for_the_material_that_names_it() {
        let table = [
            (wanted("营业执照复印件", None), true),
            (wanted("主体资格证明", Some("营业执照")), true),
            (
                wanted("主体资格证明", Some("营业执照或事业单位法人证书")),
                true,
            ),
            (wanted("主体资格证明", Some("11100000000013338W032")), true),
            (wanted("场所平面图", None), false),
            (wanted("场所平面图", Some("身份证")), false),
            (wanted("场所平面图", Some("1.2")), false),
        ];
        for (wanted, expected) in table {
            assert_eq!(
                stands_for(&licence("营业执照"), &wanted),
                expected,
                "{wanted:?}"
            );
        }
        assert!(!stands_for(&licence(""), &wanted("营业执照", None)));
    }

    #[test]
    fn an_offer_brings_its_source_and_files_into_the_case() {
        let file = FileReference {
            sha256: "ab".repeat(32),
            name: Personal::new(PersonId::from_u128(1), "营业执照.pdf".to_owned()),
            bytes: 12,
            media_type: "application/pdf".to_owned(),
        };
        let mut stock = Stock::of_licences(vec![licence("营业执照")]);
        stock.licences[0].file = Some(file.clone());
        let offers = stock.offers(&wanted("营业执照", None), None);
        assert_eq!(offers.len(), 1);
        assert_eq!(offers[0].told(), "电子证照 营业执照 No.7，1 个文件");
        let material = offers[0].material(MaterialId::from_u128(9));
        assert_eq!(material.files, [file]);
        assert_eq!(material.source.text(), "电子证照：营业执照 No.7");
        assert_eq!(material.requirement.as_deref(), Some("m1"));
        assert!(stock.offers(&wanted("场所平面图", None), None).is_empty());
    }
}
