//! The texts of an uploaded workbook, cell by cell and within limits.

use std::{collections::BTreeMap, io::Cursor};

use calamine::{DataRef, Reader, Xlsx};

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
    if bytes.len() > FILE_BYTES_MAX || unpacked_bytes(bytes) > UNPACKED_BYTES_MAX {
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
            let text = text_of(cell.get_value());
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

/// The size that the archive's directory states for all its files together.
fn unpacked_bytes(bytes: &[u8]) -> u64 {
    const ENTRY: &[u8] = b"PK\x01\x02";
    let mut total = 0;
    let mut rest = bytes;
    while let Some(at) = rest.windows(4).position(|window| window == ENTRY) {
        rest = &rest[at + 4..];
        if let Some(size) = rest.get(20..24) {
            total += u64::from(u32::from_le_bytes([size[0], size[1], size[2], size[3]]));
        }
    }
    total
}

fn text_of(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Int(number) => number.to_string(),
        // Excel turns 20 into 20.0; numbers of days and copies are whole.
        DataRef::Float(number) => format!("{number}"),
        DataRef::String(text) => text.trim().to_owned(),
        DataRef::SharedString(text) => text.trim().to_owned(),
        DataRef::Bool(value) => if *value { "是" } else { "否" }.to_owned(),
        DataRef::DateTime(value) => value.to_string(),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::Error(_) | DataRef::Empty => String::new(),
    }
}
