//! A model ready to be evaluated.

use std::fmt;

use dsntk_feel::values::Value;
use dsntk_feel::{FeelType, Name};

use crate::feel::Compiled;
use crate::model::HitPolicy;
use crate::problem::Place;

/// All of a file.
#[derive(Default)]
pub(crate) struct Program {
    pub(crate) inputs: Vec<InputSlot>,
    /// Functions of the file as values, by position in the model; those refused are absent.
    pub(crate) functions: Vec<Option<(Name, Value)>>,
    /// By position in the model; those refused are absent.
    pub(crate) decisions: Vec<Option<DecisionCode>>,
}

impl fmt::Debug for Program {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Program")
            .field("inputs", &self.inputs.len())
            .field("decisions", &self.decisions.len())
            .finish_non_exhaustive()
    }
}

/// One input.
pub(crate) struct InputSlot {
    pub(crate) name: String,
    pub(crate) feel_type: FeelType,
    /// Says whether a value is allowed.
    pub(crate) allowed: Option<Compiled>,
}

/// One decision.
pub(crate) struct DecisionCode {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) variable: String,
    pub(crate) feel_type: FeelType,
    pub(crate) place: Place,
    /// Positions in [`Program::inputs`].
    pub(crate) inputs: Vec<usize>,
    /// Positions in [`Program::decisions`].
    pub(crate) decisions: Vec<usize>,
    /// Positions in [`Program::functions`].
    pub(crate) functions: Vec<usize>,
    pub(crate) code: Code,
}

/// How a value is found.
pub(crate) enum Code {
    Table(TableCode),
    Literal(Compiled),
    Context(Vec<(Option<Name>, Code)>),
    Invocation {
        function: Compiled,
        bindings: Vec<(Name, Code)>,
    },
    List(Vec<Code>),
    Relation {
        columns: Vec<Name>,
        rows: Vec<Vec<Code>>,
    },
}

/// A decision table.
pub(crate) struct TableCode {
    pub(crate) place: Place,
    pub(crate) policy: HitPolicy,
    pub(crate) inputs: Vec<InputCode>,
    pub(crate) outputs: Vec<OutputCode>,
    pub(crate) annotations: Vec<String>,
    pub(crate) rows: Vec<Row>,
}

/// One input column.
pub(crate) struct InputCode {
    pub(crate) label: String,
    pub(crate) expression: Compiled,
    pub(crate) feel_type: FeelType,
    pub(crate) is_whole: bool,
    /// Says whether a value is one of those that the column lists.
    pub(crate) allowed: Option<Compiled>,
}

/// One output column.
pub(crate) struct OutputCode {
    pub(crate) name: Name,
    pub(crate) label: String,
    /// Says whether a value is one of those that the column lists.
    pub(crate) allowed: Option<Compiled>,
    /// The values that the column lists, the most important one first.
    pub(crate) values: Option<Compiled>,
    pub(crate) default: Option<Compiled>,
}

/// One row.
pub(crate) struct Row {
    pub(crate) place: Place,
    pub(crate) id: Option<String>,
    pub(crate) description: String,
    /// Absent where any value passes.
    pub(crate) tests: Vec<Option<Compiled>>,
    /// Absent where nothing is written.
    pub(crate) outputs: Vec<Option<Compiled>>,
    pub(crate) annotations: Vec<String>,
}
