//! 免提交 and 告知承诺 for programs: what may stand in the place of a paper. What is offered here is taken by its key with
//! `reuse`, and what is promised with `promised`, when the application or its correction is handed in.

use axum::{
    Json,
    extract::{Path, State},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use wuchuang_catalogue::model::ItemMaterial;
use wuchuang_codes::CitizenNumber;
use wuchuang_kernel::{ItemId, PersonId, china_date};
use wuchuang_webkit::{Caller, Failure, Resource};

use super::body::{Body, case_id};
use crate::{
    model::{ItemTerms, Stage},
    reuse::{Applying, Offer, OfferSource},
    rooms::CaseRooms,
    wanted::{Subject, wanted},
};

/// For which application.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SubstitutesInput {
    /// The item.
    #[schema(value_type = String, example = "0192f0c2a4b17c3e9d5566778899aabb")]
    item: ItemId,
    /// The citizen number of the applicant, or of whoever acts for the organisation; a citizen asks for themself and
    /// leaves it out.
    #[schema(example = "610924199001011233", max_length = 18)]
    number: Option<String>,
}

/// Something that the house has already.
#[derive(Serialize, ToSchema)]
struct SubstituteOffer {
    /// Its key; send it as `reuse`.
    #[schema(example = "licence:0192f0c2a4b17c3e9d5566778899aabb")]
    reuse: String,
    /// What it is.
    #[schema(example = "营业执照")]
    title: String,
    /// `licence` or `earlier_case`.
    #[schema(example = "licence")]
    source: &'static str,
    /// The number of the licence or of the earlier case.
    number: String,
    /// The item of the earlier case.
    #[schema(example = "食品经营许可核发")]
    item_name: Option<String>,
    /// When the earlier case was received.
    #[schema(example = "2026-10-09")]
    received_on: Option<String>,
    /// How many files come with it.
    #[schema(example = 1)]
    files: usize,
}

impl From<Offer> for SubstituteOffer {
    fn from(offer: Offer) -> Self {
        let (source, number, item_name, received_on) = match offer.source {
            OfferSource::Licence { number } => ("licence", number, None, None),
            OfferSource::EarlierCase {
                number,
                item,
                received_on,
            } => (
                "earlier_case",
                number,
                Some(item),
                Some(received_on.to_string()),
            ),
        };
        Self {
            reuse: offer.key,
            title: offer.title,
            source,
            number,
            item_name,
            received_on,
            files: offer.files.len(),
        }
    }
}

/// What is told and promised in the place of a material.
#[derive(Serialize, ToSchema)]
struct SubstitutePromise {
    /// 告知: what the applicant must be told before they promise, one paragraph each.
    told: Vec<String>,
    /// 承诺: what they promise, one paragraph each.
    promised: Vec<String>,
}

/// A material with what may stand in its place.
#[derive(Serialize, ToSchema)]
struct Substitutes {
    /// The key of the item's material.
    #[schema(example = "m1")]
    requirement: String,
    /// Its name.
    #[schema(example = "营业执照复印件")]
    name: String,
    /// What the house has already: licences first, then earlier papers, the newest first.
    offers: Vec<SubstituteOffer>,
    /// What is told and promised; absent where no promise is allowed.
    promise: Option<SubstitutePromise>,
    /// 容缺: whether it may follow after acceptance; name it in `undertaking` then.
    may_follow: bool,
}

/// Materials with what may stand in their places.
#[derive(Serialize, ToSchema)]
pub(super) struct SubstituteList {
    /// The materials, in the item's order.
    items: Vec<Substitutes>,
}

/// What may stand in the place of the papers of an application: licences, earlier papers, promises.
#[utoipa::path(post, path = "/api/v1/cases/substitutes", tag = "cases", request_body = SubstitutesInput,
    responses((status = 200, body = SubstituteList), (status = 401), (status = 403),
        (status = 422, description = "There is no such item, or the number does not read or is missing.")))]
