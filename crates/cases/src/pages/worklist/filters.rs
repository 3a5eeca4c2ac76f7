//! What the list can be narrowed to, as choices.

use wuchuang_webkit::{Caller, markup::Choice};

use crate::{model::stage_name, rooms::CaseRooms, store::WorklistScope};
use wuchuang_ledger::StorageError;

pub(super) fn stages() -> Vec<Choice> {
    [
        "examining",
        "correcting",
        "review",
        "decision",
        "issuing",
        "delivering",
        "closed",
        "not_accepted",
        "withdrawn",
        "terminated",
    ]
    .into_iter()
    .map(|code| Choice::new(code, stage_name(code)))
    .collect()
}

pub(super) fn lights() -> Vec<Choice> {
    [
        ("normal", "正常"),
        ("due_soon", "将到期"),
        ("overdue", "已超期"),
        ("paused", "暂停"),
    ]
    .map(|(code, word)| Choice::new(code, word))
    .into()
}

/// In whose hands.
pub(super) fn hands() -> Vec<Choice> {
    [("mine", "在我手里"), ("unclaimed", "无人认领")]
        .map(|(code, word)| Choice::new(code, word))
        .into()
}

/// The items that have open cases in the list.
pub(super) async fn items(
    rooms: &CaseRooms,
    caller: &Caller,
    scope: WorklistScope,
) -> Result<Vec<Choice>, StorageError> {
    let found = rooms.cases.item_names.of(caller.region, scope).await?;
    Ok(found
        .iter()
        .map(|item| Choice::new(&item.item, &item.name))
        .collect())
}
