//! One item in the hall, and the forms that record it.

use askama::Template;
use axum::{
    Form,
    extract::{Path, State},
    response::{Html, IntoResponse, Redirect, Response},
};
use wuchuang_catalogue::model::ItemVersion;
use wuchuang_kernel::china_date;
use wuchuang_webkit::{
    Caller, Failure,
    forms::FieldErrors,
    markup::{Choice, DefinitionRow},
    page::PageContext,
};

use super::{Sent, again, entries::told, html, refusal};
use crate::{
    deeds::{
        entries::{TypedEntry, item, of_department, places, record},
        today,
    },
    model::entry::{EntryStanding, EntryStream, ExemptionGround},
    service::Oversight,
};

#[derive(Template)]
#[template(path = "oversight/item.html")]
struct ItemPage<'a> {
    page: &'a PageContext,
    path: String,
    name: &'a str,
    rows: Vec<DefinitionRow>,
    may_edit: bool,
    is_recorded: bool,
    places: Vec<Choice>,
    grounds: Vec<Choice>,
    sent: &'a Sent,
    errors: &'a FieldErrors,
}

async fn show(
    oversight: &Oversight,
    caller: &Caller,
    version: &ItemVersion,
    (sent, errors): (&Sent, &FieldErrors),
) -> Result<Html<String>, Failure> {
    let department = &version.content.department;
    let whose = of_department(department.id);
    caller.require("entry_read", &whose)?;
    let may_edit = caller.may("entry_edit", &whose);
    let state = oversight
        .state::<EntryStream>(caller.region, version.id)
        .await?;
    let state = state
        .map(|state| state.as_ref().clone())
        .unwrap_or_default();
    let is_recorded = state.standing != EntryStanding::Missing;
    let entries = [(version.id, state.clone())].into_iter().collect();
    let told = told(&entries, version.id, china_date(caller.now));
    let mut rows = vec![
        DefinitionRow::new("部门", &department.name),
        DefinitionRow::new("进驻情况", told.mark.name()),
    ];
    for (term, detail) in [
        ("大厅或不进驻的理由", told.place),
        ("起止日期", told.day),
        ("文件", told.document),
        ("上次撤回的理由", state.taken_back),
    ] {
        if !detail.is_empty() {
            rows.push(DefinitionRow::new(term, detail));
        }
    }
    let page = caller
        .page
        .clone()
        .titled(&format!("进驻 · {}", version.content.name))
        .under("进驻和授权", format!("/staff/entries/{}", department.id))
        .with_errors(!errors.is_empty());
    html(&ItemPage {
        page: &page,
        path: format!("/staff/items/{}/entry", version.id),
        name: &version.content.name,
        rows,
        may_edit,
        is_recorded,
        places: if may_edit {
            let places = places(oversight, caller).await?;
            let choice = places.into_iter();
            choice
                .map(|place| Choice::new(place.id.to_string(), place.name))
                .collect()
        } else {
            Vec::new()
        },
        grounds: ExemptionGround::ALL
            .map(|ground| Choice::new(ground.code(), ground.name()))
            .to_vec(),
        sent,
        errors,
    })
}

pub(super) async fn page(
    State(oversight): State<Oversight>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Html<String>, Failure> {
    let version = item(&oversight, &id)?;
    let sent = Sent::default().with("from", today(&caller));
    show(&oversight, &caller, &version, (&sent, &FieldErrors::new())).await
}

/// Three forms stand on the page; `form` tells whose fields are at fault.
async fn recorded(
    oversight: &Oversight,
    caller: &Caller,
    id: &str,
    (typed, sent): (&TypedEntry<'_>, &Sent),
    form: &str,
) -> Result<Response, Failure> {
    let version = item(oversight, id)?;
    match record(oversight, caller, &version, typed, sent.key()).await {
        Ok(_) => {
            let department = version.content.department.id;
            Ok(Redirect::to(&format!("/staff/entries/{department}")).into_response())
        }
        Err(mut failure) => {
            let field = failure.field.as_deref().unwrap_or("document");
            failure.field = Some(format!("{form}{field}").into());
            let errors = refusal(failure, "document")?;
            show(oversight, caller, &version, (sent, &errors))
                .await
                .map(again)
        }
    }
}

pub(super) async fn enter(
    State(oversight): State<Oversight>,
    caller: Caller,
    Path(id): Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let sent = Sent(fields);
    let typed = TypedEntry::Enter(
        sent.value("place"),
        sent.value("from"),
        sent.value("document"),
    );
    recorded(&oversight, &caller, &id, (&typed, &sent), "").await
}

pub(super) async fn exempt(
    State(oversight): State<Oversight>,
    caller: Caller,
    Path(id): Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let sent = Sent(fields);
    let typed = TypedEntry::Exempt(
        sent.value("exempt_ground"),
        sent.value("exempt_document"),
        sent.value("exempt_until"),
    );
    recorded(&oversight, &caller, &id, (&typed, &sent), "exempt_").await
}

pub(super) async fn take_back(
    State(oversight): State<Oversight>,
    caller: Caller,
    Path(id): Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let sent = Sent(fields);
    let typed = TypedEntry::TakeBack(sent.value("back_reason"));
    recorded(&oversight, &caller, &id, (&typed, &sent), "back_").await
}
