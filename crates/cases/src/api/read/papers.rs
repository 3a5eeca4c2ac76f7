//! What the house wrote in a case: its notices as a list and as signed documents, and the pick-up slip.

use axum::{
    Json,
    extract::{Path, State},
    response::Response,
};
use serde::Serialize;
use utoipa::ToSchema;
use wuchuang_webkit::{Caller, Failure};

use crate::{
    api::body::case_id,
    model::Notice,
    notices::{form_file, kind_code, notice_file, pickup_file},
    rooms::CaseRooms,
};

/// A paper of a case.
#[derive(Debug, Serialize, ToSchema)]
struct CasePaper {
    /// Its place in the case, which names it in addresses.
    #[schema(example = 2)]
    version: i64,
    /// `receipt`, `acceptance`, `correction` …
    #[schema(example = "acceptance")]
    kind: &'static str,
    /// Its title.
    #[schema(example = "受理通知书")]
    title: &'static str,
    /// Its number.
    #[schema(example = "政务受〔2026〕412号")]
    number: String,
    /// When it was given (RFC 3339).
    at: String,
    /// Where its signed PDF is.
    #[schema(example = "/api/v1/cases/0192f0c2a4b17c3e9d5566778899aabb/notices/2")]
    document: String,
}

/// The papers of a case.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::api) struct CasePapers {
    /// The papers, the first given first.
    items: Vec<CasePaper>,
}

/// The papers that a case gave rise to: receipt, notices, decision.
#[utoipa::path(get, path = "/api/v1/cases/{case}/notices", tag = "cases",
    params(("case" = String, Path, description = "The case.")),
    responses((status = 200, body = CasePapers), (status = 401), (status = 403), (status = 404)))]
pub(in crate::api) async fn case_notice_list(
    State(rooms): State<CaseRooms>,
    caller: Caller,
    Path(case): Path<String>,
) -> Result<Json<CasePapers>, Failure> {
    let id = case_id(&case)?;
    let case = rooms.case_for(&caller, id, "case_document_read").await?;
    let paper = |notice: &Notice| CasePaper {
        version: notice.version,
        kind: kind_code(notice.kind),
        title: notice.kind.name(),
        number: notice.number.clone(),
        at: notice.at.to_string(),
        document: format!("/api/v1/cases/{id}/notices/{}", notice.version),
    };
    Ok(Json(CasePapers {
        items: case.notices.iter().map(paper).collect(),
    }))
}

/// The signed PDF of a paper; it is made now if nobody asked before.
#[utoipa::path(get, path = "/api/v1/cases/{case}/notices/{version}", tag = "cases",
    params(("case" = String, Path, description = "The case."), ("version" = i64, Path, description = "The paper's place in the case.", example = 1)),
    responses((status = 200, description = "The document.", content_type = "application/pdf", body = String), (status = 401), (status = 403), (status = 404),
        (status = 410, description = "It was erased by law with its applicant's data.")))]
pub(in crate::api) async fn case_notice_document(
    State(rooms): State<CaseRooms>,
    caller: Caller,
    Path((case, version)): Path<(String, i64)>,
) -> Result<Response, Failure> {
    notice_file(&rooms, &caller, case_id(&case)?, version).await
}

/// 取证单, the slip with which the result is picked up, as PDF.
#[utoipa::path(get, path = "/api/v1/cases/{case}/pickup", tag = "cases",
    params(("case" = String, Path, description = "The case.")),
    responses((status = 200, description = "The slip.", content_type = "application/pdf", body = String), (status = 401), (status = 403), (status = 404),
        (status = 410, description = "It was erased by law with its applicant's data."),
        (status = 422, description = "The result does not wait to be picked up.")))]
pub(in crate::api) async fn case_pickup(
    State(rooms): State<CaseRooms>,
    caller: Caller,
    Path(case): Path<String>,
) -> Result<Response, Failure> {
    pickup_file(&rooms, &caller, case_id(&case)?).await
}

/// 申请表 as it stands now, as PDF: in full for the applicant, for everybody else with personal numbers masked.
#[utoipa::path(get, path = "/api/v1/cases/{case}/form", tag = "cases",
    params(("case" = String, Path, description = "The case.")),
    responses((status = 200, description = "The form.", content_type = "application/pdf", body = String), (status = 401), (status = 403), (status = 404),
        (status = 410, description = "It was erased by law with its applicant's data."),
        (status = 422, description = "The item has no form.")))]
pub(in crate::api) async fn case_form(
    State(rooms): State<CaseRooms>,
    caller: Caller,
    Path(case): Path<String>,
) -> Result<Response, Failure> {
    form_file(&rooms, &caller, case_id(&case)?).await
}
