//! 提交申请 by a program, or by a citizen's own client.

pub mod known;

use axum::{Json, extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use wuchuang_catalogue::model::ItemVersion;
use wuchuang_kernel::{ItemId, OrganisationId, PersonId, Personal};
use wuchuang_ledger::Expected;
use wuchuang_webkit::{
    Caller, Failure, Resource,
    forms::{ChoiceGroup, Form, Lists},
    markup::Choice,
};

use crate::{
    model::{DeliveryChoice, ItemTerms, Undertaking},
    rooms::CaseRooms,
    service::{Cases, SubmissionInput},
};

use super::{
    applicant::{Registrant, TEXT_CHARACTERS_MAX, WhoApplies, applicant_of, check_name},
    body::Body,
    materials::{MaterialInput, Receiving, materials},
};

/// Where the result goes.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", tag = "way", deny_unknown_fields)]
pub enum DeliveryInput {
    /// 窗口领取.
    Counter {},
    /// 邮寄.
    Post {
        /// To where.
        address: String,
    },
    /// 电子送达.
    Electronic {},
}

/// An application.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ApplicationInput {
    /// The item.
    #[schema(value_type = String, example = "0192f0c2a4b17c3e9d5566778899aabb")]
    item: ItemId,
    /// The item's version that the applicant saw; another one in force is refused.
    item_version: Option<u32>,
    /// Who applies.
    applicant: WhoApplies,
    /// The answers of the item's form, by field.
    #[serde(default)]
    #[schema(value_type = Object, example = json!({"business_place": "城关镇环城路126号"}))]
    answers: Map<String, Value>,
    /// The materials.
    #[serde(default)]
    materials: Vec<MaterialInput>,
    /// Where the result goes.
    delivery: DeliveryInput,
    /// 绿色通道; only staff and programs may ask for it.
    #[serde(default)]
    priority: bool,
    /// Keys of the materials that the applicant undertakes to hand in later, should the case be accepted without them
    /// (容缺受理承诺).
    #[serde(default)]
    #[schema(example = json!([]))]
    undertaking: Vec<String>,
    /// The known answers with which the application began (`POST /api/v1/cases/known`), with why `answers` say something
    /// else. What is not named here counts as the applicant's own answer.
    #[serde(default)]
    known: Vec<known::KnownInput>,
    /// Where it is handled: an organisation of `GET /api/v1/items/{item}/places`. Without it, by the department.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    place: Option<OrganisationId>,
}

/// An accepted submission.
#[derive(Debug, Serialize, ToSchema)]
#[expect(
    clippy::struct_field_names,
    reason = "programs know the time by the name `received_at` everywhere"
)]
pub(super) struct Received {
    /// The case.
    case: String,
    /// Its number.
    #[schema(example = "610924SPJU20261123000412")]
    number: String,
    /// The code for questions without a login.
    #[schema(example = "7K3M9Q")]
    check_code: String,
    /// The record's place in the region's chain.
    seq: i64,
    /// When it was received (RFC 3339).
    received_at: String,
    /// Where the receipt (收件凭证) is.
    receipt: String,
}

/// Whose an application is until its applicant is registered.
const NOBODY: PersonId = PersonId::from_u128(0);

/// 提交申请. Send `Idempotency-Key`: the same key makes one case, however often it is sent.
#[utoipa::path(post, path = "/api/v1/cases", tag = "cases", request_body = ApplicationInput,
    params(("Idempotency-Key" = Option<String>, Header, description = "The same key gives the first answer again.")),
    responses((status = 201, body = Received), (status = 401), (status = 403),
        (status = 409, description = "Another version of the item is in force."),
        (status = 422, description = "A field is wrong; the problem names it.")))]
pub(super) async fn case_submit(
    State(rooms): State<CaseRooms>,
    caller: Caller,
    Body(input): Body<ApplicationInput>,
) -> Result<(StatusCode, Json<Received>), Failure> {
    let order = caller.order(None, Expected::Any);
    let item = rooms
        .item_for(&caller, input.item, &order)
        .await?
        .ok_or_else(|| {
            Failure::invalid("没有这个事项，或它已停止办理。请在事项目录中选择。").at("item")
        })?;
    rooms.require_receipt(&caller, &item).await?;
    check_input(&rooms, &caller, &item, &input).await?;
    let registrant = Registrant::of(&caller, &input.applicant)?;
    let terms = ItemTerms::of(&item).map_err(Failure::internal)?;
    let applicant = registrant.known(&rooms, &caller).await?;
    if applicant.is_some() && input.materials.iter().any(MaterialInput::is_reused) {
        may_reuse(&caller)?;
    }
    let made = Cases::case_of(order.command_id);
    let before = rooms.cases.find(caller.region, made).await?;
    let receiving = Receiving {
        terms: &terms,
        item: &item,
        person: applicant,
        organisation: input.applicant.as_organisation(),
        owner: NOBODY,
        key: order.command_id,
        before: before.as_deref(),
        may_promise: true,
    };
    let materials = materials(&rooms, &caller, receiving, input.materials).await?;
    let whose = (applicant, &input.answers);
    let known = known::taken(&rooms, &caller, &item, whose, (&input.known, &[made])).await?;
    let place = (input.place, before.is_some());
    let handled_by = rooms.handled_at(&caller, &item, place).await?;
    let submission = SubmissionInput {
        handled_by,
        item,
        applicant: applicant_of(input.applicant, NOBODY)?,
        agent: None,
        answers: input.answers,
        materials,
        delivery: delivery_of(input.delivery, NOBODY)?,
        priority: input.priority && caller.visitor.staff().is_some(),
        undertaking: undertaking_of(&terms, &input.undertaking)?,
        known,
        part_of: None,
    };
    rooms.cases.check(order.region, &submission).await?;
    // Nobody is registered before everything that the application can be refused for was looked at.
    let person = registrant.person(&rooms, &caller, &order).await?;
    let submission = submission.of_person(person);
    let done = rooms.cases.submit(submission, order).await?;
    Ok((
        StatusCode::CREATED,
        Json(Received {
            receipt: format!("/cases/{}/notices/1.pdf", done.case),
            case: done.case.to_string(),
            number: done.number,
            check_code: done.check_code,
            seq: done.receipt.first_seq,
            received_at: done.receipt.recorded_at.to_string(),
        }),
    ))
}

