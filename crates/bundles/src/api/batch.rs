//! Several stores of one applicant by a program: handed in together, and one deed on several cases of an application.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use wuchuang_cases::api::applying::{DeliveryInput, MaterialInput, WhoApplies};
use wuchuang_kernel::{CaseId, ItemId};
use wuchuang_ledger::Expected;
use wuchuang_webkit::{Caller, Failure, request::Body};

use super::submit::JointReceived;
use crate::{
    batch::{
        Given, GivenStore, hand_in,
        many::{Chosen, ManyDeed, Said, act},
    },
    model::stores::STORES_MAX,
    pages::joint::found,
    rooms::BundleRooms,
};

/// One store.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct BatchStoreInput {
    /// What people call it.
    #[schema(example = "城关店")]
    name: String,
    /// Its own answers of the item's form, by field; they stand before those that are the same for all.
    #[schema(value_type = Object, example = json!({"premises": "城关镇环城路126号"}))]
    answers: Map<String, Value>,
    /// Its own materials (场地使用证明 and the like): each takes the place of the one that is handed in for all.
    #[serde(default)]
    materials: Vec<MaterialInput>,
    /// Keys of the materials that this store undertakes to hand in later (容缺受理承诺), beside those of all.
    #[serde(default)]
    #[schema(example = json!([]))]
    undertaking: Vec<String>,
}

/// An application for several stores of one applicant.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct BatchApplicationInput {
    /// The item.
    #[schema(value_type = String, example = "0192f0c2a4b17c3e9d5566778899aabb")]
    item: ItemId,
    /// The headquarters: an organisation.
    applicant: WhoApplies,
    /// The answers that are the same for all stores, by field.
    #[serde(default)]
    #[schema(value_type = Object, example = json!({"credit_code": "91610924MA70ABCD2K"}))]
    answers: Map<String, Value>,
    /// The materials, handed in once for all; each store's case names their files.
    #[serde(default)]
    materials: Vec<MaterialInput>,
    /// Keys of the materials that the applicant undertakes to hand in later for all stores (容缺受理承诺); what a store brings
    /// for itself is not among its own.
    #[serde(default)]
    #[schema(example = json!(["m5"]))]
    undertaking: Vec<String>,
    /// Where the results go.
    delivery: DeliveryInput,
    /// The stores, 2 to 200.
    #[schema(min_items = 2, max_items = 200)]
    stores: Vec<BatchStoreInput>,
    /// Whether a joint survey (联合踏勘) comes before a store is granted.
    #[serde(default)]
    survey: bool,
}

/// 连锁门店批量收件. Send `Idempotency-Key`: the same key makes one application with one case for each store, however often it is
/// sent.
#[utoipa::path(post, path = "/api/v1/batches", tag = "bundles", request_body = BatchApplicationInput,
    params(("Idempotency-Key" = Option<String>, Header, description = "The same key gives the first answer again.")),
    responses((status = 201, body = JointReceived), (status = 401), (status = 403),
        (status = 422, description = "A field is wrong; the problem names it, of a store with its place in the list.")))]
pub(super) async fn batch_submit(
    State(rooms): State<BundleRooms>,
    caller: Caller,
    Body(input): Body<BatchApplicationInput>,
) -> Result<(StatusCode, Json<JointReceived>), Failure> {
    let item = rooms.cases.item_in_force(&caller, input.item).await?;
    let item = item.ok_or_else(|| {
        Failure::invalid("没有这个事项，或它已停止办理。请在事项目录中选择。").at("item")
    })?;
    let stores = input.stores.into_iter().map(|store| GivenStore {
        name: store.name,
        answers: store.answers,
        materials: store.materials,
        undertaking: store.undertaking,
    });
    let given = Given {
        item,
        applicant: input.applicant,
        answers: input.answers,
        materials: input.materials,
        undertaking: input.undertaking,
        delivery: input.delivery,
        stores: stores.collect(),
        survey: input.survey,
    };
    let order = caller.order(None, Expected::Any);
    let id = hand_in(&rooms, &caller, order, given).await?;
    let joint = rooms.get(caller.region, id).await?;
    Ok((StatusCode::CREATED, Json(JointReceived::of(id, &joint))))
}

