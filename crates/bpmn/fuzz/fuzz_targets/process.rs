//! A file of any bytes is read within bounds and never panics; what reads is run with whatever events the first bytes choose,
//! saved and read back between them, drawn, and moved to itself.
//!
//! `cargo fuzz run process` in `crates/bpmn`, with `tests/samples` as the corpus to begin with.

#![no_main]

use libfuzzer_sys::fuzz_target;
use wuchuang_bpmn::{
    Definition, Drawing, ElementId, Event, Instance, Marks, PictureWords, Process, TaskId, TimerId,
    Variables, advance, migrate, return_targets, start, with_diagram,
};

/// How many of the first bytes choose events; the rest is the file.
const CHOICES: usize = 48;

fuzz_target!(|data: &[u8]| {
    let (choices, file) = data.split_at(data.len().min(CHOICES));
    let Ok(text) = std::str::from_utf8(file) else {
        return;
    };
    let Ok(definition) = Definition::parse(text) else {
        return;
    };
    let words = PictureWords {
        id: "fuzz",
        title: "",
        open: "",
        done: "",
    };
    let open = definition.whole().tasks().map(|task| task.id).collect();
    let marks = Marks {
        open,
        ..Marks::default()
    };
    let _ = Drawing::of(&definition).svg(words, &marks);
    let _ = with_diagram(&definition);
    for process in definition.processes().iter().chain([definition.whole()]) {
        live(process, choices);
    }
});

/// Runs a process by the choices, until it ends or they do.
fn live(process: &Process, choices: &[u8]) {
    let variables: Variables = serde_json::json!({"a": 1, "clean": true, "amount": 70})
        .as_object()
        .cloned()
        .unwrap_or_default();
    let Ok(step) = start(process, variables, "fuzz") else {
        return;
    };
    let mut instance = step.instance;
    for choice in choices {
        let event = event(process, &instance, *choice);
        // A refusal leaves the instance as it was.
        if let Ok(step) = advance(process, &instance, event) {
            let saved = serde_json::to_string(&step.instance).expect("an instance serialises");
            let again: Instance = serde_json::from_str(&saved).expect("what was saved reads");
            assert_eq!(again, step.instance);
            instance = again;
        }
        assert_eq!(
            migrate(process, process, &instance).as_ref(),
            Ok(&instance),
            "an instance fits its own process"
        );
    }
}

/// An event that a choice stands for: mostly something that is waited for, sometimes nonsense.
fn event(process: &Process, instance: &Instance, choice: u8) -> Event {
    let waits = instance.positions(process);
    let place = usize::from(choice >> 3);
    let Some(wait) = waits.get(place % waits.len().max(1)) else {
        return Event::Reopened {
            to: ElementId::from("nowhere"),
        };
    };
    let variables = Variables::new();
    match choice & 7 {
        0..=2 => Event::TaskCompleted {
            task: wait.task,
            variables,
        },
        3 => Event::TimerFired {
            timer: wait
                .timers
                .first()
                .copied()
                .unwrap_or(TimerId(u32::from(choice))),
        },
        4 => Event::ErrorThrown {
            task: wait.task,
            code: "e".to_owned(),
            variables,
        },
        5 => Event::Returned {
            task: wait.task,
            to: return_targets(process, instance, wait.task)
                .pop()
                .unwrap_or_else(|| ElementId::from("nowhere")),
        },
        6 => Event::Retried {
            incident: wait.task,
        },
        _ => Event::TaskCompleted {
            task: TaskId(u32::from(choice)),
            variables,
        },
    }
}
