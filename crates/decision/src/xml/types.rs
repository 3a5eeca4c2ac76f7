//! Item definitions: the types that a file gives to its inputs and results.

use roxmltree::Node;

use crate::limits::TYPE_DEPTH_MAX;
use crate::model::TypeDefinition;

use super::reader::{Reader, child, children, text_of};
use crate::model::plain_name;

impl Reader {
    /// A type or a member of one, with its name.
    pub(super) fn type_definition(
        &mut self,
        node: Node<'_, '_>,
        depth: usize,
    ) -> Option<(String, TypeDefinition)> {
        let name = self.name(node);
        if name.is_empty() {
            self.error("name-missing", node, "类型没有名称，请补上");
            return None;
        }
        if depth > TYPE_DEPTH_MAX {
            let text = format!("类型嵌套超过 {TYPE_DEPTH_MAX} 层，请拆开");
            self.error("type-too-deep", node, text);
            return None;
        }
        if child(node, "functionItem").is_some() {
            let text = "不能把函数当作类型；请改用业务知识模型";
            self.error("function-type", node, text);
        }
        let members = children(node, "itemComponent")
            .into_iter()
            .filter_map(|member| self.type_definition(member, depth + 1))
            .collect();
        let allowed = child(node, "allowedValues");
        let allowed = allowed.map(|allowed| self.text(allowed));
        // In DMN the type of an item is a child element, that of everything else an attribute.
        let base = child(node, "typeRef").map(text_of);
        let base = base.map(|base| {
            let base = plain_name(&base);
            base.rsplit(':').next().unwrap_or("").trim().to_owned()
        });
        let definition = TypeDefinition {
            place: self.place(node),
            base: base.filter(|base| !base.is_empty()),
            is_list: node.attribute("isCollection").map(str::trim) == Some("true"),
            allowed: allowed.filter(|allowed| !allowed.text.is_empty()),
            members,
        };
        Some((name, definition))
    }
}
