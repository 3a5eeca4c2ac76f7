//! What the house has already: licences of the person, and materials of their earlier cases. Offered with
//! where they come from, never taken silently.

use wuchuang_calendar::china_date;
use wuchuang_cases::model::{FileReference, Material, MaterialSource};
use wuchuang_catalogue::model::ItemMaterial;
use wuchuang_kernel::{CaseId, LicenceId, MaterialId, Personal};
use wuchuang_licences::{LicenceSummary, model::LicenceStatus};
use wuchuang_webkit::{Caller, Failure};

use super::Application;
use crate::{rooms::Rooms, words};

/// How many earlier cases are searched.
const EARLIER_CASES_MAX: usize = 20;
/// How many offers are made for one material.
const OFFERS_MAX: usize = 8;

/// One offer.
pub(super) struct Offer {
    /// What the form sends: the kind and what it names.
    pub(super) key: String,
    /// What it is.
    pub(super) title: String,
    /// Where it comes from.
    pub(super) source: String,
    material: Material,
}

/// Everything that may stand for a material.
pub(super) async fn offers(
    rooms: &Rooms,
    caller: &Caller,
    application: &Application,
    wanted: &ItemMaterial,
) -> Result<Vec<Offer>, Failure> {
    let mut offers = licences(rooms, caller, application, wanted).await?;
    offers.extend(earlier(rooms, caller, application, wanted).await?);
    offers.truncate(OFFERS_MAX);
    Ok(offers)
}

/// Whether a licence may stand for a material: the item says by name or type which one does, or the
/// material is that licence by name.
fn stands_for(licence: &LicenceSummary, wanted: &ItemMaterial) -> bool {
    let is_named = wanted
        .by_data_sharing
        .as_ref()
        .is_some_and(|named| named == &licence.name || licence.identifier.contains(named.as_str()));
    is_named || wanted.name.contains(&licence.name)
}

async fn licences(
    rooms: &Rooms,
    caller: &Caller,
    application: &Application,
    wanted: &ItemMaterial,
) -> Result<Vec<Offer>, Failure> {
    let today = china_date(caller.now);
    let mut offers = Vec::new();
    let all = rooms
        .licences
        .of_person(caller.region, application.person)
        .await?;
    for licence in all {
        let Some(id) = licence.licence().filter(|_| {
            licence.status(today) == LicenceStatus::Valid && stands_for(&licence, wanted)
        }) else {
            continue;
        };
        let material = of_licence(rooms, caller, application, wanted, &licence, id).await?;
        offers.push(Offer {
            key: format!("licence:{id}"),
            title: licence.name.clone(),
            source: caller
                .page
                .tf("电子证照，编号 {number}", &[("number", &licence.number)]),
            material,
        });
    }
    Ok(offers)
}

async fn of_licence(
    rooms: &Rooms,
    caller: &Caller,
    application: &Application,
    wanted: &ItemMaterial,
    licence: &LicenceSummary,
    id: LicenceId,
) -> Result<Material, Failure> {
    let mut files = Vec::new();
    if !licence.document_sha256.is_empty() {
        let bytes = rooms.cases.files().get(&licence.document_sha256).await?;
        files.push(FileReference {
            sha256: licence.document_sha256.clone(),
            name: Personal::new(application.person, format!("{}.pdf", licence.name)),
            bytes: bytes.len() as u64,
            media_type: "application/pdf".to_owned(),
        });
    }
    Ok(Material {
        id: MaterialId::generate(caller.now, rooms.ledger.randomness().as_ref()),
        requirement: Some(wanted.id.clone()),
        name: wanted.name.clone(),
        source: MaterialSource::Licence {
            licence: id,
            title: format!("{} {}", licence.name, licence.number),
        },
        files,
    })
}

async fn earlier(
    rooms: &Rooms,
    caller: &Caller,
    application: &Application,
    wanted: &ItemMaterial,
) -> Result<Vec<Offer>, Failure> {
    let today = china_date(caller.now);
    let rows = rooms
        .cases
        .of_person(caller.region, application.person)
        .await?;
    let mut offers: Vec<Offer> = Vec::new();
    let ids: Vec<CaseId> = rows
        .iter()
        .filter_map(wuchuang_cases::store::CaseRow::case_id)
        .take(EARLIER_CASES_MAX)
        .collect();
    for id in ids {
        let Some(case) = rooms.cases.find(caller.region, id).await? else {
            continue;
        };
        for material in &case.materials {
            // The same thing by name; a file that was offered already is not offered twice.
            let is_new = offers
                .iter()
                .all(|offer| offer.material.files != material.files);
            if material.name != wanted.name || material.files.is_empty() || !is_new {
                continue;
            }
            let day = words::day(&caller.page, china_date(case.received_at), today);
            offers.push(Offer {
                key: format!("case:{}", material.id),
                title: material.name.clone(),
                source: caller.page.tf(
                    "{day}办理“{item}”时交的",
                    &[("day", &day), ("item", &case.terms.name)],
                ),
                material: Material {
                    id: MaterialId::generate(caller.now, rooms.ledger.randomness().as_ref()),
                    requirement: Some(wanted.id.clone()),
                    name: wanted.name.clone(),
                    source: MaterialSource::EarlierCase {
                        number: case.number.clone(),
                    },
                    files: material.files.clone(),
                },
            });
        }
    }
    Ok(offers)
}

impl Offer {
    /// The material that the offer puts into the application.
    pub(super) fn into_material(self) -> Material {
        self.material
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn licence(name: &str) -> LicenceSummary {
        LicenceSummary {
            id: String::new(),
            identifier: "1.2.156.3005.2.11100000000013338W032.11610924MB2A0001X1.X".into(),
            number: String::new(),
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
        }
    }

    #[test]
    fn a_licence_stands_for_the_material_that_names_it() {
        let wanted = |name: &str, sharing: Option<&str>| ItemMaterial {
            name: name.into(),
            by_data_sharing: sharing.map(str::to_owned),
            ..ItemMaterial::default()
        };
        let table = [
            (wanted("营业执照复印件", None), true),
            (wanted("主体资格证明", Some("营业执照")), true),
            (wanted("主体资格证明", Some("11100000000013338W032")), true),
            (wanted("场所平面图", None), false),
            (wanted("场所平面图", Some("身份证")), false),
        ];
        for (wanted, expected) in table {
            assert_eq!(
                stands_for(&licence("营业执照"), &wanted),
                expected,
                "{wanted:?}"
            );
        }
    }
}
