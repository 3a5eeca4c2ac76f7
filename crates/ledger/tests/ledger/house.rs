//! A small ledger to test with: notebooks that belong to people.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use async_trait::async_trait;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use wuchuang_calendar::Calendar;
use wuchuang_kernel::{
    Actor, Channel, CommandId, PersonId, Personal, Region, Rejection, SeededRandomness, StreamId,
    TestClock,
};
use wuchuang_ledger::{
    Context, Database, Existing, Expected, Keyring, Ledger, LedgerBuilder, NewJob, Order,
    Projection, Reaction, Recorded, Sheet, Signer, StorageError, Stream, Table, migrate,
    migrations::{LEDGER, Migration},
    storage::{EngineError, Transaction, execute},
};

pub const REGION: &str = "610924";

/// A notebook: a numbered list of lines about one person.
pub struct Notebook;

#[derive(Debug, Clone, Default)]
pub struct NotebookState {
    pub number: u64,
    pub lines: Vec<Personal<String>>,
}

#[derive(Debug, Clone, Serialize)]
pub enum NotebookCommand {
    Open,
    Write(Personal<String>),
    WriteTwice(Personal<String>),
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NotebookEvent {
    Opened { number: u64 },
    Written { line: Personal<String> },
}

impl Stream for Notebook {
    const KIND: &'static str = "notebook";
    type State = NotebookState;
    type Command = NotebookCommand;
    type Event = NotebookEvent;

    fn decide(
        state: &NotebookState,
        command: &NotebookCommand,
        context: &Context<'_>,
    ) -> Result<Vec<NotebookEvent>, Rejection> {
        match command {
            NotebookCommand::Open if state.number > 0 => {
                Err(Rejection::new("open_already", "已经打开过了。"))
            }
            NotebookCommand::Open => Ok(vec![NotebookEvent::Opened {
                number: context.number.unwrap_or_default(),
            }]),
            NotebookCommand::Write(line) if line.text().is_empty() => {
                Err(Rejection::new("line_empty", "请写点什么。").at("line"))
            }
            NotebookCommand::Write(line) => Ok(vec![NotebookEvent::Written { line: line.clone() }]),
            NotebookCommand::WriteTwice(line) => Ok(vec![
                NotebookEvent::Written { line: line.clone() },
                NotebookEvent::Written { line: line.clone() },
            ]),
        }
    }

    fn apply(state: &mut NotebookState, event: &NotebookEvent, _recorded_at: Timestamp) {
        match event {
            NotebookEvent::Opened { number } => state.number = *number,
            NotebookEvent::Written { line } => state.lines.push(line.clone()),
        }
    }

    fn sequence(command: &NotebookCommand, _now: Timestamp) -> Option<String> {
        matches!(command, NotebookCommand::Open).then(|| "notebook".to_owned())
    }
}

/// Lines by notebook, and a switch that makes the next write fail.
#[derive(Clone, Default)]
pub struct Lines {
    pub fails: Arc<AtomicBool>,
}

const LINE_TABLE: Table = Table {
    name: "line",
    columns: &["region", "seq", "notebook", "person", "text"],
    key_columns: 2,
    existing: Existing::Impossible,
};

#[async_trait]
impl Projection for Lines {
    fn name(&self) -> &'static str {
        "lines"
    }

    fn kinds(&self) -> &'static [&'static str] {
        &[Notebook::KIND]
    }

    fn tables(&self) -> &'static [&'static str] {
        &["line"]
    }

    fn project(&self, recorded: &Recorded, sheet: &mut Sheet) -> Result<(), StorageError> {
        let Some(NotebookEvent::Written { line }) = recorded.event::<Notebook>() else {
            return Ok(());
        };
        // The failing line is put down first: it must not be written.
        sheet.put(
            &LINE_TABLE,
            [
                recorded.region.to_string().into(),
                recorded.seq.into(),
                recorded.stream_id.to_string().into(),
                line.person().to_string().into(),
                line.text().into(),
            ],
        );
        if self.fails.load(Ordering::Relaxed) && line.text() == "fail" {
            return Err(StorageError::Database(EngineError::GivenUp(
                "as told".into(),
            )));
        }
        Ok(())
    }

    async fn forget(
        &self,
        region: Region,
        person: PersonId,
        transaction: &Transaction,
    ) -> Result<(), StorageError> {
        execute(
            transaction,
            "UPDATE line SET text = '' WHERE region = $1 AND person = $2",
            [region.to_string().into(), person.to_string().into()],
        )
        .await?;
        Ok(())
    }
}

