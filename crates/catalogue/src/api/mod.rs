//! The items for programs: `read` for everyone, `write` for those who maintain them.

mod read;
mod write;

use utoipa_axum::routes;
use wuchuang_kernel::ItemId;
use wuchuang_webkit::{Failure, Routes, Rule};

use crate::rooms::Rooms;

pub(crate) fn routes() -> Routes<Rooms> {
    Routes::new()
        .api(Rule::Public, routes!(read::item_list))
        .api(Rule::Public, routes!(read::item_read))
        .api(Rule::Public, routes!(read::item_version_read))
        .api(Rule::Act("item_edit"), routes!(write::item_draft))
        .api(Rule::Act("item_publish"), routes!(write::item_publish))
        .api(Rule::Act("item_publish"), routes!(write::item_withdraw))
}

fn item_id(text: &str) -> Result<ItemId, Failure> {
    text.parse().map_err(|_| Failure::not_found())
}
