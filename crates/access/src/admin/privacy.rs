//! 个人信息: the security administrator deletes a person's data or holds them for a lawsuit or an archive's term, always for
//! a reason; the audit administrator reads what was done, by whom and why, and nothing about the person.

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use wuchuang_codes::{CitizenNumber, mask_citizen_number};
use wuchuang_kernel::{PersonId, Region, Rejection, mask_name};
use wuchuang_ledger::{ExecuteError, Expected, ForgetError, HoldError, Order};
use wuchuang_webkit::{Caller, Failure, Resource, forms::FieldErrors, page::PageContext};

use super::{
    answers::{Answers, Sent},
    form_status, moment_us,
};
use crate::{
    model::privacy::PrivacyAct,
    privacy::{ActRow, PrivacyError},
    rooms::{Rooms, html, with_done},
    store::CitizenEntry,
};

/// How many characters of an identifier tell two people apart in a list.
const IDENTIFIER_SHOWN: usize = 8;

struct ActLine {
    at: String,
    what: &'static str,
    outcome: &'static str,
    reason: String,
    who: String,
    person: String,
}

#[derive(Template)]
#[template(path = "access/privacy.html")]
struct ListPage<'a> {
    page: &'a PageContext,
    may_manage: bool,
    lines: Vec<ActLine>,
    errors: &'a FieldErrors,
}

#[derive(Template)]
#[template(path = "access/privacy_person.html")]
struct PersonPage<'a> {
    page: &'a PageContext,
    path: String,
    identifier: String,
    name: String,
    number: String,
    act: &'a str,
    reason: &'a str,
    errors: &'a FieldErrors,
}

#[derive(Deserialize)]
pub(super) struct Done {
    done: Option<String>,
}

/// What was done with personal data, each with the name of who did it; the newest first.
///
/// # Errors
/// When it cannot be read.
pub(crate) async fn acts(rooms: &Rooms, region: Region) -> Result<Vec<(ActRow, String)>, Failure> {
    let mut lines = Vec::new();
    for row in rooms.directory.privacy_acts(region).await? {
        let who = match row.actor.parse::<PersonId>() {
            Ok(person) => rooms
                .directory
                .staff_name(region, person)
                .await?
                .to_string(),
            Err(_) => "命令行".to_owned(),
        };
        lines.push((row, who));
    }
    Ok(lines)
}

async fn list(
    rooms: &Rooms,
    caller: &Caller,
    done: Option<&str>,
    errors: &FieldErrors,
) -> Result<Response, Failure> {
    let lines = acts(rooms, caller.region)
        .await?
        .into_iter()
        .map(|(row, who)| ActLine {
            at: moment_us(row.at_us),
            what: PrivacyAct::from_code(&row.act).map_or("", PrivacyAct::name),
            outcome: match row.outcome.as_str() {
                "ordered" => "决定",
                "done" => "已完成",
                _ => "没有做成",
            },
            reason: row.reason,
            who,
            person: row.person.chars().take(IDENTIFIER_SHOWN).collect(),
        })
        .collect();
    let page = caller
        .page
        .clone()
        .titled("个人信息")
        .with_errors(!errors.is_empty());
    let page = with_done(page, done);
    let template = ListPage {
        page: &page,
        may_manage: caller.may("privacy_manage", &Resource::default()),
        lines,
        errors,
    };
    Ok((form_status(!errors.is_empty()), html(&template)?).into_response())
}

pub(super) async fn list_page(
    State(rooms): State<Rooms>,
    caller: Caller,
    Query(query): Query<Done>,
) -> Result<Response, Failure> {
    list(&rooms, &caller, query.done.as_deref(), &FieldErrors::new()).await
}

/// The number comes in the body and goes no further: the person is then known by identifier.
pub(super) async fn find(
    State(rooms): State<Rooms>,
    caller: Caller,
    sent: Sent,
) -> Result<Response, Failure> {
    let answers = Answers(sent.0);
    let mut errors = FieldErrors::new();
    match of_number(&rooms, caller.region, answers.text("number")).await? {
        Ok(citizen) => {
            let path = format!("/staff/privacy/{}", citizen.person);
            return Ok(Redirect::to(&path).into_response());
        }
        Err(rejection) => errors.add("number", rejection.public),
    }
    list(&rooms, &caller, None, &errors).await
}

