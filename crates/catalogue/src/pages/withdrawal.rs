//! The end of an item on its page: 停用, into another one or into nothing (归类合并); taken back before its day; led elsewhere after it.

use axum::{
    Form,
    extract::{Path, State},
    response::Response,
};
use jiff::civil::Date;
use wuchuang_kernel::ItemId;
use wuchuang_webkit::{Caller, Failure, forms::FieldErrors};

use super::item::{DeedForm, Typed, deed, refused};
use crate::{
    model::{ItemCommand, ItemState, ItemVersion},
    named::{named, written},
    rooms::Rooms,
};

/// How many items are offered while somebody types into which one it goes.
const OFFERED_MAX: usize = 60;

/// What the page says of the end of an item, and what may be done about it.
pub(super) struct Ending {
    /// The item that is asked for in its place: where it is, and its name.
    pub(super) successor: Option<(String, String)>,
    /// It was to go into an item that is not in force either.
    pub(super) is_lost: bool,
    pub(super) may_withdraw: bool,
    pub(super) may_take_back: bool,
    pub(super) may_lead: bool,
    /// Items into which it may go: those of its department.
    pub(super) offered: Vec<String>,
}

/// What the page shows of it to somebody who may `publish`, or may not.
pub(super) fn ending(
    rooms: &Rooms,
    (id, state): (ItemId, &ItemState),
    publish: bool,
    today: Date,
) -> Ending {
    let withdrawal = state.withdrawal.as_ref();
    let into = withdrawal.and_then(|withdrawal| withdrawal.successor);
    let stands = into.and_then(|into| {
        let direct = rooms.catalogue.published(into);
        direct.or_else(|| rooms.catalogue.successor(into))
    });
    let is_there = |version: &ItemVersion| (version.id.to_string(), version.content.name.clone());
    let withdrawn = withdrawal.is_some();
    Ending {
        is_lost: into.is_some() && stands.is_none(),
        successor: stands.as_deref().map(is_there),
        may_withdraw: publish && state.latest().is_some() && !withdrawn,
        may_take_back: publish && withdrawal.is_some_and(|withdrawal| withdrawal.on > today),
        may_lead: publish && withdrawn,
        offered: offered(rooms, (id, state)),
    }
}

fn offered(rooms: &Rooms, (id, state): (ItemId, &ItemState)) -> Vec<String> {
    let Some(latest) = state.latest() else {
        return Vec::new();
    };
    let of_department = rooms
        .catalogue
        .by_department(latest.content.department.id)
        .into_iter();
    let others = of_department.filter(|version| version.id != id);
    others
        .take(OFFERED_MAX)
        .map(|version| written(&version))
        .collect()
}

/// The item into which another goes, as somebody typed it; `None` for an empty field.
fn successor(rooms: &Rooms, text: &str) -> Result<Option<ItemId>, String> {
    match text.trim() {
        "" => Ok(None),
        text => named(&rooms.catalogue, text).map(|version| Some(version.id)),
    }
}

/// What stands in the field when the page is opened from the list of those that are alike.
pub(super) fn proposed(rooms: &Rooms, into: Option<&str>) -> String {
    let found = into
        .and_then(|into| into.parse().ok())
        .and_then(|into| rooms.catalogue.published(into));
    found.map(|version| written(&version)).unwrap_or_default()
}

pub(crate) async fn withdraw_send(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(item): Path<String>,
    Form(form): Form<DeedForm>,
) -> Result<Response, Failure> {
    let into = match successor(&rooms, &form.successor) {
        Ok(into) => into,
        Err(text) => return refused(&rooms, caller, &item, typed(form, "successor", text)).await,
    };
    let reason = form.reason.clone();
    let on = form.day.trim().parse().ok();
    let command = on.map(|on| ItemCommand::Withdraw {
        on,
        reason,
        successor: into,
    });
    deed(&rooms, caller, &item, form, command, ("on", "withdrawn")).await
}

pub(crate) async fn take_back_send(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(item): Path<String>,
    Form(form): Form<DeedForm>,
) -> Result<Response, Failure> {
    let reason = form.reason.clone();
    let command = Some(ItemCommand::TakeBack { reason });
    let done = ("reason", "taken_back");
    deed(&rooms, caller, &item, form, command, done).await
}

pub(crate) async fn lead_send(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(item): Path<String>,
    Form(form): Form<DeedForm>,
) -> Result<Response, Failure> {
    let missing = || "请写老指南要转到哪个事项，照事项库里的名称或编码写。".to_owned();
    match successor(&rooms, &form.successor).and_then(|into| into.ok_or_else(missing)) {
        Ok(successor) => {
            let command = Some(ItemCommand::Lead { successor });
            deed(&rooms, caller, &item, form, command, ("successor", "led")).await
        }
        Err(text) => refused(&rooms, caller, &item, typed(form, "successor", text)).await,
    }
}

fn typed(form: DeedForm, field: &'static str, text: String) -> Typed {
    let mut errors = FieldErrors::new();
    errors.add(field, text);
    Typed {
        day: form.day,
        reason: form.reason,
        successor: form.successor,
        errors,
        ..Typed::default()
    }
}
