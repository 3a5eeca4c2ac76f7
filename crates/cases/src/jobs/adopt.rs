//! Files that were stored before uploads were noted (migration `cases_0008_upload`). A walk over the store, once in the
//! life of an installation, notes those that nothing names; the sweep then treats them like any other upload.

use async_trait::async_trait;
use serde::Deserialize;
use serde_json::{Value, json};
use wuchuang_kernel::Region;
use wuchuang_ledger::{
    Job, JobContext, JobFailure, Ledger, NewJob, StorageError,
    storage::{execute, find},
};

use super::is_planned;
use crate::service::Cases;

/// The job's name.
const NAME: &str = "case_uploads_adopt";
/// The store has a folder for each first byte of a file's name.
const FOLDERS: u16 = 256;
/// How many of them one run looks at; each run walks over the ledger once.
const FOLDERS_EACH: u16 = 16;

/// Notes what was uploaded before uploads were noted.
pub struct AdoptJob {
    cases: Cases,
}

impl AdoptJob {
    pub(super) const fn new(cases: Cases) -> Self {
        Self { cases }
    }
}

fn job() -> NewJob {
    NewJob::now(NAME, &json!({})).paper()
}

#[async_trait]
impl Job for AdoptJob {
    fn name(&self) -> &'static str {
        NAME
    }

    async fn run(&self, _input: Value, context: &JobContext) -> Result<(), JobFailure> {
        let (ledger, region) = (&context.ledger, context.region);
        let first = folder_next(ledger, region).await?;
        let next = (first + FOLDERS_EACH).min(FOLDERS);
        let later = |error: crate::files::FileError| JobFailure::Later(error.to_string());
        let mut names = Vec::new();
        for folder in first..next {
            let folder =
                u8::try_from(folder).map_err(|error| JobFailure::Never(error.to_string()))?;
            names.extend(self.cases.files().names(folder).await.map_err(later)?);
        }
        let adopted = self
            .cases
            .uploads()
            .adopt(region, names, self.cases.drafts_kept())
            .await?;
        if adopted > 0 {
            tracing::info!(adopted, "files that nothing names were found in the store");
        }
        execute(
            ledger.database().write(),
            "INSERT INTO case_upload_adoption (region, folder_next) VALUES ($1, $2)
             ON CONFLICT (region) DO UPDATE SET folder_next = excluded.folder_next",
            [region.to_string().into(), i64::from(next).into()],
        )
        .await?;
        if next < FOLDERS && !is_planned(ledger, region, &job(), Some(context.id)).await? {
            ledger.job_add(region, job()).await?;
        }
        Ok(())
    }
}

/// Plans the walk, unless it is planned or was made.
///
/// # Errors
/// Whatever storage reports.
pub(crate) async fn plan(ledger: &Ledger, region: Region) -> Result<(), StorageError> {
    if folder_next(ledger, region).await? >= FOLDERS
        || is_planned(ledger, region, &job(), None).await?
    {
        return Ok(());
    }
    ledger.job_add(region, job()).await
}

#[derive(Deserialize)]
struct Walked {
    folder_next: i64,
}

async fn folder_next(ledger: &Ledger, region: Region) -> Result<u16, StorageError> {
    let row: Option<Walked> = find(
        ledger.database().read(),
        "SELECT folder_next FROM case_upload_adoption WHERE region = $1",
        [region.to_string().into()],
    )
    .await?;
    Ok(row.map_or(0, |row| u16::try_from(row.folder_next).unwrap_or(FOLDERS)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use wuchuang_kernel::{DraftId, ItemId, PersonId, Personal};

    use super::*;
    use crate::{
        model::{
            CaseCommand, DeliveryChoice, FileReference,
            tests::bench::{APPLICANT, material, standard_terms, submission},
        },
        store::{Draft, DraftContent},
        testing::{House, houses, region},
    };

    /// A file as it was stored before uploads were noted.
    async fn stored(house: &House, content: &str) -> FileReference {
        let bytes = format!("%PDF-1.7\n{content}\n%%EOF").into_bytes();
        FileReference {
            bytes: bytes.len() as u64,
            sha256: house.rooms.cases.files().put(bytes).await.unwrap(),
            name: Personal::new(APPLICANT, "材料.pdf".to_owned()),
            media_type: "application/pdf".to_owned(),
        }
    }

    async fn save_draft(house: &House, file: &FileReference) {
        let mut given = material("m1");
        given.files = vec![file.clone()];
        let draft = Draft {
            id: DraftId::from_u128(9),
            person: PersonId::from_u128(77),
            item: ItemId::from_u128(1),
            item_version: 1,
            content: DraftContent {
                answers: json!({}).as_object().unwrap().clone(),
                materials: vec![given],
                ..DraftContent::default()
            },
            updated_at_us: 0,
        };
        let drafts = house.rooms.cases.drafts();
        drafts.save(region(), &draft).await.unwrap();
    }

    #[tokio::test]
    async fn what_was_stored_before_uploads_were_noted_is_swept_too() {
        for house in houses().await {
            let engine = house.engine;
            let (named, in_draft, loose) = (
                stored(&house, "named").await,
                stored(&house, "draft").await,
                stored(&house, "loose").await,
            );
            let mut command = submission(standard_terms(), &["m1"], DeliveryChoice::Counter);
            if let CaseCommand::Submit(submission) = &mut command {
                submission.materials[0].files = vec![named.clone()];
            }
            let case = house.submit(1, command).await;
            house.rooms.notices.pdf(region(), case, 1).await.unwrap();
            let papers = house.rooms.notices.kept().of_case(region(), case).await;
            let paper = papers.unwrap().remove(0).sha256;
            save_draft(&house, &in_draft).await;
            house.rooms.cases.plan_sweep(region()).await.unwrap();
            house.work().await;
            assert_eq!(folder_next(&house.ledger, region()).await.unwrap(), FOLDERS);
            house.later(60);
            save_draft(&house, &in_draft).await;
            house.later(31);
            house.work().await;
            let files = house.rooms.cases.files();
            for kept in [&named.sha256, &in_draft.sha256, &paper] {
                assert!(files.has(kept).await.unwrap(), "{engine}");
            }
            assert!(!files.has(&loose.sha256).await.unwrap(), "{engine}");
            // The walk is made once.
            house.rooms.cases.plan_sweep(region()).await.unwrap();
            assert!(
                !is_planned(&house.ledger, region(), &job(), None)
                    .await
                    .unwrap()
            );
        }
    }
}
