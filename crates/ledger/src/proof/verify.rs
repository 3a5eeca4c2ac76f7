//! Checks a whole chain: every record's hash, the chaining, the gaps, and every checkpoint. A finding
//! names the record.

use sea_orm::FromQueryResult;
use serde::Serialize;
use wuchuang_kernel::Region;

use crate::{
    checkpoint::{Checkpoint, CheckpointError, read_hash},
    event::FIRST,
    ledger::Ledger,
    merkle::{self, Hash},
    storage::{find, list},
};

/// How many records are read at once.
const PAGE: i64 = 2_000;
/// After how many findings the check stops: the chain is broken beyond doubt.
const FINDINGS_MAX: usize = 100;

/// Something that is not as it was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "finding")]
pub enum Finding {
    /// The record's content does not give its hash.
    Changed {
        /// Which record.
        seq: i64,
        /// Its stream.
        stream: String,
    },
    /// Records are missing before this one.
    Missing {
        /// The place where a record should be.
        seq: i64,
    },
    /// The record does not follow from the one before: one was inserted, replaced or reordered.
    Unchained {
        /// Which record.
        seq: i64,
        /// Its stream.
        stream: String,
    },
    /// Records were cut off at the end: the head knows more than the chain has.
    CutOff {
        /// The last place that the head knows.
        head_seq: i64,
        /// The last record that is there.
        last_seq: i64,
    },
    /// A checkpoint's root is not that of its records.
    CheckpointRoot {
        /// Which checkpoint.
        number: i64,
        /// The first record under it.
        first_seq: i64,
        /// The last record under it.
        last_seq: i64,
    },
    /// A checkpoint's signature does not hold.
    CheckpointSignature {
        /// Which checkpoint.
        number: i64,
    },
}

/// The outcome of a check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct VerifyReport {
    /// The region.
    pub region: Region,
    /// How many records were read.
    pub records: i64,
    /// How many checkpoints were read.
    pub checkpoints: i64,
    /// What was found, in the order of the chain.
    pub findings: Vec<Finding>,
}

#[derive(FromQueryResult)]
struct HeadRow {
    seq: i64,
}

impl Ledger {
    /// Checks the chain of a region from the first record to the last.
    ///
    /// # Errors
    /// When the records cannot be read at all.
    pub async fn verify(&self, region: Region) -> Result<VerifyReport, CheckpointError> {
        let read = self.database().read();
        let head: Option<HeadRow> = find(
            read,
            "SELECT seq FROM chain WHERE region = $1",
            [region.to_string().into()],
        )
        .await?;
        let checkpoints: Vec<Checkpoint> = list(
            read,
            "SELECT * FROM checkpoint WHERE region = $1 ORDER BY number",
            [region.to_string().into()],
        )
        .await?;
        let public_pem = self.public_key_pem()?;
        let mut under = checkpoints.iter().peekable();
        let mut leaves: Vec<Hash> = Vec::new();
        let mut findings = Vec::new();
        let (mut seq, mut hash, mut records) = (0, hex::encode(FIRST), 0);
        loop {
            let page = self.shared.chain_page(read, region, seq, PAGE).await?;
            if page.is_empty() || findings.len() >= FINDINGS_MAX {
                break;
            }
            for record in page {
                records += 1;
                if record.seq != seq + 1 {
                    findings.push(Finding::Missing { seq: seq + 1 });
                }
                if hex::encode(record.compute_hash()) != record.hash {
                    findings.push(Finding::Changed {
                        seq: record.seq,
                        stream: format!("{} {}", record.stream_kind, record.stream_id),
                    });
                } else if record.prev_hash != hash {
                    findings.push(Finding::Unchained {
                        seq: record.seq,
                        stream: format!("{} {}", record.stream_kind, record.stream_id),
                    });
                }
                seq = record.seq;
                leaves.push(read_hash(&record.hash).unwrap_or_default());
                while let Some(checkpoint) = under.next_if(|next| next.last_seq <= seq) {
                    check(checkpoint, &leaves, &public_pem, &mut findings);
                    leaves.clear();
                }
                hash = record.hash;
            }
        }
        for checkpoint in under {
            check(checkpoint, &leaves, &public_pem, &mut findings);
        }
        let head_seq = head.map_or(0, |head| head.seq);
        if head_seq != seq {
            findings.push(Finding::CutOff {
                head_seq,
                last_seq: seq,
            });
        }
        Ok(VerifyReport {
            region,
            records,
            checkpoints: i64::try_from(checkpoints.len()).unwrap_or(i64::MAX),
            findings,
        })
    }
}

fn check(checkpoint: &Checkpoint, leaves: &[Hash], public_pem: &str, findings: &mut Vec<Finding>) {
    if hex::encode(merkle::root(leaves)) != checkpoint.root {
        findings.push(Finding::CheckpointRoot {
            number: checkpoint.number,
            first_seq: checkpoint.first_seq,
            last_seq: checkpoint.last_seq,
        });
    }
    if !checkpoint.is_signed_by(public_pem) {
        findings.push(Finding::CheckpointSignature {
            number: checkpoint.number,
        });
    }
}
