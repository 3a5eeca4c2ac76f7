//! The editor of an item's working copy.

use askama::Template;
use axum::{
    Form,
    extract::{Path, State},
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
};
use wuchuang_kernel::{CommandId, ItemId};
use wuchuang_ledger::Expected;
use wuchuang_webkit::{Caller, Failure, Resource, forms::FieldErrors, page::PageContext};

use super::{
    html,
    sheet::{Group, Table, Values, field_of, groups, read, tables, values_of},
};
use crate::{
    exchange::form::{ApplicantForm, basic},
    model::{ItemCommand, ItemContent, problems},
    rooms::Rooms,
};

#[derive(Template)]
#[template(path = "catalogue/edit.html")]
struct EditPage<'a> {
    page: &'a PageContext,
    errors: &'a FieldErrors,
    open: &'a FieldErrors,
    action: String,
    back: String,
    version: String,
    groups: Vec<Group>,
    tables: Vec<Table>,
    form: String,
}

/// What the editor works on.
struct Work {
    item: Option<ItemId>,
    version: i64,
    present: ItemContent,
}

impl Work {
    fn beginning() -> Self {
        let form = basic("申请表", ApplicantForm::Person);
        Self {
            item: None,
            version: 0,
            present: ItemContent {
                form,
                ..ItemContent::default()
            },
        }
    }

    async fn on(rooms: &Rooms, item: &str) -> Result<Self, Failure> {
        let (id, version, state) = rooms.item(item).await?;
        let present = state.current().cloned().unwrap_or_default();
        Ok(Self {
            item: Some(id),
            version,
            present,
        })
    }
}

pub(crate) async fn new_page(
    State(rooms): State<Rooms>,
    caller: Caller,
) -> Result<Html<String>, Failure> {
    let work = Work::beginning();
    show(
        &rooms,
        caller,
        &work,
        &values_of(&work.present),
        &FieldErrors::new(),
    )
    .await
}

pub(crate) async fn edit_page(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(item): Path<String>,
) -> Result<Html<String>, Failure> {
    let work = Work::on(&rooms, &item).await?;
    show(
        &rooms,
        caller,
        &work,
        &values_of(&work.present),
        &FieldErrors::new(),
    )
    .await
}

async fn show(
    rooms: &Rooms,
    caller: Caller,
    work: &Work,
    values: &Values,
    errors: &FieldErrors,
) -> Result<Html<String>, Failure> {
    let departments = rooms.departments(caller.region).await?;
    let mut open = FieldErrors::new();
    if work.item.is_some() {
        for problem in problems(&work.present) {
            open.add(field_of(&problem.field), problem.public);
        }
    }
    let back = work.item.map_or_else(
        || "/staff/items".to_owned(),
        |item| format!("/staff/items/{item}"),
    );
    let title = if work.item.is_some() {
        "编辑事项"
    } else {
        "新增事项"
    };
    let page = caller
        .page
        .titled(title)
        .under("事项库", "/staff/items")
        .with_errors(!errors.is_empty());
    html(&EditPage {
        page: &page,
        errors,
        open: &open,
        action: work.item.map_or_else(
            || "/staff/items/new".to_owned(),
            |item| format!("/staff/items/{item}/edit"),
        ),
        back,
        version: work.version.to_string(),
        groups: groups(values, &departments),
        tables: tables(values, &departments),
        form: values
            .get("form")
            .and_then(|texts| texts.first())
            .cloned()
            .unwrap_or_default(),
    })
}

pub(crate) async fn new_send(
    State(rooms): State<Rooms>,
    caller: Caller,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    save(&rooms, caller, Work::beginning(), pairs).await
}

pub(crate) async fn edit_send(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(item): Path<String>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let work = Work::on(&rooms, &item).await?;
    save(&rooms, caller, work, pairs).await
}

async fn save(
    rooms: &Rooms,
    caller: Caller,
    mut work: Work,
    pairs: Vec<(String, String)>,
) -> Result<Response, Failure> {
    let mut values = Values::new();
    for (name, value) in pairs {
        values.entry(name).or_default().push(value);
    }
    let single = |name: &str| {
        values
            .get(name)
            .and_then(|texts| texts.first())
            .map(String::as_str)
            .unwrap_or_default()
    };
    let departments = rooms.departments(caller.region).await?;
    let (content, mut errors) = read(&values, work.present.clone(), &departments);
    if errors.is_empty() && content.name.trim().is_empty() {
        errors.add("name", "还没有填写事项名称，请补上。");
    }
    // The page was made from this version; what was saved since by somebody else must not be lost.
    work.version = single("version").parse().unwrap_or(work.version);
    if !errors.is_empty() {
        let body = show(rooms, caller, &work, &values, &errors).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, body).into_response());
    }
    let key = single("command_id");
    // A new item takes its identifier from the form's key, so that sending twice makes one item.
    let item = match (work.item, key.parse::<CommandId>()) {
        (Some(item), _) => item,
        (None, Ok(key)) => ItemId::from_u128(key.uuid().as_u128()),
        (None, Err(_)) => {
            ItemId::generate(caller.now, rooms.catalogue.ledger().randomness().as_ref())
        }
    };
    caller.require(
        "item_edit",
        &Resource {
            kind: "service_item",
            id: item.to_string(),
            ..Resource::default()
        },
    )?;
    let order = caller.order(Some(key), Expected::Version(work.version));
    let draft = ItemCommand::Draft {
        content: Box::new(content),
    };
    let done = match rooms.send(item, draft, order).await {
        Ok(_) => "saved",
        Err(failure) if failure.code == "nothing_changed" => "unchanged",
        Err(failure) => return Err(failure),
    };
    Ok(Redirect::to(&format!("/staff/items/{item}?done={done}")).into_response())
}
