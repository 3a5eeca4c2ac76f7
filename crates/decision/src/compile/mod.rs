//! From a model to a program: names are resolved, types found, expressions prepared, the order of evaluation fixed. All
//! problems are collected; a program with errors among them is never run.

mod graph;
mod logic;
mod program;
mod table;
mod types;

pub(crate) use program::{Code, DecisionCode, InputCode, InputSlot, Program, Row, TableCode};

use crate::limits::LOOP_WORK_MAX;
use crate::model::{Model, Text};
use crate::problem::{Place, Problems};

use crate::feel::{self, Compiled, Fault, Scope};
use graph::Graph;
use types::Types;

/// Makes a program of a model.
pub(crate) fn compile(model: &Model, problems: &mut Problems) -> Program {
    let graph = Graph::of(model, problems);
    let types = Types::of(model, problems);
    let mut compiler = Compiler {
        types,
        problems,
        cost: 0,
        function_costs: Vec::new(),
    };
    let mut program = Program::default();
    compiler.inputs(model, &mut program);
    compiler.functions(model, &graph, &mut program);
    compiler.decisions(model, &graph, &mut program);
    if compiler.cost > LOOP_WORK_MAX {
        let text = "全部表达式最多要算的次数超过上限；请减少循环的嵌套，或拆成几个文件";
        let place = Place { id: None, line: 1 };
        compiler.problems.error("too-much-work", &place, text);
    }
    program
}

/// What is at hand while a program is made.
struct Compiler<'p> {
    types: Types,
    problems: &'p mut Problems,
    /// What all expressions together cost at most.
    cost: u64,
    /// What a call of each function of the file costs at most.
    function_costs: Vec<u64>,
}

impl Compiler<'_> {
    fn expression(&mut self, scope: &Scope, what: &str, text: &Text) -> Option<Compiled> {
        if text.text.is_empty() {
            let problem = format!("{what}没有写表达式，请补上");
            self.problems
                .error("expression-missing", &text.place, problem);
            return None;
        }
        self.taken(what, text, feel::expression(scope, text))
    }

    fn tests(&mut self, scope: &Scope, what: &str, text: &Text) -> Option<Compiled> {
        self.taken(what, text, feel::tests(scope, text))
    }

    fn values(&mut self, scope: &Scope, what: &str, text: &Text) -> Option<Compiled> {
        self.taken(what, text, feel::values(scope, text))
    }

    /// A refused text is told and left out.
    fn taken(
        &mut self,
        what: &str,
        text: &Text,
        compiled: Result<Compiled, Fault>,
    ) -> Option<Compiled> {
        match compiled {
            Ok(compiled) => {
                self.cost = self.cost.saturating_add(compiled.cost);
                Some(compiled)
            }
            Err(fault) => {
                let problem = format!("{what}：{}", fault.text);
                self.problems.error(fault.code, &text.place, problem);
                None
            }
        }
    }
}
