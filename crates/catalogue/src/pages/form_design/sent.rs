//! What the editor's page sends: all rows and one deed. A page without a script sends the whole editor each time a question is
//! added or moved, so nothing typed is lost; nothing is kept before 保存.

use std::collections::HashMap;

use wuchuang_webkit::forms::{COLUMNS_MAX, FIELDS_MAX};

use super::rows::Row;

/// What is done with the rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Deed {
    /// Nothing: the preview is made anew.
    Look,
    /// Kept as the working copy's form.
    Save,
    /// A question of its own at the end.
    Add,
    /// An element of the dictionary at the end.
    Take(String),
    /// One place up, from 0.
    Up(usize),
    /// One place down.
    Down(usize),
    /// Taken out.
    Remove(usize),
    /// A table of its own at the end.
    AddTable,
    /// A column at the end of a table.
    AddColumn(usize),
    /// A column one place to the front: which table, which column.
    ColumnUp(usize, usize),
    /// A column taken out.
    RemoveColumn(usize, usize),
}

impl Deed {
    fn read(word: &str, element: &str) -> Self {
        let (name, place) = word.split_once(':').unwrap_or((word, ""));
        let column = place.split_once('.').and_then(|(row, column)| {
            let column = column.parse::<usize>().ok()?;
            Some((row.parse::<usize>().ok()?, column))
        });
        if let Some((row, column)) = column {
            return match name {
                "column-up" => Self::ColumnUp(row, column),
                "column-remove" => Self::RemoveColumn(row, column),
                _ => Self::Look,
            };
        }
        let place = place.parse::<usize>();
        match (name, place) {
            ("save", _) => Self::Save,
            ("add", _) => Self::Add,
            ("add-table", _) => Self::AddTable,
            ("column", Ok(place)) => Self::AddColumn(place),
            ("take", _) => Self::Take(element.to_owned()),
            ("up", Ok(place)) => Self::Up(place),
            ("down", Ok(place)) => Self::Down(place),
            ("remove", Ok(place)) => Self::Remove(place),
            _ => Self::Look,
        }
    }
}

/// The editor as it was sent.
#[derive(Debug)]
pub(super) struct Sent {
    pub(super) rows: Vec<Row>,
    pub(super) deed: Deed,
    pub(super) title: String,
    /// The version of the item that was seen.
    pub(super) version: i64,
    /// The form's key.
    pub(super) key: String,
}

impl Sent {
    /// Reads the pairs of the page; rows are named `r.{place}.{part}`.
    pub(super) fn read(pairs: Vec<(String, String)>) -> Self {
        let values: HashMap<String, String> = pairs.into_iter().collect();
        let text = |name: &str| values.get(name).cloned().unwrap_or_default();
        let rows = (0..=FIELDS_MAX)
            .map_while(|place| {
                let at = format!("r.{place}");
                let columns = (0..=COLUMNS_MAX)
                    .map_while(|column| row(&values, &format!("{at}.c.{column}")))
                    .collect();
                Some(Row {
                    columns,
                    ..row(&values, &at)?
                })
            })
            .collect();
        Self {
            rows,
            deed: Deed::read(&text("deed"), &text("element")),
            title: text("title"),
            version: text("version").parse().unwrap_or_default(),
            key: text("command_id"),
        }
    }
}

/// The question or the column whose parts begin with `at`.
fn row(values: &HashMap<String, String>, at: &str) -> Option<Row> {
    let text = |part: &str| values.get(&format!("{at}.{part}")).cloned();
    let part = |part: &str| text(part).unwrap_or_default();
    Some(Row {
        name: text("name")?,
        label: part("label"),
        hint: part("hint"),
        way: part("way"),
        choices: part("choices").replace("\r\n", "\n"),
        group: part("group"),
        length_max: part("length_max"),
        is_required: !part("required").is_empty(),
        is_personal: !part("personal").is_empty(),
        when_field: part("when_field"),
        when_values: part("when_values").replace("\r\n", "\n"),
        material: part("material"),
        rows_min: part("rows_min"),
        rows_max: part("rows_max"),
        columns: Vec::new(),
        is_open: false,
    })
}

/// A name for a new column of a table.
pub(super) fn free_column(row: &Row, before: &serde_json::Value) -> String {
    let known = &before["properties"][&row.name]["items"]["properties"];
    let is_taken = |name: &str| {
        row.columns.iter().any(|column| column.name == name) || known.get(name).is_some()
    };
    let mut names = (1..=u16::MAX).map(|number| format!("c{number}"));
    names.find(|name| !is_taken(name)).unwrap_or_default()
}

/// A name for a new question that no other has, and none had while this page was open.
pub(super) fn free_name(rows: &[Row], before: &serde_json::Value) -> String {
    let is_taken = |name: &str| {
        rows.iter().any(|row| row.name == name) || before["properties"].get(name).is_some()
    };
    // One of so many is free: neither the rows nor the form before have more.
    let mut names = (1..=u16::MAX).map(|number| format!("q{number}"));
    names.find(|name| !is_taken(name)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_come_back_in_their_order_with_one_deed() {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let sent = Sent::read(vec![
            pair("deed", "up:1"),
            pair("r.1.name", "b"),
            pair("r.0.name", "a"),
            pair("r.0.required", "true"),
            pair("r.1.choices", "甲\r\n乙"),
            pair("r.3.name", "behind a gap"),
        ]);
        let names: Vec<_> = sent.rows.iter().map(|row| row.name.as_str()).collect();
        assert_eq!(names, ["a", "b"]);
        assert!(sent.rows[0].is_required && !sent.rows[1].is_required);
        assert_eq!(sent.rows[1].choices, "甲\n乙");
        assert_eq!(sent.deed, Deed::Up(1));
        assert_eq!(
            Deed::read("take", "plate_number"),
            Deed::Take("plate_number".to_owned())
        );
        assert_eq!(Deed::read("up:x", ""), Deed::Look);
    }

    #[test]
    fn a_name_is_never_given_twice() {
        let before = serde_json::json!({"properties": {"q1": {}}});
        let rows = vec![Row::blank("q2".to_owned(), String::new())];
        assert_eq!(free_name(&rows, &before), "q3");
    }
}
