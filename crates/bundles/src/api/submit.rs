//! 一次提交 by a program or by a citizen's own client: one body for several items, checked by the form of each.

use std::sync::Arc;

use axum::{Json, extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use wuchuang_cases::{
    ApplicantInput, Cases, SubmissionInput,
    api::applying::{
        DeliveryInput, MaterialInput, Receiving, Registrant, WhoApplies, applicant_of,
        check_answers, check_name, delivery_of,
        known::{self, KnownInput, KnownList},
        materials, may_reuse,
    },
    model::{DeliveryChoice, ItemTerms, KnownAnswer, Material},
};
use wuchuang_kernel::{BundleId, CaseId, CommandId, JointId, PersonId};
use wuchuang_ledger::Expected;
use wuchuang_webkit::{Caller, Failure, request::Body};

use crate::{
    joined::{Joined, JoinedMember},
    model::{BundleVersion, Joint, Part},
    rooms::BundleRooms,
    service::{Bundles, JointInput},
};

/// An answer to a question about the situation.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SituationInput {
    /// The question's key.
    #[schema(example = "line")]
    question: String,
    /// The answer's key.
    #[schema(example = "food")]
    answer: String,
}

/// An application for a bundle.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct JointApplicationInput {
    /// The bundle.
    #[schema(value_type = String, example = "0192f0c2a4b17c3e9d5566778899aabb")]
    bundle: BundleId,
    /// The bundle's version that the applicant saw; another one in force is refused.
    bundle_version: Option<u32>,
    /// The answers about the situation, which say what items are needed.
    #[serde(default)]
    situation: Vec<SituationInput>,
    /// Who applies.
    applicant: WhoApplies,
    /// The answers of the joined form, by field.
    #[serde(default)]
    #[schema(value_type = Object, example = json!({"premises": "城关镇环城路126号"}))]
    answers: Map<String, Value>,
    /// The joined materials.
    #[serde(default)]
    materials: Vec<MaterialInput>,
    /// Where the results go; for an item that does not offer it, to the counter.
    delivery: DeliveryInput,
    /// Whether the applicant undertakes to hand in later what is missing and may follow (容缺受理承诺).
    #[serde(default)]
    undertakes: bool,
    /// The known answers with which the application began (`POST /api/v1/joints/known`), with why `answers` say something
    /// else. What is not named here counts as the applicant's own answer.
    #[serde(default)]
    known: Vec<KnownInput>,
}

/// For which application.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct JointKnownQuestion {
    /// The bundle.
    #[schema(value_type = String, example = "0192f0c2a4b17c3e9d5566778899aabb")]
    bundle: BundleId,
    /// The answers about the situation, which say what items are needed.
    #[serde(default)]
    situation: Vec<SituationInput>,
    /// The citizen number of the applicant, or of whoever acts for the organisation; a citizen asks for themself and
    /// leaves it out.
    #[schema(example = "610924199001011233", max_length = 18)]
    number: Option<String>,
}

/// A received application.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct JointReceived {
    /// The application.
    joint: String,
    /// Its number.
    #[schema(example = "6109240YJS20261123000001")]
    number: String,
    /// The code for questions without a login.
    #[schema(example = "7K3M9Q")]
    check_code: String,
    /// When it was received (RFC 3339).
    received_at: String,
    /// The cases that are open by now, in the order of the parts.
    cases: Vec<String>,
}

impl JointReceived {
    pub(super) fn of(id: JointId, joint: &Joint) -> Self {
        let cases = joint.parts.iter().filter_map(Part::case);
        Self {
            joint: id.to_string(),
            number: joint.number.clone(),
            check_code: joint.check_code.clone(),
            received_at: joint.received_at.to_string(),
            cases: cases.map(|case| case.to_string()).collect(),
        }
    }
}

