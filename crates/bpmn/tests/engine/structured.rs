//! Random block-structured processes: whatever is answered and wherever it is returned to, they end, no join starves,
//! and every join fires exactly once per activation.

use std::fmt::Write as _;

use proptest::prelude::*;
use wuchuang_bpmn::{Event, Outcome, PositionState, Variables, return_targets};

use crate::sketch::process;
use crate::story::Story;

/// A block with one way in and one way out.
#[derive(Clone, Debug)]
pub(crate) enum Block {
    User,
    Service { caught: bool },
    Message,
    Reviewers { sequential: bool, any: bool },
    Sequence(Vec<Block>),
    Exclusive(Vec<Block>),
    Parallel(Vec<Block>),
    Inclusive(Vec<Block>),
    Loop(Box<Block>),
    SubProcess { inner: Box<Block>, timed: bool },
    ForEach(Box<Block>),
    FirstEvent(Vec<Block>),
}

pub(crate) fn block() -> impl Strategy<Value = Block> {
    let leaf = prop_oneof![
        4 => Just(Block::User),
        1 => any::<bool>().prop_map(|caught| Block::Service { caught }),
        1 => Just(Block::Message),
        1 => any::<(bool, bool)>().prop_map(|(sequential, any)| Block::Reviewers { sequential, any }),
    ];
    leaf.prop_recursive(4, 24, 3, |inner| {
        let some = || prop::collection::vec(inner.clone(), 2..4);
        prop_oneof![
            2 => some().prop_map(Block::Sequence),
            1 => some().prop_map(Block::Exclusive),
            2 => some().prop_map(Block::Parallel),
            2 => some().prop_map(Block::Inclusive),
            1 => inner.clone().prop_map(|block| Block::Loop(Box::new(block))),
            1 => (inner.clone(), any::<bool>())
                .prop_map(|(block, timed)| Block::SubProcess { inner: Box::new(block), timed }),
            1 => inner.clone().prop_map(|block| Block::ForEach(Box::new(block))),
            1 => some().prop_map(Block::FirstEvent),
        ]
    })
}

/// Writes blocks as a sketch.
#[derive(Default)]
struct Writer {
    text: String,
    count: usize,
    /// Splits and joins that belong together.
    pairs: Vec<(String, String)>,
}

impl Writer {
    fn id(&mut self, kind: &str) -> String {
        self.count += 1;
        format!("{kind}{}", self.count)
    }

    fn line(&mut self, line: &str) {
        let _ = writeln!(self.text, "{line}");
    }

    /// Writes a block that goes on to `next`; gives its first element.
    fn block(&mut self, block: &Block, next: &str) -> String {
        match block {
            Block::User => {
                let id = self.id("user");
                self.line(&format!("user {id} -> {next}"));
                id
            }
            Block::Service { caught } => {
                let id = self.id(if *caught { "caught" } else { "service" });
                if *caught {
                    let (merge, error, fix) = (self.id("merge"), self.id("error"), self.id("fix"));
                    self.line(&format!("service {id} -> {merge}"));
                    self.line(&format!("boundary:error {error} on {id} -> {fix}"));
                    self.line(&format!("user {fix} -> {merge}"));
                    self.line(&format!("xor {merge} -> {next}"));
                } else {
                    self.line(&format!("service {id} -> {next}"));
                }
                id
            }
            Block::Message => {
                let id = self.id("message");
                self.line(&format!("catch:message:m {id} -> {next}"));
                id
            }
            Block::Reviewers { sequential, any } => {
                let id = self.id("reviewers");
                let sequential = if *sequential { "sequential" } else { "" };
                let completion = if *any { "any" } else { "all" };
                self.line(&format!(
                    "user {id} many=people {sequential} completion={completion} -> {next}"
                ));
                id
            }
            Block::Sequence(blocks) => blocks
                .iter()
                .rev()
                .fold(next.to_owned(), |next, block| self.block(block, &next)),
            Block::Exclusive(blocks) => self.branches("xor", blocks, next),
            Block::Parallel(blocks) => self.branches("and", blocks, next),
            Block::Inclusive(blocks) => self.branches("or", blocks, next),
            Block::Loop(inner) => {
                let (merge, choice, task) = (self.id("merge"), self.id("choice"), self.id("user"));
                let first = self.block(inner, &task);
                self.line(&format!("xor {merge} -> {first}"));
                self.line(&format!("user {task} -> {choice}"));
                self.line(&format!("xor {choice} -> {merge} ? again | {next} *"));
                merge
            }
            Block::SubProcess { inner, timed } => self.sub_process(inner, *timed, "", next),
            Block::ForEach(inner) => self.sub_process(inner, false, "many=people", next),
            Block::FirstEvent(blocks) => {
                let (gateway, merge) = (self.id("first"), self.id("merge"));
                let mut ways = Vec::new();
                for block in blocks {
                    let event = self.id("event");
                    let first = self.block(block, &merge);
                    self.line(&format!("catch:message:m {event} -> {first}"));
                    ways.push(event);
                }
                self.line(&format!("event {gateway} -> {}", ways.join(" | ")));
                self.line(&format!("xor {merge} -> {next}"));
                gateway
            }
        }
    }

