//! What staff prove themselves with: a password and, once they set it up, a second factor (TOTP,
//! RFC 6238) with recovery codes. Operational: nothing of it is on the ledger.

use serde::Deserialize;
use totp_rs::{Algorithm, Builder, Secret as TotpSecret, Totp};
use wuchuang_kernel::{PersonId, Region};
use wuchuang_ledger::{
    StorageError,
    storage::{execute, find},
};
use wuchuang_webkit::Failure;

use crate::{
    keys::token_hash,
    password::{PasswordError, Passwords},
    store::Directory,
};

/// How many bytes a TOTP secret has (RFC 4226 §4 recommends 160 bits).
const FACTOR_BYTES: usize = 20;
/// A right code is of the present step or one beside it; a used step further ahead than this was used before the clock
/// was set back.
const STEPS_AHEAD_MAX: i64 = 2;
/// How many recovery codes there are.
const RECOVERY_CODES: usize = 8;

/// Why a secret could not be checked or kept.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SecretError {
    #[error(transparent)]
    Storage(#[from] StorageError),
    #[error(transparent)]
    Password(#[from] PasswordError),
}

impl From<SecretError> for Failure {
    fn from(error: SecretError) -> Self {
        match error {
            SecretError::Storage(error) => error.into(),
            SecretError::Password(error) => Self::internal(error),
        }
    }
}

/// What a right password leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Proved {
    /// It was a one-time password.
    pub(crate) must_change: bool,
    /// A second factor is asked for.
    pub(crate) has_factor: bool,
}

#[derive(Deserialize)]
struct Row {
    password_hash: String,
    must_change: bool,
    factor_secret: String,
    factor_on: bool,
    factor_step: i64,
    recovery_hashes: String,
}

/// The secrets of staff. Cloning shares them.
#[derive(Clone)]
pub(crate) struct Secrets {
    directory: Directory,
    pub(crate) passwords: Passwords,
}

impl Secrets {
    pub(crate) const fn new(directory: Directory, passwords: Passwords) -> Self {
        Self {
            directory,
            passwords,
        }
    }

    async fn row(&self, region: Region, person: PersonId) -> Result<Option<Row>, StorageError> {
        find(
            self.directory.ledger().database().read(),
            "SELECT password_hash, must_change, factor_secret, factor_on, factor_step, recovery_hashes FROM staff_secret WHERE region = $1 AND person = $2",
            [region.to_string().into(), person.to_string().into()],
        )
        .await
    }

    /// Checks a password; `None` when it is wrong or there is no such person, after the same time.
    pub(crate) async fn prove(
        &self,
        region: Region,
        person: Option<PersonId>,
        password: &str,
    ) -> Result<Option<Proved>, SecretError> {
        let row = match person {
            Some(person) => self.row(region, person).await?,
            None => None,
        };
        let stored = row.as_ref().map(|row| row.password_hash.as_str());
        let is_right = self.passwords.is_right(password, stored).await?;
        Ok(row.filter(|_| is_right).map(|row| Proved {
            must_change: row.must_change,
            has_factor: row.factor_on,
        }))
    }

    /// Sets a password; `must_change` for a one-time password.
    pub(crate) async fn set_password(
        &self,
        region: Region,
        person: PersonId,
        password: &str,
        must_change: bool,
    ) -> Result<(), SecretError> {
        let hash = self.passwords.hash(password).await?;
        self.set_hash(region, person, &hash, must_change).await?;
        Ok(())
    }

    /// Sets a password that was computed before: for many accounts at once.
    pub(crate) async fn set_hash(
        &self,
        region: Region,
        person: PersonId,
        hash: &str,
        must_change: bool,
    ) -> Result<(), StorageError> {
        let ledger = self.directory.ledger();
        execute(
            ledger.database().write(),
            "INSERT INTO staff_secret (region, person, password_hash, must_change, changed_at_us, factor_secret, factor_on, factor_step, recovery_hashes)
             VALUES ($1, $2, $3, $4, $5, '', FALSE, 0, '')
             ON CONFLICT (region, person) DO UPDATE SET password_hash = excluded.password_hash,
                must_change = excluded.must_change, changed_at_us = excluded.changed_at_us",
            [
                region.to_string().into(),
                person.to_string().into(),
                hash.into(),
                must_change.into(),
                ledger.now().as_microsecond().into(),
            ],
        )
        .await?;
        Ok(())
    }

    /// Whether a second factor is asked for.
    pub(crate) async fn has_factor(
        &self,
        region: Region,
        person: PersonId,
    ) -> Result<bool, StorageError> {
        Ok(self
            .row(region, person)
            .await?
            .is_some_and(|row| row.factor_on))
    }

    /// Whether the person has a password at all.
    pub(crate) async fn is_set(
        &self,
        region: Region,
        person: PersonId,
    ) -> Result<bool, StorageError> {
        Ok(self.row(region, person).await?.is_some())
    }

    /// Whether the password is a one-time password.
    pub(crate) async fn must_change(
        &self,
        region: Region,
        person: PersonId,
    ) -> Result<bool, StorageError> {
        Ok(self
            .row(region, person)
            .await?
            .is_some_and(|row| row.must_change))
    }

