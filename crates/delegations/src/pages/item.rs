//! The delegations of one item: who holds it, the form that gives it to several organisations at once, and the form that ends
//! one of them.

use askama::Template;
use axum::{
    Form,
    extract::{Path, Query, State},
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
};
use jiff::civil::Date;
use serde::Deserialize;
use wuchuang_access::{Organisation, model::organisation::OrganisationKind};
use wuchuang_catalogue::model::ItemVersion;
use wuchuang_kernel::{OrganisationId, china_date};
use wuchuang_ledger::{ExecuteError, Expected};
use wuchuang_webkit::{
    Caller, Failure, Resource,
    forms::FieldErrors,
    markup::Choice,
    page::{Flash, FlashKind, PageContext},
};

use super::html;
use crate::{
    model::{Delegation, DelegationCommand, DelegationWay, Extent},
    rooms::DelegationRooms,
};

/// One delegation as the page shows it.
struct Line {
    organisation: String,
    name: String,
    way: &'static str,
    extent: &'static str,
    from: String,
    until: String,
    document: String,
    /// What it is today.
    state: &'static str,
    may_end: bool,
}

/// The organisations of one kind, to tick.
struct Group {
    name: &'static str,
    places: Vec<(String, String, bool)>,
    /// Whether they are folded away until somebody opens them: two hundred villages.
    is_folded: bool,
}

/// What was typed.
#[derive(Default)]
struct Typed {
    organisations: Vec<String>,
    way: String,
    extent: String,
    from: String,
    until: String,
    document: String,
    /// Of the form that ends one.
    ending: String,
    last_day: String,
    reason: String,
    errors: FieldErrors,
}

impl Typed {
    fn of(fields: &[(String, String)]) -> Self {
        let value = |name: &str| {
            let mut fields = fields.iter();
            let found = fields.find(|(key, _)| key == name);
            found.map_or_else(String::new, |(_, value)| value.trim().to_owned())
        };
        let ticked = fields.iter().filter(|(name, _)| name == "organisations");
        Self {
            organisations: ticked.map(|(_, value)| value.clone()).collect(),
            way: value("way"),
            extent: value("extent"),
            from: value("from"),
            until: value("until"),
            document: value("document"),
            ending: value("ending"),
            last_day: value("last_day"),
            reason: value("reason"),
            errors: FieldErrors::default(),
        }
    }

    /// A day that was typed, or the error beside it; nothing for an empty field.
    fn day(&mut self, field: &'static str, text: &str) -> Option<Date> {
        if text.is_empty() {
            return None;
        }
        let day = text.parse().ok();
        if day.is_none() {
            self.errors
                .add(field, "日期请写成 2026-12-01 的样子。".to_owned());
        }
        day
    }
}

#[derive(Template)]
#[template(path = "delegations/item.html")]
struct ItemPage<'a> {
    page: &'a PageContext,
    path: String,
    item_name: &'a str,
    department: &'a str,
    lines: Vec<Line>,
    groups: Vec<Group>,
    ways: Vec<Choice>,
    extents: Vec<Choice>,
    typed: &'a Typed,
    errors: &'a FieldErrors,
    may_edit: bool,
}

#[derive(Default, Deserialize)]
pub(super) struct DoneQuery {
    given: Option<usize>,
    ended: Option<u8>,
}

impl DoneQuery {
    fn flash(&self) -> Option<Flash> {
        let text = match (self.given, self.ended) {
            (Some(given), _) => {
                format!("已下放给 {given} 个单位，从起始日期起它们的窗口可以收件。")
            }
            (None, Some(_)) => {
                "已收回。最后一天过后，那里的窗口不再收件；已收的件照常办完。".to_owned()
            }
            (None, None) => return None,
        };
        Some(Flash {
            kind: FlashKind::Success,
            text,
        })
    }
}

pub(super) async fn page(
    State(rooms): State<DelegationRooms>,
    caller: Caller,
    Path(item): Path<String>,
    Query(query): Query<DoneQuery>,
) -> Result<Html<String>, Failure> {
    let item = rooms.item(&item)?;
    let typed = Typed {
        from: china_date(caller.now).to_string(),
        extent: Extent::Receipt.code().to_owned(),
        ..Typed::default()
    };
    show(&rooms, &caller, &item, query.flash(), &typed).await
}

async fn show(
    rooms: &DelegationRooms,
    caller: &Caller,
    item: &ItemVersion,
    flash: Option<Flash>,
    typed: &Typed,
) -> Result<Html<String>, Failure> {
    let today = china_date(caller.now);
    let may_edit = caller.may("delegation_edit", &Resource::default());
    let loaded = rooms.delegations.of_item(caller.region, item.id).await?;
    let all = loaded.map(|(_, state)| state.all.clone());
    let lines = all.unwrap_or_default();
    let mut page = caller
        .page
        .clone()
        .titled("下放和授权")
        .under("下放和授权", "/staff/delegations")
        .with_errors(!typed.errors.is_empty());
    page.flash = flash.or(page.flash);
    let choice = |code: &str, name: &str| Choice::new(code, name);
    html(&ItemPage {
        page: &page,
        path: format!("/staff/items/{}/delegations", item.id),
        item_name: &item.content.name,
        department: &item.content.department.name,
        lines: lines.iter().rev().map(|one| line(one, today)).collect(),
        groups: if may_edit {
            groups(&rooms.places(caller).await?, item, &typed.organisations)
        } else {
            Vec::new()
        },
        ways: DelegationWay::ALL
            .map(|way| choice(way.code(), way.name()))
            .to_vec(),
        extents: Extent::ALL
            .map(|extent| choice(extent.code(), extent.name()))
            .to_vec(),
        errors: &typed.errors,
        typed,
        may_edit,
    })
}

