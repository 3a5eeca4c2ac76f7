//! A workbook as items: everything that is wrong is found at once, each at its cell; nothing is
//! imported unless all of it is right.

mod reading;
mod sheets;

use wuchuang_kernel::ItemId;

use self::{
    reading::{ReadParts, Reading},
    sheets::sheet,
};
use super::{
    Departments, ExchangedItem, FILE_BYTES_MAX, ITEMS_MAX, KEY, PROBLEM,
    form::{ApplicantForm, basic},
};
use crate::{columns::each_part, model::ItemContent};

pub use sheets::Sheet;
pub(super) use sheets::read_sheets;

/// How many problems are told at once; a file with more has one mistake in every row.
const FINDINGS_MAX: usize = 2_000;

/// Why a file is no workbook of items at all.
#[derive(Debug, thiserror::Error)]
pub enum ExcelError {
    /// Larger than [`FILE_BYTES_MAX`].
    #[error("文件超过 10 MB。请分成几个文件，再分别导入。")]
    TooLarge,
    /// Not a workbook.
    #[error("这个文件不是能读的 Excel 工作簿（.xlsx）。请用“下载模板”得到的文件填写后再传。")]
    NotAWorkbook(#[source] Option<calamine::XlsxError>),
    /// A sheet is missing.
    #[error("工作簿里没有“{0}”表。请用“下载模板”得到的文件填写。")]
    NoSheet(&'static str),
    /// A sheet has too many rows or columns.
    #[error("“{0}”表太大，最多 50000 行、100 列。请删去多余的行列，或分成几个文件。")]
    SheetTooLarge(String),
}

/// One problem at one cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The sheet.
    pub sheet: String,
    /// The row, from 0; people count from 1.
    pub row: u32,
    /// The column, from 0.
    pub column: u16,
    /// The column's heading.
    pub title: String,
    /// What is wrong and the way out.
    pub public: String,
}

/// A workbook as it was read.
#[derive(Debug)]
pub struct ExcelImport {
    /// The items; to be imported only when there are no findings.
    pub items: Vec<ExchangedItem>,
    /// Everything that is wrong.
    pub findings: Vec<Finding>,
    /// The sheets as uploaded, to write the findings into.
    pub sheets: Vec<Sheet>,
}

/// Reads a workbook. `existing` gives an item's present elements: what the sheets do not carry (the form, a
/// list whose sheet is missing) is kept.
///
/// # Errors
/// When the file is no workbook of items at all; see [`ExcelError`].
pub fn read_excel(
    bytes: &[u8],
    departments: &Departments,
    existing: &dyn Fn(ItemId) -> Option<ItemContent>,
) -> Result<ExcelImport, ExcelError> {
    let sheets = read_sheets(bytes)?;
    let mut reading = Reading {
        departments,
        findings: Vec::new(),
    };
    let items = sheet(&sheets, "事项").ok_or(ExcelError::NoSheet("事项"))?;
    let mut read = reading.items(items, existing);
    each_part(&mut ReadParts {
        reading: &mut reading,
        sheets: &sheets,
        items: &mut read,
    });
    reading.rules(&sheets, &read);
    let mut findings = reading.findings;
    findings.truncate(FINDINGS_MAX);
    let items = read
        .into_iter()
        .map(|item| ExchangedItem {
            id: item.id,
            content: item.content,
        })
        .collect();
    Ok(ExcelImport {
        items,
        findings,
        sheets,
    })
}
