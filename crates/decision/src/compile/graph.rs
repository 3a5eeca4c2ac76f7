//! Who needs whom: ids become positions, circles and dead ends are told.

use std::collections::BTreeMap;

use crate::limits::GRAPH_DEPTH_MAX;
use crate::model::{Model, Requirements};
use crate::problem::{Place, Problems};

/// What one decision or function needs, by position in the model.
#[derive(Clone, Debug, Default)]
pub(super) struct Needs {
    pub(super) inputs: Vec<usize>,
    pub(super) decisions: Vec<usize>,
    pub(super) functions: Vec<usize>,
}

/// The requirement graph of a model.
pub(super) struct Graph {
    pub(super) decisions: Vec<Needs>,
    pub(super) functions: Vec<Needs>,
    /// Decisions so that each comes after those that it needs; what is in a circle is left out.
    pub(super) decision_order: Vec<usize>,
    /// The same for functions.
    pub(super) function_order: Vec<usize>,
}

impl Graph {
    pub(super) fn of(model: &Model, problems: &mut Problems) -> Self {
        let names = Names::of(model);
        let decisions: Vec<Needs> = model
            .decisions
            .iter()
            .map(|decision| names.needs(&decision.requires, problems))
            .collect();
        let functions: Vec<Needs> = model
            .functions
            .iter()
            .map(|function| {
                if let Some((_, place)) = function.requires.decisions.first() {
                    let text = "业务知识模型不能依赖决策；请把需要的值作为参数";
                    problems.error("requirement", place, text);
                }
                names.needs(&function.requires, problems)
            })
            .collect();
        twice(model, problems);
        let decision_order = order(
            decisions.len(),
            |index| &decisions[index].decisions,
            |index| {
                let decision = &model.decisions[index];
                circle(problems, &decision.name, &decision.place);
            },
        );
        let function_order = order(
            functions.len(),
            |index| &functions[index].functions,
            |index| {
                let function = &model.functions[index];
                circle(problems, &function.name, &function.place);
            },
        );
        Self {
            decisions,
            functions,
            decision_order,
            function_order,
        }
    }
}

fn circle(problems: &mut Problems, name: &str, place: &Place) {
    let text = format!(
        "“{name}”依赖自己（直接或绕一圈），或依赖的层数超过 {GRAPH_DEPTH_MAX}；请去掉其中一条连线"
    );
    problems.error("circle", place, text);
}

/// Positions by id.
struct Names<'m> {
    inputs: BTreeMap<&'m str, usize>,
    decisions: BTreeMap<&'m str, usize>,
    functions: BTreeMap<&'m str, usize>,
}

impl<'m> Names<'m> {
    fn of(model: &'m Model) -> Self {
        let inputs = model.inputs.iter().enumerate();
        let decisions = model.decisions.iter().enumerate();
        let functions = model.functions.iter().enumerate();
        Self {
            inputs: inputs.map(|(at, one)| (one.id.as_str(), at)).collect(),
            decisions: decisions.map(|(at, one)| (one.id.as_str(), at)).collect(),
            functions: functions.map(|(at, one)| (one.id.as_str(), at)).collect(),
        }
    }

    fn needs(&self, requires: &Requirements, problems: &mut Problems) -> Needs {
        let mut found = |of: &BTreeMap<&str, usize>, wanted: &[(String, Place)], what: &str| {
            let mut all = Vec::new();
            for (id, place) in wanted {
                match of.get(id.as_str()) {
                    Some(at) if !all.contains(at) => all.push(*at),
                    Some(_) => {}
                    None => {
                        let text = format!("连线指向的{what}“{id}”不在文件里，请重画");
                        problems.error("target-missing", place, text);
                    }
                }
            }
            all
        };
        Needs {
            inputs: found(&self.inputs, &requires.inputs, "输入"),
            decisions: found(&self.decisions, &requires.decisions, "决策"),
            functions: found(&self.functions, &requires.functions, "业务知识模型"),
        }
    }
}

/// Two elements with one name cannot be told apart in an expression.
fn twice(model: &Model, problems: &mut Problems) {
    let mut seen: BTreeMap<&str, u32> = BTreeMap::new();
    let inputs = model.inputs.iter().map(|one| (&one.name, &one.place));
    let decisions = model
        .decisions
        .iter()
        .map(|one| (&one.variable, &one.place));
    let functions = model.functions.iter().map(|one| (&one.name, &one.place));
    for (name, place) in inputs.chain(decisions).chain(functions) {
        if let Some(line) = seen.insert(name, place.line) {
            let text = format!("名称“{name}”在第 {line} 行已经用过；表达式分不清是哪一个，请改名");
            problems.error("name-twice", place, text);
        }
    }
}

/// Puts each after those that it needs. Goes round as often as the longest way is, without recursion.
fn order<'n>(
    count: usize,
    needs: impl Fn(usize) -> &'n Vec<usize>,
    mut left_out: impl FnMut(usize),
) -> Vec<usize> {
    let mut done = vec![false; count];
    let mut order = Vec::with_capacity(count);
    for _ in 0..GRAPH_DEPTH_MAX {
        let ready: Vec<usize> = (0..count)
            .filter(|index| !done[*index] && needs(*index).iter().all(|other| done[*other]))
            .collect();
        if ready.is_empty() {
            break;
        }
        for index in ready {
            done[index] = true;
            order.push(index);
        }
    }
    for index in (0..count).filter(|index| !done[*index]) {
        left_out(index);
    }
    order
}
