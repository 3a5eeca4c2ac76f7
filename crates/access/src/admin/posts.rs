//! The form of a post: organisation, title, roles, reach. Only the security administrator gives
//! roles, and nobody to themself.

use std::collections::BTreeSet;

use askama::Template;
use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use wuchuang_kernel::{OrganisationId, PersonId, PostId, Region, Role};
use wuchuang_ledger::{ExecuteError, Expected};
use wuchuang_webkit::{Caller, Failure, forms::FieldErrors, markup::Choice, page::PageContext};

use super::{
    answers::{Answers, Sent},
    form_status,
    people::organisation_choices,
    person::read_person,
};
use crate::{
    model::staff::{PostDetails, StaffCommand, StaffStream},
    rooms::{Rooms, html},
};

/// A role to tick.
struct RoleChoice {
    code: &'static str,
    words: &'static str,
    is_ticked: bool,
}

#[derive(Template)]
#[template(path = "access/post.html")]
struct PostPage<'a> {
    page: &'a PageContext,
    action: &'a str,
    back: &'a str,
    organisation: &'a str,
    title: &'a str,
    reach: &'a str,
    roles: &'a [RoleChoice],
    organisations: &'a [Choice],
    places: &'a [Choice],
    is_new: bool,
    errors: &'a FieldErrors,
}

/// A post as it was typed.
pub(crate) struct Typed {
    pub(crate) organisation: String,
    pub(crate) title: String,
    pub(crate) reach: String,
    pub(crate) roles: Vec<String>,
}

async fn places(rooms: &Rooms, region: Region) -> Result<Vec<Choice>, Failure> {
    let directory = &rooms.directory;
    let county = directory.division(region, region.as_str()).await?;
    let county = county.map_or_else(|| region.to_string(), |county| county.name);
    let mut places = vec![Choice::new(region.as_str(), county)];
    for town in directory.regions_children(region, region.as_str()).await? {
        let villages = directory.regions_children(region, &town.code).await?;
        places.push(Choice::new(town.code, town.name.clone()));
        places.extend(
            villages.into_iter().map(|village| {
                Choice::new(village.code, format!("{} · {}", town.name, village.name))
            }),
        );
    }
    Ok(places)
}

async fn view(
    rooms: &Rooms,
    caller: &Caller,
    person: PersonId,
    post: Option<PostId>,
    typed: &Typed,
    errors: &FieldErrors,
) -> Result<Response, Failure> {
    let entry = rooms
        .directory
        .staff(caller.region, person)
        .await?
        .ok_or_else(Failure::not_found)?;
    let back = format!("/staff/people/{person}");
    let action = match post {
        Some(post) => format!("{back}/posts/{post}"),
        None => format!("{back}/posts"),
    };
    let page = caller
        .page
        .clone()
        .titled(if post.is_some() {
            "调整岗位"
        } else {
            "安排岗位"
        })
        .under("人员与岗位", "/staff/people")
        .under(&entry.name, back.clone())
        .with_errors(!errors.is_empty());
    let roles: Vec<RoleChoice> = Role::ALL
        .into_iter()
        .map(|role| RoleChoice {
            code: role.code(),
            words: role.name(),
            is_ticked: typed.roles.iter().any(|ticked| ticked == role.code()),
        })
        .collect();
    let template = PostPage {
        page: &page,
        action: &action,
        back: &back,
        organisation: &typed.organisation,
        title: &typed.title,
        reach: &typed.reach,
        roles: &roles,
        organisations: &organisation_choices(rooms, caller.region).await?,
        places: &places(rooms, caller.region).await?,
        is_new: post.is_none(),
        errors,
    };
    Ok((form_status(!errors.is_empty()), html(&template)?).into_response())
}

pub(super) async fn new_page(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(person): Path<String>,
) -> Result<Response, Failure> {
    let typed = Typed {
        organisation: String::new(),
        title: String::new(),
        reach: caller.region.to_string(),
        roles: Vec::new(),
    };
    let person = read_person(&person)?;
    view(&rooms, &caller, person, None, &typed, &FieldErrors::new()).await
}

