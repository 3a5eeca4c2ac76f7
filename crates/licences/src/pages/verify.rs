//! The public pages of verification.

use askama::Template;
use axum::{
    Form,
    extract::{Multipart, Path, State},
    http::StatusCode,
    response::{Html, IntoResponse, Response},
};
use serde::Deserialize;
use wuchuang_webkit::{
    Caller, Failure, forms::FieldErrors, markup::DefinitionRow, page::PageContext,
    throttle::Address,
};

use super::html;
use crate::{
    Rooms,
    verification::{Finding, Verdict},
};

/// How large a file may be that a visitor drops.
pub(super) const FILE_BYTES_MAX: usize = 20 * 1024 * 1024;

#[derive(Template)]
#[template(path = "licences/verify.html")]
struct VerifyPage<'a> {
    page: &'a PageContext,
    number: &'a str,
    code: &'a str,
    errors: &'a FieldErrors,
}

#[derive(Template)]
#[template(path = "licences/finding.html")]
struct FindingPage<'a> {
    page: &'a PageContext,
    finding: &'a Finding,
    title: &'a str,
    advice: &'a str,
    tone: &'static str,
    icon: &'static str,
    rows: Vec<DefinitionRow>,
}

pub(super) async fn verify_page(caller: Caller) -> Result<Html<String>, Failure> {
    form(&caller, "", "", &FieldErrors::new())
}

fn form(
    caller: &Caller,
    number: &str,
    code: &str,
    errors: &FieldErrors,
) -> Result<Html<String>, Failure> {
    let mut page = caller
        .page
        .clone()
        .titled("验证证照")
        .under("首页", "/")
        .with_errors(!errors.is_empty());
    page.may_be_indexed = true;
    html(&VerifyPage {
        page: &page,
        number,
        code,
        errors,
    })
}

fn refused(
    caller: &Caller,
    number: &str,
    code: &str,
    errors: &FieldErrors,
) -> Result<Response, Failure> {
    Ok((
        StatusCode::UNPROCESSABLE_ENTITY,
        form(caller, number, code, errors)?,
    )
        .into_response())
}

#[derive(Deserialize)]
pub(super) struct NumberForm {
    #[serde(default)]
    number: String,
    #[serde(default)]
    code: String,
}

pub(super) async fn number_send(
    State(rooms): State<Rooms>,
    caller: Caller,
    address: Address,
    Form(input): Form<NumberForm>,
) -> Result<Response, Failure> {
    let mut errors = FieldErrors::new();
    if input.number.trim().is_empty() {
        let message = caller.page.t("请填写证照或文书上的编号。").into_owned();
        errors.add("number", message);
    }
    if input.code.trim().is_empty() {
        let message = caller
            .page
            .t("请填写核验码，它印在二维码旁边。")
            .into_owned();
        errors.add("code", message);
    }
    if !errors.is_empty() {
        return refused(&caller, &input.number, &input.code, &errors);
    }
    match rooms
        .verify(&caller, &address, &input.number, &input.code)
        .await
    {
        Ok(finding) => Ok(show(&caller, &finding)?.into_response()),
        Err(failure) => {
            let Some(seconds) = failure.retry_after_seconds else {
                return Err(failure);
            };
            // The words of the page 查办件进度, where the same happens.
            let sentence = caller.page.tf(
                "输错次数太多，请{seconds}秒后再查；急的话请拨打页面下方的电话。",
                &[("seconds", &seconds)],
            );
            errors.add("code", sentence);
            let mut answer = refused(&caller, &input.number, &input.code, &errors)?;
            *answer.status_mut() = failure.status;
            Ok(answer)
        }
    }
}

pub(super) async fn token_page(
    State(rooms): State<Rooms>,
    caller: Caller,
    Path(token): Path<String>,
) -> Result<Response, Failure> {
    let finding = rooms.verifier.by_token(caller.region, &token).await?;
    let status = if finding.verdict == Verdict::Unknown {
        StatusCode::NOT_FOUND
    } else {
        StatusCode::OK
    };
    Ok((status, show(&caller, &finding)?).into_response())
}

pub(super) async fn file_send(
    State(rooms): State<Rooms>,
    caller: Caller,
    parts: Multipart,
) -> Result<Response, Failure> {
    match finding_of(&rooms, &caller, parts).await? {
        Ok(finding) => Ok(show(&caller, &finding)?.into_response()),
        Err(problem) => {
            let mut errors = FieldErrors::new();
            errors.add("file", caller.page.t(&problem).into_owned());
            refused(&caller, "", "", &errors)
        }
    }
}

/// What is found about the file that was sent, or the sentence that says why it cannot be checked.
///
/// # Errors
/// When the house cannot check it now.
pub(crate) async fn finding_of(
    rooms: &Rooms,
    caller: &Caller,
    parts: Multipart,
) -> Result<Result<Finding, String>, Failure> {
    let bytes = match read_file(parts).await {
        Ok(bytes) => bytes,
        Err(problem) => return Ok(Err(problem.to_owned())),
    };
    if bytes.is_empty() {
        return Ok(Err("请先选择要核验的PDF文件。".to_owned()));
    }
    if bytes.len() > FILE_BYTES_MAX {
        return Ok(Err("文件超过20 MB，请选择原始的电子证照或文书。".to_owned()));
    }
    let found = rooms.verifier.by_file(caller.region, bytes).await?;
    Ok(found.map_err(|error| format!("{error}。")))
}

/// The bytes of the first field named `file`.
async fn read_file(mut parts: Multipart) -> Result<Vec<u8>, &'static str> {
    const BROKEN: &str = "文件没有完整传上来，可能超过20 MB或者网络中断，请重新选择。";
    while let Some(field) = parts.next_field().await.map_err(|_| BROKEN)? {
        if field.name() == Some("file") {
            return field
                .bytes()
                .await
                .map(|bytes| bytes.to_vec())
                .map_err(|_| BROKEN);
        }
    }
    Ok(Vec::new())
}

fn show(caller: &Caller, finding: &Finding) -> Result<Html<String>, Failure> {
    let page = caller
        .page
        .clone()
        .titled("核验结果")
        .under("首页", "/")
        .under("验证证照", "/verify");
    let (tone, icon) = match finding.verdict {
        Verdict::Valid | Verdict::Genuine => ("success", "circle-check"),
        Verdict::Expired | Verdict::Superseded | Verdict::Unsigned | Verdict::Foreign => {
            ("warning", "alert-triangle")
        }
        Verdict::Revoked | Verdict::Changed | Verdict::Unknown => ("error", "alert-triangle"),
    };
    html(&FindingPage {
        page: &page,
        finding,
        title: finding.verdict.title(),
        advice: finding.verdict.advice(),
        tone,
        icon,
        rows: rows(finding),
    })
}

fn rows(finding: &Finding) -> Vec<DefinitionRow> {
    [
        ("名称", &finding.title),
        ("编号", &finding.number),
        ("电子证照标识", &finding.identifier),
        ("持证人", &finding.holder),
        ("办件编号", &finding.case_number),
        ("事项", &finding.item),
        ("出具机关", &finding.organisation),
        ("出具日期", &finding.issued_on),
        ("有效期", &finding.validity),
        ("签章人", &finding.signer),
        ("签章时间", &finding.signed_at),
    ]
    .into_iter()
    .filter_map(|(term, detail)| {
        let detail = detail.as_deref().filter(|detail| !detail.is_empty())?;
        Some(DefinitionRow::new(term, detail))
    })
    .collect()
}
