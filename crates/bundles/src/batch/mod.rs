//! 连锁门店批量办理 (三集中): from what a counter's page or a program gives to one application for several stores (here),
//! the table of stores (`sheet`), and deeds on several of its cases at once (`many`). No rule of a case is here.

pub(crate) mod many;
pub(crate) mod sheet;

use std::sync::Arc;

use axum::http::StatusCode;
use serde_json::{Map, Value};
use wuchuang_cases::{
    SubmissionInput,
    api::applying::{
        DeliveryInput, MaterialInput, Receiving, Registrant, WhoApplies, applicant_of,
        check_answers, check_name, delivery_of, materials, may_reuse,
    },
    model::ItemTerms,
};
use wuchuang_catalogue::model::ItemVersion;
use wuchuang_kernel::{JointId, PersonId};
use wuchuang_ledger::Order;
use wuchuang_webkit::{Caller, Failure};

use crate::{
    model::{
        InspectionKind,
        stores::{STORES_MAX, STORES_MIN},
    },
    rooms::BundleRooms,
    service::{BatchInput, StoreInput},
};

/// What is handed in for several stores.
pub(crate) struct Given {
    /// The item.
    pub(crate) item: Arc<ItemVersion>,
    /// The headquarters.
    pub(crate) applicant: WhoApplies,
    /// The answers that are the same for all.
    pub(crate) answers: Map<String, Value>,
    /// The materials; they are handed in once.
    pub(crate) materials: Vec<MaterialInput>,
    /// Where the results go.
    pub(crate) delivery: DeliveryInput,
    /// The stores.
    pub(crate) stores: Vec<StoreInput>,
    /// Whether a joint survey (联合踏勘) comes before a store is granted.
    pub(crate) survey: bool,
}

/// 一次收件 for all stores.
///
/// # Errors
/// 422 with the field that is wrong, of a store with its place in the list; 403 when another counter takes the item.
pub(crate) async fn hand_in(
    rooms: &BundleRooms,
    caller: &Caller,
    order: Order,
    given: Given,
) -> Result<JointId, Failure> {
    rooms.cases.require_receipt(caller, &given.item).await?;
    check_stores(rooms, caller, &given).await?;
    check_name(&given.applicant)?;
    let registrant = Registrant::of(caller, &given.applicant)?;
    let known = registrant.known(&rooms.cases, caller).await?;
    if known.is_some() && given.materials.iter().any(MaterialInput::is_reused) {
        may_reuse(caller)?;
    }
    let nobody = PersonId::from_u128(0);
    let terms = ItemTerms::of(&given.item).map_err(Failure::internal)?;
    let receiving = Receiving {
        terms: &terms,
        item: &given.item,
        person: known,
        owner: nobody,
        key: order.command_id,
        before: None,
        may_promise: false,
    };
    let handled_by = rooms.cases.handled_by(caller, &given.item).await?;
    if handled_by.is_some() {
        return Err(Failure::invalid(
            "这个事项由您单位代办，批量办理请到它的主管部门或者政务服务中心综合窗口。",
        )
        .at("item"));
    }
    let common = SubmissionInput {
        applicant: applicant_of(given.applicant, nobody)?,
        agent: None,
        answers: given.answers,
        materials: materials(&rooms.cases, caller, receiving, given.materials).await?,
        delivery: delivery_of(given.delivery, nobody)?,
        priority: false,
        undertaking: None,
        handled_by: None,
        part_of: None,
        known: Vec::new(),
        item: given.item,
    };
    let mut input = BatchInput {
        common,
        stores: given.stores,
        inspections: given
            .survey
            .then_some(InspectionKind::Survey)
            .into_iter()
            .collect(),
    };
    for store in &input.stores {
        let part = input.of_store(store);
        rooms.cases.cases.check(order.region, &part).await?;
    }
    // Nobody is registered before everything that the application can be refused for was looked at.
    let person = registrant.person(&rooms.cases, caller, &order).await?;
    input.common = input.common.of_person(person);
    rooms.bundles.submit_batch(input, order).await
}

/// The answers of each store by the item's form.
async fn check_stores(rooms: &BundleRooms, caller: &Caller, given: &Given) -> Result<(), Failure> {
    if !given.applicant.is_organisation() {
        return Err(Failure::invalid(
            "批量办理的申请人是开办门店的单位，请填写单位名称和统一社会信用代码。",
        )
        .at("applicant.kind"));
    }
    if !(STORES_MIN..=STORES_MAX).contains(&given.stores.len()) {
        let text = format!(
            "批量办理要有{STORES_MIN}至{STORES_MAX}家门店，现在是{}家。",
            given.stores.len()
        );
        return Err(Failure::invalid(text).at("stores"));
    }
    for (index, store) in given.stores.iter().enumerate() {
        let mut answers = given.answers.clone();
        answers.extend(store.answers.clone());
        let checked = check_answers(&rooms.cases, caller, &given.item, &answers).await;
        checked.map_err(|failure| {
            if failure.status != StatusCode::UNPROCESSABLE_ENTITY {
                return failure;
            }
            let field = failure.field.clone().unwrap_or_default();
            let text = format!("第{}行：{}", index + 1, failure.public);
            Failure::invalid(text).at(format!("stores[{index}].{field}"))
        })?;
    }
    Ok(())
}
