//! Forgetting one person (个人信息保护法 art. 47): their key is erased, their values in the tables are
//! cleared, and every hash still holds. What lies outside of the tables is left to the jobs that the
//! reactions ask for. A legal hold (a lawsuit, an archive duty) prevents it.

use serde::Deserialize;
use wuchuang_kernel::{PersonId, Region};

use crate::{
    ledger::Ledger,
    projection::NewJob,
    storage::{StorageError, execute, execute_exactly, find},
};

/// Why a person was not forgotten.
#[derive(Debug, thiserror::Error)]
pub enum ForgetError {
    /// Nothing is recorded about this person.
    #[error("no person {0} is known in this region")]
    Unknown(PersonId),
    /// A legal hold forbids it.
    #[error("a legal hold forbids it: {0}")]
    Held(String),
    /// Storage failed.
    #[error("the person could not be forgotten")]
    Storage(#[from] StorageError),
}

/// Why a legal hold could not be set or lifted.
#[derive(Debug, thiserror::Error)]
pub enum HoldError {
    /// Nothing is recorded about this person, or they were forgotten already.
    #[error("no person {0} with a key is known in this region")]
    Unknown(PersonId),
    /// Storage failed.
    #[error("the hold could not be written")]
    Storage(#[from] StorageError),
}

#[derive(Deserialize)]
struct KeyRow {
    erased_at_us: Option<i64>,
    hold_reason: Option<String>,
}

impl Ledger {
    /// Forgets a person: erases their key and clears their values from every projection, in one
    /// transaction. Forgetting twice is no error.
    ///
    /// # Errors
    /// When the person is unknown, held, or storage fails.
    pub async fn forget(&self, region: Region, person: PersonId) -> Result<(), ForgetError> {
        let transaction = self.database().begin().await?;
        let row: Option<KeyRow> = find(
            &transaction,
            "SELECT erased_at_us, hold_reason FROM person_key WHERE region = $1 AND person = $2",
            [region.to_string().into(), person.to_string().into()],
        )
        .await?;
        let row = row.ok_or(ForgetError::Unknown(person))?;
        if let Some(reason) = row.hold_reason {
            return Err(ForgetError::Held(reason));
        }
        if row.erased_at_us.is_none() {
            execute_exactly(
                &transaction,
                "person key erase",
                1,
                "UPDATE person_key SET wrapped = '', erased_at_us = $3 WHERE region = $1 AND person = $2",
                [
                    region.to_string().into(),
                    person.to_string().into(),
                    self.now().as_microsecond().into(),
                ],
            )
            .await?;
        }
        for projection in &self.shared.projections {
            projection.forget(region, person, &transaction).await?;
        }
        let jobs = self.jobs_after_forgetting(person);
        for job in &jobs {
            self.job_write(&transaction, region, job).await?;
        }
        transaction.commit().await?;
        self.let_go(region, person);
        for job in jobs {
            self.shared.knock(job.lane);
        }
        Ok(())
    }

    fn jobs_after_forgetting(&self, person: PersonId) -> Vec<NewJob> {
        let reactions = self.shared.reactions.iter();
        reactions
            .flat_map(|reaction| reaction.forgotten(person))
            .collect()
    }

    /// Lets go of what this process has at hand about a person: their key, and states with their values in the clear.
    /// Whoever forgets them may be another process (`wuchuang forget` beside a server), so the jobs that follow a
    /// forgetting call this as well.
    pub fn let_go(&self, region: Region, person: PersonId) {
        self.shared.keyring.drop_from_hand(region, person);
        self.shared.states.invalidate_all();
    }

    /// Whether a person was forgotten, as the database knows it and not as this process has it at hand.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn is_forgotten(
        &self,
        region: Region,
        person: PersonId,
    ) -> Result<bool, StorageError> {
        let row: Option<KeyRow> = find(
            self.database().read(),
            "SELECT erased_at_us, hold_reason FROM person_key WHERE region = $1 AND person = $2",
            [region.to_string().into(), person.to_string().into()],
        )
        .await?;
        Ok(row.is_some_and(|row| row.erased_at_us.is_some()))
    }

    /// Sets (`Some(reason)`) or lifts (`None`) a legal hold on a person's data.
    ///
    /// # Errors
    /// When the person is unknown or storage fails.
    pub async fn hold(
        &self,
        region: Region,
        person: PersonId,
        reason: Option<String>,
    ) -> Result<(), HoldError> {
        let touched = execute(
            self.database().write(),
            "UPDATE person_key SET hold_reason = $3 WHERE region = $1 AND person = $2 AND erased_at_us IS NULL",
            [
                region.to_string().into(),
                person.to_string().into(),
                reason.into(),
            ],
        )
        .await?;
        if touched == 1 {
            Ok(())
        } else {
            Err(HoldError::Unknown(person))
        }
    }
}
