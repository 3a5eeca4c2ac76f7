//! Results handed over together, by a program.

use axum::{
    Json,
    extract::{Path, State},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use wuchuang_cases::model::AtCounter;
use wuchuang_ledger::Expected;
use wuchuang_webkit::{Caller, Failure, request::Body};

use crate::{
    delivering::{self, Way},
    pages::joint::found,
    rooms::BundleRooms,
};

/// How the results go out.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", tag = "method", deny_unknown_fields)]
pub(super) enum JointDeliverInput {
    /// All that are ready, to somebody at the counter.
    Counter {
        /// Who takes them.
        #[schema(example = "王小明")]
        receiver: String,
        /// Whether the receiver is not the applicant (代领).
        #[serde(default)]
        on_behalf: bool,
        /// The receiver's citizen number; needed on behalf.
        #[serde(default)]
        #[schema(example = "610924198506152030")]
        receiver_number: String,
        /// What proves the authorisation and stays: `original`, `copy`, `notarised`; needed on behalf, except of the agent whom
        /// the application names.
        #[serde(default)]
        #[schema(example = "original")]
        authorisation: String,
    },
    /// Those for which the applicant asked for the post, in one parcel.
    Post {
        /// The carrier.
        #[schema(example = "中国邮政速递")]
        carrier: String,
        /// The tracking number.
        #[schema(example = "EA123456789CN")]
        tracking: String,
    },
}

/// What went out.
#[derive(Serialize, ToSchema)]
pub(super) struct JointDelivered {
    /// The cases whose results were handed over or sent.
    cases: Vec<String>,
}

/// 一次送达: hands over or sends what is ready. What stands against one result stands against all before the first is written.
#[utoipa::path(post, path = "/api/v1/joints/{joint}/deliver", tag = "bundles", request_body = JointDeliverInput,
    params(("joint" = String, Path, description = "The application."), ("Idempotency-Key" = Option<String>, Header, description = "The same key hands over once.")),
    responses((status = 200, body = JointDelivered), (status = 401), (status = 403), (status = 404), (status = 409),
        (status = 422, description = "The receiver, the carrier or the tracking number is missing or wrong, or nothing is ready.")))]
pub(super) async fn joint_deliver(
    State(rooms): State<BundleRooms>,
    caller: Caller,
    Path(joint): Path<String>,
    Body(input): Body<JointDeliverInput>,
) -> Result<Json<JointDelivered>, Failure> {
    let (_, joint) = found(&rooms, &caller, &joint).await?;
    let cases = delivering::cases(&rooms, &caller, &joint).await?;
    let ready = delivering::ready(&caller, &joint, &cases);
    let way = match &input {
        JointDeliverInput::Counter {
            receiver,
            on_behalf,
            receiver_number,
            authorisation,
        } => Way::Counter(AtCounter {
            name: receiver,
            on_behalf: *on_behalf,
            number: receiver_number,
            authorisation,
        }),
        JointDeliverInput::Post { carrier, tracking } => Way::Post { carrier, tracking },
    };
    let key = caller.order(None, Expected::Existing).command_id;
    let mut went = delivering::went(&rooms, &caller, &joint, key).await?;
    let deeds = match delivering::deeds(&ready, &way) {
        Ok(deeds) => deeds,
        Err(_) if !went.is_empty() => Vec::new(),
        Err(refusals) => return Err(refusals.into()),
    };
    went.extend(deeds.iter().map(|(case, _)| *case));
    delivering::hand_over(&rooms, &caller, deeds, key).await?;
    Ok(Json(JointDelivered {
        cases: went.iter().map(ToString::to_string).collect(),
    }))
}
