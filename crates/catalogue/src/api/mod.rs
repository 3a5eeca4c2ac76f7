//! The items for programs: `read`, the `suggestions` of the search box, the public `lists` and the printed `papers` for
//! everyone; `draft`, `write`, `together` (several items), `grouping` (归类), the `compression` of limits, the `optimisation` since the first version and the `exchange` of whole files
//! for those who maintain them.

mod compression;
mod draft;
mod exchange;
mod grouping;
mod lists;
mod optimisation;
mod papers;
mod process;
mod read;
mod rules;
mod suggestions;
mod together;
mod write;

use axum::extract::DefaultBodyLimit;
use utoipa_axum::routes;
use wuchuang_kernel::ItemId;
use wuchuang_webkit::{Failure, Routes, Rule};

use crate::{exchange::FILE_BYTES_MAX, pages::FORM_BYTES_MAX, rooms::Rooms};

pub(crate) fn routes() -> Routes<Rooms> {
    let (schemas, paths, import) = routes!(exchange::catalogue_import);
    let import = import.layer(DefaultBodyLimit::max(FILE_BYTES_MAX + FORM_BYTES_MAX));
    Routes::new()
        .api(Rule::Public, routes!(lists::list_overview))
        .api(Rule::Public, routes!(lists::list_read))
        .api(Rule::Public, routes!(lists::list_export))
        .api(Rule::Public, routes!(papers::handbook))
        .api(Rule::Public, routes!(papers::item_notice))
        .api(Rule::Public, routes!(papers::item_situation_notice))
        .api(Rule::Act("item_list"), routes!(draft::item_draft_read))
        .api(Rule::Act("item_list"), routes!(exchange::catalogue_export))
        .api(Rule::Act("item_import"), (schemas, paths, import))
        .api(
            Rule::Act("item_publish"),
            routes!(together::catalogue_publish),
        )
        .api(
            Rule::Act("item_list"),
            routes!(together::catalogue_sameness),
        )
        .api(Rule::Act("item_list"), routes!(together::catalogue_similar))
        .api(
            Rule::Act("item_list"),
            routes!(compression::catalogue_compression),
        )
        .api(
            Rule::Act("item_list"),
            routes!(optimisation::catalogue_optimisation),
        )
        .api(Rule::Public, routes!(suggestions::item_suggestions))
        .api(Rule::Public, routes!(read::item_list))
        .api(Rule::Public, routes!(read::item_read))
        .api(Rule::Public, routes!(read::item_version_read))
        .api(Rule::Act("item_edit"), routes!(write::item_draft))
        .api(Rule::Act("item_edit"), routes!(process::item_process_write))
        .api(Rule::Act("item_list"), routes!(process::item_process_read))
        .api(Rule::Act("item_edit"), routes!(process::process_check))
        .api(Rule::Act("item_edit"), routes!(rules::item_rules_write))
        .api(Rule::Act("item_list"), routes!(rules::item_rules_read))
        .api(Rule::Act("item_list"), routes!(rules::item_rules_try))
        .api(Rule::Act("item_list"), routes!(rules::item_rules_tests))
        .api(Rule::Act("item_edit"), routes!(rules::rules_check))
        .api(Rule::Act("item_publish"), routes!(write::item_publish))
        .api(Rule::Act("item_publish"), routes!(write::item_withdraw))
        .api(Rule::Act("item_publish"), routes!(write::item_take_back))
        .api(Rule::Act("item_publish"), routes!(write::item_lead))
        .and(grouping::routes())
}

fn item_id(text: &str) -> Result<ItemId, Failure> {
    text.parse().map_err(|_| Failure::not_found())
}
