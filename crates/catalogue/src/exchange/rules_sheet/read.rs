//! A workbook read as decision tables.

use wuchuang_decision::{
    CellView, ColumnView, RowView, TableCell, TableView, cell_of_element, file_of_tables,
    replace_tables,
};

use super::{DECISION, FIRST_RULE, HEADS, KINDS, TYPES};
use crate::{
    exchange::{
        ExcelError, Finding, PROBLEM,
        excel_read::{Sheet, read_sheets},
    },
    model::rules::read,
};

/// The namespace of files that were made of workbooks: those are made anew, others are only changed in their tables.
const OWN: &str = "namespace=\"urn:wuchuang:rules\"";

/// A workbook as it was read.
#[derive(Debug)]
pub struct RulesImport {
    /// The file that the tables make; to be kept only when there are no findings.
    pub model: String,
    /// Everything that is wrong.
    pub findings: Vec<Finding>,
    /// The sheets as uploaded, to write the findings into.
    pub sheets: Vec<Sheet>,
}

/// Reads a workbook. `present` is the file that the item has; its tables are replaced, and everything else of it stays.
///
/// # Errors
/// When the file is no workbook.
pub fn read_rules_excel(
    name: &str,
    present: &str,
    bytes: &[u8],
) -> Result<RulesImport, ExcelError> {
    let sheets = read_sheets(bytes)?;
    let mut findings = Vec::new();
    let mut tables: Vec<Placed<'_>> = Vec::new();
    for sheet in sheets.iter().filter(|sheet| cell(sheet, 0, 0) == DECISION) {
        tables.push(Placed::read(sheet, &mut findings));
    }
    if tables.is_empty() {
        let sheet = sheets.first().map_or("", |sheet| &sheet.name);
        let text = "工作簿里没有决策表：每张表的第一格写“决策”，旁边写决策的名称。请用“下载 Excel”得到的文件填写。";
        findings.push(finding(sheet, (0, 0), "", text));
    }
    let mut model = String::new();
    if findings.is_empty() {
        let views: Vec<TableView> = tables.iter().map(|placed| placed.table.clone()).collect();
        let is_own = present.is_empty() || present.contains(OWN);
        let made = if is_own {
            Ok(file_of_tables(name, &views))
        } else {
            replace_tables(present, &views)
        };
        match made {
            Ok(text) => model = text,
            Err(problems) => {
                for problem in problems.list() {
                    let text = format!("{}。", problem.text);
                    findings.push(finding(&tables[0].sheet.name, (0, 1), DECISION, &text));
                }
            }
        }
    }
    if let Err(problems) = read(&model)
        && !model.is_empty()
    {
        for problem in problems {
            findings.push(told(&problem, &tables));
        }
    }
    Ok(RulesImport {
        model,
        findings,
        sheets,
    })
}

/// A problem of the file at the cell that it comes from, or at the table's name.
fn told(problem: &crate::model::rules::RulesProblem, tables: &[Placed<'_>]) -> Finding {
    let place = problem.element.as_deref().and_then(cell_of_element);
    let text = format!("{}。", problem.text);
    let whole = || finding(&tables[0].sheet.name, (0, 1), DECISION, &problem.public());
    let Some((table, cell)) = place else {
        return whole();
    };
    let Some(placed) = tables.get(table) else {
        return whole();
    };
    let row = |row: usize| placed.rows.get(row).copied().unwrap_or(FIRST_RULE);
    let input = |column: usize| placed.inputs.get(column).copied().unwrap_or(0);
    let output = |column: usize| placed.outputs.get(column).copied().unwrap_or(0);
    let at = match cell {
        TableCell::InputHead(column) => (3, input(column)),
        TableCell::OutputHead(column) => (3, output(column)),
        TableCell::Test(number, column) => (row(number), input(column)),
        TableCell::Output(number, column) => (row(number), output(column)),
        TableCell::Row(number) => (row(number), 0),
        TableCell::Whole => (0, 1),
    };
    let title = super::read::cell(placed.sheet, 2, at.1).to_owned();
    finding(&placed.sheet.name, at, &title, &text)
}

fn finding(sheet: &str, (row, column): (u32, u16), title: &str, public: &str) -> Finding {
    Finding {
        sheet: sheet.to_owned(),
        row,
        column,
        title: title.to_owned(),
        public: public.to_owned(),
    }
}

fn cell(sheet: &Sheet, row: u32, column: u16) -> &str {
    let text = sheet.cells.get(&(row, column));
    text.map_or("", |text| text.trim())
}

/// A table with the places of its rows and columns in its sheet.
struct Placed<'a> {
    sheet: &'a Sheet,
    table: TableView,
    inputs: Vec<u16>,
    outputs: Vec<u16>,
    rows: Vec<u32>,
}

