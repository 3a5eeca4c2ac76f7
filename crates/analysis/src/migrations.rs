//! The tables of the analysis.

use wuchuang_ledger::Migration;

/// Oldest first; a released one is never edited.
pub const MIGRATIONS: &[Migration] = &[
    Migration {
        name: "analysis_0001_case",
        reason: "What only the record of receipt tells of a case: who took it in, from which town the applicant is, and a keyed digest of the applicant, by which pairs of items are counted; the last two go with the person. Cases that were there before have neither until a replay.",
        statements: &[
            "CREATE TABLE analysis_case (
                region TEXT NOT NULL, case_id TEXT NOT NULL, item TEXT NOT NULL, taker TEXT NOT NULL,
                town TEXT NOT NULL, subject TEXT NOT NULL, asked_at_us BIGINT NOT NULL,
                PRIMARY KEY (region, case_id))",
            "CREATE INDEX analysis_case_subject ON analysis_case (region, subject, asked_at_us, case_id, item)",
        ],
    },
    Migration {
        name: "analysis_0002_month",
        reason: "The figures of each month, counted again by a job when something changed: read by item, by month, by channel and by who took in.",
        statements: &[
            "CREATE TABLE analysis_month (
                region TEXT NOT NULL, month TEXT NOT NULL, item TEXT NOT NULL, channel TEXT NOT NULL, taker TEXT NOT NULL,
                applied BIGINT NOT NULL, accepted BIGINT NOT NULL, corrected BIGINT NOT NULL, not_accepted BIGINT NOT NULL,
                refused BIGINT NOT NULL, granted BIGINT NOT NULL, withdrawn BIGINT NOT NULL, terminated BIGINT NOT NULL,
                late BIGINT NOT NULL, ended BIGINT NOT NULL, days BIGINT NOT NULL,
                PRIMARY KEY (region, month, item, channel, taker))",
            "CREATE INDEX analysis_month_item ON analysis_month (region, item, month)",
            "CREATE TABLE analysis_town (
                region TEXT NOT NULL, month TEXT NOT NULL, item TEXT NOT NULL, town TEXT NOT NULL, applied BIGINT NOT NULL,
                PRIMARY KEY (region, month, item, town))",
            "CREATE INDEX analysis_town_item ON analysis_town (region, item, month)",
            "CREATE TABLE analysis_pair (
                region TEXT NOT NULL, one TEXT NOT NULL, other TEXT NOT NULL, applicants BIGINT NOT NULL,
                PRIMARY KEY (region, one, other))",
            "CREATE INDEX analysis_pair_number ON analysis_pair (region, applicants, one, other)",
        ],
    },
    Migration {
        name: "analysis_0003_count",
        reason: "The counts, the newest first; the next one goes on where the last one ended.",
        statements: &[
            "CREATE TABLE analysis_count (
                region TEXT NOT NULL, id TEXT NOT NULL, is_done BOOLEAN NOT NULL, through_seq BIGINT NOT NULL,
                months BIGINT NOT NULL, cases BIGINT NOT NULL, raised BIGINT NOT NULL, lapsed BIGINT NOT NULL,
                at_us BIGINT NOT NULL, PRIMARY KEY (region, id))",
            "CREATE INDEX analysis_count_time ON analysis_count (region, at_us, id)",
        ],
    },
    Migration {
        name: "analysis_0004_suggestion",
        reason: "Suggestions are listed by standing and kind, the weightiest first, and by item.",
        statements: &[
            "CREATE TABLE analysis_suggestion (
                region TEXT NOT NULL, id TEXT NOT NULL, kind TEXT NOT NULL, standing TEXT NOT NULL,
                item TEXT NOT NULL, item_name TEXT NOT NULL, department TEXT NOT NULL, other TEXT NOT NULL, other_name TEXT NOT NULL,
                place TEXT NOT NULL, whole BIGINT NOT NULL, part BIGINT NOT NULL, is_online BOOLEAN NOT NULL,
                reason TEXT NOT NULL, decided_by TEXT NOT NULL, decided_at_us BIGINT NOT NULL, raised_at_us BIGINT NOT NULL,
                PRIMARY KEY (region, id))",
            "CREATE INDEX analysis_suggestion_standing ON analysis_suggestion (region, standing, part, id)",
            "CREATE INDEX analysis_suggestion_kind ON analysis_suggestion (region, standing, kind, part, id)",
            "CREATE INDEX analysis_suggestion_item ON analysis_suggestion (region, item, id)",
        ],
    },
    Migration {
        name: "analysis_0005_earlier",
        reason: "Earlier years that were brought from Excel; a year that is brought again takes the place of the one before.",
        statements: &[
            "CREATE TABLE analysis_year (
                region TEXT NOT NULL, year BIGINT NOT NULL, revision BIGINT NOT NULL, line_count BIGINT NOT NULL,
                reason TEXT NOT NULL, imported_by TEXT NOT NULL, imported_at_us BIGINT NOT NULL, PRIMARY KEY (region, year))",
            "CREATE TABLE analysis_earlier (
                region TEXT NOT NULL, year BIGINT NOT NULL, revision BIGINT NOT NULL, month TEXT NOT NULL, item TEXT NOT NULL,
                channel TEXT NOT NULL, applied BIGINT NOT NULL, accepted BIGINT NOT NULL, refused BIGINT NOT NULL,
                PRIMARY KEY (region, year, revision, month, item, channel))",
            "CREATE INDEX analysis_earlier_month ON analysis_earlier (region, month, item)",
            "CREATE INDEX analysis_earlier_item ON analysis_earlier (region, item, month)",
        ],
    },
];
