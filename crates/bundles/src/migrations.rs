//! The tables of bundles.

use wuchuang_ledger::Migration;

/// Oldest first; a released one is never edited.
pub const MIGRATIONS: &[Migration] = &[
    Migration {
        name: "bundles_0001_bundle",
        reason: "The bundles as the trees, the guides and the staff's list show them; the content is the version in force.",
        statements: &["CREATE TABLE bundle (
                region TEXT NOT NULL, bundle TEXT NOT NULL, code TEXT NOT NULL, name TEXT NOT NULL, tree TEXT NOT NULL,
                position BIGINT NOT NULL, version BIGINT NOT NULL, has_working_copy BOOLEAN NOT NULL, content TEXT NOT NULL,
                changed_at_us BIGINT NOT NULL,
                PRIMARY KEY (region, bundle))"],
    },
    Migration {
        name: "bundles_0002_joint",
        reason: "Applications for bundles: found by number, by citizen and by time. No personal value is in it.",
        statements: &[
            "CREATE TABLE joint (
                region TEXT NOT NULL, joint TEXT NOT NULL, number TEXT NOT NULL, bundle TEXT NOT NULL, name TEXT NOT NULL,
                person TEXT NOT NULL, received_at_us BIGINT NOT NULL,
                PRIMARY KEY (region, joint))",
            "CREATE UNIQUE INDEX joint_number ON joint (region, number)",
            "CREATE INDEX joint_person ON joint (region, person, received_at_us)",
            "CREATE INDEX joint_received ON joint (region, received_at_us, joint)",
        ],
    },
    Migration {
        name: "bundles_0003_part",
        reason: "Which case belongs to which application for a bundle: the case page asks it, and the list of applications.",
        statements: &[
            "CREATE TABLE joint_part (
                region TEXT NOT NULL, case_id TEXT NOT NULL, joint TEXT NOT NULL, position BIGINT NOT NULL,
                PRIMARY KEY (region, case_id))",
            "CREATE INDEX joint_part_joint ON joint_part (region, joint, position)",
        ],
    },
];
