//! Tokens of programs that call the API: shown once, stored as a hash, bound to a post and to who holds it.

use jiff::{SignedDuration, Timestamp};
use moka::sync::Cache;
use serde::Deserialize;
use wuchuang_kernel::{ApiTokenId, PersonId, PostId, Region, Rejection, SessionId};
use wuchuang_ledger::{
    StorageError,
    storage::{execute, find, list},
};
use wuchuang_webkit::{Program, Visitor};

use crate::{keys::token_hash, store::Directory};

/// What every token begins with, so that one that leaked can be recognised.
const PREFIX: &str = "wch_";
/// How many random bytes a token has.
const TOKEN_BYTES: usize = 24;
/// For how long what a token stands for is taken from hand.
const AT_HAND: SignedDuration = SignedDuration::from_secs(10);
/// How many tokens one person may have.
const TOKENS_MAX: usize = 20;
/// How long a token is valid at most.
pub(crate) const DAYS_MAX: i64 = 366;

/// A token as its page shows it.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct TokenRow {
    pub(crate) id: String,
    pub(crate) person: String,
    pub(crate) post: String,
    pub(crate) name: String,
    pub(crate) scopes: String,
    pub(crate) created_at_us: i64,
    pub(crate) expires_at_us: i64,
    pub(crate) revoked_at_us: Option<i64>,
    /// Who made it for the holder of the post; empty: the holder.
    pub(crate) made_by: String,
}

/// A made token: its text is given out once and never stored.
pub(crate) struct MadeToken {
    pub(crate) id: ApiTokenId,
    pub(crate) text: String,
    pub(crate) expires_at: Timestamp,
}

/// What a new token may do and for how long.
pub(crate) struct NewToken<'a> {
    pub(crate) person: PersonId,
    pub(crate) post: PostId,
    /// Who makes it: the holder of the post, or the security administrator.
    pub(crate) made_by: PersonId,
    pub(crate) name: &'a str,
    pub(crate) scopes: &'a [String],
    pub(crate) days: i64,
}

impl std::fmt::Debug for MadeToken {
    /// Never tells the token itself.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("MadeToken")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// The tokens of an installation. Cloning shares them.
#[derive(Clone)]
pub(crate) struct Tokens {
    directory: Directory,
    kept: Cache<(Region, String), (Timestamp, Visitor)>,
}

impl Tokens {
    pub(crate) fn new(directory: Directory) -> Self {
        Self {
            directory,
            kept: Cache::new(10_000),
        }
    }

    /// Makes a token.
    pub(crate) async fn create(
        &self,
        region: Region,
        new: &NewToken<'_>,
    ) -> Result<Result<MadeToken, Rejection>, StorageError> {
        if new.name.trim().is_empty() || new.name.chars().count() > 60 {
            let refusal = Rejection::new("token_name", "请填写令牌用途，最多60个字。").at("name");
            return Ok(Err(refusal));
        }
        if new.scopes.is_empty() {
            let refusal = Rejection::new("token_scopes", "请至少选择一项权限。").at("scopes");
            return Ok(Err(refusal));
        }
        if !(1..=DAYS_MAX).contains(&new.days) {
            let refusal = Rejection::new("token_days", "有效期要在1到366天之间。").at("days");
            return Ok(Err(refusal));
        }
        let present = self.list_of(region, new.person).await?;
        if present
            .iter()
            .filter(|row| row.revoked_at_us.is_none())
            .count()
            >= TOKENS_MAX
        {
            let refusal = Rejection::new(
                "tokens_too_many",
                "一个人最多有20个令牌，请先停用不用的令牌。",
            );
            return Ok(Err(refusal));
        }
        let ledger = self.directory.ledger();
        let now = ledger.now();
        let token = format!("{PREFIX}{}", ledger.randomness().token(TOKEN_BYTES));
        let id = ApiTokenId::generate(now, ledger.randomness().as_ref());
        let made_by = if new.made_by == new.person {
            String::new()
        } else {
            new.made_by.to_string()
        };
        let expires_at = now + SignedDuration::from_hours(24 * new.days);
        execute(
            ledger.database().write(),
            "INSERT INTO api_token (region, id, token_hash, person, post, name, scopes, created_at_us, expires_at_us, made_by)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            [
                region.to_string().into(),
                id.to_string().into(),
                token_hash(&token).into(),
                new.person.to_string().into(),
                new.post.to_string().into(),
                new.name.trim().into(),
                new.scopes.join(" ").into(),
                now.as_microsecond().into(),
                expires_at.as_microsecond().into(),
                made_by.into(),
            ],
        )
        .await?;
        Ok(Ok(MadeToken {
            id,
            text: token,
            expires_at,
        }))
    }

    /// The tokens of a person, newest first.
    pub(crate) async fn list_of(
        &self,
        region: Region,
        person: PersonId,
    ) -> Result<Vec<TokenRow>, StorageError> {
        list(
            self.directory.ledger().database().read(),
            "SELECT id, person, post, name, scopes, created_at_us, expires_at_us, revoked_at_us, made_by FROM api_token
             WHERE region = $1 AND person = $2 ORDER BY created_at_us DESC, id LIMIT 200",
            [region.to_string().into(), person.to_string().into()],
        )
        .await
    }

