//! Codes that prove a phone number: six digits, five minutes, five tries, one a minute, ten an hour.

use async_trait::async_trait;
use jiff::SignedDuration;
use serde::Deserialize;
use wuchuang_codes::PhoneNumber;
use wuchuang_kernel::Region;
use wuchuang_ledger::{
    StorageError,
    storage::{execute, find},
};

use crate::store::Directory;

/// How long a code is valid.
const VALID: SignedDuration = SignedDuration::from_mins(5);
/// How often a code may be tried.
const ATTEMPTS_MAX: i64 = 5;
/// The least time between two codes to one phone.
const PAUSE: SignedDuration = SignedDuration::from_secs(60);
/// The time in which `SENT_MAX` codes may be sent to one phone.
const WINDOW: SignedDuration = SignedDuration::from_hours(1);
/// How many codes one phone may get in `WINDOW`.
const SENT_MAX: i64 = 10;

/// How a code went out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeDelivery {
    /// To the phone.
    Sent,
    /// Nowhere: this is a demonstration, and the page shows the code.
    ShownOnPage,
}

/// Why a code did not go out.
#[derive(Debug, thiserror::Error)]
#[error("the code could not be sent: {0}")]
pub struct CodeSendError(pub String);

/// Sends codes to phones. The messages slice gives the real one.
#[async_trait]
pub trait CodeSender: Send + Sync + 'static {
    /// Sends a code.
    ///
    /// # Errors
    /// When it cannot be handed to the provider.
    async fn send(
        &self,
        region: Region,
        phone: &PhoneNumber,
        code: &str,
    ) -> Result<CodeDelivery, CodeSendError>;
}

/// The sender of a demonstration: the page shows the code itself.
#[derive(Debug, Clone, Copy, Default)]
pub struct DemoCodeSender;

#[async_trait]
impl CodeSender for DemoCodeSender {
    async fn send(
        &self,
        _region: Region,
        _phone: &PhoneNumber,
        _code: &str,
    ) -> Result<CodeDelivery, CodeSendError> {
        Ok(CodeDelivery::ShownOnPage)
    }
}

/// What became of a wish for a code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Issued {
    /// A new code, to be sent.
    Code(String),
    /// One was just sent; another only after so many seconds.
    Pause(i64),
    /// Ten were sent within the hour.
    TooMany,
}

/// What became of a code that was typed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tried {
    Right,
    Wrong,
    /// Too late, tried too often, or never sent: a new one is needed.
    Spent,
}

#[derive(Deserialize)]
struct Row {
    code_hash: String,
    sent_at_us: i64,
    attempts: i64,
    window_from_us: i64,
    window_sent: i64,
}

/// The codes that wait to be typed in.
#[derive(Clone)]
pub(crate) struct Codes {
    directory: Directory,
}

impl Codes {
    pub(crate) const fn new(directory: Directory) -> Self {
        Self { directory }
    }

    fn phone_hash(&self, phone: &PhoneNumber) -> String {
        self.directory.key().digest("login-phone", phone.as_str())
    }

    fn code_hash(&self, phone: &PhoneNumber, code: &str) -> String {
        let text = format!("{}/{code}", phone.as_str());
        self.directory.key().digest("login-code", &text)
    }

    async fn row(&self, region: Region, phone_hash: &str) -> Result<Option<Row>, StorageError> {
        find(
            self.directory.ledger().database().write(),
            "SELECT code_hash, sent_at_us, attempts, window_from_us, window_sent FROM login_code WHERE region = $1 AND phone_hash = $2",
            [region.to_string().into(), phone_hash.into()],
        )
        .await
    }

    /// After the clock was set back, what was sent "later than now" counts as sent just now: nobody waits, and no code is
    /// valid, for longer than usual.
    async fn bring_back(
        &self,
        region: Region,
        phone_hash: &str,
        now_us: i64,
    ) -> Result<(), StorageError> {
        let is_ahead = self
            .row(region, phone_hash)
            .await?
            .is_some_and(|row| row.sent_at_us > now_us || row.window_from_us > now_us);
        if !is_ahead {
            return Ok(());
        }
        execute(
            self.directory.ledger().database().write(),
            "UPDATE login_code SET
                sent_at_us = CASE WHEN sent_at_us > $3 THEN $3 ELSE sent_at_us END,
                window_from_us = CASE WHEN window_from_us > $3 THEN $3 ELSE window_from_us END
             WHERE region = $1 AND phone_hash = $2",
            [region.to_string().into(), phone_hash.into(), now_us.into()],
        )
        .await?;
        Ok(())
    }