pub(super) async fn page(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path((person, post)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let person = read_person(&person)?;
    let id: PostId = post.parse().map_err(|_| Failure::not_found())?;
    let post = rooms
        .directory
        .post(caller.region, id)
        .await?
        .filter(|post| post.person == person && post.until.is_none())
        .ok_or_else(Failure::not_found)?;
    let typed = Typed {
        organisation: post.organisation.to_string(),
        title: post.title,
        reach: post.reach.to_string(),
        roles: post
            .roles
            .iter()
            .map(|role| role.code().to_owned())
            .collect(),
    };
    view(
        &rooms,
        &caller,
        person,
        Some(id),
        &typed,
        &FieldErrors::new(),
    )
    .await
}

fn typed(answers: &Answers) -> Typed {
    Typed {
        organisation: answers.text("organisation").to_owned(),
        title: answers.text("title").chars().take(100).collect(),
        reach: answers.text("reach").to_owned(),
        roles: answers.all("roles").take(20).map(str::to_owned).collect(),
    }
}

/// What was typed as a post, when it reads.
///
/// # Errors
/// When the organisations cannot be read.
pub(crate) async fn details(
    rooms: &Rooms,
    caller: &Caller,
    typed: &Typed,
) -> Result<Result<PostDetails, FieldErrors>, Failure> {
    let mut errors = FieldErrors::new();
    let organisation = match typed.organisation.parse::<OrganisationId>() {
        Ok(id) => rooms
            .directory
            .organisation(caller.region, id)
            .await?
            .filter(|organisation| organisation.is_active),
        Err(_) => None,
    };
    if organisation.is_none() {
        errors.add("organisation", "请选择机构。");
    }
    let reach = typed.reach.parse::<Region>();
    if reach.is_err() {
        errors.add("reach", "请选择管辖区域。");
    }
    let (Some(organisation), Ok(reach)) = (organisation, reach) else {
        return Ok(Err(errors));
    };
    let roles: BTreeSet<Role> = typed
        .roles
        .iter()
        .filter_map(|role| Role::from_code(role))
        .collect();
    Ok(Ok(PostDetails {
        organisation: organisation.id,
        title: typed.title.clone(),
        roles,
        reach,
    }))
}

async fn save(
    rooms: &Rooms,
    caller: &Caller,
    person: PersonId,
    post: Option<PostId>,
    answers: &Answers,
) -> Result<Response, Failure> {
    let typed = typed(answers);
    let details = match details(rooms, caller, &typed).await? {
        Ok(details) => details,
        Err(errors) => return view(rooms, caller, person, post, &typed, &errors).await,
    };
    let ledger = rooms.directory.ledger();
    let command = match post {
        Some(post) => StaffCommand::ChangePost { post, details },
        None => StaffCommand::GivePost {
            // The form's key makes the post's identifier, so that the form sent twice is one post.
            post: answers
                .command_id()
                .and_then(|key| key.parse().ok())
                .unwrap_or_else(|| PostId::generate(caller.now, ledger.randomness().as_ref())),
            details,
        },
    };
    let order = caller.order(answers.command_id(), Expected::Existing);
    match ledger
        .execute::<StaffStream>(person.into(), command, order)
        .await
    {
        Ok(_) => Ok(Redirect::to(&format!("/staff/people/{person}?done=saved")).into_response()),
        Err(ExecuteError::Rejected(rejection)) => {
            let mut errors = FieldErrors::new();
            let field = rejection
                .field
                .as_deref()
                .unwrap_or("organisation")
                .to_owned();
            errors.add(field, rejection.public);
            view(rooms, caller, person, post, &typed, &errors).await
        }
        Err(error) => Err(error.into()),
    }
}

pub(super) async fn give(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(person): Path<String>,
    sent: Sent,
) -> Result<Response, Failure> {
    save(
        &rooms,
        &caller,
        read_person(&person)?,
        None,
        &Answers(sent.0),
    )
    .await
}

pub(super) async fn change(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path((person, post)): Path<(String, String)>,
    sent: Sent,
) -> Result<Response, Failure> {
    let post = post.parse().map_err(|_| Failure::not_found())?;
    save(
        &rooms,
        &caller,
        read_person(&person)?,
        Some(post),
        &Answers(sent.0),
    )
    .await
}

pub(super) async fn end(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path((person, post)): Path<(String, String)>,
    sent: Sent,
) -> Result<Redirect, Failure> {
    let person = read_person(&person)?;
    let post = post.parse().map_err(|_| Failure::not_found())?;
    let answers = Answers(sent.0);
    let order = caller.order(answers.command_id(), Expected::Existing);
    rooms
        .directory
        .ledger()
        .execute::<StaffStream>(person.into(), StaffCommand::EndPost { post }, order)
        .await?;
    Ok(Redirect::to(&format!("/staff/people/{person}?done=saved")))
}
