//! What pages show, as Excel.

use rust_xlsxwriter::{Format, Workbook, XlsxError};

use crate::sheet::COLUMNS;

/// A cell: a text, or a number that can be added up.
#[derive(Debug, Clone)]
pub(crate) enum Cell {
    Text(String),
    Number(i64),
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<i64> for Cell {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

/// A workbook with one table.
#[expect(
    clippy::cast_precision_loss,
    reason = "counts of a county are far below 2^52"
)]
pub(crate) fn table(
    name: &str,
    columns: &[(&str, f64)],
    rows: &[Vec<Cell>],
) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let head = Format::new().set_bold().set_text_wrap();
    let sheet = book.add_worksheet();
    sheet.set_name(name)?.set_freeze_panes(1, 0)?;
    for (column, (heading, width)) in (0u16..).zip(columns) {
        sheet.set_column_width(column, *width)?;
        sheet.write_string_with_format(0, column, *heading, &head)?;
    }
    for (row, cells) in (1u32..).zip(rows) {
        for (column, cell) in (0u16..).zip(cells) {
            match cell {
                Cell::Text(text) => sheet.write_string(row, column, text)?,
                Cell::Number(number) => sheet.write_number(row, column, *number as f64)?,
            };
        }
    }
    book.save_to_buffer()
}

/// The sheet to fill in for an earlier year: every cell is a text, so that Excel changes no code.
pub(crate) fn template() -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let head = Format::new().set_bold().set_text_wrap();
    let text = Format::new().set_num_format("@");
    let sheet = book.add_worksheet();
    sheet.set_name("往年数据")?.set_freeze_panes(1, 0)?;
    for (column, (heading, width)) in (0u16..).zip(COLUMNS) {
        sheet.set_column_format(column, &text)?;
        sheet.set_column_width(column, width)?;
        sheet.write_string_with_format(0, column, heading, &head)?;
    }
    book.save_to_buffer()
}
