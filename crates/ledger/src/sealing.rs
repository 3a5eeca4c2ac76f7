//! Sealing of personal values. Each person has a key of their own; the keys are wrapped with the
//! installation's master key. Erasing one person's key makes their values unreadable everywhere on
//! the ledger, while every hash still holds, because the hash covers the sealed form.

use std::{collections::HashMap, sync::Arc, time::Duration};

use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use chacha20poly1305::{
    ChaCha20Poly1305, KeyInit,
    aead::{Aead, Payload},
};
use jiff::Timestamp;
use moka::sync::Cache;
use serde::Deserialize;
use serde_json::{Map, Value};
use wuchuang_kernel::{PersonId, Randomness, Region};

use crate::{
    ledger::Ledger,
    storage::{Connection, StorageError, execute, find},
};

/// A symmetric key.
pub type Key = [u8; 32];

/// The mark of a personal value inside a payload.
const PERSON: &str = "$person";
/// How deep a payload may nest; deeper ones are refused before they are written.
const DEPTH_MAX: usize = 32;

/// What can go wrong with personal values.
#[derive(Debug, thiserror::Error)]
pub enum SealingError {
    /// The person was forgotten: nothing more may be recorded about them under this key.
    #[error("the person's key was erased")]
    Forgotten,
    /// The payload nests too deep.
    #[error("the payload nests deeper than {DEPTH_MAX} levels")]
    TooDeep,
    /// A sealed value does not open: it was changed, or the master key is another one.
    #[error("a sealed value does not open")]
    Unreadable,
    /// The key could not be read or written.
    #[error("the person's key cannot be read")]
    Storage(#[from] StorageError),
}

/// The person keys of an installation.
#[derive(Clone)]
pub struct Keyring {
    master: Arc<Key>,
    randomness: Arc<dyn Randomness>,
    keys: Cache<(Region, PersonId), Option<Key>>,
}

/// How many person keys are kept at hand.
const KEYS_AT_HAND: u64 = 50_000;
/// For how long. Another server on the same database may forget a person without this one hearing of it.
pub(crate) const AT_HAND: Duration = Duration::from_mins(10);

#[derive(Deserialize)]
struct KeyRow {
    wrapped: String,
    erased_at_us: Option<i64>,
}

impl Keyring {
    /// The keyring under a master key.
    pub fn new(master: Key, randomness: Arc<dyn Randomness>) -> Self {
        Self {
            master: Arc::new(master),
            randomness,
            keys: Cache::builder()
                .max_capacity(KEYS_AT_HAND)
                .time_to_live(AT_HAND)
                .build(),
        }
    }

    /// A keyed hash for fingerprints of commands: the same command gives the same text, but nobody
    /// without the master key can guess a citizen number from it.
    pub fn fingerprint(&self, bytes: &[u8]) -> String {
        use sha2::{Digest, Sha256};
        let inner = Sha256::new()
            .chain_update(*self.master)
            .chain_update(bytes)
            .finalize();
        let outer = Sha256::new()
            .chain_update(*self.master)
            .chain_update(inner)
            .finalize();
        hex::encode(outer)
    }

    /// The key of a person, made when there is none; `None` when it was erased.
    async fn key<C: Connection>(
        &self,
        connection: &C,
        region: Region,
        person: PersonId,
        create_at: Option<Timestamp>,
    ) -> Result<Option<Key>, SealingError> {
        if let Some(key) = self.keys.get(&(region, person)) {
            return Ok(key);
        }
        let row: Option<KeyRow> = find(
            connection,
            "SELECT wrapped, erased_at_us FROM person_key WHERE region = $1 AND person = $2",
            [region.to_string().into(), person.to_string().into()],
        )
        .await?;
        let key = match (row, create_at) {
            (Some(row), _) if row.erased_at_us.is_some() => None,
            (Some(row), _) => Some(self.unwrap(&row.wrapped, person)?),
            (None, None) => None,
            (None, Some(now)) => {
                return Ok(Some(self.create(connection, region, person, now).await?));
            }
        };
        self.keys.insert((region, person), key);
        Ok(key)
    }

