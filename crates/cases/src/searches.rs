//! What staff look for, kept for a while under a key that says nothing about it. A name or a citizen number that is
//! typed into a search must not stand in an address, where the browser's history and the logs keep it; with the key
//! there, paging, going back and the Excel file still work.
//!
//! It stays in memory: a search is typed again in seconds, and what nobody stores nobody must erase.

use std::time::Duration;

use moka::sync::Cache;
use wuchuang_kernel::PersonId;
use wuchuang_ledger::Ledger;

/// How many searches are at hand; the oldest are forgotten first.
const SEARCHES_AT_HAND: u64 = 10_000;
/// How long a search is kept: a working morning.
const KEPT: Duration = Duration::from_hours(4);
/// How long a search may be, in characters.
const SEARCH_CHARACTERS_MAX: usize = 60;
/// How many characters a key has.
const KEY_LENGTH: usize = 32;

/// The searches of everybody. Cloning shares them.
#[derive(Clone)]
pub struct Searches {
    ledger: Ledger,
    texts: Cache<(PersonId, String), String>,
}

impl Searches {
    pub(crate) fn new(ledger: Ledger) -> Self {
        Self {
            ledger,
            texts: Cache::builder()
                .max_capacity(SEARCHES_AT_HAND)
                .time_to_live(KEPT)
                .build(),
        }
    }

    /// Keeps what somebody looks for, and gives its key; empty for an empty text.
    pub(crate) fn keep(&self, me: PersonId, text: &str) -> String {
        let text: String = text.trim().chars().take(SEARCH_CHARACTERS_MAX).collect();
        if text.is_empty() {
            return text;
        }
        let hash = self
            .ledger
            .keyed_hash(format!("search/{me}/{text}").as_bytes());
        let key: String = hash.chars().take(KEY_LENGTH).collect();
        self.texts.insert((me, key.clone()), text);
        key
    }

    /// What this person looked for under a key; nobody else's key opens it.
    pub(crate) fn find(&self, me: PersonId, key: &str) -> Option<String> {
        self.texts.get(&(me, key.to_owned()))
    }
}
