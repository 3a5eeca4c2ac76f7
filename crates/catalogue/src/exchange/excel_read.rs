//! A workbook as items: everything that is wrong is found at once, each at its cell; nothing is
//! imported unless all of it is right.

use std::{collections::BTreeMap, io::Cursor};

use calamine::{DataRef, Reader, Xlsx};
use wuchuang_kernel::ItemId;

use super::{
    Departments, ExchangedItem, FILE_BYTES_MAX, ITEMS_MAX, KEY, PROBLEM,
    form::{ApplicantForm, basic},
};
use crate::{
    columns::{
        Column, basis_columns, faq_columns, fee_columns, item_columns, material_columns,
        procedure_columns, step_columns,
    },
    identity,
    model::{ItemContent, problems},
};

/// How many rows a sheet may have.
const ROWS_MAX: u32 = 50_000;
/// How many columns a sheet may have.
const COLUMNS_MAX: u32 = 100;
/// How large the unpacked workbook may be, in bytes.
const UNPACKED_BYTES_MAX: u64 = 200 * 1024 * 1024;
/// How many problems are told at once; a file with more has one mistake in every row.
const FINDINGS_MAX: usize = 2_000;
/// How long an item's key may be.
const KEY_CHARACTERS_MAX: usize = 40;

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

    fn heading(&self, title: &str) -> Option<u16> {
        self.cells
            .range((0, 0)..(1, 0))
            .find(|(_, text)| text.trim() == title)
            .map(|((_, column), _)| *column)
    }

    fn rows(&self) -> impl Iterator<Item = u32> {
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

/// Reads a workbook. `existing` gives an item's present elements: what the sheets do not carry (the
/// form, questions, special procedures) is kept.
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
    if let Some(materials) = sheet(&sheets, "材料") {
        reading.parts(
            materials,
            &material_columns(),
            &mut read,
            |item| &mut item.materials,
            |one, number| {
                if one.id.is_empty() {
                    one.id = format!("m{number}");
                }
            },
        );
    }
    if let Some(fees) = sheet(&sheets, "收费") {
        reading.parts(
            fees,
            &fee_columns(),
            &mut read,
            |item| &mut item.fee.items,
            |_, _| {},
        );
    }
    if let Some(basis) = sheet(&sheets, "依据") {
        reading.parts(
            basis,
            &basis_columns(),
            &mut read,
            |item| &mut item.legal_basis,
            |_, _| {},
        );
    }
    if let Some(steps) = sheet(&sheets, "步骤") {
        reading.parts(
            steps,
            &step_columns(),
            &mut read,
            |item| &mut item.steps,
            |one, number| {
                // A step begins as 审查 with its key; a second one cannot have the same.
                if one.id.is_empty() || (one.id == "review" && number > 1) {
                    one.id = format!("s{number}");
                }
            },
        );
    }
    if let Some(procedures) = sheet(&sheets, "特别程序") {
        reading.parts(
            procedures,
            &procedure_columns(),
            &mut read,
            |item| &mut item.special_procedures,
            |_, _| {},
        );
    }
    if let Some(faq) = sheet(&sheets, "常见问题") {
        reading.parts(
            faq,
            &faq_columns(),
            &mut read,
            |item| &mut item.faq,
            |_, _| {},
        );
    }
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

fn sheet<'a>(sheets: &'a [Sheet], name: &str) -> Option<&'a Sheet> {
    sheets.iter().find(|sheet| sheet.name == name)
}

