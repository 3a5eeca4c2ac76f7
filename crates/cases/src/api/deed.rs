//! The one way by which a program does something to a case.

use axum::Json;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use wuchuang_kernel::Personal;
use wuchuang_ledger::Expected;
use wuchuang_webkit::{Caller, Failure};

use crate::{
    model::{Case, CaseCommand},
    rooms::CaseRooms,
};

use super::{
    body::case_id,
    views::{NoticeView, notice_view},
};

/// What was done.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Done {
    /// The case's version after the deed; send it as `expected_version` with the next one.
    #[schema(example = 4)]
    version: i64,
    /// The last record's place in the region's chain.
    #[schema(example = 90_211)]
    seq: i64,
    /// The last record's hash, in hexadecimal.
    hash: String,
    /// When it was recorded (RFC 3339).
    #[schema(example = "2026-11-23T01:12:44.120Z")]
    recorded_at: String,
    /// Where the case stands now.
    #[schema(example = "review")]
    stage: &'static str,
    /// The notices that were given, with the addresses of their documents.
    notices: Vec<NoticeView>,
}

/// A body that says nothing but which version was seen.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Plain {
    /// The version of the case that was seen; another one is refused with 409.
    pub(super) expected_version: Option<i64>,
}

/// Does something to a case: whether the visitor may is asked of this very case, and the command is
/// made from what the case is.
pub(super) async fn act(
    rooms: &CaseRooms,
    caller: &Caller,
    case: &str,
    action: &'static str,
    expected_version: Option<i64>,
    command: impl FnOnce(&Case) -> Result<CaseCommand, Failure>,
) -> Result<Json<Done>, Failure> {
    let id = case_id(case)?;
    let expected = expected_version.map_or(Expected::Existing, Expected::Version);
    let order = caller.order(None, expected);
    let before = rooms.case_for_deed(caller, id, action, &order).await?;
    let command = command(&before)?;
    let receipt = rooms.cases.act_on((id, &before), command, order).await?;
    let after = rooms.cases.after(&receipt).await?;
    let count = receipt.last_seq - receipt.first_seq;
    let given = (receipt.version - count)..=receipt.version;
    Ok(Json(Done {
        version: receipt.version,
        seq: receipt.last_seq,
        hash: receipt.hash,
        recorded_at: receipt.recorded_at.to_string(),
        stage: after.stage.code(),
        notices: after
            .notices
            .iter()
            .filter(|notice| given.contains(&notice.version))
            .map(|notice| notice_view(id, notice))
            .collect(),
    }))
}

/// A text about the applicant, sealed with their key.
pub(super) fn about(case: &Case, text: String) -> Personal<String> {
    Personal::new(case.applicant.person, text.trim().to_owned())
}