/// What licences and earlier cases answer of the joined form of a bundle: nobody need be asked it again.
#[utoipa::path(post, path = "/api/v1/joints/known", tag = "bundles", request_body = JointKnownQuestion,
    responses((status = 200, body = KnownList), (status = 401), (status = 403),
        (status = 422, description = "There is no such bundle, the situation is not answered, or the number does not read.")))]
pub(super) async fn joint_known(
    State(rooms): State<BundleRooms>,
    caller: Caller,
    Body(input): Body<JointKnownQuestion>,
) -> Result<Json<KnownList>, Failure> {
    let bundle = in_force(&rooms, &caller, (input.bundle, None)).await?;
    let joined = joined(&rooms, &bundle, &input.situation)?;
    let person = known::asked_for(&rooms.cases, &caller, input.number.as_deref()).await?;
    let told = known::told(&rooms.cases, &caller, &joined.item, person).await?;
    Ok(Json(told))
}

/// 一次提交. Send `Idempotency-Key`: the same key makes one application with one case for each item, however often it is sent.
#[utoipa::path(post, path = "/api/v1/joints", tag = "bundles", request_body = JointApplicationInput,
    params(("Idempotency-Key" = Option<String>, Header, description = "The same key gives the first answer again.")),
    responses((status = 201, body = JointReceived), (status = 401), (status = 403),
        (status = 409, description = "Another version of the bundle is in force."),
        (status = 422, description = "A field is wrong; the problem names it.")))]
pub(super) async fn joint_submit(
    State(rooms): State<BundleRooms>,
    caller: Caller,
    Body(input): Body<JointApplicationInput>,
) -> Result<(StatusCode, Json<JointReceived>), Failure> {
    let order = caller.order(None, Expected::Any);
    let id = Bundles::joint_of(order.command_id);
    // What is offered may have changed since it was taken: what was received under this key is received.
    let is_taken = input.materials.iter().any(MaterialInput::is_reused);
    if is_taken && rooms.bundles.cases().ledger().was_done(&order).await? {
        return received(&rooms, &caller, id).await;
    }
    let bundle = in_force(&rooms, &caller, (input.bundle, input.bundle_version)).await?;
    let joined = joined(&rooms, &bundle, &input.situation)?;
    check(&rooms, &caller, &joined, &input.answers).await?;
    check_name(&input.applicant)?;
    let registrant = Registrant::of(&caller, &input.applicant)?;
    let applicant = registrant.known(&rooms.cases, &caller).await?;
    if applicant.is_some() && is_taken {
        may_reuse(&caller)?;
    }
    let nobody = PersonId::from_u128(0);
    let terms = ItemTerms::of(&joined.item).map_err(Failure::internal)?;
    let receiving = Receiving {
        terms: &terms,
        item: &joined.item,
        person: applicant,
        organisation: input.applicant.as_organisation(),
        owner: nobody,
        key: order.command_id,
        before: None,
        may_promise: true,
    };
    let made: Vec<CaseId> = joined
        .members
        .iter()
        .map(|member| Cases::case_of(Bundles::key_of_part(order.command_id, member.item.id)))
        .collect();
    let whose = (applicant, &input.answers);
    let named = (input.known.as_slice(), made.as_slice());
    let given = Given {
        known: known::taken(&rooms.cases, &caller, &joined.item, whose, named).await?,
        materials: materials(&rooms.cases, &caller, receiving, input.materials).await?,
        applicant: applicant_of(input.applicant, nobody)?,
        answers: input.answers,
        delivery: delivery_of(input.delivery, nobody)?,
        undertakes: input.undertakes,
    };
    let parts: Vec<SubmissionInput> = joined
        .members
        .iter()
        .map(|member| given.part(&rooms, member, order.command_id))
        .collect();
    for part in &parts {
        rooms.bundles.cases().check(order.region, part).await?;
    }
    // Nobody is registered before everything that the application can be refused for was looked at.
    let person = registrant.person(&rooms.cases, &caller, &order).await?;
    let parts = parts.into_iter().map(|part| part.of_person(person));
    let input = JointInput {
        bundle,
        person,
        parts: parts.collect(),
    };
    rooms.bundles.submit(input, order).await?;
    received(&rooms, &caller, id).await
}

