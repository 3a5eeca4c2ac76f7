//! The table of the stores of a batch: written line by line on the page, or brought as an Excel sheet, which is then shown on
//! the page, so that what is wrong is mended there. One column a question of the item's form that is not about the applicant.

use std::io::Cursor;

use calamine::{DataRef, Reader, Xlsx};
use rust_xlsxwriter::{Format, Workbook, XlsxError};
use wuchuang_catalogue::exchange::form::is_of_applicant;
use wuchuang_webkit::{
    forms::{Field, FieldKind, Form, Lists, Widget},
    request::workbook::{text_of, unpacks_beyond},
};

use crate::model::stores::STORES_MAX;

/// The heading of the first column.
pub(crate) const NAME: &str = "门店名称";
/// How large a workbook may be, in bytes.
pub(crate) const FILE_BYTES_MAX: usize = 1024 * 1024;
/// How large it may be when unpacked.
const UNPACKED_BYTES_MAX: u64 = 50 * 1024 * 1024;
/// How long the table may be on the page, in characters.
pub(crate) const TEXT_CHARACTERS_MAX: usize = 100_000;
/// How long a cell may be, in characters.
const CELL_CHARACTERS_MAX: usize = 2_000;

/// One store as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    /// Its name.
    pub(crate) name: String,
    /// What stands in the columns behind it.
    pub(crate) cells: Vec<String>,
}

/// The questions that each store answers for itself. What is scanned for one is among its papers.
pub(crate) fn columns(form: &Form) -> Vec<&Field> {
    let fields = form.fields().iter();
    fields
        .filter(|field| {
            !field.element.as_deref().is_some_and(is_of_applicant)
                && field.kind != FieldKind::Rows
                && !field.is_attachment()
        })
        .collect()
}

/// What parts the cells of a line.
fn is_mark(mark: char) -> bool {
    matches!(mark, '|' | '｜' | '\t')
}

/// The lines that name a store: no empty one, and none with the headings.
fn stores(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter(|line| {
        let name = line.split(is_mark).next().unwrap_or_default().trim();
        !line.trim().is_empty() && name != NAME
    })
}

/// The text with nothing but the lines that name a store, so that the page counts lines as people do who are told of one.
pub(crate) fn counted(text: &str) -> String {
    stores(text).collect::<Vec<&str>>().join("\n")
}

/// The stores that are written line by line.
pub(crate) fn rows(text: &str) -> Vec<Row> {
    stores(text)
        .map(|line| {
            let mut cells = line.split(is_mark).map(|cell| cell.trim().to_owned());
            Row {
                name: cells.next().unwrap_or_default(),
                cells: cells.collect(),
            }
        })
        .take(STORES_MAX + 1)
        .collect()
}

/// What a cell says for yes, and for no.
const YES: [&str; 7] = ["是", "有", "√", "✓", "✔", "Y", "true"];
const NO: [&str; 8] = ["", "否", "无", "没有", "×", "✗", "N", "false"];

/// Whether a cell can be read: of a question for yes or no only the words for these.
pub(crate) fn reads(field: &Field, cell: &str) -> bool {
    field.kind != FieldKind::Boolean || YES.contains(&cell) || NO.contains(&cell)
}

/// A cell as a browser would send the answer. What is chosen from a list is written with its words.
pub(crate) fn pairs(field: &Field, cell: &str, lists: &dyn Lists) -> Vec<(String, String)> {
    let one = |value: String| (field.name.clone(), value);
    if cell.is_empty() {
        return Vec::new();
    }
    match field.kind {
        FieldKind::Several => cell
            .split(['、', '，', ',', '；', ';'])
            .map(str::trim)
            .filter(|part| !part.is_empty())
            .map(|part| one(chosen(field, part, lists)))
            .collect(),
        FieldKind::Boolean if YES.contains(&cell) => vec![one("true".to_owned())],
        FieldKind::Boolean => Vec::new(),
        _ => vec![one(chosen(field, cell, lists))],
    }
}

