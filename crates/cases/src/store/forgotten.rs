//! The files of a person who was forgotten (个人信息保护法 art. 47): what they handed in, what was scanned for them, and
//! the papers and certificates made about them. Files are known by their content, so each goes only when nobody
//! else's matter names it. The records that name them stay, and so do the rows of the papers; pages say that the
//! file was erased.
//!
//! Everything here may run again: what is gone already is no error, and a run that broke off finds the same files.

use std::collections::{BTreeSet, HashSet};

use serde::Deserialize;
use serde_json::Value;
use wuchuang_kernel::{CaseId, PersonId, Region, StreamId};
use wuchuang_ledger::{
    Ledger, LoadError, StorageError, Stream,
    storage::{execute, find, list},
};

use crate::{
    files::{FileError, FileStore},
    model::CaseStream,
};

/// How many rows or records are read in one go.
const READ_MAX: i64 = 500;
/// The kind of the streams of licences. Their records name the certificate's file; the licence store is above this
/// slice, and reading its records needs no rule of its own.
const LICENCE: &str = "licence";

/// Why the files of a person could not be removed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ForgetFilesError {
    /// The file store failed.
    #[error("the file store failed: {0}")]
    File(#[from] FileError),
    /// A case cannot be read.
    #[error("a case cannot be read: {0}")]
    Load(#[from] LoadError),
    /// The database failed.
    #[error("the files of a person cannot be found: {0}")]
    Storage(#[from] StorageError),
}

/// What was done.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Removed {
    /// How many files were removed from the store, those that were gone before among them.
    pub(crate) removed: usize,
    /// How many wait, because somebody else uploaded the same content and has not handed it in yet.
    pub(crate) waiting: usize,
}

/// What belongs to a person.
#[derive(Default)]
struct Own {
    cases: HashSet<String>,
    /// The streams of their cases and of the licences that followed.
    streams: HashSet<String>,
    files: BTreeSet<String>,
}

#[derive(Deserialize)]
struct IdRow {
    id: String,
}

#[derive(Deserialize)]
struct FileRow {
    sha256: String,
}

#[derive(Deserialize)]
struct CaseRow {
    case_id: String,
}

#[derive(Deserialize)]
struct RecordRow {
    seq: i64,
    stream_id: String,
    payload: String,
}

/// Removes the files of a forgotten person that nobody else's matter names.
pub(crate) async fn remove_files(
    ledger: &Ledger,
    files: &FileStore,
    region: Region,
    person: PersonId,
) -> Result<Removed, ForgetFilesError> {
    let mut own = own_of(ledger, region, person).await?;
    let candidates = std::mem::take(&mut own.files);
    let unnamed = not_on_ledger(ledger, candidates, &own.streams).await?;
    let mut done = Removed::default();
    for sha256 in unnamed {
        if is_paper_of_another(ledger, &sha256, &own.cases).await? {
            continue;
        }
        if is_awaited(ledger, &sha256, person).await? {
            done.waiting += 1;
            continue;
        }
        // The file goes before its rows: what breaks off in between is found by the rows again. Somebody who uploads
        // the same content in this very moment is told to upload it again when they hand it in.
        files.remove(&sha256).await?;
        execute(
            ledger.database().write(),
            "DELETE FROM case_upload WHERE sha256 = $1 AND (person = $2 OR for_another = TRUE)",
            [sha256.into(), person.to_string().into()],
        )
        .await?;
        done.removed += 1;
    }
    Ok(done)
}

async fn own_of(
    ledger: &Ledger,
    region: Region,
    person: PersonId,
) -> Result<Own, ForgetFilesError> {
    let mut own = Own::default();
    let mut after = String::new();
    loop {
        let page: Vec<IdRow> = list(
            ledger.database().read(),
            "SELECT id FROM case_file WHERE region = $1 AND person = $2 AND id > $3 ORDER BY id LIMIT $4",
            [
                region.to_string().into(),
                person.to_string().into(),
                after.clone().into(),
                READ_MAX.into(),
            ],
        )
        .await?;
        let Some(last) = page.last() else { break };
        after.clone_from(&last.id);
        for row in page {
            own_case(ledger, region, &row.id, &mut own).await?;
            own.cases.insert(row.id);
        }
    }
    let uploads: Vec<FileRow> = list(
        ledger.database().read(),
        "SELECT sha256 FROM case_upload WHERE region = $1 AND person = $2 AND for_another = FALSE",
        [region.to_string().into(), person.to_string().into()],
    )
    .await?;
    own.files.extend(uploads.into_iter().map(|row| row.sha256));
    Ok(own)
}

/// What a case names in all its records, also what was replaced since; its papers; its licence.
async fn own_case(
    ledger: &Ledger,
    region: Region,
    id: &str,
    own: &mut Own,
) -> Result<(), ForgetFilesError> {
    let Ok(case) = id.parse::<CaseId>() else {
        return Ok(());
    };
    let mut streams: Vec<(&str, StreamId)> = vec![(CaseStream::KIND, case.into())];
    let state = ledger.load::<CaseStream>(region, case.into()).await?;
    let licence = state.and_then(|(_, state)| Some(state.0.as_ref()?.licence()?.licence));
    streams.extend(licence.map(|licence| (LICENCE, licence.into())));
    for (kind, stream) in streams {
        for record in ledger.records(kind, region, stream).await? {
            if let Ok(payload) = serde_json::from_str(&record.payload) {
                collect(&payload, &mut own.files);
            }
        }
        own.streams.insert(stream.to_string());
    }
    let papers: Vec<FileRow> = list(
        ledger.database().read(),
        "SELECT sha256 FROM case_document WHERE region = $1 AND case_id = $2",
        [region.to_string().into(), id.into()],
    )
    .await?;
    own.files.extend(papers.into_iter().map(|row| row.sha256));
    Ok(())
}

/// Every file that a payload names. What is sealed in it names none.
fn collect(payload: &Value, found: &mut BTreeSet<String>) {
    match payload {
        Value::Object(fields) => {
            for (name, value) in fields {
                match value.as_str() {
                    Some(sha256) if name == "sha256" => {
                        found.insert(sha256.to_owned());
                    }
                    _ => collect(value, found),
                }
            }
        }
        Value::Array(values) => {
            for value in values {
                collect(value, found);
            }
        }
        _ => {}
    }
}

/// Those files that no record names, the records of some streams aside. All regions are read, because they share the
/// files; that is a walk over the whole ledger, for something that is seldom done.
pub(super) async fn not_on_ledger(
    ledger: &Ledger,
    mut files: BTreeSet<String>,
    except_streams: &HashSet<String>,
) -> Result<BTreeSet<String>, StorageError> {
    for region in ledger.regions().await? {
        let mut after = 0;
        while !files.is_empty() {
            let page: Vec<RecordRow> = list(
                ledger.database().read(),
                "SELECT seq, stream_id, payload FROM event WHERE region = $1 AND seq > $2 AND payload LIKE '%\"sha256\"%' ORDER BY seq LIMIT $3",
                [region.to_string().into(), after.into(), READ_MAX.into()],
            )
            .await?;
            let Some(last) = page.last() else { break };
            after = last.seq;
            for record in &page {
                if !except_streams.contains(&record.stream_id) {
                    files.retain(|sha256| !record.payload.contains(sha256.as_str()));
                }
            }
        }
    }
    Ok(files)
}

/// Whether a file is a paper of a case that is not among these.
async fn is_paper_of_another(
    ledger: &Ledger,
    sha256: &str,
    own: &HashSet<String>,
) -> Result<bool, StorageError> {
    let rows: Vec<CaseRow> = list(
        ledger.database().read(),
        "SELECT case_id FROM case_document WHERE sha256 = $1",
        [sha256.into()],
    )
    .await?;
    Ok(rows.iter().any(|row| !own.contains(&row.case_id)))
}

/// Whether a file is a paper of any case.
pub(super) async fn is_paper(ledger: &Ledger, sha256: &str) -> Result<bool, StorageError> {
    is_paper_of_another(ledger, sha256, &HashSet::new()).await
}

/// Whether somebody else uploaded the same content and may still hand it in. What staff or a program uploaded for somebody,
/// and a case of the forgotten person names, is theirs.
async fn is_awaited(ledger: &Ledger, sha256: &str, person: PersonId) -> Result<bool, StorageError> {
    let row: Option<FileRow> = find(
        ledger.database().read(),
        "SELECT sha256 FROM case_upload WHERE sha256 = $1 AND is_named = FALSE AND person <> $2 AND for_another = FALSE LIMIT 1",
        [sha256.into(), person.to_string().into()],
    )
    .await?;
    Ok(row.is_some())
}
