//! The lists of an item, each once: its sheet in a workbook, its table in the editor, its columns. Whoever
//! writes, reads, shows or marks all of them goes through [`each_part`], so that a new list is one entry here.

use super::{
    Column, basis_columns, duty_columns, faq_columns, fee_columns, material_columns,
    procedure_columns, step_columns, supervision_columns, test_columns,
};
use crate::model::{ItemContent, ItemMaterial, ItemStep};

/// One list of an item.
pub(crate) struct Part<T> {
    /// The name of its sheet.
    pub(crate) sheet: &'static str,
    /// The title of its table in the editor.
    pub(crate) title: &'static str,
    /// The path that `problems` uses for it.
    pub(crate) list: &'static str,
    /// The column without which an entry is nothing.
    pub(crate) main: &'static str,
    /// Its columns.
    pub(crate) columns: Vec<Column<T>>,
    /// Its entries.
    pub(crate) entries: fn(&ItemContent) -> &Vec<T>,
    /// Its entries, to change them.
    pub(crate) entries_mut: fn(&mut ItemContent) -> &mut Vec<T>,
    /// Gives the n-th entry, counted from one, its key where it has none.
    pub(crate) number: fn(&mut T, usize),
}

/// Something that is done with every list.
pub(crate) trait EachPart {
    /// Does it with one list.
    fn part<T: Default>(&mut self, part: &Part<T>);
}

macro_rules! part {
    ($visitor:ident, $sheet:literal, $title:literal, $list:literal, $main:literal, $($path:ident).+, $columns:expr, $number:expr) => {
        $visitor.part(&Part {
            sheet: $sheet,
            title: $title,
            list: $list,
            main: $main,
            columns: $columns,
            entries: |item| &item.$($path).+,
            entries_mut: |item| &mut item.$($path).+,
            number: $number,
        })
    };
}

/// Goes through all lists, in the order of the sheets.
#[rustfmt::skip]
pub(crate) fn each_part(visitor: &mut impl EachPart) {
    part!(visitor, "材料", "材料", "materials", "name", materials, material_columns(), number_material);
    part!(visitor, "收费", "收费项目", "fee.items", "name", fee.items, fee_columns(), |_, _| {});
    part!(visitor, "依据", "设定依据", "legal_basis", "law", legal_basis, basis_columns(), |_, _| {});
    part!(visitor, "步骤", "步骤", "steps", "name", steps, step_columns(), number_step);
    part!(visitor, "特别程序", "特别程序", "special_procedures", "name", special_procedures, procedure_columns(), |_, _| {});
    part!(visitor, "常见问题", "常见问题", "faq", "question", faq, faq_columns(), |_, _| {});
    part!(visitor, "责任", "责任事项", "duties", "text", duties, duty_columns(), |_, _| {});
    part!(visitor, "监管", "监管措施", "supervision", "measure", supervision, supervision_columns(), |_, _| {});
    part!(visitor, "规则用例", "规则用例", "rules.tests", "name", rules.tests, test_columns(), |_, _| {});
}

fn number_material(material: &mut ItemMaterial, number: usize) {
    if material.id.is_empty() {
        material.id = format!("m{number}");
    }
}

fn number_step(step: &mut ItemStep, number: usize) {
    // A step begins as 审查 with its key; a second one cannot have the same.
    if step.id.is_empty() || (step.id == "review" && number > 1) {
        step.id = format!("s{number}");
    }
}
