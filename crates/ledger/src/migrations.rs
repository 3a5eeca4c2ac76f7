//! Schema changes: append-only, one idea each, the reason beside it; and the ledger's own tables.
//!
//! A released migration is never edited. Statements are plain SQL that both engines read alike.

use serde::Deserialize;

use crate::storage::{Connection, Database, StorageError, execute, list};

/// One change of the schema.
#[derive(Debug, Clone, Copy)]
pub struct Migration {
    /// Unique over all slices and in order within its slice: `cases_0001_case`.
    pub name: &'static str,
    /// Why the change was made.
    pub reason: &'static str,
    /// The statements, in order.
    pub statements: &'static [&'static str],
}

/// What can go wrong while the schema is brought up to date.
#[derive(Debug, thiserror::Error)]
pub enum MigrationError {
    /// Two migrations share a name.
    #[error("two migrations are named {0}")]
    Duplicate(&'static str),
    /// One migration failed; nothing of it remains.
    #[error("migration {name} failed")]
    Failed {
        /// Which one.
        name: &'static str,
        /// Why.
        #[source]
        source: StorageError,
    },
    /// The bookkeeping itself failed.
    #[error("the list of applied migrations cannot be read")]
    Bookkeeping(#[from] StorageError),
}

#[derive(Deserialize)]
struct Applied {
    name: String,
}

/// Applies what is missing, each migration in a transaction of its own, and tells what was applied.
///
/// # Errors
/// When a migration fails; the ones before it stay.
pub async fn migrate(
    database: &Database,
    migrations: &[Migration],
) -> Result<Vec<&'static str>, MigrationError> {
    execute(
        database.write(),
        "CREATE TABLE IF NOT EXISTS migration (name TEXT NOT NULL PRIMARY KEY)",
        [],
    )
    .await?;
    let applied: Vec<Applied> = list(
        database.write(),
        "SELECT name FROM migration ORDER BY name",
        [],
    )
    .await?;
    let applied: std::collections::HashSet<String> =
        applied.into_iter().map(|row| row.name).collect();
    let mut seen = std::collections::HashSet::new();
    let mut done = Vec::new();
    for migration in migrations {
        if !seen.insert(migration.name) {
            return Err(MigrationError::Duplicate(migration.name));
        }
        if applied.contains(migration.name) {
            continue;
        }
        apply(database, migration)
            .await
            .map_err(|source| MigrationError::Failed {
                name: migration.name,
                source,
            })?;
        done.push(migration.name);
    }
    Ok(done)
}

async fn apply(database: &Database, migration: &Migration) -> Result<(), StorageError> {
    let transaction = database.begin().await?;
    for statement in migration.statements {
        transaction.run_text(statement).await?;
    }
    execute(
        &transaction,
        "INSERT INTO migration (name) VALUES ($1)",
        [migration.name.into()],
    )
    .await?;
    transaction.commit().await
}

/// The ledger's own tables.
pub const LEDGER: &[Migration] = &[
    Migration {
        name: "ledger_0001_event",
        reason: "The append-only record. The chain's head is a row of its own, so that one UPDATE both locks and reads it.",
        statements: &[
            "CREATE TABLE event (
                region TEXT NOT NULL, seq BIGINT NOT NULL,
                stream_kind TEXT NOT NULL, stream_id TEXT NOT NULL, version BIGINT NOT NULL,
                event_type TEXT NOT NULL, event_version BIGINT NOT NULL, payload TEXT NOT NULL,
                actor TEXT NOT NULL, channel TEXT NOT NULL, command_id TEXT NOT NULL,
                recorded_at_us BIGINT NOT NULL, prev_hash TEXT NOT NULL, hash TEXT NOT NULL,
                PRIMARY KEY (region, seq),
                UNIQUE (region, stream_kind, stream_id, version))",
            "CREATE TABLE chain (region TEXT NOT NULL PRIMARY KEY, seq BIGINT NOT NULL, hash TEXT NOT NULL)",
        ],
    },
    Migration {
        name: "ledger_0002_command",
        reason: "Idempotency: the first answer to a key is kept, the refusals too, because oversight reads them.",
        statements: &[
            "CREATE TABLE command (
                region TEXT NOT NULL, command_id TEXT NOT NULL, fingerprint TEXT NOT NULL,
                stream_kind TEXT NOT NULL, stream_id TEXT NOT NULL,
                actor TEXT NOT NULL, channel TEXT NOT NULL,
                outcome TEXT NOT NULL, answer TEXT NOT NULL, recorded_at_us BIGINT NOT NULL,
                PRIMARY KEY (region, command_id))",
            "CREATE INDEX command_refused ON command (region, outcome, recorded_at_us)",
        ],
    },
    Migration {
        name: "ledger_0003_sequence",
        reason: "Readable numbers (办件编号, 文号) are drawn inside the transaction, one counter per region and name.",
        statements: &[
            "CREATE TABLE sequence (region TEXT NOT NULL, name TEXT NOT NULL, value BIGINT NOT NULL, PRIMARY KEY (region, name))",
        ],
    },
    Migration {
        name: "ledger_0004_person_key",
        reason: "One key per person seals their values; erasing it forgets them while every hash holds. A legal hold prevents it.",
        statements: &[
            "CREATE TABLE person_key (
                region TEXT NOT NULL, person TEXT NOT NULL, wrapped TEXT NOT NULL,
                created_at_us BIGINT NOT NULL, erased_at_us BIGINT, hold_reason TEXT,
                PRIMARY KEY (region, person))",
        ],
    },
    Migration {
        name: "ledger_0005_checkpoint",
        reason: "A signed Merkle root per interval, so that a receipt can prove that its event is on the ledger.",
        statements: &[
            "CREATE TABLE checkpoint (
                region TEXT NOT NULL, number BIGINT NOT NULL, first_seq BIGINT NOT NULL, last_seq BIGINT NOT NULL,
                root TEXT NOT NULL, head_hash TEXT NOT NULL, signed_at_us BIGINT NOT NULL, signature TEXT NOT NULL,
                PRIMARY KEY (region, number))",
        ],
    },
    Migration {
        name: "ledger_0006_job",
        reason: "Work after a commit: written in the same transaction as its event, deleted when done, kept when it gave up.",
        statements: &[
            "CREATE TABLE job (
                region TEXT NOT NULL, id TEXT NOT NULL, name TEXT NOT NULL, input TEXT NOT NULL,
                run_at_us BIGINT NOT NULL, attempts BIGINT NOT NULL, gave_up BOOLEAN NOT NULL,
                lease_until_us BIGINT NOT NULL, last_error TEXT NOT NULL, created_at_us BIGINT NOT NULL,
                PRIMARY KEY (region, id))",
            "CREATE INDEX job_due ON job (gave_up, run_at_us)",
        ],
    },
    Migration {
        name: "ledger_0007_job_lane",
        reason: "Papers take processor time, messages and licences wait for commits: they wait in lanes of their own, so that a person's licence never stands behind a thousand papers.",
        statements: &[
            "ALTER TABLE job ADD COLUMN lane BIGINT NOT NULL DEFAULT 0",
            "DROP INDEX job_due",
            "CREATE INDEX job_due ON job (gave_up, lane, run_at_us)",
        ],
    },
    Migration {
        name: "ledger_0008_refused_only",
        reason: "Only refusals are looked for by time, and they are few: accepted commands, which are nearly all, leave that index alone.",
        statements: &[
            "DROP INDEX command_refused",
            "CREATE INDEX command_refused ON command (region, recorded_at_us, command_id) WHERE outcome = 'rejected'",
        ],
    },
];
