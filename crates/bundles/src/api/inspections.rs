//! 联合踏勘 and 联合验收 for programs: the same deeds as on the staff's page.

use axum::{
    Json,
    extract::{Path, State},
};
use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use wuchuang_kernel::{JointId, Personal};
use wuchuang_ledger::Expected;
use wuchuang_webkit::{Caller, Failure, request::Body};

use crate::{
    model::{
        Finding, Inspection, InspectionCommand, InspectionKind, Joint, PartKey,
        inspection::Appointment,
    },
    pages::inspections::resource,
    rooms::BundleRooms,
};

/// How a part stands with an appointment.
#[derive(Debug, Serialize, ToSchema)]
struct SignatureItem {
    /// The part.
    part: String,
    /// The item's name.
    item_name: String,
    /// What was found; absent before the signature.
    #[schema(example = "pass")]
    result: Option<&'static str>,
    /// Until when something is to be mended.
    #[schema(value_type = Option<String>, format = Date)]
    rectify_by: Option<Date>,
    /// The department that signed; empty before.
    organisation: String,
}

/// An appointment on the spot, without where it is and what was written.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct InspectionItem {
    /// Which, from 1.
    inspection: u32,
    /// What for.
    kind: InspectionKind,
    /// Day and time in the county.
    #[schema(value_type = String, example = "2026-11-25T09:30:00")]
    at: DateTime,
    /// Whether it was called off.
    is_cancelled: bool,
    /// Whether all have signed: then there is a record.
    is_concluded: bool,
    /// Who goes.
    parts: Vec<SignatureItem>,
}

/// The appointments of an application.
pub(super) fn items(joint: &Joint) -> Vec<InspectionItem> {
    joint
        .inspections
        .iter()
        .map(|one| item(joint, one))
        .collect()
}

fn item(joint: &Joint, one: &Inspection) -> InspectionItem {
    let parts = one.parts.iter().map(|(key, signature)| SignatureItem {
        part: key.to_string(),
        item_name: joint
            .part(*key)
            .map_or_else(String::new, crate::model::Part::title),
        result: signature.as_ref().map(|it| it.finding.code()),
        rectify_by: signature.as_ref().and_then(|it| match &it.finding {
            Finding::Rectify { by, .. } => Some(*by),
            _ => None,
        }),
        organisation: signature
            .as_ref()
            .map_or_else(String::new, |it| it.organisation.clone()),
    });
    InspectionItem {
        inspection: one.serial,
        kind: one.kind,
        at: one.appointment.at,
        is_cancelled: one.cancelled.is_some(),
        is_concluded: one.concluded_at.is_some(),
        parts: parts.collect(),
    }
}

/// All appointments of an application.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct InspectionList {
    /// The appointments, in the order in which they were fixed.
    items: Vec<InspectionItem>,
}

async fn found(
    rooms: &BundleRooms,
    caller: &Caller,
    joint: &str,
) -> Result<(JointId, Box<Joint>), Failure> {
    let id: JointId = joint.parse().map_err(|_| Failure::not_found())?;
    Ok((id, rooms.get(caller.region, id).await?))
}

/// The appointments of an application, without where they are and what was written.
#[utoipa::path(get, path = "/api/v1/joints/{joint}/inspections", tag = "bundles",
    params(("joint" = String, Path, description = "The application.")),
    responses((status = 200, body = InspectionList), (status = 401), (status = 403), (status = 404)))]
pub(super) async fn inspection_list(
    State(rooms): State<BundleRooms>,
    caller: Caller,
    Path(joint): Path<String>,
) -> Result<Json<InspectionList>, Failure> {
    let (_, joint) = found(&rooms, &caller, &joint).await?;
    Ok(Json(InspectionList {
        items: items(&joint),
    }))
}

async fn require_lead(rooms: &BundleRooms, caller: &Caller, joint: &Joint) -> Result<(), Failure> {
    let (lead, _) = resource(rooms, caller, joint.leading()).await?;
    caller.require("joint_arrange", &lead)
}

