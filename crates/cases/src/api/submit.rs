//! 提交申请 by a program, or by a citizen's own client.

use axum::{Json, extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use wuchuang_access::CitizenDetails;
use wuchuang_catalogue::model::ItemVersion;
use wuchuang_codes::{CitizenNumber, CreditCode, PhoneNumber};
use wuchuang_kernel::{ItemId, PersonId, Personal};
use wuchuang_ledger::Expected;
use wuchuang_webkit::{
    Caller, Failure,
    forms::{ChoiceGroup, Form, Lists},
    markup::Choice,
};

use crate::{
    model::{ApplicantKind, DeliveryChoice, ItemTerms},
    rooms::CaseRooms,
    service::{ApplicantInput, SubmissionInput},
};

use super::{
    body::Body,
    materials::{MaterialInput, materials},
};

/// How long a name may be, in characters.
const NAME_CHARACTERS_MAX: usize = 100;
/// How long an address or an e-mail may be, in characters.
const TEXT_CHARACTERS_MAX: usize = 200;

/// A person or an organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum KindInput {
    /// 自然人.
    Person,
    /// 法人和其他组织.
    Organisation,
}

/// The natural person who acts for an organisation.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct HandlerInput {
    /// The name.
    #[schema(example = "李小红")]
    name: String,
    /// The citizen number.
    #[schema(example = "61092419900101002X")]
    number: String,
}

/// Who applies.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct WhoApplies {
    /// A person or an organisation.
    kind: KindInput,
    /// The name.
    #[schema(example = "紫阳县兴盛餐饮店")]
    name: String,
    /// Citizen number (18 digits) or credit code (18 characters).
    #[schema(example = "92610924MA70ABCD2K")]
    number: String,
    /// The phone that messages go to.
    #[schema(example = "13891500000")]
    phone: String,
    /// The address.
    #[serde(default)]
    address: String,
    /// E-mail.
    #[serde(default)]
    email: String,
    /// Who acts for the organisation; needed when staff or a program hand in for an organisation.
    handler: Option<HandlerInput>,
}

/// Where the result goes.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", tag = "way", deny_unknown_fields)]
enum DeliveryInput {
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
}

/// An accepted submission.
#[derive(Debug, Serialize, ToSchema)]
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
    let item = rooms
        .item_in_force(&caller, input.item)
        .await?
        .ok_or_else(|| {
            Failure::invalid("没有这个事项，或它已停止办理。请在事项目录中选择。").at("item")
        })?;
    check_version(&item, input.item_version)?;
    check_answers(&rooms, &caller, &item, &input.answers).await?;
    check_name(&input.applicant.name)?;
    let person = person_of(&rooms, &caller, &input.applicant).await?;
    let order = caller.order(None, Expected::Any);
    let terms = ItemTerms::of(&item).map_err(Failure::internal)?;
    let materials = materials(
        &rooms.cases,
        &terms,
        person,
        order.command_id,
        input.materials,
    )
    .await?;
    let submission = SubmissionInput {
        item,
        applicant: applicant_of(input.applicant, person)?,
        agent: None,
        answers: input.answers,
        materials,
        delivery: delivery_of(input.delivery, person)?,
        priority: input.priority && caller.visitor.staff().is_some(),
    };
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

async fn check_answers(
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
    for field in form.fields().iter().filter(|field| field.list.is_some()) {
        if let Some(code) = answers.get(&field.name).and_then(Value::as_str)
            && let Some(division) = rooms.directory.division(caller.region, code).await?
        {
            known.push(Choice::new(division.code, division.name));
        }
    }
    let errors = form.check_all(answers, &KnownVillages(known), &caller.page.translator);
    match errors.iter().next() {
        None => Ok(()),
        Some(first) => {
            Err(Failure::invalid(first.message.clone()).at(format!("answers.{}", first.field)))
        }
    }
}

/// The rules look at the name again; here its place in the body is told, before anybody is registered.
fn check_name(name: &str) -> Result<(), Failure> {
    let wrong = |sentence: &'static str| Err(Failure::invalid(sentence).at("applicant.name"));
    match name.trim().chars().count() {
        0 => wrong("请填写申请人姓名或单位名称。"),
        1..=NAME_CHARACTERS_MAX => Ok(()),
        _ => wrong("申请人姓名或单位名称最多100个字，请填写证件上的名称。"),
    }
}

/// A citizen hands in for themself; for others the person follows from the citizen number.
async fn person_of(
    rooms: &CaseRooms,
    caller: &Caller,
    applicant: &WhoApplies,
) -> Result<PersonId, Failure> {
    if let Some(citizen) = caller.visitor.citizen() {
        return Ok(citizen.person);
    }
    let (name, number, field) = match (applicant.kind, &applicant.handler) {
        (KindInput::Person, _) => (&applicant.name, &applicant.number, "applicant.number"),
        (KindInput::Organisation, Some(handler)) => {
            (&handler.name, &handler.number, "applicant.handler.number")
        }
        (KindInput::Organisation, None) => {
            return Err(
                Failure::invalid("单位申请请填写经办人的姓名和身份证号。").at("applicant.handler")
            );
        }
    };
    let number = CitizenNumber::parse(number)
        .map_err(|error| Failure::invalid(error.explain()).at(field))?;
    let details = CitizenDetails {
        name: name.trim(),
        number: &number,
        phone: applicant.phone.trim(),
    };
    let person = rooms
        .directory
        .citizen_register(
            caller.region,
            caller.visitor.actor(),
            caller.visitor.channel(),
            &details,
        )
        .await
        .map_err(|error| {
            let failure = Failure::from(error);
            // The register knows its own fields; a program knows those of the body.
            match failure.field.clone() {
                Some(inner) => failure.at(format!("applicant.{inner}")),
                None => failure,
            }
        })?;
    Ok(person)
}

fn applicant_of(input: WhoApplies, person: PersonId) -> Result<ApplicantInput, Failure> {
    let number = match input.kind {
        KindInput::Person => CitizenNumber::parse(&input.number)
            .map(|number| number.as_str().to_owned())
            .map_err(|error| Failure::invalid(error.explain()).at("applicant.number"))?,
        KindInput::Organisation => CreditCode::parse(&input.number)
            .map(|code| code.as_str().to_owned())
            .map_err(|error| Failure::invalid(error.explain()).at("applicant.number"))?,
    };
    let phone = PhoneNumber::parse(&input.phone)
        .map_err(|error| Failure::invalid(error.explain()).at("applicant.phone"))?;
    for (text, field) in [
        (&input.address, "applicant.address"),
        (&input.email, "applicant.email"),
    ] {
        if text.chars().count() > TEXT_CHARACTERS_MAX {
            return Err(Failure::invalid("最多200个字，请精简。").at(field));
        }
    }
    Ok(ApplicantInput {
        person,
        kind: match input.kind {
            KindInput::Person => ApplicantKind::Person,
            KindInput::Organisation => ApplicantKind::Organisation,
        },
        name: input.name,
        number,
        phone: phone.as_str().to_owned(),
        address: input.address,
        email: input.email,
    })
}

fn delivery_of(input: DeliveryInput, person: PersonId) -> Result<DeliveryChoice, Failure> {
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
