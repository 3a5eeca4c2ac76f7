//! A table as a grid of pieces: the search for what no row covers and for what two rows cover.

use std::collections::BTreeMap;

use crate::compile::TableCode;
use crate::limits::COVERAGE_STEPS_MAX;

use super::axis::Axis;
use super::read::{CellSet, cell};

/// A table cut into pieces.
pub(super) struct Grid {
    axes: Vec<Axis>,
    /// For each row and column the pieces that pass.
    rows: Vec<Vec<Vec<bool>>>,
}

impl Grid {
    /// Cuts a table, or says why it cannot be cut.
    pub(super) fn of(table: &TableCode) -> Result<Self, String> {
        let mut axes = Vec::with_capacity(table.inputs.len());
        let mut rows = vec![Vec::with_capacity(table.inputs.len()); table.rows.len()];
        for (index, column) in table.inputs.iter().enumerate() {
            let mut cells: Vec<Option<CellSet>> = Vec::with_capacity(table.rows.len());
            for (number, row) in table.rows.iter().enumerate() {
                cells.push(match &row.tests[index] {
                    None => None,
                    Some(test) => Some(cell(&test.node).ok_or_else(|| {
                        format!(
                            "第 {} 条规则的条件“{}”（{}）不是与固定值的简单比较",
                            number + 1,
                            column.label,
                            test.text
                        )
                    })?),
                });
            }
            let cut = Axis::of(column, &cells)?;
            for (pieces, cell) in rows.iter_mut().zip(&cells) {
                pieces.push(match cell {
                    Some(set) => cut.pieces(set),
                    None => vec![true; cut.len()],
                });
            }
            axes.push(cut);
        }
        Ok(Self { axes, rows })
    }

    /// What had to be left out.
    pub(super) fn note(&self) -> Option<String> {
        let unlisted = self.axes.iter().filter(|axis| axis.is_unlisted);
        let labels: Vec<&str> = unlisted.map(|axis| axis.label.as_str()).collect();
        (!labels.is_empty()).then(|| {
            format!(
                "“{}”没有列出允许的文字，只检查了表里写到的文字",
                labels.join("”、“")
            )
        })
    }

    /// Situations that no row covers; nothing if there are too many to look through.
    pub(super) fn gaps(&self, findings_max: usize) -> Option<Vec<String>> {
        let mut search = Search {
            grid: self,
            path: Vec::with_capacity(self.axes.len()),
            found: Vec::new(),
            findings_max,
            steps: 0,
        };
        let all: Vec<usize> = (0..self.rows.len()).collect();
        search.column(0, &all)?;
        Some(search.found)
    }

    /// Pairs of rows that cover the same situation, among those that the test lets count.
    pub(super) fn overlaps(
        &self,
        findings_max: usize,
        counts: impl Fn(usize, usize) -> bool,
    ) -> Vec<(usize, usize, String)> {
        let mut found = Vec::new();
        for second in 1..self.rows.len() {
            for first in 0..second {
                if !counts(first, second) {
                    continue;
                }
                if let Some(common) = self.common(first, second) {
                    found.push((first, second, self.words(&common)));
                    if found.len() == findings_max {
                        return found;
                    }
                }
            }
        }
        found
    }

    /// What two rows have in common in every column.
    fn common(&self, first: usize, second: usize) -> Option<Vec<Vec<bool>>> {
        let columns = self.axes.iter().enumerate().map(|(column, axis)| {
            let both: Vec<bool> = self.rows[first][column]
                .iter()
                .zip(&self.rows[second][column])
                .zip(&axis.possible)
                .map(|((one, other), possible)| *one && *other && *possible)
                .collect();
            both.contains(&true).then_some(both)
        });
        columns.collect()
    }

    /// A situation in Chinese.
    fn words(&self, pieces: &[Vec<bool>]) -> String {
        let parts = self.axes.iter().zip(pieces);
        let parts: Vec<String> = parts.filter_map(|(axis, it)| axis.words(it)).collect();
        if parts.is_empty() {
            "任何情况".to_owned()
        } else {
            parts.join("，且")
        }
    }
}

/// Goes through the grid column by column, keeping the rows that still cover.
struct Search<'g> {
    grid: &'g Grid,
    path: Vec<Vec<bool>>,
    found: Vec<String>,
    findings_max: usize,
    steps: usize,
}

impl Search<'_> {
    fn column(&mut self, column: usize, rows: &[usize]) -> Option<()> {
        let grid = self.grid;
        self.steps += 1 + rows.len();
        if self.steps > COVERAGE_STEPS_MAX {
            return None;
        }
        if self.found.len() >= self.findings_max {
            return Some(());
        }
        if rows.is_empty() {
            let rest = grid.axes[column..].iter().map(|axis| axis.possible.clone());
            let situation: Vec<Vec<bool>> = self.path.iter().cloned().chain(rest).collect();
            self.found.push(grid.words(&situation));
            return Some(());
        }
        let Some(axis) = grid.axes.get(column) else {
            return Some(());
        };
        // Pieces that the same rows cover are gone through together.
        let mut groups: BTreeMap<Vec<usize>, Vec<bool>> = BTreeMap::new();
        for piece in (0..axis.len()).filter(|piece| axis.possible[*piece]) {
            let covering = rows.iter().copied();
            let covering: Vec<usize> = covering
                .filter(|row| grid.rows[*row][column][piece])
                .collect();
            self.steps += rows.len();
            let group = groups.entry(covering);
            group.or_insert_with(|| vec![false; axis.len()])[piece] = true;
        }
        for (covering, pieces) in groups {
            self.path.push(pieces);
            let searched = self.column(column + 1, &covering);
            self.path.pop();
            searched?;
        }
        Some(())
    }
}
