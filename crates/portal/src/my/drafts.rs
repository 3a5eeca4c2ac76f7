//! Applications that were begun and not handed in.

use askama::Template;
use axum::{
    Form,
    extract::{Path, Query, State},
    response::{IntoResponse, Redirect, Response},
};
use jiff::Timestamp;
use serde::Deserialize;
use wuchuang_bundles::joined::bundle_of;
use wuchuang_calendar::china_date;
use wuchuang_cases::store::Draft;
use wuchuang_kernel::{CaseId, DraftId, ItemId};
use wuchuang_webkit::{
    Caller, Failure,
    page::{Flash, FlashKind, PageContext},
};

use crate::{
    rooms::{Rooms, html, person},
    words,
};

/// The citizen's applications that were not handed in, without what is staged for a running case.
pub(crate) async fn applications(rooms: &Rooms, caller: &Caller) -> Result<Vec<Draft>, Failure> {
    let all = rooms
        .cases
        .drafts()
        .of_person(caller.region, person(caller)?)
        .await?;
    let mut drafts = Vec::new();
    for draft in all {
        // What is staged for a case is kept under the case's own identifier.
        let case = CaseId::from_u128(draft.id.uuid().as_u128());
        if rooms.cases.row(caller.region, case).await?.is_none() {
            drafts.push(draft);
        }
    }
    Ok(drafts)
}

/// The name of the item or the bundle that a draft is for; `None` when it is out of force.
async fn name_of(rooms: &Rooms, caller: &Caller, item: ItemId) -> Result<Option<String>, Failure> {
    if let Some(item) = rooms.catalogue.published(item) {
        return Ok(Some(item.content.name.clone()));
    }
    let bundle = rooms.bundles.find(caller.region, bundle_of(item)).await?;
    Ok(bundle.map(|bundle| bundle.content.name.clone()))
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct DraftsQuery {
    gone: Option<String>,
    removed: Option<String>,
}

struct DraftLine {
    path: String,
    remove_path: String,
    item_name: String,
    saved: String,
    is_offered: bool,
}

#[derive(Template)]
#[template(path = "portal/my/drafts.html")]
struct DraftsPage<'a> {
    page: &'a PageContext,
    drafts: Vec<DraftLine>,
    kept_days: i64,
}

pub(crate) async fn page(
    State(rooms): State<Rooms>,
    caller: Caller,
    Query(query): Query<DraftsQuery>,
) -> Result<Response, Failure> {
    let today = china_date(caller.now);
    let mut lines = Vec::new();
    for draft in applications(&rooms, &caller).await? {
        let name = name_of(&rooms, &caller, draft.item).await?;
        let saved = Timestamp::from_microsecond(draft.updated_at_us).unwrap_or(caller.now);
        lines.push(DraftLine {
            path: format!("/apply/{}/{}", draft.item, draft.id),
            remove_path: format!("/my/drafts/{}/remove", draft.id),
            is_offered: name.is_some(),
            item_name: name.unwrap_or_else(|| caller.page.t("这个事项已停办").into_owned()),
            saved: words::moment(&caller.page, saved, today),
        });
    }
    let mut page = caller
        .page
        .clone()
        .titled("没填完的申请")
        .under("我的", "/my");
    let told = if query.gone.is_some() {
        Some("这份申请已经提交，或者已经删除。提交过的在“我的”里。")
    } else if query.removed.is_some() {
        Some("已删除。")
    } else {
        None
    };
    page.flash = told.map(|text| Flash {
        kind: FlashKind::Notice,
        text: page.t(text).into_owned(),
    });
    html(&DraftsPage {
        page: &page,
        drafts: lines,
        kept_days: rooms.cases.drafts_kept().as_hours() / 24,
    })
}

/// A form that holds nothing but its key.
#[derive(Debug, Deserialize)]
pub(crate) struct KeyForm {}

pub(crate) async fn remove(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(draft): Path<String>,
    Form(KeyForm {}): Form<KeyForm>,
) -> Result<Response, Failure> {
    let draft: DraftId = draft.parse().map_err(|_| Failure::not_found())?;
    rooms
        .cases
        .drafts()
        .remove(caller.region, person(&caller)?, draft)
        .await?;
    Ok(Redirect::to("/my/drafts?removed=1").into_response())
}
