//! Decision tables: columns, hit policy and rows.

use roxmltree::Node;

use crate::limits::{COLUMNS_MAX, ROWS_MAX};
use crate::model::{Aggregation, HitPolicy, InputClause, OutputClause, Rule, Table, plain_name};
use wuchuang_xml::shortened;

use super::reader::{Reader, child, children, text_of};

impl Reader {
    pub(super) fn table(&mut self, node: Node<'_, '_>) -> Option<Table> {
        let policy = self.policy(node)?;
        let inputs = children(node, "input");
        let inputs: Vec<_> = inputs
            .into_iter()
            .filter_map(|input| self.input(input))
            .collect();
        let outputs = children(node, "output");
        let outputs: Vec<_> = outputs
            .into_iter()
            .map(|output| self.output(output))
            .collect();
        if outputs.is_empty() {
            self.error("output-missing", node, "决策表没有输出列，请至少加一列");
            return None;
        }
        if inputs.len() + outputs.len() > COLUMNS_MAX {
            let text = format!("决策表超过 {COLUMNS_MAX} 列，请拆成几个决策");
            self.error("too-many-columns", node, text);
            return None;
        }
        let rows = children(node, "rule");
        if rows.len() > ROWS_MAX {
            let text = format!(
                "决策表有 {} 行，超过上限 {ROWS_MAX} 行；请拆成几张表，或把清单放进数据",
                rows.len()
            );
            self.error("too-many-rows", node, text);
            return None;
        }
        let mut rules = Vec::with_capacity(rows.len());
        for row in rows {
            if !self.has_room() {
                break;
            }
            rules.extend(self.rule(row, inputs.len(), outputs.len()));
        }
        let annotations = children(node, "annotation");
        Some(Table {
            place: self.place(node),
            policy,
            inputs,
            outputs,
            annotations: annotations.into_iter().map(|one| self.name(one)).collect(),
            rules,
        })
    }

    fn policy(&mut self, node: Node<'_, '_>) -> Option<HitPolicy> {
        let aggregation = match node.attribute("aggregation").map(str::trim) {
            None | Some("" | "LIST") => None,
            Some("SUM") => Some(Aggregation::Sum),
            Some("MIN") => Some(Aggregation::Min),
            Some("MAX") => Some(Aggregation::Max),
            Some("COUNT") => Some(Aggregation::Count),
            Some(other) => {
                let text = format!(
                    "没有“{}”这种汇总方式；可以用 SUM、MIN、MAX、COUNT",
                    shortened(other)
                );
                self.error("aggregation-unknown", node, text);
                return None;
            }
        };
        let name = plain_name(node.attribute("hitPolicy").unwrap_or("UNIQUE"));
        let policy = match name.as_str() {
            "" | "UNIQUE" => HitPolicy::Unique,
            "ANY" => HitPolicy::Any,
            "PRIORITY" => HitPolicy::Priority,
            "FIRST" => HitPolicy::First,
            "RULE ORDER" => HitPolicy::RuleOrder,
            "OUTPUT ORDER" => HitPolicy::OutputOrder,
            "COLLECT" => return Some(HitPolicy::Collect(aggregation)),
            other => {
                let text = format!(
                    "没有“{}”这种命中策略；可以用 UNIQUE、ANY、PRIORITY、FIRST、RULE ORDER、OUTPUT ORDER、COLLECT",
                    shortened(other)
                );
                self.error("hit-policy-unknown", node, text);
                return None;
            }
        };
        if aggregation.is_some() {
            let text =
                format!("命中策略 {name} 不能汇总；要汇总请用 COLLECT，否则删去 aggregation");
            self.error("aggregation-misplaced", node, text);
        }
        Some(policy)
    }

    fn input(&mut self, node: Node<'_, '_>) -> Option<InputClause> {
        let Some(expression) = child(node, "inputExpression") else {
            self.error("expression-missing", node, "输入列没有写表达式，请补上");
            return None;
        };
        let expression = self.text(expression);
        let label = plain_name(node.attribute("label").unwrap_or(""));
        let values = child(node, "inputValues");
        let values = values.map(|values| self.text(values));
        Some(InputClause {
            label: if label.is_empty() {
                plain_name(&expression.text)
            } else {
                label
            },
            expression,
            values: values.filter(|values| !values.text.is_empty()),
        })
    }

    fn output(&mut self, node: Node<'_, '_>) -> OutputClause {
        let name = self.name(node);
        let label = plain_name(node.attribute("label").unwrap_or(""));
        let values = child(node, "outputValues");
        let values = values.map(|values| self.text(values));
        let default = child(node, "defaultOutputEntry");
        let default = default.map(|default| self.text(default));
        OutputClause {
            place: self.place(node),
            label: if label.is_empty() {
                name.clone()
            } else {
                label
            },
            name: (!name.is_empty()).then_some(name),
            type_ref: Self::type_ref(node),
            values: values.filter(|values| !values.text.is_empty()),
            default: default.filter(|default| !default.text.is_empty()),
        }
    }

    fn rule(&mut self, node: Node<'_, '_>, inputs: usize, outputs: usize) -> Option<Rule> {
        let tests = children(node, "inputEntry");
        let results = children(node, "outputEntry");
        if tests.len() != inputs || results.len() != outputs {
            let text = format!(
                "这一行有 {} 个条件、{} 个输出，应有 {inputs} 个条件、{outputs} 个输出",
                tests.len(),
                results.len()
            );
            self.error("cells", node, text);
            return None;
        }
        let description = child(node, "description").map(text_of);
        let annotations = children(node, "annotationEntry");
        let annotations = annotations.into_iter().map(|entry| {
            let text = child(entry, "text");
            text.map_or_else(String::new, text_of)
        });
        let annotations = annotations.collect();
        Some(Rule {
            place: self.place(node),
            id: node.attribute("id").map(|id| shortened(id).to_owned()),
            description: description.unwrap_or_default(),
            tests: tests.into_iter().map(|test| self.text(test)).collect(),
            outputs: results
                .into_iter()
                .map(|result| self.text(result))
                .collect(),
            annotations,
        })
    }
}
