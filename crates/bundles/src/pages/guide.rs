//! The guide of a bundle: questions about the situation, then the items that it needs, the materials each once, the longest
//! limit. It works without JavaScript: the answers are in the address, and are nothing personal.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    response::Html,
};
use wuchuang_catalogue::model::{ItemContent, ItemMaterial, LimitUnit, TimeLimit};
use wuchuang_kernel::BundleId;
use wuchuang_webkit::{Caller, Failure, display::encode, page::PageContext};

use super::html;
use crate::{
    joined::Joined,
    model::{BundleContent, BundleVersion, Member, Situation, content::Answered},
    rooms::BundleRooms,
    service::LinkedMember,
};

/// One item of the bundle.
struct MemberLine {
    name: String,
    department: String,
    /// Its own guide; empty for an item that this house does not hold.
    path: String,
    /// The promised limit in words; empty for an item that this house does not hold.
    promised: String,
    is_online: bool,
    is_held: bool,
    /// The items that must be granted before it, among those shown.
    after: String,
    /// What is looked at on the spot together with others.
    inspections: Vec<&'static str>,
}

/// One question with which of its answers are ticked.
struct Question<'a> {
    situation: &'a Situation,
    answers: &'a Answered,
}

impl Question<'_> {
    fn is_chosen(&self, option: &crate::model::SituationOption) -> bool {
        self.situation.is_chosen(option, self.answers)
    }
}

#[derive(Template)]
#[template(path = "bundles/guide.html")]
struct GuidePage<'a> {
    page: &'a PageContext,
    content: &'a BundleContent,
    path: String,
    questions: Vec<Question<'a>>,
    /// Whether the answers choose; before that every item is shown.
    is_chosen: bool,
    members: Vec<MemberLine>,
    materials: Vec<ItemMaterial>,
    /// How many materials the items ask for one by one.
    materials_apart: usize,
    questions_asked: usize,
    questions_apart: usize,
    online: usize,
    visits: u16,
    longest: String,
    /// Where the application begins; empty while nothing can be applied for.
    apply_path: String,
    qr_path: String,
}

/// The answers as they stand in an address.
fn query_of(answers: &Answered) -> String {
    let pairs: Vec<String> = answers
        .iter()
        .map(|(situation, option)| format!("{}={}", encode(situation), encode(option)))
        .collect();
    if pairs.is_empty() {
        String::new()
    } else {
        format!("?{}", pairs.join("&"))
    }
}

/// `5 个工作日`, `当场办结`.
fn limit(page: &PageContext, limit: &TimeLimit) -> String {
    if limit.value == 0 {
        return page.t("当场办结").into_owned();
    }
    match limit.unit {
        LimitUnit::CalendarDays => page.tf("{count} 个自然日", &[("count", &limit.value)]),
        _ => page.tf("{count} 个工作日", &[("count", &limit.value)]),
    }
}

