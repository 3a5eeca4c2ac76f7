//! Inputs, functions and decisions of a model, and every kind of expression but tables.

use std::sync::Arc;

use dsntk_feel::context::FeelContext;
use dsntk_feel::values::Value;
use dsntk_feel::{FeelScope, FeelType, Name};

use crate::evaluate;
use crate::feel::{Compiled, Scope, free, function_value, words};
use crate::model::{Decision, Function, Logic, Model, Text};
use crate::problem::Severity;

use super::Compiler;
use super::graph::{Graph, Needs};
use super::program::{Code, DecisionCode, InputSlot, Program};
use super::types::Typed;

impl Compiler<'_> {
    pub(super) fn inputs(&mut self, model: &Model, program: &mut Program) {
        for input in &model.inputs {
            let mut typed =
                self.types
                    .named(input.type_ref.as_deref(), &input.place, self.problems);
            if input.type_ref.is_none() {
                typed = self.used_as(model, &input.name);
            }
            let slot = self.slot(&input.name, &typed);
            program.inputs.push(slot);
        }
    }

    fn slot(&mut self, name: &str, typed: &Typed) -> InputSlot {
        let mut scope = Scope::new();
        scope.add(crate::feel::TESTED, typed.feel.clone());
        let allowed = typed.allowed.as_ref();
        InputSlot {
            name: name.to_owned(),
            feel_type: typed.feel.clone(),
            allowed: allowed.and_then(|text| self.tests(&scope, "允许的值", text)),
        }
    }

    /// The type that tables give to a name whose input declares none.
    fn used_as(&mut self, model: &Model, name: &str) -> Typed {
        for decision in &model.decisions {
            let Some(Logic::Table(table)) = &decision.logic else {
                continue;
            };
            for column in &table.inputs {
                let expression = &column.expression;
                if expression.text == name && expression.type_ref.is_some() {
                    return self.types.named(
                        expression.type_ref.as_deref(),
                        &expression.place,
                        self.problems,
                    );
                }
            }
        }
        Typed::any()
    }

    pub(super) fn functions(&mut self, model: &Model, graph: &Graph, program: &mut Program) {
        program
            .functions
            .resize_with(model.functions.len(), || None);
        let mut costs = vec![0_u64; model.functions.len()];
        for index in graph.function_order.iter().copied() {
            let before = self.cost;
            let needs = &graph.functions[index].functions;
            let function = &model.functions[index];
            let mut scope = Scope::new();
            let mut around = FeelContext::default();
            for other in needs {
                scope.add_function(&model.functions[*other].name, costs[*other]);
                if let Some((name, value)) = &program.functions[*other] {
                    around.set_entry(name, value.clone());
                }
            }
            program.functions[index] = self.function(function, &mut scope, around);
            costs[index] = self.cost.saturating_sub(before);
        }
        self.function_costs = costs;
    }

    fn function(
        &mut self,
        function: &Function,
        scope: &mut Scope,
        around: FeelContext,
    ) -> Option<(Name, Value)> {
        let mut parameters = Vec::new();
        for (name, type_ref) in &function.parameters {
            let typed = self
                .types
                .named(type_ref.as_deref(), &function.place, self.problems);
            scope.add(name, typed.feel.clone());
            parameters.push((Name::from(name), typed.feel));
        }
        let result = self
            .types
            .named(function.type_ref.as_deref(), &function.place, self.problems);
        // Where there is none, the reader has said so.
        let logic = function.logic.as_ref()?;
        let code = Arc::new(self.logic(scope, &function.name, logic)?);
        let body = move |scope: &FeelScope| evaluate::as_function(&code, scope);
        let value = function_value(parameters, Box::new(body), around, result.feel);
        Some((Name::from(&function.name), value))
    }

    pub(super) fn decisions(&mut self, model: &Model, graph: &Graph, program: &mut Program) {
        program
            .decisions
            .resize_with(model.decisions.len(), || None);
        for index in graph.decision_order.iter().copied() {
            let decision = &model.decisions[index];
            let needs = &graph.decisions[index];
            program.decisions[index] = self.decision(model, decision, needs, program);
        }
    }

    fn decision(
        &mut self,
        model: &Model,
        decision: &Decision,
        needs: &Needs,
        program: &mut Program,
    ) -> Option<DecisionCode> {
        let logic = decision.logic.as_ref()?;
        let mut scope = Scope::new();
        for input in &needs.inputs {
            let slot = &program.inputs[*input];
            scope.add(&slot.name, slot.feel_type.clone());
        }
        for other in &needs.decisions {
            let known = program.decisions[*other].as_ref();
            let feel_type = known.map_or(FeelType::Any, |code| code.feel_type.clone());
            scope.add(&model.decisions[*other].variable, feel_type);
        }
        for function in &needs.functions {
            let cost = self.function_costs[*function];
            scope.add_function(&model.functions[*function].name, cost);
        }
        let mut inputs = needs.inputs.clone();
        if needs.inputs.is_empty() && needs.decisions.is_empty() {
            self.undeclared(decision, logic, &mut scope, program, &mut inputs);
        }
        let typed = self
            .types
            .named(decision.type_ref.as_deref(), &decision.place, self.problems);
        let code = self.logic(&scope, &decision.name, logic)?;
        Some(DecisionCode {
            id: decision.id.clone(),
            name: decision.name.clone(),
            variable: decision.variable.clone(),
            feel_type: typed.feel,
            place: decision.place.clone(),
            inputs,
            decisions: needs.decisions.clone(),
            functions: needs.functions.clone(),
            code,
        })
    }

    /// A decision that stands alone may name its inputs only where it uses them, as simple drawing tools write it.
    fn undeclared(
        &mut self,
        decision: &Decision,
        logic: &Logic,
        scope: &mut Scope,
        program: &mut Program,
        inputs: &mut Vec<usize>,
    ) {
        let texts: Vec<&Text> = match logic {
            Logic::Table(table) => table.inputs.iter().map(|one| &one.expression).collect(),
            Logic::Literal(text) => vec![text],
            _ => return,
        };
        let is_table = matches!(logic, Logic::Table(_));
        let mut names = Vec::new();
        for text in texts {
            let mut inner = scope.inner();
            for word in words(&text.text) {
                if inner.type_of(&word).is_none() {
                    inner.add(&word, FeelType::Any);
                }
            }
            let Ok(compiled) = crate::feel::expression(&inner, text) else {
                // It is told when the decision itself is compiled.
                continue;
            };
            for name in free(scope, &compiled.node) {
                let is_whole_column = is_table && name == text.text;
                let type_ref = text.type_ref.as_deref().filter(|_| is_whole_column);
                let typed = self.types.named(type_ref, &text.place, self.problems);
                let at = program.inputs.iter().position(|slot| slot.name == name);
                let at = at.unwrap_or_else(|| {
                    let slot = self.slot(name, &typed);
                    program.inputs.push(slot);
                    program.inputs.len() - 1
                });
                names.push(name.to_owned());
                scope.add(name, program.inputs[at].feel_type.clone());
                if !inputs.contains(&at) {
                    inputs.push(at);
                }
            }
        }
        if !names.is_empty() {
            let text = format!(
                "“{}”没有画成输入数据，按同名的输入处理：{}",
                decision.name,
                names.join("、")
            );
            let place = &decision.place;
            self.problems
                .add(Severity::Notice, "input-undeclared", place, text);
        }
    }

    pub(super) fn logic(&mut self, scope: &Scope, name: &str, logic: &Logic) -> Option<Code> {
        match logic {
            Logic::Table(table) => self.table(scope, name, table).map(Code::Table),
            Logic::Literal(text) => {
                let what = format!("“{name}”的表达式");
                self.expression(scope, &what, text).map(Code::Literal)
            }
            Logic::List(items) => {
                let items: Vec<_> = items
                    .iter()
                    .filter_map(|item| self.logic(scope, name, item))
                    .collect();
                Some(Code::List(items))
            }
            Logic::Relation { columns, rows } => {
                let rows = rows.iter().map(|row| {
                    let cells = row.iter().filter_map(|cell| self.logic(scope, name, cell));
                    cells.collect()
                });
                let rows = rows.collect();
                let columns = columns.iter().map(Name::from).collect();
                Some(Code::Relation { columns, rows })
            }
            Logic::Context(entries) => self.context(scope, entries),
            Logic::Invocation { function, bindings } => {
                self.invocation(scope, name, function, bindings)
            }
        }
    }

    /// Each entry may name those before it.
    fn context(&mut self, scope: &Scope, entries: &[(Option<String>, Logic)]) -> Option<Code> {
        let mut inner = scope.inner();
        let mut compiled = Vec::new();
        for (name, logic) in entries {
            let code = self.logic(&inner, name.as_deref().unwrap_or("结果"), logic);
            if let Some(name) = name {
                inner.add(name, FeelType::Any);
            }
            compiled.push((name.as_ref().map(Name::from), code?));
        }
        Some(Code::Context(compiled))
    }

    fn invocation(
        &mut self,
        scope: &Scope,
        name: &str,
        function: &Text,
        bindings: &[(String, Logic)],
    ) -> Option<Code> {
        // The parameters are given as values of their own names, so that the call is an ordinary one.
        let mut inner = scope.inner();
        let mut compiled = Vec::new();
        for (parameter, logic) in bindings {
            let code = self.logic(scope, name, logic);
            inner.add(parameter, FeelType::Any);
            compiled.push((Name::from(parameter), code?));
        }
        let arguments: Vec<String> = bindings
            .iter()
            .map(|(parameter, _)| format!("{parameter}: {parameter}"))
            .collect();
        let call = Text {
            text: format!("{}({})", function.text, arguments.join(", ")),
            ..function.clone()
        };
        let function: Compiled = self.expression(&inner, &format!("“{name}”的调用"), &call)?;
        Some(Code::Invocation {
            function,
            bindings: compiled,
        })
    }
}
