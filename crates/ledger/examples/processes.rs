//! How many process instances a second go through the ledger, each of their moves a durable command on its own: the engine's
//! state is saved in the event that moved it and taken up from the stream for the next. The file is the one of the other
//! figures (`crates/bpmn/examples/throughput.rs`): five tasks, an exclusive gateway, a parallel pair.
//!
//! `cargo run --release -p wuchuang-ledger --example processes [seconds]` on SQLite in a temporary folder; with
//! `WUCHUANG_BENCH_POSTGRES=postgres://…` on an empty database of that server.

use std::{
    sync::{
        Arc, OnceLock,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use wuchuang_bpmn::{
    Definition, Effect, Event, Instance, Process, TaskId, Variables, advance, start,
};
use wuchuang_calendar::Calendar;
use wuchuang_kernel::{
    Actor, CaseId, Channel, CommandId, Rejection, SystemClock, SystemRandomness,
};
use wuchuang_ledger::{
    Context, Database, Expected, Keyring, Ledger, LedgerBuilder, Order, Signer, Stream, migrate,
    migrations::LEDGER,
};

const FILE: &str = include_str!("../../bpmn/tests/samples/five_tasks.bpmn");
/// How many instances are under way at once: people work side by side, and one flush serves them all.
const AT_ONCE: u64 = 256;

/// The compiled process: nothing is fetched inside a decision, so it is there before the first.
static PROCESS: OnceLock<Process> = OnceLock::new();

fn process() -> &'static Process {
    PROCESS.get_or_init(|| {
        let definition = Definition::parse(FILE).expect("the sample is sound");
        definition.main().clone()
    })
}

/// An instance with the tasks that are open.
#[derive(Debug, Clone, Default)]
struct Running(Option<(Instance, Vec<TaskId>)>);

#[derive(Serialize)]
#[serde(rename_all = "snake_case", tag = "command")]
enum Command {
    Start { risk: &'static str },
    Complete,
}

/// Where the process stands after a move.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Moved {
    Moved {
        instance: Instance,
        open: Vec<TaskId>,
    },
}

struct ProcessStream;

impl Stream for ProcessStream {
    const KIND: &'static str = "process";
    type State = Running;
    type Command = Command;
    type Event = Moved;

    fn decide(
        state: &Running,
        command: &Command,
        _context: &Context<'_>,
    ) -> Result<Vec<Moved>, Rejection> {
        let refuses = |error: wuchuang_bpmn::Refusal| {
            Rejection::new("process_refuses", format!("流程不能这样走：{error}。"))
        };
        let (step, mut open) = match (command, &state.0) {
            (Command::Start { risk }, _) => {
                let variables = Variables::from_iter([("risk".to_owned(), Value::from(*risk))]);
                let step = start(process(), variables, "case").map_err(refuses)?;
                (step, Vec::new())
            }
            (Command::Complete, Some((instance, open))) => {
                let mut open = open.clone();
                let Some(task) = open.pop() else {
                    return Ok(Vec::new());
                };
                let variables =
                    Variables::from_iter([("opinion".to_owned(), Value::from("agreed"))]);
                let done = Event::TaskCompleted { task, variables };
                (advance(process(), instance, done).map_err(refuses)?, open)
            }
            (Command::Complete, None) => return Ok(Vec::new()),
        };
        open.extend(step.effects.iter().filter_map(|effect| match effect {
            Effect::TaskCreated(created) => Some(created.task),
            _ => None,
        }));
        Ok(vec![Moved::Moved {
            instance: step.instance,
            open,
        }])
    }

    fn apply(state: &mut Running, event: &Moved, _at: jiff::Timestamp) {
        let Moved::Moved { instance, open } = event;
        state.0 = Some((instance.clone(), open.clone()));
    }
}

/// The next command of a benchmark, or of an instance: numbers are enough where nobody guesses them.
static NEXT: AtomicU64 = AtomicU64::new(1);

fn number() -> u128 {
    u128::from(NEXT.fetch_add(1, Ordering::Relaxed))
}

async fn send(ledger: &Ledger, case: CaseId, command: Command) {
    let order = Order {
        region: "610924".parse().expect("a region"),
        actor: Actor::SYSTEM,
        channel: Channel::System,
        command_id: CommandId::from_u128(number()),
        expected: Expected::Any,
    };
    ledger
        .execute::<ProcessStream>(case.into(), command, order)
        .await
        .expect("the ledger takes it");
}

/// One instance from start to end; how many commands it took.
async fn one(ledger: &Ledger) -> u64 {
    let serial = number();
    let case = CaseId::from_u128(serial);
    let risk = if serial.is_multiple_of(2) {
        "high"
    } else {
        "low"
    };
    send(ledger, case, Command::Start { risk }).await;
    let mut commands = 1;
    loop {
        let region = "610924".parse().expect("a region");
        let loaded = ledger.load::<ProcessStream>(region, case.into()).await;
        let (_, state) = loaded.expect("it reads").expect("it was started");
        match &state.0 {
            Some((instance, _)) if instance.outcome().is_some() => return commands,
            _ => send(ledger, case, Command::Complete).await,
        }
        commands += 1;
    }
}

async fn opened(folder: &std::path::Path) -> (&'static str, Ledger) {
    let (engine, database) = match std::env::var("WUCHUANG_BENCH_POSTGRES") {
        Ok(url) => ("postgresql", Database::open(&url).await),
        Err(_) => (
            "sqlite",
            Database::open_file(&folder.join("ledger.db")).await,
        ),
    };
    let database = database.expect("the database opens");
    migrate(&database, LEDGER)
        .await
        .expect("the tables are made");
    let randomness = Arc::new(SystemRandomness);
    let ledger = LedgerBuilder::new().stream::<ProcessStream>().open(
        database,
        Keyring::new([5; 32], randomness.clone()),
        Signer::from_bytes(&[9; 32]).expect("a key"),
        Arc::new(SystemClock),
        randomness,
        Calendar::embedded(),
    );
    (engine, ledger)
}

#[expect(clippy::disallowed_methods, reason = "a benchmark measures real time")]
fn now() -> Instant {
    Instant::now()
}

#[tokio::main(flavor = "multi_thread", worker_threads = 4)]
#[expect(clippy::cast_precision_loss, reason = "figures for people")]
async fn main() {
    let seconds = std::env::args().nth(1).and_then(|text| text.parse().ok());
    let span = Duration::from_secs(seconds.unwrap_or(5));
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (engine, ledger) = opened(folder.path()).await;
    let begun = now();
    let workers = (0..AT_ONCE).map(|_| {
        let ledger = ledger.clone();
        tokio::spawn(async move {
            let (mut instances, mut commands) = (0_u64, 0_u64);
            while begun.elapsed() < span {
                commands += one(&ledger).await;
                instances += 1;
            }
            (instances, commands)
        })
    });
    let workers: Vec<_> = workers.collect();
    let (mut instances, mut commands) = (0, 0);
    for worker in workers {
        let (done, sent) = worker.await.expect("a worker ends");
        instances += done;
        commands += sent;
    }
    let taken = begun.elapsed().as_secs_f64();
    println!(
        "{}",
        json!({
            "engine": "wuchuang-bpmn",
            "keeping": format!("ledger_{engine}"),
            "instances_a_second": instances as f64 / taken,
            "commands_a_second": commands as f64 / taken,
            "at_once": AT_ONCE,
        })
    );
}