    /// Every token that still works, newest first: for the security administrator.
    pub(crate) async fn list_working(&self, region: Region) -> Result<Vec<TokenRow>, StorageError> {
        let ledger = self.directory.ledger();
        list(
            ledger.database().read(),
            "SELECT id, person, post, name, scopes, created_at_us, expires_at_us, revoked_at_us, made_by FROM api_token
             WHERE region = $1 AND revoked_at_us IS NULL AND expires_at_us > $2 ORDER BY created_at_us DESC, id LIMIT 500",
            [region.to_string().into(), ledger.now().as_microsecond().into()],
        )
        .await
    }

    /// Whose token it is; `None` when there is no such token.
    pub(crate) async fn owner(
        &self,
        region: Region,
        id: ApiTokenId,
    ) -> Result<Option<PersonId>, StorageError> {
        #[derive(Deserialize)]
        struct Row {
            person: String,
        }
        let row: Option<Row> = find(
            self.directory.ledger().database().read(),
            "SELECT person FROM api_token WHERE region = $1 AND id = $2",
            [region.to_string().into(), id.to_string().into()],
        )
        .await?;
        Ok(row.and_then(|row| row.person.parse().ok()))
    }

    /// The name of the program with a token; `None` when there is no such token. Tokens that work no more keep theirs.
    pub(crate) async fn name(
        directory: &Directory,
        region: Region,
        id: ApiTokenId,
    ) -> Result<Option<String>, StorageError> {
        #[derive(Deserialize)]
        struct Row {
            name: String,
        }
        let row: Option<Row> = find(
            directory.ledger().database().read(),
            "SELECT name FROM api_token WHERE region = $1 AND id = $2",
            [region.to_string().into(), id.to_string().into()],
        )
        .await?;
        Ok(row.map(|row| row.name))
    }

    /// Revokes a token; one that is revoked already stays so.
    pub(crate) async fn revoke(&self, region: Region, id: ApiTokenId) -> Result<(), StorageError> {
        let ledger = self.directory.ledger();
        execute(
            ledger.database().write(),
            "UPDATE api_token SET revoked_at_us = $3 WHERE region = $1 AND id = $2 AND revoked_at_us IS NULL",
            [
                region.to_string().into(),
                id.to_string().into(),
                ledger.now().as_microsecond().into(),
            ],
        )
        .await?;
        self.kept.invalidate_all();
        Ok(())
    }

    /// The program behind a token; anonymous for an unknown, expired or revoked one, or when its
    /// owner no longer holds the post.
    pub(crate) async fn visitor(
        &self,
        region: Region,
        token: &str,
    ) -> Result<Visitor, StorageError> {
        if token.len() != PREFIX.len() + TOKEN_BYTES * 2 || !token.starts_with(PREFIX) {
            return Ok(Visitor::Anonymous);
        }
        let now = self.directory.ledger().now();
        let key = (region, token_hash(token));
        if let Some((loaded_at, visitor)) = self.kept.get(&key)
            && (SignedDuration::ZERO..AT_HAND).contains(&now.duration_since(loaded_at))
        {
            return Ok(visitor);
        }
        let visitor = self.load(region, &key.1, now).await?;
        self.kept.insert(key, (now, visitor.clone()));
        Ok(visitor)
    }

    async fn load(
        &self,
        region: Region,
        hash: &str,
        now: Timestamp,
    ) -> Result<Visitor, StorageError> {
        let row: Option<TokenRow> = find(
            self.directory.ledger().database().read(),
            "SELECT id, person, post, name, scopes, created_at_us, expires_at_us, revoked_at_us, made_by FROM api_token
             WHERE region = $1 AND token_hash = $2 AND revoked_at_us IS NULL AND expires_at_us > $3",
            [
                region.to_string().into(),
                hash.into(),
                now.as_microsecond().into(),
            ],
        )
        .await?;
        let Some(row) = row else {
            return Ok(Visitor::Anonymous);
        };
        let (Ok(token), Ok(person), Ok(post)) = (
            row.id.parse::<ApiTokenId>(),
            row.person.parse::<PersonId>(),
            row.post.parse::<PostId>(),
        ) else {
            return Ok(Visitor::Anonymous);
        };
        // A program has no session of its own; the token's identifier stands in its place.
        let session = SessionId::from_u128(token.uuid().as_u128());
        let staff = self
            .directory
            .staff_in_post(region, person, Some(post), session)
            .await?;
        // Another post of the same person is not what the token was given for.
        Ok(staff
            .filter(|staff| staff.post == post)
            .map_or(Visitor::Anonymous, |staff| {
                Visitor::Program(Program {
                    token,
                    staff: Box::new(staff),
                    scopes: row.scopes.split(' ').map(str::to_owned).collect(),
                })
            }))
    }
}
