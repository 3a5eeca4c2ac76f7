//! What every reader of an element needs: lines, attributes under all their spellings, and the list of problems.

use std::collections::BTreeMap;
use std::sync::Arc;

use roxmltree::Node;

use crate::expression::{Expression, Template};
use crate::ids::ElementId;
use crate::limits::TEXT_CHARACTERS_MAX;
use crate::problem::{Problems, Severity};
use wuchuang_xml::{cut, shortened};

use super::names::{BPMN, VENDORS, ZEEBE};

/// Messages, signals and errors that a file declares beside its processes: id to name or code.
#[derive(Debug, Default)]
pub(super) struct Declared {
    pub(super) messages: BTreeMap<String, Arc<str>>,
    pub(super) signals: BTreeMap<String, Arc<str>>,
    pub(super) errors: BTreeMap<String, Arc<str>>,
}

/// Reads one document.
pub(super) struct Reader {
    line_starts: Vec<usize>,
    pub(super) problems: Problems,
    pub(super) declared: Declared,
    /// Flow nodes and sequence flows met so far.
    pub(super) elements: usize,
    /// Ids met so far with their line.
    ids: BTreeMap<String, u32>,
}

impl Reader {
    pub(super) fn new(text: &str) -> Self {
        let line_starts = text
            .bytes()
            .enumerate()
            .filter(|(_, byte)| *byte == b'\n')
            .map(|(at, _)| at + 1)
            .collect();
        Self {
            line_starts,
            problems: Problems::default(),
            declared: Declared::default(),
            elements: 0,
            ids: BTreeMap::new(),
        }
    }

    pub(super) fn line(&self, node: Node<'_, '_>) -> u32 {
        let before = self
            .line_starts
            .partition_point(|start| *start <= node.range().start);
        u32::try_from(before + 1).unwrap_or(u32::MAX)
    }

    pub(super) fn error(
        &mut self,
        code: &'static str,
        node: Node<'_, '_>,
        text: impl Into<String>,
    ) {
        self.tell(Severity::Error, code, node, text);
    }

    /// Adds a problem about the element, or about the nearest one around it that has an id.
    pub(super) fn tell(
        &mut self,
        severity: Severity,
        code: &'static str,
        node: Node<'_, '_>,
        text: impl Into<String>,
    ) {
        let id = node
            .ancestors()
            .find_map(|around| around.attribute("id"))
            .map(|id| ElementId::from(cut(id, TEXT_CHARACTERS_MAX)));
        let line = self.line(node);
        self.problems.add(severity, code, id.as_ref(), line, text);
    }

    /// The id of an element, unique in the file.
    pub(super) fn id(&mut self, node: Node<'_, '_>) -> Option<ElementId> {
        let id = node.attribute("id").unwrap_or("").trim();
        if id.is_empty() {
            let text = format!("“{}”没有 id，请补上", node.tag_name().name());
            self.error("id-missing", node, text);
            return None;
        }
        if id.chars().count() > 200 {
            self.error("id-too-long", node, "id 超过 200 个字符，请缩短");
            return None;
        }
        let line = self.line(node);
        if let Some(first) = self.ids.insert(id.to_owned(), line) {
            let text = format!("id“{id}”重复，第 {first} 行已经用过；请改成不同的 id");
            self.error("id-duplicate", node, text);
            return None;
        }
        Some(ElementId::from(id))
    }

    /// A short text such as a name.
    pub(super) fn short(&mut self, node: Node<'_, '_>, text: &str) -> String {
        let text = text.trim();
        if text.chars().count() > TEXT_CHARACTERS_MAX {
            let problem = format!("文字超过 {TEXT_CHARACTERS_MAX} 个字符，请缩短");
            self.error("text-too-long", node, problem);
        }
        cut(text, TEXT_CHARACTERS_MAX).to_owned()
    }

    pub(super) fn name(&mut self, node: Node<'_, '_>) -> String {
        let name = node.attribute("name").unwrap_or("");
        // bpmn-js breaks long names over lines; a list has no use for the breaks.
        let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
        self.short(node, &name)
    }

    pub(super) fn flag(&mut self, node: Node<'_, '_>, name: &str, otherwise: bool) -> bool {
        match node.attribute(name).map(str::trim) {
            None | Some("") => otherwise,
            Some("true" | "1") => true,
            Some("false" | "0") => false,
            Some(_) => {
                self.error(
                    "not-a-boolean",
                    node,
                    format!("{name} 只能是 true 或 false"),
                );
                otherwise
            }
        }
    }

    /// An expression in some attribute or child; a broken one is told and left out.
    pub(super) fn expression(
        &mut self,
        node: Node<'_, '_>,
        what: &str,
        text: &str,
    ) -> Option<Expression> {
        match Expression::parse(text) {
            Ok(expression) => Some(expression),
            Err(error) => {
                let text = format!("{what}“{}”读不懂：{error}", shortened(text.trim()));
                self.error("expression", node, text);
                None
            }
        }
    }

    /// A text that may hold expressions; a broken one is told and left out.
    pub(super) fn template(
        &mut self,
        node: Node<'_, '_>,
        what: &str,
        text: &str,
    ) -> Option<Template> {
        match Template::parse(text) {
            Ok(template) => Some(template),
            Err(error) => {
                let text = format!("{what}“{}”读不懂：{error}", shortened(text.trim()));
                self.error("expression", node, text);
                None
            }
        }
    }

    /// A setting as a template: our or a vendor's attribute, or an attribute of a Camunda 8 extension element.
    pub(super) fn setting(
        &mut self,
        node: Node<'_, '_>,
        (what, attribute): (&str, &str),
        zeebe: Option<(&str, &str)>,
    ) -> Option<Template> {
        let text = setting(node, attribute, zeebe)?;
        self.template(node, what, text)
    }
}

/// An attribute in our or a vendor's namespace.
pub(super) fn vendor<'a>(node: Node<'a, '_>, name: &str) -> Option<&'a str> {
    VENDORS
        .iter()
        .find_map(|namespace| node.attribute((*namespace, name)))
        .map(str::trim)
        .filter(|text| !text.is_empty())
}

/// The text of a setting, wherever it stands.
pub(super) fn setting<'a>(
    node: Node<'a, '_>,
    attribute: &str,
    zeebe: Option<(&str, &str)>,
) -> Option<&'a str> {
    vendor(node, attribute).or_else(|| {
        let (element, attribute) = zeebe?;
        extensions(node)
            .find(|child| child.has_tag_name((ZEEBE, element)))
            .and_then(|child| child.attribute(attribute))
            .map(str::trim)
            .filter(|text| !text.is_empty())
    })
}

/// The children of `extensionElements`.
pub(super) fn extensions<'a, 'i: 'a>(node: Node<'a, 'i>) -> impl Iterator<Item = Node<'a, 'i>> {
    node.children()
        .filter(|child| child.has_tag_name((BPMN, "extensionElements")))
        .flat_map(|block| block.children())
        .filter(Node::is_element)
}

/// A child element of BPMN itself.
pub(super) fn child<'a, 'i>(node: Node<'a, 'i>, name: &str) -> Option<Node<'a, 'i>> {
    node.children()
        .find(|child| child.has_tag_name((BPMN, name)))
}

/// The whole text within an element.
pub(super) fn text_of(node: Node<'_, '_>) -> String {
    let mut text = String::new();
    for part in node.descendants().filter(Node::is_text) {
        text.push_str(part.text().unwrap_or(""));
    }
    text.trim().to_owned()
}
