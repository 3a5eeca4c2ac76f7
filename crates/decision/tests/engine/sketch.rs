//! Writes DMN files for tests, so that each test shows only what it is about.

use std::fmt::Write;

/// Escapes a text for XML.
pub(crate) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

/// The id of an element with that name: what may stand in an address.
fn id_of(name: &str) -> String {
    let parts = name.chars().map(|character| {
        if character.is_ascii_alphanumeric() {
            character.to_string()
        } else {
            format!("u{:x}", u32::from(character))
        }
    });
    parts.collect()
}

/// A file with these elements.
pub(crate) fn file(elements: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<definitions xmlns=\"https://www.omg.org/spec/DMN/20191111/MODEL/\" id=\"d\" name=\"d\" namespace=\"http://wuchuang.example/d\">\n{elements}\n</definitions>\n"
    )
}

/// An input with its type.
pub(crate) fn input(name: &str, type_ref: &str) -> String {
    let (id, name) = (id_of(name), escaped(name));
    format!(
        "<inputData id=\"in_{id}\" name=\"{name}\"><variable id=\"v_{id}\" name=\"{name}\" typeRef=\"{type_ref}\"/></inputData>\n"
    )
}

/// A decision with its requirements and its logic. A requirement that begins with `@` is a decision, one with `!` a
/// function, by its id.
pub(crate) fn decision(name: &str, requires: &[&str], logic: &str) -> String {
    let id = id_of(name);
    let mut text = format!(
        "<decision id=\"{id}\" name=\"{name}\">\n<variable id=\"v_{id}\" name=\"{name}\"/>\n"
    );
    for (index, required) in requires.iter().enumerate() {
        let (kind, target, to) = if let Some(decision) = required.strip_prefix('@') {
            ("information", "Decision", id_of(decision))
        } else if let Some(function) = required.strip_prefix('!') {
            ("knowledge", "Knowledge", function.to_owned())
        } else {
            ("information", "Input", format!("in_{}", id_of(required)))
        };
        writeln!(
            text,
            "<{kind}Requirement id=\"r_{id}_{index}\"><required{target} href=\"#{to}\"/></{kind}Requirement>"
        )
        .unwrap();
    }
    writeln!(text, "{logic}\n</decision>").unwrap();
    text
}

/// A literal expression.
pub(crate) fn literal(text: &str) -> String {
    format!(
        "<literalExpression><text>{}</text></literalExpression>",
        escaped(text)
    )
}

/// A table: `年龄:number[values] | … => 津贴[values]=default` as its head, and `test | … => output | …` as its rows.
pub(crate) fn table(policy: &str, head: &str, rows: &[&str]) -> String {
    let (policy, aggregation) = match policy.strip_prefix("COLLECT ") {
        Some(aggregation) => ("COLLECT", format!(" aggregation=\"{aggregation}\"")),
        None => (policy, String::new()),
    };
    let mut text = format!("<decisionTable id=\"table\" hitPolicy=\"{policy}\"{aggregation}>\n");
    let (inputs, outputs) = halves(head);
    for column in inputs {
        let (column, values) = bracketed(&column);
        let (expression, type_ref) = column.rsplit_once(':').unwrap_or((column.as_str(), ""));
        let type_ref = if type_ref.is_empty() {
            String::new()
        } else {
            format!(" typeRef=\"{type_ref}\"")
        };
        let expression = escaped(expression);
        write!(
            text,
            "<input><inputExpression{type_ref}><text>{expression}</text></inputExpression>"
        )
        .unwrap();
        if let Some(values) = values {
            write!(
                text,
                "<inputValues><text>{}</text></inputValues>",
                escaped(&values)
            )
            .unwrap();
        }
        text.push_str("</input>\n");
    }
    for column in outputs {
        let (column, default) = match column.split_once('=') {
            Some((column, default)) => (column.to_owned(), Some(default.to_owned())),
            None => (column, None),
        };
        let (name, values) = bracketed(&column);
        write!(text, "<output name=\"{}\">", escaped(&name)).unwrap();
        if let Some(values) = values {
            write!(
                text,
                "<outputValues><text>{}</text></outputValues>",
                escaped(&values)
            )
            .unwrap();
        }
        if let Some(default) = default {
            write!(
                text,
                "<defaultOutputEntry><text>{}</text></defaultOutputEntry>",
                escaped(&default)
            )
            .unwrap();
        }
        text.push_str("</output>\n");
    }
    for (index, row) in rows.iter().enumerate() {
        let (tests, outputs) = halves(row);
        write!(text, "<rule id=\"rule{}\">", index + 1).unwrap();
        for test in tests {
            write!(
                text,
                "<inputEntry><text>{}</text></inputEntry>",
                escaped(&test)
            )
            .unwrap();
        }
        for output in outputs {
            write!(
                text,
                "<outputEntry><text>{}</text></outputEntry>",
                escaped(&output)
            )
            .unwrap();
        }
        text.push_str("</rule>\n");
    }
    text.push_str("</decisionTable>");
    text
}

fn halves(row: &str) -> (Vec<String>, Vec<String>) {
    let (inputs, outputs) = row.split_once("=>").expect("a row has an arrow");
    let cells = |half: &str| {
        let half = half.trim();
        if half.is_empty() {
            return Vec::new();
        }
        half.split('|').map(|cell| cell.trim().to_owned()).collect()
    };
    (cells(inputs), cells(outputs))
}

fn bracketed(column: &str) -> (String, Option<String>) {
    match column.split_once('[') {
        Some((name, values)) => (
            name.trim().to_owned(),
            Some(values.strip_suffix(']').unwrap_or(values).to_owned()),
        ),
        None => (column.to_owned(), None),
    }
}

/// A file with one table `结果` over inputs that the head names.
pub(crate) fn one_table(policy: &str, head: &str, rows: &[&str]) -> String {
    let (inputs, _) = halves(head);
    let mut elements = String::new();
    let mut requires = Vec::new();
    for column in inputs {
        let (column, _) = bracketed(&column);
        let (name, type_ref) = column.rsplit_once(':').unwrap_or((column.as_str(), "Any"));
        elements.push_str(&input(name, type_ref));
        requires.push(name.to_owned());
    }
    let requires: Vec<&str> = requires.iter().map(String::as_str).collect();
    elements.push_str(&decision("结果", &requires, &table(policy, head, rows)));
    file(&elements)
}
