//! What every reader of an element needs: lines, ids, texts and the list of problems.

use std::collections::BTreeMap;

use roxmltree::Node;

use crate::limits::{EXPRESSIONS_MAX, TEXT_CHARACTERS_MAX};
use crate::model::{Text, plain_name};
use crate::problem::{Place, Problems, Severity};
use wuchuang_xml::shortened;

/// The namespaces of DMN's versions. 1.1 and 1.2 say the same as far as they are read here.
const NAMESPACES: [&str; 5] = [
    "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
    "http://www.omg.org/spec/DMN/20180521/MODEL/",
    "https://www.omg.org/spec/DMN/20191111/MODEL/",
    "https://www.omg.org/spec/DMN/20211108/MODEL/",
    "https://www.omg.org/spec/DMN/20230324/MODEL/",
];

/// The namespace of an element, if it is DMN's.
pub(super) fn namespace_name(node: Node<'_, '_>) -> Option<&'static str> {
    let namespace = node.tag_name().namespace()?;
    NAMESPACES.into_iter().find(|known| *known == namespace)
}

/// Reads one document.
pub(super) struct Reader {
    line_starts: Vec<usize>,
    pub(super) problems: Problems,
    /// The namespace that the file gives to its own elements.
    pub(super) target: String,
    /// Ids met so far with their line.
    ids: BTreeMap<String, u32>,
    expressions: usize,
}

impl Reader {
    pub(super) fn new(text: &str) -> Self {
        let bytes = text.bytes().enumerate();
        Self {
            line_starts: bytes
                .filter(|(_, byte)| *byte == b'\n')
                .map(|(at, _)| at + 1)
                .collect(),
            problems: Problems::default(),
            target: String::new(),
            ids: BTreeMap::new(),
            expressions: 0,
        }
    }

    pub(super) fn start(&mut self, root: Node<'_, '_>) {
        root.attribute("namespace")
            .unwrap_or("")
            .clone_into(&mut self.target);
        self.language(root);
    }

    pub(super) fn line(&self, node: Node<'_, '_>) -> u32 {
        let before = self
            .line_starts
            .partition_point(|start| *start <= node.range().start);
        u32::try_from(before + 1).unwrap_or(u32::MAX)
    }

    /// The element's place, or that of the nearest one around it that has an id.
    pub(super) fn place(&self, node: Node<'_, '_>) -> Place {
        let id = node
            .ancestors()
            .find_map(|around| around.attribute("id"))
            .map(|id| shortened(id).to_owned());
        Place {
            id,
            line: self.line(node),
        }
    }

    pub(super) fn error(
        &mut self,
        code: &'static str,
        node: Node<'_, '_>,
        text: impl Into<String>,
    ) {
        self.tell(Severity::Error, code, node, text);
    }

    pub(super) fn tell(
        &mut self,
        severity: Severity,
        code: &'static str,
        node: Node<'_, '_>,
        text: impl Into<String>,
    ) {
        let place = self.place(node);
        self.problems.add(severity, code, &place, text);
    }

    /// The id of an element, unique in the file. Elements that nothing points at may do without.
    pub(super) fn id(&mut self, node: Node<'_, '_>) -> Option<String> {
        let id = node.attribute("id").unwrap_or("").trim();
        if id.is_empty() {
            let text = format!("“{}”没有 id，请补上", node.tag_name().name());
            self.error("id-missing", node, text);
            return None;
        }
        let line = self.line(node);
        if let Some(first) = self.ids.insert(id.to_owned(), line) {
            let text = format!("id“{}”在第 {first} 行已经用过，请改成不同的", shortened(id));
            self.error("id-twice", node, text);
            return None;
        }
        Some(id.to_owned())
    }

    /// A name as people and expressions use it.
    pub(super) fn name(&mut self, node: Node<'_, '_>) -> String {
        let name = plain_name(node.attribute("name").unwrap_or(""));
        if name.chars().count() > TEXT_CHARACTERS_MAX {
            let text = format!("名称超过 {TEXT_CHARACTERS_MAX} 个字符，请缩短");
            self.error("text-too-long", node, text);
        }
        name
    }

    /// The type that an element names, without a prefix.
    pub(super) fn type_ref(node: Node<'_, '_>) -> Option<String> {
        let name = plain_name(node.attribute("typeRef")?);
        // `feel:string` and `ns:tAge` alike; the types are the file's own or FEEL's.
        let name = name.rsplit(':').next().unwrap_or("").trim().to_owned();
        (!name.is_empty()).then_some(name)
    }

    /// The text within an element's `text` child, and where it stands.
    pub(super) fn text(&mut self, node: Node<'_, '_>) -> Text {
        self.expressions += 1;
        if self.expressions == EXPRESSIONS_MAX + 1 {
            let text = format!("单元格和表达式超过 {EXPRESSIONS_MAX} 个；请拆成几个文件");
            self.error("too-many-expressions", node, text);
        }
        self.language(node);
        let holder = child(node, "text");
        let text = holder.map_or_else(String::new, text_of);
        let mut place = self.place(node);
        if let Some(holder) = holder {
            place.line = self.line(holder);
        }
        Text {
            text,
            place,
            type_ref: Self::type_ref(node),
        }
    }

    /// Whether there is room for another expression.
    pub(super) fn has_room(&self) -> bool {
        self.expressions <= EXPRESSIONS_MAX
    }

    /// Refuses what is written in another language than FEEL.
    pub(super) fn language(&mut self, node: Node<'_, '_>) {
        let Some(language) = node.attribute("expressionLanguage") else {
            return;
        };
        let language = language.trim();
        if !language.is_empty() && !language.to_ascii_lowercase().contains("feel") {
            let text = format!(
                "表达式语言“{}”不能执行，只执行 FEEL；请把表达式改写成 FEEL，并删去 expressionLanguage",
                shortened(language)
            );
            self.error("expression-language", node, text);
        }
    }
}

/// Whether an element is DMN's and not a vendor's or a drawing's.
pub(super) fn is_own(node: Node<'_, '_>) -> bool {
    namespace_name(node).is_some()
}

/// A child element of DMN itself.
pub(super) fn child<'a, 'i>(node: Node<'a, 'i>, name: &str) -> Option<Node<'a, 'i>> {
    node.children()
        .find(|child| child.tag_name().name() == name && is_own(*child))
}

/// All children of that name.
pub(super) fn children<'a, 'i: 'a>(node: Node<'a, 'i>, name: &str) -> Vec<Node<'a, 'i>> {
    node.children()
        .filter(|child| child.tag_name().name() == name && is_own(*child))
        .collect()
}

/// The whole text within an element.
pub(super) fn text_of(node: Node<'_, '_>) -> String {
    let mut text = String::new();
    for part in node.descendants().filter(Node::is_text) {
        text.push_str(part.text().unwrap_or(""));
    }
    text.trim().to_owned()
}
