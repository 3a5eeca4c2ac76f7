//! In which order the steps of a process come: every element one rank behind the last that leads to it, ways back left out.

use std::collections::HashMap;

use crate::model::Process;

use super::parts::{Kind, LineKind, Part, Parts, Times};
use super::{NextStep, PictureStep};

/// What may come next is told for so many ways.
const NEXT_MAX: usize = 12;
/// Steps of a list.
const STEPS_MAX: usize = 500;

/// The lines that leave each element, those of its boundary events included, within one scope.
pub(super) struct Ways<'p> {
    parts: &'p Parts,
    /// Element → line and target.
    out: HashMap<usize, Vec<(usize, usize)>>,
    /// Element → boundary events on it.
    pub(super) events: HashMap<usize, Vec<usize>>,
}

impl<'p> Ways<'p> {
    pub(super) fn of(parts: &'p Parts) -> Self {
        let mut out: HashMap<usize, Vec<(usize, usize)>> = HashMap::new();
        for (at, line) in parts.lines.iter().enumerate() {
            if matches!(line.kind, LineKind::Flow { .. })
                && let (Some(source), Some(target)) =
                    (parts.at(&line.source), parts.at(&line.target))
            {
                out.entry(source).or_default().push((at, target));
            }
        }
        let mut events: HashMap<usize, Vec<usize>> = HashMap::new();
        for (at, part) in parts.nodes.iter().enumerate() {
            if let Some(host) = part.host.as_ref().and_then(|host| parts.at(host)) {
                events.entry(host).or_default().push(at);
            }
        }
        Self { parts, out, events }
    }

    pub(super) fn out(&self, at: usize) -> &[(usize, usize)] {
        self.out.get(&at).map_or(&[], Vec::as_slice)
    }

    /// Where one can come from an element in one move, its boundary events' ways included.
    fn targets(&self, at: usize) -> Vec<usize> {
        let own = self.out(at).iter();
        let events = self.events.get(&at).into_iter().flatten();
        let theirs = events.flat_map(|event| self.out(*event));
        own.chain(theirs).map(|(_, target)| *target).collect()
    }

    /// The elements of one scope, boundary events left out, each with its rank from 0.
    pub(super) fn ranks(&self, scope: Option<usize>) -> Vec<(usize, usize)> {
        let is_member =
            |part: &Part| part.parent == scope && part.kind.flows() && part.host.is_none();
        let members: Vec<usize> = (0..self.parts.nodes.len())
            .filter(|at| is_member(&self.parts.nodes[*at]))
            .collect();
        let after = self.after_all(&members);
        let mut rank: HashMap<usize, usize> = members.iter().map(|at| (*at, 0)).collect();
        let place: HashMap<usize, usize> = after
            .iter()
            .enumerate()
            .map(|(place, at)| (*at, place))
            .collect();
        for at in &after {
            let here = rank[at];
            for target in self.targets(*at) {
                // A way back leads to something that comes before; it moves nothing.
                if place
                    .get(&target)
                    .is_some_and(|place_of| *place_of > place[at])
                    && let Some(rank) = rank.get_mut(&target)
                {
                    *rank = (*rank).max(here + 1);
                }
            }
        }
        let mut ranked: Vec<(usize, usize)> = members.iter().map(|at| (*at, rank[at])).collect();
        ranked.sort_by_key(|(at, rank)| (*rank, *at));
        ranked
    }

    /// The members so that each stands behind whatever leads to it (the reverse of the order in which a walk leaves them). The
    /// walk keeps its own stack, so that a long process cannot exhaust the program's.
    fn after_all(&self, members: &[usize]) -> Vec<usize> {
        let mut seen: HashMap<usize, bool> = members.iter().map(|at| (*at, false)).collect();
        let starts = members
            .iter()
            .filter(|at| matches!(self.parts.nodes[**at].kind, Kind::Start(_)));
        let mut left = Vec::with_capacity(members.len());
        for first in starts.chain(members) {
            let mut stack = vec![(*first, 0)];
            while let Some((at, next)) = stack.pop() {
                if next == 0 && std::mem::replace(seen.entry(at).or_insert(true), true) {
                    continue;
                }
                let targets = self.targets(at);
                if let Some(target) = targets
                    .len()
                    .checked_sub(next + 1)
                    .map(|back| targets[back])
                {
                    stack.push((at, next + 1));
                    if seen.get(&target) == Some(&false) {
                        stack.push((target, 0));
                    }
                } else {
                    left.push(at);
                }
            }
        }
        left.reverse();
        left
    }
}

/// The steps of people, and the sub-processes that hold them.
pub(super) fn steps(parts: &Parts, process: &Process) -> Vec<PictureStep> {
    let ways = Ways::of(parts);
    let mut limits: HashMap<String, Option<u32>> = process
        .tasks()
        .map(|task| (task.id.as_str().to_owned(), task.limit_days))
        .collect();
    let mut steps = Vec::new();
    collect(parts, &ways, None, 0, &mut steps);
    for step in &mut steps {
        step.limit_days = limits.remove(step.element.as_str()).flatten();
    }
    steps
}

fn collect(
    parts: &Parts,
    ways: &Ways<'_>,
    scope: Option<usize>,
    depth: usize,
    steps: &mut Vec<PictureStep>,
) {
    for (at, _) in ways.ranks(scope) {
        let part = &parts.nodes[at];
        let holds_steps = part.kind == Kind::SubProcess;
        if !(holds_steps || part.kind == Kind::Human) || steps.len() >= STEPS_MAX {
            continue;
        }
        steps.push(PictureStep {
            element: part.id.as_str().into(),
            name: name_of(part),
            depth,
            holds_steps,
            limit_days: None,
            is_several: part.times != Times::Once,
            next: next(parts, ways, at),
        });
        if holds_steps {
            collect(parts, ways, Some(at), depth + 1, steps);
        }
    }
}

fn name_of(part: &Part) -> String {
    if part.name.is_empty() {
        part.id.clone()
    } else {
        part.name.clone()
    }
}

/// What may follow a step, through gateways and events, with the words on the way. The question of a gateway stands before
/// the answer on its way out.
fn next(parts: &Parts, ways: &Ways<'_>, from: usize) -> Vec<NextStep> {
    let mut found: Vec<NextStep> = Vec::new();
    let mut seen = vec![from];
    let mut open: Vec<(usize, String)> = vec![(from, String::new())];
    let events = ways.events.get(&from).into_iter().flatten();
    open.extend(events.map(|event| (*event, parts.nodes[*event].name.clone())));
    open.reverse();
    while let Some((at, words)) = open.pop() {
        for (line, target) in ways.out(at).iter().rev() {
            let words = joined(&words, &parts.lines[*line].name);
            let part = &parts.nodes[*target];
            let stops = matches!(part.kind, Kind::Human | Kind::SubProcess | Kind::End(_));
            if !stops {
                if !seen.contains(target) {
                    seen.push(*target);
                    let question = if part.kind.is_gateway() && ways.out(*target).len() > 1
                        || part.kind.is_event()
                    {
                        part.name.as_str()
                    } else {
                        ""
                    };
                    open.push((*target, joined(&words, question)));
                }
                continue;
            }
            let name = (!matches!(part.kind, Kind::End(_))).then(|| name_of(part));
            let step = NextStep { when: words, name };
            if found.len() < NEXT_MAX && !found.contains(&step) {
                found.push(step);
            }
        }
    }
    found
}

fn joined(before: &str, after: &str) -> String {
    match (before, after) {
        (before, "") => before.to_owned(),
        ("", after) => after.to_owned(),
        (before, after) => format!("{before} {after}"),
    }
}
