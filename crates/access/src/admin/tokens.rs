//! 接口令牌: one's own tokens for programs, made once and revoked at will; the security
//! administrator sees and revokes everyone's.

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use wuchuang_kernel::{ApiTokenId, PersonId};
use wuchuang_webkit::{Caller, Failure, Resource, forms::FieldErrors, page::PageContext};

use super::{
    answers::{Answers, Sent},
    form_status, moment_us,
    scopes::{ALWAYS, ScopeChoice, choices, grantable, told},
};
use crate::{
    rooms::{Rooms, html, owned_by, staff, with_done},
    tokens::{NewToken, TokenRow},
};

struct TokenLine {
    id: String,
    purpose: String,
    owner: String,
    scopes: String,
    created: String,
    expires: String,
    is_working: bool,
}

#[derive(Template)]
#[template(path = "access/tokens.html")]
struct TokensPage<'a> {
    page: &'a PageContext,
    fresh: &'a str,
    own: &'a [TokenLine],
    others: &'a [TokenLine],
    scopes: &'a [ScopeChoice],
    purpose: &'a str,
    days: &'a str,
    errors: &'a FieldErrors,
    /// Whether tokens for others' posts may be made.
    gives: bool,
}

#[derive(Deserialize)]
pub(super) struct Done {
    done: Option<String>,
}

async fn lines(
    rooms: &Rooms,
    caller: &Caller,
    rows: Vec<TokenRow>,
) -> Result<Vec<TokenLine>, Failure> {
    let mut lines = Vec::with_capacity(rows.len());
    for row in rows {
        let owner = match row.person.parse::<PersonId>() {
            Ok(person) => rooms
                .directory
                .staff_name(caller.region, person)
                .await?
                .to_string(),
            Err(_) => String::new(),
        };
        lines.push(TokenLine {
            is_working: row.revoked_at_us.is_none()
                && row.expires_at_us > caller.now.as_microsecond(),
            created: moment_us(row.created_at_us),
            expires: moment_us(row.expires_at_us),
            id: row.id,
            purpose: row.name,
            owner,
            scopes: told(rooms, caller, &row.scopes),
        });
    }
    Ok(lines)
}

async fn view(
    rooms: &Rooms,
    caller: &Caller,
    answers: &Answers,
    fresh: &str,
    done: Option<&str>,
    errors: &FieldErrors,
) -> Result<Response, Failure> {
    let present = staff(caller)?;
    let person = present.person;
    let own = rooms.tokens.list_of(caller.region, person).await?;
    let others = if caller.may("roles_manage", &Resource::default()) {
        let all = rooms.tokens.list_working(caller.region).await?;
        let own = person.to_string();
        all.into_iter().filter(|row| row.person != own).collect()
    } else {
        Vec::new()
    };
    let scopes = choices(rooms, caller, present, answers);
    let page = caller
        .page
        .clone()
        .titled("接口令牌")
        .with_errors(!errors.is_empty());
    let page = with_done(page, done);
    let days = Some(answers.text("days")).filter(|days| !days.is_empty());
    let template = TokensPage {
        page: &page,
        fresh,
        own: &lines(rooms, caller, own).await?,
        others: &lines(rooms, caller, others).await?,
        scopes: &scopes,
        purpose: answers.text("name"),
        days: days.unwrap_or("90"),
        errors,
        gives: caller.may("token_give", &Resource::default()),
    };
    Ok((form_status(!errors.is_empty()), html(&template)?).into_response())
}

pub(super) async fn page(
    State(rooms): State<Rooms>,
    caller: Caller,
    Query(query): Query<Done>,
) -> Result<Response, Failure> {
    let answers = Answers(Vec::new());
    view(
        &rooms,
        &caller,
        &answers,
        "",
        query.done.as_deref(),
        &FieldErrors::new(),
    )
    .await
}

pub(super) async fn create(
    State(rooms): State<Rooms>,
    caller: Caller,
    sent: Sent,
) -> Result<Response, Failure> {
    let answers = Answers(sent.0);
    let present = staff(&caller)?;
    let allowed = grantable(&rooms, present);
    let mut scopes: Vec<String> = answers
        .all("scopes")
        .filter(|scope| allowed.iter().any(|action| action == scope))
        .map(str::to_owned)
        .collect();
    if !scopes.is_empty() {
        scopes.push(ALWAYS.to_owned());
    }
    let new = NewToken {
        person: present.person,
        post: present.post,
        made_by: present.person,
        name: answers.text("name"),
        scopes: &scopes,
        days: answers.text("days").parse().unwrap_or(0),
    };
    match rooms.tokens.create(caller.region, &new).await? {
        // Shown this once, so the page is the answer itself.
        Ok(made) => {
            let empty = Answers(Vec::new());
            view(
                &rooms,
                &caller,
                &empty,
                &made.text,
                None,
                &FieldErrors::new(),
            )
            .await
        }
        Err(rejection) => {
            let mut errors = FieldErrors::new();
            let field = rejection.field.as_deref().unwrap_or("name").to_owned();
            errors.add(field, rejection.public);
            view(&rooms, &caller, &answers, "", None, &errors).await
        }
    }
}

pub(super) async fn revoke(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(token): Path<String>,
) -> Result<Redirect, Failure> {
    let token: ApiTokenId = token.parse().map_err(|_| Failure::not_found())?;
    let owner = rooms
        .tokens
        .owner(caller.region, token)
        .await?
        .ok_or_else(Failure::not_found)?;
    caller.require("token_manage", &owned_by("api_token", owner))?;
    rooms.tokens.revoke(caller.region, token).await?;
    Ok(Redirect::to("/staff/tokens?done=revoked"))
}
