//! The worklist as an Excel file, with the filter of the page.

use axum::{
    extract::{Query, State},
    http::header,
    response::{IntoResponse, Response},
};
use rust_xlsxwriter::{Format, Workbook, XlsxError};
use wuchuang_kernel::{china_date, china_time};
use wuchuang_webkit::{Caller, Failure};

use crate::{
    rooms::CaseRooms,
    store::{CaseRow, PAGE_ROWS_MAX, WorklistFilter},
};

use super::worklist::WorklistQuery;

/// How many rows one file holds.
const ROWS_MAX: usize = 20_000;
const HEADINGS: [&str; 11] = [
    "办件编号",
    "事项",
    "承办单位",
    "申请人",
    "渠道",
    "环节",
    "收件时间",
    "到期日",
    "状态",
    "结果",
    "是否按期",
];

pub(super) async fn download(
    State(rooms): State<CaseRooms>,
    caller: Caller,
    Query(query): Query<WorklistQuery>,
) -> Result<Response, Failure> {
    let me = caller.visitor.person().ok_or_else(Failure::sign_in)?;
    let search = query.search(&rooms, me);
    if search.is_none() && !query.search.is_empty() {
        // A file of all cases instead of those looked for would go unnoticed.
        return Err(Failure::invalid(
            "查找的内容已经过期，请回到办件列表重新查找后再导出。",
        ));
    }
    let filter = query.filter(&caller, search);
    worklist_file(&rooms, &caller, &filter).await
}

/// The caller's worklist under a filter as a workbook, at most 20,000 rows of it.
pub(crate) async fn worklist_file(
    rooms: &CaseRooms,
    caller: &Caller,
    filter: &WorklistFilter,
) -> Result<Response, Failure> {
    let scope = rooms.scope(caller).await?;
    let today = china_date(caller.now);
    let mut rows: Vec<CaseRow> = Vec::new();
    let mut after = None;
    while rows.len() < ROWS_MAX {
        let page = rooms
            .cases
            .worklist(
                caller.region,
                scope,
                filter,
                after.as_ref(),
                PAGE_ROWS_MAX,
                today,
            )
            .await?;
        rows.extend(page.rows);
        match page.next {
            Some(next) => after = Some(next),
            None => break,
        }
    }
    let bytes = workbook(&rows, today).map_err(Failure::internal)?;
    Ok((
        [
            (
                header::CONTENT_TYPE,
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet".to_owned(),
            ),
            (
                header::CONTENT_DISPOSITION,
                format!("attachment; filename=\"cases-{today}.xlsx\""),
            ),
        ],
        bytes,
    )
        .into_response())
}

fn workbook(rows: &[CaseRow], today: jiff::civil::Date) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.set_name("办件")?;
    let bold = Format::new().set_bold();
    for (column, heading) in (0_u16..).zip(HEADINGS) {
        sheet.write_string_with_format(0, column, heading, &bold)?;
        sheet.set_column_width(column, 18)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    for (line, row) in (1_u32..).zip(rows) {
        let outcome = match row.outcome.as_str() {
            "granted" => "准予",
            "refused" => "不予",
            "not_accepted" => "不予受理",
            "withdrawn" => "撤回",
            "terminated" => "终止",
            _ => "",
        };
        let cells = [
            row.number.clone(),
            row.item_name.clone(),
            row.organisation_name.clone(),
            row.applicant_shown(),
            wuchuang_kernel::Channel::from_code(&row.channel)
                .map_or("", wuchuang_kernel::Channel::name)
                .to_owned(),
            row.step_name.clone(),
            china_time(row.received_at())
                .strftime("%Y-%m-%d %H:%M")
                .to_string(),
            row.due().map(|due| due.to_string()).unwrap_or_default(),
            row.light(today).word().to_owned(),
            outcome.to_owned(),
            if row.is_open {
                ""
            } else if row.in_time {
                "是"
            } else {
                "否"
            }
            .to_owned(),
        ];
        for (column, cell) in (0_u16..).zip(cells) {
            sheet.write_string(line, column, cell)?;
        }
    }
    workbook.save_to_buffer()
}
