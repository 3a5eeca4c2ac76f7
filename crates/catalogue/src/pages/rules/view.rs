//! What the page of the rules shows, said in Chinese.

use wuchuang_decision::{Definition, InputKind, Surroundings, TableView};
use wuchuang_webkit::markup::Choice;

use crate::model::rules::{
    CompiledRules, InputSource, ItemRules, RulesProblem, inputs_text, run_tests, value_text,
};

/// A table.
pub(super) struct TableShown {
    pub(super) name: String,
    pub(super) policy: &'static str,
    /// The headings, each with what it is.
    pub(super) heads: Vec<(&'static str, String)>,
    pub(super) rows: Vec<RowShown>,
    /// What the table forgets, and which rows say different things of one situation.
    pub(super) findings: Vec<String>,
    /// Whether that was looked for.
    pub(super) is_checked: bool,
}

/// A row of a table.
pub(super) struct RowShown {
    pub(super) number: usize,
    pub(super) cells: Vec<String>,
    /// Whether it decided what was tried.
    pub(super) is_fired: bool,
}

/// A test case with what came of it.
pub(super) struct TestShown {
    pub(super) name: String,
    pub(super) decision: String,
    pub(super) inputs: String,
    pub(super) expected: String,
    pub(super) found: String,
    pub(super) is_right: bool,
}

/// An input of the form that tries the rules.
pub(super) struct InputAsked {
    pub(super) field: String,
    pub(super) name: String,
    pub(super) hint: String,
    pub(super) value: String,
    pub(super) choices: Vec<Choice>,
}

/// What came of trying.
pub(super) struct Tried {
    pub(super) decision: String,
    /// What came out, or why nothing did.
    pub(super) result: Result<String, String>,
    /// 因为…所以…, a line for each decision on the way.
    pub(super) lines: Vec<String>,
    /// The rows that decided, by decision.
    pub(super) fired: Vec<(String, usize)>,
}

pub(super) fn remarks(definition: &Definition) -> Vec<String> {
    // What the tables forget stands beside them.
    let problems = definition.problems().list().iter();
    problems
        .filter(|problem| !matches!(problem.code, "table-gap" | "table-overlap"))
        .map(|problem| RulesProblem::from(problem).public())
        .collect()
}

pub(super) fn tables(definition: &Definition, tried: Option<&Tried>) -> Vec<TableShown> {
    let views = definition.table_views().into_iter();
    views
        .map(|view| {
            let coverage = definition.tables().iter().find(|it| it.id == view.id);
            let mut findings = Vec::new();
            if let Some(coverage) = coverage {
                let gaps = coverage.gaps.iter();
                findings.extend(gaps.map(|gap| format!("有遗漏：{gap}时没有规则符合")));
                let overlaps = coverage.overlaps.iter();
                findings.extend(overlaps.map(|overlap| {
                    let [first, second] = overlap.rows;
                    format!(
                        "第 {first}、{second} 条规则重叠：{}时都符合",
                        overlap.situation
                    )
                }));
            }
            TableShown {
                policy: view.hit_policy_text(),
                heads: heads(&view),
                rows: rows(&view, tried),
                is_checked: coverage.is_some_and(|it| it.checked),
                findings,
                name: view.decision,
            }
        })
        .collect()
}

fn heads(view: &TableView) -> Vec<(&'static str, String)> {
    let of = |kind, columns: &[wuchuang_decision::ColumnView]| {
        let columns = columns.iter().map(|column| (kind, column.label.clone()));
        columns.collect::<Vec<_>>()
    };
    let notes = view.annotations.iter().map(|note| ("说明", note.clone()));
    of("条件", &view.inputs)
        .into_iter()
        .chain(of("结果", &view.outputs))
        .chain(notes)
        .collect()
}

fn rows(view: &TableView, tried: Option<&Tried>) -> Vec<RowShown> {
    let width = view.inputs.len() + view.outputs.len() + view.annotations.len();
    let rows = (1..).zip(&view.rows);
    rows.map(|(number, row)| {
        let cells = row.tests.iter().chain(&row.outputs);
        let cells = cells.map(|cell| cell.words.clone());
        let mut cells: Vec<String> = cells.chain(row.annotations.iter().cloned()).collect();
        cells.resize(width, String::new());
        let fired = tried.map_or(&[][..], |tried| &tried.fired);
        RowShown {
            number,
            cells,
            is_fired: fired
                .iter()
                .any(|(decision, row)| *decision == view.decision && *row == number),
        }
    })
    .collect()
}

/// The decisions that are no tables.
pub(super) fn others(definition: &Definition) -> Vec<String> {
    let tables: Vec<String> = definition
        .table_views()
        .into_iter()
        .map(|it| it.id)
        .collect();
    let decisions = definition.decisions();
    decisions
        .filter(|decision| !tables.contains(&decision.id))
        .map(|decision| decision.name)
        .collect()
}

pub(super) fn tests(
    rules: &ItemRules,
    compiled: &CompiledRules,
    around: &Surroundings,
) -> Vec<TestShown> {
    let outcomes = run_tests(rules, compiled.definition(), around);
    let outcomes = rules.tests.iter().zip(outcomes);
    outcomes
        .map(|(test, outcome)| TestShown {
            name: test.name.clone(),
            decision: test.decision.clone(),
            inputs: inputs_text(&test.inputs),
            expected: value_text(&test.expected),
            found: match outcome.found {
                Ok(found) => value_text(&found),
                Err(reason) => reason,
            },
            is_right: outcome.is_right,
        })
        .collect()
}

pub(super) fn decisions(definition: &Definition) -> Vec<Choice> {
    let decisions = definition.decisions();
    decisions
        .map(|decision| Choice::new(&decision.name, &decision.name))
        .collect()
}

pub(super) fn inputs(compiled: &CompiledRules, values: &[String]) -> Vec<InputAsked> {
    let inputs = compiled.definition().inputs().into_iter().enumerate();
    inputs
        .map(|(index, input)| {
            let source = compiled
                .sources()
                .iter()
                .find(|(name, _)| *name == input.name);
            let from = match source {
                Some((_, InputSource::Fact(_))) => "系统自动取得",
                Some((_, InputSource::Answer { .. })) => "取自申请表单",
                None => "表单没有问，系统也不知道",
            };
            let choices = if input.kind == InputKind::YesNo {
                ["是", "否"].map(|word| Choice::new(word, word)).into()
            } else {
                let choices = input.choices.iter();
                choices.map(|text| Choice::new(text, text)).collect()
            };
            InputAsked {
                field: format!("in_{index}"),
                hint: format!("{}；{from}", input.kind_text),
                name: input.name,
                value: values.get(index).cloned().unwrap_or_default(),
                choices,
            }
        })
        .collect()
}
