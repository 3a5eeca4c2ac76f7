//! The slice's tables.

use wuchuang_ledger::Migration;

/// All schema changes, oldest first.
pub const MIGRATIONS: &[Migration] = &[
    Migration {
        name: "catalogue_0001_item",
        reason: "the staff's list of items with its filters, one row an item",
        statements: &[
            "CREATE TABLE service_item (
                region TEXT NOT NULL, item TEXT NOT NULL, name TEXT NOT NULL, folded TEXT NOT NULL,
                department TEXT NOT NULL, department_name TEXT NOT NULL, handling TEXT NOT NULL,
                item_type TEXT NOT NULL, tags TEXT NOT NULL, state TEXT NOT NULL,
                has_working_copy BOOLEAN NOT NULL, version BIGINT NOT NULL, effective_from TEXT NOT NULL,
                cancelled_on TEXT NOT NULL, stream_version BIGINT NOT NULL, changed_at_us BIGINT NOT NULL,
                PRIMARY KEY (region, item))",
            "CREATE INDEX service_item_name ON service_item (region, name, item)",
        ],
    },
    Migration {
        name: "catalogue_0002_version",
        reason: "every published version with all its elements: what the portal reads at start and a running case was begun with",
        statements: &[
            "CREATE TABLE service_item_version (
                region TEXT NOT NULL, item TEXT NOT NULL, version BIGINT NOT NULL,
                effective_from TEXT NOT NULL, cancelled_on TEXT NOT NULL, content TEXT NOT NULL,
                PRIMARY KEY (region, item, version))",
        ],
    },
    Migration {
        name: "catalogue_0003_marked_upload",
        reason: "an uploaded workbook with its problems marked waits here until its sender fetches it, for a day at most; operational",
        statements: &[
            "CREATE TABLE service_item_upload (
                region TEXT NOT NULL, token TEXT NOT NULL, person TEXT NOT NULL, content TEXT NOT NULL,
                created_at_us BIGINT NOT NULL, PRIMARY KEY (region, token))",
        ],
    },
    Migration {
        name: "catalogue_0004_successor",
        reason: "归类合并: which item is asked for in the place of one that was withdrawn, so that old links, codes and words of the search lead on. No item had one in a release before",
        statements: &[
            "ALTER TABLE service_item ADD COLUMN successor TEXT NOT NULL DEFAULT ''",
            "CREATE INDEX service_item_successor ON service_item (region, successor, item)",
        ],
    },
];
