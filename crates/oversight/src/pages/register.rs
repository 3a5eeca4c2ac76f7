//! A department's own register, brought as Excel and compared with the ledger; and the rounds of checks.

use std::sync::Arc;

use askama::Template;
use axum::{
    Form,
    extract::{Multipart, Path, State},
    response::{Html, IntoResponse, Redirect, Response},
};
use rust_xlsxwriter::{Format, Workbook, XlsxError};
use wuchuang_catalogue::model::ItemVersion;
use wuchuang_kernel::{OrganisationId, RoundId, china_date, china_time};
use wuchuang_webkit::{
    Caller, Failure,
    forms::FieldErrors,
    markup::{Choice, DefinitionRow},
    page::PageContext,
};

use super::{Sent, again, excel, flashed, html, refusal};
use crate::{
    deeds,
    model::{
        finding::FindingRule,
        round::{Comparison, RoundState, RoundStream},
    },
    register::{self, COLUMNS, Problem},
    rules::finding_of,
    service::Oversight,
    store::rounds::newest,
};

/// How many parts a form may have.
const PARTS_MAX: usize = 10;
/// How many rounds are listed.
const ROUNDS_SHOWN: i64 = 100;

#[derive(Template)]
#[template(path = "oversight/register.html")]
struct RegisterPage<'a> {
    page: &'a PageContext,
    departments: Vec<Choice>,
    problems: &'a [Problem],
    sent: &'a Sent,
    errors: &'a FieldErrors,
}

/// The departments that own items, by name.
fn departments(oversight: &Oversight, caller: &Caller) -> Vec<Choice> {
    let items = oversight.items(china_date(caller.now));
    let mut departments: Vec<Choice> = items
        .into_iter()
        .filter_map(|(id, items)| {
            let name = items.first()?.content.department.name.clone();
            Some(Choice::new(id.to_string(), name))
        })
        .collect();
    departments.sort_by(|one, other| one.label.cmp(&other.label));
    departments
}

fn show(
    oversight: &Oversight,
    caller: &Caller,
    problems: &[Problem],
    (sent, errors): (&Sent, &FieldErrors),
) -> Result<Html<String>, Failure> {
    let page = caller
        .page
        .clone()
        .titled("比对部门台账")
        .under("监察线索", "/staff/oversight")
        .with_errors(!errors.is_empty());
    html(&RegisterPage {
        page: &page,
        departments: departments(oversight, caller),
        problems,
        sent,
        errors,
    })
}

pub(super) async fn page(
    State(oversight): State<Oversight>,
    caller: Caller,
) -> Result<Html<String>, Failure> {
    show(
        &oversight,
        &caller,
        &[],
        (&Sent::default(), &FieldErrors::new()),
    )
}

fn workbook() -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let head = Format::new().set_bold().set_text_wrap();
    let text = Format::new().set_num_format("@");
    let sheet = book.add_worksheet();
    sheet.set_name("部门台账")?.set_freeze_panes(1, 0)?;
    for (column, (heading, width)) in (0u16..).zip(COLUMNS) {
        sheet.set_column_format(column, &text)?;
        sheet.set_column_width(column, width)?;
        sheet.write_string_with_format(0, column, heading, &head)?;
    }
    book.save_to_buffer()
}

pub(super) async fn template() -> Result<Response, Failure> {
    let book = workbook().map_err(Failure::internal)?;
    Ok(excel("register.xlsx", book))
}

/// What was sent: the fields, and the workbook.
async fn received(mut form: Multipart) -> Result<(Sent, Vec<u8>), Failure> {
    let broken = |_| Failure::invalid("没有传完整，请返回再试一次；Excel 文件最大1 MB。");
    let (mut sent, mut book) = (Sent::default(), Vec::new());
    for _ in 0..PARTS_MAX {
        let Some(field) = form.next_field().await.map_err(broken)? else {
            break;
        };
        let name = field.name().unwrap_or_default().to_owned();
        if name == "sheet" {
            book = field.bytes().await.map_err(broken)?.to_vec();
        } else {
            let text = field.text().await.map_err(broken)?;
            sent = sent.with(&name, text);
        }
    }
    Ok((sent, book))
}

pub(super) async fn send(
    State(oversight): State<Oversight>,
    caller: Caller,
    form: Multipart,
) -> Result<Response, Failure> {
    let (sent, book) = received(form).await?;
    let mut errors = FieldErrors::new();
    let today = china_date(caller.now);
    let department: Option<OrganisationId> = sent.value("department").parse().ok();
    let items = department
        .and_then(|department| oversight.items(today).remove(&department))
        .unwrap_or_default();
    if items.is_empty() {
        errors.add("department", "请选择是哪个部门的台账。");
    }
    let rows = if book.is_empty() {
        errors.add("sheet", "请选择要比对的 Excel 文件。");
        Vec::new()
    } else {
        register::rows(&book).unwrap_or_else(|error| {
            errors.add("sheet", error.to_string());
            Vec::new()
        })
    };
    let wrong = |problems: &[Problem], errors: &FieldErrors| {
        show(&oversight, &caller, problems, (&sent, errors)).map(again)
    };
    let (true, Some(department)) = (errors.is_empty(), department) else {
        return wrong(&[], &errors);
    };
    let refs: Vec<&ItemVersion> = items.iter().map(Arc::as_ref).collect();
    let lines = match register::lines(&rows, &refs, today) {
        Ok(lines) => lines,
        Err(problems) => {
            let told = format!(
                "表里有 {} 处要修改，列在下面。改好后重新上传；这次没有比对。",
                problems.len()
            );
            errors.add("sheet", told);
            return wrong(&problems, &errors);
        }
    };
    let name = items[0].content.department.name.clone();
    let compared = oversight
        .compare(caller.region, (department, name), &lines)
        .await?;
    match deeds::compared(&oversight, &caller, compared, sent.key()).await {
        Ok((round, _)) => {
            Ok(Redirect::to(&format!("/staff/oversight/rounds/{round}")).into_response())
        }
        Err(failure) => wrong(&[], &refusal(failure, "sheet")?),
    }
}

