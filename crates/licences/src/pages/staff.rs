//! Staff pages: the counter's look-up, one licence, the seal-use ledger. Plain Chinese.

use askama::Template;
use axum::{
    Form,
    extract::{Path, Query, State},
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use wuchuang_kernel::{LicenceId, Personal, Role, china_date};
use wuchuang_ledger::{ExecuteError, Expected};
use wuchuang_webkit::{
    Caller, Failure,
    forms::FieldErrors,
    markup::{CursorLinks, DefinitionRow, Tone},
    page::PageContext,
};

use super::{
    html,
    own::{id_of, readable, rows, signed, tone},
    resource,
};
use crate::{
    Rooms,
    model::{LicenceCommand, LicenceStatus, LicenceStream, Standing},
    store::{self, LicenceSummary, ListFilter, SealRow},
    verification::moment,
};

/// What staff at a counter or on a case do with a licence.
const READ: &str = "licence_read";

/// How many rows stand on one page.
const PAGE_ROWS: i64 = 50;
/// The longest number that is looked up, in characters.
const NUMBER_CHARACTERS_MAX: usize = 130;

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

#[derive(Template)]
#[template(path = "licences/find.html")]
struct FindPage<'a> {
    page: &'a PageContext,
    number: &'a str,
    searched: bool,
    lines: Vec<Line>,
    errors: &'a FieldErrors,
}

fn lines(caller: &Caller, found: Vec<LicenceSummary>) -> Vec<Line> {
    let today = china_date(caller.now);
    found
        .into_iter()
        .map(|found| {
            let status = found.status(today);
            Line {
                path: format!("/staff/licences/{}", found.id),
                holder: found.holder_masked(),
                validity: found.validity(),
                name: found.name,
                number: found.number,
                organisation: found.organisation_name,
                status,
                tone: tone(status),
            }
        })
        .collect()
}

/// The licences that one's own organisation issued last: what a clerk is asked about most.
pub(super) async fn find_page(
    State(rooms): State<Rooms>,
    caller: Caller,
) -> Result<Html<String>, Failure> {
    let filter = ListFilter {
        organisation: caller.visitor.staff().map(|staff| staff.organisation),
        ..ListFilter::default()
    };
    let database = rooms.ledger().database();
    let found = store::page(database, caller.region, &filter, PAGE_ROWS).await?;
    let page = caller.page.clone().titled("证照");
    html(&FindPage {
        page: &page,
        number: "",
        searched: false,
        lines: lines(&caller, found),
        errors: &FieldErrors::new(),
    })
}

#[derive(Deserialize)]
pub(super) struct FindForm {
    #[serde(default)]
    number: String,
}

/// The number comes in the body, because addresses are kept in logs and histories.
pub(super) async fn find_send(
    State(rooms): State<Rooms>,
    caller: Caller,
    Form(form): Form<FindForm>,
) -> Result<Response, Failure> {
    let number = form.number.trim();
    let mut errors = FieldErrors::new();
    let mut found = Vec::new();
    if number.is_empty() || number.chars().count() > NUMBER_CHARACTERS_MAX {
        errors.add(
            "number",
            "请填写身份证号、统一社会信用代码、证照编号或电子证照标识。",
        );
    } else {
        let database = rooms.ledger().database();
        let hash = store::holder_hash(&rooms.key, number);
        found = store::licences_of_hash(database, caller.region, &hash).await?;
        if found.is_empty() {
            found.extend(store::by_number(database, caller.region, number).await?);
        }
    }
    let status = if errors.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    let page = caller
        .page
        .clone()
        .titled("证照")
        .with_errors(!errors.is_empty());
    let body = html(&FindPage {
        page: &page,
        number,
        searched: errors.is_empty(),
        lines: lines(&caller, found),
        errors: &errors,
    })?;
    Ok((status, body).into_response())
}

#[derive(Template)]
#[template(path = "licences/licence.html")]
struct LicencePage<'a> {
    page: &'a PageContext,
    document_path: String,
    revoke_path: String,
    name: &'a str,
    case: String,
    case_number: &'a str,
    status: LicenceStatus,
    tone: Tone,
    standing: String,
    rows: Vec<DefinitionRow>,
    may_revoke: bool,
    reason: &'a str,
    errors: &'a FieldErrors,
}

