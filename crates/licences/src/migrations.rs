//! The tables of the licence store.

use wuchuang_ledger::Migration;

/// Oldest first; a released one is never edited.
pub const MIGRATIONS: &[Migration] = &[
    Migration {
        name: "licences_0001_licence",
        reason: "Licences are found by holder, by number, by identifier, by what their QR code carries and by the hash of their file; the holder's number is kept as a keyed hash only.",
        statements: &[
            "CREATE TABLE licence (
                region TEXT NOT NULL, id TEXT NOT NULL, identifier TEXT NOT NULL, number TEXT NOT NULL, name TEXT NOT NULL,
                holder_name TEXT NOT NULL, holder_person TEXT NOT NULL, holder_hash TEXT NOT NULL, holder_kind TEXT NOT NULL,
                organisation TEXT NOT NULL, organisation_name TEXT NOT NULL, case_id TEXT NOT NULL, case_number TEXT NOT NULL,
                valid_from TEXT NOT NULL, valid_until TEXT, standing TEXT NOT NULL, document_sha256 TEXT NOT NULL,
                token TEXT NOT NULL, issued_at_us BIGINT NOT NULL,
                PRIMARY KEY (region, id))",
            "CREATE UNIQUE INDEX licence_number ON licence (region, number)",
            "CREATE UNIQUE INDEX licence_identifier ON licence (region, identifier)",
            "CREATE UNIQUE INDEX licence_token ON licence (region, token)",
            "CREATE INDEX licence_person ON licence (region, holder_person, issued_at_us)",
            "CREATE INDEX licence_holder ON licence (region, holder_hash, issued_at_us)",
            "CREATE INDEX licence_document ON licence (region, document_sha256)",
            "CREATE INDEX licence_organisation ON licence (region, organisation, issued_at_us, id)",
        ],
    },
    Migration {
        name: "licences_0002_seal_use",
        reason: "The seal-use ledger: every document that got the county's seal, in the order of the chain.",
        statements: &[
            "CREATE TABLE seal_use (
                region TEXT NOT NULL, seq BIGINT NOT NULL, kind TEXT NOT NULL, stream_id TEXT NOT NULL,
                title TEXT NOT NULL, number TEXT NOT NULL, case_number TEXT NOT NULL,
                organisation TEXT NOT NULL, organisation_name TEXT NOT NULL, actor TEXT NOT NULL, used_at_us BIGINT NOT NULL,
                PRIMARY KEY (region, seq))",
            "CREATE INDEX seal_use_organisation ON seal_use (region, organisation, seq)",
        ],
    },
    Migration {
        name: "licences_0003_look",
        reason: "Whoever of the staff looks at a whole licence leaves who, when and why. The reason is about the work, not about the holder.",
        statements: &[
            "CREATE TABLE licence_look (
                region TEXT NOT NULL, id TEXT NOT NULL, licence TEXT NOT NULL, person TEXT NOT NULL, post TEXT NOT NULL,
                reason TEXT NOT NULL, at_us BIGINT NOT NULL, PRIMARY KEY (region, id))",
            "CREATE INDEX licence_look_licence ON licence_look (region, licence, at_us)",
        ],
    },
    Migration {
        name: "licences_0004_look_origin",
        reason: "The audit reads who looked at whole licences together with the looks at cases: by time, by person, and with from where.",
        statements: &[
            "ALTER TABLE licence_look ADD COLUMN channel TEXT NOT NULL DEFAULT ''",
            "ALTER TABLE licence_look ADD COLUMN address TEXT NOT NULL DEFAULT ''",
            "CREATE INDEX licence_look_time ON licence_look (region, at_us, id)",
            "CREATE INDEX licence_look_person ON licence_look (region, person, at_us, id)",
        ],
    },
    Migration {
        name: "licences_0005_seal_approvals",
        reason: "The seal is used after every level of approval agreed, and the ledger of its uses names them. Levels were not asked before, so no row has any.",
        statements: &[
            "ALTER TABLE seal_use ADD COLUMN approvals TEXT NOT NULL DEFAULT ''",
        ],
    },
    Migration {
        name: "licences_0006_copy",
        reason: "承诺制+副本制: whoever gave a promise gets a copy first, and lists and verification say that it is one. No licence before was a copy.",
        statements: &["ALTER TABLE licence ADD COLUMN is_copy BOOLEAN NOT NULL DEFAULT FALSE"],
    },
];
