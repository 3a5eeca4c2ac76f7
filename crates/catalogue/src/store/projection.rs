//! Items and their versions as tables, from the events alone.

use wuchuang_ledger::{Existing, Projection, Recorded, Sheet, StorageError, Stream, Table};

use super::ItemStage;
use crate::model::{ItemContent, ItemState, ServiceItem};

/// Writes `service_item` and `service_item_version`.
#[derive(Debug, Clone, Copy)]
pub struct Items;

const VERSIONS: Table = Table {
    name: "service_item_version",
    columns: &[
        "region",
        "item",
        "version",
        "effective_from",
        "cancelled_on",
        "content",
    ],
    key_columns: 3,
    existing: Existing::Replaced,
};

impl Projection for Items {
    fn name(&self) -> &'static str {
        "service_items"
    }

    fn kinds(&self) -> &'static [&'static str] {
        &[ServiceItem::KIND]
    }

    fn tables(&self) -> &'static [&'static str] {
        &["service_item", "service_item_version"]
    }

    fn project(&self, recorded: &Recorded, sheet: &mut Sheet) -> Result<(), StorageError> {
        let Some(state) = recorded.state::<ServiceItem>() else {
            return Ok(());
        };
        put_item(recorded, state, sheet);
        if recorded.event_type == "drafted" {
            return Ok(());
        }
        // A publication writes the new version and ends the one before; older ones stay.
        for version in state.versions.iter().rev().take(2) {
            let content = serde_json::to_string(version.as_ref()).unwrap_or_default();
            sheet.put(
                &VERSIONS,
                [
                    recorded.region.to_string().into(),
                    version.id.to_string().into(),
                    i64::from(version.version).into(),
                    version.effective_from.to_string().into(),
                    version
                        .cancelled_on
                        .map(|day| day.to_string())
                        .unwrap_or_default()
                        .into(),
                    content.into(),
                ],
            );
        }
        Ok(())
    }
}

const ITEMS: Table = Table {
    name: "service_item",
    columns: &[
        "region",
        "item",
        "name",
        "folded",
        "department",
        "department_name",
        "handling",
        "item_type",
        "tags",
        "state",
        "has_working_copy",
        "version",
        "effective_from",
        "cancelled_on",
        "successor",
        "stream_version",
        "changed_at_us",
    ],
    key_columns: 2,
    existing: Existing::Replaced,
};

fn put_item(recorded: &Recorded, state: &ItemState, sheet: &mut Sheet) {
    let Some(content) = state.current() else {
        return;
    };
    let latest = state.latest();
    let stands = match (latest, &state.withdrawal) {
        (None, _) => ItemStage::Draft,
        (Some(_), Some(_)) => ItemStage::Withdrawn,
        (Some(_), None) => ItemStage::Published,
    };
    sheet.put(
        &ITEMS,
        [
            recorded.region.to_string().into(),
            recorded.stream_id.to_string().into(),
            content.name.clone().into(),
            searchable(content).into(),
            content.department.id.to_string().into(),
            content.department.name.clone().into(),
            content.handling.code().into(),
            content.item_type.code().into(),
            content
                .tags
                .iter()
                .fold("|".to_owned(), |text, tag| text + tag.code() + "|")
                .into(),
            stands.code().into(),
            state.working_copy.is_some().into(),
            latest
                .map_or(0, |version| i64::from(version.version))
                .into(),
            latest
                .map(|version| version.effective_from.to_string())
                .unwrap_or_default()
                .into(),
            state
                .withdrawal
                .as_ref()
                .map(|withdrawal| withdrawal.on.to_string())
                .unwrap_or_default()
                .into(),
            state
                .withdrawal
                .as_ref()
                .and_then(|withdrawal| withdrawal.successor)
                .map(|successor| successor.to_string())
                .unwrap_or_default()
                .into(),
            recorded.version.into(),
            recorded.recorded_at.as_microsecond().into(),
        ],
    );
}

/// What the staff's search looks through.
fn searchable(content: &ItemContent) -> String {
    let texts = [
        content.name.as_str(),
        &content.national_code,
        &content.local_code,
        &content.department.name,
        &content.keywords.join(" "),
    ];
    fold(&texts.join(" "))
}

/// Letters in one case, without blanks around: both engines compare texts byte by byte then.
pub(crate) fn fold(text: &str) -> String {
    text.trim().to_lowercase()
}
