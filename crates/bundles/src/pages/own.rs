//! An application for a bundle before its citizen, and before whoever holds its number and code: where each part lies, one
//! clock, what is to be done, what is ready.

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    response::Html,
};
use serde::Deserialize;
use wuchuang_kernel::{JointId, Personal};
use wuchuang_webkit::{
    Caller, Failure, Resource,
    page::{Flash, FlashKind, PageContext},
};

use super::{html, inspections::told};
use crate::{
    belonging::record_path,
    model::{Joint, inspection::moment},
    rooms::BundleRooms,
    service::Bundles,
    view::{End, JointView, PartView},
};

#[derive(Template)]
#[template(path = "bundles/own.html")]
struct OwnPage<'a> {
    page: &'a PageContext,
    view: &'a JointView,
    progress: String,
    /// The code for questions without a login; empty on the progress page.
    check_code: &'a str,
    /// Whether the visitor is its citizen, who opens the parts.
    is_own: bool,
    /// When departments come together on the spot, and what they found; for the citizen alone.
    visits: Vec<Visit>,
}

/// One appointment on the spot, before the citizen.
struct Visit {
    kind: &'static str,
    at: String,
    place: String,
    moved: String,
    cancelled: String,
    /// Item, department, result and words of each that goes.
    parts: Vec<Seen>,
    /// Where the record opens; empty before all have signed.
    record: String,
}

struct Seen {
    item: String,
    organisation: String,
    result: &'static str,
    words: String,
}

fn visits(id: JointId, joint: &Joint) -> Vec<Visit> {
    let text = |text: &Option<Personal<String>>| {
        text.as_ref()
            .map_or_else(String::new, |text| text.text().to_owned())
    };
    let all = joint.inspections.iter().rev();
    all.map(|one| Visit {
        kind: one.kind.name(),
        at: moment(one.appointment.at),
        place: one.appointment.place.text().to_owned(),
        moved: text(&one.moved),
        cancelled: text(&one.cancelled),
        parts: one
            .parts
            .iter()
            .filter_map(|(key, signature)| {
                let part = joint.part(*key)?;
                let submitted = &part.submitted;
                Some(Seen {
                    item: part.title(),
                    organisation: submitted.department.clone(),
                    result: signature.as_ref().map_or("", |it| it.finding.name()),
                    words: signature
                        .as_ref()
                        .map_or_else(String::new, |it| told(&it.finding)),
                })
            })
            .collect(),
        record: match one.concluded_at {
            Some(_) => record_path(id, one.serial),
            None => String::new(),
        },
    })
    .collect()
}

impl OwnPage<'_> {
    /// The parts that wait for the citizen.
    fn asked(&self) -> Vec<&PartView> {
        let asked = |part: &&PartView| !part.asked.is_empty();
        self.view.parts.iter().filter(asked).collect()
    }

    /// The parts whose result is ready and not handed over.
    fn ready(&self) -> Vec<&PartView> {
        let ready = |part: &&PartView| part.stage == "delivering";
        self.view.parts.iter().filter(ready).collect()
    }
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct DoneQuery {
    done: Option<String>,
}

pub(super) async fn page(
    State(rooms): State<BundleRooms>,
    caller: Caller,
    Path(joint): Path<String>,
    Query(query): Query<DoneQuery>,
) -> Result<Html<String>, Failure> {
    let id: JointId = joint.parse().map_err(|_| Failure::not_found())?;
    let joint = rooms.get(caller.region, id).await?;
    let resource = Resource {
        kind: "joint",
        id: id.to_string(),
        owner: Some(joint.person),
        ..Resource::default()
    };
    if !caller.may("joint_own_read", &resource) {
        return Err(Failure::not_found());
    }
    let mut page = caller
        .page
        .clone()
        .titled(&joint.name)
        .under("首页", "/")
        .under("我的", "/my");
    if query.done.is_some() {
        page.flash = Some(Flash {
            kind: FlashKind::Success,
            text: page
                .t("一次提交成功。各部门同时开始办理，请记下编号和查询码。")
                .into_owned(),
        });
    }
    show(&rooms, &caller, &page, (id, &joint), true).await
}

/// The page of an application for whoever holds its number and its code.
///
/// # Errors
/// Whatever storage reports.
pub async fn progress_page(
    bundles: &Bundles,
    caller: &Caller,
    (id, joint): (JointId, &Joint),
) -> Result<Html<String>, Failure> {
    let page = caller
        .page
        .clone()
        .titled("办件进度")
        .under("首页", "/")
        .under("查办件进度", "/progress");
    show(bundles, caller, &page, (id, joint), false).await
}

async fn show(
    bundles: &Bundles,
    caller: &Caller,
    page: &PageContext,
    (id, joint): (JointId, &Joint),
    is_own: bool,
) -> Result<Html<String>, Failure> {
    let at = (caller.region, caller.now);
    let view = JointView::of(bundles, page, at, (id, joint)).await?;
    html(&OwnPage {
        progress: view.progress(page),
        check_code: if is_own { &joint.check_code } else { "" },
        view: &view,
        page,
        is_own,
        visits: if is_own {
            visits(id, joint)
        } else {
            Vec::new()
        },
    })
}