    /// Makes a key inside the transaction of the command that needs it first. It is not kept at
    /// hand yet: the transaction may still fail.
    async fn create<C: Connection>(
        &self,
        connection: &C,
        region: Region,
        person: PersonId,
        now: Timestamp,
    ) -> Result<Key, SealingError> {
        let mut key = Key::default();
        self.randomness.fill(&mut key);
        let wrapped = self.seal_bytes(&self.master, person.to_string().as_bytes(), &key)?;
        execute(
            connection,
            "INSERT INTO person_key (region, person, wrapped, created_at_us) VALUES ($1, $2, $3, $4)",
            [
                region.to_string().into(),
                person.to_string().into(),
                wrapped.into(),
                now.as_microsecond().into(),
            ],
        )
        .await?;
        Ok(key)
    }

    fn unwrap(&self, wrapped: &str, person: PersonId) -> Result<Key, SealingError> {
        open_bytes(&self.master, person.to_string().as_bytes(), wrapped)?
            .try_into()
            .map_err(|_| SealingError::Unreadable)
    }

    fn seal_bytes(
        &self,
        key: &Key,
        associated: &[u8],
        plain: &[u8],
    ) -> Result<String, SealingError> {
        let mut nonce = [0; 12];
        self.randomness.fill(&mut nonce);
        let sealed = ChaCha20Poly1305::new(key.into())
            .encrypt(
                &nonce.into(),
                Payload {
                    msg: plain,
                    aad: associated,
                },
            )
            .map_err(|_| SealingError::Unreadable)?;
        Ok(BASE64.encode([nonce.as_slice(), &sealed].concat()))
    }

    /// Seals every personal value inside a payload.
    ///
    /// # Errors
    /// When a person was forgotten, the payload nests too deep, or a key cannot be had.
    pub async fn seal<C: Connection>(
        &self,
        connection: &C,
        region: Region,
        payload: &mut Value,
        now: Timestamp,
    ) -> Result<(), SealingError> {
        let mut fresh = HashMap::new();
        for person in persons(payload)? {
            let key = self
                .key(connection, region, person, Some(now))
                .await?
                .ok_or(SealingError::Forgotten)?;
            fresh.insert(person, key);
        }
        walk(payload, &mut |person, node| {
            let key = fresh.get(&person).ok_or(SealingError::Forgotten)?;
            let plain = node.remove("value").unwrap_or(Value::Null);
            let sealed = self.seal_bytes(
                key,
                person.to_string().as_bytes(),
                plain.to_string().as_bytes(),
            )?;
            node.insert("sealed".into(), sealed.into());
            Ok(())
        })
    }

    /// Opens every sealed value inside a payload; values of forgotten persons read as null.
    ///
    /// # Errors
    /// When a value does not open or a key cannot be read.
    pub async fn open<C: Connection>(
        &self,
        connection: &C,
        region: Region,
        payload: &mut Value,
    ) -> Result<(), SealingError> {
        let mut keys = HashMap::new();
        for person in persons(payload)? {
            keys.insert(person, self.key(connection, region, person, None).await?);
        }
        walk(payload, &mut |person, node| {
            let Some(Value::String(sealed)) = node.remove("sealed") else {
                return Err(SealingError::Unreadable);
            };
            let plain = match keys.get(&person).copied().flatten() {
                None => Value::Null,
                Some(key) => {
                    let bytes = open_bytes(&key, person.to_string().as_bytes(), &sealed)?;
                    serde_json::from_slice(&bytes).map_err(|_| SealingError::Unreadable)?
                }
            };
            node.insert("value".into(), plain);
            Ok(())
        })
    }

