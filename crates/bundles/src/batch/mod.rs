//! 连锁门店批量办理 (三集中): from what a counter's page or a program gives to one application for several stores (here),
//! the table of stores (`sheet`), their papers (`papers`), and deeds on several of its cases at once (`many`). No rule of a case
//! is here.
//!
//! Who may receive an item at all, and who handles it then, is asked as for one case (`CaseRooms::require_receipt`,
//! `CaseRooms::handled_by`). What was delegated whole to a town is handled by that town, so that a batch which the town takes
//! in holds only stores that lie there, as far as the form says where they lie: the others are told by line, and where to go.

pub(crate) mod many;
pub(crate) mod papers;
pub(crate) mod sheet;

use std::sync::Arc;

use axum::http::StatusCode;
use serde_json::{Map, Value};
use wuchuang_cases::{
    SubmissionInput,
    api::applying::{
        DeliveryInput, MaterialInput, Receiving, Registrant, WhoApplies, applicant_of,
        check_answers, check_asked, check_name, delivery_of, materials, may_reuse, undertaking_of,
    },
    model::{HandledBy, ItemTerms},
};
use wuchuang_catalogue::model::ItemVersion;
use wuchuang_kernel::{JointId, PersonId, Region};
use wuchuang_ledger::Order;
use wuchuang_webkit::{
    Caller, Failure,
    forms::{Field, Form},
};

use crate::{
    model::{
        InspectionKind,
        stores::{check_names, owed, undertaken_by_most, with_own},
    },
    rooms::BundleRooms,
    service::{BatchInput, Bundles, StoreInput},
};

/// How many lines a refusal names.
const NAMED_MAX: usize = 10;

/// What is handed in for several stores.
pub(crate) struct Given {
    /// The item.
    pub(crate) item: Arc<ItemVersion>,
    /// The headquarters.
    pub(crate) applicant: WhoApplies,
    /// The answers that are the same for all.
    pub(crate) answers: Map<String, Value>,
    /// The materials that are handed in once for all.
    pub(crate) materials: Vec<MaterialInput>,
    /// Keys of the materials that follow later for all (容缺受理承诺).
    pub(crate) undertaking: Vec<String>,
    /// Where the results go.
    pub(crate) delivery: DeliveryInput,
    /// The stores.
    pub(crate) stores: Vec<GivenStore>,
    /// Whether a joint survey (联合踏勘) comes before a store is granted.
    pub(crate) survey: bool,
}

/// One store as it is handed in.
pub(crate) struct GivenStore {
    /// What people call it.
    pub(crate) name: String,
    /// Its own answers.
    pub(crate) answers: Map<String, Value>,
    /// Its own materials, each in the place of the one for all.
    pub(crate) materials: Vec<MaterialInput>,
    /// Keys of the materials that follow later for this store.
    pub(crate) undertaking: Vec<String>,
}

impl Given {
    fn takes_what_is_there(&self) -> bool {
        let own = self.stores.iter().flat_map(|store| &store.materials);
        let mut all = self.materials.iter().chain(own);
        all.any(MaterialInput::is_reused)
    }
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
    // What is offered may have changed since it was taken: what was received under this key is received.
    let ledger = rooms.bundles.cases().ledger();
    if given.takes_what_is_there() && ledger.was_done(&order).await? {
        return Ok(Bundles::joint_of(order.command_id));
    }
    rooms.cases.require_receipt(caller, &given.item).await?;
    check_stores(rooms, caller, &given).await?;
    let handled_by = rooms.cases.handled_by(caller, &given.item).await?;
    if let Some(by) = &handled_by {
        check_places(rooms, caller, &given, by).await?;
    }
    check_name(&given.applicant)?;
    let registrant = Registrant::of(caller, &given.applicant)?;
    let known = registrant.known(&rooms.cases, caller).await?;
    if known.is_some() && given.takes_what_is_there() {
        may_reuse(caller)?;
    }
    let mut input = read(rooms, caller, &order, (given, known)).await?;
    input.common.handled_by = handled_by;
    for store in &input.stores {
        let part = input.of_store(store);
        rooms.cases.cases.check(order.region, &part).await?;
    }
    // Nobody is registered before everything that the application can be refused for was looked at.
    let person = registrant.person(&rooms.cases, caller, &order).await?;
    let input = input.of_person(person);
    rooms.bundles.submit_batch(input, order).await
}

