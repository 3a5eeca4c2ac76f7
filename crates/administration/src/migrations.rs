//! The tables of the administrators' window.

use wuchuang_ledger::Migration;

/// Oldest first; a released one is never edited.
pub const MIGRATIONS: &[Migration] = &[
    Migration {
        name: "administration_0001_calendar_notice",
        reason: "The imported yearly notices as a list, so that the calendar page shows when each came.",
        statements: &[
            "CREATE TABLE calendar_notice (
                region TEXT NOT NULL, year BIGINT NOT NULL, lines TEXT NOT NULL,
                days_off BIGINT NOT NULL, days_work BIGINT NOT NULL, imported_at_us BIGINT NOT NULL,
                PRIMARY KEY (region, year))",
        ],
    },
    Migration {
        name: "administration_0002_ledger_check",
        reason: "A whole chain takes longer to check than a page may take, so a job checks it and leaves its report here. Operational: no event says that somebody looked.",
        statements: &[
            "CREATE TABLE ledger_check (
                region TEXT NOT NULL, id TEXT NOT NULL, asked_at_us BIGINT NOT NULL, done_at_us BIGINT,
                records BIGINT NOT NULL, checkpoints BIGINT NOT NULL, findings TEXT NOT NULL,
                PRIMARY KEY (region, id))",
            "CREATE INDEX ledger_check_asked ON ledger_check (region, asked_at_us)",
        ],
    },
];