pub(super) async fn licence_page(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(licence): Path<String>,
) -> Result<Html<String>, Failure> {
    let id = id_of(&licence)?;
    show(&rooms, &caller, id, "", &FieldErrors::new()).await
}

pub(super) async fn document(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(licence): Path<String>,
) -> Result<Response, Failure> {
    signed(&rooms, &caller, id_of(&licence)?, READ).await
}

async fn show(
    rooms: &Rooms,
    caller: &Caller,
    id: LicenceId,
    reason: &str,
    errors: &FieldErrors,
) -> Result<Html<String>, Failure> {
    let licence = readable(rooms, caller, id, READ).await?;
    let status = licence.status(china_date(caller.now));
    let standing = match &licence.standing {
        Standing::InForce => String::new(),
        Standing::Revoked { reason, at } => format!("{} 注销：{}", moment(*at), reason.text()),
        Standing::Superseded { at, .. } => format!("{} 换发新证", moment(*at)),
    };
    let page = caller
        .page
        .clone()
        .titled(&licence.issued.name)
        .under("证照", "/staff/licences")
        .with_errors(!errors.is_empty());
    html(&LicencePage {
        page: &page,
        document_path: format!("/staff/licences/{id}/document.pdf"),
        revoke_path: format!("/staff/licences/{id}/revoke"),
        name: &licence.issued.name,
        case: licence.issued.case.to_string(),
        case_number: &licence.issued.case_number,
        status,
        tone: tone(status),
        standing,
        rows: rows(&licence),
        may_revoke: licence.standing == Standing::InForce
            && caller.may("licence_revoke", &resource(id, &licence)),
        reason,
        errors,
    })
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
            let page = show(&rooms, &caller, id, &form.reason, &errors).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

struct SealLine {
    row: SealRow,
    moment: String,
    actor: String,
    kind: &'static str,
}

#[derive(Template)]
#[template(path = "licences/seals.html")]
struct SealsPage<'a> {
    page: &'a PageContext,
    lines: Vec<SealLine>,
    links: CursorLinks,
}

#[derive(Deserialize)]
pub(super) struct SealsQuery {
    cursor: Option<i64>,
}

/// Approvers see the seals of their own organisation; supervision and the administrators see all.
pub(super) async fn seals_page(
    State(rooms): State<Rooms>,
    caller: Caller,
    Query(query): Query<SealsQuery>,
) -> Result<Html<String>, Failure> {
    let sees_all = [
        Role::Supervisor,
        Role::AuditAdministrator,
        Role::SecurityAdministrator,
    ]
    .into_iter()
    .any(|role| caller.visitor.has_role(role));
    let organisation = caller
        .visitor
        .staff()
        .map(|staff| staff.organisation)
        .filter(|_| !sees_all);
    let before = query.cursor.unwrap_or(i64::MAX);
    let database = rooms.ledger().database();
    let found = store::seals(database, caller.region, organisation, before, PAGE_ROWS).await?;
    let is_full = i64::try_from(found.len()).is_ok_and(|count| count == PAGE_ROWS);
    let next = found
        .last()
        .filter(|_| is_full)
        .map(|last| format!("/staff/licences/seals?cursor={}", last.seq));
    let mut lines = Vec::with_capacity(found.len());
    for row in found {
        lines.push(SealLine {
            moment: moment(jiff::Timestamp::from_microsecond(row.used_at_us).unwrap_or_default()),
            actor: actor_name(&rooms, &caller, &row.actor).await?,
            kind: match row.kind.as_str() {
                "licence" => "证照",
                "annotation" => "加注件",
                _ => "文书",
            },
            row,
        });
    }
    let page = caller.page.clone().titled("用印台账");
    html(&SealsPage {
        page: &page,
        lines,
        links: CursorLinks {
            previous: query.cursor.map(|_| "/staff/licences/seals".to_owned()),
            next,
            summary: String::new(),
        },
    })
}

/// Staff act in public; an applicant's name is nobody's business here.
async fn actor_name(rooms: &Rooms, caller: &Caller, actor: &str) -> Result<String, Failure> {
    let Ok(person) = actor.parse() else {
        return Ok("系统（依据办件决定）".to_owned());
    };
    let name = rooms.directory.staff_name(caller.region, person).await?;
    Ok(if name.is_empty() {
        "申请人".to_owned()
    } else {
        name.to_string()
    })
}
