//! Where an item may be applied for besides its department: what was delegated whole, for whoever applies.

use axum::{
    Json,
    extract::{Path, State},
};
use serde::Serialize;
use utoipa::ToSchema;
use wuchuang_webkit::{Caller, Failure};

use crate::{nearby, rooms::DelegationRooms};

/// Somewhere an item is done to the end.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PlaceView {
    /// The organisation, as an application names it in `place`.
    organisation: String,
    /// Its name.
    #[schema(example = "城关镇便民服务中心")]
    name: String,
    /// The region that it serves.
    #[schema(example = "610924102")]
    region: String,
    /// Where it is.
    address: String,
    /// Its telephone.
    phone: String,
}

/// Who handles an item.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PlaceList {
    /// The department, which handles every application that names no place.
    department: String,
    /// Those to which it was delegated whole today, by name.
    places: Vec<PlaceView>,
}

/// Who handles an item, for whoever applies for it: the department, and the towns and villages to which it was delegated to the
/// end.
#[utoipa::path(get, path = "/api/v1/items/{item}/places", tag = "items",
    params(("item" = String, Path, description = "The item")),
    responses((status = 200, body = PlaceList), (status = 404)))]
pub(super) async fn item_places(
    State(rooms): State<DelegationRooms>,
    caller: Caller,
    Path(item): Path<String>,
) -> Result<Json<PlaceList>, Failure> {
    let item = rooms.item(&item)?;
    let found = nearby::nearby((&rooms.delegations, &rooms.directory), &caller, item.id).await?;
    Ok(Json(PlaceList {
        department: item.content.department.name.clone(),
        places: found
            .into_iter()
            .map(|one| PlaceView {
                organisation: one.organisation.id.to_string(),
                name: one.organisation.name,
                region: one.organisation.place.to_string(),
                address: one.organisation.address,
                phone: one.organisation.phone,
            })
            .collect(),
    }))
}