async fn send(
    rooms: &BundleRooms,
    caller: &Caller,
    id: JointId,
    command: InspectionCommand,
) -> Result<Json<InspectionList>, Failure> {
    let order = caller.order(None, Expected::Existing);
    rooms.inspect(id, command, order).await?;
    let joint = rooms.get(caller.region, id).await?;
    Ok(Json(InspectionList {
        items: items(&joint),
    }))
}

fn part_key(text: &str, field: &'static str) -> Result<PartKey, Failure> {
    let wrong = |()| Failure::invalid("没有这一项，请用清单里的标识。").at(field);
    text.parse().map_err(wrong)
}

/// An appointment to fix.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct InspectionArrangeInput {
    /// What for.
    kind: InspectionKind,
    /// Day and time in the county.
    #[schema(value_type = String, example = "2026-11-25T09:30:00")]
    at: DateTime,
    /// Where.
    #[schema(example = "城关镇环城路126号")]
    place: String,
    /// Whose departments go.
    #[schema(example = json!(["0192f0c2a4b17c3e9d5566778899aabb"]))]
    parts: Vec<String>,
}

/// Fixes an appointment; whoever leads does.
#[utoipa::path(post, path = "/api/v1/joints/{joint}/inspections", tag = "bundles", request_body = InspectionArrangeInput,
    params(("joint" = String, Path, description = "The application."),
        ("Idempotency-Key" = Option<String>, Header, description = "The same key fixes it once.")),
    responses((status = 200, body = InspectionList), (status = 401), (status = 403), (status = 404),
        (status = 422, description = "It is past, no working day, or one is open; the problem names the field.")))]
pub(super) async fn inspection_arrange(
    State(rooms): State<BundleRooms>,
    caller: Caller,
    Path(joint): Path<String>,
    Body(input): Body<InspectionArrangeInput>,
) -> Result<Json<InspectionList>, Failure> {
    let (id, joint) = found(&rooms, &caller, &joint).await?;
    require_lead(&rooms, &caller, &joint).await?;
    let parts: Result<Vec<PartKey>, Failure> = input
        .parts
        .iter()
        .map(|part| part_key(part, "parts"))
        .collect();
    let command = InspectionCommand::Arrange {
        kind: input.kind,
        appointment: Appointment {
            at: input.at,
            place: Personal::new(joint.person, input.place.trim().to_owned()),
        },
        parts: parts?,
    };
    send(&rooms, &caller, id, command).await
}

/// Another time or place.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct InspectionMoveInput {
    /// Day and time in the county.
    #[schema(value_type = String, example = "2026-11-26T09:30:00")]
    at: DateTime,
    /// Where.
    #[schema(example = "城关镇环城路126号")]
    place: String,
    /// Why; the applicant reads it.
    #[schema(example = "当天停电，无法查看设备。")]
    reason: String,
}

/// Moves an appointment, with the reason; whoever leads does.
#[utoipa::path(post, path = "/api/v1/joints/{joint}/inspections/{inspection}/move", tag = "bundles", request_body = InspectionMoveInput,
    params(("joint" = String, Path, description = "The application."), ("inspection" = u32, Path, description = "Which, from 1."),
        ("Idempotency-Key" = Option<String>, Header, description = "The same key moves it once.")),
    responses((status = 200, body = InspectionList), (status = 401), (status = 403), (status = 404),
        (status = 422, description = "It is refused; the problem names the field.")))]
pub(super) async fn inspection_move(
    State(rooms): State<BundleRooms>,
    caller: Caller,
    Path((joint, inspection)): Path<(String, u32)>,
    Body(input): Body<InspectionMoveInput>,
) -> Result<Json<InspectionList>, Failure> {
    let (id, joint) = found(&rooms, &caller, &joint).await?;
    require_lead(&rooms, &caller, &joint).await?;
    let command = InspectionCommand::Move {
        inspection,
        appointment: Appointment {
            at: input.at,
            place: Personal::new(joint.person, input.place.trim().to_owned()),
        },
        reason: Personal::new(joint.person, input.reason.trim().to_owned()),
    };
    send(&rooms, &caller, id, command).await
}

