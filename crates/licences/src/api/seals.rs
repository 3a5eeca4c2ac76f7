//! The seal-use ledger (用印台账): who had which document sealed, and when.

use axum::{
    Json,
    extract::{Query, State},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use wuchuang_webkit::{Caller, Failure};

use super::{LIMIT_MAX, LIMIT_USUAL};
use crate::{
    Rooms,
    model::Approval,
    pages::{seal_kind, seal_uses},
};

/// Which part of the ledger.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct SealQuery {
    /// Where the page before ended.
    cursor: Option<String>,
    /// How many items, at most 100.
    #[param(maximum = 100)]
    limit: Option<i64>,
}

/// A use of the seal.
#[derive(Debug, Serialize, ToSchema)]
struct SealItem {
    /// Its place in the county's chain.
    #[schema(example = 90_211)]
    seq: i64,
    /// `licence`, `print`, `annotation` or `notice`.
    #[schema(example = "licence")]
    kind: String,
    /// The same in words.
    #[schema(example = "证照")]
    kind_name: &'static str,
    /// The document's title.
    #[schema(example = "食品经营许可证")]
    title: String,
    /// The document's number.
    number: String,
    /// The number of the case that it belongs to.
    case_number: String,
    /// The organisation whose seal it is.
    organisation_name: String,
    /// Who asked for it: a member of staff by name, the applicant without a name, or the system.
    #[schema(example = "系统（依据办件决定）")]
    actor: String,
    /// When (RFC 3339).
    used_at: String,
    /// What each level of approval said before the seal was used (逐级审批); empty for papers that need no approval.
    approvals: Vec<SealApproval>,
}

/// What one level of approval said.
#[derive(Debug, Serialize, ToSchema)]
struct SealApproval {
    /// The level's name.
    #[schema(example = "镇审核")]
    level: String,
    /// Whether it agreed.
    agrees: bool,
    /// Who said it, by name.
    by: String,
    /// When (RFC 3339).
    at: String,
}

/// One page of the ledger.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SealList {
    /// The uses, the newest first.
    items: Vec<SealItem>,
    /// Where the next page begins.
    next_cursor: Option<String>,
}

/// Uses of the seal, the newest first: of one's own organisation, or of all for supervision and administrators.
#[utoipa::path(get, path = "/api/v1/seal-uses", tag = "licences", params(SealQuery),
    responses((status = 200, body = SealList), (status = 401), (status = 403), (status = 422, description = "The cursor does not read.")))]
pub(super) async fn seal_use_list(
    State(rooms): State<Rooms>,
    caller: Caller,
    Query(query): Query<SealQuery>,
) -> Result<Json<SealList>, Failure> {
    let wrong = |_| Failure::invalid("翻页位置不对，请从第一页开始。").at("cursor");
    let cursor = query.cursor.as_deref();
    let before_seq: i64 = cursor
        .map_or(Ok(i64::MAX), str::parse::<i64>)
        .map_err(wrong)?;
    let limit = query.limit.unwrap_or(LIMIT_USUAL).clamp(1, LIMIT_MAX);
    let found = seal_uses(&rooms, &caller, before_seq, limit).await?;
    let is_full = i64::try_from(found.len()).is_ok_and(|count| count == limit);
    let next_cursor = found
        .last()
        .filter(|_| is_full)
        .map(|last| last.row.seq.to_string());
    let items = found
        .into_iter()
        .map(|found| SealItem {
            seq: found.row.seq,
            kind_name: seal_kind(&found.row.kind),
            kind: found.row.kind,
            title: found.row.title,
            number: found.row.number,
            case_number: found.row.case_number,
            organisation_name: found.row.organisation_name,
            approvals: found.approvals.into_iter().map(approval).collect(),
            actor: found.actor,
            used_at: found.used_at.to_string(),
        })
        .collect();
    Ok(Json(SealList { items, next_cursor }))
}

fn approval((said, by): (Approval, String)) -> SealApproval {
    SealApproval {
        agrees: said.verdict.agrees(),
        at: said.at.to_string(),
        level: said.level,
        by,
    }
}
