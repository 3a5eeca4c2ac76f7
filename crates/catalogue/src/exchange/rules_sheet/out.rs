//! Decision tables written as a workbook.

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError};
use wuchuang_decision::{ColumnView, Definition, TableView};

use super::{DECISION, HEADS, KINDS, POLICY, TYPES};

/// The longest name of a sheet that Excel allows.
const SHEET_NAME_CHARACTERS_MAX: usize = 31;

/// The tables of a file as a workbook; without a file, or without tables in it, an empty one to begin with.
///
/// # Errors
/// When the workbook cannot be put together.
pub fn rules_excel(definition: Option<&Definition>) -> Result<Vec<u8>, XlsxError> {
    let mut tables = definition.map_or_else(Vec::new, Definition::table_views);
    if tables.is_empty() {
        tables.push(template());
    }
    let mut book = Workbook::new();
    let mut names: Vec<String> = Vec::new();
    for table in &tables {
        let name = sheet_name(&table.decision, &names);
        let sheet = book.add_worksheet();
        sheet
            .set_name(&name)?
            .set_freeze_panes(super::FIRST_RULE, 1)?;
        names.push(name);
        write(sheet, table)?;
    }
    book.save_to_buffer()
}

/// What an approval looks like before its first rule is written.
fn template() -> TableView {
    let column = |label: &str, type_ref: &str| ColumnView {
        label: label.to_owned(),
        expression: label.to_owned(),
        type_ref: type_ref.to_owned(),
        ..ColumnView::default()
    };
    TableView {
        decision: "审批".to_owned(),
        hit_policy: "FIRST".to_owned(),
        inputs: vec![column("年龄", "number")],
        outputs: vec![column("结果", "string"), column("理由", "string")],
        annotations: vec!["依据".to_owned()],
        ..TableView::default()
    }
}

/// A name that Excel takes and that no other sheet has; the decision's full name stands in the sheet.
fn sheet_name(decision: &str, taken: &[String]) -> String {
    let plain: String = decision
        .chars()
        .filter(|sign| !r"[]:*?/\'".contains(*sign))
        .take(SHEET_NAME_CHARACTERS_MAX - 3)
        .collect();
    let plain = if plain.trim().is_empty() {
        "规则".to_owned()
    } else {
        plain
    };
    let mut name = plain.clone();
    let mut number = 2;
    while taken.contains(&name) {
        name = format!("{plain}{number}");
        number += 1;
    }
    name
}

fn write(sheet: &mut Worksheet, table: &TableView) -> Result<(), XlsxError> {
    let head = Format::new()
        .set_bold()
        .set_background_color(Color::RGB(0x00DD_E6F0))
        .set_border(FormatBorder::Thin)
        .set_align(FormatAlign::Top)
        .set_text_wrap();
    let text = Format::new()
        .set_num_format("@")
        .set_text_wrap()
        .set_align(FormatAlign::Top);
    for (column, cell) in (0..).zip([DECISION, &table.decision, POLICY, &table.hit_policy]) {
        sheet.write_string_with_format(0, column, cell, &head)?;
    }
    sheet.set_column_width(0, 8)?;
    for (row, name) in (1..).zip(HEADS) {
        sheet.write_string_with_format(row, 0, name, &head)?;
    }
    let inputs = table.inputs.iter().map(|column| (KINDS[0], column.clone()));
    let outputs = table
        .outputs
        .iter()
        .map(|column| (KINDS[1], column.clone()));
    let notes = table.annotations.iter().map(|note| {
        let column = ColumnView {
            label: note.clone(),
            ..ColumnView::default()
        };
        (KINDS[2], column)
    });
    for (at, (kind, column)) in (1u16..).zip(inputs.chain(outputs).chain(notes)) {
        sheet
            .set_column_width(at, 20)?
            .set_column_format(at, &text)?;
        let cells = [
            kind,
            &column.label,
            &column.expression,
            type_name(&column.type_ref),
            &column.values,
            &column.default,
        ];
        for (row, cell) in (1..).zip(cells) {
            sheet.write_string_with_format(row, at, cell, &head)?;
        }
    }
    for (number, rule) in (0u32..).zip(&table.rows) {
        let row = super::FIRST_RULE + number;
        sheet.write_string_with_format(row, 0, (number + 1).to_string(), &text)?;
        let tests = rule.tests.iter().map(|cell| &cell.text);
        let outputs = rule.outputs.iter().map(|cell| &cell.text);
        let cells = tests.chain(outputs).chain(&rule.annotations);
        for (at, cell) in (1u16..).zip(cells) {
            if !cell.is_empty() {
                sheet.write_string_with_format(row, at, cell, &text)?;
            }
        }
    }
    Ok(())
}

fn type_name(type_ref: &str) -> &str {
    let known = TYPES.iter().find(|(_, code)| *code == type_ref);
    known.map_or(type_ref, |(name, _)| name)
}
