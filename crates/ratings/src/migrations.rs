//! The tables of ratings.

use wuchuang_ledger::Migration;

/// Oldest first; a released one is never edited.
pub const MIGRATIONS: &[Migration] = &[
    Migration {
        name: "ratings_0001_invitation",
        reason: "Each ended case may be rated once, by a link that cannot be guessed.",
        statements: &[
            "CREATE TABLE rating_invitation (
                region TEXT NOT NULL, token TEXT NOT NULL, case_id TEXT NOT NULL, person TEXT NOT NULL,
                item TEXT NOT NULL, item_name TEXT NOT NULL, organisation TEXT NOT NULL, organisation_name TEXT NOT NULL,
                ended_at_us BIGINT NOT NULL, is_rated BOOLEAN NOT NULL,
                PRIMARY KEY (region, token))",
            "CREATE UNIQUE INDEX rating_invitation_case ON rating_invitation (region, case_id)",
            "CREATE INDEX rating_invitation_person ON rating_invitation (region, person, ended_at_us)",
        ],
    },
    Migration {
        name: "ratings_0002_rating",
        reason: "The ratings as staff may see them: who rated is not in this table.",
        statements: &[
            "CREATE TABLE rating (
                region TEXT NOT NULL, id TEXT NOT NULL, stars BIGINT NOT NULL, channel BIGINT NOT NULL, labels TEXT NOT NULL,
                text TEXT NOT NULL, text_person TEXT NOT NULL, item TEXT NOT NULL, item_name TEXT NOT NULL,
                organisation TEXT NOT NULL, organisation_name TEXT NOT NULL, openings BIGINT NOT NULL, rated_at_us BIGINT NOT NULL,
                PRIMARY KEY (region, id))",
            "CREATE INDEX rating_at ON rating (region, rated_at_us, id)",
            "CREATE INDEX rating_organisation ON rating (region, organisation, rated_at_us, id)",
            "CREATE INDEX rating_text_person ON rating (region, text_person)",
        ],
    },
    Migration {
        name: "ratings_0003_daily",
        reason: "Figures of any period and organisation are sums over days, so that they cost the same with ten thousand ratings and with ten million.",
        statements: &[
            "CREATE TABLE rating_daily (
                region TEXT NOT NULL, day TEXT NOT NULL, organisation TEXT NOT NULL, organisation_name TEXT NOT NULL,
                ended BIGINT NOT NULL, rated BIGINT NOT NULL, stars_1 BIGINT NOT NULL, stars_2 BIGINT NOT NULL,
                stars_3 BIGINT NOT NULL, stars_4 BIGINT NOT NULL, stars_5 BIGINT NOT NULL,
                PRIMARY KEY (region, day, organisation))",
        ],
    },
];
