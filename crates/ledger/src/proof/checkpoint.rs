//! Signed checkpoints over the chain, and the proof that one event is under one of them.

use std::sync::Arc;

use p256::{
    ecdsa::{
        Signature, SigningKey, VerifyingKey,
        signature::{Signer as _, Verifier as _},
    },
    pkcs8::{DecodePrivateKey, DecodePublicKey, EncodePublicKey, LineEnding},
};
use serde::{Deserialize, Serialize};
use wuchuang_kernel::Region;

use super::merkle::{self, Hash};
use crate::{
    ledger::Ledger,
    storage::{StorageError, execute, find, list},
};

/// How many events one checkpoint covers at most, so that a proof is quick to make.
const EVENTS_MAX: i64 = 4_096;

/// What can go wrong with checkpoints.
#[derive(Debug, thiserror::Error)]
pub enum CheckpointError {
    /// The key does not read.
    #[error("the signing key of the ledger does not read")]
    Key,
    /// A stored hash does not read.
    #[error("event {0} holds no hash")]
    Hash(i64),
    /// Storage failed.
    #[error("a checkpoint cannot be read or written")]
    Storage(#[from] StorageError),
}

/// The key that signs checkpoints (ECDSA on P-256 with SHA-256).
#[derive(Clone)]
pub struct Signer(Arc<SigningKey>);

impl Signer {
    /// From the 32 bytes of a private key.
    ///
    /// # Errors
    /// When the bytes are no key.
    pub fn from_bytes(bytes: &[u8; 32]) -> Result<Self, CheckpointError> {
        SigningKey::from_bytes(bytes.into())
            .map(|key| Self(Arc::new(key)))
            .map_err(|_| CheckpointError::Key)
    }

    /// From a PKCS #8 text.
    ///
    /// # Errors
    /// When the text is no key.
    pub fn from_pem(pem: &str) -> Result<Self, CheckpointError> {
        SigningKey::from_pkcs8_pem(pem)
            .map(|key| Self(Arc::new(key)))
            .map_err(|_| CheckpointError::Key)
    }

    /// The public key as a text that anyone may have.
    ///
    /// # Errors
    /// When the key does not encode.
    pub fn public_pem(&self) -> Result<String, CheckpointError> {
        self.0
            .verifying_key()
            .to_public_key_pem(LineEnding::LF)
            .map_err(|_| CheckpointError::Key)
    }

    fn sign(&self, message: &[u8]) -> String {
        let signature: Signature = self.0.sign(message);
        hex::encode(signature.to_bytes())
    }
}

/// A signed root over a stretch of a region's chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checkpoint {
    /// The region.
    pub region: String,
    /// Its number, from 1, without gaps.
    pub number: i64,
    /// The first event under it.
    pub first_seq: i64,
    /// The last event under it.
    pub last_seq: i64,
    /// The Merkle root over the events' hashes, in hexadecimal.
    pub root: String,
    /// The last event's hash.
    pub head_hash: String,
    /// When it was signed, in microseconds since 1970 UTC.
    pub signed_at_us: i64,
    /// The signature over all of the above, in hexadecimal.
    pub signature: String,
}

impl Checkpoint {
    /// The bytes that are signed.
    fn message(&self) -> Vec<u8> {
        format!(
            "wuchuang checkpoint 1\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n",
            self.region,
            self.number,
            self.first_seq,
            self.last_seq,
            self.root,
            self.head_hash,
            self.signed_at_us
        )
        .into_bytes()
    }

    /// Whether the signature holds under a public key.
    pub fn is_signed_by(&self, public_pem: &str) -> bool {
        let verify = || -> Option<()> {
            let key = VerifyingKey::from_public_key_pem(public_pem).ok()?;
            let signature = Signature::from_slice(&hex::decode(&self.signature).ok()?).ok()?;
            key.verify(&self.message(), &signature).ok()
        };
        verify().is_some()
    }
}

/// The proof that an event is under a checkpoint. Anyone with the public key can check it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InclusionProof {
    /// The event's place in the chain.
    pub seq: i64,
    /// The event's hash.
    pub hash: String,
    /// The hashes beside the way to the root, lowest first.
    pub path: Vec<String>,
    /// The checkpoint.
    pub checkpoint: Checkpoint,
}

