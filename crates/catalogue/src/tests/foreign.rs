//! Workbooks as a foreign reader (openpyxl) sees them: what we write it reads cell by cell as we do, and what it
//! writes we read.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    process::Command,
    sync::Arc,
};

use jiff::{Timestamp, civil::date};
use serde::Deserialize;
use tempfile::TempDir;
use wuchuang_kernel::ItemId;

use super::region;
use crate::{
    exchange::{
        DEMONSTRATION, Departments, ExcelImport, ExchangedItem, excel, excel_template,
        excel_with_problems, import_county, read_excel,
    },
    lists::{PublicList, items_of, list_excel},
    model::{Duty, ItemContent, ItemVersion, Question},
};

#[derive(Deserialize)]
struct ForeignSheet {
    name: String,
    frozen: Option<String>,
    cells: BTreeMap<String, ForeignCell>,
    marked: Vec<Marked>,
}

#[derive(Deserialize)]
struct ForeignCell {
    text: String,
    kind: String,
    format: String,
}

#[derive(Deserialize)]
struct Marked {
    cell: String,
    colour: String,
    note: String,
}

/// The foreign reader.
struct Foreign {
    folder: TempDir,
}

impl Foreign {
    fn new() -> Self {
        Self {
            folder: TempDir::new().unwrap(),
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn run(arguments: &[&str]) -> Vec<u8> {
        let own = Path::new(env!("CARGO_MANIFEST_DIR"));
        let peers = std::env::var_os("WUCHUANG_PEERS")
            .map_or_else(|| own.join("../../target/peers"), PathBuf::from);
        let output = Command::new(peers.join("python/bin/python"))
            .arg(own.join("tests/peers/workbook.py"))
            .args(arguments)
            .output()
            .expect("run `cargo xtask test`, which installs the foreign programs (or set WUCHUANG_PEERS to their folder)");
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{error}");
        output.stdout
    }

    fn describe(&self, workbook: &[u8]) -> Vec<ForeignSheet> {
        let path = self.path("described.xlsx");
        std::fs::write(&path, workbook).unwrap();
        let told = Self::run(&["describe", path.to_str().unwrap()]);
        serde_json::from_slice(&told).unwrap()
    }

    fn change(&self, workbook: &[u8], sheet: &str, cell: &str, text: &str) -> Vec<u8> {
        let (from, to) = (self.path("from.xlsx"), self.path("to.xlsx"));
        std::fs::write(&from, workbook).unwrap();
        let (from, to) = (from.to_str().unwrap(), to.to_str().unwrap());
        Self::run(&["change", from, to, sheet, cell, text]);
        std::fs::read(to).unwrap()
    }
}

/// `C7` for the third column of the seventh row, counted from nothing.
fn coordinate(row: u32, column: u16) -> String {
    let mut letters = String::new();
    let mut rest = u32::from(column) + 1;
    while rest > 0 {
        letters.insert(0, char::from(b'A' + u8::try_from((rest - 1) % 26).unwrap()));
        rest = (rest - 1) / 26;
    }
    format!("{letters}{}", row + 1)
}

fn county() -> Vec<ExchangedItem> {
    let mut items = import_county(DEMONSTRATION, region()).unwrap();
    // Every sheet shall have something: questions and duties with signs that a file format could stumble over.
    items[0].content.faq.push(Question {
        question: "“一次”能办完吗？ <1 天 & =SUM(A1)".to_owned(),
        answer: "能。\n第二行".to_owned(),
    });
    items[0].content.duties.push(Duty {
        text: "=不是公式".to_owned(),
        ..Duty::default()
    });
    items
}

fn departments(items: &[ExchangedItem]) -> Departments {
    let departments = items.iter().map(|item| item.content.department.clone());
    Departments(departments.collect())
}

fn read(workbook: &[u8], items: &[ExchangedItem]) -> ExcelImport {
    let present = |id: ItemId| -> Option<ItemContent> {
        let item = items.iter().find(|item| item.id == id);
        item.map(|item| item.content.clone())
    };
    read_excel(workbook, &departments(items), &present).unwrap()
}

#[test]
fn a_foreign_reader_sees_the_same_cells() {
    let foreign = Foreign::new();
    let items = county();
    let workbook = excel(&items).unwrap();
    let described = foreign.describe(&workbook);
    let own = read(&workbook, &items).sheets;
    assert_eq!(own.len(), 10);
    for (foreign, own) in described.iter().zip(&own) {
        assert_eq!(foreign.name, own.name);
        assert_eq!(foreign.frozen.as_deref(), Some("C2"), "{}", own.name);
        assert_eq!(foreign.cells.len(), own.cells.len(), "{}", own.name);
        for ((row, column), text) in &own.cells {
            let cell = &foreign.cells[&coordinate(*row, *column)];
            assert_eq!(cell.text.trim(), text, "{}", own.name);
            assert_eq!(cell.kind, "s", "{text} of {} is text, no formula", own.name);
            assert!(*row == 0 || cell.format == "@", "{text}");
        }
    }
    assert!(
        own.iter()
            .all(|sheet| sheet.cells.keys().any(|(row, _)| *row > 0))
    );
    let template = foreign.describe(&excel_template().unwrap());
    let names = |sheets: &[ForeignSheet]| -> Vec<String> {
        sheets.iter().map(|sheet| sheet.name.clone()).collect()
    };
    assert_eq!(names(&template), names(&described));
}

#[test]
fn a_mistake_is_marked_for_a_foreign_reader_too() {
    let foreign = Foreign::new();
    let mut items = county();
    items.truncate(1);
    items[0].content.name = String::new();
    let import = read(&excel(&items).unwrap(), &items);
    let marked = excel_with_problems(&import.sheets, &import.findings).unwrap();
    let described = foreign.describe(&marked);
    let finding = &import.findings[0];
    let place = coordinate(finding.row, finding.column);
    let sheet = described.iter().find(|sheet| sheet.name == finding.sheet);
    let mark = sheet.unwrap().marked.iter().find(|mark| mark.cell == place);
    let mark = mark.unwrap();
    assert_eq!(mark.colour, "FFFFC7CE");
    assert_eq!(mark.note, finding.public);
}

#[test]
fn what_a_foreign_writer_saves_comes_in() {
    let foreign = Foreign::new();
    let items = county();
    let workbook = excel(&items).unwrap();
    let own = read(&workbook, &items).sheets;
    let column = |title: &str| {
        let cell = own[0]
            .cells
            .iter()
            .find(|((row, _), text)| *row == 0 && *text == title);
        cell.unwrap().0.1
    };
    let phone = coordinate(1, column("咨询电话"));
    let changed = foreign.change(&workbook, "事项", &phone, "0915-4420777");
    let import = read(&changed, &items);
    assert_eq!(import.findings, []);
    let mut expected = items.clone();
    expected[0].content.phone = "0915-4420777".to_owned();
    assert_eq!(import.items, expected, "nothing else has changed");
}

#[test]
fn the_public_lists_open_in_a_foreign_reader() {
    let foreign = Foreign::new();
    let version = |item: ExchangedItem| {
        Arc::new(ItemVersion {
            id: item.id,
            version: 1,
            effective_from: date(2026, 11, 23),
            cancelled_on: None,
            published_at: Timestamp::UNIX_EPOCH,
            published_by: None,
            content: item.content,
        })
    };
    let all: Vec<_> = county().into_iter().map(version).collect();
    for list in PublicList::ALL {
        let items = items_of(list, &all, None);
        let entries: Vec<_> = items.iter().map(|item| list.entry(item)).collect();
        let described = foreign.describe(&list_excel(list, &entries).unwrap());
        let [sheet] = described.as_slice() else {
            panic!("{} has {} sheets", list.name(), described.len());
        };
        assert_eq!(sheet.name, list.name());
        assert_eq!(sheet.cells["A1"].text, "事项名称");
        assert_eq!(sheet.cells["A2"].text, entries[0].name);
        let rows: usize = entries.iter().map(|entry| entry.rows.len()).sum();
        assert!(sheet.cells.contains_key(&format!("A{}", rows + 1)));
        assert!(!sheet.cells.contains_key(&format!("A{}", rows + 2)));
    }
}
