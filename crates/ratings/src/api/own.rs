//! A citizen's own ended cases with whether they rated them, as the page 我的评价 lists them. A case is rated under
//! `POST /api/v1/cases/{case}/rating`.

use axum::{
    Json,
    extract::{Query, State},
};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use wuchuang_webkit::{Caller, Failure};

use super::PageQuery;
use crate::{
    Rooms,
    store::{self, Invitation, InvitationPlace},
};

/// One of the caller's ended cases.
#[derive(Debug, Serialize, ToSchema)]
struct OwnRating {
    /// The case.
    case: String,
    /// The item's name.
    #[schema(example = "失业登记")]
    item_name: String,
    /// The organisation that served.
    #[schema(example = "人力资源和社会保障局")]
    organisation_name: String,
    /// When the case ended (RFC 3339).
    ended_at: String,
    /// Whether it was rated. What was said is shown to nobody but supervision.
    is_rated: bool,
}

impl From<Invitation> for OwnRating {
    fn from(invitation: Invitation) -> Self {
        Self {
            case: invitation.case_id,
            item_name: invitation.item_name,
            organisation_name: invitation.organisation_name,
            ended_at: Timestamp::from_microsecond(invitation.ended_at_us)
                .map_or_else(|_| String::new(), |at| at.to_string()),
            is_rated: invitation.is_rated,
        }
    }
}

/// One page of the caller's ended cases.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OwnRatings {
    /// The cases, the last one to end first.
    items: Vec<OwnRating>,
    /// Where the next page begins.
    next_cursor: Option<String>,
}

fn place_of(cursor: &str) -> Result<InvitationPlace, Failure> {
    let read = || {
        let (at_us, token) = cursor.split_once('-')?;
        let is_token = token.len() <= 64 && token.bytes().all(|byte| byte.is_ascii_alphanumeric());
        Some((at_us.parse().ok()?, token.to_owned())).filter(|_| is_token)
    };
    read().ok_or_else(|| Failure::invalid("翻页位置不对，请从第一页开始。").at("cursor"))
}

/// The caller's own ended cases: which they rated, and which they may still rate.
#[utoipa::path(get, path = "/api/v1/my/ratings", tag = "my", params(PageQuery),
    responses((status = 200, body = OwnRatings), (status = 401), (status = 403), (status = 422, description = "The cursor does not read.")))]
pub(super) async fn own_rating_list(
    State(rooms): State<Rooms>,
    caller: Caller,
    Query(query): Query<PageQuery>,
) -> Result<Json<OwnRatings>, Failure> {
    let person = caller.visitor.person().ok_or_else(Failure::sign_in)?;
    let place = query.cursor.as_deref().map(place_of).transpose()?;
    let database = rooms.ledger.database();
    let (shown, asked) = query.lengths();
    let mut found = store::invitations_of(database, caller.region, person, place, asked).await?;
    let has_more = found.len() > shown;
    found.truncate(shown);
    let next_cursor = found
        .last()
        .filter(|_| has_more)
        .map(|last| format!("{}-{}", last.ended_at_us, last.token));
    Ok(Json(OwnRatings {
        items: found.into_iter().map(OwnRating::from).collect(),
        next_cursor,
    }))
}
