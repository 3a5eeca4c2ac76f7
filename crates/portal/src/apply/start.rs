//! Before the first question: what will be needed, and what was begun already.

use askama::Template;
use axum::{
    Form,
    extract::{Path, Query, State},
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use wuchuang_bundles::model::content::Answered;
use wuchuang_calendar::china_date;
use wuchuang_cases::{
    known::filled_in,
    store::{Draft, DraftContent},
};
use wuchuang_catalogue::model::ItemVersion;
use wuchuang_kernel::{CommandId, DraftId};
use wuchuang_webkit::{Caller, Failure, display::encode, forms::Answers, page::PageContext};

use super::{
    Application, Place, applicant,
    applied::{Applied, SITUATION, query_of},
    gone,
    steps::Step,
};
use crate::{
    my::drafts,
    rooms::{Rooms, html, person},
    words,
};

/// Whether the item can be applied for here: alone or in a bundle, by one rule.
pub(crate) use wuchuang_bundles::joined::is_offered;

struct Begun {
    path: String,
    saved: String,
}

#[derive(Template)]
#[template(path = "portal/apply/start.html")]
struct StartPage<'a> {
    page: &'a PageContext,
    item: &'a ItemVersion,
    /// The items of a bundle; empty for one item.
    parts: Vec<&'a str>,
    begun: Vec<Begun>,
    begun_at_limit: bool,
    needs_profile: bool,
    profile_path: String,
    action: String,
}

/// How many applications of one person may be open at once; the store lists no more.
const DRAFTS_MAX: usize = 50;

async fn offered(
    rooms: &Rooms,
    caller: &Caller,
    item: &str,
    situation: &Answered,
) -> Result<Applied, Failure> {
    let applied = Applied::of(rooms, caller, item, situation).await?;
    if is_offered(&applied.item.content) {
        Ok(applied)
    } else {
        Err(Failure::invalid(
            "这个事项不能在网上申请，请按办事指南写的地点到窗口办理。",
        ))
    }
}

pub(crate) async fn page(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(item): Path<String>,
    Query(situation): Query<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    // Whoever comes by an old link to an item that went into another is told so on its guide.
    let successor = item
        .parse()
        .ok()
        .and_then(|id| rooms.catalogue.successor(id));
    if successor.is_some() && rooms.item(&item).is_err() {
        return Ok(Redirect::to(&format!("/guides/{item}")).into_response());
    }
    let applied = offered(&rooms, &caller, &item, &situation).await?;
    let item = &applied.item;
    let profile = rooms.profile(&caller).await?;
    let today = china_date(caller.now);
    let drafts = drafts::applications(&rooms, &caller).await?;
    let begun_at_limit = drafts.len() >= DRAFTS_MAX;
    let begun = drafts
        .into_iter()
        .filter(|draft| draft.item == item.id)
        .map(|draft| {
            let at = jiff::Timestamp::from_microsecond(draft.updated_at_us).unwrap_or(caller.now);
            Begun {
                path: format!("/apply/{}/{}", draft.item, draft.id),
                saved: words::moment(&caller.page, at, today),
            }
        })
        .collect();
    let page = caller.page.clone().titled("开始申请");
    let page = if applied.joined.is_some() {
        page.under("一件事", "/bundles")
    } else {
        page.under("办事指南", "/guides")
    };
    let page = page.under(&item.content.name, applied.guide_path());
    let action = format!("/apply/{}{}", item.id, query_of(&applied.situation));
    html(&StartPage {
        page: &page,
        item,
        parts: applied.part_names(),
        begun,
        begun_at_limit,
        needs_profile: profile.name.is_empty() || profile.number.is_empty(),
        profile_path: format!("/my/profile?back={}", encode(&action)),
        action,
    })
}

#[derive(Debug, Deserialize)]
pub(crate) struct BeginForm {
    #[serde(default)]
    command_id: String,
}

/// Begins an application with what is known; sent twice it is one application.
pub(crate) async fn begin(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(item): Path<String>,
    Query(situation): Query<Vec<(String, String)>>,
    Form(form): Form<BeginForm>,
) -> Result<Response, Failure> {
    let applied = offered(&rooms, &caller, &item, &situation).await?;
    let item = &applied.item;
    let profile = rooms.profile(&caller).await?;
    if profile.name.is_empty() || profile.number.is_empty() {
        let back = format!("/apply/{}{}", item.id, query_of(&applied.situation));
        let path = format!("/my/profile?back={}", encode(&back));
        return Ok(Redirect::to(&path).into_response());
    }
    if drafts::applications(&rooms, &caller).await?.len() >= DRAFTS_MAX {
        return Err(Failure::invalid(
            "没填完的申请最多留50份，请先在“我的”里提交或删除几份。",
        ));
    }
    let key: CommandId = form
        .command_id
        .parse()
        .unwrap_or_else(|_| rooms.ledger.command_id());
    let id = DraftId::from_u128(key.uuid().as_u128());
    let drafts = rooms.cases.drafts();
    let person = person(&caller)?;
    if drafts.find(caller.region, person, id).await?.is_none() {
        let known = applicant::known(&rooms, &caller, &applied.form, &profile).await?;
        let mut about = Answers::new();
        if applied.joined.is_some() {
            about.insert(SITUATION.to_owned(), serde_json::json!(applied.situation));
        }
        let draft = Draft {
            id,
            person,
            item: item.id,
            item_version: item.version,
            content: DraftContent {
                answers: filled_in(&known),
                about,
                known,
                ..DraftContent::default()
            },
            updated_at_us: caller.now.as_microsecond(),
        };
        drafts.save(caller.region, &draft).await?;
    }
    let begun = (item.id.to_string(), id.to_string());
    Ok(match Application::open(&rooms, &caller, &begun).await? {
        Some(application) => {
            let first = application.walk().first();
            Redirect::to(&application.path_of(first)).into_response()
        }
        None => gone(),
    })
}

/// Goes on where something is still to be done.
pub(crate) async fn resume(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(place): Path<Place>,
) -> Result<Response, Failure> {
    let Some(application) = Application::open(&rooms, &caller, &place).await? else {
        return Ok(gone());
    };
    let profile = rooms.profile(&caller).await?;
    let problems = super::check::problems(&rooms, &caller, &application, &profile).await?;
    let step = problems.first().map_or(Step::Check, |problem| problem.step);
    Ok(Redirect::to(&application.path_of(step)).into_response())
}
