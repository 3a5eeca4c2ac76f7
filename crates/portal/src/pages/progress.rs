//! 查进度 without a login: by the number and the check code of the receipt. The answer to the form is the
//! page itself, so that neither code nor anything about the matter is ever in an address. A wrong code
//! and an unknown number get the same answer, and after ten in a minute an address must wait.

use askama::Template;
use axum::{
    Form,
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use wuchuang_bundles::progress_page;
use wuchuang_cases::{model::Case, store::CaseRow};
use wuchuang_webkit::{Caller, Failure, forms::FieldErrors, page::PageContext, throttle::Address};

use crate::{
    rooms::{Rooms, html, html_checked},
    view::{CaseView, Sources, Viewer},
};

/// How long a typed number or code may be, in characters.
const TYPED_CHARACTERS_MAX: usize = 60;

#[derive(Debug, Default, Deserialize)]
pub(super) struct ProgressForm {
    #[serde(default)]
    number: String,
    #[serde(default)]
    code: String,
}

#[derive(Template)]
#[template(path = "portal/progress.html")]
struct ProgressPage<'a> {
    page: &'a PageContext,
    number: &'a str,
    errors: &'a FieldErrors,
}

#[derive(Template)]
#[template(path = "portal/progress_shown.html")]
struct ShownPage<'a> {
    page: &'a PageContext,
    view: &'a CaseView,
    rate_path: Option<String>,
}

fn form_page(caller: &Caller, number: &str, errors: &FieldErrors) -> Result<Response, Failure> {
    let page = caller
        .page
        .clone()
        .titled("查办件进度")
        .under("首页", "/")
        .with_errors(!errors.is_empty());
    let template = ProgressPage {
        page: &page,
        number,
        errors,
    };
    html_checked(&template, errors)
}

pub(super) async fn page(caller: Caller) -> Result<Response, Failure> {
    form_page(&caller, "", &FieldErrors::new())
}

/// The QR code on a receipt leads here; it only fills the number in.
pub(super) async fn from_code(
    caller: Caller,
    Path(number): Path<String>,
) -> Result<Response, Failure> {
    let number: String = number
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .take(TYPED_CHARACTERS_MAX)
        .collect();
    form_page(&caller, &number, &FieldErrors::new())
}

/// What was typed, as it is compared: no blanks, half-width, capital letters.
fn tidy(typed: &str) -> String {
    typed
        .chars()
        .take(TYPED_CHARACTERS_MAX)
        .map(|character| match character {
            '\u{ff01}'..='\u{ff5e}' => {
                char::from_u32(u32::from(character) - 0xfee0).unwrap_or(character)
            }
            other => other,
        })
        .filter(char::is_ascii_alphanumeric)
        .map(|character| character.to_ascii_uppercase())
        .collect()
}

pub(super) async fn ask(
    State(rooms): State<Rooms>,
    caller: Caller,
    address: Address,
    Form(form): Form<ProgressForm>,
) -> Result<Response, Failure> {
    let page = &caller.page;
    let (number, code) = (tidy(&form.number), tidy(&form.code));
    let mut errors = FieldErrors::new();
    let wrong_codes = rooms.cases.wrong_codes();
    if let Some(seconds) = wrong_codes.wait_seconds(&address.0, caller.now) {
        let sentence = page.tf(
            "输错次数太多，请{seconds}秒后再查；急的话请拨打页面下方的电话。",
            &[("seconds", &seconds)],
        );
        errors.add("code", sentence);
        return form_page(&caller, &number, &errors);
    }
    if number.is_empty() {
        errors.add("number", page.t("请填写办件编号，在收件凭证和短信里。"));
    }
    if code.is_empty() {
        errors.add("code", page.t("请填写查询码，6位，在收件凭证和短信里。"));
    }
    if !errors.is_empty() {
        return form_page(&caller, &number, &errors);
    }
    let found = rooms
        .cases
        .by_receipt(caller.region, &number, &code)
        .await?;
    let Some((row, case)) = found else {
        // The number may be one that stands over several cases.
        let joint = rooms
            .bundles
            .by_receipt(caller.region, &number, &code)
            .await?;
        if let Some((id, joint)) = joint {
            let page = progress_page(&rooms.bundles, &caller, (id, &joint)).await?;
            return Ok(page.into_response());
        }
        wrong_codes.note(&address.0, caller.now);
        errors.add(
            "number",
            page.t("编号或查询码不对。请对照收件凭证或短信再填一次。"),
        );
        return form_page(&caller, &number, &errors);
    };
    show(&rooms, &caller, &row, &case).await
}

async fn show(
    rooms: &Rooms,
    caller: &Caller,
    row: &CaseRow,
    case: &Case,
) -> Result<Response, Failure> {
    let id = row
        .case_id()
        .ok_or_else(|| Failure::internal("a case's row has no identifier"))?;
    let history = rooms.cases.history(caller.region, id).await?;
    let page = caller
        .page
        .clone()
        .titled("办件进度")
        .under("首页", "/")
        .under("查办件进度", "/progress");
    let view = CaseView::of(
        &page,
        &Sources {
            case,
            history: &history,
            calendar: &rooms.ledger.calendar(),
            now: caller.now,
            viewer: Viewer::Holder,
        },
    );
    html(&ShownPage {
        page: &page,
        view: &view,
        rate_path: rooms.rate_link(id, case),
    })
}

#[cfg(test)]
mod tests {
    use super::tidy;

    #[test]
    fn numbers_and_codes_are_read_however_they_are_typed() {
        for (typed, read) in [
            (" 610924 scjg-20261122 000123 ", "610924SCJG20261122000123"),
            ("７ｋ３m9ｑ", "7K3M9Q"),
            ("编号610924", "610924"),
            ("", ""),
        ] {
            assert_eq!(tidy(typed), read);
        }
    }
}
