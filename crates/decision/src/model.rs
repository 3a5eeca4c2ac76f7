//! A DMN file as it was read: names, requirements and logic, every expression still as text with its place.

use std::collections::BTreeMap;

use crate::problem::Place;

/// A whole file.
#[derive(Debug, Default)]
pub(crate) struct Model {
    pub(crate) types: BTreeMap<String, TypeDefinition>,
    pub(crate) inputs: Vec<InputData>,
    pub(crate) decisions: Vec<Decision>,
    pub(crate) functions: Vec<Function>,
}

/// An `itemDefinition`.
#[derive(Debug)]
pub(crate) struct TypeDefinition {
    pub(crate) place: Place,
    /// The type it is made of, if it has no members.
    pub(crate) base: Option<String>,
    pub(crate) is_list: bool,
    pub(crate) allowed: Option<Text>,
    pub(crate) members: Vec<(String, TypeDefinition)>,
}

/// An `inputData`.
#[derive(Debug)]
pub(crate) struct InputData {
    pub(crate) place: Place,
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) type_ref: Option<String>,
}

/// What a decision or function needs, by the ids it points at.
#[derive(Debug, Default)]
pub(crate) struct Requirements {
    pub(crate) inputs: Vec<(String, Place)>,
    pub(crate) decisions: Vec<(String, Place)>,
    pub(crate) functions: Vec<(String, Place)>,
}

/// A `decision`.
#[derive(Debug)]
pub(crate) struct Decision {
    pub(crate) place: Place,
    pub(crate) id: String,
    /// What people call it.
    pub(crate) name: String,
    /// The name of its result in expressions.
    pub(crate) variable: String,
    pub(crate) type_ref: Option<String>,
    pub(crate) requires: Requirements,
    pub(crate) logic: Option<Logic>,
}

/// A `businessKnowledgeModel`.
#[derive(Debug)]
pub(crate) struct Function {
    pub(crate) place: Place,
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) parameters: Vec<(String, Option<String>)>,
    pub(crate) type_ref: Option<String>,
    pub(crate) requires: Requirements,
    pub(crate) logic: Option<Logic>,
}

/// An expression as it is written.
#[derive(Clone, Debug, Default)]
#[expect(
    clippy::struct_field_names,
    reason = "the text of a text is what everybody calls it"
)]
pub(crate) struct Text {
    pub(crate) text: String,
    pub(crate) place: Place,
    pub(crate) type_ref: Option<String>,
}

/// How a value is found.
#[derive(Debug)]
pub(crate) enum Logic {
    Table(Table),
    Literal(Text),
    /// Named entries in order; an entry without a name is the result.
    Context(Vec<(Option<String>, Logic)>),
    Invocation {
        function: Text,
        bindings: Vec<(String, Logic)>,
    },
    List(Vec<Logic>),
    Relation {
        columns: Vec<String>,
        rows: Vec<Vec<Logic>>,
    },
}

/// A decision table.
#[derive(Debug)]
pub(crate) struct Table {
    pub(crate) place: Place,
    pub(crate) policy: HitPolicy,
    pub(crate) inputs: Vec<InputClause>,
    pub(crate) outputs: Vec<OutputClause>,
    pub(crate) annotations: Vec<String>,
    pub(crate) rules: Vec<Rule>,
}

/// One input column.
#[derive(Debug)]
pub(crate) struct InputClause {
    pub(crate) label: String,
    pub(crate) expression: Text,
    pub(crate) values: Option<Text>,
}

/// One output column.
#[derive(Debug)]
pub(crate) struct OutputClause {
    pub(crate) place: Place,
    pub(crate) name: Option<String>,
    pub(crate) label: String,
    pub(crate) type_ref: Option<String>,
    pub(crate) values: Option<Text>,
    pub(crate) default: Option<Text>,
}

/// One row.
#[derive(Debug)]
pub(crate) struct Rule {
    pub(crate) place: Place,
    /// Its own id, not that of an element around it.
    pub(crate) id: Option<String>,
    pub(crate) description: String,
    pub(crate) tests: Vec<Text>,
    pub(crate) outputs: Vec<Text>,
    pub(crate) annotations: Vec<String>,
}

/// What happens when several rows fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HitPolicy {
    Unique,
    Any,
    Priority,
    First,
    RuleOrder,
    OutputOrder,
    Collect(Option<Aggregation>),
}

/// How collected outputs become one value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Aggregation {
    Sum,
    Min,
    Max,
    Count,
}

impl HitPolicy {
    /// As DMN writes it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Unique => "UNIQUE",
            Self::Any => "ANY",
            Self::Priority => "PRIORITY",
            Self::First => "FIRST",
            Self::RuleOrder => "RULE ORDER",
            Self::OutputOrder => "OUTPUT ORDER",
            Self::Collect(None) => "COLLECT",
            Self::Collect(Some(Aggregation::Sum)) => "COLLECT SUM",
            Self::Collect(Some(Aggregation::Min)) => "COLLECT MIN",
            Self::Collect(Some(Aggregation::Max)) => "COLLECT MAX",
            Self::Collect(Some(Aggregation::Count)) => "COLLECT COUNT",
        }
    }

    /// Whether the order of its rows, or how many fit, may decide.
    pub(crate) fn allows_overlap(self) -> bool {
        !matches!(self, Self::Unique | Self::Any)
    }
}

/// A name as FEEL sees it: runs of white space are one blank.
pub(crate) fn plain_name(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ")
}