/// The application before its applicant is registered.
async fn read(
    rooms: &BundleRooms,
    caller: &Caller,
    order: &Order,
    (given, person): (Given, Option<PersonId>),
) -> Result<BatchInput, Failure> {
    let nobody = PersonId::from_u128(0);
    let item = &*given.item;
    let terms = ItemTerms::of(item).map_err(Failure::internal)?;
    let receiving = || Receiving {
        terms: &terms,
        item,
        person,
        organisation: given.applicant.as_organisation(),
        owner: nobody,
        key: order.command_id,
        before: None,
        may_promise: true,
    };
    let common = materials(&rooms.cases, caller, receiving(), given.materials).await?;
    undertaking_of(&terms, &given.undertaking)?;
    let mut stores = Vec::with_capacity(given.stores.len());
    let mut undertaken = Vec::with_capacity(given.stores.len());
    for (index, store) in given.stores.into_iter().enumerate() {
        let in_line = |failure| of_store(failure, index);
        let own = materials(&rooms.cases, caller, receiving(), store.materials).await;
        let own = own.map_err(in_line)?;
        let brought = with_own(&common, &own);
        let owed = owed(&given.undertaking, &store.undertaking, &brought);
        stores.push(StoreInput {
            name: store.name,
            answers: store.answers,
            materials: own,
            undertaking: None,
        });
        undertaken.push(undertaking_of(&terms, &owed).map_err(in_line)?);
    }
    let by_most = undertaken_by_most(&mut undertaken);
    for (store, own) in stores.iter_mut().zip(undertaken) {
        store.undertaking = own;
    }
    let common = SubmissionInput {
        applicant: applicant_of(given.applicant, nobody)?,
        agent: None,
        answers: given.answers,
        materials: common,
        delivery: delivery_of(given.delivery, nobody)?,
        priority: false,
        undertaking: by_most,
        handled_by: None,
        part_of: None,
        known: Vec::new(),
        item: given.item,
    };
    let survey = given.survey.then_some(InspectionKind::Survey);
    Ok(BatchInput {
        common,
        stores,
        inspections: survey.into_iter().collect(),
    })
}

/// A refusal of a store with its place in the list.
fn of_store(failure: Failure, index: usize) -> Failure {
    if failure.status != StatusCode::UNPROCESSABLE_ENTITY {
        return failure;
    }
    let field = failure.field.clone().unwrap_or_default();
    let text = format!("第{}行：{}", index + 1, failure.public);
    Failure::invalid(text).at(format!("stores[{index}].{field}"))
}

/// The answers of each store by the item's form.
async fn check_stores(rooms: &BundleRooms, caller: &Caller, given: &Given) -> Result<(), Failure> {
    if !given.applicant.is_organisation() {
        return Err(Failure::invalid(
            "批量办理的申请人是开办门店的单位，请填写单位名称和统一社会信用代码。",
        )
        .at("applicant.kind"));
    }
    let names: Vec<&str> = given
        .stores
        .iter()
        .map(|store| store.name.as_str())
        .collect();
    check_names(&names).map_err(|(row, text)| {
        let field = row.map_or_else(|| "stores".to_owned(), |row| format!("stores[{row}].name"));
        Failure::invalid(text).at(field)
    })?;
    for (index, store) in given.stores.iter().enumerate() {
        let mut answers = given.answers.clone();
        answers.extend(store.answers.clone());
        let in_line = |failure| of_store(failure, index);
        let checked = check_answers(&rooms.cases, caller, &given.item, &answers).await;
        checked.map_err(in_line)?;
        check_asked(&given.item, &answers, &store.materials).map_err(in_line)?;
    }
    Ok(())
}

