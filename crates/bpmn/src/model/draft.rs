//! The draft: a file's content with everything still possible, including nonsense. `check` looks at it, `compile`
//! turns a sound one into an executable process.

use crate::expression::Expression;
use crate::ids::ElementId;

use super::node::NodeKind;
use super::stage::Stage;
use super::work::Looping;

/// A file.
#[derive(Debug, Default)]
pub(crate) struct Draft {
    pub(crate) processes: Vec<DraftProcess>,
}

/// A process with all its scopes in flat lists.
#[derive(Clone, Debug)]
pub(crate) struct DraftProcess {
    pub(crate) id: ElementId,
    pub(crate) name: String,
    pub(crate) line: u32,
    /// `isExecutable`, if the file says.
    pub(crate) executable: Option<bool>,
    /// For each scope the node that holds it; the process itself is the first and has none.
    pub(crate) scopes: Vec<Option<usize>>,
    pub(crate) nodes: Vec<DraftNode>,
    pub(crate) flows: Vec<DraftFlow>,
    /// Pairs of element ids joined by an association.
    pub(crate) associations: Vec<(String, String)>,
}

#[derive(Clone, Debug)]
pub(crate) struct DraftNode {
    pub(crate) id: ElementId,
    pub(crate) name: String,
    pub(crate) line: u32,
    pub(crate) scope: usize,
    pub(crate) kind: NodeKind,
    /// It is not executed or could not be read; that is told, and what hangs on it is not blamed.
    pub(crate) refused: bool,
    pub(crate) default: Option<String>,
    pub(crate) looping: Option<Looping>,
    pub(crate) stage: Option<Stage>,
    pub(crate) for_compensation: bool,
    /// `attachedToRef` of a boundary event.
    pub(crate) attached_to: Option<String>,
    /// `activityRef` of a compensation event.
    pub(crate) compensates: Option<String>,
}

#[derive(Clone, Debug)]
pub(crate) struct DraftFlow {
    pub(crate) id: ElementId,
    pub(crate) line: u32,
    pub(crate) scope: usize,
    pub(crate) source: String,
    pub(crate) target: String,
    pub(crate) condition: Option<Expression>,
    /// There is a condition, but it could not be read; the problem is already told.
    pub(crate) condition_broken: bool,
}
