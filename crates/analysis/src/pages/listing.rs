//! The items by how much they are asked for, as Excel: all of them with all figures.

use axum::{
    extract::{Query, State},
    response::Response,
};
use wuchuang_webkit::{Caller, Failure};

use super::{
    excel,
    overview::{OverviewQuery, is_unasked},
};
use crate::{
    book::{self, Cell},
    figures::change_words,
    service::Analysis,
};

const COLUMNS: [(&str, f64); 15] = [
    ("事项", 40.0),
    ("部门", 24.0),
    ("申请", 10.0),
    ("近12个月", 10.0),
    ("上年同期", 10.0),
    ("比上年同期", 12.0),
    ("受理", 10.0),
    ("补正", 10.0),
    ("不予受理", 10.0),
    ("不予许可", 10.0),
    ("准予", 10.0),
    ("撤回", 10.0),
    ("终止", 10.0),
    ("逾期办结", 10.0),
    ("平均自然日", 12.0),
];

pub(super) async fn excel_list(
    State(analysis): State<Analysis>,
    caller: Caller,
    Query(query): Query<OverviewQuery>,
) -> Result<Response, Failure> {
    let view = query.view().read(&caller)?;
    let lines = analysis.lines(caller.region, &view).await?;
    let only_unasked = query.only == "none";
    let rows: Vec<Vec<Cell>> = lines
        .into_iter()
        .filter(|line| !only_unasked || is_unasked(line))
        .map(|line| {
            let figures = line.figures;
            let mut row = vec![
                line.item.shown().into(),
                line.item.department_name.into(),
                figures.applied.into(),
                line.now.into(),
                line.before.into(),
                change_words(line.before, line.now).into(),
            ];
            row.extend(
                [
                    figures.accepted,
                    figures.corrected,
                    figures.not_accepted,
                    figures.refused,
                    figures.granted,
                    figures.withdrawn,
                    figures.terminated,
                    figures.late,
                ]
                .map(Cell::from),
            );
            row.push(figures.days_words().into());
            row
        })
        .collect();
    excel("demand.xlsx", book::table("需求分析", &COLUMNS, &rows))
}
