//! A list as a workbook: one sheet, every cell filled in each row so that it can be sorted and filtered.

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, Workbook, XlsxError};

use super::{Entry, PublicList};

/// The longest text of a cell that Excel opens.
const CELL_CHARACTERS_MAX: usize = 32_767;
/// The width of the column with the item's name, in characters.
const NAME_WIDTH: f64 = 36.0;

/// The workbook of a list.
///
/// # Errors
/// When the workbook cannot be put together.
pub(crate) fn list_excel(list: PublicList, entries: &[Entry]) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let head = Format::new()
        .set_bold()
        .set_background_color(Color::RGB(0x00DD_E6F0))
        .set_border(FormatBorder::Thin)
        .set_text_wrap();
    // Text cells keep codes of 31 digits and leading zeros as they are.
    let text = Format::new()
        .set_num_format("@")
        .set_text_wrap()
        .set_align(FormatAlign::Top);
    let sheet = book.add_worksheet();
    sheet.set_name(list.name())?.set_freeze_panes(1, 1)?;
    let leads = list.leads().iter().map(|lead| (lead.title, lead.width));
    let headings = list
        .headings()
        .iter()
        .map(|heading| (heading.title, heading.width));
    let titles: Vec<(&str, f64)> = [("事项名称", NAME_WIDTH)]
        .into_iter()
        .chain(leads)
        .chain(headings)
        .collect();
    for (column, (title, width)) in (0u16..).zip(&titles) {
        sheet.write_string_with_format(0, column, *title, &head)?;
        sheet.set_column_width(column, *width)?;
        sheet.set_column_format(column, &text)?;
    }
    let rows = entries.iter().flat_map(|entry| {
        entry.rows.iter().map(move |row| {
            let name = std::iter::once(&entry.name);
            name.chain(&entry.leads).chain(row)
        })
    });
    for (row, cells) in (1u32..).zip(rows) {
        for (column, cell) in (0u16..).zip(cells) {
            if !cell.is_empty() {
                let cut: String = cell.chars().take(CELL_CHARACTERS_MAX).collect();
                sheet.write_string_with_format(row, column, cut, &text)?;
            }
        }
    }
    book.save_to_buffer()
}
