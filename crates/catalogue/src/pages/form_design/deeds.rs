//! What the buttons of the editor do with its rows, and what is wrong with the rows when they are saved.

use serde_json::{Value, json};
use wuchuang_webkit::forms::{COLUMNS_MAX, FIELDS_MAX, FieldErrors, Form, ROWS_MAX};

use super::{
    designed,
    elements::element,
    rows::{self, Row},
    sent::{Deed, Sent, free_column, free_name},
};

/// How long the names on the page may be, in characters.
const LABEL_CHARACTERS_MAX: usize = 80;

/// Does the deed with the rows, as far as it is one.
pub(super) fn change(sent: &mut Sent, before: &Value) {
    let rows = &mut sent.rows;
    let group = rows.last().map(|row| row.group.clone()).unwrap_or_default();
    match &sent.deed {
        Deed::Add if rows.len() < FIELDS_MAX => {
            rows.push(Row::blank(free_name(rows, before), group));
        }
        Deed::AddTable if rows.len() < FIELDS_MAX => {
            rows.push(Row::blank_table(free_name(rows, before), group));
        }
        Deed::Take(name)
            if rows.len() < FIELDS_MAX && !rows.iter().any(|row| &row.name == name) =>
        {
            let taken = element(name).and_then(|element| {
                let alone =
                    json!({"type": "object", "properties": {name.clone(): element.definition}});
                rows::rows(&alone).ok()?.pop()
            });
            rows.extend(taken.map(|row| Row {
                group,
                is_required: true,
                ..row
            }));
        }
        Deed::Up(place) if *place > 0 && *place < rows.len() => rows.swap(*place, place - 1),
        Deed::Down(place) if place + 1 < rows.len() => rows.swap(*place, place + 1),
        Deed::Remove(place) if *place < rows.len() => {
            let gone = rows.remove(*place);
            for row in rows.iter_mut().filter(|row| row.when_field == gone.name) {
                row.when_field.clear();
                row.when_values.clear();
            }
        }
        Deed::AddColumn(place) | Deed::ColumnUp(place, _) | Deed::RemoveColumn(place, _) => {
            if let Some(row) = rows.get_mut(*place) {
                change_columns(row, &sent.deed, before);
            }
        }
        _ => {}
    }
}

fn change_columns(row: &mut Row, deed: &Deed, before: &Value) {
    let count = row.columns.len();
    row.is_open = true;
    match deed {
        Deed::AddColumn(_) if count < COLUMNS_MAX => {
            let name = free_column(row, before);
            row.columns.push(Row::blank(name, String::new()));
        }
        Deed::ColumnUp(_, column) if *column > 0 && *column < count => {
            row.columns.swap(*column, column - 1);
        }
        Deed::RemoveColumn(_, column) if *column < count => {
            row.columns.remove(*column);
        }
        _ => {}
    }
}

/// The form of the rows, with everything that is wrong with them.
pub(super) fn checked(before: &Value, sent: &Sent) -> (Option<Value>, FieldErrors) {
    let mut errors = FieldErrors::new();
    for (place, row) in sent.rows.iter().enumerate() {
        let at = format!("r.{place}");
        let definition = &before["properties"][&row.name];
        let ordinal = format!("第 {} 项", place + 1);
        let called = check_question(&mut errors, &at, row, (&ordinal, definition));
        if !row.when_field.is_empty() && row.when_values.trim().is_empty() {
            errors.add(
                format!("{at}.when_values"),
                format!("{called}有条件，但没有写是哪个答案，请补上，或把条件改成“每次都问”。"),
            );
        }
        if row.is_table() {
            check_table(&mut errors, &at, row, (&called, definition));
        }
    }
    if sent.rows.is_empty() {
        errors.add("add", "申请表一项也没有，请至少加一项。");
    }
    if !errors.is_empty() {
        return (None, errors);
    }
    let form = designed(before, sent.title.as_str(), &sent.rows);
    if let Err(error) = Form::parse(&form.to_string()) {
        errors.add("add", error.to_string());
    }
    (Some(form), errors)
}

/// Checks a question or a column, and tells what messages call it.
fn check_question(
    errors: &mut FieldErrors,
    at: &str,
    row: &Row,
    (ordinal, before): (&str, &Value),
) -> String {
    let mut wrong = |part: &str, message: String| errors.add(format!("{at}.{part}"), message);
    let called = match row.label.trim() {
        "" => ordinal.to_owned(),
        label => format!("“{label}”"),
    };
    match row.label.trim().chars().count() {
        0 => wrong("label", format!("{called}还没有名称，请写上要问什么。")),
        count if count > LABEL_CHARACTERS_MAX => wrong(
            "label",
            format!(
                "{called}的名称有 {count} 个字，最多 {LABEL_CHARACTERS_MAX} 个；说明请写在填写提示里。"
            ),
        ),
        _ => {}
    }
    if row.has_choices() && row.choices.trim().is_empty() && before["x-list"].is_null() {
        wrong("choices", format!("{called}还没有选项，请一行写一个。"));
    }
    if row.is_attachment() && row.material.trim().is_empty() {
        wrong(
            "material",
            format!("{called}是附件，请选它是哪一份材料；还没有的，先在事项的材料清单里加上。"),
        );
    }
    let length = row.length_max.trim();
    if !length.is_empty() && !length.parse::<u64>().is_ok_and(|length| length > 0) {
        wrong(
            "length_max",
            format!("{called}的最多字数请填数字，例如 100；不限制就留空。"),
        );
    }
    called
}

fn check_table(errors: &mut FieldErrors, at: &str, row: &Row, (called, before): (&str, &Value)) {
    if row.columns.is_empty() {
        errors.add(
            format!("{at}.columns"),
            format!("{called}还没有列，请按“加一列”。"),
        );
    }
    let columns = &before["items"]["properties"];
    for (place, column) in row.columns.iter().enumerate() {
        let ordinal = format!("{called}的第 {} 列", place + 1);
        let definition = &columns[&column.name];
        check_question(
            errors,
            &format!("{at}.c.{place}"),
            column,
            (&ordinal, definition),
        );
    }
    for (part, words, limit) in [
        ("rows_min", "最少行数", &row.rows_min),
        ("rows_max", "最多行数", &row.rows_max),
    ] {
        let limit = limit.trim();
        if !limit.is_empty() && !limit.parse::<u64>().is_ok_and(|rows| rows <= ROWS_MAX) {
            errors.add(
                format!("{at}.{part}"),
                format!("{called}的{words}请填 {ROWS_MAX} 以内的数字；不填就按一般的来。"),
            );
        }
    }
}
