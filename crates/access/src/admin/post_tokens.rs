//! 部门程序的令牌: the security administrator makes a token for somebody's post, so that a department's own program acts
//! as that post. What it may do is what the post may do and the token names, asked anew at every call; a token never
//! stands for an administrator's post, because whoever makes it sees it.

use askama::Template;
use axum::{
    extract::{Query, State},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use wuchuang_kernel::{OrganisationId, PostId, Region, Rejection, Role, SessionId};
use wuchuang_webkit::{
    Caller, Failure, Staff, forms::FieldErrors, markup::Choice, page::PageContext,
};

use super::{
    answers::{Answers, Sent},
    form_status,
    people::organisation_choices,
    scopes::{ALWAYS, ScopeChoice, choices, grantable, words},
};
use crate::{
    rooms::{Rooms, html, staff},
    tokens::{MadeToken, NewToken},
};

/// Posts with these stand apart from each other and act in person.
const ADMINISTRATORS: [Role; 3] = [
    Role::SystemAdministrator,
    Role::SecurityAdministrator,
    Role::AuditAdministrator,
];

#[derive(Template)]
#[template(path = "access/token_for_post.html")]
struct PostTokenPage<'a> {
    page: &'a PageContext,
    fresh: &'a str,
    organisation: &'a str,
    organisations: &'a [Choice],
    post: &'a str,
    posts: &'a [Choice],
    holder: &'a str,
    scopes: &'a [ScopeChoice],
    purpose: &'a str,
    days: &'a str,
    errors: &'a FieldErrors,
}

#[derive(Deserialize, Default)]
pub(super) struct Chosen {
    #[serde(default)]
    organisation: String,
    #[serde(default)]
    post: String,
}

/// Who holds a post now; `None` when nobody does, or nobody who may sign in.
pub(crate) async fn holder(
    rooms: &Rooms,
    region: Region,
    post: PostId,
) -> Result<Option<Staff>, Failure> {
    let Some(held) = rooms.directory.post(region, post).await? else {
        return Ok(None);
    };
    // No session stands behind the question what a post may do.
    let nobody = SessionId::from_u128(0);
    let staff = rooms
        .directory
        .staff_in_post(region, held.person, Some(post), nobody)
        .await?;
    Ok(staff.filter(|staff| staff.post == post))
}

pub(crate) fn is_administrator(staff: &Staff) -> bool {
    ADMINISTRATORS.iter().any(|role| staff.roles.contains(role))
}

/// What is asked for: a post, a purpose, actions, days.
pub(crate) struct Wish<'a> {
    pub(crate) post: &'a str,
    pub(crate) name: &'a str,
    pub(crate) scopes: Vec<String>,
    pub(crate) days: i64,
}

/// Makes a token for a post.
pub(crate) async fn give(
    rooms: &Rooms,
    caller: &Caller,
    wish: Wish<'_>,
) -> Result<Result<MadeToken, Rejection>, Failure> {
    let refuse = |code, text, field| Ok(Err(Rejection::new(code, text).at(field)));
    let post = wish.post.parse::<PostId>().ok();
    let found = match post {
        Some(post) => holder(rooms, caller.region, post).await?,
        None => None,
    };
    let Some(found) = found else {
        return refuse(
            "token_post",
            "没有这个岗位，或现在没有人担任。请先选机构，再选岗位。",
            "post",
        );
    };
    if is_administrator(&found) {
        return refuse(
            "token_post_administrator",
            "系统、安全、审计管理岗位要由本人操作，不能由别人生成令牌。",
            "post",
        );
    }
    let allowed = grantable(rooms, &found);
    if let Some(beyond) = wish.scopes.iter().find(|scope| !allowed.contains(scope)) {
        return Ok(Err(beyond_post(rooms, beyond)));
    }
    let mut scopes = wish.scopes;
    if !scopes.is_empty() {
        scopes.push(ALWAYS.to_owned());
    }
    let new = NewToken {
        person: found.person,
        post: found.post,
        made_by: staff(caller)?.person,
        name: wish.name,
        scopes: &scopes,
        days: wish.days,
    };
    Ok(rooms.tokens.create(caller.region, &new).await?)
}

