//! One guide: whether to come at all, what to bring, how long it takes, by which law.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use wuchuang_catalogue::{
    GuideView, Marks,
    model::{ItemContent, ItemSpecialProcedure, ItemVersion, LimitUnit},
    process_picture,
};
use wuchuang_kernel::{ItemId, china_date};
use wuchuang_webkit::{Caller, Failure, page::PageContext};

use crate::{
    apply::is_offered,
    rooms::{Rooms, html},
    words,
};

#[derive(Template)]
#[template(path = "portal/guide.html")]
struct GuidePage<'a> {
    page: &'a PageContext,
    guide: &'a GuideView,
    promised: String,
    statutory: String,
    can_apply: bool,
    is_free: bool,
    may_be_tolerated: bool,
    apply_path: String,
    /// Where one can see whether one may apply, when the item has rules for it.
    check_path: Option<String>,
    /// Whether the item's rules approve without a person what they clearly grant.
    is_automatic: bool,
    /// Special procedures with their time and whether it is counted.
    special_procedures: Vec<String>,
    /// Remarks to the limits.
    limit_notes: Vec<String>,
    /// The drawn process.
    picture: Option<String>,
    /// The counters nearby that take it as well, because it was delegated to them.
    nearby: String,
}

/// How many mergers are followed one after the other.
const MERGERS_MAX: usize = 10;

#[derive(Template)]
#[template(path = "portal/merged.html")]
struct MergedPage<'a> {
    page: &'a PageContext,
    sentence: String,
    reason: &'a str,
    path: String,
    into: &'a str,
}

/// The item in force at the end of a chain of mergers; `None` when it ended without one, so that no link leads to nothing.
async fn in_force_after(
    rooms: &Rooms,
    successor: Option<ItemId>,
) -> Result<Option<Arc<ItemVersion>>, Failure> {
    let mut next = successor;
    for _ in 0..MERGERS_MAX {
        let Some(item) = next else {
            break;
        };
        if let Some(version) = rooms.catalogue.published(item) {
            return Ok(Some(version));
        }
        let state = rooms.catalogue.state(item).await?;
        let ended = state.and_then(|(_, state)| state.withdrawal.clone());
        next = ended.and_then(|ended| ended.successor);
    }
    Ok(None)
}

/// What stands where the guide of an item was that went into another (归类合并); `None` for any other that is not there.
async fn merged(rooms: &Rooms, caller: &Caller, item: &str) -> Result<Option<Response>, Failure> {
    let Ok(id) = item.parse() else {
        return Ok(None);
    };
    let Some((_, state)) = rooms.catalogue.state(id).await? else {
        return Ok(None);
    };
    let (Some(ended), Some(last)) = (&state.withdrawal, state.latest()) else {
        return Ok(None);
    };
    let Some(into) = in_force_after(rooms, ended.successor).await? else {
        return Ok(None);
    };
    let (from, name) = (&last.content.name, &into.content.name);
    let page = caller
        .page
        .clone()
        .titled(from)
        .under("首页", "/")
        .under("办事指南", "/guides");
    let date = ended.on.to_string();
    let values: [(&str, &dyn std::fmt::Display); 3] =
        [("from", from), ("date", &date), ("into", name)];
    html(&MergedPage {
        sentence: page.tf(
            "“{from}”从 {date} 起并入“{into}”，请按“{into}”办理。",
            &values,
        ),
        reason: &ended.reason,
        path: format!("/guides/{}", into.id),
        into: name,
        page: &page,
    })
    .map(Some)
}

pub(super) async fn page(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(item): Path<String>,
) -> Result<Response, Failure> {
    let item = match rooms.item(&item) {
        Ok(item) => item,
        Err(missing) => return merged(&rooms, &caller, &item).await?.ok_or(missing),
    };
    let content: &ItemContent = &item.content;
    let guide = GuideView::of(&item);
    let mut page = caller
        .page
        .clone()
        .titled(&content.name)
        .under("首页", "/")
        .under("办事指南", "/guides");
    page.may_be_indexed = true;
    let today = china_date(caller.now);
    let nearby = rooms
        .delegations
        .holders(caller.region, item.id, today)
        .await?;
    html(&GuidePage {
        nearby: nearby.join(&page.t("、")),
        promised: words::limit(&page, content.promised_limit.limit()),
        statutory: words::limit(&page, content.statutory_limit.limit()),
        can_apply: is_offered(content),
        is_free: !content.fee.charged,
        may_be_tolerated: content.conditional_acceptance_allowed && !content.is_instant(),
        apply_path: format!("/apply/{}", item.id),
        check_path: has_check(content).then(|| format!("/guides/{}/check", item.id)),
        is_automatic: !content.rules.approval.is_empty(),
        special_procedures: special_procedures(&page, content),
        limit_notes: limit_notes(&page, content),
        picture: process_picture(&page, &content.drawn_process, &Marks::default())?,
        page: &page,
        guide: &guide,
    })
}

/// Whether the item's rules answer on the guide.
const fn has_check(content: &ItemContent) -> bool {
    !content.rules.eligibility.is_empty() || !content.rules.situation.is_empty()
}

/// In the visitor's language; what somebody wrote about the item stays as it was written.
fn special_procedures(page: &PageContext, content: &ItemContent) -> Vec<String> {
    let one = |procedure: &ItemSpecialProcedure| {
        let days = match procedure.days {
            Some(days) if procedure.calendar_days => {
                page.tf("{count} 个自然日", &[("count", &days)])
            }
            Some(days) => page.tf("{count} 个工作日", &[("count", &days)]),
            None => page.t("时间按实际需要").into_owned(),
        };
        let counted = match &procedure.stop {
            Some(stop) => page.tf(
                "不计入办理时限（{article}）",
                &[("article", &page.t(stop.article()))],
            ),
            None => page.t("计入办理时限").into_owned(),
        };
        let told = page.tf(
            "{procedure}：{days}，{counted}",
            &[
                ("procedure", &page.t(&procedure.name)),
                ("days", &days),
                ("counted", &counted),
            ],
        );
        if procedure.charged {
            page.tf("{told}，收费", &[("told", &told)])
        } else {
            told
        }
    };
    content.special_procedures.iter().map(one).collect()
}

fn limit_notes(page: &PageContext, content: &ItemContent) -> Vec<String> {
    let mut notes = Vec::new();
    if !content.statutory_limit.note.is_empty() {
        let note = &content.statutory_limit.note;
        notes.push(page.tf("法定时限说明：{note}", &[("note", note)]));
    }
    if !content.promised_limit.note.is_empty() {
        let note = &content.promised_limit.note;
        notes.push(page.tf("承诺时限说明：{note}", &[("note", note)]));
    }
    if let Some(extension) = &content.extension {
        let days = match content.statutory_limit.unit {
            LimitUnit::CalendarDays => {
                page.tf("{count} 个自然日", &[("count", &extension.days_max)])
            }
            LimitUnit::WorkingDays | LimitUnit::OnTheSpot => {
                page.tf("{count} 个工作日", &[("count", &extension.days_max)])
            }
        };
        let article = page.t(&extension.article).into_owned();
        notes.push(if extension.note.is_empty() {
            page.tf(
                "必要时经批准可以延长，最多 {days}（{article}）",
                &[("days", &days), ("article", &article)],
            )
        } else {
            page.tf(
                "{when}经批准可以延长，最多 {days}（{article}）",
                &[
                    ("when", &extension.note),
                    ("days", &days),
                    ("article", &article),
                ],
            )
        });
    }
    notes
}
