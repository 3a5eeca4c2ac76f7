//! The slice's schema changes.

use wuchuang_ledger::Migration;

/// Oldest first.
pub const MIGRATIONS: &[Migration] = &[
    Migration {
        name: "cases_0001_case_file",
        reason: "One row a case for lists. Due and warning dates are stored, lights are computed from them and today; the authorisation scope (organisation) is indexed.",
        statements: &[
            "CREATE TABLE case_file (
                region TEXT NOT NULL, id TEXT NOT NULL, number TEXT NOT NULL, check_code TEXT NOT NULL,
                item TEXT NOT NULL, item_version BIGINT NOT NULL, item_name TEXT NOT NULL, handling TEXT NOT NULL,
                department TEXT NOT NULL, organisation TEXT NOT NULL, organisation_name TEXT NOT NULL,
                person TEXT NOT NULL, applicant_kind TEXT NOT NULL, applicant_name TEXT NOT NULL,
                channel TEXT NOT NULL, priority BOOLEAN NOT NULL,
                stage TEXT NOT NULL, step TEXT NOT NULL, step_name TEXT NOT NULL, holder TEXT NOT NULL,
                is_open BOOLEAN NOT NULL, is_paused BOOLEAN NOT NULL,
                warn_on TEXT NOT NULL, due_on TEXT NOT NULL, statutory_due_on TEXT NOT NULL,
                outcome TEXT NOT NULL, in_time BOOLEAN NOT NULL, rated BOOLEAN NOT NULL,
                version BIGINT NOT NULL, received_at_us BIGINT NOT NULL, arrived_at_us BIGINT NOT NULL, closed_at_us BIGINT NOT NULL,
                PRIMARY KEY (region, id))",
            "CREATE UNIQUE INDEX case_file_number ON case_file (region, number)",
            "CREATE INDEX case_file_worklist ON case_file (region, organisation, is_open, due_on, id)",
            "CREATE INDEX case_file_holder ON case_file (region, holder, is_open, due_on, id)",
            "CREATE INDEX case_file_open ON case_file (region, is_open, due_on, id)",
            "CREATE INDEX case_file_person ON case_file (region, person, received_at_us, id)",
        ],
    },
    Migration {
        name: "cases_0002_case_history",
        reason: "What happened to a case, in sentences without personal data: the timeline of the case page and of the public progress page.",
        statements: &[
            "CREATE TABLE case_history (
                region TEXT NOT NULL, case_id TEXT NOT NULL, version BIGINT NOT NULL, seq BIGINT NOT NULL,
                event_type TEXT NOT NULL, text TEXT NOT NULL, actor TEXT NOT NULL, channel TEXT NOT NULL,
                at_us BIGINT NOT NULL, PRIMARY KEY (region, case_id, version))",
        ],
    },
    Migration {
        name: "cases_0003_draft",
        reason: "Applications that are being filled in are not on the ledger yet; they are kept so that nothing typed is lost.",
        statements: &[
            "CREATE TABLE case_draft (
                region TEXT NOT NULL, id TEXT NOT NULL, person TEXT NOT NULL, item TEXT NOT NULL, item_version BIGINT NOT NULL,
                content TEXT NOT NULL, updated_at_us BIGINT NOT NULL, PRIMARY KEY (region, id))",
            "CREATE INDEX case_draft_person ON case_draft (region, person, updated_at_us)",
        ],
    },
    Migration {
        name: "cases_0004_document",
        reason: "The signed document of each notice, by the content of its file, with the token that its QR code carries.",
        statements: &[
            "CREATE TABLE case_document (
                region TEXT NOT NULL, case_id TEXT NOT NULL, version BIGINT NOT NULL, kind TEXT NOT NULL, number TEXT NOT NULL,
                token TEXT NOT NULL, sha256 TEXT NOT NULL, made_at_us BIGINT NOT NULL, PRIMARY KEY (region, case_id, version))",
            "CREATE UNIQUE INDEX case_document_token ON case_document (region, token)",
            "CREATE INDEX case_document_sha256 ON case_document (region, sha256)",
        ],
    },
    Migration {
        name: "cases_0005_saved_view",
        reason: "Filters of the worklist that a member of staff keeps under a name.",
        statements: &[
            "CREATE TABLE case_saved_view (
                region TEXT NOT NULL, person TEXT NOT NULL, name TEXT NOT NULL, query TEXT NOT NULL, PRIMARY KEY (region, person, name))",
        ],
    },
    Migration {
        name: "cases_0006_reveal",
        reason: "Whoever looks at masked personal values of a case leaves who, when and why. The reason is about the work, not about the applicant.",
        statements: &[
            "CREATE TABLE case_reveal (
                region TEXT NOT NULL, id TEXT NOT NULL, case_id TEXT NOT NULL, person TEXT NOT NULL, post TEXT NOT NULL,
                reason TEXT NOT NULL, at_us BIGINT NOT NULL, PRIMARY KEY (region, id))",
            "CREATE INDEX case_reveal_case ON case_reveal (region, case_id, at_us)",
        ],
    },
    Migration {
        name: "cases_0007_draft_sealed",
        reason: "Drafts are sealed with their owner's key from here on and expire. Those written before are in the clear and cannot be read as sealed ones, so they go.",
        statements: &[
            "DELETE FROM case_draft",
            "CREATE INDEX case_draft_age ON case_draft (region, updated_at_us)",
        ],
    },
    Migration {
        name: "cases_0008_upload",
        reason: "A file is stored before a command names it. Those that nothing names in time are found here and removed; a file that the ledger names keeps its row, so that another upload of it cannot have it removed.",
        statements: &[
            "CREATE TABLE case_upload (
                region TEXT NOT NULL, sha256 TEXT NOT NULL, person TEXT NOT NULL,
                uploaded_at_us BIGINT NOT NULL, check_at_us BIGINT NOT NULL, is_named BOOLEAN NOT NULL,
                PRIMARY KEY (region, sha256, person))",
            "CREATE INDEX case_upload_check ON case_upload (region, is_named, check_at_us)",
            "CREATE INDEX case_upload_content ON case_upload (sha256)",
            "CREATE INDEX case_upload_person ON case_upload (region, person)",
        ],
    },
    Migration {
        name: "cases_0009_upload_adoption",
        reason: "Files stored before uploads were noted are looked for once, folder by folder; this remembers how far the walk has come.",
        statements: &[
            "CREATE TABLE case_upload_adoption (region TEXT NOT NULL, folder_next BIGINT NOT NULL, PRIMARY KEY (region))",
        ],
    },
    Migration {
        name: "cases_0010_worklist_filters",
        reason: "The worklist is narrowed to an item, to 绿色通道 and to days of receipt; each has the index by which a page is found without reading the whole list.",
        statements: &[
            "CREATE INDEX case_file_item ON case_file (region, item, is_open, due_on, id)",
            "CREATE INDEX case_file_priority ON case_file (region, due_on, id) WHERE priority = TRUE",
            "CREATE INDEX case_file_received ON case_file (region, received_at_us)",
        ],
    },
    Migration {
        name: "cases_0011_worklist_marks",
        reason: "What an applicant says or supplies must reach whoever handles the case, and a supplement that is late must be seen: marks of the list, with an index for each. The rows that are there get theirs from the timeline as a replay would give them; the day of a supplement that is owed needs the calendar and is filled in with the case's next event, its next import of a calendar, or a replay.",
        statements: &[
            "ALTER TABLE case_file ADD COLUMN waits_for_answer BOOLEAN NOT NULL DEFAULT FALSE",
            "ALTER TABLE case_file ADD COLUMN has_new_material BOOLEAN NOT NULL DEFAULT FALSE",
            "ALTER TABLE case_file ADD COLUMN supplement_due_on TEXT NOT NULL DEFAULT ''",
            "UPDATE case_file SET waits_for_answer = TRUE WHERE is_open = TRUE AND
                (SELECT h.text FROM case_history h WHERE h.region = case_file.region AND h.case_id = case_file.id
                    AND h.event_type = 'said' ORDER BY h.version DESC LIMIT 1) = '申请人留言'",
            "UPDATE case_file SET has_new_material = TRUE WHERE is_open = TRUE AND
                COALESCE((SELECT MAX(h.version) FROM case_history h WHERE h.region = case_file.region AND h.case_id = case_file.id
                    AND h.event_type IN ('correction_supplied', 'supplement_supplied')), 0)
                > COALESCE((SELECT MAX(h.version) FROM case_history h WHERE h.region = case_file.region AND h.case_id = case_file.id
                    AND (h.event_type IN ('claimed', 'correction_notified', 'step_completed', 'returned', 'decided')
                        OR (h.event_type = 'accepted' AND h.actor NOT LIKE '%\"kind\":\"system\"%'))), 0)",
            "CREATE INDEX case_file_answer ON case_file (region, due_on, id) WHERE waits_for_answer = TRUE",
            "CREATE INDEX case_file_material ON case_file (region, due_on, id) WHERE has_new_material = TRUE",
            "CREATE INDEX case_file_supplement ON case_file (region, due_on, id) WHERE supplement_due_on <> ''",
        ],
    },
    Migration {
        name: "cases_0012_extension",
        reason: "Whoever decides finds the cases whose handler asked for an extension. Nobody could ask before, so no row has one.",
        statements: &[
            "ALTER TABLE case_file ADD COLUMN extension_asked BOOLEAN NOT NULL DEFAULT FALSE",
            "CREATE INDEX case_file_extension ON case_file (region, due_on, id) WHERE extension_asked = TRUE",
        ],
    },
    Migration {
        name: "cases_0013_reveal_origin",
        reason: "The audit asks also from where somebody looked: through a page or a program, and from which address. The list of all looks is read by time and by person.",
        statements: &[
            "ALTER TABLE case_reveal ADD COLUMN channel TEXT NOT NULL DEFAULT ''",
            "ALTER TABLE case_reveal ADD COLUMN address TEXT NOT NULL DEFAULT ''",
            "CREATE INDEX case_reveal_time ON case_reveal (region, at_us, id)",
            "CREATE INDEX case_reveal_person ON case_reveal (region, person, at_us, id)",
        ],
    },
    Migration {
        name: "cases_0014_upload_for_another",
        reason: "A command names files by their digest, and whoever knows a digest must not take another person's file with it. So the row says who brought the file, also when staff or a program brought it for somebody; before, these were nobody's.",
        statements: &[
            "ALTER TABLE case_upload ADD COLUMN for_another BOOLEAN NOT NULL DEFAULT FALSE",
            "UPDATE case_upload SET for_another = TRUE WHERE person = '00000000000000000000000000000000'",
        ],
    },
    Migration {
        name: "cases_0015_task",
        reason: "Several tasks of a drawn process are open at once, each in a hand of its own: one row for each and for each of those who may take it, so that lists find what is in somebody's hands or free for them. Cases without a drawn process have no row.",
        statements: &[
            "CREATE TABLE case_task (
                region TEXT NOT NULL, case_id TEXT NOT NULL, task BIGINT NOT NULL, candidate TEXT NOT NULL,
                element TEXT NOT NULL, task_name TEXT NOT NULL, organisation TEXT NOT NULL,
                task_holder TEXT NOT NULL, task_open BOOLEAN NOT NULL, since_us BIGINT NOT NULL,
                PRIMARY KEY (region, case_id, task, candidate))",
            "CREATE INDEX case_task_holder ON case_task (region, task_holder, case_id) WHERE task_open = TRUE",
            "CREATE INDEX case_task_free ON case_task (region, organisation, candidate, case_id) WHERE task_open = TRUE AND task_holder = ''",
        ],
    },
    Migration {
        name: "cases_0016_rules_review",
        reason: "A share of the cases that rules decided is looked at by a person; lists find those that still wait. Nothing was decided by rules before, so no row has the mark.",
        statements: &[
            "ALTER TABLE case_file ADD COLUMN rules_review BOOLEAN NOT NULL DEFAULT FALSE",
            "CREATE INDEX case_file_rules_review ON case_file (region, organisation, due_on, id) WHERE rules_review = TRUE",
        ],
    },
    Migration {
        name: "cases_0017_task_elsewhere",
        reason: "A task of a drawn process may be meant for another organisation than the one that handles the case; its people find it by their organisation's name.",
        statements: &[
            "CREATE INDEX case_task_candidate ON case_task (region, candidate, case_id) WHERE task_open = TRUE",
        ],
    },
    Migration {
        name: "cases_0018_document_number",
        reason: "A department's own register is compared with the ledger by the numbers of its decisions; those of our papers are found by number.",
        statements: &[
            "CREATE INDEX case_document_number ON case_document (region, number)",
        ],
    },
];
