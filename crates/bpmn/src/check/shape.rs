//! The shape as a whole: loops that would never wait, parts that are never reached, parts that never end.

use crate::model::{NodeKind, Task, Trigger};
use crate::problem::Severity;

use super::{Check, called};

impl Check<'_> {
    /// A loop of gateways and throwing events alone: nothing in it waits, nothing in it can change a variable, so once
    /// entered it would turn for ever. Sub-processes and multi-instance activities count as waiting here, because what
    /// they do depends on data; the bound on steps catches those at run time.
    pub(super) fn spinning(&mut self) {
        let count = self.process.nodes.len();
        let passing: Vec<bool> = self
            .process
            .nodes
            .iter()
            .map(|node| {
                let straight = matches!(
                    node.kind,
                    NodeKind::Exclusive
                        | NodeKind::Parallel
                        | NodeKind::Inclusive
                        | NodeKind::Throw(
                            Trigger::Plain | Trigger::Message(_) | Trigger::Signal(_)
                        )
                        | NodeKind::Task(Task::Send(_))
                );
                straight && node.looping.is_none()
            })
            .collect();
        let mut alive = passing.clone();
        // Whatever has no living neighbour before or behind it lies on no loop; what remains at the end does, or lies
        // between two loops.
        for forward in [true, false] {
            let mut degree: Vec<usize> = (0..count)
                .map(|at| {
                    self.neighbours(at, !forward)
                        .filter(|next| alive[*next])
                        .count()
                })
                .collect();
            let mut free: Vec<usize> = (0..count)
                .filter(|at| alive[*at] && degree[*at] == 0)
                .collect();
            while let Some(at) = free.pop() {
                alive[at] = false;
                for next in self.neighbours(at, forward).collect::<Vec<_>>() {
                    degree[next] = degree[next].saturating_sub(1);
                    if alive[next] && degree[next] == 0 {
                        free.push(next);
                    }
                }
            }
        }
        let looped: Vec<usize> = (0..count).filter(|at| alive[*at]).collect();
        let Some(first) = looped.first() else { return };
        let names: Vec<String> = looped
            .iter()
            .take(8)
            .map(|at| called(self.node(*at)))
            .collect();
        let text = format!(
            "循环里没有任何等待（{}），会无休止地转；请在循环里放一个任务或定时事件",
            names.join("、")
        );
        self.error("loop-without-wait", self.node(*first), text);
    }

    fn neighbours(&self, at: usize, forward: bool) -> impl Iterator<Item = usize> + '_ {
        let flows = if forward {
            &self.outgoing[at]
        } else {
            &self.incoming[at]
        };
        flows.iter().filter_map(move |flow| {
            let flow = self.flow(*flow);
            self.at(if forward { &flow.target } else { &flow.source })
        })
    }

    /// Nodes that no start leads to, and nodes from which no end can be reached.
    pub(super) fn reachability(&mut self) {
        let begins: Vec<usize> = self.nodes_where(|node| matches!(node.kind, NodeKind::Start(_)));
        let reached = self.walk(begins, true);
        let ends: Vec<usize> = (0..self.process.nodes.len())
            .filter(|at| self.outgoing[*at].is_empty())
            .collect();
        let ending = self.walk(ends, false);
        for (at, node) in self.process.nodes.iter().enumerate() {
            if node.for_compensation || node.refused {
                continue;
            }
            // Without a way in it was told already.
            if !reached[at] && !self.incoming[at].is_empty() {
                let text = format!("从开始事件走不到{}；请检查连线", called(node));
                self.tell(Severity::Warning, "unreachable", node, text);
            } else if !ending[at] {
                let text = format!("从{}走不到任何结束；流程会永远循环，请加出口", called(node));
                self.tell(Severity::Warning, "endless", node, text);
            }
        }
    }

    fn nodes_where(&self, test: impl Fn(&crate::model::DraftNode) -> bool) -> Vec<usize> {
        (0..self.process.nodes.len())
            .filter(|at| test(self.node(*at)))
            .collect()
    }

    /// All nodes reached from some, over flows and boundary events. A sub-process counts as one node; its inside is
    /// walked from its own start.
    pub(super) fn walk(&self, mut open: Vec<usize>, forward: bool) -> Vec<bool> {
        let mut reached = vec![false; self.process.nodes.len()];
        for at in &open {
            reached[*at] = true;
        }
        while let Some(at) = open.pop() {
            let mut next: Vec<usize> = self.neighbours(at, forward).collect();
            if forward {
                next.extend(&self.boundaries[at]);
            } else if let Some(host) = self
                .node(at)
                .attached_to
                .as_deref()
                .and_then(|id| self.at(id))
            {
                next.push(host);
            }
            for at in next {
                if !reached[at] {
                    reached[at] = true;
                    open.push(at);
                }
            }
        }
        reached
    }
}
