//! Sessions: a random token in a cookie, its hash in a table, and what it stands for kept at hand
//! for some seconds, so that a page that is read does not cost a query for its visitor.

use std::sync::Arc;

use axum::http::{HeaderMap, HeaderValue, header};
use jiff::{SignedDuration, Timestamp};
use moka::sync::Cache;
use serde::Deserialize;
use wuchuang_kernel::{PersonId, PostId, Region, SessionId};
use wuchuang_ledger::{
    StorageError,
    storage::{execute, find},
};
use wuchuang_webkit::{Visitor, display};

use crate::{keys::token_hash, store::Directory};

/// The cookie's name.
const COOKIE: &str = "wuchuang_session";
/// How many random bytes a token has.
const TOKEN_BYTES: usize = 32;
/// After how long without a request a member of staff must sign in again.
const STAFF_IDLE: SignedDuration = SignedDuration::from_mins(60);
/// The same for a citizen.
const CITIZEN_IDLE: SignedDuration = SignedDuration::from_hours(12);
/// How long one may stand between the steps of a sign-in.
const HALF_WAY: SignedDuration = SignedDuration::from_mins(10);
/// After how long everybody must sign in again.
const ABSOLUTE: SignedDuration = SignedDuration::from_hours(24);
/// For how long what a token stands for is taken from hand. A sign-out on another server counts
/// here after this time at the latest.
const AT_HAND: SignedDuration = SignedDuration::from_secs(10);
/// A session's last use is written down at most this often.
const NOTE_EVERY: SignedDuration = SignedDuration::from_secs(60);
/// How many sessions are kept at hand.
const SESSIONS_AT_HAND: u64 = 50_000;

/// How far a sign-in has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    /// Signed in.
    Full,
    /// The password was right, the second factor is missing.
    Factor,
    /// The password was a one-time password and must be changed first.
    Password,
}

impl Stage {
    const fn code(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Factor => "factor",
            Self::Password => "password",
        }
    }

    fn from_code(code: &str) -> Option<Self> {
        [Self::Full, Self::Factor, Self::Password]
            .into_iter()
            .find(|stage| stage.code() == code)
    }
}

/// Whom a session belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Holder {
    /// A citizen.
    Citizen(PersonId),
    /// A member of staff, in a post once one was chosen.
    Staff(PersonId, Option<PostId>),
}

impl Holder {
    pub(crate) const fn person(self) -> PersonId {
        match self {
            Self::Citizen(person) | Self::Staff(person, _) => person,
        }
    }

    const fn idle(self) -> SignedDuration {
        match self {
            Self::Citizen(_) => CITIZEN_IDLE,
            Self::Staff(..) => STAFF_IDLE,
        }
    }
}

/// The session of this request, for the pages that sign in and out. Other pages read the visitor.
#[derive(Debug, Clone)]
pub(crate) struct Current {
    pub(crate) token_hash: String,
    pub(crate) holder: Holder,
    pub(crate) stage: Stage,
}

/// What a token stands for.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    pub(crate) current: Current,
    pub(crate) visitor: Visitor,
}

#[derive(Clone)]
struct Kept {
    found: Arc<Found>,
    loaded_at: Timestamp,
    seen_at: Timestamp,
    created_at: Timestamp,
}

#[derive(Deserialize)]
struct Row {
    id: String,
    kind: String,
    person: String,
    post: Option<String>,
    stage: String,
    created_at_us: i64,
    seen_at_us: i64,
}

/// The sessions of an installation. Cloning shares them.
#[derive(Clone)]
pub struct Sessions {
    directory: Directory,
    is_secure: bool,
    kept: Cache<(Region, String), Kept>,
}

impl Sessions {
    /// The sessions; `is_secure` when the site is reached over https.
    pub fn new(directory: Directory, is_secure: bool) -> Self {
        Self {
            directory,
            is_secure,
            kept: Cache::new(SESSIONS_AT_HAND),
        }
    }

    /// Begins a session and gives the cookie for it.
    pub(crate) async fn begin(
        &self,
        region: Region,
        holder: Holder,
        stage: Stage,
    ) -> Result<HeaderValue, StorageError> {
        let ledger = self.directory.ledger();
        let now = ledger.now();
        let token = ledger.randomness().token(TOKEN_BYTES);
        let id = SessionId::generate(now, ledger.randomness().as_ref());
        let (kind, post) = match holder {
            Holder::Citizen(_) => ("citizen", None),
            Holder::Staff(_, post) => ("staff", post.map(|post| post.to_string())),
        };
        execute(
            ledger.database().write(),
            "INSERT INTO session (region, token_hash, id, kind, person, post, stage, created_at_us, seen_at_us)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)",
            [
                region.to_string().into(),
                token_hash(&token).into(),
                id.to_string().into(),
                kind.into(),
                holder.person().to_string().into(),
                post.into(),
                stage.code().into(),
                now.as_microsecond().into(),
            ],
        )
        .await?;
        Ok(self.cookie(&token, ABSOLUTE.as_secs()))
    }

    /// Ends the session of a request and gives the cookie that removes the cookie.
    pub(crate) async fn end(
        &self,
        region: Region,
        current: Option<&Current>,
    ) -> Result<HeaderValue, StorageError> {
        if let Some(current) = current {
            execute(
                self.directory.ledger().database().write(),
                "DELETE FROM session WHERE region = $1 AND token_hash = $2",
                [region.to_string().into(), current.token_hash.clone().into()],
            )
            .await?;
            self.kept.invalidate(&(region, current.token_hash.clone()));
        }
        Ok(self.cookie("", 0))
    }

