//! One column cut at every value that its cells name. The pieces are numbered: on an ordered axis the even ones lie
//! between two cuts, the odd ones are the cuts themselves; on a list of names each name is a piece.

use dsntk_feel::FeelType;
use rust_decimal::Decimal;

use crate::compile::InputCode;

use super::read::{CellSet, Point, Span, cell, words};

/// Pieces of one column.
const PIECES_MAX: usize = 4_096;

/// A column's pieces.
#[derive(Debug)]
pub(super) struct Axis {
    pub(super) label: String,
    /// The cuts of an ordered axis in order, or the names of the others.
    points: Vec<Point>,
    is_ordered: bool,
    /// Nothing lies between two neighbouring whole numbers or days.
    is_whole: bool,
    /// The pieces that can occur.
    pub(super) possible: Vec<bool>,
    /// Whether texts occur that nobody listed.
    pub(super) is_unlisted: bool,
}

impl Axis {
    /// A column that no cell tests.
    fn untested(label: &str) -> Self {
        Self {
            label: label.to_owned(),
            points: Vec::new(),
            is_ordered: true,
            is_whole: false,
            possible: vec![true],
            is_unlisted: false,
        }
    }

    pub(super) fn of(column: &InputCode, cells: &[Option<CellSet>]) -> Result<Self, String> {
        let label = &column.label;
        if cells.iter().all(Option::is_none) {
            return Ok(Self::untested(label));
        }
        let listed = column.allowed.as_ref().and_then(|it| cell(&it.node));
        let kind = |point: &Point| match column.feel_type {
            FeelType::Number => matches!(point, Point::Number(_)),
            FeelType::Date => matches!(point, Point::Day(_)),
            FeelType::Boolean => matches!(point, Point::Flag(_)),
            FeelType::String => matches!(point, Point::Text(_)),
            _ => false,
        };
        let mut points: Vec<Point> = Vec::new();
        for set in cells.iter().flatten().chain(listed.iter()) {
            let ends = set.spans.iter().flat_map(|span| [&span.from, &span.to]);
            points.extend(ends.flatten().map(|(point, _)| point.clone()));
        }
        if !points.iter().all(kind) {
            return Err(format!(
                "“{label}”不是数字、日期、是否或列出了取值的文字，或条件与列的类型不同"
            ));
        }
        let is_ordered = matches!(column.feel_type, FeelType::Number | FeelType::Date);
        let is_flag = column.feel_type == FeelType::Boolean;
        let single = |span: &Span| match (&span.from, &span.to) {
            (Some((from, _)), Some((to, _))) => from == to,
            (None, None) => true,
            _ => false,
        };
        let mut spans = cells.iter().flatten().flat_map(|set| &set.spans);
        if !is_ordered && !spans.all(single) {
            return Err(format!("“{label}”里有文字的大小比较"));
        }
        if is_flag {
            points.extend([Point::Flag(false), Point::Flag(true)]);
        }
        points.sort();
        points.dedup();
        let count = if is_ordered {
            points.len() * 2 + 1
        } else {
            points.len()
        };
        if count > PIECES_MAX {
            return Err(format!("“{label}”的取值太多"));
        }
        let mut axis = Self {
            label: label.clone(),
            points,
            is_ordered,
            is_whole: column.is_whole || column.feel_type == FeelType::Date,
            possible: vec![true; count],
            is_unlisted: !is_ordered && !is_flag && listed.is_none(),
        };
        axis.possible = match &listed {
            Some(set) => axis.pieces(set),
            None => (0..count).map(|piece| axis.exists(piece)).collect(),
        };
        Ok(axis)
    }

    /// How many pieces there are.
    pub(super) fn len(&self) -> usize {
        self.possible.len()
    }

    /// Whether anything lies in a piece.
    fn exists(&self, piece: usize) -> bool {
        if !self.is_ordered || !self.is_whole || !piece.is_multiple_of(2) {
            return true;
        }
        let cut = |index: usize| self.points.get(index);
        match (
            piece.checked_sub(2).and_then(|at| cut(at / 2)),
            cut(piece / 2),
        ) {
            (Some(Point::Day(from)), Some(Point::Day(to))) => to - from > 1,
            (Some(Point::Number(from)), Some(Point::Number(to))) => {
                from.floor() + Decimal::ONE < *to
            }
            _ => true,
        }
    }