/// The value of what was written: of a choice its words, else itself.
fn chosen(field: &Field, words: &str, lists: &dyn Lists) -> String {
    let own = field.choices.iter().find(|choice| choice.label == words);
    if let Some(choice) = own {
        return choice.value.clone();
    }
    let Some(list) = field
        .list
        .as_deref()
        .filter(|_| field.widget == Widget::Address)
    else {
        return words.to_owned();
    };
    let mut groups = lists.groups(list).into_iter();
    let found = groups.find_map(|group| {
        let mut choices = group.choices.into_iter();
        choices.find(|choice| words == format!("{}{}", group.label, choice.label))
    });
    found.map_or_else(|| words.to_owned(), |choice| choice.value)
}

/// Why a workbook was not read.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub(crate) enum SheetError {
    #[error("这不是能读的 Excel 文件（.xlsx）。请下载模板，填好后保存为 .xlsx 再上传。")]
    Unreadable,
    #[error("文件太大（最大1 MB）。请删去图片和多余的工作表。")]
    TooLarge,
    #[error("表头第{0}列应为“{1}”。请下载模板，按模板的列填写。")]
    Heading(usize, String),
    #[error("最多{STORES_MAX}家门店，请分批提交。")]
    TooMany,
    #[error("表里没有门店。请从第2行开始填写。")]
    Empty,
}

/// The first sheet of a workbook as lines of the page.
pub(crate) fn lines(bytes: &[u8], headings: &[String]) -> Result<String, SheetError> {
    if bytes.len() > FILE_BYTES_MAX || unpacks_beyond(bytes, UNPACKED_BYTES_MAX) {
        return Err(SheetError::TooLarge);
    }
    let unreadable = |_| SheetError::Unreadable;
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(unreadable)?;
    let name = book.sheet_names().first().cloned();
    let name = name.ok_or(SheetError::Unreadable)?;
    let mut reader = book.worksheet_cells_reader(&name).map_err(unreadable)?;
    let mut table: Vec<(u32, Vec<String>)> = Vec::new();
    while let Some(cell) = reader.next_cell().map_err(unreadable)? {
        let (row, column) = cell.get_position();
        let column = usize::try_from(column).unwrap_or(usize::MAX);
        let text = line_of(cell.get_value());
        if column >= headings.len() || text.is_empty() {
            continue;
        }
        if table.last().is_none_or(|(last, _)| *last != row) {
            if table.len() > STORES_MAX {
                return Err(SheetError::TooMany);
            }
            table.push((row, vec![String::new(); headings.len()]));
        }
        if let Some((_, cells)) = table.last_mut() {
            cells[column] = text;
        }
    }
    let mut table = table.into_iter();
    let head = table.next().ok_or(SheetError::Empty)?.1;
    for (place, (found, wanted)) in (1..).zip(head.iter().zip(headings)) {
        if found != wanted {
            return Err(SheetError::Heading(place, wanted.clone()));
        }
    }
    let lines: Vec<String> = table.map(|(_, cells)| cells.join(" | ")).collect();
    if lines.is_empty() {
        return Err(SheetError::Empty);
    }
    Ok(lines.join("\n"))
}

/// An empty workbook with the headings.
pub(crate) fn template(headings: &[String]) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let head = Format::new().set_bold().set_text_wrap();
    let text = Format::new().set_num_format("@");
    let sheet = book.add_worksheet();
    sheet.set_name("门店")?.set_freeze_panes(1, 1)?;
    for (column, heading) in (0u16..).zip(headings) {
        sheet.set_column_format(column, &text)?;
        sheet.set_column_width(column, 20)?;
        sheet.write_string_with_format(0, column, heading, &head)?;
    }
    book.save_to_buffer()
}

/// The text of a cell on one line, without the marks that part cells.
fn line_of(value: &DataRef<'_>) -> String {
    let plain = text_of(value, CELL_CHARACTERS_MAX).replace(['|', '｜', '\t', '\r', '\n'], " ");
    plain.trim().to_owned()
}

#[cfg(test)]
mod tests;