    /// The secret (base32) that an app must take up: the one that waits for its first code, or a
    /// new one. `None` when a factor is on already or the person has no password.
    pub(crate) async fn begin_factor(
        &self,
        region: Region,
        person: PersonId,
    ) -> Result<Option<String>, StorageError> {
        let Some(row) = self.row(region, person).await? else {
            return Ok(None);
        };
        if row.factor_on {
            return Ok(None);
        }
        if let Some(secret) = self.open(&row.factor_secret, person) {
            return Ok(Some(TotpSecret::from(secret).to_base32()));
        }
        let ledger = self.directory.ledger();
        let mut secret = vec![0; FACTOR_BYTES];
        ledger.randomness().fill(&mut secret);
        let sealed =
            self.directory
                .key()
                .seal(&secret, &person.to_string(), ledger.randomness().as_ref());
        execute(
            ledger.database().write(),
            "UPDATE staff_secret SET factor_secret = $3 WHERE region = $1 AND person = $2",
            [
                region.to_string().into(),
                person.to_string().into(),
                sealed.into(),
            ],
        )
        .await?;
        Ok(Some(TotpSecret::from(secret).to_base32()))
    }

    /// Turns the second factor on after its first right code and gives the recovery codes, once.
    pub(crate) async fn confirm_factor(
        &self,
        region: Region,
        person: PersonId,
        code: &str,
    ) -> Result<Option<Vec<String>>, StorageError> {
        let Some(row) = self.row(region, person).await?.filter(|row| !row.factor_on) else {
            return Ok(None);
        };
        let Some(step) = self.step(&row, person, code) else {
            return Ok(None);
        };
        let ledger = self.directory.ledger();
        let codes: Vec<String> = (0..RECOVERY_CODES)
            .map(|_| ledger.randomness().token(5))
            .collect();
        let hashes: Vec<String> = codes.iter().map(|code| token_hash(code)).collect();
        execute(
            ledger.database().write(),
            "UPDATE staff_secret SET factor_on = TRUE, factor_step = $3, recovery_hashes = $4 WHERE region = $1 AND person = $2",
            [
                region.to_string().into(),
                person.to_string().into(),
                step.into(),
                hashes.join(" ").into(),
            ],
        )
        .await?;
        Ok(Some(codes))
    }

    /// Whether a code (of the app, or a recovery code) is right; each counts once.
    pub(crate) async fn use_factor(
        &self,
        region: Region,
        person: PersonId,
        code: &str,
    ) -> Result<bool, StorageError> {
        let Some(row) = self.row(region, person).await?.filter(|row| row.factor_on) else {
            return Ok(false);
        };
        let code: String = code
            .chars()
            .filter(|character| !character.is_whitespace())
            .collect();
        let database = self.directory.ledger().database().write();
        if let Some(step) = self.step(&row, person, &code) {
            // The condition makes a code that was used already useless, also for two at once.
            let used = execute(
                database,
                "UPDATE staff_secret SET factor_step = $3 WHERE region = $1 AND person = $2 AND (factor_step < $3 OR factor_step > $4)",
                [
                    region.to_string().into(),
                    person.to_string().into(),
                    step.into(),
                    (step + STEPS_AHEAD_MAX).into(),
                ],
            )
            .await?;
            return Ok(used == 1);
        }
        let hash = token_hash(&code.to_lowercase());
        let left: Vec<&str> = row
            .recovery_hashes
            .split_whitespace()
            .filter(|kept| *kept != hash)
            .collect();
        if left.len() == row.recovery_hashes.split_whitespace().count() {
            return Ok(false);
        }
        let used = execute(
            database,
            "UPDATE staff_secret SET recovery_hashes = $3 WHERE region = $1 AND person = $2 AND recovery_hashes = $4",
            [
                region.to_string().into(),
                person.to_string().into(),
                left.join(" ").into(),
                row.recovery_hashes.clone().into(),
            ],
        )
        .await?;
        Ok(used == 1)
    }

    /// Takes the second factor off: the app's phone is lost, or it moves to another.
    pub(crate) async fn remove_factor(
        &self,
        region: Region,
        person: PersonId,
    ) -> Result<(), StorageError> {
        execute(
            self.directory.ledger().database().write(),
            "UPDATE staff_secret SET factor_secret = '', factor_on = FALSE, recovery_hashes = '' WHERE region = $1 AND person = $2",
            [region.to_string().into(), person.to_string().into()],
        )
        .await?;
        Ok(())
    }

    fn open(&self, sealed: &str, person: PersonId) -> Option<Vec<u8>> {
        self.directory.key().open(sealed, &person.to_string())
    }

    /// The time step of a right code.
    fn step(&self, row: &Row, person: PersonId, code: &str) -> Option<i64> {
        let secret = self.open(&row.factor_secret, person)?;
        let seconds = u64::try_from(self.directory.ledger().now().as_second()).ok()?;
        let step = totp(secret)?.check(code, seconds)?;
        let step = i64::try_from(step).ok()?;
        // A step used "later than now" comes from before the clock was set back; waiting for it would lock people out.
        let is_ahead = row.factor_step > step + STEPS_AHEAD_MAX;
        (step > row.factor_step || is_ahead).then_some(step)
    }
}

/// The generator that every common app uses: SHA-1, six digits, thirty seconds, one step of slack.
pub(crate) fn totp(secret: Vec<u8>) -> Option<Totp> {
    Builder::new()
        .with_algorithm(Algorithm::SHA1)
        .with_digits(6)
        .with_skew(1)
        .with_step_duration(30)
        .with_secret(secret)
        .build()
        .ok()
}
