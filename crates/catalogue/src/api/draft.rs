//! What an item is to become: its working copy with what is left to do, as the page of the item shows it to whoever works
//! here.

use axum::{
    Json,
    extract::{Path, State},
};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use wuchuang_webkit::Failure;

use crate::{
    model::{Problem, problems},
    rooms::Rooms,
};

/// Something that stands against a publication.
#[derive(Debug, Serialize, ToSchema)]
struct DraftProblem {
    /// The path of the element: `name`, `materials[2].name`.
    #[schema(example = "materials[2].name")]
    field: String,
    /// A stable code.
    #[schema(example = "empty")]
    code: &'static str,
    /// What is wrong, by which rule, and the way out.
    text: String,
}

impl From<Problem> for DraftProblem {
    fn from(problem: Problem) -> Self {
        Self {
            field: problem.field,
            code: problem.code,
            text: problem.public,
        }
    }
}

/// An item as its editor begins with it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct DraftBody {
    /// The item.
    item: String,
    /// Its place in its stream; send it as `expected_version` with the next working copy.
    #[schema(example = 3)]
    stream_version: i64,
    /// Whether there is a working copy; otherwise this is what was published last.
    has_working_copy: bool,
    /// All elements, the form included.
    #[schema(value_type = Object)]
    content: Value,
    /// What stands against publishing the working copy; empty: it can be published.
    problems: Vec<DraftProblem>,
}

/// The working copy of an item, or what was published last, with what is left to do.
#[utoipa::path(get, path = "/api/v1/items/{item}/draft", tag = "items",
    params(("item" = String, Path, description = "The item.")),
    responses((status = 200, body = DraftBody), (status = 401), (status = 403), (status = 404)))]
pub(super) async fn item_draft_read(
    State(rooms): State<Rooms>,
    Path(item): Path<String>,
) -> Result<Json<DraftBody>, Failure> {
    let (id, stream_version, state) = rooms.item(&item).await?;
    let content = state.current().ok_or_else(Failure::not_found)?;
    let has_working_copy = state.working_copy.is_some();
    let open = if has_working_copy {
        problems(content)
    } else {
        Vec::new()
    };
    Ok(Json(DraftBody {
        item: id.to_string(),
        stream_version,
        has_working_copy,
        content: serde_json::to_value(content).map_err(Failure::internal)?,
        problems: open.into_iter().map(DraftProblem::from).collect(),
    }))
}
