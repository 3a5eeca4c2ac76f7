//! Which nodes can still send a token to which entry of a join. Computed once per process, so that the question “may a
//! token still come?” costs one bit at run time.

use std::collections::BTreeMap;

use super::node::{Flow, FlowIndex, Node, NodeIndex, NodeKind};

/// For each incoming flow of each joining gateway: the nodes from which it can be reached along sequence flows (and
/// over boundary events) without passing that gateway.
#[derive(Debug, Default)]
pub(crate) struct Reach {
    entries: BTreeMap<FlowIndex, Bits>,
}

#[derive(Debug)]
struct Bits(Vec<u64>);

impl Bits {
    fn new(count: usize) -> Self {
        Self(vec![0; count.div_ceil(64)])
    }

    /// Sets a bit; true if it was not set before.
    fn set(&mut self, index: NodeIndex) -> bool {
        let (word, bit) = (usize::from(index) / 64, 1_u64 << (index % 64));
        let fresh = self.0[word] & bit == 0;
        self.0[word] |= bit;
        fresh
    }

    fn has(&self, index: NodeIndex) -> bool {
        self.0
            .get(usize::from(index) / 64)
            .is_some_and(|word| word & (1 << (index % 64)) != 0)
    }
}

impl Reach {
    pub(super) fn of(nodes: &[Node], flows: &[Flow]) -> Self {
        let mut before: Vec<Vec<NodeIndex>> = vec![Vec::new(); nodes.len()];
        let mut source: Vec<Option<NodeIndex>> = vec![None; flows.len()];
        for (index, node) in (0..).zip(nodes) {
            for flow in &node.outgoing {
                before[usize::from(flows[usize::from(*flow)].target)].push(index);
                source[usize::from(*flow)] = Some(index);
            }
            for boundary in &node.boundaries {
                before[usize::from(*boundary)].push(index);
            }
        }
        let mut entries = BTreeMap::new();
        for (gateway, node) in (0..).zip(nodes) {
            let joins = matches!(node.kind, NodeKind::Parallel | NodeKind::Inclusive);
            if !joins || node.incoming.len() < 2 {
                continue;
            }
            for entry in &node.incoming {
                let from = source[usize::from(*entry)];
                entries.insert(*entry, backwards(&before, from, gateway, nodes.len()));
            }
        }
        Self { entries }
    }

    /// Whether a token at `from` can still come in through `entry` without passing the gateway that `entry` leads to.
    pub(crate) fn can_come(&self, from: NodeIndex, entry: FlowIndex) -> bool {
        self.entries
            .get(&entry)
            .is_some_and(|nodes| nodes.has(from))
    }
}

fn backwards(
    before: &[Vec<NodeIndex>],
    from: Option<NodeIndex>,
    gateway: NodeIndex,
    count: usize,
) -> Bits {
    let mut reached = Bits::new(count);
    let mut open: Vec<NodeIndex> = from.into_iter().filter(|from| *from != gateway).collect();
    for first in &open {
        reached.set(*first);
    }
    while let Some(here) = open.pop() {
        for &earlier in &before[usize::from(here)] {
            if earlier != gateway && reached.set(earlier) {
                open.push(earlier);
            }
        }
    }
    reached
}