struct RoundLine {
    path: String,
    at: String,
    what: String,
    told: String,
}

#[derive(Template)]
#[template(path = "oversight/rounds.html")]
struct RoundsPage<'a> {
    page: &'a PageContext,
    lines: Vec<RoundLine>,
}

pub(super) async fn rounds(
    State(oversight): State<Oversight>,
    caller: Caller,
) -> Result<Html<String>, Failure> {
    let database = oversight.ledger().database();
    let rows = newest(database, caller.region, ROUNDS_SHOWN).await?;
    let lines = rows.into_iter().map(|row| RoundLine {
        path: format!("/staff/oversight/rounds/{}", row.id),
        at: china_time(row.at()).strftime("%Y-%m-%d %H:%M").to_string(),
        what: if row.is_register {
            format!("台账比对：{}", row.department_name)
        } else {
            "规则核对".to_owned()
        },
        told: match (row.is_done, row.is_register) {
            (false, _) => "正在核对".to_owned(),
            (true, true) => format!(
                "{} 行，账本上有 {} 行，没有 {} 行",
                row.looked_at, row.matched, row.found
            ),
            (true, false) => format!("受理和决定 {} 次，新线索 {} 条", row.looked_at, row.found),
        },
    });
    let page = caller
        .page
        .clone()
        .titled("核对记录")
        .under("监察线索", "/staff/oversight");
    html(&RoundsPage {
        page: &page,
        lines: lines.collect(),
    })
}

pub(super) async fn look(
    State(oversight): State<Oversight>,
    caller: Caller,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let sent = Sent(fields);
    let (round, _) = deeds::look(&oversight, &caller, sent.key()).await?;
    Ok(Redirect::to(&format!("/staff/oversight/rounds/{round}")).into_response())
}

struct MissingView {
    row: u32,
    document: String,
    item_name: String,
    on: String,
    /// The finding, once the job opened it.
    path: Option<String>,
}

#[derive(Template)]
#[template(path = "oversight/round.html")]
struct RoundPage<'a> {
    page: &'a PageContext,
    title: String,
    rows: Vec<DefinitionRow>,
    is_register: bool,
    is_done: bool,
    missing: Vec<MissingView>,
}

fn told(state: &RoundState) -> Vec<DefinitionRow> {
    let mut rows = Vec::new();
    if let Some(at) = state.started_at {
        let at = china_time(at).strftime("%Y-%m-%d %H:%M").to_string();
        rows.push(DefinitionRow::new("开始", at));
    }
    if let Some(one) = &state.comparison {
        rows.push(DefinitionRow::new("部门", &one.department_name));
        rows.push(DefinitionRow::new("台账", format!("{} 行", one.lines)));
        rows.push(DefinitionRow::new(
            "账本上有",
            format!("{} 行", one.matched),
        ));
        rows.push(DefinitionRow::new(
            "账本上没有",
            format!("{} 行", one.missing.len()),
        ));
    }
    if let Some(looked) = state.looked {
        rows.push(DefinitionRow::new(
            "已公布事项",
            format!("{} 个", looked.items),
        ));
        rows.push(DefinitionRow::new(
            "受理和决定",
            format!("{} 次", looked.deeds),
        ));
        rows.push(DefinitionRow::new("新线索", format!("{} 条", looked.found)));
    }
    rows
}

async fn missing(
    oversight: &Oversight,
    caller: &Caller,
    comparison: &Comparison,
) -> Result<Vec<MissingView>, Failure> {
    let mut views = Vec::new();
    for line in &comparison.missing {
        let fact = format!("{}/{}", comparison.department, line.document);
        let id = finding_of(FindingRule::Register, &fact);
        let known = oversight
            .state::<crate::model::finding::FindingStream>(caller.region, id)
            .await?;
        let item = oversight.catalogue.published(line.item);
        views.push(MissingView {
            row: line.row,
            document: line.document.clone(),
            item_name: item.map_or_else(String::new, |item| item.content.name.clone()),
            on: line.on.to_string(),
            path: known.map(|_| format!("/staff/oversight/findings/{id}")),
        });
    }
    Ok(views)
}

pub(super) async fn round(
    State(oversight): State<Oversight>,
    caller: Caller,
    Path(round): Path<String>,
) -> Result<Html<String>, Failure> {
    let id: RoundId = round.parse().map_err(|_| Failure::not_found())?;
    let state = oversight
        .state::<RoundStream>(caller.region, id)
        .await?
        .ok_or_else(Failure::not_found)?;
    let comparison = state.comparison.as_ref();
    let title = comparison.map_or_else(
        || "规则核对".to_owned(),
        |one| format!("台账比对 · {}", one.department_name),
    );
    let missing = match comparison {
        Some(comparison) => missing(&oversight, &caller, comparison).await?,
        None => Vec::new(),
    };
    let is_done = state.looked.is_some()
        || (comparison.is_some() && missing.iter().all(|line| line.path.is_some()));
    let done = (comparison.is_some() && is_done).then_some("比对完成。");
    let caller = flashed(&caller, done);
    let page = caller
        .page
        .clone()
        .titled(&title)
        .under("核对记录", "/staff/oversight/rounds");
    html(&RoundPage {
        page: &page,
        title,
        rows: told(&state),
        is_register: comparison.is_some(),
        is_done,
        missing,
    })
}
