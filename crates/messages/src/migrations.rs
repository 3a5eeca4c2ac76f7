//! The tables of messages. `message` and `message_template` follow from events alone; `message_read` and
//! `message_delivery` are operational: what was read, and how far a provider came.

use wuchuang_ledger::Migration;

/// The schema, oldest first.
pub const MIGRATIONS: &[Migration] = &[
    Migration {
        name: "messages_0001_message",
        reason: "One row per message and channel. The address is the only personal value; forgetting a person deletes the rows that have one.",
        statements: &[
            "CREATE TABLE message (
                region TEXT NOT NULL, id TEXT NOT NULL, seq BIGINT NOT NULL,
                recipient TEXT NOT NULL, channel TEXT NOT NULL, template TEXT NOT NULL,
                case_id TEXT NOT NULL, address TEXT NOT NULL, parameters TEXT NOT NULL,
                created_at_us BIGINT NOT NULL,
                PRIMARY KEY (region, id))",
            "CREATE INDEX message_recipient ON message (region, recipient, channel, seq)",
            "CREATE INDEX message_channel ON message (region, channel, seq)",
        ],
    },
    Migration {
        name: "messages_0002_template",
        reason: "Every version of a text with the place in the chain from which it holds, so that a message is read as it was written then.",
        statements: &["CREATE TABLE message_template (
                region TEXT NOT NULL, name TEXT NOT NULL, version BIGINT NOT NULL, from_seq BIGINT NOT NULL,
                subject TEXT NOT NULL, body TEXT NOT NULL, sms TEXT NOT NULL,
                edited_by TEXT NOT NULL, edited_at_us BIGINT NOT NULL,
                PRIMARY KEY (region, name, version))"],
    },
    Migration {
        name: "messages_0003_delivery",
        reason: "How far each SMS or e-mail came, with the text as it went out; and which inbox messages were read.",
        statements: &[
            "CREATE TABLE message_delivery (
                region TEXT NOT NULL, message TEXT NOT NULL, state TEXT NOT NULL,
                gateway TEXT NOT NULL, attempts BIGINT NOT NULL, reference TEXT NOT NULL,
                last_error TEXT NOT NULL, sent_text TEXT NOT NULL,
                sent_at_us BIGINT NOT NULL, updated_at_us BIGINT NOT NULL,
                PRIMARY KEY (region, message))",
            "CREATE INDEX message_delivery_state ON message_delivery (region, state)",
            "CREATE TABLE message_read (
                region TEXT NOT NULL, message TEXT NOT NULL, read_at_us BIGINT NOT NULL,
                PRIMARY KEY (region, message))",
        ],
    },
    Migration {
        name: "messages_0004_sent_to",
        reason: "A number that was mended in the person's record is used for what goes out from then on, so the outbox says where each message went. Forgetting a person deletes these rows with their messages.",
        statements: &["ALTER TABLE message_delivery ADD COLUMN sent_to TEXT NOT NULL DEFAULT ''"],
    },
    Migration {
        name: "messages_0005_delivery_state",
        reason: "An index that begins like the key tempts PostgreSQL to find one delivery among all of its region. This one begins with the state.",
        statements: &[
            "DROP INDEX message_delivery_state",
            "CREATE INDEX message_delivery_state ON message_delivery (state, region, message)",
        ],
    },
];
