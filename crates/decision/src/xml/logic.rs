//! Expressions of a decision: literal, table, context, invocation, list and relation. What is not executed is refused by
//! its name.

use roxmltree::Node;

use crate::limits::LOGIC_DEPTH_MAX;
use crate::model::{Logic, Text};

use super::reader::{Reader, child, children, is_own};

/// Expressions of DMN 1.4 that can as well be written in FEEL.
const BOXED: [(&str, &str); 5] = [
    ("conditional", "if … then … else …"),
    ("for", "for … in … return …"),
    ("every", "every … in … satisfies …"),
    ("some", "some … in … satisfies …"),
    ("filter", "列表[条件]"),
];

impl Reader {
    /// The expression among the children of an element.
    pub(super) fn logic_within(&mut self, node: Node<'_, '_>) -> Option<Logic> {
        self.logic_at(node, 0)
    }

    fn logic_at(&mut self, node: Node<'_, '_>, depth: usize) -> Option<Logic> {
        if depth > LOGIC_DEPTH_MAX {
            let text = format!("表达式框嵌套超过 {LOGIC_DEPTH_MAX} 层，请拆成几个决策");
            self.error("logic-too-deep", node, text);
            return None;
        }
        let children: Vec<_> = node
            .children()
            .filter(|child| child.is_element() && is_own(*child))
            .collect();
        children
            .into_iter()
            .find_map(|child| self.logic(child, depth))
    }

    /// One element, if it is an expression.
    fn logic(&mut self, node: Node<'_, '_>, depth: usize) -> Option<Logic> {
        match node.tag_name().name() {
            "literalExpression" => Some(Logic::Literal(self.literal(node))),
            "decisionTable" => self.table(node).map(Logic::Table),
            "context" => Some(self.context(node, depth)),
            "invocation" => self.invocation(node, depth),
            "list" => Some(Logic::List(self.items(node, depth))),
            "relation" => Some(self.relation(node, depth)),
            "functionDefinition" => {
                self.refuse_external(node);
                let text = "决策的结果不能是函数；请把它画成业务知识模型，再从决策里调用";
                self.error("function-as-value", node, text);
                None
            }
            name => {
                let (_, feel) = BOXED.iter().find(|(boxed, _)| *boxed == name)?;
                let text = format!("“{name}”框不能执行；请改成文字表达式，写成“{feel}”");
                self.error("boxed-expression", node, text);
                None
            }
        }
    }

    fn literal(&mut self, node: Node<'_, '_>) -> Text {
        if child(node, "importedValues").is_some() {
            let text = "不能从外部文件取值；请把值写在表达式里，或作为输入";
            self.error("import", node, text);
        }
        self.text(node)
    }

    /// The expressions among the children, in order.
    fn items(&mut self, node: Node<'_, '_>, depth: usize) -> Vec<Logic> {
        let children: Vec<_> = node
            .children()
            .filter(|child| child.is_element() && is_own(*child))
            .collect();
        if depth >= LOGIC_DEPTH_MAX {
            self.logic_at(node, depth + 1);
            return Vec::new();
        }
        children
            .into_iter()
            .filter_map(|child| self.logic(child, depth + 1))
            .collect()
    }

    fn context(&mut self, node: Node<'_, '_>, depth: usize) -> Logic {
        let mut entries = Vec::new();
        for entry in children(node, "contextEntry") {
            let variable = child(entry, "variable");
            let name = variable.map(|variable| self.name(variable));
            match self.logic_at(entry, depth + 1) {
                Some(logic) => entries.push((name.filter(|name| !name.is_empty()), logic)),
                None => self.missing(entry, name.as_deref().unwrap_or("结果")),
            }
        }
        Logic::Context(entries)
    }

    fn invocation(&mut self, node: Node<'_, '_>, depth: usize) -> Option<Logic> {
        let Some(function) = child(node, "literalExpression") else {
            self.error("function-missing", node, "调用框没有写函数名，请补上");
            return None;
        };
        let function = self.literal(function);
        let mut bindings = Vec::new();
        for binding in children(node, "binding") {
            let parameter = child(binding, "parameter");
            let name = parameter.map_or_else(String::new, |parameter| self.name(parameter));
            match self.logic_at(binding, depth + 1) {
                Some(logic) => bindings.push((name, logic)),
                None => self.missing(binding, &name),
            }
        }
        Some(Logic::Invocation { function, bindings })
    }

    fn relation(&mut self, node: Node<'_, '_>, depth: usize) -> Logic {
        let columns = children(node, "column");
        let columns: Vec<String> = columns
            .into_iter()
            .map(|column| self.name(column))
            .collect();
        let mut rows = Vec::new();
        for row in children(node, "row") {
            let cells = self.items(row, depth + 1);
            if cells.len() == columns.len() {
                rows.push(cells);
            } else {
                let text = format!("这一行有 {} 格，应有 {} 格", cells.len(), columns.len());
                self.error("cells", row, text);
            }
        }
        Logic::Relation { columns, rows }
    }

    fn missing(&mut self, node: Node<'_, '_>, name: &str) {
        let text = format!("“{name}”没有写表达式，请补上");
        self.error("logic-missing", node, text);
    }
}