    /// Forgets what is kept at hand about a person, after their key was erased.
    pub fn drop_from_hand(&self, region: Region, person: PersonId) {
        self.keys.invalidate(&(region, person));
    }
}

/// Sealing for what a slice keeps beside the ledger (drafts): forgetting the person makes it unreadable too.
impl Ledger {
    /// Seals a value with a person's key, as one text for a column.
    ///
    /// # Errors
    /// When the person was forgotten, the value nests too deep, or the key cannot be had.
    pub async fn seal(
        &self,
        region: Region,
        person: PersonId,
        value: Value,
    ) -> Result<String, SealingError> {
        let mut node = serde_json::json!({ PERSON: person.to_string(), "value": value });
        let connection = self.database().write();
        self.shared
            .keyring
            .seal(connection, region, &mut node, self.now())
            .await?;
        Ok(node.to_string())
    }

    /// Opens what [`Ledger::seal`] made; `None` once the person was forgotten.
    ///
    /// # Errors
    /// When the text is not sealed, does not open, or the key cannot be read.
    pub async fn unseal(&self, region: Region, text: &str) -> Result<Option<Value>, SealingError> {
        let mut node: Value = serde_json::from_str(text).map_err(|_| SealingError::Unreadable)?;
        if node.as_object().and_then(person_of).is_none() {
            return Err(SealingError::Unreadable);
        }
        let connection = self.database().read();
        self.shared
            .keyring
            .open(connection, region, &mut node)
            .await?;
        Ok(node
            .get_mut("value")
            .map(Value::take)
            .filter(|value| !value.is_null()))
    }
}

fn open_bytes(key: &Key, associated: &[u8], sealed: &str) -> Result<Vec<u8>, SealingError> {
    let bytes = BASE64
        .decode(sealed)
        .map_err(|_| SealingError::Unreadable)?;
    if bytes.len() < 12 {
        return Err(SealingError::Unreadable);
    }
    let (nonce, sealed) = bytes.split_at(12);
    ChaCha20Poly1305::new(key.into())
        .decrypt(
            nonce.into(),
            Payload {
                msg: sealed,
                aad: associated,
            },
        )
        .map_err(|_| SealingError::Unreadable)
}

fn person_of(node: &Map<String, Value>) -> Option<PersonId> {
    node.get(PERSON)?.as_str()?.parse().ok()
}

/// Whose values a payload holds, each person once.
pub(crate) fn persons(payload: &Value) -> Result<Vec<PersonId>, SealingError> {
    fn collect(value: &Value, depth: usize, found: &mut Vec<PersonId>) -> Result<(), SealingError> {
        if depth > DEPTH_MAX {
            return Err(SealingError::TooDeep);
        }
        match value {
            Value::Object(node) => {
                if let Some(person) = person_of(node) {
                    if !found.contains(&person) {
                        found.push(person);
                    }
                    return Ok(());
                }
                node.values()
                    .try_for_each(|value| collect(value, depth + 1, found))
            }
            Value::Array(values) => values
                .iter()
                .try_for_each(|value| collect(value, depth + 1, found)),
            _ => Ok(()),
        }
    }
    let mut found = Vec::new();
    collect(payload, 0, &mut found)?;
    Ok(found)
}

fn walk(
    value: &mut Value,
    change: &mut impl FnMut(PersonId, &mut Map<String, Value>) -> Result<(), SealingError>,
) -> Result<(), SealingError> {
    match value {
        Value::Object(node) => match person_of(node) {
            Some(person) => change(person, node),
            None => node.values_mut().try_for_each(|value| walk(value, change)),
        },
        Value::Array(values) => values.iter_mut().try_for_each(|value| walk(value, change)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn persons_are_found_at_any_depth_once() {
        let id = "0".repeat(31) + "1";
        let payload =
            json!({"a": [{"$person": id, "value": "x"}, {"b": {"$person": id, "value": 1}}]});
        assert_eq!(persons(&payload).unwrap(), vec![PersonId::from_u128(1)]);
    }

    #[test]
    fn a_payload_that_nests_without_end_is_refused() {
        let mut payload = json!(1);
        for _ in 0..100 {
            payload = json!([payload]);
        }
        assert!(matches!(persons(&payload), Err(SealingError::TooDeep)));
    }
}