/// A case that is chosen.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ChosenCaseInput {
    /// The case.
    #[schema(value_type = String, example = "0192f0c2a4b17c3e9d5566778899aabb")]
    case: CaseId,
    /// The version that was seen; a case that has gone on since is refused.
    version: i64,
    /// The opinion or reason that this case alone keeps, in the place of `opinion`.
    #[serde(default)]
    #[schema(example = "现场与平面图不符。")]
    words: String,
}

/// One deed on several cases.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ManyInput {
    /// What is done.
    deed: ManyDeed,
    /// The cases, at most 200.
    #[schema(max_items = 200)]
    cases: Vec<ChosenCaseInput>,
    /// The opinion or reason that each case keeps that has no words of its own. Acceptance needs none; a correction tells what
    /// is missing by itself.
    #[serde(default)]
    #[schema(example = "经审查，符合法定条件。")]
    opinion: String,
    /// The legal basis; needed for `refuse`.
    #[serde(default)]
    #[schema(example = "《食品经营许可和备案管理办法》第十四条")]
    basis: String,
    /// In how many working days what was promised for later must be there; needed for `accept` of a case that owes something.
    #[schema(example = 5)]
    supplement_days: Option<u16>,
    /// Keys of the owed materials that were brought on paper; needed for `supply`. Each case takes those that it owes.
    #[serde(default)]
    #[schema(example = json!([]))]
    materials: Vec<String>,
}

/// What became of one case.
#[derive(Serialize, ToSchema)]
pub(super) struct ManyOutcome {
    /// The case.
    case: String,
    /// Why it was refused; absent when it was done.
    #[serde(skip_serializing_if = "Option::is_none")]
    refusal: Option<String>,
}

/// What became of each.
#[derive(Serialize, ToSchema)]
pub(super) struct ManyOutcomes {
    /// The cases, as they were sent.
    items: Vec<ManyOutcome>,
}

/// 一次办理多个: one deed on several cases of an application, also 不同意, 退回, 补正 and 不予, each with a reason of its own. One that
/// is refused holds none of the others.
#[utoipa::path(post, path = "/api/v1/joints/{joint}/deeds", tag = "bundles", request_body = ManyInput,
    params(("joint" = String, Path, description = "The application."),
        ("Idempotency-Key" = Option<String>, Header, description = "The same key does each deed once.")),
    responses((status = 200, body = ManyOutcomes), (status = 401), (status = 403), (status = 404),
        (status = 422, description = "Nothing was chosen, or an opinion, a reason or the legal basis is missing.")))]
pub(super) async fn joint_act(
    State(rooms): State<BundleRooms>,
    caller: Caller,
    Path(joint): Path<String>,
    Body(input): Body<ManyInput>,
) -> Result<Json<ManyOutcomes>, Failure> {
    let (_, joint) = found(&rooms, &caller, &joint).await?;
    if input.cases.len() > STORES_MAX {
        let text = format!("一次最多{STORES_MAX}个办件，请分批办理。");
        return Err(Failure::invalid(text).at("cases"));
    }
    let chosen = input.cases.iter().map(|one| Chosen {
        case: one.case,
        version: one.version,
        words: one.words.clone(),
    });
    let chosen: Vec<Chosen> = chosen.collect();
    let key = caller.order(None, Expected::Existing).command_id;
    let said = Said {
        words: &input.opinion,
        basis: &input.basis,
        days: input.supplement_days,
        brought: &input.materials,
    };
    let deed = (input.deed, &said);
    let became = act(&rooms, &caller, &joint, deed, (&chosen, key)).await?;
    let items = became.into_iter().map(|one| ManyOutcome {
        case: one.case.to_string(),
        refusal: one.refusal,
    });
    Ok(Json(ManyOutcomes {
        items: items.collect(),
    }))
}
