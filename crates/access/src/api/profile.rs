//! 我的信息 of a citizen who signed in, as the page shows it. It is filled in on the page, because completing it makes a new
//! session.

use axum::{Json, extract::State};
use serde::Serialize;
use utoipa::ToSchema;
use wuchuang_codes::PhoneNumber;
use wuchuang_webkit::{Caller, Failure};

use crate::{
    rooms::Rooms,
    sign_in::profile::{masked_number, present},
};

/// The caller's own record.
#[derive(Serialize, ToSchema)]
pub(super) struct ProfileBody {
    /// The identifier.
    person: String,
    /// The name; empty until it was given.
    #[schema(example = "王小明")]
    name: String,
    /// The citizen number, masked; empty until it was given.
    #[schema(example = "610924********1233")]
    number: String,
    /// The phone, masked.
    #[schema(example = "138****8888")]
    phone: String,
}

/// The caller's own record.
#[utoipa::path(get, path = "/api/v1/my/profile", tag = "my",
    responses((status = 200, body = ProfileBody), (status = 401), (status = 403)))]
pub(super) async fn own_profile(
    State(rooms): State<Rooms>,
    caller: Caller,
) -> Result<Json<ProfileBody>, Failure> {
    let entry = present(&rooms, &caller).await?;
    Ok(Json(ProfileBody {
        person: entry.person.to_string(),
        name: entry.name,
        number: masked_number(&entry.number),
        phone: PhoneNumber::parse(&entry.phone)
            .map(|phone| phone.masked())
            .unwrap_or_default(),
    }))
}
