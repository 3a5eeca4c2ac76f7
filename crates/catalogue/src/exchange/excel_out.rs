//! Items as a workbook, the empty template, and an uploaded workbook with its problems marked.

use std::collections::BTreeMap;

use rust_xlsxwriter::{
    Color, Format, FormatAlign, FormatBorder, Note, Workbook, Worksheet, XlsxError,
};

use super::{ExchangedItem, Finding, KEY, PROBLEM, excel_read::Sheet};
use crate::{
    columns::{Column, EachPart, Part, each_part, item_columns},
    identity,
};

/// The longest text of a cell that Excel opens.
const CELL_CHARACTERS_MAX: usize = 32_767;

/// Items as a workbook: sheet 事项 with one row an item, and one sheet for each list that items have.
///
/// # Errors
/// When the workbook cannot be put together.
pub fn excel(items: &[ExchangedItem]) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let head = head_format();
    let rows: Vec<(String, &ExchangedItem)> =
        items.iter().map(|item| (key_of(item), item)).collect();
    write_sheet(
        &mut book,
        "事项",
        &item_columns(),
        rows.iter().map(|(key, item)| (key, &item.content)),
        &head,
    )?;
    let mut parts = WriteParts {
        book: &mut book,
        rows: &rows,
        head: &head,
        outcome: Ok(()),
    };
    each_part(&mut parts);
    parts.outcome?;
    book.save_to_buffer()
}

/// Writes the sheet of each list, until one fails.
struct WriteParts<'a> {
    book: &'a mut Workbook,
    rows: &'a [(String, &'a ExchangedItem)],
    head: &'a Format,
    outcome: Result<(), XlsxError>,
}

impl EachPart for WriteParts<'_> {
    fn part<T: Default>(&mut self, part: &Part<T>) {
        if self.outcome.is_err() {
            return;
        }
        let rows = self.rows.iter().flat_map(|(key, item)| {
            let entries = (part.entries)(&item.content);
            entries.iter().map(move |entry| (key, entry))
        });
        self.outcome = write_sheet(self.book, part.sheet, &part.columns, rows, self.head);
    }
}

/// The same sheets without items, with what may be entered as notes at the headings.
///
/// # Errors
/// When the workbook cannot be put together.
pub fn excel_template() -> Result<Vec<u8>, XlsxError> {
    excel(&[])
}

/// The county's own key where it leads to this item, else the identifier.
fn key_of(item: &ExchangedItem) -> String {
    match item.content.sources.get("source_key") {
        Some(key) if identity::item_of_key(key) == item.id => key.clone(),
        _ => item.id.to_string(),
    }
}

fn head_format() -> Format {
    Format::new()
        .set_bold()
        .set_background_color(Color::RGB(0x00DD_E6F0))
        .set_border(FormatBorder::Thin)
        .set_align(FormatAlign::Top)
        .set_text_wrap()
}

fn write_sheet<'a, T: 'a>(
    book: &mut Workbook,
    name: &str,
    columns: &[Column<T>],
    rows: impl Iterator<Item = (&'a String, &'a T)>,
    head: &Format,
) -> Result<(), XlsxError> {
    // Text cells keep codes of 31 digits and leading zeros as they are.
    let text = Format::new()
        .set_num_format("@")
        .set_text_wrap()
        .set_align(FormatAlign::Top);
    let sheet = book.add_worksheet();
    sheet.set_name(name)?.set_freeze_panes(1, 2)?;
    sheet.write_string_with_format(0, 0, KEY, head)?;
    sheet.set_column_width(0, 12)?.set_column_format(0, &text)?;
    sheet.insert_note(
        0,
        0,
        &note("各表用同一个标识对应同一事项；新事项自己起一个，例如 I41"),
    )?;
    for (index, column) in (1u16..).zip(columns) {
        sheet.write_string_with_format(0, index, column.title, head)?;
        sheet
            .set_column_width(index, column.width)?
            .set_column_format(index, &text)?;
        sheet.insert_note(0, index, &note(column.hint))?;
    }
    for (row, (key, value)) in (1u32..).zip(rows) {
        write_cell(sheet, row, 0, key, &text)?;
        for (index, column) in (1u16..).zip(columns) {
            write_cell(sheet, row, index, &(column.write)(value), &text)?;
        }
    }
    Ok(())
}

fn note(text: &str) -> Note {
    Note::new(text).add_author_prefix(false)
}

fn write_cell(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    text: &str,
    format: &Format,
) -> Result<(), XlsxError> {
    if !text.is_empty() {
        let cut: String = text.chars().take(CELL_CHARACTERS_MAX).collect();
        sheet.write_string_with_format(row, column, cut, format)?;
    }
    Ok(())
}

/// The uploaded sheets again, with each problem at its cell: red, with a note, and in words in the
/// column 问题 at the end of the row.
///
/// # Errors
/// When the workbook cannot be put together.
pub fn excel_with_problems(sheets: &[Sheet], findings: &[Finding]) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let head = head_format();
    let text = Format::new()
        .set_num_format("@")
        .set_text_wrap()
        .set_align(FormatAlign::Top);
    let wrong = text
        .clone()
        .set_background_color(Color::RGB(0x00FF_C7CE))
        .set_font_color(Color::RGB(0x009C_0006));
    for source in sheets {
        let sheet = book.add_worksheet();
        sheet.set_name(&source.name)?.set_freeze_panes(1, 2)?;
        let mut at_cell: BTreeMap<(u32, u16), Vec<&str>> = BTreeMap::new();
        for finding in findings
            .iter()
            .filter(|finding| finding.sheet == source.name)
        {
            at_cell
                .entry((finding.row, finding.column))
                .or_default()
                .push(&finding.public);
        }
        let width = source.width();
        for ((row, column), cell) in &source.cells {
            let format = if *row == 0 { &head } else { &text };
            write_cell(sheet, *row, *column, cell, format)?;
        }
        sheet.write_string_with_format(0, width, PROBLEM, &head)?;
        sheet.set_column_width(width, 60)?;
        let mut in_words: BTreeMap<u32, Vec<String>> = BTreeMap::new();
        for ((row, column), texts) in at_cell {
            let cell = source.cells.get(&(row, column)).map_or("", String::as_str);
            sheet.write_string_with_format(row, column, cell, &wrong)?;
            sheet.insert_note(row, column, &note(&texts.join("\n")))?;
            in_words
                .entry(row)
                .or_default()
                .extend(texts.iter().map(|text| (*text).to_owned()));
        }
        for (row, texts) in in_words {
            // A problem of the headings has no row of its own to stand in.
            if row > 0 {
                write_cell(sheet, row, width, &texts.join("\n"), &wrong)?;
            }
        }
    }
    book.save_to_buffer()
}
