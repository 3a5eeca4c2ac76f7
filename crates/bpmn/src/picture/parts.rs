//! What a file shows: its elements and lines, and where its own diagram puts them. Read from the text and not from the compiled
//! process, because pools, lanes, notes and the words on lines are drawn without being executed.

use std::collections::{HashMap, HashSet};

use roxmltree::Node;

use crate::definition::Definition;
use crate::limits::XML;
use crate::xml::BPMN;

use super::Layout;

/// Characters of one label.
const LABEL_CHARACTERS_MAX: usize = 120;

/// What sets an event off, as its sign shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sign {
    Plain,
    Timer,
    Message,
    Signal,
    Error,
    Terminate,
    Compensation,
}

/// What is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Start(Sign),
    End(Sign),
    Between(Sign),
    Boundary { sign: Sign, interrupting: bool },
    Human,
    Work,
    Call,
    SubProcess,
    Exclusive,
    Parallel,
    Inclusive,
    EventGateway,
    Pool,
    Lane,
    Note,
    Thing,
}

impl Kind {
    pub(super) const fn is_event(self) -> bool {
        matches!(
            self,
            Self::Start(_) | Self::End(_) | Self::Between(_) | Self::Boundary { .. }
        )
    }

    pub(super) const fn is_gateway(self) -> bool {
        matches!(
            self,
            Self::Exclusive | Self::Parallel | Self::Inclusive | Self::EventGateway
        )
    }

    pub(super) const fn is_activity(self) -> bool {
        matches!(
            self,
            Self::Human | Self::Work | Self::Call | Self::SubProcess
        )
    }

    /// Whether tokens come here.
    pub(super) const fn flows(self) -> bool {
        self.is_event() || self.is_gateway() || self.is_activity()
    }
}

/// How often an activity is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Times {
    Once,
    AtOnce,
    InTurn,
}

/// One element.
#[derive(Clone, Debug)]
pub(super) struct Part {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) kind: Kind,
    /// Which process of the file it belongs to, from 1.
    pub(super) home: usize,
    /// The sub-process it lies in.
    pub(super) parent: Option<usize>,
    /// The activity that a boundary event sits on.
    pub(super) host: Option<String>,
    pub(super) times: Times,
    /// A sub-process that is drawn with its inside, or a pool whose name stands upright at its left.
    pub(super) is_open: bool,
    /// A lane or pool that runs from left to right.
    pub(super) is_flat: bool,
}

/// What a line means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LineKind {
    Flow {
        is_default: bool,
        is_conditional: bool,
    },
    Message,
    Note,
}

/// A line between two elements.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) source: String,
    pub(super) target: String,
    pub(super) kind: LineKind,
}

/// Everything that a file shows.
#[derive(Clone, Debug, Default)]
pub(super) struct Parts {
    pub(super) nodes: Vec<Part>,
    pub(super) lines: Vec<Line>,
    /// How many processes the file has.
    pub(super) homes: usize,
    by_id: HashMap<String, usize>,
    /// Where the file itself puts them.
    pub(super) layout: Layout,
}

impl Parts {
    /// Reads a checked file again. One that does not read shows nothing.
    pub(super) fn read(definition: &Definition) -> Self {
        let mut parts = Self::default();
        let Ok(document) = wuchuang_xml::document(definition.export(), &XML) else {
            return parts;
        };
        let root = document.root_element();
        for child in root.children().filter(Node::is_element) {
            match name_of(child) {
                "process" => {
                    parts.homes += 1;
                    parts.members(child, None);
                }
                "collaboration" => parts.collaboration(child),
                _ => {}
            }
        }
        parts.defaults(root);
        parts.diagram(root);
        parts
    }

    pub(super) fn at(&self, id: &str) -> Option<usize> {
        self.by_id.get(id).copied()
    }

