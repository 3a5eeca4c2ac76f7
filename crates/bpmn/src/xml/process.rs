//! The walk over a document: definitions, processes, their nodes and flows.

use roxmltree::Node;

use crate::ids::ElementId;
use crate::limits::{ELEMENTS_MAX, XML};
use crate::model::{Draft, DraftFlow, DraftNode, DraftProcess, NodeKind, Task, Trigger};
use crate::problem::{Problems, Severity};

use super::names::BPMN;
use super::reader::{Reader, child, text_of, vendor};
use super::refused::{beside_processes, only_drawn, refused};

/// A file as it was read.
pub(crate) struct Read<'b> {
    pub(crate) text: &'b str,
    pub(crate) draft: Draft,
    pub(crate) problems: Problems,
}

/// Reads a file.
///
/// # Errors
/// When it is no XML or no BPMN at all; everything else is in the problems of the result.
pub(crate) fn read(bytes: &[u8]) -> Result<Read<'_>, Problems> {
    let text = wuchuang_xml::text(bytes, &XML)?;
    let document = wuchuang_xml::document(text, &XML)?;
    let root = document.root_element();
    let mut reader = Reader::new(text);
    if !root.has_tag_name((BPMN, "definitions")) {
        let found = wuchuang_xml::shortened(root.tag_name().name());
        let text =
            format!("根元素是“{found}”，不是 BPMN 2.0 的 definitions；请导出为 BPMN 2.0 XML");
        return Err(Problems::one("not-bpmn", reader.line(root), text));
    }
    let draft = reader.definitions(root);
    if reader.elements > ELEMENTS_MAX {
        let text = format!(
            "元素共 {} 个，超过上限 {ELEMENTS_MAX} 个；请拆成几个流程，用“调用活动”连接",
            reader.elements
        );
        return Err(Problems::one("too-many-elements", reader.line(root), text));
    }
    Ok(Read {
        text,
        problems: reader.problems,
        draft,
    })
}

/// Where the walk stands: the process under construction and the scope within it.
struct Place<'p> {
    process: &'p mut DraftProcess,
    scope: usize,
}

impl Reader {
    fn definitions(&mut self, root: Node<'_, '_>) -> Draft {
        for node in root.children().filter(Node::is_element) {
            self.declare(node);
        }
        let mut draft = Draft::default();
        for node in root.children().filter(Node::is_element) {
            let name = node.tag_name();
            if name.namespace() != Some(BPMN) {
                continue;
            }
            match name.name() {
                "process" => draft.processes.extend(self.process(node)),
                other if beside_processes(other) => {}
                other => {
                    let (title, advice) = refused(other).unwrap_or((other, "请删去"));
                    self.error("not-executed", node, format!("不执行“{title}”：{advice}"));
                }
            }
        }
        draft
    }

    fn declare(&mut self, node: Node<'_, '_>) {
        let name = node.tag_name();
        if name.namespace() != Some(BPMN) || !matches!(name.name(), "message" | "signal" | "error")
        {
            return;
        }
        let Some(id) = self.id(node) else { return };
        let label = if name.name() == "error" {
            node.attribute("errorCode")
                .or_else(|| node.attribute("name"))
        } else {
            node.attribute("name")
        };
        let label = label.map(str::trim).filter(|label| !label.is_empty());
        let label = self.short(node, label.unwrap_or(id.as_str()));
        let declared = match name.name() {
            "message" => &mut self.declared.messages,
            "signal" => &mut self.declared.signals,
            _ => &mut self.declared.errors,
        };
        declared.insert(id.as_str().to_owned(), label.as_str().into());
    }

