//! Tells the person in front of the terminal which step runs, how many there are, and how long each took.
#![expect(
    clippy::disallowed_methods,
    reason = "a developer tool measures real elapsed time; nothing here decides anything about a case"
)]

use std::fmt::Write as _;
use std::io::Write as _;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

/// A numbered list of steps, and what became of each.
pub(crate) struct Progress {
    total: usize,
    finished: Vec<Finished>,
}

struct Finished {
    name: &'static str,
    took: Duration,
    outcome: Outcome,
}

enum Outcome {
    Done,
    Skipped(String),
    Failed,
}

/// What a step that may not apply reports.
pub(crate) enum Step {
    Done,
    /// Not needed here, with the reason in words.
    Skipped(String),
}

impl Progress {
    pub(crate) fn new(total: usize) -> Self {
        Self {
            total,
            finished: Vec::with_capacity(total),
        }
    }

    /// Runs a step whose own output is long: a line before it and a line after it.
    pub(crate) fn step(
        &mut self,
        name: &'static str,
        work: impl FnOnce() -> Result<Step>,
    ) -> Result<()> {
        println!("[{}/{}] {name} …", self.finished.len() + 1, self.total);
        self.measure(name, work)
    }

    /// Runs a step that prints nothing itself: one line in all.
    pub(crate) fn quiet_step(
        &mut self,
        name: &'static str,
        work: impl FnOnce() -> Result<Step>,
    ) -> Result<()> {
        print!("[{}/{}] {name} … ", self.finished.len() + 1, self.total);
        // The terminal may be closed; the work is worth doing all the same.
        let _ = std::io::stdout().flush();
        self.measure(name, work)
    }

    fn measure(&mut self, name: &'static str, work: impl FnOnce() -> Result<Step>) -> Result<()> {
        let start = Instant::now();
        let result = work();
        let took = start.elapsed();
        let outcome = match &result {
            Ok(Step::Done) => Outcome::Done,
            Ok(Step::Skipped(reason)) => Outcome::Skipped(reason.clone()),
            Err(_) => Outcome::Failed,
        };
        match &outcome {
            Outcome::Done => println!("{}", seconds(took)),
            Outcome::Skipped(reason) => println!("not needed: {reason}"),
            Outcome::Failed => println!("FAILED after {}", seconds(took)),
        }
        self.finished.push(Finished {
            name,
            took,
            outcome,
        });
        result.map(drop).with_context(|| format!("step “{name}”"))
    }

    /// One line a step, for the end of a long run.
    pub(crate) fn summary(&self) -> String {
        let mut text = String::from("\n");
        for step in &self.finished {
            let (mark, note) = match &step.outcome {
                Outcome::Done => ("ok    ", String::new()),
                Outcome::Skipped(reason) => ("skip  ", format!("  ({reason})")),
                Outcome::Failed => ("FAILED", String::new()),
            };
            // Writing to a String cannot fail.
            let _ = writeln!(
                text,
                "{mark} {:>9}  {}{note}",
                seconds(step.took),
                step.name
            );
        }
        let not_run = self.total.saturating_sub(self.finished.len());
        if not_run > 0 {
            let _ = writeln!(text, "{not_run} later step(s) did not run");
        }
        text
    }
}

/// Waits for a condition that another process brings about, asking ten times a second.
pub(crate) fn wait_until(limit: Duration, mut ready: impl FnMut() -> bool) -> bool {
    let start = Instant::now();
    loop {
        if ready() {
            return true;
        }
        if start.elapsed() > limit {
            return false;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
}

fn seconds(took: Duration) -> String {
    let whole = took.as_secs();
    if whole >= 90 {
        format!("{} min {:02} s", whole / 60, whole % 60)
    } else {
        format!("{:.1} s", took.as_secs_f64())
    }
}
