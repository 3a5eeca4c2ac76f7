//! The table of delegations.

use wuchuang_ledger::Migration;

/// Oldest first; a released one is never edited.
pub const MIGRATIONS: &[Migration] = &[Migration {
    name: "delegations_0001_delegation",
    reason: "Who may receive or decide which item, from which day to which: each counter asks it for its own organisation, guides and matrix by item.",
    statements: &[
        "CREATE TABLE delegation (
            region TEXT NOT NULL, item TEXT NOT NULL, organisation TEXT NOT NULL, from_on TEXT NOT NULL,
            until_on TEXT NOT NULL, organisation_name TEXT NOT NULL, way TEXT NOT NULL, extent TEXT NOT NULL, document TEXT NOT NULL,
            PRIMARY KEY (region, item, organisation, from_on))",
        "CREATE INDEX delegation_organisation ON delegation (region, organisation, item)",
    ],
}];
