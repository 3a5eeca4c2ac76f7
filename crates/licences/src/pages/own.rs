//! The holder's own licences.

use askama::Template;
use axum::{
    Form,
    extract::{Path, State},
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
};
use jiff::civil::Date;
use serde::Deserialize;
use wuchuang_kernel::{LicenceId, china_date};
use wuchuang_ledger::{ExecuteError, Expected};
use wuchuang_webkit::{
    Caller, Failure,
    forms::FieldErrors,
    markup::{DefinitionRow, Tone},
    page::PageContext,
};

use super::html;
use crate::{
    Rooms,
    deeds::{OWN_READ, annotate, copied, id_of, readable, signed},
    model::{Licence, LicenceStatus, Standing},
    store,
    tokens::grouped,
};

/// One line of the list.
struct Line {
    path: String,
    name: String,
    number: String,
    holder: String,
    organisation: String,
    validity: String,
    status: LicenceStatus,
    tone: Tone,
}

/// How a status is marked.
pub(super) const fn tone(status: LicenceStatus) -> Tone {
    match status {
        LicenceStatus::Valid => Tone::Good,
        LicenceStatus::Expired => Tone::Warning,
        LicenceStatus::Revoked | LicenceStatus::Superseded => Tone::Bad,
    }
}

#[derive(Template)]
#[template(path = "licences/own_list.html")]
struct ListPage<'a> {
    page: &'a PageContext,
    lines: Vec<Line>,
}

pub(super) async fn list_page(
    State(rooms): State<Rooms>,
    caller: Caller,
) -> Result<Html<String>, Failure> {
    let person = caller.visitor.person().ok_or_else(Failure::sign_in)?;
    let today = china_date(caller.now);
    let database = rooms.ledger().database();
    let lines = store::licences_of_person(database, caller.region, person)
        .await?
        .into_iter()
        .map(|found| Line {
            path: format!("/my/licences/{}", found.id),
            status: found.status(today),
            tone: tone(found.status(today)),
            validity: found.validity(),
            name: found.title(),
            number: found.number,
            holder: found.holder_name,
            organisation: found.organisation_name,
        })
        .collect();
    let page = caller.page.titled("我的证照").under("我的", "/my");
    html(&ListPage { page: &page, lines })
}

/// A copy for one purpose in the list.
struct Copy {
    path: String,
    purpose: String,
    expires: String,
}

#[derive(Template)]
#[template(path = "licences/own_licence.html")]
struct LicencePage<'a> {
    page: &'a PageContext,
    document_path: String,
    copy_path: String,
    /// What others scan to verify it.
    verify_path: String,
    name: &'a str,
    status: LicenceStatus,
    tone: Tone,
    is_in_force: bool,
    rows: Vec<DefinitionRow>,
    copies: Vec<Copy>,
    purpose: &'a str,
    expires: &'a str,
    errors: &'a FieldErrors,
}

pub(super) async fn licence_page(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(licence): Path<String>,
) -> Result<Html<String>, Failure> {
    let id = id_of(&licence)?;
    let licence = readable(&rooms, &caller, id, OWN_READ).await?;
    show(&caller, id, &licence, ("", ""), &FieldErrors::new())
}

fn show(
    caller: &Caller,
    id: LicenceId,
    licence: &Licence,
    (purpose, expires): (&str, &str),
    errors: &FieldErrors,
) -> Result<Html<String>, Failure> {
    let issued = &licence.issued;
    let status = licence.status(china_date(caller.now));
    let copies = licence
        .annotations
        .iter()
        .enumerate()
        .map(|(index, annotation)| Copy {
            path: format!("/my/licences/{id}/copies/{index}"),
            purpose: annotation.purpose.text().to_owned(),
            expires: annotation.expires.to_string(),
        })
        .collect();
    let name = licence.title();
    let page = caller
        .page
        .clone()
        .titled(&name)
        .under("我的", "/my")
        .under("我的证照", "/my/licences")
        .with_errors(!errors.is_empty());
    html(&LicencePage {
        page: &page,
        document_path: format!("/my/licences/{id}/document.pdf"),
        copy_path: format!("/my/licences/{id}/copies"),
        verify_path: format!("/v/{}", issued.token),
        name: &name,
        status,
        tone: tone(status),
        is_in_force: licence.standing == Standing::InForce,
        rows: rows(licence),
        copies,
        purpose,
        expires,
        errors,
    })
}

/// What it is while there is only the copy, and what follows.
pub(super) fn form_of(licence: &Licence) -> Option<DefinitionRow> {
    let text = "副本，凭告知承诺先行发放；核查属实后发给正本，编号不变";
    licence.is_copy().then(|| DefinitionRow::new("形式", text))
}

/// What the licence says, for its holder and for staff who may read it.
pub(super) fn rows(licence: &Licence) -> Vec<DefinitionRow> {
    let issued = &licence.issued;
    let last = issued
        .valid_until
        .map_or_else(|| "长期".to_owned(), |day| day.to_string());
    let mut rows = vec![
        DefinitionRow::new("编号", &issued.number),
        DefinitionRow::new("电子证照标识", issued.identifier.as_str()),
        DefinitionRow::new("持证人", issued.holder.name.text()),
        DefinitionRow::new("发证机关", &issued.organisation_name),
        DefinitionRow::new("发证日期", china_date(licence.issued_at).to_string()),
        DefinitionRow::new("有效期", format!("{} 至 {last}", issued.valid_from)),
        DefinitionRow::new("核验码", grouped(&issued.check_code)),
    ];
    rows.extend(form_of(licence));
    let contents = issued.contents.get().map(Vec::as_slice).unwrap_or_default();
    rows.extend(
        contents
            .iter()
            .map(|field| DefinitionRow::new(&field.label, &field.value)),
    );
    rows
}

pub(super) async fn document(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(licence): Path<String>,
) -> Result<Response, Failure> {
    signed(&rooms, &caller, id_of(&licence)?, OWN_READ).await
}

pub(super) async fn copy_document(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path((licence, copy)): Path<(String, usize)>,
) -> Result<Response, Failure> {
    copied(&rooms, &caller, id_of(&licence)?, copy).await
}

#[derive(Deserialize)]
pub(super) struct CopyForm {
    command_id: Option<String>,
    #[serde(default)]
    purpose: String,
    #[serde(default)]
    expires: String,
}

pub(super) async fn copy_send(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(licence): Path<String>,
    Form(form): Form<CopyForm>,
) -> Result<Response, Failure> {
    let id = id_of(&licence)?;
    let licence = readable(&rooms, &caller, id, OWN_READ).await?;
    let mut errors = FieldErrors::new();
    if let Ok(expires) = form.expires.trim().parse::<Date>() {
        let order = caller.order(form.command_id.as_deref(), Expected::Existing);
        match annotate(&rooms, &caller, id, (&form.purpose, expires), order).await? {
            Ok(_) => return Ok(Redirect::to(&format!("/my/licences/{id}")).into_response()),
            Err(ExecuteError::Rejected(rejection)) => {
                let field = rejection.field.clone().unwrap_or_else(|| "purpose".into());
                errors.add(field, caller.page.t(&rejection.public).into_owned());
            }
            Err(error) => return Err(error.into()),
        }
    } else {
        let message = caller
            .page
            .t("请填写截止日期，例如 2026-12-31。")
            .into_owned();
        errors.add("expires", message);
    }
    let page = show(
        &caller,
        id,
        &licence,
        (&form.purpose, &form.expires),
        &errors,
    )?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}
