//! 连锁门店批量收件 at the counter: the item, the headquarters, the papers that are handed in once or by every store, and the
//! stores line by line or from an Excel sheet. Nothing is written before every store is right; scans that came with a press of
//! a button stay for the next one.

mod matter;
mod show;
mod typed;

use askama::Template;
use axum::{
    extract::{Multipart, Query, State},
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use wuchuang_kernel::Channel;
use wuchuang_ledger::Expected;
use wuchuang_webkit::{Caller, Failure, forms::FieldErrors, page::PageContext};

use matter::{Matter, fits};
use typed::{Pressed, Typed};

use super::{EXCEL, file, html, joint::LIST};
use crate::{
    batch::{hand_in, papers::Papers, sheet},
    model::stores::check_names,
    rooms::BundleRooms,
};

const PATH: &str = "/staff/batches/new";

#[derive(Template)]
#[template(path = "bundles/batch_items.html")]
struct ItemsPage<'a> {
    page: &'a PageContext,
    /// The items that this counter takes for organisations: address, name, department.
    items: Vec<(String, String, String)>,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct ItemQuery {
    #[serde(default)]
    item: String,
}

pub(super) async fn page(
    State(rooms): State<BundleRooms>,
    caller: Caller,
    Query(query): Query<ItemQuery>,
) -> Result<Html<String>, Failure> {
    if !query.item.is_empty() {
        let matter = Matter::of(&rooms, &caller, &query.item).await?;
        let typed = Typed::of_item(query.item);
        let papers = Papers::of(&matter.item.content);
        return matter.show(&caller, (&typed, &papers), &FieldErrors::new(), None);
    }
    let mut items = Vec::new();
    for item in rooms.catalogue().all() {
        let is_taken = fits(&item).is_some() && rooms.cases.may_receive(&caller, &item).await?;
        if is_taken && rooms.cases.item_in_force(&caller, item.id).await?.is_some() {
            let path = format!("{PATH}?item={}", item.id);
            let (name, department) = (&item.content.name, &item.content.department.name);
            items.push((path, name.clone(), department.clone()));
        }
    }
    let page = caller.page.clone().titled("连锁门店批量收件");
    html(&ItemsPage { page: &page, items })
}

pub(super) async fn template(
    State(rooms): State<BundleRooms>,
    caller: Caller,
    Query(query): Query<ItemQuery>,
) -> Result<Response, Failure> {
    let matter = Matter::of(&rooms, &caller, &query.item).await?;
    let book = sheet::template(&matter.headings()).map_err(Failure::internal)?;
    Ok(file(EXCEL, "stores.xlsx", book))
}

/// What a refusal of the whole application says beside its field.
fn told(failure: Failure, matter: &Matter, errors: &mut FieldErrors) -> Result<(), Failure> {
    match failure.status {
        StatusCode::UNPROCESSABLE_ENTITY => {
            let field = matter.place(failure.field.as_deref().unwrap_or_default());
            errors.add(field, failure.public.into_owned());
        }
        StatusCode::PAYLOAD_TOO_LARGE => {
            let text = "门店太多，一次存不下。请把门店表分成两次收件。";
            errors.add("batch-stores", text);
        }
        _ => return Err(failure),
    }
    Ok(())
}

pub(super) async fn send(
    State(rooms): State<BundleRooms>,
    caller: Caller,
    form: Multipart,
) -> Result<Response, Failure> {
    let mut typed = Typed::read(form).await?;
    let matter = Matter::of(&rooms, &caller, &typed.item).await?;
    let mut errors = FieldErrors::new();
    let mut papers = Papers::of(&matter.item.content);
    if let Some(offers) = matter.offers(&rooms, &caller, &typed).await? {
        papers.offer(offers);
    }
    typed
        .lay_out(&rooms, &caller, &mut papers, &mut errors)
        .await?;
    if let Some(book) = typed.workbook.take() {
        match sheet::lines(&book, &matter.headings()) {
            Ok(lines) => typed.stores = lines,
            Err(error) => errors.add("batch-sheet", error.to_string()),
        }
    }
    typed.stores = sheet::counted(&typed.stores);
    let again = |errors: &FieldErrors| {
        let page = matter.show(&caller, (&typed, &papers), errors, None)?;
        Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
    };
    if typed.stores.chars().count() > sheet::TEXT_CHARACTERS_MAX {
        errors.add("batch-stores", "门店表太长，请分批提交。");
        return again(&errors);
    }
    let given = matter.given(&caller, (&typed, &papers), &mut errors);
    if !errors.is_empty() {
        return again(&errors);
    }
    let names: Vec<&str> = given
        .stores
        .iter()
        .map(|store| store.name.as_str())
        .collect();
    if let Err((_, text)) = check_names(&names) {
        errors.add("batch-stores", text);
        return again(&errors);
    }
    let count = given.stores.len();
    if typed.pressed == Pressed::Check {
        let text = format!("核对过了：{count}家门店的门店表和材料都说清楚了。");
        let page = matter.show(&caller, (&typed, &papers), &errors, Some(text))?;
        return Ok(page.into_response());
    }
    let order = caller.order_through(Channel::Counter, Some(&typed.key), Expected::Any);
    match hand_in(&rooms, &caller, order, given).await {
        Ok(joint) => Ok(Redirect::to(&format!("{LIST}/{joint}?received={count}")).into_response()),
        Err(failure) => {
            told(failure, &matter, &mut errors)?;
            again(&errors)
        }
    }
}