    /// Makes a code for a phone, unless it got one just now or too many.
    pub(crate) async fn issue(
        &self,
        region: Region,
        phone: &PhoneNumber,
    ) -> Result<Issued, StorageError> {
        let ledger = self.directory.ledger();
        let now_us = ledger.now().as_microsecond();
        let hash = self.phone_hash(phone);
        self.bring_back(region, &hash, now_us).await?;
        let mut window = (now_us, 0);
        if let Some(row) = self.row(region, &hash).await? {
            let pause_us = microseconds(PAUSE) - (now_us - row.sent_at_us);
            // A code that was used waits for nobody: who signs out and in again needs another one at once.
            if pause_us > 0 && !row.code_hash.is_empty() {
                return Ok(Issued::Pause((pause_us + 999_999) / 1_000_000));
            }
            if now_us - row.window_from_us < microseconds(WINDOW) {
                if row.window_sent >= SENT_MAX {
                    return Ok(Issued::TooMany);
                }
                window = (row.window_from_us, row.window_sent);
            }
        }
        let code = format!("{:06}", ledger.randomness().number() % 1_000_000);
        execute(
            ledger.database().write(),
            "INSERT INTO login_code (region, phone_hash, code_hash, sent_at_us, attempts, window_from_us, window_sent)
             VALUES ($1, $2, $3, $4, 0, $5, $6)
             ON CONFLICT (region, phone_hash) DO UPDATE SET code_hash = excluded.code_hash,
                sent_at_us = excluded.sent_at_us, attempts = 0,
                window_from_us = excluded.window_from_us, window_sent = excluded.window_sent",
            [
                region.to_string().into(),
                hash.into(),
                self.code_hash(phone, &code).into(),
                now_us.into(),
                window.0.into(),
                (window.1 + 1).into(),
            ],
        )
        .await?;
        Ok(Issued::Code(code))
    }

    /// Tries a code; a right one counts once.
    pub(crate) async fn try_code(
        &self,
        region: Region,
        phone: &PhoneNumber,
        code: &str,
    ) -> Result<Tried, StorageError> {
        let ledger = self.directory.ledger();
        let hash = self.phone_hash(phone);
        let now_us = ledger.now().as_microsecond();
        self.bring_back(region, &hash, now_us).await?;
        // The attempt is counted before the code is looked at, so that many at once count as many.
        let counted = execute(
            ledger.database().write(),
            "UPDATE login_code SET attempts = attempts + 1 WHERE region = $1 AND phone_hash = $2 AND attempts < $3 AND sent_at_us > $4 AND code_hash <> ''",
            [
                region.to_string().into(),
                hash.clone().into(),
                ATTEMPTS_MAX.into(),
                (now_us - microseconds(VALID)).into(),
            ],
        )
        .await?;
        let row = self.row(region, &hash).await?;
        let Some(row) = row.filter(|_| counted == 1) else {
            return Ok(Tried::Spent);
        };
        if row.code_hash != self.code_hash(phone, code.trim()) {
            return Ok(if row.attempts >= ATTEMPTS_MAX {
                Tried::Spent
            } else {
                Tried::Wrong
            });
        }
        let used = execute(
            ledger.database().write(),
            "UPDATE login_code SET code_hash = '' WHERE region = $1 AND phone_hash = $2 AND code_hash = $3",
            [
                region.to_string().into(),
                hash.into(),
                row.code_hash.into(),
            ],
        )
        .await?;
        Ok(if used == 1 {
            Tried::Right
        } else {
            Tried::Spent
        })
    }
}

fn microseconds(span: SignedDuration) -> i64 {
    span.as_secs() * 1_000_000
}