/// Whether what was sent fits the item.
async fn check_input(
    rooms: &CaseRooms,
    caller: &Caller,
    item: &ItemVersion,
    input: &ApplicationInput,
) -> Result<(), Failure> {
    check_version(item, input.item_version)?;
    check_answers(rooms, caller, item, &input.answers).await?;
    check_asked(item, &input.answers, &input.materials)?;
    check_name(&input.applicant)
}

/// What the house has of somebody else is for those who receive applications, as it is at the counter.
///
/// # Errors
/// 403 for everybody else.
pub fn may_reuse(caller: &Caller) -> Result<(), Failure> {
    match caller.visitor.citizen() {
        Some(_) => Ok(()),
        None => caller.require("case_receive", &Resource::default()),
    }
}

/// The undertaking to hand in materials later (容缺受理承诺) in the words of the item; `None` without materials.
///
/// # Errors
/// 422 for a material that the item does not have.
pub fn undertaking_of(
    terms: &ItemTerms,
    materials: &[String],
) -> Result<Option<Undertaking>, Failure> {
    if materials.iter().any(|id| terms.material(id).is_none()) {
        return Err(
            Failure::invalid("承诺后补的材料里有这个事项没有的，请从材料清单中选择。")
                .at("undertaking"),
        );
    }
    Ok((!materials.is_empty()).then(|| terms.undertaking(materials)))
}

fn check_version(item: &ItemVersion, seen: Option<u32>) -> Result<(), Failure> {
    match seen {
        Some(seen) if seen != item.version => Err(Failure::new(
            StatusCode::CONFLICT,
            "item_version",
            "事项刚刚更新过，请按现行版本重新核对材料和表单后提交。",
        )
        .at("item_version")),
        _ => Ok(()),
    }
}

/// The villages that the answers name, as far as they exist.
struct KnownVillages(Vec<Choice>);

impl Lists for KnownVillages {
    fn groups(&self, _list: &str) -> Vec<ChoiceGroup> {
        vec![ChoiceGroup {
            label: String::new(),
            choices: self.0.clone(),
        }]
    }
}

/// How many answers from lists are looked up: more than fields and rows that a form has need.
const LISTED_MAX: usize = 1_000;

/// Whether the answers fit an item's form.
///
/// # Errors
/// 422 with the first field that does not.
pub async fn check_answers(
    rooms: &CaseRooms,
    caller: &Caller,
    item: &ItemVersion,
    answers: &Map<String, Value>,
) -> Result<(), Failure> {
    if item.content.form.is_null() {
        return Ok(());
    }
    let form = Form::shared(&item.content.form).map_err(Failure::internal)?;
    let mut known = Vec::new();
    for code in form.listed(answers).take(LISTED_MAX) {
        if let Some(division) = rooms.directory.division(caller.region, code).await? {
            known.push(Choice::new(division.code, division.name));
        }
    }
    let translator = &caller.page.translator;
    let mut errors = form.check_all(answers, &KnownVillages(known), translator);
    let names: Vec<&str> = form.names_in(answers).collect();
    let is_counter = caller.visitor.citizen().is_none();
    if errors.is_empty() {
        errors = form.check_signers(answers, (&names, is_counter), translator);
    }
    match errors.iter().next() {
        None => Ok(()),
        Some(first) => {
            Err(Failure::invalid(first.message.clone()).at(format!("answers.{}", first.field)))
        }
    }
}

/// Nobody hands in what the form, as it was answered, does not ask for: a file that nobody wants is kept for nothing.
///
/// # Errors
/// 422 with the first such material.
pub fn check_asked(
    item: &ItemVersion,
    answers: &Map<String, Value>,
    materials: &[MaterialInput],
) -> Result<(), Failure> {
    if item.content.form.is_null() {
        return Ok(());
    }
    let form = Form::shared(&item.content.form).map_err(Failure::internal)?;
    let unasked = form.unasked_materials(answers);
    let wrong = materials.iter().position(|material| {
        let requirement = material.requirement();
        requirement.is_some_and(|requirement| unasked.contains(&requirement))
    });
    match wrong {
        None => Ok(()),
        Some(place) => {
            let text = "按表单现在的回答，不用交这份材料。请去掉它，或者改正回答。";
            Err(Failure::invalid(text).at(format!("materials.{place}.requirement")))
        }
    }
}

/// Where the result goes, as the case keeps it.
///
/// # Errors
/// 422 for an address that is empty or too long.
pub fn delivery_of(input: DeliveryInput, person: PersonId) -> Result<DeliveryChoice, Failure> {
    match input {
        DeliveryInput::Counter {} => Ok(DeliveryChoice::Counter),
        DeliveryInput::Electronic {} => Ok(DeliveryChoice::Electronic),
        DeliveryInput::Post { address } => {
            let address = address.trim().to_owned();
            if address.is_empty() || address.chars().count() > TEXT_CHARACTERS_MAX {
                return Err(
                    Failure::invalid("请填写收件地址，最多200个字。").at("delivery.address")
                );
            }
            Ok(DeliveryChoice::Post {
                address: Personal::new(person, address),
            })
        }
    }
}
