//! One licence before the staff: masked, in full for a reason that is kept, printed under its seal, revoked.

use askama::Template;
use axum::{
    Form,
    extract::{Path, Query, State},
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use wuchuang_kernel::{LicenceId, china_date};
use wuchuang_ledger::{ExecuteError, Expected};
use wuchuang_webkit::{
    Caller, Failure,
    forms::FieldErrors,
    markup::{DefinitionRow, Tone},
    page::PageContext,
    throttle::Address,
};

use super::{
    html,
    own::{form_of, rows, tone},
};
use crate::{
    Rooms,
    deeds::{READ, at_desk, id_of, kept_looks, look, opened, print, readable, resource, revoke},
    looks::LICENCE_LOOKS,
    model::{Licence, LicenceStatus, Standing},
    verification::moment,
};

/// One look at the whole licence, as supervisors read it.
struct LookLine {
    at: String,
    who: String,
    reason: String,
}

#[derive(Template)]
#[template(path = "licences/licence.html")]
struct LicencePage<'a> {
    page: &'a PageContext,
    path: String,
    /// The address of the signed file; empty while the licence is masked.
    document_path: String,
    name: String,
    case: String,
    case_number: &'a str,
    status: LicenceStatus,
    tone: Tone,
    standing: String,
    rows: Vec<DefinitionRow>,
    is_open: bool,
    may_look: bool,
    may_print: bool,
    may_revoke: bool,
    looks: Vec<LookLine>,
    typed: &'a Typed,
    errors: &'a FieldErrors,
}

/// What was typed in the page's two forms.
#[derive(Default)]
struct Typed {
    look: String,
    reason: String,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct LicenceQuery {
    /// The key of a look that was kept a short while ago.
    #[serde(default)]
    open: String,
}

pub(super) async fn licence_page(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(licence): Path<String>,
    Query(query): Query<LicenceQuery>,
) -> Result<Html<String>, Failure> {
    let id = id_of(&licence)?;
    let errors = FieldErrors::new();
    show(&rooms, &caller, id, &query.open, &Typed::default(), &errors).await
}

pub(super) async fn document(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(licence): Path<String>,
    Query(query): Query<LicenceQuery>,
) -> Result<Response, Failure> {
    opened(&rooms, &caller, id_of(&licence)?, &query.open).await
}

async fn show(
    rooms: &Rooms,
    caller: &Caller,
    id: LicenceId,
    open: &str,
    typed: &Typed,
    errors: &FieldErrors,
) -> Result<Html<String>, Failure> {
    let licence = readable(rooms, caller, id, READ).await?;
    let (ledger, subject) = (rooms.ledger(), id.to_string());
    let is_open = LICENCE_LOOKS.is_open(ledger, caller, subject, open).await?;
    let status = licence.status(china_date(caller.now));
    let standing = match &licence.standing {
        Standing::InForce => String::new(),
        Standing::Revoked { reason, at } if is_open => {
            format!("{} 注销：{}", moment(*at), reason.text())
        }
        Standing::Revoked { at, .. } => format!("{} 注销", moment(*at)),
        Standing::Superseded { at, .. } => format!("{} 换发新证", moment(*at)),
    };
    let page = caller
        .page
        .clone()
        .titled(&licence.title())
        .under("证照", "/staff/licences")
        .with_errors(!errors.is_empty());
    let path = format!("/staff/licences/{id}");
    let own = resource(id, &licence);
    html(&LicencePage {
        page: &page,
        document_path: if is_open {
            format!("{path}/document.pdf?open={open}")
        } else {
            String::new()
        },
        name: licence.title(),
        case: licence.issued.case.to_string(),
        case_number: &licence.issued.case_number,
        status,
        tone: tone(status),
        standing,
        rows: if is_open {
            rows(&licence)
        } else {
            masked(&licence)
        },
        is_open,
        may_look: caller.may("licence_look", &own),
        may_print: licence.standing == Standing::InForce
            && licence.document.is_some()
            && caller.may(
                "licence_print",
                &at_desk(rooms, caller, id, &licence).await?,
            ),
        may_revoke: licence.standing == Standing::InForce && caller.may("licence_revoke", &own),
        looks: kept_looks(rooms, caller, id)
            .await?
            .into_iter()
            .map(|look| LookLine {
                at: moment(look.at),
                who: look.who,
                reason: look.reason,
            })
            .collect(),
        path,
        typed,
        errors,
    })
}

/// What a colleague needs to know that it is the right licence, and no more.
fn masked(licence: &Licence) -> Vec<DefinitionRow> {
    let issued = &licence.issued;
    let last = issued
        .valid_until
        .map_or_else(|| "长期".to_owned(), |day| day.to_string());
    let rows = [
        DefinitionRow::new("编号", &issued.number),
        DefinitionRow::new("电子证照标识", issued.identifier.as_str()),
        DefinitionRow::new("持证人", issued.holder.masked_name()),
        DefinitionRow::new("发证机关", &issued.organisation_name),
        DefinitionRow::new("发证日期", china_date(licence.issued_at).to_string()),
        DefinitionRow::new("有效期", format!("{} 至 {last}", issued.valid_from)),
    ];
    rows.into_iter().chain(form_of(licence)).collect()
}

#[derive(Deserialize)]
pub(super) struct LookForm {
    command_id: Option<String>,
    #[serde(default)]
    look: String,
}

pub(super) async fn look_send(
    State(rooms): State<Rooms>,
    caller: Caller,
    from: Address,
    Path(licence): Path<String>,
    Form(form): Form<LookForm>,
) -> Result<Response, Failure> {
    let id = id_of(&licence)?;
    // The form's key names the look: sent twice it is kept once.
    let key = caller
        .order(form.command_id.as_deref(), Expected::Existing)
        .command_id;
    match look(&rooms, &caller, id, key, (&form.look, &from)).await {
        Ok(_) => Ok(Redirect::to(&format!("/staff/licences/{id}?open={key}")).into_response()),
        Err(failure) if failure.status == StatusCode::UNPROCESSABLE_ENTITY => {
            let mut errors = FieldErrors::new();
            errors.add("look", failure.public);
            let typed = Typed {
                look: form.look,
                ..Typed::default()
            };
            let page = show(&rooms, &caller, id, "", &typed, &errors).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        Err(failure) => Err(failure),
    }
}

#[derive(Deserialize)]
pub(super) struct PrintForm {
    command_id: Option<String>,
}

pub(super) async fn print_send(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(licence): Path<String>,
    Form(form): Form<PrintForm>,
) -> Result<Response, Failure> {
    let order = caller.order(form.command_id.as_deref(), Expected::Existing);
    print(&rooms, &caller, id_of(&licence)?, order).await
}

#[derive(Deserialize)]
pub(super) struct RevokeForm {
    command_id: Option<String>,
    #[serde(default)]
    reason: String,
}

pub(super) async fn revoke_send(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(licence): Path<String>,
    Form(form): Form<RevokeForm>,
) -> Result<Response, Failure> {
    let id = id_of(&licence)?;
    let order = caller.order(form.command_id.as_deref(), Expected::Existing);
    match revoke(&rooms, &caller, id, &form.reason, order).await? {
        Ok(_) => Ok(Redirect::to(&format!("/staff/licences/{id}")).into_response()),
        Err(ExecuteError::Rejected(rejection)) => {
            let mut errors = FieldErrors::new();
            errors.add("reason", rejection.public.into_owned());
            let typed = Typed {
                reason: form.reason,
                ..Typed::default()
            };
            let page = show(&rooms, &caller, id, "", &typed, &errors).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        Err(error) => Err(error.into()),
    }
}
