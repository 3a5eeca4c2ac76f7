//! Tables as DMN: those of a workbook become a file of their own, or take the place of the tables of a file that is there, whose
//! diagram, inputs and other decisions stay as they are to the letter.
//!
//! Every element gets an id that says which cell it is, so that what [`crate::Definition`] finds wrong can be told at the cell:
//! see [`cell_of_element`].

use std::fmt::Write as _;
use std::ops::Range;

use roxmltree::Node;

use crate::limits::XML;
use crate::model::plain_name;
use crate::problem::Problems;
use crate::view::{ColumnView, RowView, TableView};

/// The namespace of DMN 1.3, which every modelling tool of the last years opens.
const NAMESPACE: &str = "https://www.omg.org/spec/DMN/20191111/MODEL/";

/// Where in a table an element stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TableCell {
    /// A condition's heading, counted from 0.
    InputHead(usize),
    /// A result's heading, counted from 0.
    OutputHead(usize),
    /// A condition: row and column, counted from 0.
    Test(usize, usize),
    /// A result: row and column, counted from 0.
    Output(usize, usize),
    /// A row as a whole, counted from 0.
    Row(usize),
    /// The table as a whole.
    Whole,
}

/// Which of the written tables an element belongs to, counted from 0, and where in it; `None` for an element that was not
/// written here.
pub fn cell_of_element(element: &str) -> Option<(usize, TableCell)> {
    let rest = element.strip_prefix("w_t")?;
    let mut parts = rest.split('_');
    let table = number(parts.next()?)?;
    let cell = match (parts.next(), parts.next()) {
        (None, _) => TableCell::Whole,
        (Some(part), None) => match part.split_at_checked(1)? {
            ("i", column) => TableCell::InputHead(number(column)?),
            ("o", column) => TableCell::OutputHead(number(column)?),
            ("r", row) => TableCell::Row(number(row)?),
            _ => TableCell::Whole,
        },
        (Some(row), Some(column)) => {
            let row = number(row.strip_prefix('r')?)?;
            match column.split_at_checked(1)? {
                ("i", column) => TableCell::Test(row, number(column)?),
                ("o", column) => TableCell::Output(row, number(column)?),
                _ => TableCell::Row(row),
            }
        }
    };
    Some((table, cell))
}

fn number(text: &str) -> Option<usize> {
    text.parse().ok()
}

/// A file of nothing but these tables. Each condition that is a plain name, and not the result of another table, becomes an
/// input of the file.
pub fn file_of_tables(name: &str, tables: &[TableView]) -> String {
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let name = attribute(name);
    let _ = writeln!(
        text,
        "<definitions xmlns=\"{NAMESPACE}\" id=\"rules\" name=\"{name}\" namespace=\"urn:wuchuang:rules\">"
    );
    let decisions: Vec<String> = tables.iter().map(|it| plain_name(&it.decision)).collect();
    let mut inputs: Vec<(String, &str)> = Vec::new();
    for column in tables.iter().flat_map(|table| &table.inputs) {
        let name = plain_name(&column.expression);
        let is_known = inputs.iter().any(|(known, _)| *known == name);
        if !name.is_empty() && !is_known && !decisions.contains(&name) {
            inputs.push((name, &column.type_ref));
        }
    }
    for (index, (name, type_ref)) in inputs.iter().enumerate() {
        let (name, kind) = (attribute(name), type_attribute(type_ref));
        let _ = writeln!(
            text,
            "  <inputData id=\"w_input{index}\" name=\"{name}\"><variable id=\"w_input{index}_v\" name=\"{name}\"{kind} /></inputData>"
        );
    }
    for (index, table) in tables.iter().enumerate() {
        decision(&mut text, index, table, (&inputs, &decisions));
    }
    text.push_str("</definitions>\n");
    text
}

