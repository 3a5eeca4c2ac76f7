//! The delivery desk (统一窗口出件): results that wait at the counter or for the post, found by number
//! and check code, handed over to the applicant or to somebody they authorised.

use askama::Template;
use axum::{
    Form,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use wuchuang_cases::{
    model::{Authorisation, Case, CaseCommand, DeliveryChoice, Stage},
    store::{CaseRow, WorklistFilter},
};
use wuchuang_kernel::{CaseId, Channel, china_date, group_case_number, mask_name};
use wuchuang_ledger::Expected;
use wuchuang_webkit::{Caller, Failure, forms::FieldErrors, markup::Choice, page::PageContext};

use super::done::licence_path;
use crate::{
    entry::{self, Entry},
    handing_over::{HandOver, delivered},
    rooms::{Rooms, html, html_again, id},
};

/// How many waiting results are shown; older ones are found by number.
const WAITING_MAX: u32 = 50;

/// What is scanned or typed to find a result.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct FindForm {
    #[serde(default)]
    number: String,
    #[serde(default)]
    code: String,
}

/// A result that waits.
struct Waiting {
    path: String,
    number: String,
    item: String,
    applicant: String,
    way: &'static str,
    since: String,
}

#[derive(Template)]
#[template(path = "hall/delivery_list.html")]
struct ListPage<'a> {
    page: &'a PageContext,
    errors: &'a FieldErrors,
    form: &'a FindForm,
    waiting: Vec<Waiting>,
    is_cut: bool,
}

#[derive(Template)]
#[template(path = "hall/delivery.html")]
struct DeliveryPage<'a> {
    page: &'a PageContext,
    errors: &'a FieldErrors,
    path: String,
    number: String,
    item_name: &'a str,
    applicant: &'a str,
    decision: &'static str,
    result: String,
    choice: &'static str,
    post_address: String,
    is_post: bool,
    pickup_path: String,
    /// The certificate that can be printed here; empty when the result is none.
    licence_path: String,
    version: i64,
    authorisations: Vec<Choice>,
    form: &'a HandOver,
}

pub(crate) async fn list(State(rooms): State<Rooms>, caller: Caller) -> Result<Response, Failure> {
    show_list(&rooms, &caller, &FindForm::default(), &FieldErrors::new()).await
}

pub(crate) async fn find(
    State(rooms): State<Rooms>,
    caller: Caller,
    Form(form): Form<FindForm>,
) -> Result<Response, Failure> {
    let mut errors = FieldErrors::new();
    let row = match entry::read(&form.number) {
        Entry::Case(number) => rooms.cases().row_by_number(caller.region, &number).await?,
        Entry::CaseOfToday(serial) => rooms.case_of_today(&caller, &serial).await?,
        _ => None,
    };
    match row {
        None => errors.add(
            "number",
            "没有这个办件编号。请扫描取证单，或输入编号（今天的办件可输后六位）。",
        ),
        Some(row) if !form.code.trim().is_empty() => {
            let right = rooms
                .cases()
                .by_receipt(caller.region, &row.number, &form.code)
                .await?;
            match right {
                Some(_) => return Ok(Redirect::to(&way_to(&row)).into_response()),
                None => errors.add(
                    "code",
                    "查询码与这个办件不符。请核对取证单，或查验申请人身份证后留空。",
                ),
            }
        }
        Some(row) => return Ok(Redirect::to(&way_to(&row)).into_response()),
    }
    show_list(&rooms, &caller, &form, &errors).await
}

fn way_to(row: &CaseRow) -> String {
    format!("/staff/counter/delivery/{}", row.id)
}