    fn process(&mut self, node: Node<'_, '_>) -> Option<DraftProcess> {
        let id = self.id(node)?;
        self.list_ignored(node);
        let executable = node
            .attribute("isExecutable")
            .is_some()
            .then(|| self.flag(node, "isExecutable", false));
        let mut process = DraftProcess {
            id,
            name: self.name(node),
            line: self.line(node),
            executable,
            scopes: vec![None],
            nodes: Vec::new(),
            flows: Vec::new(),
            associations: Vec::new(),
        };
        let place = Place {
            process: &mut process,
            scope: 0,
        };
        self.members(node, place);
        Some(process)
    }

    /// The members of a process or sub-process. Sub-processes nest as deep as the XML does, which is bounded.
    fn members(&mut self, parent: Node<'_, '_>, place: Place<'_>) {
        let Place { process, scope } = place;
        for node in parent.children().filter(Node::is_element) {
            let name = node.tag_name();
            if name.namespace() != Some(BPMN) {
                let text = format!("“{}”不是 BPMN 元素，不起作用", name.name());
                self.tell(Severity::Notice, "foreign-element", node, text);
                continue;
            }
            match name.name() {
                "sequenceFlow" => {
                    if self.counted()
                        && let Some(flow) = self.sequence_flow(node, scope)
                    {
                        process.flows.push(flow);
                    }
                }
                "association" => {
                    if let (Some(source), Some(target)) =
                        (node.attribute("sourceRef"), node.attribute("targetRef"))
                        && process.associations.len() < ELEMENTS_MAX
                    {
                        process
                            .associations
                            .push((source.to_owned(), target.to_owned()));
                    }
                }
                other if only_drawn(other) || belongs_to_activity(other) => {}
                _ => {
                    if self.counted() {
                        self.flow_node(node, &mut *process, scope);
                    }
                }
            }
        }
    }

    /// Counts an element; false past the limit, for then nothing more is worth reading.
    fn counted(&mut self) -> bool {
        self.elements += 1;
        self.elements <= ELEMENTS_MAX
    }

    fn sequence_flow(&mut self, node: Node<'_, '_>, scope: usize) -> Option<DraftFlow> {
        let id = self.id(node)?;
        self.list_ignored(node);
        let mut flow = DraftFlow {
            id,
            line: self.line(node),
            scope,
            source: node.attribute("sourceRef").unwrap_or("").to_owned(),
            target: node.attribute("targetRef").unwrap_or("").to_owned(),
            condition: None,
            condition_broken: false,
        };
        if let Some(condition) = child(node, "conditionExpression") {
            self.condition(condition, &mut flow);
        }
        Some(flow)
    }

    fn condition(&mut self, node: Node<'_, '_>, flow: &mut DraftFlow) {
        let language = node.attribute("language").unwrap_or("").to_lowercase();
        let scripted =
            !(language.is_empty() || language.contains("feel") || language.contains("juel"));
        if scripted || vendor(node, "resource").is_some() {
            let text = "条件用了脚本语言，不能执行；请改写成 ${a == b} 或 FEEL";
            self.error("condition-language", node, text);
            flow.condition_broken = true;
            return;
        }
        let text = text_of(node);
        if text.is_empty() {
            return;
        }
        flow.condition = self.expression(node, "条件", &text);
        flow.condition_broken = flow.condition.is_none();
    }

    fn flow_node(&mut self, node: Node<'_, '_>, process: &mut DraftProcess, scope: usize) {
        let Some(id) = self.id(node) else { return };
        self.list_ignored(node);
        let line = self.line(node);
        let name = self.name(node);
        // A sub-process takes its place before its members, so that lines and numbers run in the order of the file.
        let here = process.nodes.len();
        process.nodes.push(DraftNode {
            id: id.clone(),
            name,
            line,
            scope,
            kind: stand_in(node.tag_name().name()),
            refused: false,
            default: node.attribute("default").map(str::to_owned),
            looping: None,
            stage: self.stage(node),
            for_compensation: self.flag(node, "isForCompensation", false),
            attached_to: node.attribute("attachedToRef").map(str::to_owned),
            compensates: child(node, "compensateEventDefinition")
                .and_then(|definition| definition.attribute("activityRef"))
                .map(str::to_owned),
        });
        let kind = if node.tag_name().name() == "subProcess" {
            self.sub_process(node, process, here)
        } else {
            self.kind(node, &id)
        };
        let looping = kind
            .as_ref()
            .filter(|kind| kind.is_activity())
            .and_then(|_| self.looping(node));
        let draft = &mut process.nodes[here];
        draft.looping = looping;
        draft.refused |= kind.is_none() || child(node, "standardLoopCharacteristics").is_some();
        if let Some(kind) = kind {
            draft.kind = kind;
        }
    }

