//! An item as a sheet of cells: what the editor shows and what it reads back.

use std::collections::HashMap;

use wuchuang_webkit::{forms::FieldErrors, markup::Choice};

use crate::{
    columns::{
        Column, Input, basis_columns, faq_columns, fee_columns, guide_columns, identity_columns,
        limit_columns, material_columns, procedure_columns, step_columns,
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
    put_rows(
        &mut values,
        "materials",
        &material_columns(),
        &content.materials,
    );
    put_rows(&mut values, "steps", &step_columns(), &content.steps);
    put_rows(
        &mut values,
        "legal_basis",
        &basis_columns(),
        &content.legal_basis,
    );
    put_rows(&mut values, "fee.items", &fee_columns(), &content.fee.items);
    put_rows(
        &mut values,
        "special_procedures",
        &procedure_columns(),
        &content.special_procedures,
    );
    put_rows(&mut values, "faq", &faq_columns(), &content.faq);
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

fn put_rows<T>(values: &mut Values, list: &str, columns: &[Column<T>], rows: &[T]) {
    for (index, row) in rows.iter().enumerate() {
        put(values, &format!("{list}.{index}."), columns, row);
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
    vec![
        table(
            "材料",
            "materials",
            &material_columns(),
            values,
            departments,
        ),
        table("步骤", "steps", &step_columns(), values, departments),
        table(
            "设定依据",
            "legal_basis",
            &basis_columns(),
            values,
            departments,
        ),
        table("收费项目", "fee.items", &fee_columns(), values, departments),
        table(
            "特别程序",
            "special_procedures",
            &procedure_columns(),
            values,
            departments,
        ),
        table("常见问题", "faq", &faq_columns(), values, departments),
    ]
}

fn table<T>(
    title: &'static str,
    list: &str,
    columns: &[Column<T>],
    values: &Values,
    departments: &Departments,
) -> Table {
    let rows = row_count(list, values) + EMPTY_ROWS;
    Table {
        title,
        headings: columns.iter().map(|column| column.title).collect(),
        rows: (0..rows)
            .map(|row| cells(&format!("{list}.{row}."), columns, values, departments))
            .collect(),
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
    columns
        .iter()
        .map(|column| {
            let name = format!("{prefix}{}", column.field);
            let named = |names: Vec<&'static str>| {
                names
                    .into_iter()
                    .map(|name| Choice::new(name, name))
                    .collect()
            };
            let (kind, choices) = match column.input {
                Input::Line => ("line", Vec::new()),
                Input::Number => ("number", Vec::new()),
                Input::Lines => ("lines", Vec::new()),
                Input::One(names) => ("one", named(names())),
                Input::Many(names) => ("many", named(names())),
                Input::YesNo => ("one", named(vec!["是", "否"])),
                Input::Department => {
                    let names = departments
                        .0
                        .iter()
                        .map(|one| Choice::new(&*one.name, &*one.name));
                    ("one", names.collect())
                }
            };
            Cell {
                label: column.title,
                hint: column.hint,
                value: value_of(values, &name),
                kind,
                choices,
                name,
            }
        })
        .collect()
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
    let mut content = present.emptied();
    for columns in [identity_columns(), limit_columns(), guide_columns()] {
        read_row("", &columns, values, &mut content, departments, &mut errors);
    }
    let reading = (values, departments);
    content.materials = read_rows(
        "materials",
        "name",
        &material_columns(),
        reading,
        &mut errors,
    );
    content.steps = read_rows("steps", "name", &step_columns(), reading, &mut errors);
    content.legal_basis = read_rows("legal_basis", "law", &basis_columns(), reading, &mut errors);
    content.fee.items = read_rows("fee.items", "name", &fee_columns(), reading, &mut errors);
    content.special_procedures = read_rows(
        "special_procedures",
        "name",
        &procedure_columns(),
        reading,
        &mut errors,
    );
    content.faq = read_rows("faq", "question", &faq_columns(), reading, &mut errors);
    for (index, material) in content
        .materials
        .iter_mut()
        .enumerate()
        .filter(|(_, one)| one.id.is_empty())
    {
        material.id = format!("m{}", index + 1);
    }
    for (index, step) in content
        .steps
        .iter_mut()
        .enumerate()
        .filter(|(_, one)| one.id.is_empty())
    {
        step.id = format!("s{}", index + 1);
    }
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

/// The rows in which the main cell stands; a row whose main cell was cleared is gone.
fn read_rows<T: Default>(
    list: &str,
    main: &str,
    columns: &[Column<T>],
    (values, departments): (&Values, &Departments),
    errors: &mut FieldErrors,
) -> Vec<T> {
    let mut rows = Vec::new();
    for index in 0..row_count(list, values) {
        if value_of(values, &format!("{list}.{index}.{main}"))
            .trim()
            .is_empty()
        {
            continue;
        }
        let mut row = T::default();
        read_row(
            &format!("{list}.{index}."),
            columns,
            values,
            &mut row,
            departments,
            errors,
        );
        rows.push(row);
    }
    rows
}

/// The field at which a problem's path stands in the editor: `materials[2].name` → `materials.2.name`.
pub(crate) fn field_of(path: &str) -> String {
    let field = path.replace('[', ".").replace(']', "");
    // Lists that are one cell of several lines have no cell per entry.
    ["conditions", "keywords", "places"]
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
