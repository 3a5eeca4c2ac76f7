//! In which order the steps of a process come: every element one rank behind the last that leads to it, ways back left out.

use std::collections::HashMap;

use crate::ids::ElementId;
use crate::model::Process;

use super::parts::{Kind, LineKind, Part, Parts, Times};
use super::{NextStep, PictureStep};

/// What may come next is told for so many ways.
const NEXT_MAX: usize = 12;
/// Steps of a list.
const STEPS_MAX: usize = 500;

/// Whose members are put into order: a process of the file, or a sub-process by its place among the parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scope {
    Process(usize),
    SubProcess(usize),
}

impl Scope {
    fn holds(self, part: &Part) -> bool {
        match self {
            Self::Process(home) => part.parent.is_none() && part.home == home,
            Self::SubProcess(at) => part.parent == Some(at),
        }
    }
}

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
    pub(super) fn ranks(&self, scope: Scope) -> Vec<(usize, usize)> {
        let is_member = |part: &Part| scope.holds(part) && part.kind.flows() && part.host.is_none();
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

/// The steps of people, and what holds them: sub-processes, and the calls in whose place a process of the same file stands.
pub(super) fn steps(parts: &Parts, process: &Process) -> Vec<PictureStep> {
    let mut listing = Listing {
        parts,
        ways: Ways::of(parts),
        process,
        limits: process
            .tasks()
            .map(|task| (task.id, task.limit_days))
            .collect(),
        steps: Vec::new(),
    };
    let home = process.elements().next();
    let home = home.and_then(|first| parts.at(first.id.as_str()));
    if let Some(first) = home {
        listing.collect(Scope::Process(parts.nodes[first].home), "", 0);
    }
    listing.steps
}

struct Listing<'p> {
    parts: &'p Parts,
    ways: Ways<'p>,
    process: &'p Process,
    limits: HashMap<ElementId, Option<u32>>,
    steps: Vec<PictureStep>,
}

impl Listing<'_> {
    /// The members of a scope. `prefix` stands before their ids where it is a second copy of what is called.
    fn collect(&mut self, scope: Scope, prefix: &str, depth: usize) {
        for (at, _) in self.ways.ranks(scope) {
            let part = &self.parts.nodes[at];
            let inside = self.inside(at, prefix);
            if !(inside.is_some() || part.kind == Kind::Human) || self.steps.len() >= STEPS_MAX {
                continue;
            }
            let element = named(prefix, part);
            self.steps.push(PictureStep {
                name: name_of(part),
                depth,
                holds_steps: inside.is_some(),
                limit_days: self.limits.get(&element).copied().flatten(),
                is_several: part.times != Times::Once,
                next: self.next(at, prefix),
                element,
            });
            if let Some((scope, prefix)) = inside {
                self.collect(scope, &prefix, depth + 1);
            }
        }
    }

    /// What an element holds, and what stands before the ids of its members.
    fn inside(&self, at: usize, prefix: &str) -> Option<(Scope, String)> {
        let part = &self.parts.nodes[at];
        match part.kind {
            Kind::SubProcess => Some((Scope::SubProcess(at), prefix.to_owned())),
            Kind::Call => {
                let call = named(prefix, part);
                let first = self.process.inside(&call).next()?;
                let prefix = format!("{call}.");
                let copy = first.as_str().strip_prefix(prefix.as_str());
                let copy = copy.and_then(|id| self.parts.at(id));
                let is_copy = copy.is_some();
                let first = copy.or_else(|| self.parts.at(first.as_str()))?;
                let home = Scope::Process(self.parts.nodes[first].home);
                Some((home, if is_copy { prefix } else { String::new() }))
            }
            _ => None,
        }
    }

    /// What may follow a step, through gateways and events, with the words on the way. The question of a gateway stands before
    /// the answer on its way out.
    fn next(&self, from: usize, prefix: &str) -> Vec<NextStep> {
        let parts = self.parts;
        let mut found: Vec<NextStep> = Vec::new();
        let mut seen = vec![from];
        let mut open: Vec<(usize, String)> = vec![(from, String::new())];
        let events = self.ways.events.get(&from).into_iter().flatten();
        open.extend(events.map(|event| (*event, parts.nodes[*event].name.clone())));
        open.reverse();
        while let Some((at, words)) = open.pop() {
            for (line, target) in self.ways.out(at).iter().rev() {
                let words = joined(&words, &parts.lines[*line].name);
                let part = &parts.nodes[*target];
                let is_end = matches!(part.kind, Kind::End(_));
                if !is_end && part.kind != Kind::Human && self.inside(*target, prefix).is_none() {
                    if !seen.contains(target) {
                        seen.push(*target);
                        open.push((*target, joined(&words, self.question(*target))));
                    }
                    continue;
                }
                let name = (!is_end).then(|| name_of(part));
                let step = NextStep { when: words, name };
                if found.len() < NEXT_MAX && !found.contains(&step) {
                    found.push(step);
                }
            }
        }
        found
    }

    /// The words of a gateway with several ways out, and of an event.
    fn question(&self, at: usize) -> &str {
        let part = &self.parts.nodes[at];
        let asks = part.kind.is_gateway() && self.ways.out(at).len() > 1 || part.kind.is_event();
        if asks { &part.name } else { "" }
    }
}

fn named(prefix: &str, part: &Part) -> ElementId {
    format!("{prefix}{}", part.id).as_str().into()
}

fn name_of(part: &Part) -> String {
    if part.name.is_empty() {
        part.id.clone()
    } else {
        part.name.clone()
    }
}

fn joined(before: &str, after: &str) -> String {
    match (before, after) {
        (before, "") => before.to_owned(),
        ("", after) => after.to_owned(),
        (before, after) => format!("{before} {after}"),
    }
}
