//! The same for programs: what was delegated to whom, the matrix, and the two deeds.

mod places;

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::routes;
use wuchuang_kernel::{OrganisationId, china_date};
use wuchuang_ledger::Expected;
use wuchuang_webkit::{Caller, Failure, Routes, Rule, request::Body};

use crate::{
    matrix::{MatrixLine, Place},
    model::{Delegation, DelegationCommand, DelegationWay, Extent},
    rooms::DelegationRooms,
    store::Given,
};

/// How many organisations one deed may name.
const ORGANISATIONS_MAX: usize = 300;

pub(crate) fn routes() -> Routes<DelegationRooms> {
    let list = Rule::Act("delegation_list");
    let edit = Rule::Act("delegation_edit");
    Routes::new()
        .api(Rule::Public, routes!(places::item_places))
        .api(list, routes!(delegation_list))
        .api(list, routes!(item_matrix))
        .api(list, routes!(item_delegation_list))
        .api(edit, routes!(item_delegate))
        .api(edit, routes!(item_delegation_end))
}

/// A delegation.
#[derive(Debug, Serialize, ToSchema)]
struct DelegationView {
    /// The item.
    item: String,
    /// The organisation that holds it.
    organisation: String,
    /// Its name when it was delegated.
    #[schema(example = "城关镇人民政府")]
    organisation_name: String,
    /// `handed_down` 直接下放, `entrusted` 委托 or `empowered` 赋权.
    #[schema(example = "entrusted")]
    way: &'static str,
    /// `receipt` (receives, accepts and hands over) or `whole` (decides as well).
    #[schema(example = "receipt")]
    extent: &'static str,
    /// The first day.
    #[schema(example = "2026-12-01")]
    from: String,
    /// The last day; null while none is set.
    until: Option<String>,
    /// The public document.
    document: String,
}

impl DelegationView {
    fn of(item: String, given: &Delegation) -> Self {
        Self {
            item,
            organisation: given.organisation.to_string(),
            organisation_name: given.organisation_name.clone(),
            way: given.way.code(),
            extent: given.extent.code(),
            from: given.from.to_string(),
            until: given.until.map(|until| until.to_string()),
            document: given.document.clone(),
        }
    }
}

impl From<&Given> for DelegationView {
    fn from(given: &Given) -> Self {
        Self::of(given.item.to_string(), &given.delegation)
    }
}

/// Delegations.
#[derive(Debug, Serialize, ToSchema)]
struct DelegationList {
    /// All of them.
    delegations: Vec<DelegationView>,
}

/// All delegations of the county that have not ended, by item.
#[utoipa::path(get, path = "/api/v1/delegations", tag = "items",
    responses((status = 200, body = DelegationList), (status = 401), (status = 403)))]
async fn delegation_list(
    State(rooms): State<DelegationRooms>,
    caller: Caller,
) -> Result<Json<DelegationList>, Failure> {
    let today = china_date(caller.now);
    let all = rooms.delegations.all(caller.region, today).await?;
    Ok(Json(DelegationList {
        delegations: all.iter().map(DelegationView::from).collect(),
    }))
}

/// Who does one item.
#[derive(Debug, Serialize, ToSchema)]
struct MatrixView {
    /// The item.
    item: String,
    /// Its name.
    #[schema(example = "失业登记")]
    name: String,
    /// The code that is printed; may be empty.
    code: String,
    /// 主管部门.
    department: String,
    /// 谁受理, beside those to which it was delegated.
    receives: Vec<String>,
    /// 谁审查: the department with its steps.
    reviews: String,
    /// 谁决定, beside those to which it was delegated to the end.
    decides: String,
    /// 谁办结 (送达), beside those that receive it.
    closes: String,
    /// 谁监管; empty where the item does not say it.
    supervises: String,
    /// Those that receive it by delegation.
    delegated_receivers: Vec<String>,
    /// Those that decide it by delegation.
    delegated_deciders: Vec<String>,
}

impl From<MatrixLine> for MatrixView {
    fn from(line: MatrixLine) -> Self {
        let names = |places: &[Place]| places.iter().map(|place| place.name.clone()).collect();
        Self {
            item: line.item.to_string(),
            delegated_receivers: names(&line.receivers),
            delegated_deciders: names(&line.deciders),
            name: line.name,
            code: line.code,
            department: line.department,
            receives: line.receives,
            reviews: line.reviews,
            decides: line.decides,
            closes: line.closes,
            supervises: line.supervises,
        }
    }
}

/// 谁受理、谁审批、谁办结.
#[derive(Debug, Serialize, ToSchema)]
struct MatrixList {
    /// One line an item.
    items: Vec<MatrixView>,
}

/// 谁受理、谁审批、谁办结: one line for each published item, as of today.
#[utoipa::path(get, path = "/api/v1/delegations/matrix", tag = "items",
    responses((status = 200, body = MatrixList), (status = 401), (status = 403)))]
async fn item_matrix(
    State(rooms): State<DelegationRooms>,
    caller: Caller,
) -> Result<Json<MatrixList>, Failure> {
    let lines = rooms.matrix(&caller).await?;
    Ok(Json(MatrixList {
        items: lines.into_iter().map(MatrixView::from).collect(),
    }))
}