pub(super) async fn substitute_list(
    State(rooms): State<CaseRooms>,
    caller: Caller,
    Body(input): Body<SubstitutesInput>,
) -> Result<Json<SubstituteList>, Failure> {
    let item = rooms
        .item_in_force(&caller, input.item)
        .await?
        .ok_or_else(|| {
            Failure::invalid("没有这个事项，或它已停止办理。请在事项目录中选择。").at("item")
        })?;
    let person = match caller.visitor.citizen() {
        Some(citizen) => Some(citizen.person),
        None => of_number(&rooms, &caller, input.number.as_deref()).await?,
    };
    let terms = ItemTerms::of(&item).map_err(Failure::internal)?;
    let may_follow = terms.conditional_acceptance && !terms.is_instant();
    let asked = item.content.materials.clone();
    let place = Place {
        terms: &terms,
        may_promise: true,
        may_follow,
    };
    let applying = person.map(|person| Applying {
        region: caller.region,
        person,
        organisation: None,
        except: &[],
    });
    list(&rooms, &caller, applying, asked, place).await
}

/// Whom staff or a program ask for. What the house has of somebody is for those who receive applications.
pub(super) async fn of_number(
    rooms: &CaseRooms,
    caller: &Caller,
    number: Option<&str>,
) -> Result<Option<PersonId>, Failure> {
    caller.require("case_receive", &Resource::default())?;
    let number = CitizenNumber::parse(number.unwrap_or_default())
        .map_err(|error| Failure::invalid(error.explain()).at("number"))?;
    let known = rooms
        .directory
        .citizen_find_by_number(caller.region, &number)
        .await?;
    Ok(known.map(|citizen| citizen.person))
}

/// The same for what a running case asks its applicant for: a correction, or what is owed after conditional acceptance.
#[utoipa::path(get, path = "/api/v1/cases/{case}/substitutes", tag = "cases",
    params(("case" = String, Path, description = "The case.")),
    responses((status = 200, description = "The materials that the case asks for now; none when it asks for none.", body = SubstituteList), (status = 401), (status = 403), (status = 404)))]
pub(super) async fn case_substitute_list(
    State(rooms): State<CaseRooms>,
    caller: Caller,
    Path(case): Path<String>,
) -> Result<Json<SubstituteList>, Failure> {
    let case = rooms
        .case_for(&caller, case_id(&case)?, "case_supply")
        .await?;
    let item = rooms.item_of(caller.region, &case).await?;
    let asked = wanted(&case, &[])
        .into_iter()
        .filter_map(|wish| match wish.subject {
            Subject::Material(Some(id)) => item.content.material(&id).cloned(),
            _ => None,
        })
        .collect();
    let place = Place {
        terms: &case.terms,
        may_promise: case.stage == Stage::Correcting,
        may_follow: false,
    };
    let applying = Applying {
        region: caller.region,
        person: case.applicant.person,
        organisation: case.applicant.as_organisation(),
        except: &[],
    };
    list(&rooms, &caller, Some(applying), asked, place).await
}

/// What the place at which a material is handed in allows.
struct Place<'a> {
    terms: &'a ItemTerms,
    may_promise: bool,
    may_follow: bool,
}

async fn list(
    rooms: &CaseRooms,
    caller: &Caller,
    applying: Option<Applying<'_>>,
    asked: Vec<ItemMaterial>,
    place: Place<'_>,
) -> Result<Json<SubstituteList>, Failure> {
    let mut offers = match applying {
        Some(applying) => {
            let (cases, today) = (&rooms.cases, china_date(caller.now));
            let found = rooms.on_hand.offers(cases, applying, &asked, today);
            found.await?
        }
        None => Vec::new(),
    }
    .into_iter();
    let items = asked.into_iter().map(|material| {
        let promise = place
            .terms
            .commitment(&material.id)
            .filter(|_| place.may_promise);
        Substitutes {
            may_follow: place.may_follow && material.may_follow(),
            promise: promise.map(|text| SubstitutePromise {
                told: text.told,
                promised: text.promised,
            }),
            offers: offers
                .next()
                .unwrap_or_default()
                .into_iter()
                .map(SubstituteOffer::from)
                .collect(),
            requirement: material.id,
            name: material.name,
        }
    });
    Ok(Json(SubstituteList {
        items: items.collect(),
    }))
}
