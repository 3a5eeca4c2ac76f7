//! What nobody handed in does not stay for ever: drafts that are too old, and files that neither a case nor a draft
//! names. One run does a bounded amount and plans the next.

use async_trait::async_trait;
use jiff::SignedDuration;
use serde_json::{Value, json};
use wuchuang_kernel::Region;
use wuchuang_ledger::{Job, JobContext, JobFailure, Ledger, NewJob, StorageError};

use super::is_planned;
use crate::service::Cases;

/// The job's name.
const NAME: &str = "case_sweep";
/// How many drafts, and how many files, one run looks at.
const SWEPT_MAX: i64 = 500;
/// When the next run comes after one that left nothing.
const CALM: SignedDuration = SignedDuration::from_hours(24);
/// When it comes after one that reached its bound.
const BUSY: SignedDuration = SignedDuration::from_mins(5);

/// Sweeps drafts and uploads.
pub struct SweepJob {
    cases: Cases,
}

impl SweepJob {
    pub(super) const fn new(cases: Cases) -> Self {
        Self { cases }
    }
}

#[async_trait]
impl Job for SweepJob {
    fn name(&self) -> &'static str {
        NAME
    }

    async fn run(&self, _input: Value, context: &JobContext) -> Result<(), JobFailure> {
        let cases = &self.cases;
        let kept = cases.drafts_kept();
        let ledger = &context.ledger;
        let now = ledger.now();
        let before = now.checked_sub(kept).unwrap_or(now);
        let drafts = cases.drafts();
        let expired = drafts
            .remove_expired(context.region, before, SWEPT_MAX)
            .await?;
        let (looked_at, removed) = cases
            .uploads()
            .sweep(context.region, &drafts, kept, SWEPT_MAX)
            .await
            .map_err(|error| JobFailure::Later(error.to_string()))?;
        if expired > 0 || removed > 0 {
            tracing::info!(
                expired,
                removed,
                "drafts and files that nobody handed in were removed"
            );
        }
        let is_full = |count: usize| i64::try_from(count).is_ok_and(|count| count >= SWEPT_MAX);
        let is_busy = is_full(looked_at) || usize::try_from(expired).is_ok_and(is_full);
        if !is_planned(ledger, context.region, &job(), Some(context.id)).await? {
            let next = job().after(if is_busy { BUSY } else { CALM });
            ledger.job_add(context.region, next).await?;
        }
        Ok(())
    }
}

/// Plans the first run, unless one is planned. Several servers may ask at once and plan two; a run that finds another
/// one planned plans none, so that one remains.
///
/// # Errors
/// Whatever storage reports.
pub(crate) async fn plan(ledger: &Ledger, region: Region) -> Result<(), StorageError> {
    if is_planned(ledger, region, &job(), None).await? {
        return Ok(());
    }
    ledger.job_add(region, job()).await
}

