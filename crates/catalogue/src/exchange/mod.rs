//! Items in and out: the demonstration county's file, this product's own YAML, and Excel.

pub mod county;
mod excel_out;
mod excel_read;
pub mod form;
mod limit_words;
mod rules_sheet;
#[cfg(test)]
mod tests;
pub mod yaml;

use wuchuang_kernel::ItemId;

use crate::{
    columns::short,
    model::{Department, ItemContent},
};

pub use county::{CountyFiles, DEMONSTRATION, import_county};
pub use excel_out::{excel, excel_template, excel_with_problems};
pub use excel_read::{ExcelError, ExcelImport, Finding, read_excel};
pub use rules_sheet::{RulesImport, read_rules_excel, rules_excel};
pub use yaml::{YamlError, export_yaml, import_yaml};

/// The first column of each sheet, which ties the rows of one item together.
pub(crate) const KEY: &str = "事项标识";
/// The column that is added to a sheet with problems.
pub(crate) const PROBLEM: &str = "问题";
/// How many items one file may hold.
pub const ITEMS_MAX: usize = 5_000;
/// How large an uploaded file may be, in bytes.
pub const FILE_BYTES_MAX: usize = 10 * 1024 * 1024;

/// An item as it goes in or out.
#[derive(Debug, Clone, PartialEq)]
pub struct ExchangedItem {
    /// The item.
    pub id: ItemId,
    /// Its elements.
    pub content: ItemContent,
}

/// The departments that a file may name.
#[derive(Debug, Clone, Default)]
pub struct Departments(pub Vec<Department>);

impl Departments {
    /// The department of a name or of a short code.
    pub fn find(&self, text: &str) -> Option<&Department> {
        let text = text.trim();
        self.0
            .iter()
            .find(|department| department.name == text || department.code == text)
    }

    /// The department of a name or of a short code, or a sentence for whoever typed it.
    pub(crate) fn named(&self, text: &str) -> Result<Department, String> {
        let known = self.find(text).cloned();
        known.ok_or_else(|| {
            format!(
                "没有叫“{}”的部门。请用机构表里的全称，或先建机构。",
                short(text)
            )
        })
    }

    /// These and the ones that the item names already: what stands may stay, even when the directory has it no longer.
    pub(crate) fn with_those_of(&self, item: &ItemContent) -> Self {
        let supervising = item.supervised.as_ref().map(|terms| &terms.department);
        let standing = supervising.into_iter().chain([&item.department]);
        let missing = standing.filter(|department| {
            !department.name.is_empty() && self.find(&department.name).is_none()
        });
        Self(self.0.iter().chain(missing).cloned().collect())
    }
}