fn member_line(
    page: &PageContext,
    all: &[LinkedMember<'_>],
    linked: &LinkedMember<'_>,
) -> MemberLine {
    let item = linked.item.as_ref();
    let after = &linked.member.after;
    let earlier = all.iter().filter(|one| after.contains(&one.member.code));
    let earlier: Vec<&str> = earlier.map(LinkedMember::name).collect();
    let inspections = linked.member.inspections.iter();
    MemberLine {
        after: earlier.join("、"),
        inspections: inspections.map(|kind| kind.name()).collect(),
        name: linked.name().to_owned(),
        department: linked.department().to_owned(),
        path: item.map_or_else(String::new, |item| format!("/guides/{}", item.id)),
        promised: item.map_or_else(String::new, |item| {
            limit(page, &item.content.promised_limit)
        }),
        is_online: linked.offered().is_some(),
        is_held: item.is_some(),
    }
}

/// How many working days a promised limit holds: seven calendar days hold five.
fn working_days(limit: &TimeLimit) -> u32 {
    let value = u32::from(limit.value);
    match limit.unit {
        LimitUnit::CalendarDays => (value * 5).div_ceil(7),
        _ => value,
    }
}

/// The longest way through the items: one that waits for others begins when the last of them has ended.
fn longest(members: &[(&Member, &ItemContent)]) -> Option<TimeLimit> {
    let mut ends: Vec<u32> = members
        .iter()
        .map(|(_, content)| working_days(&content.promised_limit))
        .collect();
    let single: Vec<u32> = ends.clone();
    for _ in 0..members.len() {
        for (index, (member, _)) in members.iter().enumerate() {
            let earlier = members.iter().zip(&ends);
            let last = earlier
                .filter(|((one, _), _)| member.after.contains(&one.code))
                .map(|(_, end)| *end)
                .max();
            ends[index] = single[index] + last.unwrap_or(0);
        }
    }
    let (index, end) = ends.iter().enumerate().max_by_key(|(_, end)| **end)?;
    if *end == single[index] {
        return Some(members[index].1.promised_limit.clone());
    }
    Some(TimeLimit {
        value: u16::try_from(*end).unwrap_or(u16::MAX),
        unit: LimitUnit::WorkingDays,
        note: String::new(),
    })
}

pub(super) async fn page(
    State(rooms): State<BundleRooms>,
    caller: Caller,
    Path(bundle): Path<String>,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Result<Html<String>, Failure> {
    let id: BundleId = bundle.parse().map_err(|_| Failure::not_found())?;
    let version = rooms
        .find(caller.region, id)
        .await?
        .ok_or_else(Failure::not_found)?;
    let answers = version.content.answers(&pairs);
    show(&rooms, &caller, &version, &answers)
}

fn show(
    rooms: &BundleRooms,
    caller: &Caller,
    version: &Arc<BundleVersion>,
    answers: &Answered,
) -> Result<Html<String>, Failure> {
    let content = &version.content;
    let mut page = caller
        .page
        .clone()
        .titled(&content.name)
        .under("首页", "/")
        .under("一件事", "/bundles");
    page.may_be_indexed = true;
    let is_chosen =
        content.situations.is_empty() || (!answers.is_empty() && content.is_answered(answers));
    let shown = if is_chosen {
        content.needed(answers)
    } else {
        content.members.iter().collect()
    };
    let linked = rooms.linked(shown);
    let joined = join(version, &linked)?;
    let path = format!("/bundles/{}", version.id);
    let held = || joined.iter().flat_map(|joined| &joined.members);
    let contents = || held().map(|member| &member.item.content);
    html(&GuidePage {
        questions: content
            .situations
            .iter()
            .map(|situation| Question { situation, answers })
            .collect(),
        is_chosen,
        members: linked
            .iter()
            .map(|one| member_line(&page, &linked, one))
            .collect(),
        materials_apart: contents().map(|content| content.materials.len()).sum(),
        questions_apart: held().map(|member| member.form.fields().len()).sum(),
        questions_asked: joined.as_ref().map_or(0, |it| it.form.fields().len()),
        online: joined.as_ref().map_or(0, |it| it.members.len()),
        visits: contents()
            .map(|content| content.max_visits)
            .max()
            .unwrap_or(0),
        longest: longest(&offered(&linked)).map_or_else(String::new, |one| limit(&page, &one)),
        apply_path: if joined.is_some() && is_chosen {
            format!(
                "/apply/{}{}",
                crate::joined::item_of(version.id),
                query_of(answers)
            )
        } else {
            String::new()
        },
        materials: joined.map_or_else(Vec::new, |it| it.item.content.materials.clone()),
        qr_path: format!(
            "{}?path={}",
            wuchuang_webkit::assets::QR_PATH,
            encode(&path)
        ),
        path,
        content,
        page: &page,
    })
}

/// The members that can be applied for together, with their items.
fn offered<'a>(linked: &'a [LinkedMember<'a>]) -> Vec<(&'a Member, &'a ItemContent)> {
    let items = linked.iter();
    items
        .filter_map(|one| Some((one.member, &one.offered()?.content)))
        .collect()
}

/// The items that can be applied for together; `None` when there are none.
fn join(
    version: &Arc<BundleVersion>,
    linked: &[LinkedMember<'_>],
) -> Result<Option<Joined>, Failure> {
    let items: Vec<_> = linked
        .iter()
        .filter_map(|one| Some((one.member, Arc::clone(one.offered()?))))
        .collect();
    if items.is_empty() {
        return Ok(None);
    }
    Joined::of(Arc::clone(version), &items)
        .map(Some)
        .map_err(Failure::internal)
}
