//! An item as a sheet of cells: what the editor shows and what it reads back.

use std::collections::HashMap;

use wuchuang_webkit::{forms::FieldErrors, markup::Choice};

use crate::{
    columns::{
        Column, EachPart, Input, Part, each_part, guide_columns, identity_columns, limit_columns,
    },
    exchange::Departments,
    model::ItemContent,
};

/// How many empty rows stand below each table.
const EMPTY_ROWS: usize = 2;
/// How many rows a table may have.
const ROWS_MAX: usize = 120;

/// What was typed, by the name of the field.
pub(crate) type Values = HashMap<String, Vec<String>>;

/// One cell to fill in.
pub(crate) struct Cell {
    /// The field's name.
    pub(crate) name: String,
    /// What it is called.
    pub(crate) label: &'static str,
    /// What may be entered.
    pub(crate) hint: &'static str,
    /// What is entered.
    pub(crate) value: String,
    /// `line`, `number`, `lines`, `one`, `many`.
    pub(crate) kind: &'static str,
    /// What can be chosen.
    pub(crate) choices: Vec<Choice>,
}

impl Cell {
    /// What can be chosen, for the macro.
    pub(crate) fn choices(&self) -> &[Choice] {
        &self.choices
    }

    /// Whether a choice is made.
    pub(crate) fn is_ticked(&self, value: &str) -> bool {
        self.value.split('、').any(|word| word == value)
    }
}

/// A titled group of cells.
pub(crate) struct Group {
    /// Its title.
    pub(crate) title: &'static str,
    /// Its cells.
    pub(crate) cells: Vec<Cell>,
}

/// A table of cells.
pub(crate) struct Table {
    /// Its title.
    pub(crate) title: &'static str,
    /// The headings.
    pub(crate) headings: Vec<&'static str>,
    /// The rows, the empty ones below included.
    pub(crate) rows: Vec<Vec<Cell>>,
}

/// The elements as values of fields.
pub(crate) fn values_of(content: &ItemContent) -> Values {
    let mut values = Values::new();
    for columns in [identity_columns(), limit_columns(), guide_columns()] {
        put(&mut values, "", &columns, content);
    }
    each_part(&mut PutRows {
        values: &mut values,
        content,
    });
    let form = serde_json::to_string_pretty(&content.form).unwrap_or_default();
    values.insert("form".to_owned(), vec![form]);
    values
}

fn put<T>(values: &mut Values, prefix: &str, columns: &[Column<T>], row: &T) {
    for column in columns {
        values.insert(
            format!("{prefix}{}", column.field),
            vec![(column.write)(row)],
        );
    }
}

/// Puts the rows of every table.
struct PutRows<'a> {
    values: &'a mut Values,
    content: &'a ItemContent,
}

impl EachPart for PutRows<'_> {
    fn part<T: Default>(&mut self, part: &Part<T>) {
        for (index, row) in (part.entries)(self.content).iter().enumerate() {
            let prefix = format!("{}.{index}.", part.list);
            put(self.values, &prefix, &part.columns, row);
        }
    }
}

/// The groups of single cells.
pub(crate) fn groups(values: &Values, departments: &Departments) -> Vec<Group> {
    let group = |title, columns: Vec<Column<ItemContent>>| Group {
        title,
        cells: cells("", &columns, values, departments),
    };
    vec![
        group("基本信息", identity_columns()),
        group("办理时限", limit_columns()),
        group("办事指南和审核要素", guide_columns()),
    ]
}

/// The tables.
pub(crate) fn tables(values: &Values, departments: &Departments) -> Vec<Table> {
    let mut collect = CollectTables {
        values,
        departments,
        tables: Vec::new(),
    };
    each_part(&mut collect);
    collect.tables
}

struct CollectTables<'a> {
    values: &'a Values,
    departments: &'a Departments,
    tables: Vec<Table>,
}

impl EachPart for CollectTables<'_> {
    fn part<T: Default>(&mut self, part: &Part<T>) {
        let row = |row| {
            let prefix = format!("{}.{row}.", part.list);
            cells(&prefix, &part.columns, self.values, self.departments)
        };
        let rows = row_count(part.list, self.values) + EMPTY_ROWS;
        self.tables.push(Table {
            title: part.title,
            headings: part.columns.iter().map(|column| column.title).collect(),
            rows: (0..rows).map(row).collect(),
        });
    }
}

/// One more than the last row in which anything stands.
fn row_count(list: &str, values: &Values) -> usize {
    let row = |(name, texts): (&String, &Vec<String>)| {
        let number = name
            .strip_prefix(list)?
            .strip_prefix('.')?
            .split('.')
            .next()?;
        texts
            .iter()
            .any(|text| !text.trim().is_empty())
            .then(|| number.parse::<usize>().ok())
            .flatten()
    };
    values
        .iter()
        .filter_map(row)
        .max()
        .map_or(0, |last| last.min(ROWS_MAX) + 1)
}