async fn received(
    rooms: &BundleRooms,
    caller: &Caller,
    id: JointId,
) -> Result<(StatusCode, Json<JointReceived>), Failure> {
    let joint = rooms.get(caller.region, id).await?;
    Ok((StatusCode::CREATED, Json(JointReceived::of(id, &joint))))
}

/// The items that a situation needs as one application.
fn joined(
    rooms: &BundleRooms,
    bundle: &Arc<BundleVersion>,
    situation: &[SituationInput],
) -> Result<Joined, Failure> {
    let pairs: Vec<(String, String)> = situation
        .iter()
        .map(|one| (one.question.clone(), one.answer.clone()))
        .collect();
    let situation = bundle.content.answers(&pairs);
    if !bundle.content.is_answered(&situation) {
        let text = "请回答这件事的情形问题，每个只能选一个的都要选。";
        return Err(Failure::invalid(text).at("situation"));
    }
    rooms.joined(bundle, &situation)
}

async fn in_force(
    rooms: &BundleRooms,
    caller: &Caller,
    (bundle, seen): (BundleId, Option<u32>),
) -> Result<Arc<BundleVersion>, Failure> {
    let bundle = rooms.find(caller.region, bundle).await?;
    let bundle = bundle.ok_or_else(|| {
        Failure::invalid("没有这件事，或者它已经停用。请在一件事目录里选择。").at("bundle")
    })?;
    match seen {
        Some(seen) if seen != bundle.version => Err(Failure::new(
            StatusCode::CONFLICT,
            "bundle_version",
            "这件事刚刚更新过，请按现行版本重新核对材料和表单后提交。",
        )
        .at("bundle_version")),
        _ => Ok(bundle),
    }
}

/// The answers by the joined form, and by the form of each item: a field that several share has the rule of the first.
async fn check(
    rooms: &BundleRooms,
    caller: &Caller,
    joined: &Joined,
    answers: &Map<String, Value>,
) -> Result<(), Failure> {
    check_answers(&rooms.cases, caller, &joined.item, answers).await?;
    for member in &joined.members {
        rooms.cases.require_receipt(caller, &member.item).await?;
        let own = member.answers(answers);
        let checked = check_answers(&rooms.cases, caller, &member.item, &own).await;
        checked.map_err(|failure| in_joined_words(failure, member))?;
    }
    Ok(())
}

/// A refusal of an item's own field with the name under which the joined form asks it.
fn in_joined_words(failure: Failure, member: &JoinedMember) -> Failure {
    let own = failure.field.as_deref();
    let own = own.and_then(|field| field.strip_prefix("answers."));
    match own.and_then(|own| member.joined_field(own)) {
        Some(joined) => {
            let field = format!("answers.{joined}");
            failure.at(field)
        }
        None => failure,
    }
}

/// What was handed in for all items.
struct Given {
    applicant: ApplicantInput,
    materials: Vec<Material>,
    answers: Map<String, Value>,
    delivery: DeliveryChoice,
    undertakes: bool,
    known: Vec<KnownAnswer>,
}

impl Given {
    fn part(&self, rooms: &BundleRooms, member: &JoinedMember, key: CommandId) -> SubmissionInput {
        let own = Bundles::key_of_part(key, member.item.id);
        let materials = member.materials((&self.materials, &self.answers), |index| {
            rooms.bundles.cases().material_of(own, index)
        });
        SubmissionInput {
            item: Arc::clone(&member.item),
            applicant: self.applicant.clone(),
            agent: None,
            answers: member.answers(&self.answers),
            undertaking: member
                .undertaking(&materials, &self.answers)
                .filter(|_| self.undertakes),
            delivery: member.delivery(&self.delivery),
            priority: false,
            handled_by: None,
            part_of: None,
            known: member.known(&self.known),
            materials,
        }
    }
}