impl<'a> Placed<'a> {
    fn read(sheet: &'a Sheet, findings: &mut Vec<Finding>) -> Self {
        let mut placed = Self {
            sheet,
            table: TableView {
                decision: cell(sheet, 0, 1).to_owned(),
                hit_policy: cell(sheet, 0, 3).to_uppercase(),
                ..TableView::default()
            },
            inputs: Vec::new(),
            outputs: Vec::new(),
            rows: Vec::new(),
        };
        let mut find = |at: (u32, u16), title: &str, public: &str| {
            findings.push(finding(&sheet.name, at, title, public));
        };
        if placed.table.decision.is_empty() {
            find((0, 1), DECISION, "请写上决策的名称，例如“审批”。");
        }
        for (row, name) in (1..).zip(HEADS) {
            if cell(sheet, row, 0) != name {
                let text = format!(
                    "第 {} 行第一格应是“{name}”。请用“下载 Excel”得到的文件填写。",
                    row + 1
                );
                find((row, 0), name, &text);
            }
        }
        let mut notes = Vec::new();
        for column in 1..sheet.width() {
            let kind = cell(sheet, 1, column);
            let is_empty = (1..FIRST_RULE).all(|row| cell(sheet, row, column).is_empty());
            // Columns that this program added to a workbook with problems.
            if is_empty || cell(sheet, 0, column) == PROBLEM {
                continue;
            }
            match kind {
                "条件" => {
                    placed.inputs.push(column);
                    placed.table.inputs.push(head(sheet, column));
                }
                "结果" => {
                    placed.outputs.push(column);
                    placed.table.outputs.push(head(sheet, column));
                }
                "说明" => {
                    notes.push(column);
                    placed
                        .table
                        .annotations
                        .push(cell(sheet, 2, column).to_owned());
                }
                other => {
                    let text = format!("不认识“{other}”。请填：{}。", KINDS.join("、"));
                    find((1, column), HEADS[0], &text);
                }
            }
        }
        if placed.outputs.is_empty() {
            find((1, 0), HEADS[0], "没有“结果”列，请至少写一列。");
        }
        placed.rules(&notes);
        placed
    }

    fn rules(&mut self, notes: &[u16]) {
        let sheet = self.sheet;
        let mut rows: Vec<u32> = sheet.cells.keys().map(|(row, _)| *row).collect();
        rows.dedup();
        let columns: Vec<u16> = self.inputs.iter().chain(&self.outputs).copied().collect();
        for row in rows.into_iter().filter(|row| *row >= FIRST_RULE) {
            if columns
                .iter()
                .all(|column| cell(sheet, row, *column).is_empty())
            {
                continue;
            }
            let written = |columns: &[u16],
                           heads: &[ColumnView],
                           empty: &str,
                           feel: fn(&str, &str) -> String| {
                let cells = columns.iter().zip(heads);
                cells
                    .map(|(column, head)| {
                        let text = cell(sheet, row, *column);
                        let text = if text.is_empty() { empty } else { text };
                        CellView {
                            text: feel(text, &head.type_ref),
                            words: String::new(),
                        }
                    })
                    .collect()
            };
            self.rows.push(row);
            self.table.rows.push(RowView {
                line: 0,
                tests: written(&self.inputs, &self.table.inputs, "-", tests),
                outputs: written(&self.outputs, &self.table.outputs, "", value),
                annotations: notes
                    .iter()
                    .map(|column| cell(sheet, row, *column).to_owned())
                    .collect(),
            });
        }
    }
}

fn head(sheet: &Sheet, column: u16) -> ColumnView {
    let label = cell(sheet, 2, column);
    let from = cell(sheet, 3, column);
    let written = cell(sheet, 4, column);
    let known = TYPES.iter().find(|(name, _)| *name == written);
    let type_ref = known.map_or(written, |(_, code)| code).to_owned();
    ColumnView {
        label: label.to_owned(),
        expression: if from.is_empty() { label } else { from }.to_owned(),
        values: tests(cell(sheet, 5, column), &type_ref),
        default: value(cell(sheet, 6, column), &type_ref),
        type_ref,
    }
}

/// What somebody wrote as a condition, as the decision language writes it: plain words of a text column need no quotes, 是 and 否
/// are yes and no. Anything else stays as it is, and is checked as it is.
fn tests(text: &str, type_ref: &str) -> String {
    if type_ref == "string" && is_plain(text) {
        let words = text.split(['、', '，']).map(str::trim);
        let words: Vec<String> = words.map(|word| format!("\"{word}\"")).collect();
        return words.join(",");
    }
    yes_or_no(text, type_ref)
}

/// What somebody wrote as a result: a sentence of a text column is one text, commas and all.
fn value(text: &str, type_ref: &str) -> String {
    let is_sentence = type_ref == "string"
        && !text.is_empty()
        && !text.contains(['"', '\\'])
        && !matches!(text, "-" | "null");
    if is_sentence {
        return format!("\"{text}\"");
    }
    yes_or_no(text, type_ref)
}

fn yes_or_no(text: &str, type_ref: &str) -> String {
    match (type_ref, text) {
        ("boolean", "是") => "true".to_owned(),
        ("boolean", "否") => "false".to_owned(),
        (_, other) => other.to_owned(),
    }
}

/// Whether a text has nothing of the decision language in it.
fn is_plain(text: &str) -> bool {
    !text.is_empty()
        && text != "-"
        && text != "null"
        && !text.contains(['"', '(', ')', '<', '>', '=', '?', '[', ']', '{', '}', ','])
}