/// Why an appointment is called off.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct InspectionCancelInput {
    /// Why; the applicant reads it.
    #[schema(example = "申请人要求改到下月。")]
    reason: String,
}

/// Calls an appointment off, with the reason; whoever leads does.
#[utoipa::path(post, path = "/api/v1/joints/{joint}/inspections/{inspection}/cancel", tag = "bundles", request_body = InspectionCancelInput,
    params(("joint" = String, Path, description = "The application."), ("inspection" = u32, Path, description = "Which, from 1."),
        ("Idempotency-Key" = Option<String>, Header, description = "The same key calls it off once.")),
    responses((status = 200, body = InspectionList), (status = 401), (status = 403), (status = 404),
        (status = 422, description = "It is refused; the problem names the field.")))]
pub(super) async fn inspection_cancel(
    State(rooms): State<BundleRooms>,
    caller: Caller,
    Path((joint, inspection)): Path<(String, u32)>,
    Body(input): Body<InspectionCancelInput>,
) -> Result<Json<InspectionList>, Failure> {
    let (id, joint) = found(&rooms, &caller, &joint).await?;
    require_lead(&rooms, &caller, &joint).await?;
    let command = InspectionCommand::Cancel {
        inspection,
        reason: Personal::new(joint.person, input.reason.trim().to_owned()),
    };
    send(&rooms, &caller, id, command).await
}

/// What a department found.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum InspectionResultInput {
    /// 合格.
    Pass,
    /// 需要整改.
    Rectify,
    /// 不合格.
    Fail,
}

/// A finding to sign.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct InspectionSignInput {
    /// For which part.
    #[schema(example = "0192f0c2a4b17c3e9d5566778899aabb")]
    part: String,
    /// What was found.
    result: InspectionResultInput,
    /// What was seen, what is to be mended, or why not; may be empty when it passed.
    #[serde(default)]
    #[schema(example = "场所布局与图纸一致。")]
    words: String,
    /// Until when something is to be mended.
    #[schema(value_type = Option<String>, format = Date, example = "2026-12-04")]
    by: Option<Date>,
}

/// Signs for a part; the department that handles it does.
#[utoipa::path(post, path = "/api/v1/joints/{joint}/inspections/{inspection}/sign", tag = "bundles", request_body = InspectionSignInput,
    params(("joint" = String, Path, description = "The application."), ("inspection" = u32, Path, description = "Which, from 1."),
        ("Idempotency-Key" = Option<String>, Header, description = "The same key signs once.")),
    responses((status = 200, body = InspectionList), (status = 401), (status = 403), (status = 404),
        (status = 422, description = "It is signed already, not yet the day, or a word is missing.")))]
pub(super) async fn inspection_sign(
    State(rooms): State<BundleRooms>,
    caller: Caller,
    Path((joint, inspection)): Path<(String, u32)>,
    Body(input): Body<InspectionSignInput>,
) -> Result<Json<InspectionList>, Failure> {
    let (id, joint) = found(&rooms, &caller, &joint).await?;
    let part = part_key(&input.part, "part")?;
    let (own, organisation) = resource(&rooms, &caller, joint.part(part)).await?;
    caller.require("joint_sign", &own)?;
    let words = Personal::new(joint.person, input.words.trim().to_owned());
    let finding = match input.result {
        InspectionResultInput::Pass => Finding::Pass { words },
        InspectionResultInput::Fail => Finding::Fail { words },
        InspectionResultInput::Rectify => Finding::Rectify {
            words,
            by: input
                .by
                .ok_or_else(|| Failure::invalid("请写明在哪天前整改。").at("by"))?,
        },
    };
    let command = InspectionCommand::Sign {
        inspection,
        part,
        finding,
        organisation,
    };
    send(&rooms, &caller, id, command).await
}
