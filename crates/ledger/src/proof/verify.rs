//! Checks a whole chain: every record's hash, the chaining, the gaps, and every checkpoint. A finding
//! names the record.

use serde::{Deserialize, Serialize};
use wuchuang_kernel::Region;

use super::{
    checkpoint::{Checkpoint, CheckpointError, read_hash},
    merkle::{self, Hash},
};
use crate::{
    event::{FIRST, Record},
    ledger::Ledger,
    storage::{StorageError, find, list},
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

#[derive(Deserialize)]
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
        let checkpoints: Vec<Checkpoint> = list(
            read,
            "SELECT * FROM checkpoint WHERE region = $1 ORDER BY number",
            [region.to_string().into()],
        )
        .await?;
        let mut walk = Walk::new(self.public_key_pem()?);
        let mut under = checkpoints.iter().peekable();
        let head_seq = loop {
            let before = walk.seq;
            while let Some(page) = self.next_page(region, &walk).await? {
                for record in page {
                    walk.take(record);
                    while let Some(checkpoint) = under.next_if(|next| next.last_seq <= walk.seq) {
                        walk.check(checkpoint);
                        walk.leaves.clear();
                    }
                }
            }
            // Records and head are written together, and the head is read after them: one that is further on tells of
            // records that came meanwhile, or of records that are gone when none come.
            let head: Option<HeadRow> = find(
                read,
                "SELECT seq FROM chain WHERE region = $1",
                [region.to_string().into()],
            )
            .await?;
            let head_seq = head.map_or(0, |head| head.seq);
            if head_seq <= walk.seq || walk.seq == before || walk.is_enough() {
                break head_seq;
            }
        };
        for checkpoint in under {
            walk.check(checkpoint);
        }
        walk.end(head_seq);
        Ok(VerifyReport {
            region,
            records: walk.records,
            checkpoints: i64::try_from(checkpoints.len()).unwrap_or(i64::MAX),
            findings: walk.findings,
        })
    }

    /// The records behind those that were walked; `None` at the end, or when enough was found.
    async fn next_page(
        &self,
        region: Region,
        walk: &Walk,
    ) -> Result<Option<Vec<Record>>, StorageError> {
        let (shared, read) = (&self.shared, self.database().read());
        let page = shared.chain_page(read, region, walk.seq, PAGE).await?;
        Ok((!page.is_empty() && !walk.is_enough()).then_some(page))
    }
}

/// Where the check stands on its way along the chain.
struct Walk {
    public_pem: String,
    /// The last record seen.
    seq: i64,
    hash: String,
    records: i64,
    /// The hashes since the last checkpoint.
    leaves: Vec<Hash>,
    findings: Vec<Finding>,
}

impl Walk {
    fn new(public_pem: String) -> Self {
        Self {
            public_pem,
            seq: 0,
            hash: hex::encode(FIRST),
            records: 0,
            leaves: Vec::new(),
            findings: Vec::new(),
        }
    }

    fn take(&mut self, record: Record) {
        self.records += 1;
        if record.seq != self.seq + 1 {
            self.findings.push(Finding::Missing { seq: self.seq + 1 });
        }
        let stream = || format!("{} {}", record.stream_kind, record.stream_id);
        if hex::encode(record.compute_hash()) != record.hash {
            self.findings.push(Finding::Changed {
                seq: record.seq,
                stream: stream(),
            });
        } else if record.prev_hash != self.hash {
            self.findings.push(Finding::Unchained {
                seq: record.seq,
                stream: stream(),
            });
        }
        self.seq = record.seq;
        self.leaves
            .push(read_hash(&record.hash).unwrap_or_default());
        self.hash = record.hash;
    }

    const fn is_enough(&self) -> bool {
        self.findings.len() >= FINDINGS_MAX
    }

    fn check(&mut self, checkpoint: &Checkpoint) {
        if hex::encode(merkle::root(&self.leaves)) != checkpoint.root {
            self.findings.push(Finding::CheckpointRoot {
                number: checkpoint.number,
                first_seq: checkpoint.first_seq,
                last_seq: checkpoint.last_seq,
            });
        }
        if !checkpoint.is_signed_by(&self.public_pem) {
            self.findings.push(Finding::CheckpointSignature {
                number: checkpoint.number,
            });
        }
    }

    /// The chain's head names the last record; fewer records mean that its end was cut off.
    fn end(&mut self, head_seq: i64) {
        if head_seq != self.seq {
            self.findings.push(Finding::CutOff {
                head_seq,
                last_seq: self.seq,
            });
        }
    }
}
