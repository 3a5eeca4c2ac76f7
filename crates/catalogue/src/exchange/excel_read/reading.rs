//! From cells to items: what each row says, what is wrong in it, and at which cell a rule is broken.

use std::collections::BTreeMap;

use wuchuang_kernel::ItemId;

use super::{
    ApplicantForm, Departments, Finding, ITEMS_MAX, KEY, basic,
    sheets::{Sheet, sheet},
};
use crate::{
    columns::{Column, EachPart, Part, each_part, item_columns},
    identity,
    model::{ItemContent, problems},
};

/// How long an item's key may be.
const KEY_CHARACTERS_MAX: usize = 40;

/// An item while it is read, with the rows it was read from.
pub(super) struct ReadItem {
    key: String,
    pub(super) id: ItemId,
    pub(super) content: ItemContent,
    row: u32,
    part_rows: BTreeMap<String, Vec<u32>>,
}

/// What is found wrong while reading.
pub(super) struct Reading<'a> {
    pub(super) departments: &'a Departments,
    pub(super) findings: Vec<Finding>,
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

    fn row<T>(
        &mut self,
        (sheet, row): (&Sheet, u32),
        columns: &[Column<T>],
        departments: &Departments,
        value: &mut T,
    ) {
        for column in columns {
            let Some(index) = sheet.heading(column.title) else {
                continue;
            };
            let Some(text) = sheet.cells.get(&(row, index)) else {
                continue;
            };
            if let Err(public) = (column.read)(value, text, departments) {
                self.find(sheet, row, column.title, public);
            }
        }
    }

    /// Sheet 事项: the items, each with its row.
    pub(super) fn items(
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
            let present = known.unwrap_or_default();
            let departments = self.departments.with_those_of(&present);
            let mut content = present.emptied();
            self.row((sheet, row), &columns, &departments, &mut content);
            if is_new {
                begin(&mut content, &key);
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

    /// The rules of a complete item, each told at its cell.
    pub(super) fn rules(&mut self, sheets: &[Sheet], items: &[ReadItem]) {
        for item in items {
            for problem in problems(&item.content) {
                let (name, row, title) = place(&problem.field, item);
                let Some(sheet) = sheet(sheets, name) else {
                    continue;
                };
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

/// What a new item has besides its row: a form to begin with, and the county's own key.
fn begin(content: &mut ItemContent, key: &str) {
    content.form = basic(&format!("{}申请表", content.name), ApplicantForm::Person);
    if key.parse::<ItemId>().is_err() {
        content
            .sources
            .insert("source_key".to_owned(), key.to_owned());
    }
}

/// Reads the sheet of each list into the items. A workbook without a sheet leaves its list as it was.
pub(super) struct ReadParts<'a, 'b> {
    pub(super) reading: &'b mut Reading<'a>,
    pub(super) sheets: &'b [Sheet],
    pub(super) items: &'b mut [ReadItem],
}

impl EachPart for ReadParts<'_, '_> {
    fn part<T: Default>(&mut self, part: &Part<T>) {
        let Some(sheet) = sheet(self.sheets, part.sheet) else {
            return;
        };
        for item in &mut *self.items {
            (part.entries_mut)(&mut item.content).clear();
        }
        self.reading.headings(sheet, &part.columns);
        for row in sheet.rows() {
            let Some(key) = self.reading.key(sheet, row) else {
                continue;
            };
            let mut entry = T::default();
            let departments = self.reading.departments;
            self.reading
                .row((sheet, row), &part.columns, departments, &mut entry);
            let Some(item) = self.items.iter_mut().find(|item| item.key == key) else {
                let public =
                    format!("“事项”表里没有标识“{key}”。请先在“事项”表写这个事项，或改正标识。");
                self.reading.find(sheet, row, KEY, public);
                continue;
            };
            let entries = (part.entries_mut)(&mut item.content);
            (part.number)(&mut entry, entries.len() + 1);
            entries.push(entry);
            item.part_rows
                .entry(sheet.name.clone())
                .or_default()
                .push(row);
        }
    }
}

/// Where a problem of an item is told: sheet, row and heading. One that has no cell of its own stands at
/// the item's key.
fn place(field: &str, item: &ReadItem) -> (&'static str, u32, &'static str) {
    let mut search = FindPlace {
        field,
        item,
        found: None,
    };
    each_part(&mut search);
    search.found.unwrap_or_else(|| {
        let field = field.split('[').next().unwrap_or(field);
        (
            "事项",
            item.row,
            title_of(&item_columns(), field).unwrap_or(KEY),
        )
    })
}

/// Looks for the list that a field such as `materials[2].name` belongs to.
struct FindPlace<'a> {
    field: &'a str,
    item: &'a ReadItem,
    found: Option<(&'static str, u32, &'static str)>,
}

impl EachPart for FindPlace<'_> {
    fn part<T: Default>(&mut self, part: &Part<T>) {
        let within = self.field.strip_prefix(part.list);
        let Some((index, rest)) = within
            .and_then(|rest| rest.strip_prefix('['))
            .and_then(|rest| rest.split_once(']'))
        else {
            return;
        };
        let rows = self.item.part_rows.get(part.sheet);
        let row = index
            .parse::<usize>()
            .ok()
            .and_then(|index| rows?.get(index));
        if let Some(row) = row {
            let title = title_of(&part.columns, rest.trim_start_matches('.'));
            self.found = Some((part.sheet, *row, title.unwrap_or(KEY)));
        }
    }
}

fn title_of<T>(columns: &[Column<T>], field: &str) -> Option<&'static str> {
    let column = columns.iter().find(|column| column.field == field);
    column.map(|column| column.title)
}
