//! Finding the one item in force that somebody means by what they typed: its name, the name with the department, or a code. A list to
//! choose from would have thousands of lines.

use std::sync::Arc;

use crate::{Catalogue, model::ItemVersion};

/// How many items of one name a refusal names.
const TOLD_MAX: usize = 5;

/// How an item is written so that [`named`] finds it again: 失业登记（人力资源和社会保障局）.
pub(crate) fn written(version: &ItemVersion) -> String {
    let content = &version.content;
    format!("{}（{}）", content.name, content.department.name)
}

/// The item in force that a text means.
///
/// # Errors
/// A sentence for whoever typed it: there is none, or there are several.
pub(crate) fn named(catalogue: &Catalogue, text: &str) -> Result<Arc<ItemVersion>, String> {
    let text = text.trim();
    let mut found: Vec<Arc<ItemVersion>> = catalogue.all();
    found.retain(|version| {
        let content = &version.content;
        let names = [&content.name, &content.national_code, &content.local_code];
        names.into_iter().any(|name| name == text)
            || version.id.to_string() == text
            || written(version) == text
    });
    match found.as_slice() {
        [only] => Ok(Arc::clone(only)),
        [] => Err(format!(
            "没有找到现行的事项“{}”。请照事项库里的名称写，或者写它的编码。",
            text.chars().take(60).collect::<String>()
        )),
        several => {
            let told: Vec<String> = several
                .iter()
                .take(TOLD_MAX)
                .map(|version| match version.content.local_code.as_str() {
                    "" => written(version),
                    code => format!("{}，编码 {code}", written(version)),
                })
                .collect();
            Err(format!(
                "有 {} 个事项符合“{text}”：{}。请写其中一个的编码。",
                several.len(),
                told.join("；")
            ))
        }
    }
}
