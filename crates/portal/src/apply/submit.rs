//! 提交: once, however often the button is pressed.

pub(super) mod done;

use axum::{
    Form,
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use wuchuang_access::CitizenEntry;
use wuchuang_bundles::Bundles;
use wuchuang_cases::{Cases, SubmissionInput, known::brought};
use wuchuang_kernel::{Channel, CommandId};
use wuchuang_ledger::Expected;
use wuchuang_webkit::{Caller, Failure, forms::FieldErrors};

use super::{Application, Place, agent, applicant, bundle, check, delivery, gone, place};
use crate::rooms::{Rooms, owned, person};

#[derive(Debug, Deserialize)]
pub(crate) struct SubmitForm {
    #[serde(default)]
    command_id: String,
    #[serde(default)]
    declared: String,
    #[serde(default)]
    undertaking: String,
}

/// The key of an application as it is now: the same content always makes the same case, and what was
/// mended after a refusal is a new request.
pub(super) fn key(rooms: &Rooms, application: &Application) -> CommandId {
    let content = serde_json::to_string(&application.draft.content).unwrap_or_default();
    let text = format!("apply/{}/{content}", application.draft.id);
    let hash = rooms.ledger.keyed_hash(text.as_bytes());
    let number = hash
        .get(..32)
        .and_then(|digits| u128::from_str_radix(digits, 16).ok())
        .unwrap_or_default();
    CommandId::from_u128(number)
}

pub(crate) async fn submit(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(place): Path<Place>,
    Form(form): Form<SubmitForm>,
) -> Result<Response, Failure> {
    let Some(application) = Application::open(&rooms, &caller, &place).await? else {
        return sent_before(&rooms, &caller, &form.command_id).await;
    };
    let me = application.person;
    caller.require("case_submit", &owned("case", me))?;
    let profile = rooms.profile(&caller).await?;
    let key = key(&rooms, &application);
    let mut errors = FieldErrors::new();
    if form.declared != "true" {
        errors.add(
            "declared",
            caller
                .page
                .t("请先确认声明：勾选后才能提交（对内容真实负责）。"),
        );
    }
    let problems = check::problems(&rooms, &caller, &application, &profile).await?;
    if !errors.is_empty() || !problems.is_empty() {
        let key = key.to_string();
        return check::show(&rooms, &caller, &application, &profile, key, &errors).await;
    }
    let order = caller.order_through(Channel::Portal, Some(&key.to_string()), Expected::Any);
    if let Some(joined) = &application.joined {
        let undertakes = form.undertaking == "true";
        let input = bundle::input(&rooms, &application, joined, &profile, (key, undertakes));
        let joint = rooms.bundles.submit(input, order).await?;
        rooms
            .cases
            .drafts()
            .remove(caller.region, me, application.draft.id)
            .await?;
        return Ok(Redirect::to(&bundle::done_path(joint)).into_response());
    }
    let submitted = rooms
        .cases
        .submit(input(&application, &profile, &form), order)
        .await?;
    rooms
        .cases
        .drafts()
        .remove(caller.region, me, application.draft.id)
        .await?;
    Ok(Redirect::to(&format!("/apply/done/{}", submitted.case)).into_response())
}

fn input(application: &Application, profile: &CitizenEntry, form: &SubmitForm) -> SubmissionInput {
    let answers = &application.draft.content.answers;
    SubmissionInput {
        applicant: applicant::applicant(&application.form, answers, &application.lists, profile),
        agent: agent::agent(application),
        answers: answers.clone(),
        materials: application.asked_materials(),
        delivery: delivery::delivery(application),
        priority: false,
        undertaking: check::undertaking(application).filter(|_| form.undertaking == "true"),
        handled_by: place::handled_by(application),
        part_of: None,
        known: brought(&application.draft.content.known, &application.form, answers),
        item: application.in_force.clone(),
    }
}

/// The draft is gone: the button was pressed twice, or the page came back from the browser's memory.
async fn sent_before(rooms: &Rooms, caller: &Caller, key: &str) -> Result<Response, Failure> {
    let Ok(key) = key.parse::<CommandId>() else {
        return Ok(gone());
    };
    let joint = Bundles::joint_of(key);
    let sent = rooms.bundles.find_joint(caller.region, joint).await?;
    if sent.is_some_and(|sent| Some(sent.person) == caller.visitor.person()) {
        return Ok(Redirect::to(&bundle::done_path(joint)).into_response());
    }
    let case = Cases::case_of(key);
    match rooms.cases.find(caller.region, case).await? {
        Some(found) if found.applicant.person == person(caller)? => {
            Ok(Redirect::to(&format!("/apply/done/{case}")).into_response())
        }
        _ => Ok(gone()),
    }
}
