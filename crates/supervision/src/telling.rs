//! Tells the staff whose turn it is that a task is there, nearly due or overdue. Whom is looked up when it is told, and kept in
//! the event: the messages follow from it.

use std::collections::BTreeMap;

use async_trait::async_trait;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use wuchuang_access::Directory;
use wuchuang_kernel::{OrganisationId, Personal, Region, Role, SupervisionId};
use wuchuang_ledger::{
    Job, JobContext, JobFailure, NewJob, Reaction, Recorded, StorageError, Stream,
};

use crate::{
    jobs::{read, send},
    model::{Recipient, SupervisionStage, TaskCommand, TaskEvent, TaskStream},
};

/// The job's name.
const TELL: &str = "supervision_tell";
/// How many people are told at most.
const RECIPIENTS_MAX: usize = 30;

#[derive(Debug, Serialize, Deserialize)]
struct Input {
    task: SupervisionId,
    /// Where the task stood: once it went on, this job has nothing to say any more.
    since: Timestamp,
}

/// Asks for the job wherever it becomes somebody's turn.
pub(crate) struct WhoseTurn;

impl Reaction for WhoseTurn {
    fn kinds(&self) -> &'static [&'static str] {
        &[TaskStream::KIND]
    }

    fn react(&self, recorded: &Recorded) -> Vec<NewJob> {
        let is_turn = matches!(
            recorded.event::<TaskStream>(),
            Some(
                TaskEvent::Opened { .. }
                    | TaskEvent::Acknowledged { .. }
                    | TaskEvent::Checked { .. }
            )
        );
        let task = recorded.state::<TaskStream>();
        let task = task.and_then(|state| state.0.as_deref());
        task.filter(|task| is_turn && task.stage != SupervisionStage::Done)
            .map(|task| {
                let input = Input {
                    task: recorded.stream_id.into(),
                    since: task.since,
                };
                NewJob::now(TELL, &input)
            })
            .into_iter()
            .collect()
    }
}

/// Tells what is to be told now, and comes again when there is more.
pub(crate) struct TellStaff {
    directory: Directory,
}

impl TellStaff {
    pub(crate) const fn new(directory: Directory) -> Self {
        Self { directory }
    }

    /// The staff of an organisation who may do what a task asks for (`policies.cedar`).
    async fn recipients(
        &self,
        region: Region,
        organisation: OrganisationId,
    ) -> Result<Vec<Recipient>, StorageError> {
        let mut found = BTreeMap::new();
        for role in [Role::Reviewer, Role::Approver] {
            for one in self
                .directory
                .staff_of(region, organisation, Some(role))
                .await?
            {
                found.insert(one.account, (one.person, one.phone));
            }
        }
        let recipients = found.into_values().take(RECIPIENTS_MAX);
        Ok(recipients
            .map(|(person, phone)| Recipient {
                person,
                phone: Personal::new(person, phone),
            })
            .collect())
    }
}

#[async_trait]
impl Job for TellStaff {
    fn name(&self) -> &'static str {
        TELL
    }

    async fn run(&self, input: Value, context: &JobContext) -> Result<(), JobFailure> {
        let input: Input = read(input)?;
        let ledger = &context.ledger;
        let loaded = ledger
            .load::<TaskStream>(context.region, input.task.into())
            .await
            .map_err(|error| JobFailure::Later(error.to_string()))?;
        let task = loaded.and_then(|(_, state)| state.0.as_deref().cloned());
        let Some(task) = task.filter(|task| task.since == input.since) else {
            return Ok(());
        };
        let (calendar, now) = (ledger.calendar(), ledger.now());
        if let Some(of) = task.telling(&calendar, now) {
            let to = self.recipients(context.region, task.in_turn()).await?;
            send(input.task, TaskCommand::Tell { of, to }, context, "tell").await?;
        }
        if let Some(next) = task.next_telling(&calendar, now) {
            let again = NewJob::now(TELL, &input).after(next.duration_since(now));
            ledger.job_add(context.region, again).await?;
        }
        Ok(())
    }
}