fn read_sheets(bytes: &[u8]) -> Result<Vec<Sheet>, ExcelError> {
    if bytes.len() > FILE_BYTES_MAX || unpacked_bytes(bytes) > UNPACKED_BYTES_MAX {
        return Err(ExcelError::TooLarge);
    }
    if !bytes.starts_with(b"PK") {
        return Err(ExcelError::NotAWorkbook(None));
    }
    let unreadable = |error| ExcelError::NotAWorkbook(Some(error));
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(unreadable)?;
    let mut sheets = Vec::new();
    for name in book.sheet_names().into_iter().take(20) {
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

/// An item while it is read, with the rows it was read from.
struct ReadItem {
    key: String,
    id: ItemId,
    content: ItemContent,
    row: u32,
    part_rows: BTreeMap<String, Vec<u32>>,
}

struct Reading<'a> {
    departments: &'a Departments,
    findings: Vec<Finding>,
}

impl Reading<'_> {
    fn find(&mut self, sheet: &Sheet, row: u32, title: &str, public: impl Into<String>) {
        self.findings.push(Finding {
            sheet: sheet.name.clone(),
            row,
            column: sheet.heading(title).unwrap_or(0),
            title: title.to_owned(),
            public: public.into(),
        });
    }

    /// Headings that are missing are told once, at the first row.
    fn headings<T>(&mut self, sheet: &Sheet, columns: &[Column<T>]) {
        let titles = std::iter::once(KEY).chain(columns.iter().map(|column| column.title));
        for title in titles
            .filter(|title| sheet.heading(title).is_none())
            .collect::<Vec<_>>()
        {
            self.find(
                sheet,
                0,
                title,
                format!("缺少“{title}”这一列。请用模板里的表头。"),
            );
        }
    }

    fn row<T>(&mut self, sheet: &Sheet, row: u32, columns: &[Column<T>], value: &mut T) {
        for column in columns {
            let Some(index) = sheet.heading(column.title) else {
                continue;
            };
            let Some(text) = sheet.cells.get(&(row, index)) else {
                continue;
            };
            if let Err(public) = (column.read)(value, text, self.departments) {
                self.find(sheet, row, column.title, public);
            }
        }
    }

    fn items(
        &mut self,
        sheet: &Sheet,
        existing: &dyn Fn(ItemId) -> Option<ItemContent>,
    ) -> Vec<ReadItem> {
        let columns = item_columns();
        self.headings(sheet, &columns);
        let mut read: Vec<ReadItem> = Vec::new();
        for row in sheet.rows() {
            let Some(key) = self.key(sheet, row) else {
                continue;
            };
            if read.len() >= ITEMS_MAX {
                self.find(
                    sheet,
                    row,
                    KEY,
                    format!("一次最多导入 {ITEMS_MAX} 个事项，请把后面的行移到另一个文件。"),
                );
                break;
            }
            if let Some(first) = read.iter().find(|item| item.key == key) {
                let public = format!(
                    "标识“{key}”与第 {} 行重复。请改掉一个，或删去重复的行。",
                    first.row + 1
                );
                self.find(sheet, row, KEY, public);
                continue;
            }
            let id = key.parse().unwrap_or_else(|_| identity::item_of_key(&key));
            let known = existing(id);
            let is_new = known.is_none();
            let mut content = known.map(ItemContent::emptied).unwrap_or_default();
            self.row(sheet, row, &columns, &mut content);
            if is_new {
                // The sheet 步骤 writes them; a new item's default would stand before them.
                content.steps.clear();
            }
            if is_new {
                content.form = basic(&format!("{}申请表", content.name), ApplicantForm::Person);
                if key.parse::<ItemId>().is_err() {
                    content.sources.insert("source_key".to_owned(), key.clone());
                }
            }
            read.push(ReadItem {
                key,
                id,
                content,
                row,
                part_rows: BTreeMap::new(),
            });
        }
        read
    }

    fn key(&mut self, sheet: &Sheet, row: u32) -> Option<String> {
        let text = sheet
            .heading(KEY)
            .and_then(|column| sheet.cells.get(&(row, column)));
        match text {
            Some(key) if key.chars().count() <= KEY_CHARACTERS_MAX => Some(key.clone()),
            Some(_) => {
                self.find(sheet, row, KEY, "事项标识最多 40 个字符，请改短。");
                None
            }
            None => {
                self.find(
                    sheet,
                    row,
                    KEY,
                    "这一行没有事项标识，不知道属于哪个事项。请补上，或删去这一行。",
                );
                None
            }
        }
    }

    fn parts<T: Default>(
        &mut self,
        sheet: &Sheet,
        columns: &[Column<T>],
        items: &mut [ReadItem],
        list: fn(&mut ItemContent) -> &mut Vec<T>,
        name: fn(&mut T, usize),
    ) {
        self.headings(sheet, columns);
        for row in sheet.rows() {
            let Some(key) = self.key(sheet, row) else {
                continue;
            };
            let mut part = T::default();
            self.row(sheet, row, columns, &mut part);
            let Some(item) = items.iter_mut().find(|item| item.key == key) else {
                self.find(
                    sheet,
                    row,
                    KEY,
                    format!("“事项”表里没有标识“{key}”。请先在“事项”表写这个事项，或改正标识。"),
                );
                continue;
            };
            let parts = list(&mut item.content);
            name(&mut part, parts.len() + 1);
            parts.push(part);
            item.part_rows
                .entry(sheet.name.clone())
                .or_default()
                .push(row);
        }
    }

    /// The rules of a complete item, each told at its cell.
    fn rules(&mut self, sheets: &[Sheet], items: &[ReadItem]) {
        for item in items {
            for problem in problems(&item.content) {
                let (name, row, field) = place(&problem.field, item);
                let Some(sheet) = sheet(sheets, name) else {
                    continue;
                };
                let title = title_of(name, &field);
                // A cell that does not read has told its problem already.
                let is_told = self.findings.iter().any(|finding| {
                    finding.sheet == name && finding.row == row && finding.title == title
                });
                if !is_told {
                    self.find(sheet, row, title, problem.public);
                }
            }
        }
    }
}

/// Sheet, row and column of a problem's field.
fn place(field: &str, item: &ReadItem) -> (&'static str, u32, String) {
    for (list, sheet) in [
        ("materials", "材料"),
        ("fee.items", "收费"),
        ("legal_basis", "依据"),
        ("steps", "步骤"),
        ("special_procedures", "特别程序"),
        ("faq", "常见问题"),
    ] {
        let Some((index, rest)) = field
            .strip_prefix(list)
            .and_then(|rest| rest.strip_prefix('['))
            .and_then(|rest| rest.split_once(']'))
        else {
            continue;
        };
        let rows = item.part_rows.get(sheet);
        let row = index
            .parse::<usize>()
            .ok()
            .and_then(|index| rows?.get(index));
        if let Some(row) = row {
            return (sheet, *row, rest.trim_start_matches('.').to_owned());
        }
    }
    let field = field.split('[').next().unwrap_or(field);
    ("事项", item.row, field.to_owned())
}

/// The heading of a field; a problem without a column of its own stands at the item's key.
fn title_of(sheet: &str, field: &str) -> &'static str {
    fn find<T>(columns: &[Column<T>], field: &str) -> Option<&'static str> {
        columns
            .iter()
            .find(|column| column.field == field)
            .map(|column| column.title)
    }
    match sheet {
        "材料" => find(&material_columns(), field),
        "收费" => find(&fee_columns(), field),
        "依据" => find(&basis_columns(), field),
        "步骤" => find(&step_columns(), field),
        "特别程序" => find(&procedure_columns(), field),
        "常见问题" => find(&faq_columns(), field),
        _ => find(&item_columns(), field),
    }
    .unwrap_or(KEY)
}