    /// Ends the session of a request and begins another (a new token), as at each step of a sign-in.
    pub(crate) async fn rotate(
        &self,
        region: Region,
        current: Option<&Current>,
        holder: Holder,
        stage: Stage,
    ) -> Result<HeaderValue, StorageError> {
        self.end(region, current).await?;
        self.begin(region, holder, stage).await
    }

    /// Ends all sessions of a person: after a reset password, a blocked account.
    ///
    /// # Errors
    /// When they cannot be written.
    pub async fn end_all(&self, region: Region, person: PersonId) -> Result<(), StorageError> {
        execute(
            self.directory.ledger().database().write(),
            "DELETE FROM session WHERE region = $1 AND person = $2",
            [region.to_string().into(), person.to_string().into()],
        )
        .await?;
        self.kept.invalidate_all();
        Ok(())
    }

    /// Deletes sessions that ended by time, and gives how many there were: a daily chore.
    ///
    /// # Errors
    /// When they cannot be written.
    pub async fn sweep(&self, region: Region) -> Result<u64, StorageError> {
        let ledger = self.directory.ledger();
        let oldest = ledger.now() - ABSOLUTE;
        let done = execute(
            ledger.database().write(),
            "DELETE FROM session WHERE region = $1 AND created_at_us < $2",
            [region.to_string().into(), oldest.as_microsecond().into()],
        )
        .await?;
        Ok(done)
    }

    /// What the cookie of a request stands for; `None` for no session, an unknown or an ended one.
    pub(crate) async fn find(
        &self,
        region: Region,
        headers: &HeaderMap,
    ) -> Result<Option<Arc<Found>>, StorageError> {
        let Some(token) = display::cookie(headers, COOKIE) else {
            return Ok(None);
        };
        if token.len() != TOKEN_BYTES * 2 {
            return Ok(None);
        }
        let hash = token_hash(&token);
        let now = self.directory.ledger().now();
        let kept = match self.kept.get(&(region, hash.clone())) {
            // What was loaded "later than now" comes from before the clock was set back, and is read again.
            Some(kept) if kept.loaded_at <= now && is_within(now, kept.loaded_at, AT_HAND) => {
                Some(kept)
            }
            _ => self.load(region, &hash, now).await?,
        };
        let Some(mut kept) = kept else {
            return Ok(None);
        };
        let idle = match kept.found.current.stage {
            Stage::Full => kept.found.current.holder.idle(),
            Stage::Factor | Stage::Password => HALF_WAY,
        };
        if !is_within(now, kept.seen_at, idle) || !is_within(now, kept.created_at, ABSOLUTE) {
            return Ok(None);
        }
        if kept.seen_at > now || !is_within(now, kept.seen_at, NOTE_EVERY) {
            self.note_use(region, &hash, now).await;
            kept.seen_at = now;
        }
        let found = Arc::clone(&kept.found);
        self.kept.insert((region, hash), kept);
        Ok(Some(found))
    }

    async fn load(
        &self,
        region: Region,
        hash: &str,
        now: Timestamp,
    ) -> Result<Option<Kept>, StorageError> {
        let row: Option<Row> = find(
            self.directory.ledger().database().read(),
            "SELECT id, kind, person, post, stage, created_at_us, seen_at_us FROM session WHERE region = $1 AND token_hash = $2",
            [region.to_string().into(), hash.into()],
        )
        .await?;
        let Some(row) = row else {
            return Ok(None);
        };
        let (Ok(id), Ok(person), Some(stage)) = (
            row.id.parse::<SessionId>(),
            row.person.parse::<PersonId>(),
            Stage::from_code(&row.stage),
        ) else {
            return Ok(None);
        };
        let holder = if row.kind == "citizen" {
            Holder::Citizen(person)
        } else {
            Holder::Staff(person, row.post.and_then(|post| post.parse().ok()))
        };
        let visitor = match stage {
            Stage::Full => self.directory.visitor(region, holder, id).await?,
            Stage::Factor | Stage::Password => Visitor::Anonymous,
        };
        let instant = |us| Timestamp::from_microsecond(us).unwrap_or(Timestamp::UNIX_EPOCH);
        Ok(Some(Kept {
            found: Arc::new(Found {
                current: Current {
                    token_hash: hash.to_owned(),
                    holder,
                    stage,
                },
                visitor,
            }),
            loaded_at: now,
            seen_at: instant(row.seen_at_us),
            created_at: instant(row.created_at_us),
        }))
    }

    /// Writes down that a session is in use. A full disk must not keep people from reading, so a
    /// failure is only logged.
    async fn note_use(&self, region: Region, hash: &str, now: Timestamp) {
        let noted = execute(
            self.directory.ledger().database().write(),
            "UPDATE session SET seen_at_us = $3 WHERE region = $1 AND token_hash = $2",
            [
                region.to_string().into(),
                hash.into(),
                now.as_microsecond().into(),
            ],
        )
        .await;
        if let Err(error) = noted {
            tracing::warn!(%error, "the use of a session could not be noted");
        }
    }

    fn cookie(&self, token: &str, seconds: i64) -> HeaderValue {
        let secure = if self.is_secure { "; Secure" } else { "" };
        let text =
            format!("{COOKIE}={token}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}");
        HeaderValue::from_str(&text).expect("hexadecimal digits and fixed words are a header value")
    }
}

/// Whether less than `span` passed since `then`; a clock that was set back counts as within.
fn is_within(now: Timestamp, then: Timestamp, span: SignedDuration) -> bool {
    now.duration_since(then) < span
}

/// A response header that sets a cookie.
pub(crate) const fn set_cookie(value: HeaderValue) -> [(header::HeaderName, HeaderValue); 1] {
    [(header::SET_COOKIE, value)]
}
