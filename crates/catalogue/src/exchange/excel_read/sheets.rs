//! The texts of an uploaded workbook, cell by cell and within limits.

use std::{collections::BTreeMap, io::Cursor};

use calamine::{Reader, Xlsx};
use wuchuang_webkit::request::workbook::{text_of, unpacks_beyond};

use super::{ExcelError, FILE_BYTES_MAX, PROBLEM};

/// How many rows a sheet may have.
const ROWS_MAX: u32 = 50_000;
/// How many columns a sheet may have.
const COLUMNS_MAX: u32 = 100;
/// How many sheets are read; the rest of a workbook is somebody's own notes.
const SHEETS_MAX: usize = 20;
/// How large the unpacked workbook may be, in bytes.
const UNPACKED_BYTES_MAX: u64 = 200 * 1024 * 1024;

/// The cells of one uploaded sheet.
#[derive(Debug, Clone)]
pub struct Sheet {
    /// Its name.
    pub name: String,
    /// Its texts by row and column, both from 0.
    pub cells: BTreeMap<(u32, u16), String>,
}

impl Sheet {
    /// The first column behind all texts, or the column 问题 of a sheet that was marked before.
    pub fn width(&self) -> u16 {
        if let Some(problem) = self.heading(PROBLEM) {
            return problem;
        }
        self.cells
            .keys()
            .map(|(_, column)| column + 1)
            .max()
            .unwrap_or(1)
    }

    pub(super) fn heading(&self, title: &str) -> Option<u16> {
        self.cells
            .range((0, 0)..(1, 0))
            .find(|(_, text)| text.trim() == title)
            .map(|((_, column), _)| *column)
    }

    pub(super) fn rows(&self) -> impl Iterator<Item = u32> {
        let mut rows: Vec<u32> = self
            .cells
            .keys()
            .map(|(row, _)| *row)
            .filter(|row| *row > 0)
            .collect();
        rows.dedup();
        rows.into_iter()
    }
}

/// The sheet of a name.
pub(super) fn sheet<'a>(sheets: &'a [Sheet], name: &str) -> Option<&'a Sheet> {
    sheets.iter().find(|sheet| sheet.name == name)
}

/// Reads all sheets.
pub(in crate::exchange) fn read_sheets(bytes: &[u8]) -> Result<Vec<Sheet>, ExcelError> {
    if bytes.len() > FILE_BYTES_MAX || unpacks_beyond(bytes, UNPACKED_BYTES_MAX) {
        return Err(ExcelError::TooLarge);
    }
    if !bytes.starts_with(b"PK") {
        return Err(ExcelError::NotAWorkbook(None));
    }
    let unreadable = |error| ExcelError::NotAWorkbook(Some(error));
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(unreadable)?;
    let mut sheets = Vec::new();
    for name in book.sheet_names().into_iter().take(SHEETS_MAX) {
        let mut cells = BTreeMap::new();
        // Cell by cell: a single text in the last corner must not make a table of the whole sheet.
        let mut reader = book.worksheet_cells_reader(&name).map_err(unreadable)?;
        while let Some(cell) = reader.next_cell().map_err(unreadable)? {
            let (row, column) = cell.get_position();
            let text = text_of(cell.get_value(), usize::MAX);
            if text.is_empty() {
                continue;
            }
            let column = u16::try_from(column)
                .ok()
                .filter(|column| u32::from(*column) < COLUMNS_MAX);
            match column {
                Some(column) if row < ROWS_MAX => cells.insert((row, column), text),
                _ => return Err(ExcelError::SheetTooLarge(name)),
            };
        }
        sheets.push(Sheet { name, cells });
    }
    Ok(sheets)
}
