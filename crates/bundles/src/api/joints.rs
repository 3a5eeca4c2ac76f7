//! Applications for bundles for programs: lists and each part's standing, for whoever handles cases and for the citizen. No
//! personal value is in them; the cases of the parts have an API of their own.

use axum::{
    Json,
    extract::{Path, Query, State},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use wuchuang_kernel::JointId;
use wuchuang_webkit::{Caller, Failure, Resource};

use crate::{
    delivering,
    model::Joint,
    rooms::BundleRooms,
    store::{JointPlace, JointRow},
    view::{End, JointView, PartView},
};

/// How many applications one page of a list holds at most.
const LIMIT_MAX: u32 = 100;
/// How many when nothing is said.
const LIMIT_USUAL: u32 = 50;

/// Which part of a list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct PageQuery {
    /// Where the page before ended.
    cursor: Option<String>,
    /// How many, at most 100.
    #[param(maximum = 100)]
    limit: Option<u32>,
}

/// An application in a list.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct JointItem {
    /// The application.
    joint: String,
    /// Its number.
    #[schema(example = "6109240YJS20261123000001")]
    number: String,
    /// The bundle.
    bundle: String,
    /// The bundle's name when it was handed in.
    #[schema(example = "企业经营")]
    name: String,
    /// When it was received, RFC 3339.
    received_at: String,
}

impl From<JointRow> for JointItem {
    fn from(row: JointRow) -> Self {
        Self {
            received_at: row.received_at().to_string(),
            joint: row.joint,
            number: row.number,
            bundle: row.bundle,
            name: row.name,
        }
    }
}

/// One page of applications.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct JointList {
    /// The applications, the newest first.
    items: Vec<JointItem>,
    /// Where the next page begins.
    next_cursor: Option<String>,
}

fn place_of(cursor: &str) -> Result<JointPlace, Failure> {
    let read = || {
        let (at_us, joint) = cursor.split_once('-')?;
        let joint: JointId = joint.parse().ok()?;
        Some((at_us.parse().ok()?, joint.to_string()))
    };
    read().ok_or_else(|| Failure::invalid("翻页位置不对，请从第一页开始。").at("cursor"))
}

/// The applications for bundles, without what is personal.
#[utoipa::path(get, path = "/api/v1/joints", tag = "bundles", params(PageQuery),
    responses((status = 200, body = JointList), (status = 401), (status = 403), (status = 422, description = "The cursor does not read.")))]
pub(super) async fn joint_list(
    State(rooms): State<BundleRooms>,
    caller: Caller,
    Query(query): Query<PageQuery>,
) -> Result<Json<JointList>, Failure> {
    let place = query.cursor.as_deref().map(place_of).transpose()?;
    let shown = query.limit.unwrap_or(LIMIT_USUAL).clamp(1, LIMIT_MAX);
    let mut found = rooms
        .list(caller.region, place, i64::from(shown) + 1)
        .await?;
    let has_more = found.len() > shown as usize;
    found.truncate(shown as usize);
    let next_cursor = found
        .last()
        .filter(|_| has_more)
        .map(|(row, _)| format!("{}-{}", row.received_at_us, row.joint));
    Ok(Json(JointList {
        items: found.into_iter().map(|(row, _)| row.into()).collect(),
        next_cursor,
    }))
}

/// A part of an application.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PartItem {
    /// Which part, for appointments on the spot.
    part: String,
    /// The item's name.
    #[schema(example = "食品经营许可核发")]
    name: String,
    /// Who handles it now.
    organisation_name: String,
    /// Its case; absent while it is opened, and when it could not be.
    case: Option<String>,
    /// Its number in groups; empty without a case.
    number: String,
    /// The version of its case; send it with a deed on several cases.
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<i64>,
    /// Where it stands.
    #[schema(example = "审查")]
    step: String,
    /// `open`, `granted`, `refused` or `withdrawn`.
    #[schema(example = "open")]
    end: &'static str,
    /// Why its case could not be opened; empty otherwise.
    reason: String,
    /// For which earlier items it waits; empty for all others.
    after: String,
    /// The levels that do not agree (逐级审批), for those who may open the case: nothing is granted while there is one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(example = json!(["技术审查"]))]
    against: Vec<String>,
}

