//! Whether a drawing can be run: every problem at once, each with the element, the line and the way out. What passes
//! here without an error can be compiled and never meets a hole at run time.

mod events;
mod flows;
mod gateways;
mod joins;
mod shape;

use std::collections::BTreeMap;

use crate::model::{Draft, DraftFlow, DraftNode, DraftProcess};
use crate::problem::{Problems, Severity};

/// Checks a file's processes and says which of them are to be run.
pub(crate) fn check(draft: &Draft, problems: &mut Problems) -> Vec<usize> {
    let chosen = executable(draft, problems);
    for index in &chosen {
        process(&draft.processes[*index], problems);
    }
    chosen
}

/// The processes marked executable; if none is, those that have content.
fn executable(draft: &Draft, problems: &mut Problems) -> Vec<usize> {
    let all = 0..draft.processes.len();
    let marked: Vec<usize> = all
        .clone()
        .filter(|index| draft.processes[*index].executable == Some(true))
        .collect();
    if !marked.is_empty() {
        for index in all.filter(|index| !marked.contains(index)) {
            let process = &draft.processes[index];
            let text = "流程没有标为可执行（isExecutable=\"true\"），只作图示";
            problems.add(
                Severity::Notice,
                "not-executable",
                Some(&process.id),
                process.line,
                text,
            );
        }
        return marked;
    }
    let filled: Vec<usize> = all
        .filter(|index| !draft.processes[*index].nodes.is_empty())
        .collect();
    for index in &filled {
        let process = &draft.processes[*index];
        let text = "流程没有标为可执行，仍按可执行读取；建议写上 isExecutable=\"true\"";
        problems.add(
            Severity::Warning,
            "not-executable",
            Some(&process.id),
            process.line,
            text,
        );
    }
    if filled.is_empty() {
        let text = "文件里没有可执行的流程；请画出开始事件、任务和结束事件";
        problems.add(Severity::Error, "no-process", None, 1, text);
    }
    filled
}

fn process(draft: &DraftProcess, problems: &mut Problems) {
    let mut check = Check::new(draft, problems);
    check.flow_ends();
    check.positions();
    check.starts();
    check.triggers();
    check.boundaries();
    check.compensation();
    check.gateways();
    check.starving_joins();
    check.spinning();
    check.reachability();
}

/// A process under examination.
struct Check<'d> {
    process: &'d DraftProcess,
    problems: &'d mut Problems,
    index: BTreeMap<&'d str, usize>,
    /// For each node its outgoing and incoming flows whose ends both exist.
    outgoing: Vec<Vec<usize>>,
    incoming: Vec<Vec<usize>>,
    /// For each node its boundary events, compensation included.
    boundaries: Vec<Vec<usize>>,
}

impl<'d> Check<'d> {
    fn new(process: &'d DraftProcess, problems: &'d mut Problems) -> Self {
        let count = process.nodes.len();
        let index: BTreeMap<&str, usize> = process
            .nodes
            .iter()
            .enumerate()
            .map(|(at, node)| (node.id.as_str(), at))
            .collect();
        let mut check = Self {
            process,
            problems,
            index,
            outgoing: vec![Vec::new(); count],
            incoming: vec![Vec::new(); count],
            boundaries: vec![Vec::new(); count],
        };
        for (at, flow) in process.flows.iter().enumerate() {
            if let Some((source, target)) = check.ends(flow) {
                check.outgoing[source].push(at);
                check.incoming[target].push(at);
            }
        }
        for (at, node) in process.nodes.iter().enumerate() {
            if let Some(host) = node.attached_to.as_deref().and_then(|id| check.at(id)) {
                check.boundaries[host].push(at);
            }
        }
        check
    }

    fn at(&self, id: &str) -> Option<usize> {
        self.index.get(id).copied()
    }

    fn ends(&self, flow: &DraftFlow) -> Option<(usize, usize)> {
        Some((self.at(&flow.source)?, self.at(&flow.target)?))
    }

    fn node(&self, at: usize) -> &'d DraftNode {
        &self.process.nodes[at]
    }

    fn flow(&self, at: usize) -> &'d DraftFlow {
        &self.process.flows[at]
    }

    fn target(&self, flow: usize) -> Option<usize> {
        self.at(&self.flow(flow).target)
    }

    fn tell(
        &mut self,
        severity: Severity,
        code: &'static str,
        node: &DraftNode,
        text: impl Into<String>,
    ) {
        self.problems
            .add(severity, code, Some(&node.id), node.line, text);
    }

    fn error(&mut self, code: &'static str, node: &DraftNode, text: impl Into<String>) {
        self.tell(Severity::Error, code, node, text);
    }

    fn flow_problem(
        &mut self,
        severity: Severity,
        code: &'static str,
        flow: &DraftFlow,
        text: impl Into<String>,
    ) {
        self.problems
            .add(severity, code, Some(&flow.id), flow.line, text);
    }
}

/// How a message names an element: by its name if it has one.
fn called(node: &DraftNode) -> String {
    if node.name.is_empty() {
        format!("{}“{}”", node.kind.title(), node.id)
    } else {
        format!("{}“{}”", node.kind.title(), node.name)
    }
}