    fn branches(&mut self, kind: &str, blocks: &[Block], next: &str) -> String {
        let (split, join) = (self.id("split"), self.id("join"));
        let mut ways = Vec::new();
        for (index, block) in blocks.iter().enumerate() {
            let first = self.block(block, &join);
            ways.push(match (kind, index) {
                ("and", _) => first,
                (_, 0) => format!("{first} *"),
                (_, index) => format!("{first} ? v{index}"),
            });
        }
        self.line(&format!("{kind} {split} -> {}", ways.join(" | ")));
        self.line(&format!("{kind} {join} -> {next}"));
        self.pairs.push((split.clone(), join));
        split
    }

    fn sub_process(&mut self, inner: &Block, timed: bool, many: &str, next: &str) -> String {
        let id = self.id("sub");
        let (start, end) = (self.id("start"), self.id("end"));
        if timed {
            let (late, merge) = (self.id("late"), self.id("merge"));
            self.line(&format!("boundary:timer:P1D {late} on {id} -> {merge}"));
            self.line(&format!("xor {merge} -> {next}"));
            self.line(&format!("sub {id} {many} {{ -> {merge}"));
        } else {
            self.line(&format!("sub {id} {many} {{ -> {next}"));
        }
        let first = self.block(inner, &end);
        self.line(&format!("start {start} -> {first}"));
        self.line(&format!("end {end}"));
        self.line("}");
        id
    }
}

/// A list of numbers from which all choices are drawn.
pub(crate) struct Tape<'t> {
    pub(crate) numbers: &'t [u16],
    pub(crate) at: usize,
}

impl Tape<'_> {
    pub(crate) fn pick(&mut self, count: usize) -> usize {
        let number = self.numbers.get(self.at).copied().unwrap_or(0);
        self.at += 1;
        if count == 0 {
            0
        } else {
            usize::from(number) % count
        }
    }

    pub(crate) fn spent(&self) -> bool {
        self.at >= self.numbers.len()
    }
}

fn chosen(tape: &mut Tape<'_>, finishing: bool) -> Variables {
    let mut variables = Variables::new();
    for name in ["v1", "v2", "v3"] {
        variables.insert(name.to_owned(), (tape.pick(2) == 1).into());
    }
    variables.insert("again".to_owned(), (!finishing && tape.pick(3) == 0).into());
    variables
}

/// Lets something happen to a position.
fn happen(story: &mut Story<'_>, tape: &mut Tape<'_>, finishing: bool, returns: bool) {
    let positions = story.instance.positions(story.process);
    let active: Vec<_> = positions
        .iter()
        .filter(|position| matches!(position.state, PositionState::Work | PositionState::Event))
        .collect();
    assert!(
        !active.is_empty(),
        "somebody can always do something: {}",
        story.standing()
    );
    let position = active[tape.pick(active.len())];
    let variables = chosen(tape, finishing);
    let targets = return_targets(story.process, &story.instance, position.task);
    let timers: Vec<_> = story.outside.timers.keys().copied().collect();
    let event = match (position.state, tape.pick(6)) {
        (_, 0) if returns && !finishing && !targets.is_empty() => Event::Returned {
            task: position.task,
            to: targets[tape.pick(targets.len())].clone(),
        },
        (_, 1) if !finishing && !timers.is_empty() => Event::TimerFired {
            timer: timers[tape.pick(timers.len())],
        },
        (PositionState::Work, 2) if position.element.as_str().starts_with("caught") => {
            Event::ErrorThrown {
                task: position.task,
                code: "E".to_owned(),
                variables,
            }
        }
        (PositionState::Work, _) => Event::TaskCompleted {
            task: position.task,
            variables,
        },
        _ => Event::MessageReceived {
            name: "m".to_owned(),
            subscription: Some(position.subscriptions[tape.pick(position.subscriptions.len())]),
            variables,
        },
    };
    if let Event::TimerFired { timer } = event {
        story.outside.timers.remove(&timer);
    }
    let name = format!("{event:?}");
    let step = story
        .happen(event)
        .unwrap_or_else(|refusal| panic!("{name}: {refusal}"));
    story.took(&name, step);
    assert!(
        story.outside.incidents.is_empty(),
        "no incident: {}",
        story.told
    );
}

fn live(block: &Block, numbers: &[u16], returns: bool) -> Result<(), TestCaseError> {
    let mut writer = Writer::default();
    let first = writer.block(block, "finish");
    writer.line(&format!("start begin -> {first}\nend finish"));
    let process = process(&writer.text);
    let mut tape = Tape { numbers, at: 0 };
    let mut story = Story::begin(&process, "people=[1,2,3] v1=true v2=false v3=true");
    while story.instance.outcome().is_none() {
        let finishing = tape.spent();
        happen(&mut story, &mut tape, finishing, returns);
        prop_assert!(
            tape.at < numbers.len() + 20_000,
            "it ends: {}",
            story.standing()
        );
    }
    prop_assert_eq!(story.instance.outcome(), Some(Outcome::Completed));
    prop_assert_eq!(story.entered.get("finish"), Some(&1));
    let interrupted =
        writer.text.contains("boundary:timer") || writer.text.contains("completion=any");
    if !returns && !interrupted {
        for (split, join) in &writer.pairs {
            let count = |id: &String| story.entered.get(id).copied().unwrap_or(0);
            let (split_count, join_count) = (count(split), count(join));
            prop_assert_eq!(split_count, join_count, "{} and {}", split, join);
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn joins_fire_once_per_split(block in block(), numbers in prop::collection::vec(any::<u16>(), 0..300)) {
        live(&block, &numbers, false)?;
    }

    #[test]
    fn returns_never_lose_or_add_a_token(block in block(), numbers in prop::collection::vec(any::<u16>(), 0..500)) {
        live(&block, &numbers, true)?;
    }
}