impl From<&PartView> for PartItem {
    fn from(part: &PartView) -> Self {
        Self {
            part: part.key.to_string(),
            after: part.after.clone(),
            name: part.name.clone(),
            organisation_name: part.organisation.clone(),
            case: part.case.map(|case| case.to_string()),
            number: part.number.clone(),
            version: part.version,
            step: part.step.clone(),
            end: match part.end {
                End::Open => "open",
                End::Granted => "granted",
                End::Refused => "refused",
                End::Withdrawn => "withdrawn",
            },
            reason: part.reason.clone(),
            against: Vec::new(),
        }
    }
}

/// An application with its parts.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct JointRead {
    /// The application.
    joint: String,
    /// Its number.
    number: String,
    /// The bundle.
    bundle: String,
    /// The bundle's name when it was handed in.
    name: String,
    /// When it was received, RFC 3339.
    received_at: String,
    /// The parts.
    parts: Vec<PartItem>,
    /// Which part takes longest, who holds it and where; empty when everything has ended.
    longest: String,
    /// What it means that a part was refused; empty while none is.
    refusal: String,
}

async fn read(
    rooms: &BundleRooms,
    caller: &Caller,
    (id, joint): (JointId, &Joint),
) -> Result<Json<JointRead>, Failure> {
    let at = (caller.region, caller.now);
    let view = JointView::of(rooms, &caller.page, at, (id, joint)).await?;
    Ok(Json(JointRead {
        joint: id.to_string(),
        number: joint.number.clone(),
        bundle: joint.bundle.to_string(),
        name: joint.name.clone(),
        received_at: joint.received_at.to_string(),
        parts: view.parts.iter().map(PartItem::from).collect(),
        longest: view.longest,
        refusal: view.refusal,
    }))
}

/// One application with where each part stands, without what is personal.
#[utoipa::path(get, path = "/api/v1/joints/{joint}", tag = "bundles",
    params(("joint" = String, Path, description = "The application.")),
    responses((status = 200, body = JointRead), (status = 401), (status = 403), (status = 404)))]
pub(super) async fn joint_read(
    State(rooms): State<BundleRooms>,
    caller: Caller,
    Path(joint): Path<String>,
) -> Result<Json<JointRead>, Failure> {
    let id: JointId = joint.parse().map_err(|_| Failure::not_found())?;
    let joint = rooms.get(caller.region, id).await?;
    let Json(mut told) = read(&rooms, &caller, (id, &joint)).await?;
    for (case, found, resource) in delivering::cases(&rooms, &caller, &joint).await? {
        if !caller.may("case_open", &resource) {
            continue;
        }
        let case = case.to_string();
        let mut parts = told.parts.iter_mut();
        let is_open =
            |part: &&mut PartItem| part.case.as_ref() == Some(&case) && part.end == "open";
        if let Some(part) = parts.find(is_open) {
            let levels = found.levels_against().into_iter();
            part.against = levels.map(str::to_owned).collect();
        }
    }
    Ok(Json(told))
}

/// All of the caller's own applications.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OwnJointList {
    /// The applications, the newest first; at most 100.
    items: Vec<JointItem>,
}

/// The caller's own applications for bundles.
#[utoipa::path(get, path = "/api/v1/my/joints", tag = "my",
    responses((status = 200, body = OwnJointList), (status = 401), (status = 403)))]
pub(super) async fn own_joint_list(
    State(rooms): State<BundleRooms>,
    caller: Caller,
) -> Result<Json<OwnJointList>, Failure> {
    let person = caller.visitor.person().ok_or_else(Failure::sign_in)?;
    let rows = rooms.of_person(caller.region, person).await?;
    Ok(Json(OwnJointList {
        items: rows.into_iter().map(JointItem::from).collect(),
    }))
}

/// One of the caller's own applications.
#[utoipa::path(get, path = "/api/v1/my/joints/{joint}", tag = "my",
    params(("joint" = String, Path, description = "The application.")),
    responses((status = 200, body = JointRead), (status = 401), (status = 403), (status = 404)))]
pub(super) async fn own_joint_read(
    State(rooms): State<BundleRooms>,
    caller: Caller,
    Path(joint): Path<String>,
) -> Result<Json<JointRead>, Failure> {
    let id: JointId = joint.parse().map_err(|_| Failure::not_found())?;
    let joint = rooms.get(caller.region, id).await?;
    let resource = Resource {
        kind: "joint",
        id: id.to_string(),
        owner: Some(joint.person),
        ..Resource::default()
    };
    if !caller.may("joint_own_read", &resource) {
        return Err(Failure::not_found());
    }
    read(&rooms, &caller, (id, &joint)).await
}
