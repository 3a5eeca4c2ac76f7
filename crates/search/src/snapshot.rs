//! The searchable state between two commits: tantivy's searcher together with what the lists need of every guide,
//! kept in memory so that ordering, filters, counts and names cost no reading from the store. Five thousand guides
//! take a few megabytes.

use std::{
    collections::HashMap,
    sync::atomic::{AtomicU64, Ordering},
};

use serde::{Deserialize, Serialize};
use tantivy::{DocAddress, Searcher, TantivyDocument, schema::Value};

use crate::{
    SearchError,
    guide::{GuideDocument, GuideFilters},
    reading::{initials, syllables},
    schema::Fields,
    text::{Compact, compact},
};

/// What is stored of a guide beside its index terms.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct StoredGuide {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) department: String,
    pub(crate) subjects: Vec<String>,
    pub(crate) level: String,
    pub(crate) tags: Vec<String>,
    pub(crate) keywords: Vec<String>,
}

impl StoredGuide {
    pub(crate) fn of(guide: &GuideDocument, name: &str) -> Self {
        Self {
            id: guide.id.clone(),
            name: name.to_owned(),
            department: guide.department.clone(),
            subjects: guide.subjects.clone(),
            level: guide.level.clone(),
            tags: guide.tags.clone(),
            keywords: guide.keywords.clone(),
        }
    }
}

/// A set of ASCII characters; others are left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct LetterSet(u128);

impl LetterSet {
    pub(crate) fn of(text: &str) -> Self {
        Self(
            text.bytes()
                .filter(u8::is_ascii)
                .fold(0, |set, letter| set | 1 << letter),
        )
    }

    /// How many letters of the other set this one lacks.
    pub(crate) fn lacks(self, other: Self) -> usize {
        (other.0 & !self.0).count_ones() as usize
    }
}

/// A guide in memory.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) guide: StoredGuide,
    pub(crate) name: Compact,
    pub(crate) name_whole: String,
    pub(crate) syllables: Vec<String>,
    pub(crate) pinyin: String,
    /// Which letters the pinyin has, to pass over names that cannot be near.
    pub(crate) letters: LetterSet,
    pub(crate) initials: String,
    pub(crate) keywords: Vec<String>,
    /// How often it is used. Counts change while the guides stay, so they are set beside the index.
    popularity: AtomicU64,
}

impl Entry {
    fn new(guide: StoredGuide) -> Self {
        let name = Compact::of(&guide.name);
        let syllables = syllables(&name.characters);
        let pinyin = syllables.concat();
        Self {
            letters: LetterSet::of(&pinyin),
            name_whole: name.characters.iter().collect(),
            pinyin,
            initials: initials(&syllables),
            keywords: guide
                .keywords
                .iter()
                .map(|keyword| compact(keyword))
                .collect(),
            popularity: AtomicU64::new(0),
            name,
            syllables,
            guide,
        }
    }

    /// How often it is used, in the caller's unit.
    pub(crate) fn popularity(&self) -> u64 {
        self.popularity.load(Ordering::Relaxed)
    }

    pub(crate) fn has_tags(&self, filters: &GuideFilters) -> bool {
        filters.tags.iter().all(|tag| self.guide.tags.contains(tag))
    }

    pub(crate) fn has_level(&self, filters: &GuideFilters) -> bool {
        filters
            .level
            .as_ref()
            .is_none_or(|level| *level == self.guide.level)
    }

    pub(crate) fn has_subject(&self, filters: &GuideFilters) -> bool {
        filters
            .subject
            .as_ref()
            .is_none_or(|subject| self.guide.subjects.contains(subject))
    }

    pub(crate) fn has_department(&self, filters: &GuideFilters) -> bool {
        filters
            .department
            .as_ref()
            .is_none_or(|department| *department == self.guide.department)
    }
}

/// The state between two commits.
pub(crate) struct Snapshot {
    pub(crate) searcher: Searcher,
    /// Entries by segment and document; deleted documents are `None`.
    segments: Vec<Vec<Option<Entry>>>,
}

impl Snapshot {
    pub(crate) fn load(searcher: Searcher, fields: &Fields) -> Result<Self, SearchError> {
        let mut segments = Vec::with_capacity(searcher.segment_readers().len());
        for reader in searcher.segment_readers() {
            let store = reader
                .get_store_reader(1)
                .map_err(tantivy::TantivyError::from)?;
            let mut entries: Vec<Option<Entry>> = Vec::new();
            entries.resize_with(reader.max_doc() as usize, || None);
            for document in reader.doc_ids_alive() {
                let stored: TantivyDocument = store.get(document)?;
                let record = stored
                    .get_first(fields.stored)
                    .and_then(|value| value.as_str())
                    .unwrap_or_default();
                let guide = serde_json::from_str(record).map_err(SearchError::Record)?;
                entries[document as usize] = Some(Entry::new(guide));
            }
            segments.push(entries);
        }
        Ok(Self { searcher, segments })
    }

    /// Sets how often each guide is used; those that are not named are not used.
    pub(crate) fn set_popularity(&self, counts: &HashMap<String, u64>) {
        for entry in self.entries() {
            let count = counts.get(&entry.guide.id).copied().unwrap_or(0);
            entry.popularity.store(count, Ordering::Relaxed);
        }
    }

    pub(crate) fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.segments.iter().flatten().flatten()
    }

    pub(crate) fn entry(&self, address: DocAddress) -> Option<&Entry> {
        self.segments
            .get(address.segment_ord as usize)?
            .get(address.doc_id as usize)?
            .as_ref()
    }
}
