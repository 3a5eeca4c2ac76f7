//! A department's own register of decisions (部门台账), brought as an Excel sheet: read within bounds, with what is wrong
//! named by row and column. Nothing is compared while a cell is wrong.

#[cfg(test)]
mod tests;

use std::{collections::HashSet, io::Cursor};

use calamine::{Reader, Xlsx};
use jiff::civil::Date;
use wuchuang_catalogue::model::ItemVersion;
use wuchuang_kernel::ItemId;
use wuchuang_webkit::request::workbook::{text_of, unpacks_beyond};

use crate::model::round::LINES_MAX;

/// The columns, in order, with their widths.
pub(crate) const COLUMNS: [(&str, f64); 4] = [
    ("文书编号", 28.0),
    ("事项编码或名称", 36.0),
    ("决定日期", 16.0),
    ("申请人证件号码（可不填）", 26.0),
];
/// How large a workbook may be, in bytes.
pub(crate) const FILE_BYTES_MAX: usize = 1024 * 1024;
/// How large it may be when unpacked.
const UNPACKED_BYTES_MAX: u64 = 50 * 1024 * 1024;
/// How long the number of a document may be, in characters.
pub(crate) const DOCUMENT_CHARACTERS_MAX: usize = 40;
/// How long another cell may be, in characters.
const CELL_CHARACTERS_MAX: usize = 200;
/// How many wrong cells are told at once.
const PROBLEMS_MAX: usize = 50;

/// One line as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    /// Its row in the sheet, from 1.
    pub(crate) number: u32,
    pub(crate) cells: [String; COLUMNS.len()],
}

/// One line that reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) row: u32,
    pub(crate) document: String,
    pub(crate) item: ItemId,
    pub(crate) on: Date,
    /// The applicant's number as it was written; never kept.
    pub(crate) applicant: String,
}

/// What is wrong with a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem {
    /// Where: 第3行“决定日期”.
    pub(crate) place: String,
    pub(crate) sentence: String,
}

/// Why a workbook was not read at all.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub(crate) enum SheetError {
    #[error("这不是能读的 Excel 文件（.xlsx）。请下载模板，填好后保存为 .xlsx 再上传。")]
    Unreadable,
    #[error("文件太大（最大1 MB）。请删去图片和多余的工作表。")]
    TooLarge,
    #[error("表头第{0}列应为“{1}”。请下载模板，按模板的列填写。")]
    Heading(usize, &'static str),
    #[error("最多500行，请分成几个文件上传。")]
    TooMany,
    #[error("表里没有内容。请从第2行开始填写。")]
    Empty,
}

/// The rows of the first sheet of a workbook, without those that are empty.
pub(crate) fn rows(bytes: &[u8]) -> Result<Vec<Row>, SheetError> {
    if bytes.len() > FILE_BYTES_MAX || unpacks_beyond(bytes, UNPACKED_BYTES_MAX) {
        return Err(SheetError::TooLarge);
    }
    let unreadable = |_| SheetError::Unreadable;
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(unreadable)?;
    let name = book.sheet_names().first().cloned();
    let name = name.ok_or(SheetError::Unreadable)?;
    let mut reader = book.worksheet_cells_reader(&name).map_err(unreadable)?;
    let mut heading: [String; COLUMNS.len()] = Default::default();
    let mut rows: Vec<Row> = Vec::new();
    while let Some(cell) = reader.next_cell().map_err(unreadable)? {
        let (row, column) = cell.get_position();
        let place = usize::try_from(column).unwrap_or(usize::MAX);
        let text = text_of(cell.get_value(), CELL_CHARACTERS_MAX);
        if place >= COLUMNS.len() || text.is_empty() {
            continue;
        }
        if row == 0 {
            heading[place] = text;
            continue;
        }
        let number = row.saturating_add(1);
        if rows.last().is_none_or(|last| last.number != number) {
            if rows.len() == LINES_MAX {
                return Err(SheetError::TooMany);
            }
            rows.push(Row {
                number,
                cells: Default::default(),
            });
        }
        if let Some(last) = rows.last_mut() {
            last.cells[place] = text;
        }
    }
    for (place, (wanted, _)) in COLUMNS.into_iter().enumerate() {
        if heading[place] != wanted {
            return Err(SheetError::Heading(place + 1, wanted));
        }
    }
    if rows.is_empty() {
        return Err(SheetError::Empty);
    }
    Ok(rows)
}

/// The lines, or everything that is wrong with them. Items are those of the department.
pub(crate) fn lines(
    rows: &[Row],
    items: &[&ItemVersion],
    today: Date,
) -> Result<Vec<Line>, Vec<Problem>> {
    let mut problems = Vec::new();
    let mut seen = HashSet::new();
    let mut lines = Vec::new();
    for row in rows {
        let mut wrong = |column: usize, sentence: &str| {
            if problems.len() < PROBLEMS_MAX {
                problems.push(Problem {
                    place: format!("第{}行“{}”", row.number, COLUMNS[column].0),
                    sentence: sentence.to_owned(),
                });
            }
        };
        let [document, item, on, applicant] = &row.cells;
        let length = document.chars().count();
        if length == 0 || length > DOCUMENT_CHARACTERS_MAX {
            wrong(0, "请填写文书编号，1至40字。");
        } else if !seen.insert(plain(document)) {
            wrong(0, "这个文书编号在表里有两行，请删去重复的。");
        }
        let found = item_of(items, item);
        if found.is_none() {
            wrong(1, "这个部门没有这个编码或者名称的已公布事项，请核对。");
        }
        let day = day_of(on).filter(|day| *day <= today && day.year() >= 1990);
        if day.is_none() {
            wrong(2, "请填写今天或以前的日期，例如 2026-11-20。");
        }
        let is_number =
            applicant.len() <= 18 && applicant.chars().all(|sign| sign.is_ascii_alphanumeric());
        if !is_number {
            wrong(3, "请填写公民身份号码或者统一社会信用代码，或者留空。");
        }
        if let (Some(item), Some(on)) = (found, day) {
            lines.push(Line {
                row: row.number,
                document: document.clone(),
                item,
                on,
                applicant: applicant.to_uppercase(),
            });
        }
    }
    if problems.is_empty() {
        Ok(lines)
    } else {
        Err(problems)
    }
}

/// An item by its printed code, one of its codes, or its name.
fn item_of(items: &[&ItemVersion], text: &str) -> Option<ItemId> {
    if text.is_empty() {
        return None;
    }
    let mut items = items.iter();
    let found = items.find(|version| {
        let content = &version.content;
        content.name == text
            || content.local_code == text
            || content.national_code == text
            || content.printed_code().as_deref() == Some(text)
    });
    found.map(|version| version.id)
}

/// A number without spaces and differing brackets, as it is compared.
pub(crate) fn plain(number: &str) -> String {
    number
        .chars()
        .filter(|sign| !sign.is_whitespace())
        .map(|sign| match sign {
            '(' | '（' | '[' | '［' | '【' => '〔',
            ')' | '）' | ']' | '］' | '】' => '〕',
            sign => sign.to_ascii_uppercase(),
        })
        .collect()
}

/// A day as people and Excel write it.
fn day_of(text: &str) -> Option<Date> {
    let digits = text.replace(['/', '.', '年', '月'], "-").replace('日', "");
    let mut parts = digits.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    Date::new(
        year.trim().parse().ok()?,
        month.trim().parse().ok()?,
        day.trim().parse().ok()?,
    )
    .ok()
}
