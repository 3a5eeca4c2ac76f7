//! Saved views for programs: the filters that a member of staff keeps under a name, the same that the worklist shows.

use axum::{Json, extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use wuchuang_webkit::{Caller, Failure};

use crate::{
    api::body::Body,
    pages::{WorklistQuery, drop_view, keep_view, views_of},
    rooms::CaseRooms,
};

use super::narrowing::narrowed;

/// A saved view.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::api) struct SavedViewBody {
    /// Its name.
    #[schema(example = "我的将到期")]
    name: String,
    /// The list of cases that it stands for, for programs.
    #[schema(example = "/api/v1/cases?mine=true&light=due_soon")]
    cases: String,
    /// The same list as a page.
    #[schema(example = "/staff/cases?view=mine&light=due_soon")]
    page: String,
}

/// Somebody's saved views.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::api) struct SavedViewList {
    /// The views by name; at most 20.
    items: Vec<SavedViewBody>,
}

narrowed! {
    /// A view to save. Words to look for are not kept: they may name somebody.
    struct SavedViewInput {
        /// Its name; a view of the same name is replaced.
        #[schema(example = "我的将到期", max_length = 30)]
        name: String,
    }
}

/// Which view.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::api) struct SavedViewName {
    /// Its name. It is sent in the body, because whoever named it may have named somebody.
    #[schema(example = "我的将到期", max_length = 30)]
    name: String,
}

/// My saved views of the worklist.
#[utoipa::path(get, path = "/api/v1/cases/views", tag = "cases",
    responses((status = 200, body = SavedViewList), (status = 401), (status = 403)))]
pub(in crate::api) async fn case_view_list(
    State(rooms): State<CaseRooms>,
    caller: Caller,
) -> Result<Json<SavedViewList>, Failure> {
    let me = caller.visitor.person().ok_or_else(Failure::sign_in)?;
    let items = views_of(&rooms, caller.region, me)
        .await?
        .into_iter()
        .map(|view| SavedViewBody {
            cases: WorklistQuery::of_address(&view.query)
                .unwrap_or_default()
                .program_address(),
            name: view.name,
            page: view.query,
        })
        .collect();
    Ok(Json(SavedViewList { items }))
}

/// Saves a view; doing so again changes nothing.
#[utoipa::path(post, path = "/api/v1/cases/views", tag = "cases", request_body = SavedViewInput,
    responses((status = 204, description = "It is saved."), (status = 401), (status = 403),
        (status = 422, description = "The name is missing or too long, or 20 views are saved already.")))]
pub(in crate::api) async fn case_view_save(
    State(rooms): State<CaseRooms>,
    caller: Caller,
    Body(input): Body<SavedViewInput>,
) -> Result<StatusCode, Failure> {
    let (narrowing, name) = input.split();
    keep_view(&rooms, &caller, &name, &narrowing.page()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Removes a view; one that is not there is removed already.
#[utoipa::path(post, path = "/api/v1/cases/views/remove", tag = "cases", request_body = SavedViewName,
    responses((status = 204, description = "It is gone."), (status = 401), (status = 403)))]
pub(in crate::api) async fn case_view_remove(
    State(rooms): State<CaseRooms>,
    caller: Caller,
    Body(input): Body<SavedViewName>,
) -> Result<StatusCode, Failure> {
    drop_view(&rooms, &caller, &input.name).await?;
    Ok(StatusCode::NO_CONTENT)
}
