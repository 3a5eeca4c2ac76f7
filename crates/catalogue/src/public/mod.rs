//! What everyone may read besides the guide's page: the one-time notice and the QR code of a guide, whether they may apply, the public
//! lists with their figures, and the printed handbook.

mod check;
mod handbook;
mod lists;

pub(crate) use check::notice_for;
pub(crate) use handbook::{AGAIN_SECONDS, Booklet, booklet_of};
pub(crate) use lists::workbook;

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    http::{StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use wuchuang_documents::{data::OneTimeNotice, qr_svg};
use wuchuang_kernel::{ItemId, china_date};
use wuchuang_webkit::{Caller, Failure, Routes, Rule};

use crate::{
    guide::{NoticeOptions, one_time_notice},
    model::{ItemVersion, rules::in_situation},
    rooms::Rooms,
};

pub(crate) fn routes() -> Routes<Rooms> {
    Routes::new()
        .get("/guides/{item}/notice.pdf", Rule::Public, notice)
        .get("/guides/{item}/qr.svg", Rule::Public, qr)
        .get("/guides/{item}/check", Rule::Public, check::form)
        .post("/guides/{item}/check", Rule::Public, check::answer)
        .post("/guides/{item}/check/notice", Rule::Public, check::notice)
        .get("/lists", Rule::Public, lists::overview)
        .get("/lists/handbook.pdf", Rule::Public, handbook::handbook)
        .get("/lists/{list}", Rule::Public, lists::page)
        .get("/lists/{list}/export.xlsx", Rule::Public, lists::export)
}

pub(crate) fn published(rooms: &Rooms, item: &str) -> Result<Arc<ItemVersion>, Failure> {
    let id: ItemId = item.parse().map_err(|_| Failure::not_found())?;
    rooms.catalogue.published(id).ok_or_else(Failure::not_found)
}

/// The same paper of the item that stands in the place of one that went into it (归类合并).
fn moved(rooms: &Rooms, item: &str, paper: &str) -> Option<Response> {
    let id: ItemId = item.parse().ok()?;
    if rooms.catalogue.published(id).is_some() {
        return None;
    }
    let into = rooms.catalogue.successor(id)?;
    Some(Redirect::to(&format!("/guides/{}/{paper}", into.id)).into_response())
}

/// 一次性告知单 as PDF.
async fn notice(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(item): Path<String>,
) -> Result<Response, Failure> {
    if let Some(moved) = moved(&rooms, &item, "notice.pdf") {
        return Ok(moved);
    }
    notice_of(&rooms, &caller, &item).await
}

/// 一次性告知单 of an item in force.
///
/// # Errors
/// 404 when there is no such item, or when it cannot be set.
pub(crate) async fn notice_of(
    rooms: &Rooms,
    caller: &Caller,
    item: &str,
) -> Result<Response, Failure> {
    let version = published(rooms, item)?;
    let day = china_date(caller.now);
    let key = (version.id, version.version, day);
    if let Some(pdf) = rooms.notices.get(&key) {
        return Ok(pdf_response(pdf.as_ref().clone()));
    }
    let data = one_time_notice(&version, day, &notice_options(rooms, caller));
    let pdf = set(rooms, data).await?;
    rooms.notices.insert(key, Arc::new(pdf.clone()));
    Ok(pdf_response(pdf))
}

/// After how many seconds there may be room for one more notice of a situation.
const SETTING_SECONDS: i64 = 2;

/// 一次性告知单 for one situation (情形): what it does not ask for does not stand on it.
pub(crate) async fn notice_in(
    rooms: &Rooms,
    caller: &Caller,
    version: &ItemVersion,
    wanted: &[String],
    situation: String,
) -> Result<Response, Failure> {
    let Ok(_place) = rooms.setting.try_acquire() else {
        let mut busy = Failure::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "busy",
            "正在为别人制作告知单，请过几秒再试，或者先看完整的告知单。",
        );
        busy.retry_after_seconds = Some(SETTING_SECONDS);
        return Err(busy);
    };
    let mut version = version.clone();
    version.content = in_situation(version.content, wanted, &[]);
    let day = china_date(caller.now);
    let mut data = one_time_notice(&version, day, &notice_options(rooms, caller));
    data.situation = Some(situation).filter(|situation| !situation.is_empty());
    Ok(pdf_response(set(rooms, data).await?))
}

fn notice_options(rooms: &Rooms, caller: &Caller) -> NoticeOptions {
    NoticeOptions {
        operator: caller.page.site.operator.clone(),
        test_authority: rooms.test_authority,
        origin: caller.page.site.origin.clone(),
    }
}

async fn set(rooms: &Rooms, data: OneTimeNotice) -> Result<Vec<u8>, Failure> {
    let documents = rooms.documents.clone();
    let rendered = tokio::task::spawn_blocking(move || documents.render_data(&data)).await;
    rendered
        .map_err(Failure::internal)?
        .map_err(Failure::internal)
}

fn pdf_response(pdf: Vec<u8>) -> Response {
    let head = [
        (header::CONTENT_TYPE, "application/pdf"),
        (
            header::CONTENT_DISPOSITION,
            "inline; filename=\"notice.pdf\"",
        ),
    ];
    (head, pdf).into_response()
}

/// A QR code that leads to the guide.
async fn qr(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(item): Path<String>,
) -> Result<Response, Failure> {
    if let Some(moved) = moved(&rooms, &item, "qr.svg") {
        return Ok(moved);
    }
    let version = published(&rooms, &item)?;
    let address = format!("{}/guides/{}", caller.page.site.origin, version.id);
    let svg = qr_svg(&address).map_err(Failure::internal)?;
    Ok(([(header::CONTENT_TYPE, "image/svg+xml")], svg).into_response())
}
