//! An executable process: immutable, cheap to share, without a reference that could dangle.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::ids::ElementId;

use super::node::{Flow, FlowIndex, Node, NodeIndex, NodeKind, ScopeIndex, TimerRule, Trigger};
use super::reach::Reach;
use super::stage::Stage;

/// Which text a process was made from. Instances carry it, so that a running case is never moved on by another drawing.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProcessVersion(u64);

impl ProcessVersion {
    /// The version of a process in a text (FNV-1a over both). It tells versions apart; it does not protect against
    /// somebody who makes two texts collide on purpose: whoever stores texts may store them under a stronger hash.
    pub(crate) fn of(text: &str, process: &str) -> Self {
        let hash = |seed: u64, bytes: &[u8]| {
            bytes.iter().fold(seed, |hash, byte| {
                (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
            })
        };
        let seed = hash(0xcbf2_9ce4_8422_2325, process.as_bytes());
        Self(hash(seed, text.as_bytes()))
    }
}

impl fmt::Display for ProcessVersion {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:016x}", self.0)
    }
}

impl fmt::Debug for ProcessVersion {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

impl Serialize for ProcessVersion {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ProcessVersion {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        u64::from_str_radix(&text, 16)
            .map(Self)
            .map_err(serde::de::Error::custom)
    }
}

/// A process that can be run.
#[derive(Clone, Debug)]
pub struct Process(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    id: ElementId,
    name: String,
    version: ProcessVersion,
    nodes: Vec<Node>,
    flows: Vec<Flow>,
    scopes: Vec<Vec<NodeIndex>>,
    by_id: BTreeMap<ElementId, NodeIndex>,
    reach: Reach,
}

/// One element as pages and designers want to see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ElementView {
    /// Its id in the file.
    pub id: ElementId,
    /// Its name, empty if it has none.
    pub name: Arc<str>,
    /// What it is, in Chinese: 用户任务, 并行网关 …
    pub kind: &'static str,
    /// Whether a person works here, so that a case can be returned to it.
    pub human: bool,
    /// The stage that begins with it.
    pub stage: Option<Stage>,
}

/// What starts a process.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "by")]
pub enum StartView {
    /// A plain start event: somebody calls `start`.
    Plain {
        /// The start event.
        element: ElementId,
    },
    /// A message of this name.
    Message {
        /// The start event.
        element: ElementId,
        /// The message's name.
        name: Arc<str>,
    },
    /// A signal of this name.
    Signal {
        /// The start event.
        element: ElementId,
        /// The signal's name.
        name: Arc<str>,
    },
    /// A timer, in the words of the file.
    Timer {
        /// The start event.
        element: ElementId,
        /// Duration, date or cycle.
        due: String,
    },
}

impl Process {
    pub(crate) fn new(
        (id, name, version): (ElementId, String, ProcessVersion),
        nodes: Vec<Node>,
        flows: Vec<Flow>,
        scopes: usize,
    ) -> Self {
        let mut members = vec![Vec::new(); scopes];
        let mut by_id = BTreeMap::new();
        for (index, node) in (0..).zip(&nodes) {
            by_id.insert(node.id.clone(), index);
            members[usize::from(node.scope)].push(index);
        }
        let reach = Reach::of(&nodes, &flows);
        Self(Arc::new(Inner {
            id,
            name,
            version,
            nodes,
            flows,
            scopes: members,
            by_id,
            reach,
        }))
    }

    /// The process id in the file.
    pub fn id(&self) -> &ElementId {
        &self.0.id
    }

    /// The process name in the file, empty if it has none.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// The version that instances carry.
    pub fn version(&self) -> ProcessVersion {
        self.0.version
    }

    /// What stands directly in a sub-process, or in the place of a call; nothing for any other element.
    pub(crate) fn inside(&self, element: &ElementId) -> impl Iterator<Item = &ElementId> {
        let inner = &self.0;
        let at = inner
            .by_id
            .get(element)
            .map(|index| &inner.nodes[usize::from(*index)].kind);
        let members = match at {
            Some(NodeKind::SubProcess(scope)) => inner.scopes.get(usize::from(*scope)),
            _ => None,
        };
        let members = members.into_iter().flatten();
        members.map(|member| &inner.nodes[usize::from(*member)].id)
    }

