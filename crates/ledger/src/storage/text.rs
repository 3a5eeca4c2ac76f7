//! Texts of placeholders.

use super::{Backend, Column, Connection, Value};

/// The text `($1, $2), ($3, $4), …` for an insert of several rows at once.
pub fn rows_placeholder(rows: usize, columns: usize) -> String {
    let mut text = String::with_capacity(rows * columns * 5);
    for row in 0..rows {
        text.push_str(if row == 0 { "(" } else { ", (" });
        for column in 0..columns {
            if column > 0 {
                text.push_str(", ");
            }
            text.push('$');
            text.push_str(&(row * columns + column + 1).to_string());
        }
        text.push(')');
    }
    text
}

/// The text `$from, $from+1, …` for an `IN` list.
pub fn list_placeholder(from: usize, count: usize) -> String {
    (from..from + count)
        .map(|number| format!("${number}"))
        .collect::<Vec<_>>()
        .join(", ")
}

/// The condition that a text is one of some, `IN ($from, …)`, with its values. It stands last in its statement.
/// PostgreSQL is given them as one value, so that one prepared statement serves however many there are.
pub(crate) fn one_of<C: Connection>(
    connection: &C,
    from: usize,
    texts: Vec<String>,
) -> (String, Vec<Value>) {
    match connection.backend() {
        Backend::Sqlite => (
            format!("IN ({})", list_placeholder(from, texts.len())),
            texts.into_iter().map(Value::from).collect(),
        ),
        Backend::Postgres => {
            let texts = texts.into_iter().map(Some).collect();
            (
                format!("= ANY(${from})"),
                vec![Value::Column(Column::Texts(texts))],
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_count_through_all_rows() {
        assert_eq!(rows_placeholder(2, 2), "($1, $2), ($3, $4)");
        assert_eq!(list_placeholder(3, 2), "$3, $4");
    }
}
