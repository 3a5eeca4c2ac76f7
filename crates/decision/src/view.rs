//! What a file asks for and what its tables say, for people who read and fill them: the inputs with their kinds and choices,
//! and each table row by row, every cell as it is written and in Chinese.

use dsntk_feel::FeelType;
use dsntk_feel_parser::AstNode;
use serde::Serialize;

use crate::compile::{Code, TableCode};
use crate::definition::Definition;
use crate::feel::{Compiled, type_name};
use crate::model::{Decision, HitPolicy, InputClause, Logic, OutputClause, Rule, Text};
use crate::words;
use crate::xml;

/// What kind of value an input takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum InputKind {
    /// Yes or no.
    YesNo,
    /// A number.
    Number,
    /// A text.
    Text,
    /// A date.
    Date,
    /// Anything else, or not declared.
    Other,
}

/// One input of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct InputView {
    /// Its name.
    pub name: String,
    /// What kind of value it takes.
    pub kind: InputKind,
    /// The same in Chinese, with how it is written.
    pub kind_text: String,
    /// The texts that it may be, where the file lists them; empty: any.
    pub choices: Vec<String>,
}

/// One decision table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct TableView {
    /// The decision's name.
    pub decision: String,
    /// The decision's id.
    pub id: String,
    /// The hit policy as DMN writes it: `UNIQUE`, `FIRST`, `COLLECT SUM` …
    pub hit_policy: String,
    /// The columns of conditions.
    pub inputs: Vec<ColumnView>,
    /// The columns of results.
    pub outputs: Vec<ColumnView>,
    /// The headings of the notes.
    pub annotations: Vec<String>,
    /// The rows.
    pub rows: Vec<RowView>,
}

impl TableView {
    /// The hit policy in Chinese.
    pub fn hit_policy_text(&self) -> &'static str {
        match self.hit_policy.as_str() {
            "UNIQUE" => "每种情况只有一条规则符合",
            "ANY" => "可以有几条规则符合，但结果要一样",
            "PRIORITY" => "取符合的规则里结果最重要的",
            "FIRST" => "从上往下，取第一条符合的",
            "RULE ORDER" => "按规则先后列出所有符合的",
            "OUTPUT ORDER" => "按结果的重要程度列出所有符合的",
            "COLLECT SUM" => "符合的规则结果相加",
            "COLLECT MIN" => "取符合的规则里最小的结果",
            "COLLECT MAX" => "取符合的规则里最大的结果",
            "COLLECT COUNT" => "数有几条规则符合",
            _ => "列出所有符合的",
        }
    }
}

/// One column.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ColumnView {
    /// What people call it.
    pub label: String,
    /// For a condition the expression that is tested, for a result its name.
    pub expression: String,
    /// Its type as it is written: `number`; may be empty.
    pub type_ref: String,
    /// The values that it may have, as they are written; may be empty.
    pub values: String,
    /// The result where no row fits, as it is written; empty for conditions and where there is none.
    pub default: String,
}

/// One row.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct RowView {
    /// Its line in the file, from 1.
    pub line: u32,
    /// The conditions.
    pub tests: Vec<CellView>,
    /// The results.
    pub outputs: Vec<CellView>,
    /// The notes.
    pub annotations: Vec<String>,
}

/// One cell.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct CellView {
    /// As it is written.
    pub text: String,
    /// In Chinese.
    pub words: String,
}

impl Definition {
    /// The inputs of the file, in its order.
    pub fn inputs(&self) -> Vec<InputView> {
        let inputs = self.program.inputs.iter().map(|slot| {
            let mut choices = slot.allowed.as_ref().map(texts).unwrap_or_default();
            if choices.is_empty() {
                choices = self.choices_of(&slot.name);
            }
            InputView {
                name: slot.name.clone(),
                kind: kind(&slot.feel_type),
                kind_text: match slot.feel_type {
                    FeelType::Any => "文字、数字或“是”“否”".to_owned(),
                    ref other => type_name(other),
                },
                choices,
            }
        });
        inputs.collect()
    }

    /// The texts that the columns of tables allow for an input.
    fn choices_of(&self, name: &str) -> Vec<String> {
        let decisions = self.program.decisions.iter().flatten();
        let tables = decisions.filter_map(|decision| match &decision.code {
            Code::Table(table) => Some(table),
            _ => None,
        });
        tables
            .flat_map(|table| &table.inputs)
            .filter(|column| column.expression.text == name)
            .filter_map(|column| column.allowed.as_ref().map(texts))
            .find(|texts| !texts.is_empty())
            .unwrap_or_default()
    }