fn job() -> NewJob {
    NewJob::now(NAME, &json!({}))
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde_json::json;
    use wuchuang_kernel::{DraftId, ItemId, PersonId};
    use wuchuang_ledger::storage::find;

    use crate::{
        model::{
            CaseCommand, DeliveryChoice, FileReference,
            tests::bench::{material, standard_terms, submission},
        },
        store::{Draft, DraftContent, DraftError},
        testing::{House, houses, region},
    };

    const PERSON: PersonId = PersonId::from_u128(77);

    async fn upload(house: &House, content: &str) -> FileReference {
        let bytes = format!("%PDF-1.7\n{content}\n%%EOF").into_bytes();
        house
            .rooms
            .cases
            .take_file(region(), "材料.pdf", bytes, PERSON)
            .await
            .unwrap()
    }

    async fn draft(house: &House, number: u128, file: Option<&FileReference>) -> Draft {
        let mut content = DraftContent::default();
        content.answers.insert("name".into(), json!("王小明"));
        if let Some(file) = file {
            let mut given = material("m1");
            given.files = vec![file.clone()];
            content.materials.push(given);
        }
        let draft = Draft {
            id: DraftId::from_u128(number),
            person: PERSON,
            item: ItemId::from_u128(1),
            item_version: 1,
            content,
            updated_at_us: 0,
        };
        house
            .rooms
            .cases
            .drafts()
            .save(region(), &draft)
            .await
            .unwrap();
        draft
    }

    async fn is_there(house: &House, file: &FileReference) -> bool {
        house.rooms.cases.files().has(&file.sha256).await.unwrap()
    }

    async fn drafts(house: &House) -> usize {
        let drafts = house.rooms.cases.drafts();
        drafts.of_person(region(), PERSON).await.unwrap().len()
    }

    #[tokio::test]
    async fn drafts_are_sealed_and_go_with_their_owner() {
        #[derive(Deserialize)]
        struct Content {
            content: String,
        }
        for house in houses().await {
            let cases = &house.rooms.cases;
            let saved = draft(&house, 101, None).await;
            let row: Option<Content> = find(
                house.ledger.database().read(),
                "SELECT content FROM case_draft WHERE region = $1",
                [region().to_string().into()],
            )
            .await
            .unwrap();
            assert!(!row.unwrap().content.contains("王小明"), "{}", house.engine);
            let found = cases.drafts().find(region(), PERSON, saved.id).await;
            assert_eq!(
                found.unwrap().unwrap().content.answers["name"],
                json!("王小明")
            );
            let loose = upload(&house, "forgotten").await;
            house.ledger.forget(region(), PERSON).await.unwrap();
            assert_eq!(drafts(&house).await, 0, "{}", house.engine);
            let refused = cases.drafts().save(region(), &saved).await;
            assert!(
                matches!(refused, Err(DraftError::Sealing(_))),
                "{}",
                house.engine
            );
            // Their files go with the next run, without waiting for their time.
            cases.plan_sweep(region()).await.unwrap();
            house.work().await;
            assert!(!is_there(&house, &loose).await, "{}", house.engine);
        }
    }

    #[tokio::test]
    async fn what_nobody_hands_in_goes_and_what_is_named_stays() {
        for house in houses().await {
            let cases = &house.rooms.cases;
            let (named, in_draft, loose) = (
                upload(&house, "named").await,
                upload(&house, "draft").await,
                upload(&house, "loose").await,
            );
            let mut command = submission(standard_terms(), &["m1"], DeliveryChoice::Counter);
            if let CaseCommand::Submit(submission) = &mut command {
                submission.materials[0].files = vec![named.clone()];
            }
            house.submit(1, command).await;
            draft(&house, 101, None).await;
            cases.plan_sweep(region()).await.unwrap();
            cases.plan_sweep(region()).await.unwrap();
            house.later(89);
            draft(&house, 102, Some(&in_draft)).await;
            house.work().await;
            assert_eq!(drafts(&house).await, 2, "{}", house.engine);
            assert!(is_there(&house, &loose).await, "{}", house.engine);
            house.later(2);
            house.work().await;
            assert_eq!(drafts(&house).await, 1, "{}", house.engine);
            assert!(is_there(&house, &named).await, "{}", house.engine);
            assert!(is_there(&house, &in_draft).await, "{}", house.engine);
            assert!(!is_there(&house, &loose).await, "{}", house.engine);
            // With the draft its file goes; the file that the ledger names stays for good.
            house.later(181);
            house.work().await;
            assert_eq!(drafts(&house).await, 0, "{}", house.engine);
            assert!(!is_there(&house, &in_draft).await, "{}", house.engine);
            assert!(is_there(&house, &named).await, "{}", house.engine);
            house.check_replay().await;
        }
    }

    #[tokio::test]
    async fn a_copy_of_a_document_of_the_house_is_never_removed() {
        for house in houses().await {
            let cases = &house.rooms.cases;
            let bytes = b"%PDF-1.7\nlicence\n%%EOF".to_vec();
            let made = cases.files().put(bytes).await.unwrap();
            let copy = upload(&house, "licence").await;
            assert_eq!(copy.sha256, made, "{}", house.engine);
            cases.plan_sweep(region()).await.unwrap();
            house.later(400);
            house.work().await;
            assert!(is_there(&house, &copy).await, "{}", house.engine);
        }
    }
}