    /// The drawn element that one of the whole process is: what is called a second time bears the names of its calls before its
    /// own (`y.B`), and is drawn once.
    pub(super) fn drawn<'i>(&self, id: &'i str) -> Option<&'i str> {
        let mut id = id;
        while self.at(id).is_none() {
            id = id.split_once('.')?.1;
        }
        Some(id)
    }

    fn add(&mut self, part: Part) -> usize {
        let at = self.nodes.len();
        self.by_id.insert(part.id.clone(), at);
        self.nodes.push(Part {
            home: self.homes,
            ..part
        });
        at
    }

    fn collaboration(&mut self, node: Node<'_, '_>) {
        for child in node.children().filter(Node::is_element) {
            match name_of(child) {
                "participant" => {
                    self.add(part(child, Kind::Pool, None));
                }
                "messageFlow" => self.line(child, LineKind::Message),
                "textAnnotation" => self.note(child),
                "association" => self.line(child, LineKind::Note),
                _ => {}
            }
        }
    }

    /// The members of a process or sub-process. They nest as deep as the XML does, which is bounded.
    fn members(&mut self, parent: Node<'_, '_>, within: Option<usize>) {
        for child in parent.children().filter(Node::is_element) {
            match name_of(child) {
                "sequenceFlow" => {
                    let is_conditional = child
                        .children()
                        .any(|inner| name_of(inner) == "conditionExpression");
                    let kind = LineKind::Flow {
                        is_default: false,
                        is_conditional,
                    };
                    self.line(child, kind);
                }
                "association" => self.line(child, LineKind::Note),
                "textAnnotation" => self.note(child),
                "laneSet" => self.lanes(child),
                other => {
                    let Some(kind) = kind_of(child, other) else {
                        continue;
                    };
                    let at = self.add(part(child, kind, within));
                    if kind == Kind::SubProcess {
                        self.members(child, Some(at));
                    }
                }
            }
        }
    }

    fn lanes(&mut self, set: Node<'_, '_>) {
        for lane in set.children().filter(|node| name_of(*node) == "lane") {
            self.add(part(lane, Kind::Lane, None));
            for inner in lane
                .children()
                .filter(|node| name_of(*node) == "childLaneSet")
            {
                self.lanes(inner);
            }
        }
    }

    fn note(&mut self, node: Node<'_, '_>) {
        let text = node.children().find(|child| name_of(*child) == "text");
        let text = text.and_then(|text| text.text()).unwrap_or("");
        self.add(Part {
            name: label(text).to_owned(),
            ..part(node, Kind::Note, None)
        });
    }

    fn line(&mut self, node: Node<'_, '_>, kind: LineKind) {
        let end = |name| local(node.attribute(name).unwrap_or("")).to_owned();
        self.lines.push(Line {
            id: node.attribute("id").unwrap_or("").trim().to_owned(),
            name: label(node.attribute("name").unwrap_or("")).to_owned(),
            source: end("sourceRef"),
            target: end("targetRef"),
            kind,
        });
    }

    /// The lines that elements name as their way out when no condition holds.
    fn defaults(&mut self, root: Node<'_, '_>) {
        let named: HashSet<&str> = root
            .descendants()
            .filter_map(|node| node.attribute("default"))
            .map(str::trim)
            .collect();
        for line in &mut self.lines {
            if let LineKind::Flow { is_default, .. } = &mut line.kind {
                *is_default = named.contains(line.id.as_str());
            }
        }
    }
}

fn name_of<'a>(node: Node<'a, '_>) -> &'a str {
    let name = node.tag_name();
    if name.namespace() == Some(BPMN) {
        name.name()
    } else {
        ""
    }
}

/// References are qualified names; the prefix stands for the file's own namespace.
pub(super) fn local(id: &str) -> &str {
    let id = id.trim();
    id.rsplit_once(':').map_or(id, |(_, local)| local)
}

fn label(text: &str) -> &str {
    wuchuang_xml::cut(text.trim(), LABEL_CHARACTERS_MAX)
}

fn part(node: Node<'_, '_>, kind: Kind, parent: Option<usize>) -> Part {
    let marker = node
        .children()
        .find(|child| name_of(*child) == "multiInstanceLoopCharacteristics");
    let times = match marker {
        None => Times::Once,
        Some(marker) if marker.attribute("isSequential") == Some("true") => Times::InTurn,
        Some(_) => Times::AtOnce,
    };
    Part {
        id: node.attribute("id").unwrap_or("").trim().to_owned(),
        name: label(node.attribute("name").unwrap_or("")).to_owned(),
        kind,
        home: 0,
        parent,
        host: node
            .attribute("attachedToRef")
            .map(|host| local(host).to_owned()),
        times,
        is_open: kind == Kind::SubProcess,
        is_flat: true,
    }
}

fn kind_of(node: Node<'_, '_>, name: &str) -> Option<Kind> {
    Some(match name {
        "startEvent" => Kind::Start(sign_of(node)),
        "endEvent" => Kind::End(sign_of(node)),
        "intermediateCatchEvent" | "intermediateThrowEvent" => Kind::Between(sign_of(node)),
        "boundaryEvent" => Kind::Boundary {
            sign: sign_of(node),
            interrupting: node.attribute("cancelActivity") != Some("false"),
        },
        "userTask" | "manualTask" => Kind::Human,
        "callActivity" => Kind::Call,
        "subProcess" => Kind::SubProcess,
        "exclusiveGateway" => Kind::Exclusive,
        "parallelGateway" => Kind::Parallel,
        "inclusiveGateway" => Kind::Inclusive,
        "eventBasedGateway" => Kind::EventGateway,
        "dataObjectReference" | "dataStoreReference" | "group" => Kind::Thing,
        other if other.ends_with("Task") => Kind::Work,
        _ => return None,
    })
}

fn sign_of(node: Node<'_, '_>) -> Sign {
    node.children()
        .find_map(|child| {
            Some(match name_of(child) {
                "timerEventDefinition" => Sign::Timer,
                "messageEventDefinition" => Sign::Message,
                "signalEventDefinition" => Sign::Signal,
                "errorEventDefinition" => Sign::Error,
                "terminateEventDefinition" => Sign::Terminate,
                "compensateEventDefinition" => Sign::Compensation,
                _ => return None,
            })
        })
        .unwrap_or(Sign::Plain)
}
