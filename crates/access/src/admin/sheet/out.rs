//! The table of accounts as it goes out: empty, with what is wrong noted at the cell, or with the
//! one-time passwords.

use std::collections::{HashMap, HashSet};

use rust_xlsxwriter::{Color, Format, Note, Workbook, XlsxError};

use super::{COLUMNS, Problem, Row};

/// The empty table to fill.
pub(in crate::admin) fn template(example: &[&str; COLUMNS.len()]) -> Result<Vec<u8>, XlsxError> {
    let row = Row {
        number: 1,
        cells: example.map(str::to_owned),
    };
    write(&[row], None, &[])
}

/// The table as it was sent, with a note at each wrong cell and all of a row's sentences in the
/// column 问题.
pub(in crate::admin) fn with_problems(
    rows: &[Row],
    problems: &[Problem],
) -> Result<Vec<u8>, XlsxError> {
    let mut sentences: HashMap<u32, Vec<String>> = HashMap::new();
    for problem in problems {
        let sentence = format!("{}：{}", problem.heading(), problem.sentence);
        sentences.entry(problem.row).or_default().push(sentence);
    }
    let last = |row: &Row| {
        sentences
            .get(&row.number)
            .map(|all| all.join(" "))
            .unwrap_or_default()
    };
    write(rows, Some(("问题", &last)), problems)
}

/// The table as it was sent, with the one-time passwords of the accounts that were made.
pub(in crate::admin) fn with_passwords(
    rows: &[Row],
    passwords: &HashMap<u32, String>,
) -> Result<Vec<u8>, XlsxError> {
    let last = |row: &Row| passwords.get(&row.number).cloned().unwrap_or_default();
    write(rows, Some(("一次性密码", &last)), &[])
}

/// A column after the others: its heading and each row's text.
type LastColumn<'a> = (&'a str, &'a dyn Fn(&Row) -> String);

fn write(
    rows: &[Row],
    last: Option<LastColumn<'_>>,
    problems: &[Problem],
) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let bold = Format::new().set_bold();
    let red = Format::new().set_background_color(Color::RGB(0x00FF_E0E0));
    let sheet = book.add_worksheet();
    sheet.set_name("账号")?;
    sheet.set_freeze_panes(1, 0)?;
    let extra: u16 = 7;
    for (column, heading) in (0_u16..).zip(COLUMNS) {
        sheet.write_string_with_format(0, column, heading, &bold)?;
        sheet.set_column_width(column, 18)?;
    }
    if let Some((heading, _)) = last {
        sheet.write_string_with_format(0, extra, heading, &bold)?;
        sheet.set_column_width(extra, 40)?;
    }
    let wrong: HashSet<(u32, usize)> = problems
        .iter()
        .map(|problem| (problem.row, problem.column))
        .collect();
    for row in rows {
        for ((column, place), cell) in (0_u16..).zip(0_usize..).zip(&row.cells) {
            if wrong.contains(&(row.number, place)) {
                sheet.write_string_with_format(row.number, column, cell, &red)?;
            } else {
                sheet.write_string(row.number, column, cell)?;
            }
        }
        if let Some((_, text)) = last {
            sheet.write_string(row.number, extra, text(row))?;
        }
    }
    let mut noted = HashSet::new();
    for problem in problems {
        // A cell takes one note; the column 问题 names all.
        if noted.insert((problem.row, problem.column)) {
            let column = u16::try_from(problem.column).unwrap_or(0);
            let note = Note::new(&problem.sentence).set_author("系统");
            sheet.insert_note(problem.row, column, &note)?;
        }
    }
    book.save_to_buffer()
}