fn decision(
    text: &mut String,
    index: usize,
    table: &TableView,
    (inputs, decisions): (&[(String, &str)], &[String]),
) {
    let name = attribute(&plain_name(&table.decision));
    let _ = writeln!(
        text,
        "  <decision id=\"w_decision{index}\" name=\"{name}\">"
    );
    let _ = writeln!(
        text,
        "    <variable id=\"w_decision{index}_v\" name=\"{name}\" />"
    );
    let mut told: Vec<String> = Vec::new();
    for column in &table.inputs {
        let name = plain_name(&column.expression);
        if told.contains(&name) {
            continue;
        }
        let number = told.len();
        let target = if let Some(at) = decisions.iter().position(|known| *known == name) {
            (at != index).then(|| format!("<requiredDecision href=\"#w_decision{at}\" />"))
        } else {
            let at = inputs.iter().position(|(known, _)| *known == name);
            at.map(|at| format!("<requiredInput href=\"#w_input{at}\" />"))
        };
        if let Some(target) = target {
            let _ = writeln!(
                text,
                "    <informationRequirement id=\"w_decision{index}_q{number}\">{target}</informationRequirement>"
            );
        }
        told.push(name);
    }
    text.push_str("    ");
    table_text(text, "", index, table);
    text.push_str("\n  </decision>\n");
}

/// The file with other tables in the place of those of the same decisions, found by id or name.
///
/// # Errors
/// When the file does not read; a table whose decision is not there, or is no table, is named.
pub fn replace_tables(file: &str, tables: &[TableView]) -> Result<String, Problems> {
    let document = wuchuang_xml::document(file, &XML)?;
    let mut places: Vec<(Range<usize>, String)> = Vec::new();
    for (index, table) in tables.iter().enumerate() {
        let decision = document.root_element().children().find(|node| {
            node.tag_name().name() == "decision"
                && (node.attribute("id") == Some(table.id.as_str())
                    || plain_name(node.attribute("name").unwrap_or(""))
                        == plain_name(&table.decision))
        });
        let old = decision.and_then(|decision| {
            let mut children = decision.children();
            children.find(|node| node.tag_name().name() == "decisionTable")
        });
        let Some(old) = old else {
            let text = format!(
                "文件里没有决策表“{}”；表名要与文件里的决策同名",
                table.decision
            );
            return Err(Problems::one("table-unknown", 1, text));
        };
        let mut text = String::new();
        table_text(&mut text, &prefix(file, old), index, table);
        places.push((old.range(), text));
    }
    places.sort_by_key(|(range, _)| range.start);
    let (mut written, mut from) = (String::with_capacity(file.len()), 0);
    for (range, text) in places {
        // Two sheets for one table: the first stays.
        if range.start < from {
            continue;
        }
        written.push_str(&file[from..range.start]);
        written.push_str(&text);
        from = range.end;
    }
    written.push_str(&file[from..]);
    Ok(written)
}

/// The prefix with its colon under which an element is written.
fn prefix(file: &str, node: Node<'_, '_>) -> String {
    let text = &file[node.range()];
    let name: String = text
        .chars()
        .skip(1)
        .take_while(|sign| !sign.is_whitespace() && !matches!(sign, '>' | '/'))
        .collect();
    match name.split_once(':') {
        Some((prefix, _)) => format!("{prefix}:"),
        None => String::new(),
    }
}

/// A `decisionTable` element.
fn table_text(text: &mut String, p: &str, index: usize, table: &TableView) {
    let policy = table.hit_policy.trim();
    let (policy, aggregation) = match policy.strip_prefix("COLLECT ") {
        Some(how) => ("COLLECT", format!(" aggregation=\"{}\"", attribute(how))),
        None if policy.is_empty() => ("UNIQUE", String::new()),
        None => (policy, String::new()),
    };
    let policy = attribute(policy);
    let _ = writeln!(
        text,
        "<{p}decisionTable id=\"w_t{index}\" hitPolicy=\"{policy}\"{aggregation}>"
    );
    for (column, input) in table.inputs.iter().enumerate() {
        input_head(text, p, (index, column), input);
    }
    for (column, output) in table.outputs.iter().enumerate() {
        output_head(text, p, (index, column), output);
    }
    for note in &table.annotations {
        let _ = writeln!(text, "      <{p}annotation name=\"{}\" />", attribute(note));
    }
    for (row, rule) in table.rows.iter().enumerate() {
        rule_text(text, p, (index, row), rule);
    }
    let _ = write!(text, "    </{p}decisionTable>");
}

