//! Names that nobody declared, and constructions that are not allowed here.

use std::collections::BTreeSet;
use std::str::FromStr;

use dsntk_feel::bif::Bif;
use dsntk_feel_parser::AstNode;

use wuchuang_xml::shortened;

use super::syntax::children;
use super::{Fault, Scope, TESTED};

/// Looks through an expression.
pub(super) fn check(scope: &Scope, node: &AstNode, is_test: bool) -> Result<(), Fault> {
    let mut bound = BTreeSet::from(["item", "partial"]);
    if is_test {
        bound.insert(TESTED);
    }
    collect_bound(node, &mut bound);
    Walk { scope, bound }.visit(node)
}

/// Names that an undeclared expression would have to be given.
pub(crate) fn free<'n>(scope: &Scope, node: &'n AstNode) -> Vec<&'n str> {
    let mut bound = BTreeSet::from(["item", "partial", TESTED]);
    collect_bound(node, &mut bound);
    let mut found = Vec::new();
    collect_free(scope, &bound, node, &mut found);
    found
}

fn collect_free<'n>(
    scope: &Scope,
    bound: &BTreeSet<&str>,
    node: &'n AstNode,
    found: &mut Vec<&'n str>,
) {
    match node {
        AstNode::Name(name) => {
            let name = name.as_str();
            let known = scope.type_of(name).is_some()
                || scope.call(name).is_some()
                || bound.contains(name)
                || Bif::from_str(name).is_ok();
            if !known && !found.contains(&name) {
                found.push(name);
            }
        }
        AstNode::Path(part, _)
        | AstNode::Filter(part, _)
        | AstNode::FunctionInvocation(_, part) => collect_free(scope, bound, part, found),
        _ => {
            for child in children(node) {
                collect_free(scope, bound, child, found);
            }
        }
    }
}

/// Variables that the expression itself declares. Where they hold is left to the evaluator, which has nothing else to
/// find under these names.
fn collect_bound<'n>(node: &'n AstNode, bound: &mut BTreeSet<&'n str>) {
    match node {
        AstNode::IterationContextSingle(name, _)
        | AstNode::IterationContextInterval(name, _, _)
        | AstNode::QuantifiedContext(name, _)
        | AstNode::FormalParameter(name, _) => {
            if let AstNode::Name(name) | AstNode::ParameterName(name) = name.as_ref() {
                bound.insert(name.as_str());
            }
        }
        AstNode::ContextEntryKey(name) => {
            bound.insert(name.as_str());
        }
        _ => {}
    }
    for child in children(node) {
        collect_bound(child, bound);
    }
}

struct Walk<'s> {
    scope: &'s Scope,
    bound: BTreeSet<&'s str>,
}

impl Walk<'_> {
    fn visit(&self, node: &AstNode) -> Result<(), Fault> {
        match node {
            AstNode::Name(name) => self.name(name.as_str()),
            // The right side names a member of the left side.
            AstNode::Path(of, _) => self.visit(of),
            // Within a filter the members of the items can be named, which nobody declared.
            AstNode::Filter(of, by) => {
                self.visit(of)?;
                self.forbidden(by)
            }
            AstNode::FunctionInvocation(function, parameters) => {
                self.call(function)?;
                if is_named(function, "sort") {
                    return self.sort(parameters);
                }
                self.visit(parameters)
            }
            AstNode::FunctionDefinition(..) => Err(forbidden_function(node)),
            _ => {
                let mut all = children(node).into_iter();
                all.try_for_each(|child| self.visit(child))
            }
        }
    }

    fn name(&self, name: &str) -> Result<(), Fault> {
        if self.scope.type_of(name).is_some() || self.bound.contains(name) {
            return Ok(());
        }
        // The parser takes an unknown name to be as long as it can be, operators included.
        let shown = name.split(['+', '-', '*', '/', '.']).next();
        let shown = shortened(shown.map_or(name, str::trim));
        if self.scope.call(name).is_some() || Bif::from_str(name).is_ok() {
            let text = format!("“{shown}”是函数，调用时要写括号和参数");
            return Err(Fault::new("function-as-value", text));
        }
        let known: Vec<&str> = self.scope.names().take(20).collect();
        let known = if known.is_empty() {
            "这里没有可用的名字".to_owned()
        } else {
            format!("这里可用的名字是：{}", known.join("、"))
        };
        let text = format!(
            "不认识“{shown}”。{known}。要用其他输入或决策，请先画一条连线过来；如果它是文字，请加半角双引号"
        );
        Err(Fault::new("name-unknown", text))
    }

    fn call(&self, function: &AstNode) -> Result<(), Fault> {
        let AstNode::Name(name) = function else {
            return Err(Fault::new(
                "function-unknown",
                "只能按名字调用内置函数和业务知识模型",
            ));
        };
        let name = name.as_str();
        if name == "now" {
            let text = "不能用 now()：同样的输入要得到同样的结果；请改用 today()，或把时间作为输入";
            return Err(Fault::new("clock", text));
        }
        if self.scope.call(name).is_some() || Bif::from_str(name).is_ok() {
            return Ok(());
        }
        let text = format!(
            "没有函数“{}”；请检查拼写，或从业务知识模型画一条连线过来",
            shortened(name)
        );
        Err(Fault::new("function-unknown", text))
    }

    /// The one place where a function may be written down: the order of a sorted list.
    fn sort(&self, parameters: &AstNode) -> Result<(), Fault> {
        for parameter in children(parameters) {
            let value = match parameter {
                AstNode::NamedParameter(_, value) => value,
                other => other,
            };
            match value {
                AstNode::FunctionDefinition(_, body) => match body.as_ref() {
                    AstNode::FunctionBody(body, false) => self.visit(body)?,
                    _ => return Err(forbidden_function(value)),
                },
                other => self.visit(other)?,
            }
        }
        Ok(())
    }

    /// What may not be written anywhere, whatever the names.
    fn forbidden(&self, node: &AstNode) -> Result<(), Fault> {
        match node {
            AstNode::FunctionDefinition(..) => Err(forbidden_function(node)),
            AstNode::FunctionInvocation(function, parameters) => {
                self.call(function)?;
                self.forbidden(parameters)
            }
            _ => {
                let mut all = children(node).into_iter();
                all.try_for_each(|child| self.forbidden(child))
            }
        }
    }
}

fn is_named(node: &AstNode, expected: &str) -> bool {
    matches!(node, AstNode::Name(name) if name.as_str() == expected)
}

fn forbidden_function(node: &AstNode) -> Fault {
    let is_external = matches!(node, AstNode::FunctionDefinition(_, body)
        if matches!(body.as_ref(), AstNode::FunctionBody(_, true)));
    if is_external {
        let text = "外部函数不能执行：决策不得调用外部程序；请用 FEEL 写出算法，或把结果作为输入";
        return Fault::new("external-function", text);
    }
    let text = "表达式里不能定义函数（sort 的排序函数除外）；请画成业务知识模型";
    Fault::new("function-as-value", text)
}
