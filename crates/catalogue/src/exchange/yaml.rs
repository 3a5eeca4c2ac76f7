//! This product's own YAML of items: every element, so that what goes out comes in again as it was.

use serde::{Deserialize, Serialize};
use wuchuang_kernel::ItemId;

use super::{ExchangedItem, FILE_BYTES_MAX, ITEMS_MAX};
use crate::model::ItemContent;

/// The number of this form of the file.
const FORM: u32 = 1;

/// Why a file is no list of items.
#[derive(Debug, thiserror::Error)]
pub enum YamlError {
    /// Larger than [`FILE_BYTES_MAX`].
    #[error("文件有 {bytes} 字节，最多 10 MB，请分成几个文件")]
    TooLarge {
        /// How large it is.
        bytes: usize,
    },
    /// Not YAML, or not of this form; the message names line and element.
    #[error("文件读不出来：{0}")]
    Shape(String),
    /// A newer form than this program knows.
    #[error("文件是第 {0} 版格式，本系统只认识第 {FORM} 版，请升级系统后再导入")]
    Form(u32),
    /// More than [`ITEMS_MAX`] items.
    #[error("文件有 {0} 个事项，最多 {ITEMS_MAX} 个，请分成几个文件")]
    TooMany(usize),
    /// Two entries for one item.
    #[error("文件里有两处写了同一个事项（{0}），请删去一处")]
    Twice(ItemId),
}

#[derive(Serialize, Deserialize)]
struct File {
    wuchuang_items: u32,
    items: Vec<Entry>,
}

#[derive(Serialize, Deserialize)]
struct Entry {
    id: ItemId,
    #[serde(flatten)]
    content: ItemContent,
}

/// Writes items.
///
/// # Errors
/// Never for items that were read or entered here; the form alone could be a value YAML cannot hold.
pub fn export_yaml(items: &[ExchangedItem]) -> Result<String, YamlError> {
    let items = items.iter().map(|item| Entry {
        id: item.id,
        content: item.content.clone(),
    });
    let file = File {
        wuchuang_items: FORM,
        items: items.collect(),
    };
    serde_norway::to_string(&file).map_err(|error| YamlError::Shape(error.to_string()))
}

/// Reads items. Whether they can be published is another question: see `model::problems`.
///
/// # Errors
/// See [`YamlError`].
pub fn import_yaml(text: &str) -> Result<Vec<ExchangedItem>, YamlError> {
    if text.len() > FILE_BYTES_MAX {
        return Err(YamlError::TooLarge { bytes: text.len() });
    }
    let file: File =
        serde_norway::from_str(text).map_err(|error| YamlError::Shape(error.to_string()))?;
    if file.wuchuang_items != FORM {
        return Err(YamlError::Form(file.wuchuang_items));
    }
    if file.items.len() > ITEMS_MAX {
        return Err(YamlError::TooMany(file.items.len()));
    }
    let mut seen = std::collections::HashSet::new();
    if let Some(twice) = file.items.iter().find(|entry| !seen.insert(entry.id)) {
        return Err(YamlError::Twice(twice.id));
    }
    Ok(file
        .items
        .into_iter()
        .map(|entry| ExchangedItem {
            id: entry.id,
            content: entry.content,
        })
        .collect())
}