/// The stores that do not lie where a town handles what was delegated to it.
async fn check_places(
    rooms: &BundleRooms,
    caller: &Caller,
    given: &Given,
    by: &HandledBy,
) -> Result<(), Failure> {
    let directory = &rooms.cases.directory;
    let organisation = directory.organisation(caller.region, by.organisation);
    let (Some(organisation), Ok(form)) =
        (organisation.await?, Form::shared(&given.item.content.form))
    else {
        return Ok(());
    };
    let away = away(&form, (&given.answers, &given.stores), organisation.place);
    if away.is_empty() {
        return Ok(());
    }
    let named: Vec<&str> = away.iter().map(String::as_str).take(NAMED_MAX).collect();
    let more = if away.len() > NAMED_MAX { "等" } else { "" };
    let text = format!(
        "“{}”由{}办理，这次有{}家门店不在它的辖区：{}{more}。请把它们分出来，到所在镇的便民服务中心或者政务服务中心综合窗口提交。",
        given.item.content.name,
        by.name,
        away.len(),
        named.join("、"),
    );
    Err(Failure::invalid(text).at("stores"))
}

/// The lines of the stores that, as their form says, lie outside of a place. Where the headquarters and their people are does
/// not count.
fn away(
    form: &Form,
    (common, stores): (&Map<String, Value>, &[GivenStore]),
    place: Region,
) -> Vec<String> {
    let is_of_applicant = |field: &Field| {
        let element = field.element.as_deref().unwrap_or_default();
        let (whose, _) = element.split_once('.').unwrap_or_default();
        matches!(whose, "applicant" | "organisation" | "agent")
    };
    let fields = form.fields().iter();
    let of_applicant: Vec<&str> = fields
        .filter(|field| is_of_applicant(field))
        .map(|field| field.name.as_str())
        .collect();
    let lies_outside = |code: &str| {
        let code: Result<Region, _> = code.parse();
        code.is_ok_and(|code| !place.contains(&code))
    };
    let is_away = |store: &GivenStore| {
        let mut answers = common.clone();
        answers.extend(store.answers.clone());
        answers.retain(|name, _| !of_applicant.contains(&name.as_str()));
        form.listed(&answers).any(lies_outside)
    };
    let lines = (1..).zip(stores);
    lines
        .filter(|(_, store)| is_away(store))
        .map(|(line, store)| format!("第{line}行“{}”", store.name))
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn stores_outside_of_the_town_are_named_by_line() {
        let schema = json!({
            "type": "object",
            "title": "设施农业用地备案",
            "properties": {
                "home": {"type": "string", "title": "经办人住址", "x-widget": "address", "x-list": "villages", "x-element": "applicant.village"},
                "site": {"type": "string", "title": "所在村", "x-widget": "address", "x-list": "villages"},
            },
            "additionalProperties": false,
        });
        let form = Form::parse(&schema.to_string()).unwrap();
        let store = |name: &str, code: &str| GivenStore {
            name: name.to_owned(),
            answers: json!({ "site": code }).as_object().unwrap().clone(),
            materials: Vec::new(),
            undertaking: Vec::new(),
        };
        let stores = [
            store("城关店", "610924100001"),
            store("汉王店", "610924101002"),
            store("没写", ""),
        ];
        let home = json!({ "home": "610924102001" });
        let home = home.as_object().unwrap();
        let told = |place: &str| away(&form, (home, &stores), place.parse().unwrap());
        assert_eq!(told("610924100"), ["第2行“汉王店”"]);
        assert_eq!(told("610924101"), ["第1行“城关店”"]);
        assert!(told("610924").is_empty(), "the county holds all");
        // One place for all of them is the place of each.
        let one = json!({ "site": "610924101002" });
        let mut nowhere = stores;
        for store in &mut nowhere {
            store.answers.clear();
        }
        let one = (one.as_object().unwrap(), &nowhere[..]);
        let all = away(&form, one, "610924100".parse().unwrap());
        assert_eq!(all.len(), 3);
    }
}
