//! Somebody's account was closed or their post ended: the cases in their hands go back to the organisation, or nobody
//! could handle them and their time would run out.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use wuchuang_access::model::staff::{StaffEvent, StaffState, StaffStream};
use wuchuang_kernel::{CaseId, OrganisationId, PersonId, PostId};
use wuchuang_ledger::{
    Job, JobContext, JobFailure, NewJob, Reaction, Recorded, StorageError, Stream, storage::list,
};

use super::{order, settled};
use crate::{
    model::{CaseCommand, CaseStream},
    store::held_tasks,
};

/// The job's name.
const NAME: &str = "case_release";
/// How many cases are read in one go.
const CASES_A_READ: i64 = 200;

#[derive(Debug, Serialize, Deserialize)]
struct Input {
    /// In whose hands the cases are.
    person: PersonId,
    /// Only the cases of this organisation; all when the person holds no post any more.
    organisation: Option<OrganisationId>,
}

/// Asks for the release when somebody cannot handle cases any more.
#[derive(Debug, Clone, Copy, Default)]
pub struct ReleaseReaction;

impl Reaction for ReleaseReaction {
    fn kinds(&self) -> &'static [&'static str] {
        &[StaffStream::KIND]
    }

    fn react(&self, recorded: &Recorded) -> Vec<NewJob> {
        let (Some(event), Some(state)) = (
            recorded.event::<StaffStream>(),
            recorded.state::<StaffStream>(),
        ) else {
            return Vec::new();
        };
        let left = match event {
            StaffEvent::Deactivated { .. } => Some(Left::House),
            StaffEvent::PostEnded { post, .. } => left(state, *post),
            _ => None,
        };
        let person = recorded.stream_id.into();
        let release = |left: Left| {
            let organisation = match left {
                Left::Organisation(organisation) => Some(organisation),
                Left::House => None,
            };
            let input = Input {
                person,
                organisation,
            };
            NewJob::now(NAME, &input)
        };
        left.map(release).into_iter().collect()
    }
}

/// What somebody left.
enum Left {
    Organisation(OrganisationId),
    House,
}

/// What somebody left with a post: nothing while another post in the same organisation is held.
fn left(state: &StaffState, post: PostId) -> Option<Left> {
    let organisation = state.posts.get(&post)?.details.organisation;
    let mut held = state.posts.values().filter(|held| held.until.is_none());
    if held.clone().next().is_none() {
        return Some(Left::House);
    }
    let is_still_there = held.any(|held| held.details.organisation == organisation);
    (!is_still_there).then_some(Left::Organisation(organisation))
}

#[derive(Deserialize)]
struct Row {
    id: String,
}

/// Releases what somebody holds.
#[derive(Debug, Clone, Copy, Default)]
pub struct ReleaseJob;

#[async_trait]
impl Job for ReleaseJob {
    fn name(&self) -> &'static str {
        NAME
    }

    async fn run(&self, input: Value, context: &JobContext) -> Result<(), JobFailure> {
        let input: Input =
            serde_json::from_value(input).map_err(|error| JobFailure::Never(error.to_string()))?;
        release_cases(context, &input).await?;
        release_tasks(context, &input).await
    }
}

async fn release_cases(context: &JobContext, input: &Input) -> Result<(), JobFailure> {
    let mut after = String::new();
    loop {
        let rows = held(context, input, &after).await?;
        let Some(last) = rows.last() else {
            return Ok(());
        };
        after.clone_from(&last.id);
        for row in &rows {
            let Ok(case) = row.id.parse::<CaseId>() else {
                continue;
            };
            let order = order(context, &format!("release/{case}"));
            let done = context
                .ledger
                .execute::<CaseStream>(case.into(), CaseCommand::Release, order)
                .await;
            settled(done)?;
        }
    }
}

/// The tasks of drawn processes in the same hands.
async fn release_tasks(context: &JobContext, input: &Input) -> Result<(), JobFailure> {
    let holder = input.person.to_string();
    let organisation = input
        .organisation
        .map(|organisation| organisation.to_string())
        .unwrap_or_default();
    let (mut case, mut task) = (String::new(), 0);
    loop {
        let connection = context.ledger.database().read();
        let after = (case.as_str(), task);
        let found = held_tasks(
            connection,
            context.region,
            &holder,
            &organisation,
            after,
            CASES_A_READ,
        );
        let rows = found.await?;
        let Some(last) = rows.last() else {
            return Ok(());
        };
        (case, task) = (last.case_id.clone(), last.task);
        for row in &rows {
            let Ok(case) = row.case_id.parse::<CaseId>() else {
                continue;
            };
            let order = order(context, &format!("release/{case}/{}", row.task));
            let command = CaseCommand::ReleaseTask { task: row.key() };
            let done = context
                .ledger
                .execute::<CaseStream>(case.into(), command, order);
            settled(done.await)?;
        }
    }
}

/// The open cases in somebody's hands, after one.
async fn held(context: &JobContext, input: &Input, after: &str) -> Result<Vec<Row>, StorageError> {
    let organisation = input
        .organisation
        .map(|organisation| organisation.to_string());
    list(
        context.ledger.database().read(),
        "SELECT id FROM case_file WHERE region = $1 AND holder = $2 AND is_open = TRUE AND id > $3
           AND ($4 = '' OR organisation = $4) ORDER BY id LIMIT $5",
        [
            context.region.to_string().into(),
            input.person.to_string().into(),
            after.into(),
            organisation.unwrap_or_default().into(),
            CASES_A_READ.into(),
        ],
    )
    .await
}
