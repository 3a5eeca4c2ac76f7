//! Walking through a parsed expression.

use dsntk_feel_parser::AstNode;

use crate::limits::EXPRESSION_DEPTH_MAX;

use super::Fault;

/// The parts of a node, in order.
pub(crate) fn children(node: &AstNode) -> Vec<&AstNode> {
    if let Some(all) = listed(node) {
        return all.iter().collect();
    }
    if let Some((first, second)) = pair(node) {
        return vec![first, second];
    }
    match node {
        AstNode::Between(first, second, third)
        | AstNode::If(first, second, third)
        | AstNode::IterationContextInterval(first, second, third) => vec![first, second, third],
        AstNode::EvaluatedExpression(only)
        | AstNode::FunctionBody(only, _)
        | AstNode::IntervalEnd(only, _)
        | AstNode::IntervalStart(only, _)
        | AstNode::ListType(only)
        | AstNode::Neg(only)
        | AstNode::RangeType(only)
        | AstNode::Satisfies(only)
        | AstNode::UnaryEq(only)
        | AstNode::UnaryGe(only)
        | AstNode::UnaryGt(only)
        | AstNode::UnaryLe(only)
        | AstNode::UnaryLt(only)
        | AstNode::UnaryNe(only) => vec![only],
        // Names, types and plain values.
        _ => Vec::new(),
    }
}

/// The parts of a node with as many as there are written.
fn listed(node: &AstNode) -> Option<&[AstNode]> {
    match node {
        AstNode::CommaList(all)
        | AstNode::Context(all)
        | AstNode::ContextType(all)
        | AstNode::ExpressionList(all)
        | AstNode::FormalParameters(all)
        | AstNode::IterationContexts(all)
        | AstNode::List(all)
        | AstNode::NamedParameters(all)
        | AstNode::NegatedList(all)
        | AstNode::ParameterTypes(all)
        | AstNode::PositionalParameters(all)
        | AstNode::QualifiedName(all)
        | AstNode::QuantifiedContexts(all) => Some(all.as_slice()),
        _ => None,
    }
}

/// The parts of a node with two.
fn pair(node: &AstNode) -> Option<(&AstNode, &AstNode)> {
    match node {
        AstNode::Add(first, second)
        | AstNode::And(first, second)
        | AstNode::ContextEntry(first, second)
        | AstNode::ContextTypeEntry(first, second)
        | AstNode::Div(first, second)
        | AstNode::Eq(first, second)
        | AstNode::Every(first, second)
        | AstNode::Exp(first, second)
        | AstNode::Filter(first, second)
        | AstNode::For(first, second)
        | AstNode::FormalParameter(first, second)
        | AstNode::FunctionDefinition(first, second)
        | AstNode::FunctionInvocation(first, second)
        | AstNode::FunctionType(first, second)
        | AstNode::Ge(first, second)
        | AstNode::Gt(first, second)
        | AstNode::In(first, second)
        | AstNode::InstanceOf(first, second)
        | AstNode::IterationContextSingle(first, second)
        | AstNode::Le(first, second)
        | AstNode::Lt(first, second)
        | AstNode::Mul(first, second)
        | AstNode::NamedParameter(first, second)
        | AstNode::Nq(first, second)
        | AstNode::Or(first, second)
        | AstNode::Out(first, second)
        | AstNode::Path(first, second)
        | AstNode::QuantifiedContext(first, second)
        | AstNode::Range(first, second)
        | AstNode::Some(first, second)
        | AstNode::Sub(first, second) => Some((first.as_ref(), second.as_ref())),
        _ => None,
    }
}

/// Refuses what nests too deeply to be walked. Walks without recursion, as the depth is not yet known.
pub(super) fn bounded(node: &AstNode) -> Result<(), Fault> {
    let mut left = vec![(node, 1_usize)];
    while let Some((node, depth)) = left.pop() {
        if depth > EXPRESSION_DEPTH_MAX {
            let text = format!(
                "表达式嵌套超过 {EXPRESSION_DEPTH_MAX} 层（连写的 and、or、+ 每个算一层）；请拆成几个决策，或改用列表"
            );
            return Err(Fault::new("expression-too-deep", text));
        }
        left.extend(children(node).into_iter().map(|child| (child, depth + 1)));
    }
    Ok(())
}

/// Whether a name occurs.
pub(crate) fn mentions(node: &AstNode, name: &str) -> bool {
    match node {
        AstNode::Name(found) => found.as_str() == name,
        _ => children(node)
            .into_iter()
            .any(|child| mentions(child, name)),
    }
}