/// Every opened notebook calls for a job.
struct OpenedJob;

impl Reaction for OpenedJob {
    fn kinds(&self) -> &'static [&'static str] {
        &[Notebook::KIND]
    }

    fn react(&self, recorded: &Recorded) -> Vec<NewJob> {
        match recorded.event::<Notebook>() {
            Some(NotebookEvent::Opened { .. }) => {
                vec![NewJob::now("greet", &recorded.stream_id)]
            }
            _ => Vec::new(),
        }
    }
}

const LINES: &[Migration] = &[Migration {
    name: "test_0001_line",
    reason: "The projection of the test.",
    statements: &[
        "CREATE TABLE line (region TEXT NOT NULL, seq BIGINT NOT NULL, notebook TEXT NOT NULL, person TEXT NOT NULL, text TEXT NOT NULL, PRIMARY KEY (region, seq))",
    ],
}];

/// A ledger with everything around it.
pub struct House {
    pub engine: &'static str,
    pub database: Database,
    pub ledger: Ledger,
    pub lines: Lines,
    pub clock: Arc<TestClock>,
}

impl House {
    /// The same house on both engines.
    pub async fn both() -> Vec<Self> {
        let mut houses = Vec::new();
        for (engine, database) in wuchuang_ledger::testing::databases().await {
            migrate(&database, LEDGER)
                .await
                .expect("the schema of the ledger");
            migrate(&database, LINES)
                .await
                .expect("the schema of the test");
            houses.push(Self::on(engine, database));
        }
        houses
    }

    /// A house on a database that is ready, as after a restart.
    pub fn on(engine: &'static str, database: Database) -> Self {
        let start: Timestamp = "2026-11-20T01:00:00Z".parse().expect("an instant");
        let clock = Arc::new(TestClock::at(start));
        let randomness = Arc::new(SeededRandomness::new(database_seed(&database)));
        let lines = Lines::default();
        let ledger = LedgerBuilder::new()
            .stream::<Notebook>()
            .projection(lines.clone())
            .reaction(OpenedJob)
            .open(
                database.clone(),
                Keyring::new([7; 32], randomness.clone()),
                Signer::from_bytes(&[9; 32]).expect("a key"),
                clock.clone(),
                randomness,
                Calendar::embedded(),
            );
        Self {
            engine,
            database,
            ledger,
            lines,
            clock,
        }
    }

    pub async fn send(
        &self,
        notebook: u128,
        key: u128,
        command: NotebookCommand,
        expected: Expected,
    ) -> Result<wuchuang_ledger::Receipt, wuchuang_ledger::ExecuteError> {
        self.ledger
            .execute::<Notebook>(StreamId::from_u128(notebook), command, order(key, expected))
            .await
    }

    pub async fn state(&self, notebook: u128) -> NotebookState {
        self.ledger
            .load::<Notebook>(region(), StreamId::from_u128(notebook))
            .await
            .expect("the stream reads")
            .map(|(_, state)| state.as_ref().clone())
            .unwrap_or_default()
    }
}

/// Each opened house makes other nonces, as a restarted program does.
fn database_seed(_database: &Database) -> u64 {
    use std::sync::atomic::AtomicU64;
    static SEED: AtomicU64 = AtomicU64::new(1);
    SEED.fetch_add(1, Ordering::Relaxed)
}

pub fn region() -> Region {
    REGION.parse().expect("a region")
}

pub fn order(key: u128, expected: Expected) -> Order {
    Order {
        region: region(),
        actor: Actor::SYSTEM,
        channel: Channel::Counter,
        command_id: CommandId::from_u128(key),
        expected,
    }
}

pub fn line(person: u128, text: &str) -> NotebookCommand {
    NotebookCommand::Write(Personal::new(PersonId::from_u128(person), text.to_owned()))
}