    /// The pieces that a cell lets pass, among those that can occur.
    pub(super) fn pieces(&self, set: &CellSet) -> Vec<bool> {
        (0..self.len())
            .map(|piece| {
                let within = set.spans.iter().any(|span| self.within(piece, span));
                within != set.is_negated && self.exists(piece)
            })
            .collect()
    }

    fn within(&self, piece: usize, span: &Span) -> bool {
        if !self.is_ordered {
            let point = &self.points[piece];
            return match (&span.from, &span.to) {
                (None, None) => true,
                (Some((from, _)), Some((to, _))) => from <= point && point <= to,
                _ => false,
            };
        }
        let at = piece / 2;
        let is_cut = !piece.is_multiple_of(2);
        let after = span.from.as_ref().is_none_or(|(from, closed)| {
            if is_cut {
                self.points[at] > *from || (self.points[at] == *from && *closed)
            } else {
                // The piece lies before cut `at`: it begins at the cut before it.
                at > 0 && self.points[at - 1] >= *from
            }
        });
        let before = span.to.as_ref().is_none_or(|(to, closed)| {
            if is_cut {
                self.points[at] < *to || (self.points[at] == *to && *closed)
            } else {
                at < self.points.len() && self.points[at] <= *to
            }
        });
        after && before
    }

    /// Some pieces in Chinese; nothing if they are all that can occur.
    pub(super) fn words(&self, pieces: &[bool]) -> Option<String> {
        let is_all = pieces
            .iter()
            .zip(&self.possible)
            .all(|(within, possible)| *within || !*possible);
        if is_all {
            return None;
        }
        if !self.is_ordered {
            let names = self
                .points
                .iter()
                .zip(pieces)
                .filter(|(_, within)| **within);
            let names: Vec<String> = names.map(|(point, _)| words(point)).collect();
            let one_of = if names.len() > 1 { "之一" } else { "" };
            return Some(format!("{}是{}{one_of}", self.label, names.join("、")));
        }
        let mut parts = Vec::new();
        let mut piece = 0;
        while piece < pieces.len() {
            if !pieces[piece] {
                piece += 1;
                continue;
            }
            let first = piece;
            // What cannot occur does not part what lies on both its sides.
            let mut last = piece;
            while piece < pieces.len() && (pieces[piece] || !self.exists(piece)) {
                if pieces[piece] {
                    last = piece;
                }
                piece += 1;
            }
            parts.push(self.stretch(first, last));
        }
        Some(format!("{}{}", self.label, parts.join("或")))
    }

    /// The pieces from one to another.
    fn stretch(&self, first: usize, last: usize) -> String {
        let from = (!first.is_multiple_of(2))
            .then_some((first / 2, true))
            .or_else(|| (first / 2).checked_sub(1).map(|at| (at, false)));
        let to = (!last.is_multiple_of(2))
            .then_some((last / 2, true))
            .or_else(|| (last / 2 < self.points.len()).then_some((last / 2, false)));
        let name = |at: usize| words(&self.points[at]);
        match (from, to) {
            (Some((from, _)), Some((to, _))) if from == to => format!("是{}", name(from)),
            (Some((from, opens)), Some((to, closes))) => {
                let ends = |closed: bool| if closed { "含" } else { "不含" };
                format!(
                    "从{}（{}）到{}（{}）",
                    name(from),
                    ends(opens),
                    name(to),
                    ends(closes)
                )
            }
            (Some((from, true)), None) => format!("不小于{}", name(from)),
            (Some((from, false)), None) => format!("大于{}", name(from)),
            (None, Some((to, true))) => format!("不大于{}", name(to)),
            (None, Some((to, false))) => format!("小于{}", name(to)),
            (None, None) => "是任何值".to_owned(),
        }
    }
}
