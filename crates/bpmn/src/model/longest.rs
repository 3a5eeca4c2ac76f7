//! How long the limits of the tasks add up to on the longest way through a process, so that whoever promises a limit for the whole
//! can be told that it cannot be kept. A way back (退回) is gone once: what lies behind it was counted already.

use super::node::{NodeIndex, NodeKind};
use super::process::Process;
use super::work::Task;

/// How far the search is with a node.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    New,
    Open,
    Done(u32),
}

impl Process {
    /// The limits of the tasks of people, in days, added up on the longest way from a start to an end. Tasks without a limit count
    /// nothing, and parallel branches count as the longest of them.
    pub fn limit_days_longest(&self) -> u32 {
        let mut marks = vec![Mark::New; self.nodes().count()];
        let starts: Vec<NodeIndex> = self.root_starts().collect();
        for start in &starts {
            self.measure(*start, &mut marks);
        }
        let found = starts.iter().map(|start| done(&marks, *start));
        found.max().unwrap_or(0)
    }

    /// Depth first without recursion: a file may have thousands of elements in a row.
    fn measure(&self, start: NodeIndex, marks: &mut [Mark]) {
        let mut way = vec![start];
        while let Some(&here) = way.last() {
            let at = usize::from(here);
            if marks[at] == Mark::New {
                marks[at] = Mark::Open;
                let next = self.next(here).into_iter();
                way.extend(next.filter(|next| marks[usize::from(*next)] == Mark::New));
                continue;
            }
            way.pop();
            if marks[at] == Mark::Open {
                let behind = self.next(here).into_iter().map(|next| done(marks, next));
                let behind = behind.max().unwrap_or(0);
                marks[at] = Mark::Done(behind.saturating_add(self.own_days(here)));
            }
        }
    }

    fn own_days(&self, index: NodeIndex) -> u32 {
        match &self.node(index).kind {
            NodeKind::Task(Task::User(task)) => task.limit_days.unwrap_or(0),
            _ => 0,
        }
    }

    /// What may come after a node: into a sub-process, out of it behind its last nodes, and over what sits on its edge.
    fn next(&self, index: NodeIndex) -> Vec<NodeIndex> {
        let node = self.node(index);
        if let NodeKind::SubProcess(scope) = node.kind {
            return self.start_in(scope).into_iter().collect();
        }
        let leaves = |index: NodeIndex| {
            let node = self.node(index);
            let flows = node.outgoing.iter().map(|flow| self.flow(*flow).target);
            flows.chain(node.boundaries.iter().copied())
        };
        let mut next: Vec<NodeIndex> = leaves(index).collect();
        let mut scope = node.scope;
        let mut is_last = node.outgoing.is_empty();
        while is_last && let Some(host) = self.host_of(scope) {
            next.extend(leaves(host));
            is_last = self.node(host).outgoing.is_empty();
            scope = self.node(host).scope;
        }
        next
    }
}

fn done(marks: &[Mark], index: NodeIndex) -> u32 {
    match marks[usize::from(index)] {
        Mark::Done(days) => days,
        Mark::New | Mark::Open => 0,
    }
}
