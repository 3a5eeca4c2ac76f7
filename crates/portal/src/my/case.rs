//! One case of the citizen's: where it is, which days count, what was said, what they can do now.

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    response::Response,
};
use serde::Deserialize;
use wuchuang_calendar::china_date;
use wuchuang_cases::model::{ByRules, Case, MaterialSource, Stage};
use wuchuang_kernel::{CaseId, group_case_number};
use wuchuang_ledger::InclusionProof;
use wuchuang_webkit::{
    Caller, Failure,
    forms::FieldErrors,
    markup::{DefinitionRow, FileView},
    page::{Flash, FlashKind, PageContext},
};

use super::{files, proof, readable_case};
use crate::{
    rooms::{Rooms, html_checked},
    view::{CaseView, Fee, Sources, Viewer},
    words,
};

/// What was just done, as the address carries it.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Done {
    done: Option<String>,
}

/// A line between applicant and staff.
pub(crate) struct LineView {
    text: String,
    at: String,
    from_staff: bool,
}

/// A document that the house made.
pub(crate) struct NoticeView {
    path: String,
    name: &'static str,
    number: String,
    at: String,
}

/// What was handed in.
pub(crate) struct MaterialView {
    name: String,
    source: String,
    /// What was told and promised, where a promise stands in its place.
    promise: Option<String>,
    files: Vec<FileView>,
}

/// What the applicant can do now.
struct Deeds {
    /// Supply what was asked for.
    supply: bool,
    /// Withdraw.
    withdraw: bool,
    /// Write to the staff.
    say: bool,
}

impl Deeds {
    fn of(case: &Case) -> Self {
        Self {
            supply: case.stage == Stage::Correcting || !case.owed.is_empty(),
            withdraw: matches!(
                case.stage,
                Stage::Examining | Stage::Correcting | Stage::Review(_)
            ),
            say: !case.stage.is_over(),
        }
    }
}

#[derive(Template)]
#[template(path = "portal/my/case.html")]
struct CasePage<'a> {
    page: &'a PageContext,
    path: String,
    view: &'a CaseView,
    /// The drawn process with the case's own position lit.
    picture: Option<String>,
    facts: Vec<DefinitionRow>,
    lines: Vec<LineView>,
    notices: Vec<NoticeView>,
    /// The form as a paper.
    form_path: String,
    materials: Vec<MaterialView>,
    may: Deeds,
    /// Where the service is rated, when that is due.
    rate_path: Option<String>,
    licence: Option<String>,
    /// What it costs by the item's rules.
    fees: Vec<Fee>,
    fee_total: String,
    /// What the item's rules said (秒批).
    by_rules: Option<&'a ByRules>,
    /// The application for a bundle that it is a part of: its name, number and address.
    whole: Option<(String, String, String)>,
    proof: Option<InclusionProof>,
    said: &'a str,
    errors: &'a FieldErrors,
}

pub(crate) async fn page(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(case): Path<String>,
    Query(query): Query<Done>,
) -> Result<Response, Failure> {
    let (id, case) = readable_case(&rooms, &caller, &case).await?;
    show(
        &rooms,
        &caller,
        (id, &case),
        query.done.as_deref(),
        "",
        &FieldErrors::new(),
    )
    .await
}

