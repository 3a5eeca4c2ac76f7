//! One licence before the staff: masked, in full for a reason that is kept, printed under its seal, revoked.

use askama::Template;
use axum::{
    Form,
    extract::{Path, Query, State},
    http::{HeaderName, StatusCode, header},
    response::{Html, IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use wuchuang_access::model::organisation::OrganisationKind;
use wuchuang_cases::model::{ApplicantKind, CaseStream, Stage};
use wuchuang_kernel::{LicenceId, Personal, china_date, mask_name};
use wuchuang_ledger::{ExecuteError, Expected};
use wuchuang_webkit::{
    Caller, Failure, Resource,
    forms::FieldErrors,
    markup::{DefinitionRow, Tone},
    page::PageContext,
};

use super::{
    html,
    own::{id_of, readable, rows, signed, tone},
    resource,
};
use crate::{
    Rooms, looks,
    model::{Licence, LicenceCommand, LicenceStatus, LicenceStream, Standing},
    verification::moment,
};

/// What staff at a counter or on a case do with a licence.
const READ: &str = "licence_read";

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
    name: &'a str,
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

/// The signed file, only behind a reason: it says everything.
pub(super) async fn document(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(licence): Path<String>,
    Query(query): Query<LicenceQuery>,
) -> Result<Response, Failure> {
    let id = id_of(&licence)?;
    if !looks::is_open(rooms.ledger(), &caller, id, &query.open).await? {
        return Err(Failure::invalid(
            "下载证照原件要先写明工作上的理由。请回到证照页面，填写理由后再下载。",
        ));
    }
    signed(&rooms, &caller, id, READ).await
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
    let is_open = looks::is_open(rooms.ledger(), caller, id, open).await?;
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
        .titled(&licence.issued.name)
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
        name: &licence.issued.name,
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
        looks: kept_looks(rooms, caller, id).await?,
        path,
        typed,
        errors,
    })
}

/// What a colleague needs to know that it is the right licence, and no more.
fn masked(licence: &Licence) -> Vec<DefinitionRow> {
    let issued = &licence.issued;
    let name = issued.holder.name.text();
    let holder = match issued.holder.kind {
        ApplicantKind::Person => mask_name(name),
        ApplicantKind::Organisation => name.to_owned(),
    };
    let last = issued
        .valid_until
        .map_or_else(|| "长期".to_owned(), |day| day.to_string());
    vec![
        DefinitionRow::new("编号", &issued.number),
        DefinitionRow::new("电子证照标识", issued.identifier.as_str()),
        DefinitionRow::new("持证人", holder),
        DefinitionRow::new("发证机关", &issued.organisation_name),
        DefinitionRow::new("发证日期", china_date(licence.issued_at).to_string()),
        DefinitionRow::new("有效期", format!("{} 至 {last}", issued.valid_from)),
    ]
}

async fn kept_looks(
    rooms: &Rooms,
    caller: &Caller,
    id: LicenceId,
) -> Result<Vec<LookLine>, Failure> {
    if !caller.may("licence_look_read", &Resource::default()) {
        return Ok(Vec::new());
    }
    let mut lines = Vec::new();
    for look in looks::looks(rooms.ledger(), caller.region, id).await? {
        let who = match look.person() {
            Some(person) => rooms
                .directory
                .staff_name(caller.region, person)
                .await?
                .to_string(),
            None => String::new(),
        };
        lines.push(LookLine {
            at: moment(look.at()),
            who,
            reason: look.reason,
        });
    }
    Ok(lines)
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
    Path(licence): Path<String>,
    Form(form): Form<LookForm>,
) -> Result<Response, Failure> {
    let id = id_of(&licence)?;
    let licence = readable(&rooms, &caller, id, READ).await?;
    caller.require("licence_look", &resource(id, &licence))?;
    // The form's key names the look: sent twice it is kept once.
    let key = caller
        .order(form.command_id.as_deref(), Expected::Existing)
        .command_id;
    match looks::keep(rooms.ledger(), &caller, id, key, &form.look).await {
        Ok(()) => Ok(Redirect::to(&format!("/staff/licences/{id}?open={key}")).into_response()),
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

/// The licence as the gate sees it at a desk: the counter of the centre prints what waits there to be handed over.
async fn at_desk(
    rooms: &Rooms,
    caller: &Caller,
    id: LicenceId,
    licence: &Licence,
) -> Result<Resource, Failure> {
    let mut own = resource(id, licence);
    let Some(staff) = caller.visitor.staff() else {
        return Ok(own);
    };
    let case = rooms
        .ledger()
        .load::<CaseStream>(caller.region, licence.issued.case.into())
        .await?;
    let waits = case.is_some_and(|(_, state)| {
        let case = state.0.as_deref();
        case.is_some_and(|case| matches!(case.stage, Stage::Delivering { .. }))
    });
    let kind = rooms
        .directory
        .organisation_kind(caller.region, staff.organisation)
        .await?;
    if waits && kind == Some(OrganisationKind::Centre) {
        own.kind = "licence_at_counter";
    }
    Ok(own)
}

#[derive(Deserialize)]
pub(super) struct PrintForm {
    command_id: Option<String>,
}

/// 打印证照: the sealed certificate to be printed; that it was printed, where and by whom is in the seal-use ledger.
pub(super) async fn print_send(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(licence): Path<String>,
    Form(form): Form<PrintForm>,
) -> Result<Response, Failure> {
    let id = id_of(&licence)?;
    let licence = rooms.workshop.licence(caller.region, id).await?;
    let desk = at_desk(&rooms, &caller, id, &licence).await?;
    caller.require("licence_print", &desk)?;
    let order = caller.order(form.command_id.as_deref(), Expected::Existing);
    rooms
        .ledger()
        .execute::<LicenceStream>(id.into(), LicenceCommand::Print, order)
        .await?;
    let order = caller.order(None, Expected::Existing);
    let bytes = rooms.workshop.document(caller.region, id, order).await?;
    let headers = [
        (header::CONTENT_TYPE, "application/pdf"),
        (
            header::CONTENT_DISPOSITION,
            "inline; filename=\"licence.pdf\"",
        ),
        (header::CACHE_CONTROL, "private, no-store"),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            "same-origin",
        ),
    ];
    Ok((headers, bytes).into_response())
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
    let licence = rooms.workshop.licence(caller.region, id).await?;
    caller.require("licence_revoke", &resource(id, &licence))?;
    let command = LicenceCommand::Revoke {
        reason: Personal::new(licence.issued.holder.person, form.reason.trim().to_owned()),
    };
    let order = caller.order(form.command_id.as_deref(), Expected::Existing);
    let sent = rooms
        .ledger()
        .execute::<LicenceStream>(id.into(), command, order)
        .await;
    match sent {
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
