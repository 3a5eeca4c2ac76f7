//! The table of supervision tasks.

use wuchuang_ledger::Migration;

/// Oldest first; a released one is never edited.
pub const MIGRATIONS: &[Migration] = &[Migration {
    name: "supervision_0001_task",
    reason: "Tasks are listed by when their next thing is due: for the department that supervises, for the one that decided, and for supervision over all; a case finds its task.",
    statements: &[
        "CREATE TABLE supervision_task (
            region TEXT NOT NULL, id TEXT NOT NULL, case_id TEXT NOT NULL, case_number TEXT NOT NULL, item_name TEXT NOT NULL,
            person TEXT NOT NULL, name TEXT NOT NULL, is_organisation BOOLEAN NOT NULL,
            granted_by TEXT NOT NULL, granted_by_name TEXT NOT NULL, department TEXT NOT NULL, department_name TEXT NOT NULL,
            stage TEXT NOT NULL, finding TEXT NOT NULL, is_open BOOLEAN NOT NULL, warn_on TEXT NOT NULL, due_on TEXT NOT NULL,
            opened_at_us BIGINT NOT NULL,
            PRIMARY KEY (region, id))",
        "CREATE INDEX supervision_task_due ON supervision_task (region, is_open, due_on, id)",
        "CREATE INDEX supervision_task_department ON supervision_task (region, department, is_open, due_on, id)",
        "CREATE INDEX supervision_task_granted ON supervision_task (region, granted_by, is_open, due_on, id)",
        "CREATE INDEX supervision_task_person ON supervision_task (region, person)",
    ],
}];