    fn sub_process(
        &mut self,
        node: Node<'_, '_>,
        process: &mut DraftProcess,
        host: usize,
    ) -> Option<NodeKind> {
        if self.flag(node, "triggeredByEvent", false) {
            let (title, advice) = refused("eventSubProcess")?;
            self.error("not-executed", node, format!("不执行“{title}”：{advice}"));
            process.nodes[host].refused = true;
        }
        let scope = process.scopes.len();
        process.scopes.push(Some(host));
        self.members(node, Place { process, scope });
        u16::try_from(scope).ok().map(NodeKind::SubProcess)
    }

    fn kind(&mut self, node: Node<'_, '_>, id: &ElementId) -> Option<NodeKind> {
        Some(match node.tag_name().name() {
            "startEvent" => NodeKind::Start(self.trigger(node)?),
            "endEvent" => NodeKind::End(self.trigger(node)?),
            "intermediateThrowEvent" => NodeKind::Throw(self.trigger(node)?),
            "intermediateCatchEvent" => NodeKind::Catch(self.trigger(node)?),
            "boundaryEvent" => NodeKind::Boundary {
                interrupting: self.flag(node, "cancelActivity", true),
                trigger: self.trigger(node)?,
            },
            "exclusiveGateway" => NodeKind::Exclusive,
            "parallelGateway" => NodeKind::Parallel,
            "inclusiveGateway" => NodeKind::Inclusive,
            "eventBasedGateway" => {
                let parallel = node.attribute("eventGatewayType") == Some("Parallel");
                if parallel || self.flag(node, "instantiate", false) {
                    let text =
                        "不支持启动流程的或并行的事件网关；请用消息开始事件，或并行网关后接事件";
                    self.error("event-gateway-kind", node, text);
                }
                NodeKind::EventGateway
            }
            "callActivity" => self.call_activity(node)?,
            "userTask" | "manualTask" | "serviceTask" | "businessRuleTask" | "sendTask"
            | "receiveTask" => self.task(node)?,
            other => {
                let (title, advice) =
                    refused(other).unwrap_or((other, "这里没有这种元素，请改用其他元素"));
                let text = format!("不执行“{title}”（{id}）：{advice}");
                self.error("not-executed", node, text);
                return None;
            }
        })
    }
}

/// A refused or broken element keeps its place: the file is not deployable anyway, and its neighbours are not blamed
/// for a hole.
fn stand_in(name: &str) -> NodeKind {
    let message = || Trigger::Message("".into());
    match name {
        "startEvent" => NodeKind::Start(Trigger::Plain),
        "endEvent" => NodeKind::End(Trigger::Plain),
        "intermediateThrowEvent" => NodeKind::Throw(Trigger::Plain),
        "intermediateCatchEvent" => NodeKind::Catch(message()),
        "boundaryEvent" => NodeKind::Boundary {
            interrupting: true,
            trigger: message(),
        },
        _ => NodeKind::Task(Task::User(Box::default())),
    }
}

/// Children of a sub-process that describe it rather than its content.
fn belongs_to_activity(name: &str) -> bool {
    matches!(
        name,
        "multiInstanceLoopCharacteristics"
            | "standardLoopCharacteristics"
            | "potentialOwner"
            | "humanPerformer"
            | "performer"
            | "resourceRole"
    )
}