impl InclusionProof {
    /// Whether the proof leads to the signed root.
    pub fn holds(&self, public_pem: &str) -> bool {
        let verify = || -> Option<bool> {
            let index = usize::try_from(self.seq - self.checkpoint.first_seq).ok()?;
            let count =
                usize::try_from(self.checkpoint.last_seq - self.checkpoint.first_seq + 1).ok()?;
            let path = self
                .path
                .iter()
                .map(|text| read_hash(text))
                .collect::<Option<Vec<_>>>()?;
            let root = merkle::root_from_path(&read_hash(&self.hash)?, index, count, &path)?;
            Some(hex::encode(root) == self.checkpoint.root)
        };
        verify() == Some(true) && self.checkpoint.is_signed_by(public_pem)
    }
}

pub(crate) fn read_hash(text: &str) -> Option<Hash> {
    hex::decode(text).ok()?.try_into().ok()
}

#[derive(Deserialize)]
struct HashRow {
    seq: i64,
    hash: String,
}

impl Ledger {
    /// Signs a checkpoint over the events that are not yet under one, if there are any.
    ///
    /// # Errors
    /// When the events cannot be read or the checkpoint cannot be written.
    pub async fn checkpoint(&self, region: Region) -> Result<Option<Checkpoint>, CheckpointError> {
        let transaction = self.database().begin().await?;
        let last: Option<Checkpoint> = find(
            &transaction,
            "SELECT * FROM checkpoint WHERE region = $1 ORDER BY number DESC LIMIT 1",
            [region.to_string().into()],
        )
        .await?;
        let (number, after) = last.map_or((1, 0), |last| (last.number + 1, last.last_seq));
        let rows: Vec<HashRow> = list(
            &transaction,
            "SELECT seq, hash FROM event WHERE region = $1 AND seq > $2 ORDER BY seq LIMIT $3",
            [region.to_string().into(), after.into(), EVENTS_MAX.into()],
        )
        .await?;
        let Some(newest) = rows.last() else {
            return Ok(None);
        };
        let hashes = hashes(&rows)?;
        let mut checkpoint = Checkpoint {
            region: region.to_string(),
            number,
            first_seq: after + 1,
            last_seq: newest.seq,
            root: hex::encode(merkle::root(&hashes)),
            head_hash: newest.hash.clone(),
            signed_at_us: self.now().as_microsecond(),
            signature: String::new(),
        };
        checkpoint.signature = self.shared.signer.sign(&checkpoint.message());
        execute(
            &transaction,
            "INSERT INTO checkpoint (region, number, first_seq, last_seq, root, head_hash, signed_at_us, signature) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            [
                checkpoint.region.clone().into(),
                checkpoint.number.into(),
                checkpoint.first_seq.into(),
                checkpoint.last_seq.into(),
                checkpoint.root.clone().into(),
                checkpoint.head_hash.clone().into(),
                checkpoint.signed_at_us.into(),
                checkpoint.signature.clone().into(),
            ],
        )
        .await?;
        transaction.commit().await?;
        Ok(Some(checkpoint))
    }

    /// The proof that an event is on the ledger; `None` while no checkpoint covers it yet.
    ///
    /// # Errors
    /// When the events cannot be read.
    pub async fn proof(
        &self,
        region: Region,
        seq: i64,
    ) -> Result<Option<InclusionProof>, CheckpointError> {
        let read = self.database().read();
        let checkpoint: Option<Checkpoint> = find(
            read,
            "SELECT * FROM checkpoint WHERE region = $1 AND first_seq <= $2 AND last_seq >= $2 LIMIT 1",
            [region.to_string().into(), seq.into()],
        )
        .await?;
        let Some(checkpoint) = checkpoint else {
            return Ok(None);
        };
        let rows: Vec<HashRow> = list(
            read,
            "SELECT seq, hash FROM event WHERE region = $1 AND seq BETWEEN $2 AND $3 ORDER BY seq",
            [
                region.to_string().into(),
                checkpoint.first_seq.into(),
                checkpoint.last_seq.into(),
            ],
        )
        .await?;
        let hashes = hashes(&rows)?;
        let index =
            usize::try_from(seq - checkpoint.first_seq).map_err(|_| CheckpointError::Hash(seq))?;
        let path = merkle::path(&hashes, index).ok_or(CheckpointError::Hash(seq))?;
        Ok(Some(InclusionProof {
            seq,
            hash: hex::encode(hashes[index]),
            path: path.iter().map(hex::encode).collect(),
            checkpoint,
        }))
    }

    /// The public key under which checkpoints are signed.
    ///
    /// # Errors
    /// When the key does not encode.
    pub fn public_key_pem(&self) -> Result<String, CheckpointError> {
        self.shared.signer.public_pem()
    }
}

fn hashes(rows: &[HashRow]) -> Result<Vec<Hash>, CheckpointError> {
    rows.iter()
        .map(|row| read_hash(&row.hash).ok_or(CheckpointError::Hash(row.seq)))
        .collect()
}
