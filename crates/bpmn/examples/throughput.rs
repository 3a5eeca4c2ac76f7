//! How many instances and steps a second one thread manages, for the file tests/samples/five_tasks.bpmn: in memory, with
//! the state saved at every wait, and saved and read back before every step (what a server without memory does).
//!
//! `cargo run --release -p wuchuang-bpmn --example throughput [seconds]`; `cargo xtask bench-processes` sets other engines beside it.

use std::hint::black_box;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use wuchuang_bpmn::{
    Definition, Effect, Event, Instance, Process, Refusal, TaskId, Variables, advance, check_file,
    start,
};

const FILE: &str = include_str!("../tests/samples/five_tasks.bpmn");

/// What happens to the state between two steps.
#[derive(Clone, Copy, PartialEq)]
enum Keeping {
    Memory,
    Saved,
    SavedAndRead,
}

/// What was done.
#[derive(Default)]
struct Count {
    instances: u64,
    /// Elements entered.
    steps: u64,
    /// Events taken, the start included.
    events: u64,
    largest_bytes: usize,
}

#[expect(clippy::disallowed_methods, reason = "a benchmark measures real time")]
fn now() -> Instant {
    Instant::now()
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let seconds = std::env::args()
        .nth(1)
        .and_then(|text| text.parse().ok())
        .unwrap_or(3);
    let span = Duration::from_secs(seconds);
    reading(span);
    let definition = Definition::parse(FILE)?;
    for (name, keeping) in [
        ("memory", Keeping::Memory),
        ("saved", Keeping::Saved),
        ("saved_and_read", Keeping::SavedAndRead),
    ] {
        let begun = now();
        let mut count = Count::default();
        while begun.elapsed() < span {
            for _ in 0..100 {
                one(definition.main(), keeping, &mut count)?;
            }
        }
        report(name, &count, begun.elapsed());
    }
    Ok(())
}

fn reading(span: Duration) {
    let begun = now();
    let mut count = 0_u32;
    while begun.elapsed() < span / 3 {
        black_box(check_file(black_box(FILE.as_bytes())));
        count += 1;
    }
    let each = begun.elapsed() / count.max(1);
    println!(
        "{}",
        json!({"read_check_compile_us": each.as_micros(), "file_bytes": FILE.len()})
    );
}

/// One instance from start to end: five tasks, or four when the risk is low.
fn one(process: &Process, keeping: Keeping, count: &mut Count) -> Result<(), Refusal> {
    let mut variables = Variables::new();
    let risk = if count.instances.is_multiple_of(2) {
        "high"
    } else {
        "low"
    };
    variables.insert("risk".to_owned(), Value::from(risk));
    let mut step = start(process, variables, "case")?;
    let mut waiting: Vec<TaskId> = Vec::new();
    loop {
        count.events += 1;
        count.steps += entered(&step.trace);
        waiting.extend(step.effects.iter().filter_map(|effect| match effect {
            Effect::TaskCreated(created) => Some(created.task),
            _ => None,
        }));
        let instance = kept(step.instance, keeping, count);
        let Some(task) = waiting.pop() else {
            assert!(instance.outcome().is_some(), "the instance ends");
            break;
        };
        let mut variables = Variables::new();
        variables.insert("opinion".to_owned(), Value::from("agreed"));
        step = advance(process, &instance, Event::TaskCompleted { task, variables })?;
    }
    count.instances += 1;
    Ok(())
}

fn entered(trace: &[wuchuang_bpmn::Trace]) -> u64 {
    let entered = trace
        .iter()
        .filter(|line| matches!(line, wuchuang_bpmn::Trace::Entered(_)));
    entered.count() as u64
}

fn kept(instance: Instance, keeping: Keeping, count: &mut Count) -> Instance {
    if keeping == Keeping::Memory {
        return instance;
    }
    let saved = serde_json::to_vec(&instance).expect("a state is plain data");
    count.largest_bytes = count.largest_bytes.max(saved.len());
    if keeping == Keeping::Saved {
        black_box(saved);
        return instance;
    }
    serde_json::from_slice(&saved).expect("what was saved can be read")
}

#[expect(clippy::cast_precision_loss, reason = "figures for people")]
fn report(name: &str, count: &Count, taken: Duration) {
    let rate = |number: u64| number as f64 / taken.as_secs_f64();
    let line = json!({
        "engine": "wuchuang-bpmn",
        "keeping": name,
        "instances_a_second": rate(count.instances),
        "elements_a_second": rate(count.steps),
        "events_a_second": rate(count.events),
        "state_bytes": count.largest_bytes,
    });
    println!("{line}");
}
