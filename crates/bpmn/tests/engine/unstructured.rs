//! Random drawings without any structure: joins may starve and branches may run wild, but no token is ever lost, every
//! state survives being stored, and no event makes the engine panic.

use std::fmt::Write as _;

use proptest::prelude::*;
use wuchuang_bpmn::{
    Definition, ElementId, Event, Process, SubscriptionId, TaskId, TimerId, Variables,
};

use crate::sketch::bpmn;
use crate::story::Story;
use crate::structured::Tape;

/// A drawing of some nodes with random kinds and ways.
fn drawing(numbers: &[u16]) -> String {
    let mut tape = Tape { numbers, at: 0 };
    let count = 3 + tape.pick(10);
    let mut text = "start s -> n0\nend e\n".to_owned();
    for node in 0..count {
        let ways = 1 + tape.pick(3);
        let mut targets: Vec<String> = (0..ways)
            .map(|_| match tape.pick(count + 1) {
                target if target == count => "e".to_owned(),
                target => format!("n{target}"),
            })
            .collect();
        targets.sort();
        targets.dedup();
        let kind = [
            "user",
            "user",
            "service",
            "xor",
            "and",
            "or",
            "catch:timer:P1D",
            "receive",
            "user many=people",
        ][tape.pick(9)];
        let deciding = matches!(kind, "xor" | "or");
        let ways: Vec<String> = targets
            .iter()
            .enumerate()
            .map(|(index, target)| match index {
                0 if deciding && targets.len() > 1 => format!("{target} *"),
                _ if deciding && targets.len() > 1 => format!("{target} ? v{index}"),
                _ => target.clone(),
            })
            .collect();
        let (kind, options) = kind.split_once(' ').unwrap_or((kind, ""));
        let _ = writeln!(text, "{kind} n{node} {options} -> {}", ways.join(" | "));
        if tape.pick(4) == 0 && matches!(kind, "user" | "service") {
            let trigger = [
                "boundary:timer:P1D",
                "boundary~:timer:P1D",
                "boundary:error",
                "boundary~:signal:x",
            ][tape.pick(4)];
            let _ = writeln!(text, "{trigger} b{node} on n{node} -> {}", targets[0]);
        }
    }
    text
}

fn event(story: &Story<'_>, tape: &mut Tape<'_>) -> Event {
    let positions = story.instance.positions(story.process);
    // Mostly something that is there, now and then something that is not.
    let mut task = || match positions.get(tape.pick(positions.len() + 1)) {
        Some(position) => position.task,
        None => TaskId(u32::try_from(tape.pick(500)).unwrap()),
    };
    let task = task();
    let mut variables = Variables::new();
    for name in ["v1", "v2"] {
        variables.insert(name.to_owned(), (tape.pick(2) == 1).into());
    }
    let timers: Vec<TimerId> = story.outside.timers.keys().copied().collect();
    let elements: Vec<ElementId> = story.process.elements().map(|element| element.id).collect();
    match tape.pick(14) {
        0..=5 => Event::TaskCompleted { task, variables },
        6 => Event::TimerFired {
            timer: timers
                .get(tape.pick(timers.len() + 1))
                .copied()
                .unwrap_or(TimerId(7)),
        },
        7 => Event::MessageReceived {
            name: elements[tape.pick(elements.len())].to_string(),
            subscription: (tape.pick(9) == 0).then_some(SubscriptionId(3)),
            variables,
        },
        8 => Event::SignalReceived {
            name: "x".to_owned(),
            variables,
        },
        9 => Event::ErrorThrown {
            task,
            code: "E".to_owned(),
            variables,
        },
        10 => Event::Returned {
            task,
            to: elements[tape.pick(elements.len())].clone(),
        },
        11 => Event::Retried { incident: task },
        12 => Event::VariablesChanged { variables },
        _ => Event::CalledEnded { task, variables },
    }
}

fn live(process: &Process, numbers: &[u16]) {
    let mut tape = Tape { numbers, at: 0 };
    let mut story = Story::begin(process, "people=[1,2] v1=true");
    while !tape.spent() {
        let event = event(&story, &mut tape);
        let before = story.instance.clone();
        let name = format!("{event:?}");
        if let Event::TimerFired { timer } = event {
            story.outside.timers.remove(&timer);
        }
        match story.happen(event) {
            // All invariants are checked inside.
            Ok(step) => story.took(&name, step),
            Err(_) => assert_eq!(before, story.instance, "a refusal changes nothing"),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, max_global_rejects: 20_000, ..ProptestConfig::default() })]

    #[test]
    fn no_token_is_lost(drawn in prop::collection::vec(any::<u16>(), 80), numbers in prop::collection::vec(any::<u16>(), 0..200)) {
        let definition = Definition::parse(&bpmn(&drawing(&drawn)));
        prop_assume!(definition.is_ok());
        live(definition.unwrap().main(), &numbers);
    }
}
