//! Decisions, inputs and functions: their names and what they need.

use roxmltree::Node;

use crate::model::{Decision, Function, InputData, Logic, Requirements};
use crate::problem::Place;
use wuchuang_xml::shortened;

use super::reader::{Reader, child, children};

impl Reader {
    pub(super) fn input_data(&mut self, node: Node<'_, '_>) -> Option<InputData> {
        let id = self.id(node)?;
        let (name, type_ref) = self.variable(node)?;
        Some(InputData {
            place: self.place(node),
            id,
            name,
            type_ref,
        })
    }

    pub(super) fn decision(&mut self, node: Node<'_, '_>) -> Option<Decision> {
        let id = self.id(node)?;
        let (variable, type_ref) = self.variable(node)?;
        let own = self.name(node);
        Some(Decision {
            place: self.place(node),
            id,
            name: if own.is_empty() {
                variable.clone()
            } else {
                own
            },
            variable,
            type_ref,
            requires: self.requirements(node),
            logic: self.logic_or_told(node, "请画决策表或写表达式"),
        })
    }

    /// The logic of an element; where it is missing, and was not refused, that is told.
    fn logic_or_told(&mut self, node: Node<'_, '_>, way_out: &str) -> Option<Logic> {
        let told = self.problems.list().len();
        let logic = self.logic_within(node);
        if logic.is_none() && self.problems.list().len() == told {
            self.error("logic-missing", node, format!("没有内容，{way_out}"));
        }
        logic
    }

    pub(super) fn function(&mut self, node: Node<'_, '_>) -> Option<Function> {
        let id = self.id(node)?;
        let (name, type_ref) = self.variable(node)?;
        let requires = self.requirements(node);
        let place = self.place(node);
        let Some(body) = child(node, "encapsulatedLogic") else {
            let text = format!("业务知识模型“{name}”没有内容，请写上参数和表达式");
            self.error("logic-missing", node, text);
            return None;
        };
        self.refuse_external(body);
        let parameters = children(body, "formalParameter");
        let parameters = parameters
            .into_iter()
            .map(|parameter| (self.name(parameter), Self::type_ref(parameter)))
            .collect();
        Some(Function {
            place,
            id,
            name,
            parameters,
            type_ref: Self::type_ref(body).or(type_ref),
            requires,
            logic: self.logic_or_told(body, "请写上算法的表达式"),
        })
    }

    /// A function that is carried out by a program outside is refused before it could reach an evaluator.
    pub(super) fn refuse_external(&mut self, node: Node<'_, '_>) {
        let kind = node.attribute("kind").unwrap_or("FEEL").trim();
        if !kind.is_empty() && !kind.eq_ignore_ascii_case("FEEL") {
            let text = format!(
                "外部函数（{}）不能执行：决策不得调用外部程序；请用 FEEL 写出算法，或把结果作为输入",
                shortened(kind)
            );
            self.error("external-function", node, text);
        }
    }

    /// The name of an element in expressions and its type: those of its variable, which by the standard has the same
    /// name.
    fn variable(&mut self, node: Node<'_, '_>) -> Option<(String, Option<String>)> {
        let variable = child(node, "variable");
        let own = self.name(node);
        let named = variable.map_or_else(String::new, |variable| self.name(variable));
        let name = if named.is_empty() { own } else { named };
        if name.is_empty() {
            let text = format!("“{}”没有名称，请补上", node.tag_name().name());
            self.error("name-missing", node, text);
            return None;
        }
        let type_ref = variable
            .and_then(Self::type_ref)
            .or_else(|| Self::type_ref(node));
        Some((name, type_ref))
    }

    fn requirements(&mut self, node: Node<'_, '_>) -> Requirements {
        let mut requires = Requirements::default();
        for requirement in children(node, "informationRequirement") {
            let inputs = self.targets(requirement, "requiredInput");
            requires.inputs.extend(inputs);
            let decisions = self.targets(requirement, "requiredDecision");
            requires.decisions.extend(decisions);
        }
        for requirement in children(node, "knowledgeRequirement") {
            let functions = self.targets(requirement, "requiredKnowledge");
            requires.functions.extend(functions);
        }
        requires
    }

    /// The ids that the `href` of some children points at.
    fn targets(&mut self, node: Node<'_, '_>, name: &str) -> Vec<(String, Place)> {
        let mut targets = Vec::new();
        for target in children(node, name) {
            let href = target.attribute("href").unwrap_or("").trim();
            let (file, id) = href.rsplit_once('#').unwrap_or(("", href));
            if !file.is_empty() && file.trim_end_matches('/') != self.target.trim_end_matches('/') {
                let text = format!("“{}”指向另一个文件；请把它放到这个文件里", shortened(href));
                self.error("import", target, text);
            } else if id.is_empty() {
                self.error("target-missing", target, "连线没有指向任何元素，请重画");
            } else {
                targets.push((id.to_owned(), self.place(target)));
            }
        }
        targets
    }
}