fn beyond_post(rooms: &Rooms, scope: &str) -> Rejection {
    // What was sent is shown only as far as it is a word of ours.
    let code: String = scope
        .chars()
        .filter(|character| character.is_ascii_lowercase() || *character == '_')
        .take(60)
        .collect();
    let word = words(rooms, &code);
    Rejection::new(
        "token_scope_beyond_post",
        format!("这个岗位没有“{word}”这项权限，令牌不能比岗位能做的更多。请去掉它，或先调整岗位。"),
    )
    .at("scopes")
}

/// The posts of an organisation that a token may stand for.
async fn posts_of(
    rooms: &Rooms,
    region: Region,
    organisation: OrganisationId,
) -> Result<Vec<Choice>, Failure> {
    let mut choices = Vec::new();
    for entry in rooms.directory.staff_of(region, organisation, None).await? {
        for post in rooms.directory.posts_of(region, entry.person).await? {
            if post.organisation != organisation
                || post.roles.iter().any(|role| ADMINISTRATORS.contains(role))
            {
                continue;
            }
            let roles: Vec<&str> = post.roles.iter().map(|role| role.name()).collect();
            choices.push(Choice::new(
                post.id.to_string(),
                format!("{}（{}，{}）", post.title, entry.name, roles.join("、")),
            ));
        }
    }
    Ok(choices)
}

async fn view(
    rooms: &Rooms,
    caller: &Caller,
    chosen: &Chosen,
    answers: &Answers,
    fresh: &str,
    errors: &FieldErrors,
) -> Result<Response, Failure> {
    let posts = match chosen.organisation.parse() {
        Ok(organisation) => posts_of(rooms, caller.region, organisation).await?,
        Err(_) => Vec::new(),
    };
    let found = match chosen.post.parse() {
        Ok(post) => holder(rooms, caller.region, post)
            .await?
            .filter(|staff| !is_administrator(staff)),
        Err(_) => None,
    };
    let (told, scopes) = match found {
        Some(staff) => {
            let told = format!(
                "{} · {}（{}）",
                staff.organisation_name, staff.post_title, staff.name
            );
            (told, choices(rooms, caller, &staff, answers))
        }
        None => (String::new(), Vec::new()),
    };
    let page = caller
        .page
        .clone()
        .titled("为部门程序生成令牌")
        .under("接口令牌", "/staff/tokens")
        .with_errors(!errors.is_empty());
    let days = Some(answers.text("days")).filter(|days| !days.is_empty());
    let template = PostTokenPage {
        page: &page,
        fresh,
        organisation: &chosen.organisation,
        organisations: &organisation_choices(rooms, caller.region).await?,
        post: &chosen.post,
        posts: &posts,
        holder: &told,
        scopes: &scopes,
        purpose: answers.text("name"),
        days: days.unwrap_or("90"),
        errors,
    };
    Ok((form_status(!errors.is_empty()), html(&template)?).into_response())
}

pub(super) async fn page(
    State(rooms): State<Rooms>,
    caller: Caller,
    Query(chosen): Query<Chosen>,
) -> Result<Response, Failure> {
    let answers = Answers(Vec::new());
    view(&rooms, &caller, &chosen, &answers, "", &FieldErrors::new()).await
}

pub(super) async fn create(
    State(rooms): State<Rooms>,
    caller: Caller,
    sent: Sent,
) -> Result<Response, Failure> {
    let answers = Answers(sent.0);
    let wish = Wish {
        post: answers.text("post"),
        name: answers.text("name"),
        scopes: answers.all("scopes").map(str::to_owned).collect(),
        days: answers.text("days").parse().unwrap_or(0),
    };
    match give(&rooms, &caller, wish).await? {
        // Shown this once, so the page is the answer itself.
        Ok(made) => {
            let (chosen, empty) = (Chosen::default(), Answers(Vec::new()));
            let none = FieldErrors::new();
            view(&rooms, &caller, &chosen, &empty, &made.text, &none).await
        }
        Err(rejection) => {
            let mut errors = FieldErrors::new();
            let field = rejection.field.as_deref().unwrap_or("name").to_owned();
            errors.add(field, rejection.public);
            let chosen = Chosen {
                organisation: answers.text("organisation").to_owned(),
                post: answers.text("post").to_owned(),
            };
            view(&rooms, &caller, &chosen, &answers, "", &errors).await
        }
    }
}
