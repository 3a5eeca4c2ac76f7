//! What the search box offers while somebody types, for kiosks and mini-programs that have a box of their own.

use axum::{
    Json,
    extract::{Query, State},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::rooms::Rooms;

/// What was typed so far.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct SuggestionQuery {
    /// The beginning of a name, or pinyin or initials of it; what is longer than 32 characters is cut.
    #[param(example = "sydj")]
    q: String,
}

/// One item that may be meant.
#[derive(Debug, Serialize, ToSchema)]
struct SuggestionBody {
    /// The item.
    #[schema(example = "0198f2a0c0de7000800000000000abcd")]
    item: String,
    /// Its name.
    #[schema(example = "失业登记")]
    name: String,
}

/// What may be meant.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SuggestionList {
    /// At most eight items, the best first; none for an empty text.
    items: Vec<SuggestionBody>,
}

/// Items in force for completion while somebody types.
#[utoipa::path(get, path = "/api/v1/items/suggestions", tag = "items", params(SuggestionQuery),
    responses((status = 200, body = SuggestionList)))]
pub(super) async fn item_suggestions(
    State(rooms): State<Rooms>,
    Query(query): Query<SuggestionQuery>,
) -> Json<SuggestionList> {
    let items = rooms
        .catalogue
        .suggest(&query.q)
        .into_iter()
        .map(|found| SuggestionBody {
            item: found.id,
            name: found.name,
        })
        .collect();
    Json(SuggestionList { items })
}