async fn show_list(
    rooms: &Rooms,
    caller: &Caller,
    form: &FindForm,
    errors: &FieldErrors,
) -> Result<Response, Failure> {
    let filter = WorklistFilter {
        stage: Some("delivering".to_owned()),
        ..WorklistFilter::default()
    };
    let found = rooms
        .cases()
        .worklist(
            caller.region,
            rooms.desk.scope(caller).await?,
            &filter,
            None,
            WAITING_MAX,
            china_date(caller.now),
        )
        .await?;
    let mut waiting = Vec::with_capacity(found.rows.len());
    for row in &found.rows {
        let Some(id) = row.case_id() else { continue };
        let Some(case) = rooms.cases().find(caller.region, id).await? else {
            continue;
        };
        waiting.push(Waiting {
            path: way_to(row),
            number: group_case_number(&row.number),
            item: row.item_name.clone(),
            applicant: row.applicant_shown(),
            way: case.delivery.name(),
            since: china_date(row.arrived_at()).to_string(),
        });
    }
    let page = caller
        .page
        .clone()
        .titled("窗口出件")
        .with_errors(!errors.is_empty());
    let template = ListPage {
        page: &page,
        errors,
        form,
        waiting,
        is_cut: found.next.is_some(),
    };
    if errors.is_empty() {
        html(&template)
    } else {
        html_again(&template)
    }
}

pub(crate) async fn page(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(case): Path<String>,
) -> Result<Response, Failure> {
    let id = id(&case)?;
    let case = rooms.cases().get(caller.region, id).await?;
    if !matches!(case.stage, Stage::Delivering { .. }) {
        // Already handed over, or not yet ready: the case's page says which.
        return Ok(Redirect::to(&format!("/staff/cases/{id}")).into_response());
    }
    rooms.desk.case_for(&caller, id, "case_deliver").await?;
    let form = HandOver::of(&case);
    show(&caller, id, &case, &form, &FieldErrors::new())
}

pub(crate) async fn hand_over(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(case): Path<String>,
    Form(form): Form<HandOver>,
) -> Result<Response, Failure> {
    let id = id(&case)?;
    let case = rooms.cases().get(caller.region, id).await?;
    let done = format!("/staff/counter/done/{id}");
    if case.stage.is_over() {
        // Sent twice: the second press sees what the first has done.
        return Ok(Redirect::to(&done).into_response());
    }
    rooms.desk.case_for(&caller, id, "case_deliver").await?;
    let mut errors = FieldErrors::new();
    let Some(delivered) = delivered(&form, &case, &mut errors) else {
        return show(&caller, id, &case, &form, &errors);
    };
    let expected = form
        .version
        .parse()
        .map_or(Expected::Existing, Expected::Version);
    let order = caller.order_through(Channel::Counter, Some(&form.command_id), expected);
    match rooms
        .cases()
        .act(id, CaseCommand::Deliver(delivered), order)
        .await
    {
        Ok(_) => Ok(Redirect::to(&done).into_response()),
        Err(failure) if failure.status == StatusCode::UNPROCESSABLE_ENTITY => {
            let field = failure.field.as_deref().unwrap_or("receiver").to_owned();
            errors.add(field, failure.public);
            show(&caller, id, &case, &form, &errors)
        }
        Err(failure) => Err(failure),
    }
}

fn show(
    caller: &Caller,
    id: CaseId,
    case: &Case,
    form: &HandOver,
    errors: &FieldErrors,
) -> Result<Response, Failure> {
    let page = caller
        .page
        .clone()
        .titled("送达")
        .under("窗口出件", "/staff/counter/delivery")
        .with_errors(!errors.is_empty());
    let result = case.licence().map_or_else(
        || case.terms.result_name.clone(),
        |licence| format!("{} {}", licence.name, licence.number),
    );
    let template = DeliveryPage {
        errors,
        path: format!("/staff/counter/delivery/{id}"),
        number: group_case_number(&case.number),
        item_name: &case.terms.name,
        applicant: &mask_name(case.applicant.name.text()),
        decision: case.decision().map_or("", |decision| decision.name()),
        result,
        choice: case.delivery.name(),
        post_address: match &case.delivery {
            DeliveryChoice::Post { address } => address.text().to_owned(),
            _ => String::new(),
        },
        is_post: form.method == "post",
        pickup_path: format!("/staff/counter/done/{id}/pickup.pdf"),
        licence_path: licence_path(case),
        version: case.version,
        authorisations: Authorisation::ALL
            .into_iter()
            .map(|paper| Choice::new(paper.code(), paper.name()))
            .collect(),
        form,
        page: &page,
    };
    if errors.is_empty() {
        html(&template)
    } else {
        html_again(&template)
    }
}