/// The delegations of an item, the oldest first; those that ended stay.
#[utoipa::path(get, path = "/api/v1/items/{item}/delegations", tag = "items",
    params(("item" = String, Path, description = "The item.")),
    responses((status = 200, body = DelegationList), (status = 403), (status = 404)))]
async fn item_delegation_list(
    State(rooms): State<DelegationRooms>,
    caller: Caller,
    Path(item): Path<String>,
) -> Result<Json<DelegationList>, Failure> {
    let item = rooms.item(&item)?;
    let loaded = rooms.delegations.of_item(caller.region, item.id).await?;
    let all = loaded.map(|(_, state)| state);
    let views = all.iter().flat_map(|state| {
        let all = state.all.iter();
        all.map(|given| DelegationView::of(item.id.to_string(), given))
    });
    Ok(Json(DelegationList {
        delegations: views.collect(),
    }))
}

/// To whom, how far, from when.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct DelegateInput {
    /// The organisations, 1 to 300: all or none.
    #[schema(min_items = 1, max_items = 300, example = json!(["0192f0c2a4b17c3e9d5566778899aabb"]))]
    organisations: Vec<String>,
    /// `handed_down`, `entrusted` or `empowered`.
    #[schema(value_type = String, example = "entrusted")]
    way: DelegationWay,
    /// `receipt` or `whole`.
    #[schema(value_type = String, example = "receipt")]
    extent: Extent,
    /// The first day, today or later.
    #[schema(value_type = String, example = "2026-12-01")]
    from: Date,
    /// The last day; none while it is to last.
    #[schema(value_type = Option<String>)]
    until: Option<Date>,
    /// The public document, at most 200 characters.
    #[schema(example = "紫政告〔2026〕3号")]
    document: String,
}

/// 下放、委托或赋权: organisations may receive, or also decide, an item from a day on. Cases taken in before are not touched.
#[utoipa::path(post, path = "/api/v1/items/{item}/delegations", tag = "items", request_body = DelegateInput,
    params(("item" = String, Path, description = "The item."), ("Idempotency-Key" = Option<String>, Header, description = "The same key gives the first answer again.")),
    responses((status = 201, body = DelegationList), (status = 403), (status = 404),
        (status = 422, description = "No such organisation; one holds the item already; a day in the past; no document.")))]
async fn item_delegate(
    State(rooms): State<DelegationRooms>,
    caller: Caller,
    Path(item): Path<String>,
    Body(input): Body<DelegateInput>,
) -> Result<(StatusCode, Json<DelegationList>), Failure> {
    let item = rooms.item(&item)?;
    if input.organisations.len() > ORGANISATIONS_MAX {
        return Err(Failure::invalid("一次最多下放给300个单位，请分几次。").at("organisations"));
    }
    DelegationRooms::require_extent(&item, input.extent)?;
    let places = rooms.places(&caller).await?;
    let mut delegations = Vec::new();
    for organisation in &input.organisations {
        let id = organisation.parse::<OrganisationId>().ok();
        let place = places
            .iter()
            .find(|place| Some(place.id) == id && place.id != item.content.department.id);
        let place = place.ok_or_else(|| {
            Failure::invalid(
                "没有这个承接单位，或不能下放给它（中心本来就收，主管部门就是它自己）。",
            )
            .at("organisations")
        })?;
        delegations.push(Delegation {
            organisation: place.id,
            organisation_name: place.name.clone(),
            way: input.way,
            extent: input.extent,
            from: input.from,
            until: input.until,
            document: input.document.clone(),
        });
    }
    let views = delegations
        .iter()
        .map(|given| DelegationView::of(item.id.to_string(), given))
        .collect();
    let order = caller.order(None, Expected::Any);
    let command = DelegationCommand::Delegate { delegations };
    rooms.delegations.command(item.id, command, order).await?;
    Ok((
        StatusCode::CREATED,
        Json(DelegationList { delegations: views }),
    ))
}

/// Until when, and why.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct DelegationEndInput {
    /// The organisation whose delegation ends.
    organisation: String,
    /// The last day, today or later.
    #[schema(value_type = String, example = "2026-12-31")]
    last_day: Date,
    /// Why, at most 200 characters.
    #[schema(example = "机构调整。")]
    reason: String,
}

/// 收回: the delegation of an organisation ends after a day; what it took in until then it finishes.
#[utoipa::path(post, path = "/api/v1/items/{item}/delegations/end", tag = "items", request_body = DelegationEndInput,
    params(("item" = String, Path, description = "The item."), ("Idempotency-Key" = Option<String>, Header, description = "The same key gives the first answer again.")),
    responses((status = 204), (status = 403), (status = 404),
        (status = 422, description = "The organisation does not hold it; a day in the past; no reason.")))]
async fn item_delegation_end(
    State(rooms): State<DelegationRooms>,
    caller: Caller,
    Path(item): Path<String>,
    Body(input): Body<DelegationEndInput>,
) -> Result<StatusCode, Failure> {
    let item = rooms.item(&item)?;
    let organisation = input
        .organisation
        .parse()
        .map_err(|_| Failure::invalid("没有这个承接单位。").at("organisation"))?;
    let command = DelegationCommand::End {
        organisation,
        last_day: input.last_day,
        reason: input.reason,
    };
    let order = caller.order(None, Expected::Any);
    rooms.delegations.command(item.id, command, order).await?;
    Ok(StatusCode::NO_CONTENT)
}
