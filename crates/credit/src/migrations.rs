//! The table of bad-credit records.

use wuchuang_ledger::Migration;

/// Oldest first; a released one is never edited.
pub const MIGRATIONS: &[Migration] = &[Migration {
    name: "credit_0001_record",
    reason: "Bad-credit records are listed by when they were entered and by how they stand, and everybody sees their own; whose they are is kept as a keyed hash of the number.",
    statements: &[
        "CREATE TABLE credit_record (
            region TEXT NOT NULL, subject TEXT NOT NULL, record BIGINT NOT NULL, person TEXT NOT NULL, name TEXT NOT NULL,
            is_organisation BOOLEAN NOT NULL, ground TEXT NOT NULL, case_id TEXT NOT NULL, case_number TEXT NOT NULL,
            item_name TEXT NOT NULL, organisation TEXT NOT NULL, organisation_name TEXT NOT NULL, standing TEXT NOT NULL,
            recorded_at_us BIGINT NOT NULL,
            PRIMARY KEY (region, subject, record))",
        "CREATE INDEX credit_record_at ON credit_record (region, recorded_at_us, subject, record)",
        "CREATE INDEX credit_record_standing ON credit_record (region, standing, recorded_at_us, subject, record)",
        "CREATE INDEX credit_record_person ON credit_record (region, person, recorded_at_us)",
    ],
}];
