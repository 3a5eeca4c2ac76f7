//! The receipt: number, check code, what happens next and until when, how to ask, the proof.

use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use wuchuang_calendar::china_date;
use wuchuang_cases::model::Case;
use wuchuang_kernel::group_case_number;
use wuchuang_webkit::{Caller, Failure, page::PageContext};

use crate::{
    my::{case::notice_path, proof, readable_case},
    rooms::{Rooms, html},
    words,
};

#[derive(Template)]
#[template(path = "portal/apply/done.html")]
struct DonePage<'a> {
    page: &'a PageContext,
    case: &'a Case,
    number: String,
    answer_by: Option<String>,
    promised: String,
    is_instant: bool,
    owed: Vec<&'a str>,
    receipt_path: String,
    case_path: String,
    proof_sequence: Option<i64>,
}

pub(crate) async fn page(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(case): Path<String>,
) -> Result<Response, Failure> {
    let (id, case) = readable_case(&rooms, &caller, &case).await?;
    let page = caller
        .page
        .clone()
        .titled("申请已提交")
        .under("我的", "/my");
    let calendar = rooms.ledger.calendar();
    let answer_by = case
        .receipt
        .window(&calendar)
        .map(|due| words::day(&page, due.date, china_date(caller.now)));
    html(&DonePage {
        number: group_case_number(&case.number),
        answer_by,
        promised: words::limit(&page, case.terms.limits.promised()),
        is_instant: case.terms.limits.promised().amount == 0,
        owed: case
            .missing()
            .into_iter()
            .map(|material| material.name.as_str())
            .collect(),
        receipt_path: notice_path(id, 1),
        case_path: format!("/my/cases/{id}"),
        proof_sequence: proof::of_case(&rooms, &caller, id)
            .await?
            .map(|proof| proof.seq),
        page: &page,
        case: &case,
    })
}
