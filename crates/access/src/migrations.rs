//! The slice's tables: projections of the streams first, then what is not on the ledger (secrets,
//! sessions, tokens, codes), because it must be forgotten quickly or never be provable.

use wuchuang_ledger::Migration;

/// All schema changes of the slice, oldest first.
pub const MIGRATIONS: &[Migration] = &[
    Migration {
        name: "access_0001_organisation",
        reason: "Organisations and the divisions of the county, which nearly every page names.",
        statements: &[
            "CREATE TABLE organisation (
                region TEXT NOT NULL, id TEXT NOT NULL, name TEXT NOT NULL, short_code TEXT NOT NULL,
                kind TEXT NOT NULL, credit_code TEXT NOT NULL, place TEXT NOT NULL, parent TEXT,
                phone TEXT NOT NULL, address TEXT NOT NULL, is_active BOOLEAN NOT NULL,
                PRIMARY KEY (region, id))",
            "CREATE TABLE division (
                region TEXT NOT NULL, code TEXT NOT NULL, name TEXT NOT NULL, parent TEXT NOT NULL,
                PRIMARY KEY (region, code))",
            "CREATE INDEX division_parent ON division (region, parent)",
        ],
    },
    Migration {
        name: "access_0002_staff",
        reason: "Accounts and posts, read at each sign-in and for each list of colleagues.",
        statements: &[
            "CREATE TABLE staff_account (
                region TEXT NOT NULL, person TEXT NOT NULL, account TEXT NOT NULL, name TEXT NOT NULL,
                phone TEXT NOT NULL, is_active BOOLEAN NOT NULL, search TEXT NOT NULL,
                PRIMARY KEY (region, person), UNIQUE (region, account))",
            "CREATE TABLE post (
                region TEXT NOT NULL, id TEXT NOT NULL, person TEXT NOT NULL, organisation TEXT NOT NULL,
                title TEXT NOT NULL, roles TEXT NOT NULL, reach TEXT NOT NULL,
                from_day TEXT NOT NULL, until_day TEXT,
                PRIMARY KEY (region, id))",
            "CREATE INDEX post_person ON post (region, person)",
            "CREATE INDEX post_organisation ON post (region, organisation)",
        ],
    },
    Migration {
        name: "access_0003_citizen",
        reason: "Finds a citizen by number or phone through keyed hashes; the values stay sealed on the ledger.",
        statements: &[
            "CREATE TABLE citizen (
                region TEXT NOT NULL, person TEXT NOT NULL, number_hash TEXT NOT NULL, phone_hash TEXT NOT NULL,
                PRIMARY KEY (region, person))",
            "CREATE INDEX citizen_number ON citizen (region, number_hash)",
            "CREATE INDEX citizen_phone ON citizen (region, phone_hash)",
        ],
    },
    Migration {
        name: "access_0004_secret",
        reason: "Passwords and second factors of staff: operational, never on the ledger.",
        statements: &[
            "CREATE TABLE staff_secret (
                region TEXT NOT NULL, person TEXT NOT NULL, password_hash TEXT NOT NULL,
                must_change BOOLEAN NOT NULL, changed_at_us BIGINT NOT NULL,
                factor_secret TEXT NOT NULL, factor_on BOOLEAN NOT NULL, factor_step BIGINT NOT NULL,
                recovery_hashes TEXT NOT NULL,
                PRIMARY KEY (region, person))",
        ],
    },
    Migration {
        name: "access_0005_session",
        reason: "Sessions, by the hash of their token; codes sent to phones; tokens of programs.",
        statements: &[
            "CREATE TABLE session (
                region TEXT NOT NULL, token_hash TEXT NOT NULL, id TEXT NOT NULL, kind TEXT NOT NULL,
                person TEXT NOT NULL, post TEXT, stage TEXT NOT NULL,
                created_at_us BIGINT NOT NULL, seen_at_us BIGINT NOT NULL,
                PRIMARY KEY (region, token_hash))",
            "CREATE INDEX session_person ON session (region, person)",
            "CREATE TABLE login_code (
                region TEXT NOT NULL, phone_hash TEXT NOT NULL, code_hash TEXT NOT NULL,
                sent_at_us BIGINT NOT NULL, attempts BIGINT NOT NULL,
                window_from_us BIGINT NOT NULL, window_sent BIGINT NOT NULL,
                PRIMARY KEY (region, phone_hash))",
            "CREATE TABLE api_token (
                region TEXT NOT NULL, id TEXT NOT NULL, token_hash TEXT NOT NULL, person TEXT NOT NULL,
                post TEXT NOT NULL, name TEXT NOT NULL, scopes TEXT NOT NULL,
                created_at_us BIGINT NOT NULL, expires_at_us BIGINT NOT NULL, revoked_at_us BIGINT,
                PRIMARY KEY (region, id), UNIQUE (region, token_hash))",
            "CREATE INDEX api_token_person ON api_token (region, person)",
        ],
    },
    Migration {
        name: "access_0006_token_maker",
        reason: "A token may be made for somebody else's post, for a department's program; who made it is shown. Those made before were made by their holders.",
        statements: &["ALTER TABLE api_token ADD COLUMN made_by TEXT NOT NULL DEFAULT ''"],
    },
    Migration {
        name: "access_0007_privacy_act",
        reason: "The audit administrator reads who had personal data deleted or held, and why; the person is an identifier.",
        statements: &[
            "CREATE TABLE privacy_act (
                region TEXT NOT NULL, seq BIGINT NOT NULL, person TEXT NOT NULL, act TEXT NOT NULL, outcome TEXT NOT NULL,
                reason TEXT NOT NULL, actor TEXT NOT NULL, at_us BIGINT NOT NULL,
                PRIMARY KEY (region, seq))",
        ],
    },
];