fn input_head(text: &mut String, p: &str, (table, column): (usize, usize), head: &ColumnView) {
    let (label, kind) = (attribute(&head.label), type_attribute(&head.type_ref));
    let expression = escaped(&head.expression);
    let _ = write!(
        text,
        "      <{p}input id=\"w_t{table}_i{column}\" label=\"{label}\"><{p}inputExpression{kind}><{p}text>{expression}</{p}text></{p}inputExpression>"
    );
    values(text, p, "inputValues", &head.values);
    let _ = writeln!(text, "</{p}input>");
}

fn output_head(text: &mut String, p: &str, (table, column): (usize, usize), head: &ColumnView) {
    let (label, kind) = (attribute(&head.label), type_attribute(&head.type_ref));
    let name = attribute(&head.expression);
    let _ = write!(
        text,
        "      <{p}output id=\"w_t{table}_o{column}\" name=\"{name}\" label=\"{label}\"{kind}>"
    );
    values(text, p, "outputValues", &head.values);
    values(text, p, "defaultOutputEntry", &head.default);
    let _ = writeln!(text, "</{p}output>");
}

fn values(text: &mut String, p: &str, element: &str, values: &str) {
    if !values.trim().is_empty() {
        let values = escaped(values);
        let _ = write!(
            text,
            "<{p}{element}><{p}text>{values}</{p}text></{p}{element}>"
        );
    }
}

fn rule_text(text: &mut String, p: &str, (table, row): (usize, usize), rule: &RowView) {
    let _ = writeln!(text, "      <{p}rule id=\"w_t{table}_r{row}\">");
    let tests = rule.tests.iter().map(|cell| ("i", "inputEntry", cell));
    let outputs = rule.outputs.iter().map(|cell| ("o", "outputEntry", cell));
    let (mut inputs_seen, mut outputs_seen) = (0, 0);
    for (sign, element, cell) in tests.chain(outputs) {
        let seen = if sign == "i" {
            &mut inputs_seen
        } else {
            &mut outputs_seen
        };
        let written = escaped(&cell.text);
        let _ = writeln!(
            text,
            "        <{p}{element} id=\"w_t{table}_r{row}_{sign}{seen}\"><{p}text>{written}</{p}text></{p}{element}>"
        );
        *seen += 1;
    }
    for note in &rule.annotations {
        let note = escaped(note);
        let _ = writeln!(
            text,
            "        <{p}annotationEntry><{p}text>{note}</{p}text></{p}annotationEntry>"
        );
    }
    let _ = writeln!(text, "      </{p}rule>");
}

fn type_attribute(type_ref: &str) -> String {
    let type_ref = type_ref.trim();
    if type_ref.is_empty() {
        String::new()
    } else {
        format!(" typeRef=\"{}\"", attribute(type_ref))
    }
}

/// What XML cannot hold at all is left out; a cell of a workbook has no use for it.
fn escaped(text: &str) -> String {
    let mut written = String::with_capacity(text.len());
    for sign in text.chars() {
        match sign {
            '&' => written.push_str("&amp;"),
            '<' => written.push_str("&lt;"),
            '>' => written.push_str("&gt;"),
            '"' => written.push_str("&quot;"),
            sign if sign.is_control() && !matches!(sign, '\n' | '\t') => {}
            sign => written.push(sign),
        }
    }
    written
}

/// White space in an attribute is one blank.
fn attribute(text: &str) -> String {
    escaped(&plain_name(text))
}
