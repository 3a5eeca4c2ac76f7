//! What a citizen does in a running case besides supplying: saying a line, withdrawing.

use askama::Template;
use axum::{
    Form,
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use wuchuang_cases::model::{Case, CaseCommand};
use wuchuang_kernel::{CaseId, Personal, group_case_number};
use wuchuang_ledger::Expected;
use wuchuang_webkit::{Caller, Failure, forms::FieldErrors, page::PageContext};

use super::{case::show, own_case};
use crate::rooms::{Rooms, html_checked};

/// How long one line or reason may be, in characters.
const TEXT_CHARACTERS_MAX: usize = 1_000;

#[derive(Debug, Deserialize)]
pub(crate) struct TextForm {
    #[serde(default)]
    command_id: String,
    #[serde(default)]
    text: String,
}

impl TextForm {
    /// The text without blanks at its ends, or what is wrong with it.
    fn checked(&self, page: &PageContext, is_required: bool) -> Result<&str, FieldErrors> {
        let mut errors = FieldErrors::new();
        let text = self.text.trim();
        if is_required && text.is_empty() {
            errors.add("text", page.t("请写下要说的话，再按发出。"));
        }
        if text.chars().count() > TEXT_CHARACTERS_MAX {
            errors.add("text", page.t("最多写1000个字，请删减后再发出。"));
        }
        if errors.is_empty() {
            Ok(text)
        } else {
            Err(errors)
        }
    }
}

pub(crate) async fn say(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(case): Path<String>,
    Form(form): Form<TextForm>,
) -> Result<Response, Failure> {
    let (id, case) = own_case(&rooms, &caller, &case, "case_own_act").await?;
    let text = match form.checked(&caller.page, true) {
        Ok(text) => text,
        Err(errors) => {
            return show(&rooms, &caller, (id, &case), None, &form.text, &errors).await;
        }
    };
    let command = CaseCommand::Say {
        text: Personal::new(case.applicant.person, text.to_owned()),
    };
    let order = caller.order(Some(&form.command_id), Expected::Existing);
    rooms.cases.act(id, command, order).await?;
    Ok(Redirect::to(&format!("/my/cases/{id}?done=said#lines")).into_response())
}

/// 请工作人员复核 of what the rules decided.
pub(crate) async fn ask_review(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(case): Path<String>,
    Form(form): Form<TextForm>,
) -> Result<Response, Failure> {
    let (id, _) = own_case(&rooms, &caller, &case, "case_own_act").await?;
    let order = caller.order(Some(&form.command_id), Expected::Existing);
    let command = CaseCommand::AskRulesReview;
    rooms.cases.act(id, command, order).await?;
    Ok(Redirect::to(&format!("/my/cases/{id}?done=asked")).into_response())
}

#[derive(Template)]
#[template(path = "portal/my/withdraw.html")]
struct WithdrawPage<'a> {
    page: &'a PageContext,
    path: String,
    item_name: &'a str,
    number: String,
    text: &'a str,
    errors: &'a FieldErrors,
}

fn withdraw_view(
    caller: &Caller,
    (id, case): (CaseId, &Case),
    text: &str,
    errors: &FieldErrors,
) -> Result<Response, Failure> {
    let path = format!("/my/cases/{id}");
    let page = caller
        .page
        .clone()
        .titled("撤回申请")
        .under("我的", "/my")
        .with_errors(!errors.is_empty());
    let template = WithdrawPage {
        page: &page,
        path,
        item_name: &case.terms.name,
        number: group_case_number(&case.number),
        text,
        errors,
    };
    html_checked(&template, errors)
}

pub(crate) async fn withdraw_page(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(case): Path<String>,
) -> Result<Response, Failure> {
    let (id, case) = own_case(&rooms, &caller, &case, "case_own_act").await?;
    withdraw_view(&caller, (id, &case), "", &FieldErrors::new())
}

pub(crate) async fn withdraw(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(case): Path<String>,
    Form(form): Form<TextForm>,
) -> Result<Response, Failure> {
    let (id, case) = own_case(&rooms, &caller, &case, "case_own_act").await?;
    let text = match form.checked(&caller.page, false) {
        Ok(text) => text,
        Err(errors) => return withdraw_view(&caller, (id, &case), &form.text, &errors),
    };
    let command = CaseCommand::Withdraw {
        reason: Personal::new(case.applicant.person, text.to_owned()),
    };
    let order = caller.order(Some(&form.command_id), Expected::Existing);
    rooms.cases.act(id, command, order).await?;
    Ok(Redirect::to(&format!("/my/cases/{id}?done=withdrawn")).into_response())
}