fn line(given: &Delegation, today: Date) -> Line {
    let is_over = given
        .until
        .is_some_and(|until| until < today || until < given.from);
    Line {
        organisation: given.organisation.to_string(),
        name: given.organisation_name.clone(),
        way: given.way.name(),
        extent: given.extent.name(),
        from: given.from.to_string(),
        until: given
            .until
            .map_or_else(|| "长期".to_owned(), |until| until.to_string()),
        document: given.document.clone(),
        state: match () {
            () if is_over => "已结束",
            () if given.from > today => "未开始",
            () => "承接中",
        },
        may_end: given.until.is_none_or(|until| until > today) && !is_over,
    }
}

fn groups(places: &[Organisation], item: &ItemVersion, ticked: &[String]) -> Vec<Group> {
    let kinds = [
        OrganisationKind::Town,
        OrganisationKind::Village,
        OrganisationKind::Hall,
        OrganisationKind::Department,
    ];
    let groups = kinds.into_iter().map(|kind| {
        let of_kind = places
            .iter()
            .filter(|place| place.kind == kind && place.id != item.content.department.id);
        let places: Vec<(String, String, bool)> = of_kind
            .map(|place| {
                let id = place.id.to_string();
                let is_ticked = ticked.contains(&id);
                (id, place.name.clone(), is_ticked)
            })
            .collect();
        Group {
            name: kind.name(),
            is_folded: kind != OrganisationKind::Town
                && !places.iter().any(|(.., is_ticked)| *is_ticked),
            places,
        }
    });
    groups.filter(|group| !group.places.is_empty()).collect()
}

/// What was typed, as a command; with the errors beside the fields when it does not read.
fn command(
    typed: &mut Typed,
    item: &ItemVersion,
    places: &[Organisation],
) -> Option<DelegationCommand> {
    let (from, until) = (typed.from.clone(), typed.until.clone());
    let from = typed.day("from", &from);
    let until = typed.day("until", &until);
    let way = DelegationWay::from_code(&typed.way);
    let extent = Extent::ALL
        .into_iter()
        .find(|extent| extent.code() == typed.extent);
    let chosen = places
        .iter()
        .filter(|place| typed.organisations.contains(&place.id.to_string()));
    let chosen: Vec<&Organisation> = chosen.collect();
    if chosen.is_empty() {
        typed
            .errors
            .add("organisations", "请至少选择一个承接单位。");
    }
    if way.is_none() {
        typed
            .errors
            .add("way", "请选择方式：直接下放、委托或赋权。");
    }
    match extent {
        None => typed.errors.add("extent", "请选择范围。"),
        Some(extent) => {
            if let Err(failure) = DelegationRooms::require_extent(item, extent) {
                typed.errors.add("extent", failure.public);
            }
        }
    }
    if from.is_none() && typed.errors.of("from").is_none() {
        typed.errors.add("from", "请填写起始日期。");
    }
    let (Some(way), Some(extent), Some(from)) = (way, extent, from) else {
        return None;
    };
    if !typed.errors.is_empty() {
        return None;
    }
    let delegations = chosen.into_iter().map(|place| Delegation {
        organisation: place.id,
        organisation_name: place.name.clone(),
        way,
        extent,
        from,
        until,
        document: typed.document.clone(),
    });
    Some(DelegationCommand::Delegate {
        delegations: delegations.collect(),
    })
}

pub(super) async fn delegate(
    State(rooms): State<DelegationRooms>,
    caller: Caller,
    Path(item): Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let item = rooms.item(&item)?;
    let mut typed = Typed::of(&fields);
    let places = rooms.places(&caller).await?;
    let command = command(&mut typed, &item, &places);
    let done = format!("given={}", typed.organisations.len());
    send(&rooms, &caller, &item, (command, &done, typed), &fields).await
}

pub(super) async fn end(
    State(rooms): State<DelegationRooms>,
    caller: Caller,
    Path(item): Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let item = rooms.item(&item)?;
    let mut typed = Typed::of(&fields);
    let organisation: OrganisationId = typed.ending.parse().map_err(|_| Failure::not_found())?;
    let last_day = typed.last_day.clone();
    let last_day = typed.day("last_day", &last_day);
    if last_day.is_none() && typed.errors.is_empty() {
        typed.errors.add("last_day", "请填写最后一天。");
    }
    let command = last_day.map(|last_day| DelegationCommand::End {
        organisation,
        last_day,
        reason: typed.reason.clone(),
    });
    send(&rooms, &caller, &item, (command, "ended=1", typed), &fields).await
}

/// Sends a command, or shows the page again with what was typed and what is wrong with it.
async fn send(
    rooms: &DelegationRooms,
    caller: &Caller,
    item: &ItemVersion,
    (command, done, mut typed): (Option<DelegationCommand>, &str, Typed),
    fields: &[(String, String)],
) -> Result<Response, Failure> {
    if let Some(command) = command {
        let mut keys = fields.iter().filter(|(name, _)| name == "command_id");
        let key = keys.next().map(|(_, key)| key.as_str());
        let order = caller.order(key, Expected::Any);
        match rooms.delegations.command(item.id, command, order).await {
            Ok(_) => {
                let path = format!("/staff/items/{}/delegations?{done}", item.id);
                return Ok(Redirect::to(&path).into_response());
            }
            Err(ExecuteError::Rejected(rejection)) => {
                let field = rejection.field.unwrap_or_else(|| "organisations".into());
                typed.errors.add(field, rejection.public);
            }
            Err(error) => return Err(error.into()),
        }
    }
    let html = show(rooms, caller, item, None, &typed).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, html).into_response())
}
