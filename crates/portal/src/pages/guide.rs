//! One guide: whether to come at all, what to bring, how long it takes, by which law.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use wuchuang_catalogue::{
    GuideView, Marks,
    model::{ItemContent, ItemSpecialProcedure, LimitUnit},
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
    /// The name of its group (归类), and the other items of it with their guides.
    kin: Option<(String, Vec<(String, String)>)>,
    /// The counters nearby that take it as well, because it was delegated to them.
    nearby: String,
}

#[derive(Template)]
#[template(path = "portal/ended.html")]
struct EndedPage<'a> {
    page: &'a PageContext,
    sentence: String,
    reason: &'a str,
    /// The guide of the item into which it went, and its name.
    into: Option<(String, &'a str)>,
}

/// What stands where the guide of an item was that was withdrawn: the way to the item into which it went (归类合并), or that it
/// ended; `None` for any that was never there.
async fn ended(rooms: &Rooms, caller: &Caller, item: &str) -> Result<Option<Response>, Failure> {
    let Ok(id) = item.parse::<ItemId>() else {
        return Ok(None);
    };
    let Some((_, state)) = rooms.catalogue.state(id).await? else {
        return Ok(None);
    };
    let (Some(ended), Some(last)) = (&state.withdrawal, state.latest()) else {
        return Ok(None);
    };
    let into = rooms.catalogue.successor(id);
    let from = &last.content.name;
    let page = caller
        .page
        .clone()
        .titled(from)
        .under("首页", "/")
        .under("办事指南", "/guides");
    let date = ended.on.to_string();
    let sentence = match &into {
        Some(into) => {
            let values: [(&str, &dyn std::fmt::Display); 3] = [
                ("from", from),
                ("date", &date),
                ("into", &into.content.name),
            ];
            page.tf(
                "“{from}”从 {date} 起并入“{into}”，请按“{into}”办理。",
                &values,
            )
        }
        None => page.tf(
            "“{from}”从 {date} 起不再办理。",
            &[("from", from), ("date", &date)],
        ),
    };
    let shown = html(&EndedPage {
        sentence,
        reason: &ended.reason,
        into: into
            .as_deref()
            .map(|into| (format!("/guides/{}", into.id), into.content.name.as_str())),
        page: &page,
    })?;
    Ok(Some(match into {
        Some(_) => shown,
        None => (StatusCode::GONE, shown).into_response(),
    }))
}

pub(super) async fn page(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(item): Path<String>,
) -> Result<Response, Failure> {
    let item = match rooms.item(&item) {
        Ok(item) => item,
        Err(missing) => return ended(&rooms, &caller, &item).await?.ok_or(missing),
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
    let kin = rooms.catalogue.kin(item.id).await?;
    let kin = kin.map(|(name, others)| {
        let links = others.iter().map(|other| {
            let path = format!("/guides/{}", other.id);
            (path, other.content.name.clone())
        });
        (name, links.collect())
    });
    html(&GuidePage {
        kin,
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