    /// All flow nodes in the order of the file.
    pub fn elements(&self) -> impl Iterator<Item = ElementView> + '_ {
        self.0.nodes.iter().map(|node| ElementView {
            id: node.id.clone(),
            name: node.name.clone(),
            kind: node.kind.title(),
            human: node.kind.is_human(),
            stage: node.stage,
        })
    }

    /// What starts the process. Whoever deploys it sees to the messages, signals and timers.
    pub fn starts(&self) -> Vec<StartView> {
        self.root_starts()
            .filter_map(|index| {
                let node = self.node(index);
                let element = node.id.clone();
                Some(match node.kind.trigger()? {
                    Trigger::Message(name) => StartView::Message {
                        element,
                        name: name.clone(),
                    },
                    Trigger::Signal(name) => StartView::Signal {
                        element,
                        name: name.clone(),
                    },
                    Trigger::Timer(rule) => StartView::Timer {
                        element,
                        due: rule_text(rule),
                    },
                    _ => StartView::Plain { element },
                })
            })
            .collect()
    }

    /// All flow nodes in the order of the file.
    pub(crate) fn nodes(&self) -> impl Iterator<Item = &Node> {
        self.0.nodes.iter()
    }

    pub(crate) fn node(&self, index: NodeIndex) -> &Node {
        &self.0.nodes[usize::from(index)]
    }

    /// Like [`Self::node`], for numbers that come from a stored state.
    pub(crate) fn find_node(&self, index: NodeIndex) -> Option<&Node> {
        self.0.nodes.get(usize::from(index))
    }

    pub(crate) fn flow(&self, index: FlowIndex) -> &Flow {
        &self.0.flows[usize::from(index)]
    }

    /// The node that holds a scope; none for the process itself.
    pub(crate) fn host_of(&self, scope: ScopeIndex) -> Option<NodeIndex> {
        (0..)
            .zip(&self.0.nodes)
            .find(|(_, node)| node.kind == NodeKind::SubProcess(scope))
            .map(|(index, _)| index)
    }

    pub(crate) fn scope_count(&self) -> usize {
        self.0.scopes.len()
    }

    pub(crate) fn flow_by_id(&self, id: &ElementId) -> Option<FlowIndex> {
        (0..)
            .zip(&self.0.flows)
            .find(|(_, flow)| flow.id == *id)
            .map(|(index, _)| index)
    }

    pub(crate) fn index_of(&self, id: &ElementId) -> Option<NodeIndex> {
        self.0.by_id.get(id).copied()
    }

    pub(crate) fn reach(&self) -> &Reach {
        &self.0.reach
    }

    /// The start events of the process itself.
    pub(crate) fn root_starts(&self) -> impl Iterator<Item = NodeIndex> + '_ {
        self.starts_in(0)
    }

    /// The start event of a sub-process; validation left exactly one.
    pub(crate) fn start_in(&self, scope: ScopeIndex) -> Option<NodeIndex> {
        self.starts_in(scope).next()
    }

    fn starts_in(&self, scope: ScopeIndex) -> impl Iterator<Item = NodeIndex> + '_ {
        self.0
            .scopes
            .get(usize::from(scope))
            .into_iter()
            .flatten()
            .copied()
            .filter(|index| matches!(self.node(*index).kind, NodeKind::Start(_)))
    }
}

fn rule_text(rule: &TimerRule) -> String {
    match rule {
        TimerRule::After { duration, .. } | TimerRule::At(duration) => duration
            .constant()
            .map_or_else(String::new, ToString::to_string),
        TimerRule::Every { times, duration } => match times {
            Some(times) => format!("R{times}/{duration}"),
            None => format!("R/{duration}"),
        },
    }
}
