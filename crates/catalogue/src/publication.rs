//! Several items are published at once, by the page and by programs: one that cannot be published is named with the
//! reason and does not keep the others from being published.

use axum::http::StatusCode;
use jiff::civil::Date;
use wuchuang_kernel::{CommandId, ItemId};
use wuchuang_ledger::Expected;
use wuchuang_webkit::{Caller, Failure};

use crate::{model::ItemCommand, rooms::Rooms};

/// How many items may be published at once.
pub(crate) const PUBLISH_MAX: usize = 200;

/// An item that was left as it is.
pub(crate) struct Left {
    pub(crate) item: ItemId,
    /// Its name; empty for an item that is not there.
    pub(crate) name: String,
    pub(crate) reason: Failure,
}

/// What became of several items.
#[derive(Default)]
pub(crate) struct Published {
    pub(crate) published: Vec<ItemId>,
    pub(crate) left: Vec<Left>,
}

/// Publishes the working copies of items from a day on.
///
/// # Errors
/// Whatever is wrong with the house and not with an item; what was published stays published.
pub(crate) async fn publish_several(
    rooms: &Rooms,
    caller: &Caller,
    items: Vec<ItemId>,
    effective_from: Date,
    form_key: Option<&str>,
) -> Result<Published, Failure> {
    let key = caller.order(form_key, Expected::Existing).command_id;
    let mut done = Published::default();
    for item in items {
        // Each item's command has a key of its own, the same when all of it is sent twice.
        let own = CommandId::from_u128(key.uuid().as_u128() ^ item.uuid().as_u128()).to_string();
        let order = caller.order(Some(&own), Expected::Existing);
        let command = ItemCommand::Publish { effective_from };
        match rooms.send(item, command, order).await {
            Ok(_) => done.published.push(item),
            Err(reason) if is_about_item(&reason) => {
                let state = rooms.catalogue.state(item).await?;
                let name = state
                    .and_then(|(_, state)| state.current().map(|content| content.name.clone()));
                done.left.push(Left {
                    item,
                    name: name.unwrap_or_default(),
                    reason,
                });
            }
            Err(failure) => return Err(failure),
        }
    }
    Ok(done)
}

fn is_about_item(failure: &Failure) -> bool {
    [
        StatusCode::UNPROCESSABLE_ENTITY,
        StatusCode::NOT_FOUND,
        StatusCode::CONFLICT,
    ]
    .contains(&failure.status)
}
