//! The columns of an item's tables: what each cell holds, and how it is read back. The workbook and the
//! editor share them, so that no element can be written in one that the other does not know, and a
//! mistake is told in the same words.

#[macro_use]
mod cells;
mod item;
mod lists;
mod materials;
mod parts;
mod power;
mod procedure;
mod rules;
mod way;

use wuchuang_codes::ItemType;

use crate::{
    exchange::Departments,
    model::{ExtensionTerms, ItemContent, LimitUnit, Place},
};

pub(crate) use item::{guide_columns, identity_columns, item_columns, limit_columns};
pub(crate) use parts::{EachPart, Part, each_part};
use {
    lists::{basis_columns, faq_columns, fee_columns},
    materials::material_columns,
    power::{duty_columns, supervision_columns},
    procedure::{procedure_columns, step_columns},
    rules::test_columns,
};

/// How the editor asks for a cell.
#[derive(Clone, Copy)]
pub(crate) enum Input {
    /// One line.
    Line,
    /// A number.
    Number,
    /// Several lines.
    Lines,
    /// One of these.
    One(fn() -> Vec<&'static str>),
    /// Several of these.
    Many(fn() -> Vec<&'static str>),
    /// 是 or 否.
    YesNo,
    /// The name of a department.
    Department,
}

/// One column of a table whose rows are `T`.
pub(crate) struct Column<T> {
    /// Its heading.
    pub(crate) title: &'static str,
    /// The path that `problems` uses for it, inside the row.
    pub(crate) field: &'static str,
    /// Its width in a workbook, in characters.
    pub(crate) width: f64,
    /// What may be entered.
    pub(crate) hint: &'static str,
    /// How the editor asks for it.
    pub(crate) input: Input,
    /// The cell's text.
    pub(crate) write: fn(&T) -> String,
    /// Reads the cell's text; an empty cell is not read.
    pub(crate) read: fn(&mut T, &str, &Departments) -> Result<(), String>,
}

impl<T> Column<T> {
    fn asked(mut self, input: Input) -> Self {
        self.input = input;
        self
    }
}

pub(super) fn column<T>(
    title: &'static str,
    field: &'static str,
    width: f64,
    hint: &'static str,
    write: fn(&T) -> String,
    read: fn(&mut T, &str, &Departments) -> Result<(), String>,
) -> Column<T> {
    Column {
        title,
        field,
        width,
        hint,
        input: Input::Line,
        write,
        read,
    }
}

pub(super) fn one_of<T>(text: &str, found: Option<T>, names: &[&str]) -> Result<T, String> {
    found.ok_or_else(|| format!("不认识“{}”。请填：{}。", short(text), names.join("、")))
}

pub(crate) fn short(text: &str) -> String {
    text.chars().take(20).collect()
}

pub(super) fn names<T: Copy>(all: &[T], name: fn(T) -> &'static str) -> Vec<&'static str> {
    all.iter().map(|value| name(*value)).collect()
}

pub(super) fn named<T: Copy>(
    text: &str,
    all: &[T],
    name: fn(T) -> &'static str,
    code: fn(T) -> &'static str,
) -> Result<T, String> {
    let text = text.trim();
    let found = all
        .iter()
        .copied()
        .find(|value| name(*value) == text || code(*value) == text);
    one_of(text, found, &names(all, name))
}

/// Several words, divided by the Chinese or Western comma.
pub(super) fn several<T: Copy>(
    text: &str,
    all: &[T],
    name: fn(T) -> &'static str,
    code: fn(T) -> &'static str,
) -> Result<Vec<T>, String> {
    words(text)
        .into_iter()
        .map(|word| named(&word, all, name, code))
        .collect()
}

pub(super) fn words(text: &str) -> Vec<String> {
    text.split(['、', ',', '，', '；', ';'])
        .map(str::trim)
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

pub(super) fn lines(text: &str) -> Vec<String> {
    text.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(str::to_owned)
        .collect()
}

pub(super) fn joined<T: Copy>(values: &[T], name: fn(T) -> &'static str) -> String {
    names(values, name).join("、")
}

pub(super) fn number(text: &str) -> Result<u16, String> {
    text.trim()
        .parse()
        .map_err(|_| format!("“{}”不是 0 到 65535 之间的整数，请改正。", short(text)))
}

pub(super) fn yes(value: bool) -> String {
    if value { "是" } else { "否" }.to_owned()
}

pub(super) fn is_yes(text: &str) -> Result<bool, String> {
    match text.trim() {
        "是" | "√" | "1" | "true" | "TRUE" => Ok(true),
        "否" | "×" | "0" | "false" | "FALSE" => Ok(false),
        other => Err(format!("“{}”看不懂，请填“是”或“否”。", short(other))),
    }
}

pub(super) fn item_type(text: &str) -> Result<ItemType, String> {
    let text = text.trim();
    let found = ItemType::NATIONAL
        .into_iter()
        .find(|known| known.name() == text)
        .or_else(|| ItemType::from_code(text).ok());
    one_of(text, found, &ItemType::NATIONAL.map(ItemType::name))
}

pub(super) fn unit(text: &str) -> Result<LimitUnit, String> {
    one_of(
        text,
        LimitUnit::from_text(text),
        &LimitUnit::ALL.map(LimitUnit::name),
    )
}

pub(super) fn place(line: &str) -> Place {
    let (name, address) = line.split_once('｜').unwrap_or((line, ""));
    Place {
        name: name.trim().to_owned(),
        address: address.trim().to_owned(),
    }
}

pub(super) fn extension(item: &mut ItemContent) -> &mut ExtensionTerms {
    item.extension.get_or_insert_with(|| ExtensionTerms {
        days_max: 0,
        article: String::new(),
        note: String::new(),
    })
}