/// The page; with what was typed and what is wrong after a line was refused.
pub(super) async fn show(
    rooms: &Rooms,
    caller: &Caller,
    (id, case): (CaseId, &Case),
    done: Option<&str>,
    said: &str,
    errors: &FieldErrors,
) -> Result<Response, Failure> {
    let history = rooms.cases.history(caller.region, id).await?;
    let calendar = rooms.ledger.calendar();
    let mut page = caller
        .page
        .clone()
        .titled(&case.terms.name)
        .under("首页", "/")
        .under("我的", "/my")
        .with_errors(!errors.is_empty());
    page.flash = done.and_then(told).map(|text| Flash {
        kind: FlashKind::Success,
        text: page.t(text).into_owned(),
    });
    let view = CaseView::of(
        &page,
        &Sources {
            case,
            history: &history,
            calendar: &calendar,
            now: caller.now,
            viewer: Viewer::Applicant,
        },
    );
    let path = format!("/my/cases/{id}");
    let template = CasePage {
        page: &page,
        view: &view,
        picture: rooms.cases.picture(caller.region, case, &page).await?,
        facts: facts(&page, case, caller),
        lines: lines(&page, case, caller),
        notices: notices(&page, case, id, caller),
        form_path: format!("/cases/{id}/form.pdf"),
        materials: materials(&page, case, &path),
        may: Deeds::of(case),
        rate_path: rooms.rate_link(id, case),
        licence: case
            .licence()
            .map(|licence| format!("{} {}", licence.name, licence.number)),
        fees: case.fee().cloned().map(Fee::of_one).into_iter().collect(),
        fee_total: String::new(),
        by_rules: case.by_rules.as_deref(),
        whole: whole(rooms, caller, id).await?,
        proof: proof::of_case(rooms, caller, id).await?,
        path,
        said,
        errors,
    };
    html_checked(&template, errors)
}

async fn whole(
    rooms: &Rooms,
    caller: &Caller,
    id: CaseId,
) -> Result<Option<(String, String, String)>, Failure> {
    let row = rooms.bundles.of_case(caller.region, id).await?;
    Ok(row.map(|row| {
        let path = format!("/my/joints/{}", row.joint);
        (
            row.name,
            wuchuang_kernel::group_case_number(&row.number),
            path,
        )
    }))
}

fn told(done: &str) -> Option<&'static str> {
    match done {
        "said" => Some("留言已发出，工作人员会在这里回复。"),
        "supplied" => Some("已收到您补交的内容。"),
        "asked" => Some("已请工作人员复核，结果会告诉您。"),
        "withdrawn" => Some("已撤回，不再办理。"),
        _ => None,
    }
}

fn facts(page: &PageContext, case: &Case, caller: &Caller) -> Vec<DefinitionRow> {
    let received = words::moment(page, case.received_at, china_date(caller.now));
    let mut rows = vec![
        DefinitionRow::new("办件编号", group_case_number(&case.number)),
        DefinitionRow::new("查询码", case.check_code.clone()),
        DefinitionRow::new("申请人", case.applicant.name.text()),
        DefinitionRow::new("提交时间", received),
        DefinitionRow::new("办理单位", case.organisation_name.clone()),
        DefinitionRow::new("结果领取", page.t(case.delivery.name())),
    ];
    if let Some(agent) = &case.agent {
        rows.push(DefinitionRow::new("代理人", agent.name.text()));
    }
    rows
}

fn lines(page: &PageContext, case: &Case, caller: &Caller) -> Vec<LineView> {
    let today = china_date(caller.now);
    case.lines
        .iter()
        .map(|line| LineView {
            text: line.text.text().to_owned(),
            at: words::moment(page, line.at, today),
            from_staff: line.from_staff,
        })
        .collect()
}

fn notices(page: &PageContext, case: &Case, id: CaseId, caller: &Caller) -> Vec<NoticeView> {
    let today = china_date(caller.now);
    case.notices
        .iter()
        .map(|notice| NoticeView {
            path: notice_path(id, notice.version),
            name: notice.kind.name(),
            number: notice.number.clone(),
            at: words::day(page, china_date(notice.at), today),
        })
        .collect()
}

/// Where the document of a notice is; the case slice answers there.
pub(crate) fn notice_path(case: CaseId, version: i64) -> String {
    format!("/cases/{case}/notices/{version}.pdf")
}

fn materials(page: &PageContext, case: &Case, path: &str) -> Vec<MaterialView> {
    let folder = format!("{path}/files");
    case.materials
        .iter()
        .map(|material| MaterialView {
            name: material.name.clone(),
            source: page.t(&material.source.text()).into_owned(),
            promise: match &material.source {
                MaterialSource::Commitment { text } => Some(text.clone()),
                _ => None,
            },
            files: files::views(material, &folder, None),
        })
        .collect()
}