fn cells<T>(
    prefix: &str,
    columns: &[Column<T>],
    values: &Values,
    departments: &Departments,
) -> Vec<Cell> {
    let cell = |column: &Column<T>| {
        let name = format!("{prefix}{}", column.field);
        let (kind, choices) = kind_of(column.input, departments);
        Cell {
            label: column.title,
            hint: column.hint,
            value: value_of(values, &name),
            kind,
            choices,
            name,
        }
    };
    columns.iter().map(cell).collect()
}

/// How a cell is asked for, and what can be chosen.
fn kind_of(input: Input, departments: &Departments) -> (&'static str, Vec<Choice>) {
    let of_words = |words: Vec<&'static str>| {
        let choices = words.into_iter().map(|word| Choice::new(word, word));
        choices.collect()
    };
    match input {
        Input::Line => ("line", Vec::new()),
        Input::Number => ("number", Vec::new()),
        Input::Lines => ("lines", Vec::new()),
        Input::One(words) => ("one", of_words(words())),
        Input::Many(words) => ("many", of_words(words())),
        Input::YesNo => ("one", of_words(vec!["是", "否"])),
        Input::Department => {
            let departments = departments.0.iter();
            let choices = departments.map(|one| Choice::new(&*one.name, &*one.name));
            ("one", choices.collect())
        }
    }
}

fn value_of(values: &Values, name: &str) -> String {
    values
        .get(name)
        .map(|texts| texts.join("、"))
        .unwrap_or_default()
}

/// Reads the values over the present elements. What does not read is an error at its field; whether
/// the item is complete is asked when it is published.
pub(crate) fn read(
    values: &Values,
    present: ItemContent,
    departments: &Departments,
) -> (ItemContent, FieldErrors) {
    let mut errors = FieldErrors::new();
    let departments = &departments.with_those_of(&present);
    let mut content = present.emptied();
    for columns in [identity_columns(), limit_columns(), guide_columns()] {
        read_row("", &columns, values, &mut content, departments, &mut errors);
    }
    each_part(&mut ReadRows {
        values,
        departments,
        content: &mut content,
        errors: &mut errors,
    });
    match serde_json::from_str(&value_of(values, "form")) {
        Ok(form) => content.form = form,
        Err(error) => errors.add(
            "form",
            format!(
                "表单定义不是正确的 JSON（第 {} 行）。请改正后再保存。",
                error.line()
            ),
        ),
    }
    (content, errors)
}

fn read_row<T>(
    prefix: &str,
    columns: &[Column<T>],
    values: &Values,
    row: &mut T,
    departments: &Departments,
    errors: &mut FieldErrors,
) {
    for column in columns {
        let name = format!("{prefix}{}", column.field);
        // Browsers send line ends as carriage return and line feed.
        let text = value_of(values, &name).replace("\r\n", "\n");
        let text = text.trim();
        if !text.is_empty()
            && let Err(message) = (column.read)(row, text, departments)
        {
            errors.add(name, format!("{}：{message}", column.title));
        }
    }
}

/// Reads the rows of every table: those in which the main cell stands; a row whose main cell was cleared
/// is gone.
struct ReadRows<'a> {
    values: &'a Values,
    departments: &'a Departments,
    content: &'a mut ItemContent,
    errors: &'a mut FieldErrors,
}

impl EachPart for ReadRows<'_> {
    fn part<T: Default>(&mut self, part: &Part<T>) {
        let mut rows: Vec<T> = Vec::new();
        for index in 0..row_count(part.list, self.values) {
            let prefix = format!("{}.{index}.", part.list);
            let main = value_of(self.values, &format!("{prefix}{}", part.main));
            if main.trim().is_empty() {
                continue;
            }
            let mut row = T::default();
            read_row(
                &prefix,
                &part.columns,
                self.values,
                &mut row,
                self.departments,
                self.errors,
            );
            (part.number)(&mut row, rows.len() + 1);
            rows.push(row);
        }
        *(part.entries_mut)(self.content) = rows;
    }
}

/// The field at which a problem's path stands in the editor: `materials[2].name` → `materials.2.name`.
pub(crate) fn field_of(path: &str) -> String {
    let field = path.replace('[', ".").replace(']', "");
    // Lists that are one cell of several lines have no cell per entry.
    ["conditions", "keywords", "places", "accountability"]
        .into_iter()
        .find(|list| field.starts_with(&format!("{list}.")))
        .map_or(field, str::to_owned)
}

/// Percent-encodes a value of an address.
pub(crate) fn encode(text: &str) -> String {
    use std::fmt::Write as _;
    text.bytes().fold(String::new(), |mut encoded, byte| {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.') {
            encoded.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _infallible = write!(encoded, "%{byte:02X}");
        }
        encoded
    })
}
