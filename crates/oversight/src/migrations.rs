//! The tables of oversight.

use wuchuang_ledger::Migration;

/// Oldest first; a released one is never edited.
pub const MIGRATIONS: &[Migration] = &[
    Migration {
        name: "oversight_0001_entry",
        reason: "Which items entered the hall and which are exempted: read as a whole, and for one department. An item without a row is missing.",
        statements: &[
            "CREATE TABLE oversight_entry (
                region TEXT NOT NULL, item TEXT NOT NULL, standing TEXT NOT NULL, place TEXT NOT NULL, place_name TEXT NOT NULL,
                from_on TEXT NOT NULL, ground TEXT NOT NULL, document TEXT NOT NULL, until_on TEXT NOT NULL, changes BIGINT NOT NULL,
                PRIMARY KEY (region, item))",
        ],
    },
    Migration {
        name: "oversight_0002_finding",
        reason: "Findings are listed by when their next thing is due: over all, of an organisation, of a rule, and those about a person; figures count them by organisation and rule without reading the rows.",
        statements: &[
            "CREATE TABLE oversight_finding (
                region TEXT NOT NULL, id TEXT NOT NULL, rule TEXT NOT NULL, kind BIGINT NOT NULL,
                organisation TEXT NOT NULL, organisation_name TEXT NOT NULL, person TEXT NOT NULL,
                item_name TEXT NOT NULL, case_number TEXT NOT NULL, document TEXT NOT NULL, happened_on TEXT NOT NULL,
                stage TEXT NOT NULL, verdict TEXT NOT NULL, is_open BOOLEAN NOT NULL,
                warn_on TEXT NOT NULL, due_on TEXT NOT NULL, found_at_us BIGINT NOT NULL,
                PRIMARY KEY (region, id))",
            "CREATE INDEX oversight_finding_due ON oversight_finding (region, is_open, due_on, id)",
            "CREATE INDEX oversight_finding_rule ON oversight_finding (region, rule, is_open, due_on, id)",
            "CREATE INDEX oversight_finding_organisation ON oversight_finding (region, organisation, is_open, due_on, id)",
            "CREATE INDEX oversight_finding_both ON oversight_finding (region, organisation, rule, is_open, due_on, id)",
            "CREATE INDEX oversight_finding_person ON oversight_finding (region, person, is_open, due_on, id)",
            "CREATE INDEX oversight_finding_figures ON oversight_finding (region, organisation, rule, verdict, is_open)",
        ],
    },
    Migration {
        name: "oversight_0003_round",
        reason: "The rounds of checks, the newest first; the next round of the rules goes on where the last one ended.",
        statements: &[
            "CREATE TABLE oversight_round (
                region TEXT NOT NULL, id TEXT NOT NULL, is_register BOOLEAN NOT NULL, department_name TEXT NOT NULL,
                is_done BOOLEAN NOT NULL, looked_at BIGINT NOT NULL, matched BIGINT NOT NULL, found BIGINT NOT NULL,
                through_seq BIGINT NOT NULL, at_us BIGINT NOT NULL,
                PRIMARY KEY (region, id))",
            "CREATE INDEX oversight_round_time ON oversight_round (region, at_us, id)",
        ],
    },
    Migration {
        name: "oversight_0004_kind_name",
        reason: "A county has words of its own for kinds of violations; a finding keeps those under which it was found. Rows from before have the product's words, which follow from the number.",
        statements: &["ALTER TABLE oversight_finding ADD COLUMN kind_name TEXT NOT NULL DEFAULT ''"],
    },
];
