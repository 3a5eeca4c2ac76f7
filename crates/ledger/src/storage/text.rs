//! Texts of placeholders.

/// The text `($1, $2), ($3, $4), …` for an insert of several rows at once.
pub fn rows_placeholder(rows: usize, columns: usize) -> String {
    rows_placeholder_from(1, rows, columns)
}

/// The same with places from one on, for a part of a statement.
pub(crate) fn rows_placeholder_from(from: usize, rows: usize, columns: usize) -> String {
    let mut text = String::with_capacity(rows * columns * 5);
    for row in 0..rows {
        text.push_str(if row == 0 { "(" } else { ", (" });
        for column in 0..columns {
            if column > 0 {
                text.push_str(", ");
            }
            text.push('$');
            text.push_str(&(row * columns + column + from).to_string());
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_count_through_all_rows() {
        assert_eq!(rows_placeholder(2, 2), "($1, $2), ($3, $4)");
        assert_eq!(list_placeholder(3, 2), "$3, $4");
    }
}
