//! A person was forgotten: their files go as well. The job is written in the transaction that erases their key, so a
//! crash in between is taken up again.

use async_trait::async_trait;
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use wuchuang_kernel::PersonId;
use wuchuang_ledger::{Job, JobContext, JobFailure, NewJob, Reaction, Recorded};

use super::is_planned;
use crate::{service::Cases, store::remove_files};

/// The job's name.
const NAME: &str = "case_files_forgotten";
/// When to look again while somebody else may still hand in the same content.
const AGAIN: SignedDuration = SignedDuration::from_hours(24);

#[derive(Debug, Serialize, Deserialize)]
struct Input {
    person: PersonId,
}

/// Asks for the removal when a person is forgotten.
#[derive(Debug, Clone, Copy, Default)]
pub struct ForgottenReaction;

impl Reaction for ForgottenReaction {
    fn kinds(&self) -> &'static [&'static str] {
        &[]
    }

    fn react(&self, _recorded: &Recorded) -> Vec<NewJob> {
        Vec::new()
    }

    fn forgotten(&self, person: PersonId) -> Vec<NewJob> {
        vec![NewJob::now(NAME, &Input { person }).paper()]
    }
}

/// Removes the files of a forgotten person.
pub struct ForgottenJob {
    cases: Cases,
}

impl ForgottenJob {
    pub(super) const fn new(cases: Cases) -> Self {
        Self { cases }
    }
}

#[async_trait]
impl Job for ForgottenJob {
    fn name(&self) -> &'static str {
        NAME
    }

    async fn run(&self, input: Value, context: &JobContext) -> Result<(), JobFailure> {
        let Input { person } =
            serde_json::from_value(input).map_err(|error| JobFailure::Never(error.to_string()))?;
        let ledger = &context.ledger;
        if !ledger.is_forgotten(context.region, person).await? {
            return Ok(());
        }
        ledger.let_go(context.region, person);
        let done = remove_files(ledger, self.cases.files(), context.region, person)
            .await
            .map_err(|error| JobFailure::Later(error.to_string()))?;
        tracing::info!(
            removed = done.removed,
            waiting = done.waiting,
            "files of a forgotten person were removed"
        );
        if done.waiting > 0 {
            let again = NewJob::now(NAME, &Input { person }).paper().after(AGAIN);
            if !is_planned(ledger, context.region, &again, Some(context.id)).await? {
                ledger.job_add(context.region, again).await?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use wuchuang_kernel::{CaseId, Personal};
    use wuchuang_ledger::ForgetError;

    use super::*;
    use crate::{
        files::FileError,
        model::{
            CaseCommand, DeliveryChoice, FileReference,
            tests::bench::{APPLICANT, standard_terms, submission},
        },
        notices::NoticeError,
        testing::{House, houses, region},
    };

    const OTHER: PersonId = PersonId::from_u128(0xA2);

    async fn upload(house: &House, person: PersonId, content: &str) -> FileReference {
        let bytes = format!("%PDF-1.7\n{content}\n%%EOF").into_bytes();
        let cases = &house.rooms.cases;
        cases
            .take_file(region(), "材料.pdf", bytes, person)
            .await
            .unwrap()
    }

    /// A case of a person with files.
    async fn case(
        house: &House,
        number: u128,
        person: PersonId,
        files: Vec<FileReference>,
    ) -> CaseId {
        let mut command = submission(standard_terms(), &["m1"], DeliveryChoice::Counter);
        if let CaseCommand::Submit(submission) = &mut command {
            submission.materials[0].files = files;
            let applicant = &mut submission.applicant;
            applicant.person = person;
            applicant.name = Personal::new(person, "赵敏".to_owned());
            submission.agent = None;
        }
        house.submit(number, command).await
    }

    async fn paper(house: &House, case: CaseId) -> Result<Vec<u8>, NoticeError> {
        house.rooms.notices.pdf(region(), case, 1).await
    }

    async fn is_there(house: &House, sha256: &str) -> bool {
        house.rooms.cases.files().has(sha256).await.unwrap()
    }

    #[tokio::test]
    async fn files_and_papers_go_with_their_person_and_nobody_elses() {
        for house in houses().await {
            let engine = house.engine;
            let (scan, shared, loose) = (
                upload(&house, APPLICANT, "scan").await,
                upload(&house, APPLICANT, "shared").await,
                upload(&house, APPLICANT, "loose").await,
            );
            let copy = FileReference {
                name: Personal::new(OTHER, "材料.pdf".to_owned()),
                ..shared.clone()
            };
            let own = case(&house, 1, APPLICANT, vec![scan.clone(), shared.clone()]).await;
            let another = case(&house, 2, OTHER, vec![copy.clone()]).await;
            paper(&house, own).await.unwrap();
            paper(&house, another).await.unwrap();
            let kept = house.rooms.notices.kept();
            let papers = kept.of_case(region(), own).await.unwrap();
            // A hold keeps the files as it keeps the rest.
            let reason = Some("行政诉讼".to_owned());
            house
                .ledger
                .hold(region(), APPLICANT, reason)
                .await
                .unwrap();
            let held = house.ledger.forget(region(), APPLICANT).await;
            assert!(matches!(held, Err(ForgetError::Held(_))), "{engine}");
            house.work().await;
            assert!(is_there(&house, &scan.sha256).await, "{engine}");
            paper(&house, own).await.unwrap();

            house.ledger.hold(region(), APPLICANT, None).await.unwrap();
            house.ledger.forget(region(), APPLICANT).await.unwrap();
            // Nobody reads them from this moment on, although the job has not run.
            let state = house
                .rooms
                .cases
                .find(region(), own)
                .await
                .unwrap()
                .unwrap();
            let named = &state.materials[0].files[0];
            let read = house.rooms.cases.files().read(named).await;
            assert!(matches!(read, Err(FileError::Erased)), "{engine}");
            assert!(matches!(
                paper(&house, own).await,
                Err(NoticeError::Forgotten)
            ));
            // A run that broke off in the middle has removed some of them.
            house
                .rooms
                .cases
                .files()
                .remove(&scan.sha256)
                .await
                .unwrap();
            house.work().await;
            for gone in [&scan.sha256, &loose.sha256, &papers[0].sha256] {
                assert!(!is_there(&house, gone).await, "{engine}");
            }
            assert!(is_there(&house, &shared.sha256).await, "{engine}");
            house.rooms.cases.files().read(&copy).await.unwrap();
            paper(&house, another).await.unwrap();
            // The rows stay, and a second forgetting finds nothing to do.
            assert_eq!(kept.of_case(region(), own).await.unwrap().len(), 1);
            house.ledger.forget(region(), APPLICANT).await.unwrap();
            house.work().await;
            assert!(is_there(&house, &shared.sha256).await, "{engine}");
            house.check_replay().await;
        }
    }

    #[tokio::test]
    async fn a_file_that_somebody_else_may_hand_in_waits_for_them() {
        for house in houses().await {
            let engine = house.engine;
            let scan = upload(&house, APPLICANT, "scan").await;
            case(&house, 1, APPLICANT, vec![scan.clone()]).await;
            upload(&house, OTHER, "scan").await;
            house.ledger.forget(region(), APPLICANT).await.unwrap();
            house.work().await;
            assert!(is_there(&house, &scan.sha256).await, "{engine}");
            // They never do: their time ends, and the next look removes it.
            house.rooms.cases.plan_sweep(region()).await.unwrap();
            for _ in 0..3 {
                house.later(46);
                house.work().await;
            }
            assert!(!is_there(&house, &scan.sha256).await, "{engine}");
        }
    }
}
