//! Saved views: filters of the worklist that a member of staff keeps under a name.

use axum::{Form, extract::State, response::Redirect};
use serde::Deserialize;
use wuchuang_kernel::{PersonId, Region};
use wuchuang_ledger::{
    StorageError,
    storage::{execute, list},
};
use wuchuang_webkit::{Caller, Failure};

use super::worklist::WorklistQuery;
use crate::rooms::CaseRooms;

/// How many views one person keeps.
const VIEWS_MAX: usize = 20;
/// How long a view's name may be, in characters.
const NAME_CHARACTERS_MAX: usize = 30;

/// A saved view.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct SavedView {
    /// Its name.
    pub(crate) name: String,
    /// The address of the list.
    pub(crate) query: String,
}

/// Someone's views, by name.
pub(crate) async fn of(
    rooms: &CaseRooms,
    region: Region,
    person: PersonId,
) -> Result<Vec<SavedView>, StorageError> {
    let mut views: Vec<SavedView> = list(
        rooms.cases.ledger().database().read(),
        "SELECT name, query FROM case_saved_view WHERE region = $1 AND person = $2 ORDER BY name",
        [region.to_string().into(), person.to_string().into()],
    )
    .await?;
    // A view that was saved when searches still stood in addresses leads to the list without the search.
    for view in &mut views {
        view.query = WorklistQuery::of_address(&view.query)
            .unwrap_or_default()
            .address();
    }
    Ok(views)
}

/// Keeps the filters under a name; those that were kept under the same name before give way.
pub(crate) async fn keep(
    rooms: &CaseRooms,
    caller: &Caller,
    name: &str,
    query: &WorklistQuery,
) -> Result<(), Failure> {
    let me = caller.visitor.person().ok_or_else(Failure::sign_in)?;
    let name = name.trim();
    if name.is_empty() || name.chars().count() > NAME_CHARACTERS_MAX {
        return Err(Failure::invalid("请给这个视图起个名字，最多30个字。").at("name"));
    }
    let kept = of(rooms, caller.region, me).await?;
    if kept.len() >= VIEWS_MAX && kept.iter().all(|view| view.name != name) {
        return Err(Failure::invalid("最多保存20个视图，请先删除不用的。").at("name"));
    }
    execute(
        rooms.cases.ledger().database().write(),
        "INSERT INTO case_saved_view (region, person, name, query) VALUES ($1, $2, $3, $4)
         ON CONFLICT (region, person, name) DO UPDATE SET query = excluded.query",
        [
            caller.region.to_string().into(),
            me.to_string().into(),
            name.into(),
            query.address().into(),
        ],
    )
    .await?;
    Ok(())
}

/// Keeps the view of this name no longer.
pub(crate) async fn drop_view(
    rooms: &CaseRooms,
    caller: &Caller,
    name: &str,
) -> Result<(), Failure> {
    let me = caller.visitor.person().ok_or_else(Failure::sign_in)?;
    execute(
        rooms.cases.ledger().database().write(),
        "DELETE FROM case_saved_view WHERE region = $1 AND person = $2 AND name = $3",
        [
            caller.region.to_string().into(),
            me.to_string().into(),
            name.trim().into(),
        ],
    )
    .await?;
    Ok(())
}

#[derive(Deserialize)]
pub(super) struct ViewForm {
    name: String,
    #[serde(default)]
    query: String,
}

pub(super) async fn save(
    State(rooms): State<CaseRooms>,
    caller: Caller,
    Form(form): Form<ViewForm>,
) -> Result<Redirect, Failure> {
    let query = WorklistQuery::of_address(&form.query)
        .ok_or_else(|| Failure::invalid("只能保存办件列表的筛选。").at("query"))?;
    keep(&rooms, &caller, &form.name, &query).await?;
    Ok(Redirect::to(&query.address()))
}

pub(super) async fn remove(
    State(rooms): State<CaseRooms>,
    caller: Caller,
    Form(form): Form<ViewForm>,
) -> Result<Redirect, Failure> {
    drop_view(&rooms, &caller, &form.name).await?;
    Ok(Redirect::to("/staff/cases"))
}
