//! The booklets of the handbook, and the page that is shown while one is being set.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{Query, State},
    http::{StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use serde::Deserialize;
use wuchuang_kernel::OrganisationId;
use wuchuang_webkit::{Caller, Failure, page::PageContext};

use crate::{
    catalogue::fingerprint,
    guide::NoticeOptions,
    handbook::{BookletOptions, booklet, booklets},
    lists::{PublicList, items_of},
    model::ItemVersion,
    rooms::Rooms,
};

/// After how many seconds a browser asks again for a booklet that is being set.
pub(crate) const AGAIN_SECONDS: &str = "3";

#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    organisation: String,
    #[serde(default)]
    part: String,
}

#[derive(Template)]
#[template(path = "catalogue/lists/setting.html")]
struct SettingPage<'a> {
    page: &'a PageContext,
    guides: usize,
    again: &'static str,
}

/// A booklet that was asked for.
pub(crate) enum Booklet {
    /// The PDF.
    Set(Response),
    /// It is being set now.
    BeingSet {
        /// How many guides it has.
        guides: usize,
    },
}

/// One booklet as PDF.
pub(super) async fn handbook(
    State(rooms): State<Rooms>,
    caller: Caller,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let organisation: Option<OrganisationId> = match asked.organisation.as_str() {
        "" => None,
        text => Some(text.parse().map_err(|_| Failure::not_found())?),
    };
    let number: usize = match asked.part.as_str() {
        "" => 1,
        text => text.parse().map_err(|_| Failure::not_found())?,
    };
    match booklet_of(&rooms, &caller, organisation, number).await? {
        Booklet::Set(file) => Ok(file),
        Booklet::BeingSet { guides } => wait(caller.page, guides),
    }
}

/// A booklet of all items or of one organisation's, counted from 1.
///
/// # Errors
/// 404 when there is no such booklet, or when it cannot be set.
pub(crate) async fn booklet_of(
    rooms: &Rooms,
    caller: &Caller,
    organisation: Option<OrganisationId>,
    number: usize,
) -> Result<Booklet, Failure> {
    let items = items_of(PublicList::Items, &rooms.catalogue.all(), organisation);
    let all = booklets(&items);
    let count = all.len();
    let index = number.checked_sub(1).ok_or_else(Failure::not_found)?;
    let items = all.into_iter().nth(index).ok_or_else(Failure::not_found)?;
    let site = &caller.page.site;
    let options = BookletOptions {
        notice: NoticeOptions {
            operator: site.operator.clone(),
            test_authority: rooms.test_authority,
            // The booklet has a code of its own beside each guide.
            origin: String::new(),
        },
        origin: site.origin.clone(),
        scope: organisation.and_then(|_| department_of(&items)),
        number: (number, count),
    };
    let key = format!(
        "{}/{number}/{count}/{}",
        organisation.is_some(),
        fingerprint(&items)
    );
    let guides = items.len();
    let documents = rooms.documents.clone();
    let set = rooms.press.fetch(key, move || {
        documents.render_data(&booklet(&items, &options))
    });
    Ok(match set.await? {
        Some(pdf) => Booklet::Set(sent(&pdf)),
        None => Booklet::BeingSet { guides },
    })
}

fn department_of(items: &[Arc<ItemVersion>]) -> Option<String> {
    let first = items.first()?;
    Some(first.content.department.name.clone())
}

fn sent(pdf: &Arc<Vec<u8>>) -> Response {
    let head = [
        (header::CONTENT_TYPE, "application/pdf"),
        (
            header::CONTENT_DISPOSITION,
            "inline; filename=\"handbook.pdf\"",
        ),
    ];
    (head, pdf.as_ref().clone()).into_response()
}

/// The booklet is not ready: the browser asks again by itself, without JavaScript.
fn wait(page: PageContext, guides: usize) -> Result<Response, Failure> {
    let page = page
        .titled("正在排印便民服务手册")
        .under("首页", "/")
        .under("清单公开", "/lists");
    let body = SettingPage {
        page: &page,
        guides,
        again: AGAIN_SECONDS,
    };
    let body = body.render().map_err(Failure::internal)?;
    let head = [(header::REFRESH, AGAIN_SECONDS)];
    Ok((StatusCode::ACCEPTED, head, Html(body)).into_response())
}