/// The citizen with a number, or why there is none.
///
/// # Errors
/// When they cannot be read.
pub(crate) async fn of_number(
    rooms: &Rooms,
    region: Region,
    number: &str,
) -> Result<Result<CitizenEntry, Rejection>, Failure> {
    let number = match CitizenNumber::parse(number) {
        Ok(number) => number,
        Err(error) => return Ok(Err(Rejection::new("number", error.explain()).at("number"))),
    };
    let found = rooms
        .directory
        .citizen_find_by_number(region, &number)
        .await?;
    Ok(found.ok_or_else(|| {
        Rejection::new(
            "person_unknown",
            "没有这个人的登记，或其个人信息已经删除。请核对号码。",
        )
        .at("number")
    }))
}

async fn person(
    rooms: &Rooms,
    caller: &Caller,
    person: PersonId,
    (act, reason): (&str, &str),
    errors: &FieldErrors,
) -> Result<Response, Failure> {
    let citizen = rooms
        .directory
        .citizen(caller.region, person)
        .await?
        .ok_or_else(Failure::not_found)?;
    let page = caller
        .page
        .clone()
        .titled("删除或保留个人信息")
        .under("个人信息", "/staff/privacy")
        .with_errors(!errors.is_empty());
    let template = PersonPage {
        page: &page,
        path: format!("/staff/privacy/{person}"),
        identifier: person.to_string(),
        name: mask_name(&citizen.name),
        number: mask_citizen_number(&citizen.number),
        act,
        reason,
        errors,
    };
    Ok((form_status(!errors.is_empty()), html(&template)?).into_response())
}

fn read_id(id: &str) -> Result<PersonId, Failure> {
    id.parse().map_err(|_| Failure::not_found())
}

pub(super) async fn person_page(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    person(
        &rooms,
        &caller,
        read_id(&id)?,
        ("", ""),
        &FieldErrors::new(),
    )
    .await
}

pub(super) async fn act(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(id): Path<String>,
    sent: Sent,
) -> Result<Response, Failure> {
    let id = read_id(&id)?;
    let answers = Answers(sent.0);
    let reason = answers.text("reason");
    let mut errors = FieldErrors::new();
    let Some(act) = PrivacyAct::from_code(answers.text("act")) else {
        errors.add("act", "请选择要做什么。");
        return person(&rooms, &caller, id, ("", reason), &errors).await;
    };
    let order = caller.order(answers.command_id(), Expected::Any);
    match done(&rooms, id, act, reason, order).await? {
        Ok(()) => Ok(Redirect::to(&format!("/staff/privacy?done={}", act.code())).into_response()),
        Err(rejection) => {
            let field = rejection.field.as_deref().unwrap_or("reason").to_owned();
            errors.add(field, rejection.public);
            person(&rooms, &caller, id, (act.code(), reason), &errors).await
        }
    }
}

/// Does an act with a person's data, or says why not.
///
/// # Errors
/// When the ledger or storage fails.
pub(crate) async fn done(
    rooms: &Rooms,
    person: PersonId,
    act: PrivacyAct,
    reason: &str,
    order: Order,
) -> Result<Result<(), Rejection>, Failure> {
    let refuse =
        |code: &'static str, sentence: String| Ok(Err(Rejection::new(code, sentence).at("act")));
    match rooms
        .directory
        .privacy_act(person, act, reason, order)
        .await
    {
        Ok(()) => Ok(Ok(())),
        Err(PrivacyError::Execute(ExecuteError::Rejected(rejection))) => Ok(Err(rejection)),
        Err(PrivacyError::Forget(ForgetError::Held(held))) => refuse(
            "person_held",
            format!("依法保留中，不能删除。保留的理由：{held}。要删除，请先解除保留。"),
        ),
        Err(
            PrivacyError::Forget(ForgetError::Unknown(_))
            | PrivacyError::Hold(HoldError::Unknown(_)),
        ) => refuse(
            "person_unknown",
            "这个人没有可以处理的个人信息，或已经删除。".to_owned(),
        ),
        Err(PrivacyError::Execute(error)) => Err(error.into()),
        Err(
            PrivacyError::Forget(ForgetError::Storage(error))
            | PrivacyError::Hold(HoldError::Storage(error)),
        ) => Err(error.into()),
    }
}