    /// The decision tables of the file, in its order. Tables within a boxed expression are not among them.
    pub fn table_views(&self) -> Vec<TableView> {
        // A sound file reads again; what the program leaves out (types as written) is only in the text.
        let Ok(read) = xml::read(self.export().as_bytes()) else {
            return Vec::new();
        };
        let decisions = read.model.decisions.iter().zip(&self.program.decisions);
        decisions
            .filter_map(|(decision, code)| match &code.as_ref()?.code {
                Code::Table(table) => view(decision, table),
                _ => None,
            })
            .collect()
    }
}

fn view(decision: &Decision, code: &TableCode) -> Option<TableView> {
    let Some(Logic::Table(table)) = &decision.logic else {
        return None;
    };
    Some(TableView {
        decision: decision.name.clone(),
        id: decision.id.clone(),
        hit_policy: policy_name(table.policy),
        inputs: table.inputs.iter().map(input).collect(),
        outputs: table.outputs.iter().map(output).collect(),
        annotations: table.annotations.clone(),
        rows: table
            .rules
            .iter()
            .zip(&code.rows)
            .map(|(rule, row)| RowView {
                line: rule.place.line,
                tests: cells(&rule.tests, &row.tests, "任意", words::of_test),
                outputs: cells(&rule.outputs, &row.outputs, "", of_output),
                annotations: notes(rule),
            })
            .collect(),
    })
}

fn policy_name(policy: HitPolicy) -> String {
    policy.name().to_owned()
}

fn input(clause: &InputClause) -> ColumnView {
    ColumnView {
        label: clause.label.clone(),
        expression: clause.expression.text.clone(),
        type_ref: clause.expression.type_ref.clone().unwrap_or_default(),
        values: written(clause.values.as_ref()),
        default: String::new(),
    }
}

fn output(clause: &OutputClause) -> ColumnView {
    ColumnView {
        label: clause.label.clone(),
        expression: clause.name.clone().unwrap_or_default(),
        type_ref: clause.type_ref.clone().unwrap_or_default(),
        values: written(clause.values.as_ref()),
        default: written(clause.default.as_ref()),
    }
}

fn written(text: Option<&Text>) -> String {
    text.map(|text| text.text.clone()).unwrap_or_default()
}

/// The notes of a row; its description counts as one where it has no column.
fn notes(rule: &Rule) -> Vec<String> {
    let mut notes = rule.annotations.clone();
    if !rule.description.is_empty() {
        notes.push(rule.description.clone());
    }
    notes
}

fn cells(
    texts: &[Text],
    compiled: &[Option<Compiled>],
    empty: &str,
    words: impl Fn(&Compiled) -> String,
) -> Vec<CellView> {
    let cells = texts.iter().zip(compiled);
    cells
        .map(|(text, compiled)| CellView {
            text: text.text.clone(),
            words: compiled
                .as_ref()
                .map_or_else(|| empty.to_owned(), |cell| words(cell).trim().to_owned()),
        })
        .collect()
}

fn of_output(cell: &Compiled) -> String {
    match &cell.node {
        AstNode::String(text) => text.clone(),
        AstNode::Boolean(true) => "是".to_owned(),
        AstNode::Boolean(false) => "否".to_owned(),
        AstNode::Null => "空".to_owned(),
        _ => cell.text.clone(),
    }
}

fn kind(feel_type: &FeelType) -> InputKind {
    match feel_type {
        FeelType::Boolean => InputKind::YesNo,
        FeelType::Number => InputKind::Number,
        FeelType::String => InputKind::Text,
        FeelType::Date => InputKind::Date,
        _ => InputKind::Other,
    }
}

/// The texts that a list of allowed values names, when it names nothing else.
fn texts(allowed: &Compiled) -> Vec<String> {
    let list = match &allowed.node {
        AstNode::In(_, tests) => tests.as_ref(),
        other => other,
    };
    let items = match list {
        AstNode::ExpressionList(items) => items.as_slice(),
        single => std::slice::from_ref(single),
    };
    let texts = items.iter().map(|item| match item {
        AstNode::String(text) => Some(text.clone()),
        _ => None,
    });
    texts.collect::<Option<_>>().unwrap_or_default()
}
