//! The picture of a process: an SVG of what the file's own diagram shows, and the same steps as a list for whoever does not see
//! it. It lives beside the engine because both read the same file; it knows no page, no colour and no case: whoever shows it
//! says which elements are open and which are done, and styles the classes.
//!
//! `parts` reads the elements and `diagram` their places, `order` puts steps into the order in which they come, `arrange` draws a file that
//! has no diagram, `svg` and `symbols` write, `wrap` breaks labels into lines, `write` gives
//! a file the places that were arranged. Everything is bounded, and the SVG holds
//! neither script nor style, so that the strictest policy of a page lets it through.

mod arrange;
mod diagram;
mod order;
mod parts;
mod svg;
mod symbols;
mod wrap;
mod write;

use std::collections::BTreeSet;

use serde::Serialize;

use crate::definition::Definition;
use crate::ids::ElementId;

use parts::Parts;

pub use write::with_diagram;

/// Shapes and lines of one picture at most; a larger process has only its list.
pub const PICTURE_PARTS_MAX: usize = 1_500;

/// A place in the picture, in pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Point {
    x: i32,
    y: i32,
}

/// A rectangle of the picture, in pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Area {
    x: i32,
    y: i32,
    width: i32,
    height: i32,
}

impl Area {
    const fn right(self) -> i32 {
        self.x + self.width
    }

    const fn bottom(self) -> i32 {
        self.y + self.height
    }

    const fn middle(self) -> Point {
        Point {
            x: self.x + self.width / 2,
            y: self.y + self.height / 2,
        }
    }

    fn with(self, other: Self) -> Self {
        let (x, y) = (self.x.min(other.x), self.y.min(other.y));
        Self {
            x,
            y,
            width: self.right().max(other.right()) - x,
            height: self.bottom().max(other.bottom()) - y,
        }
    }

    const fn moved(self, by: Point) -> Self {
        Self {
            x: self.x + by.x,
            y: self.y + by.y,
            ..self
        }
    }
}

/// Where each part stands and how each line runs.
#[derive(Clone, Debug, Default)]
struct Layout {
    /// Part and place; a label's own place, if the file says it.
    areas: Vec<(usize, Area, Option<Area>)>,
    /// Line, its points, and its label's own place.
    lines: Vec<(usize, Vec<Point>, Option<Area>)>,
}

/// What is lit in a picture.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    /// Elements that are open now.
    pub open: BTreeSet<ElementId>,
    /// Elements that are done; one that is open again counts as open.
    pub done: BTreeSet<ElementId>,
}

impl Marks {
    /// How one element is marked.
    pub fn of(&self, element: &ElementId) -> Mark {
        if self.open.contains(element) {
            Mark::Open
        } else if self.done.contains(element) {
            Mark::Done
        } else {
            Mark::Ahead
        }
    }
}

/// How an element is marked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    /// Not reached, or not told.
    Ahead,
    /// Open now.
    Open,
    /// Done.
    Done,
}

/// The words of a picture, in the reader's language.
#[derive(Clone, Copy, Debug)]
pub struct PictureWords<'a> {
    /// The beginning of the ids inside the SVG; once a page.
    pub id: &'a str,
    /// What it shows, as screen readers say it.
    pub title: &'a str,
    /// The sign on an open element: 在办.
    pub open: &'a str,
    /// The sign on one that is done: 已办.
    pub done: &'a str,
}

/// One step of the list that stands for the picture.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PictureStep {
    /// The element.
    pub element: ElementId,
    /// Its name; its id when it has none.
    pub name: String,
    /// How deep it lies in sub-processes.
    pub depth: usize,
    /// Whether it is a sub-process, whose own steps follow.
    pub holds_steps: bool,
    /// The limit in working days.
    pub limit_days: Option<u32>,
    /// Whether several people do it, each for themselves (会签).
    pub is_several: bool,
    /// What may come next.
    pub next: Vec<NextStep>,
}

/// What may come after a step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NextStep {
    /// What is written on the way there; empty when nothing is.
    pub when: String,
    /// The step's name; `None` for the end of the process.
    pub name: Option<String>,
}

/// A process as it can be shown.
#[derive(Clone, Debug)]
pub struct Drawing {
    parts: Parts,
    layout: Option<Layout>,
    steps: Vec<PictureStep>,
    is_arranged: bool,
}

impl Drawing {
    /// What a checked file shows: by its own diagram, otherwise arranged from left to right.
    pub fn of(definition: &Definition) -> Self {
        let mut parts = Parts::read(definition);
        let steps = order::steps(&parts, definition.whole());
        if parts.nodes.len() + parts.lines.len() > PICTURE_PARTS_MAX {
            return Self {
                parts: Parts::default(),
                layout: None,
                steps,
                is_arranged: false,
            };
        }
        let own = parts.take_diagram();
        let is_arranged = own.is_none();
        let layout = own.unwrap_or_else(|| arrange::arrange(&parts));
        Self {
            parts,
            layout: Some(layout),
            steps,
            is_arranged,
        }
    }

    /// The steps of people in the order in which they come.
    pub fn steps(&self) -> &[PictureStep] {
        &self.steps
    }

    /// Whether the file had no diagram of its own, so that the places are ours.
    pub const fn is_arranged(&self) -> bool {
        self.is_arranged
    }

    /// The picture as an inline SVG; `None` for a process with more than [`PICTURE_PARTS_MAX`] parts.
    pub fn svg(&self, words: PictureWords<'_>, marks: &Marks) -> Option<String> {
        let layout = self.layout.as_ref()?;
        let drawn = |marked: &BTreeSet<ElementId>| {
            let marked = marked.iter();
            let drawn = marked.filter_map(|id| self.parts.drawn(id.as_str()));
            drawn.map(ElementId::from).collect()
        };
        let marks = Marks {
            open: drawn(&marks.open),
            done: drawn(&marks.done),
        };
        Some(svg::write(&self.parts, layout, words, &marks))
    }
}
