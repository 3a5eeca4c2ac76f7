//! From the bytes of a file to a [`Model`], with bounds on everything a hostile file could blow up.

mod logic;
mod reader;
mod requirements;
mod table;
mod types;

use crate::limits::{ELEMENTS_MAX, XML};
use crate::model::Model;
use crate::problem::{Place, Problems, Severity};

use reader::{Reader, is_own, namespace_name};

/// What was read.
pub(crate) struct Read<'t> {
    pub(crate) text: &'t str,
    pub(crate) model: Model,
    pub(crate) problems: Problems,
}

/// Reads a file.
pub(crate) fn read(bytes: &[u8]) -> Result<Read<'_>, Problems> {
    let text = wuchuang_xml::text(bytes, &XML)?;
    let document = wuchuang_xml::document(text, &XML)?;
    let root = document.root_element();
    let mut reader = Reader::new(text);
    if root.tag_name().name() != "definitions" || namespace_name(root).is_none() {
        let text = "不是 DMN 文件：最外层应是 DMN 的 <definitions>；请在建模工具里导出为 DMN 1.3 或更新的版本";
        return Err(Problems::one("not-dmn", reader.line(root), text));
    }
    reader.start(root);
    let mut model = Model::default();
    let mut elements = 0;
    for node in root.children().filter(roxmltree::Node::is_element) {
        elements += usize::from(reader.element(node, &mut model));
        if elements > ELEMENTS_MAX {
            let text = format!("决策、输入、函数和类型共超过 {ELEMENTS_MAX} 个；请拆成几个文件");
            reader.error("too-many-elements", node, text);
            break;
        }
    }
    let mut problems = reader.problems;
    if model.decisions.is_empty() && !problems.forbid() {
        let place = Place { id: None, line: 1 };
        problems.error("no-decision", &place, "文件里没有决策；请至少画一个决策");
    }
    Ok(Read {
        text,
        model,
        problems,
    })
}

impl Reader {
    /// Reads one child of `definitions`; whether it counts towards the limit.
    fn element(&mut self, node: roxmltree::Node<'_, '_>, model: &mut Model) -> bool {
        if !is_own(node) {
            return false;
        }
        match node.tag_name().name() {
            "decision" => model.decisions.extend(self.decision(node)),
            "inputData" => model.inputs.extend(self.input_data(node)),
            "businessKnowledgeModel" => model.functions.extend(self.function(node)),
            "itemDefinition" => {
                if let Some((name, definition)) = self.type_definition(node, 0) {
                    let line = definition.place.line;
                    if let Some(before) = model.types.insert(name.clone(), definition) {
                        let text = format!(
                            "类型“{name}”在第 {} 行已经定义过，请改名或删去一个",
                            before.place.line.min(line)
                        );
                        self.error("type-twice", node, text);
                    }
                }
            }
            "import" => {
                let text = "不能引入其他文件：请把用到的决策和类型放在同一个文件里";
                self.error("import", node, text);
            }
            "decisionService" => {
                let text = "决策服务在这里不单独运行；请按名字直接运行其中的决策";
                self.tell(Severity::Notice, "decision-service", node, text);
            }
            // Drawings, notes and whoever answers for a decision change nothing of its result.
            _ => return false,
        }
        true
    }
}
