//! Completeness and overlap of decision tables: which situations no row fits, and which rows fit the same situation.
//!
//! A column of numbers, dates, yes and no, or listed texts is cut at every value that some cell names; between two cuts all
//! situations are alike, so a table is a finite grid and its holes can be named. Other tables are said to be not checked.

mod axis;
mod grid;
mod read;

use serde::Serialize;

use crate::compile::{DecisionCode, TableCode};
use crate::limits::{COVERAGE_FINDINGS_MAX, COVERAGE_ROWS_MAX};
use crate::model::HitPolicy;
use crate::problem::{Problems, Severity};

use grid::Grid;

/// What is known of one decision's table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TableCoverage {
    /// The decision's name.
    pub decision: String,
    /// The decision's id.
    pub id: String,
    /// Whether the table was checked.
    pub checked: bool,
    /// Why it was not, or what was left out, in Chinese.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Situations that no row fits, in Chinese. Empty if the table has a default for them.
    pub gaps: Vec<String>,
    /// Rows that fit the same situation although the hit policy does not allow it.
    pub overlaps: Vec<Overlap>,
}

/// Two rows that fit the same situation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Overlap {
    /// Their numbers, counted from 1.
    pub rows: [usize; 2],
    /// The situation, in Chinese.
    pub situation: String,
}

/// Looks at a decision's table and adds what it finds to the problems.
pub(crate) fn check(
    decision: &DecisionCode,
    table: &TableCode,
    problems: &mut Problems,
) -> TableCoverage {
    let coverage = look(decision, table);
    let name = &decision.name;
    if let Some(note) = &coverage.note {
        let what = if coverage.checked { "部分" } else { "没有" };
        let text = format!("决策表“{name}”{what}检查是否完整和重叠：{note}");
        problems.add(Severity::Notice, "coverage-unchecked", &table.place, text);
    }
    for gap in &coverage.gaps {
        let text = format!("决策表“{name}”有遗漏：{gap}时没有规则符合；请补一条规则，或写默认输出");
        problems.add(Severity::Warning, "table-gap", &table.place, text);
    }
    for overlap in &coverage.overlaps {
        let [first, second] = overlap.rows;
        let text = format!(
            "决策表“{name}”第 {first}、{second} 条规则重叠：{}时都符合，而命中策略是 {}；请让条件不重叠，或改用 FIRST",
            overlap.situation,
            table.policy.name()
        );
        let place = &table.rows[second - 1].place;
        problems.add(Severity::Warning, "table-overlap", place, text);
    }
    coverage
}

fn look(decision: &DecisionCode, table: &TableCode) -> TableCoverage {
    let mut coverage = TableCoverage {
        decision: decision.name.clone(),
        id: decision.id.clone(),
        checked: false,
        note: None,
        gaps: Vec::new(),
        overlaps: Vec::new(),
    };
    if table.rows.len() > COVERAGE_ROWS_MAX {
        coverage.note = Some(format!("超过 {COVERAGE_ROWS_MAX} 行"));
        return coverage;
    }
    let grid = match Grid::of(table) {
        Ok(grid) => grid,
        Err(reason) => {
            coverage.note = Some(reason);
            return coverage;
        }
    };
    let has_default = table.outputs.iter().any(|output| output.default.is_some());
    // A table that collects what applies may well collect nothing.
    let may_be_empty = matches!(
        table.policy,
        HitPolicy::Collect(_) | HitPolicy::RuleOrder | HitPolicy::OutputOrder
    );
    coverage.checked = true;
    coverage.note = grid.note();
    if !has_default && !may_be_empty && !table.rows.is_empty() {
        match grid.gaps(COVERAGE_FINDINGS_MAX) {
            Some(gaps) => coverage.gaps = gaps,
            None => {
                coverage.note = Some("情况太多，没有逐一检查遗漏".to_owned());
            }
        }
    }
    if !table.policy.allows_overlap() {
        coverage.overlaps = grid
            .overlaps(COVERAGE_FINDINGS_MAX, |first, second| {
                table.policy == HitPolicy::Unique || !same_outputs(table, first, second)
            })
            .into_iter()
            .map(|(first, second, situation)| Overlap {
                rows: [first + 1, second + 1],
                situation,
            })
            .collect();
    }
    coverage
}

/// Whether two rows say the same; what is computed differently but comes out the same counts as different.
fn same_outputs(table: &TableCode, first: usize, second: usize) -> bool {
    let text = |row: usize| {
        let outputs = table.rows[row].outputs.iter();
        outputs
            .map(|output| output.as_ref().map(|output| output.text.as_str()))
            .collect::<Vec<_>>()
    };
    text(first) == text(second)
}
