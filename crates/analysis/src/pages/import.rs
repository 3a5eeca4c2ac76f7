//! Earlier years from Excel: brought whole, or not at all.

use askama::Template;
use axum::{
    extract::{Multipart, State},
    response::{Html, IntoResponse, Redirect, Response},
};
use wuchuang_kernel::{PersonId, china_time};
use wuchuang_webkit::{Caller, Failure, forms::FieldErrors, page::PageContext};

use super::{Sent, again, excel, flashed, html, refusal};
use crate::{
    book, deeds,
    model::year::EarlierYear,
    service::Analysis,
    sheet::{self, Problem},
    store::years::years,
};

/// How many parts a form may have.
const PARTS_MAX: usize = 10;

struct YearLine {
    year: i64,
    lines: i64,
    times: i64,
    reason: String,
    at: String,
    who: String,
}

#[derive(Template)]
#[template(path = "analysis/years.html")]
struct YearsPage<'a> {
    page: &'a PageContext,
    years: Vec<YearLine>,
    problems: &'a [Problem],
    sent: &'a Sent,
    errors: &'a FieldErrors,
}

async fn brought(analysis: &Analysis, caller: &Caller) -> Result<Vec<YearLine>, Failure> {
    let mut lines = Vec::new();
    for row in years(analysis.database(), caller.region).await? {
        let who = match row.imported_by.parse::<PersonId>() {
            Ok(person) => {
                let name = analysis.directory.staff_name(caller.region, person).await?;
                name.to_string()
            }
            Err(_) => "系统".to_owned(),
        };
        lines.push(YearLine {
            year: row.year,
            lines: row.line_count,
            times: row.revision,
            at: china_time(row.at()).strftime("%Y-%m-%d %H:%M").to_string(),
            reason: row.reason,
            who,
        });
    }
    Ok(lines)
}

async fn show(
    analysis: &Analysis,
    caller: &Caller,
    problems: &[Problem],
    (sent, errors): (&Sent, &FieldErrors),
) -> Result<Html<String>, Failure> {
    let page = caller
        .page
        .clone()
        .titled("导入往年数据")
        .under("需求分析", "/staff/demand")
        .with_errors(!errors.is_empty());
    html(&YearsPage {
        page: &page,
        years: brought(analysis, caller).await?,
        problems,
        sent,
        errors,
    })
}

/// What was brought, after it was.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub(super) struct DoneQuery {
    done: String,
}

pub(super) async fn page(
    State(analysis): State<Analysis>,
    caller: Caller,
    axum::extract::Query(query): axum::extract::Query<DoneQuery>,
) -> Result<Html<String>, Failure> {
    let year: Option<u16> = query.done.parse().ok();
    let done = year.map(|year| {
        format!("{year}年的数据已导入，页面上的数字已经合在一起；建议在下一次统计时更新。")
    });
    let caller = flashed(&caller, done.as_deref());
    let nothing = (&Sent::default(), &FieldErrors::new());
    show(&analysis, &caller, &[], nothing).await
}

pub(super) async fn template() -> Result<Response, Failure> {
    excel("earlier-year.xlsx", book::template())
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
    State(analysis): State<Analysis>,
    caller: Caller,
    form: Multipart,
) -> Result<Response, Failure> {
    let (sent, book) = received(form).await?;
    let mut errors = FieldErrors::new();
    let year: Option<i32> = sent.value("year").trim().parse().ok();
    if year.is_none() {
        errors.add("year", "请填写是哪一年的数据，例如 2024。");
    }
    let rows = if book.is_empty() {
        errors.add("sheet", "请选择要导入的 Excel 文件。");
        Vec::new()
    } else {
        sheet::rows(&book).unwrap_or_else(|error| {
            errors.add("sheet", error.to_string());
            Vec::new()
        })
    };
    let (true, Some(year)) = (errors.is_empty(), year) else {
        let page = show(&analysis, &caller, &[], (&sent, &errors)).await?;
        return Ok(again(page));
    };
    let items = match deeds::read_year((&analysis, &caller), &rows, year) {
        Ok(items) => items,
        Err(problems) => {
            let told = format!(
                "表里有 {} 处要修改，列在下面。改好后重新上传；这次什么也没有导入。",
                problems.len()
            );
            errors.add("sheet", told);
            let page = show(&analysis, &caller, &problems, (&sent, &errors)).await?;
            return Ok(again(page));
        }
    };
    let brought = EarlierYear {
        year,
        items,
        reason: sent.value("reason").trim().to_owned(),
    };
    match deeds::import(&analysis, &caller, brought, sent.key()).await {
        Ok(_) => {
            let path = format!("/staff/demand/years?done={year}");
            Ok(Redirect::to(&path).into_response())
        }
        Err(failure) => {
            let errors = refusal(failure, "sheet")?;
            let page = show(&analysis, &caller, &[], (&sent, &errors)).await?;
            Ok(again(page))
        }
    }
}
