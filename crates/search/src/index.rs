//! The index itself: writing, committing, asking.

use std::{
    cmp::Ordering,
    collections::HashMap,
    fs,
    path::Path,
    sync::{Arc, Mutex, PoisonError, RwLock},
};

use tantivy::{
    DocAddress, Index, IndexReader, IndexWriter, ReloadPolicy, Score, directory::MmapDirectory,
};

use crate::{
    SearchError, Synonyms,
    analyser::Analyser,
    guide::{
        FacetCount, GuideDocument, GuideFacets, GuideFilters, GuideHit, GuideHits, GuideQuery,
        Suggestion,
    },
    highlight::highlight,
    matching::{AllHits, Matcher},
    nearest,
    question::Question,
    schema::{Fields, VERSION, schema},
    snapshot::{Entry, Snapshot},
};

/// Memory the writer may use before it flushes; tantivy's least is 15 MB.
const WRITER_BYTES: usize = 20_000_000;
/// How much of a hit's score popularity adds: only enough to decide between hits that are about equal.
const POPULARITY_WEIGHT: f32 = 0.3;

/// The full-text index over the published guides. Cheap to share behind an `Arc`; questions run side by side with one
/// writer, and see what was last committed.
pub struct SearchIndex {
    fields: Fields,
    writer: Mutex<IndexWriter>,
    reader: IndexReader,
    snapshot: RwLock<Arc<Snapshot>>,
    popularity: RwLock<HashMap<String, u64>>,
    analyser: Analyser,
    synonyms: Synonyms,
}

/// A guide with its score.
type Scored<'a> = (f32, &'a Entry);

/// How a question was answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pass {
    Strict,
    Lenient,
}

impl SearchIndex {
    /// Opens the index in the folder, or makes an empty one there. An index of another version or a damaged one is
    /// replaced by an empty one: callers look at [`Self::document_count`] and fill it from the catalogue. Only one
    /// process at a time may open a folder.
    pub fn open(folder: &Path) -> Result<Self, SearchError> {
        let own = folder.join(format!("guides-{VERSION}"));
        let prepare = |folder: &Path| {
            fs::create_dir_all(folder).map_err(|source| SearchError::Folder {
                folder: folder.to_owned(),
                source,
            })
        };
        prepare(&own)?;
        match Self::open_own(&own) {
            Err(error) if error.is_cured_by_rebuild() => {
                fs::remove_dir_all(&own).map_err(|source| SearchError::Folder {
                    folder: own.clone(),
                    source,
                })?;
                prepare(&own)?;
                Self::open_own(&own)
            }
            other => other,
        }
    }

    fn open_own(folder: &Path) -> Result<Self, SearchError> {
        let (schema, fields) = schema();
        let directory = MmapDirectory::open(folder).map_err(tantivy::TantivyError::from)?;
        Self::start(&Index::open_or_create(directory, schema)?, fields)
    }

    /// An index that lives as long as the value, for tests and tools.
    pub fn in_memory() -> Result<Self, SearchError> {
        let (schema, fields) = schema();
        Self::start(&Index::create_in_ram(schema), fields)
    }

    /// Replaces the built-in everyday words by a county's own.
    #[must_use]
    pub fn with_synonyms(mut self, synonyms: Synonyms) -> Self {
        self.synonyms = synonyms;
        self
    }

    fn start(index: &Index, fields: Fields) -> Result<Self, SearchError> {
        // One thread keeps the order of documents, and 5,000 guides take it only seconds.
        let writer = index.writer_with_num_threads(1, WRITER_BYTES)?;
        let reader = index
            .reader_builder()
            .reload_policy(ReloadPolicy::Manual)
            .try_into()?;
        let snapshot = Snapshot::load(reader.searcher(), &fields)?;
        let analyser = Analyser::new();
        analyser.learn(own_words(&snapshot));
        Ok(Self {
            fields,
            writer: Mutex::new(writer),
            reader,
            snapshot: RwLock::new(Arc::new(snapshot)),
            popularity: RwLock::default(),
            analyser,
            synonyms: Synonyms::built_in(),
        })
    }

    /// Replaces all guides. Questions see it after [`Self::commit`].
    pub fn replace_all(&self, guides: &[GuideDocument]) -> Result<(), SearchError> {
        self.learn(guides);
        let documents = guides
            .iter()
            .map(|guide| self.fields.document(guide, &self.analyser))
            .collect::<Result<Vec<_>, _>>()?;
        let writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        writer.delete_all_documents()?;
        for document in documents {
            writer.add_document(document)?;
        }
        Ok(())
    }

    /// Adds a guide, or replaces the one with the same identifier. Questions see it after [`Self::commit`].
    pub fn upsert(&self, guide: &GuideDocument) -> Result<(), SearchError> {
        self.learn(std::slice::from_ref(guide));
        let document = self.fields.document(guide, &self.analyser)?;
        let writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        writer.delete_term(self.fields.id_term(&guide.id));
        writer.add_document(document)?;
        Ok(())
    }

    /// Removes a guide; one that is not there is no error. Questions see it after [`Self::commit`].
    pub fn remove(&self, id: &str) {
        let writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        writer.delete_term(self.fields.id_term(id));
    }

    /// Makes all changes so far durable and visible to questions.
    pub fn commit(&self) -> Result<(), SearchError> {
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        writer.commit()?;
        self.reader.reload()?;
        let snapshot = Arc::new(Snapshot::load(self.reader.searcher(), &self.fields)?);
        snapshot.set_popularity(
            &self
                .popularity
                .read()
                .unwrap_or_else(PoisonError::into_inner),
        );
        *self
            .snapshot
            .write()
            .unwrap_or_else(PoisonError::into_inner) = snapshot;
        Ok(())
    }

    /// Tells how often each guide is used, by identifier and in any unit; it decides between equally good hits
    /// and orders the whole list. Seen by questions at once, without a commit, and kept over commits.
    pub fn set_popularity(&self, counts: HashMap<String, u64>) {
        let mut popularity = self
            .popularity
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        self.snapshot().set_popularity(&counts);
        *popularity = counts;
    }

    /// Guides that questions can find.
    pub fn document_count(&self) -> usize {
        self.snapshot().entries().count()
    }

    /// Guides for completion while typing, best first, at most [`crate::SUGGESTIONS_MAX`]. Chinese, pinyin and initials.
    pub fn suggest(&self, prefix: &str) -> Vec<Suggestion> {
        nearest::suggest(&self.snapshot(), prefix)
    }

    /// Answers a question.
    pub fn query(&self, query: &GuideQuery) -> Result<GuideHits, SearchError> {
        let snapshot = self.snapshot();
        let question = Question::parse(&query.text, &self.synonyms, &self.analyser);
        let (found, pass) = self.find(&snapshot, &question)?;
        let facets = facets(&found, &query.filters);
        let mut hits: Vec<(f32, &Entry)> = found
            .into_iter()
            .filter(|(_, entry)| {
                let filters = &query.filters;
                entry.has_tags(filters)
                    && entry.has_level(filters)
                    && entry.has_subject(filters)
                    && entry.has_department(filters)
            })
            .collect();
        hits.sort_by(best_first);
        let did_you_mean = (pass == Pass::Lenient)
            .then(|| self.did_you_mean(&snapshot, &question))
            .flatten();
        Ok(GuideHits {
            total: hits.len(),
            hits: hits
                .into_iter()
                .skip(query.page.offset())
                .take(query.page.limit())
                .map(|(score, entry)| GuideHit {
                    id: entry.guide.id.clone(),
                    score,
                    name_highlighted: highlight(entry, &question, pass == Pass::Lenient),
                })
                .collect(),
            facets,
            did_you_mean,
            text_cut: question.cut,
        })
    }

    fn snapshot(&self) -> Arc<Snapshot> {
        Arc::clone(&self.snapshot.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn learn(&self, guides: &[GuideDocument]) {
        self.analyser.learn(guides.iter().flat_map(|guide| {
            guide
                .keywords
                .iter()
                .chain([&guide.name])
                .map(String::as_str)
        }));
    }

    fn find<'a>(
        &self,
        snapshot: &'a Snapshot,
        question: &Question,
    ) -> Result<(Vec<Scored<'a>>, Pass), SearchError> {
        if question.is_empty() {
            return Ok((
                snapshot.entries().map(|entry| (0.0, entry)).collect(),
                Pass::Strict,
            ));
        }
        let matcher = Matcher {
            fields: &self.fields,
        };
        let strict = snapshot
            .searcher
            .search(&*matcher.strict(question), &AllHits)?;
        if !strict.is_empty() {
            return Ok((scored(snapshot, strict), Pass::Strict));
        }
        let lenient = snapshot
            .searcher
            .search(&*matcher.lenient(question), &AllHits)?;
        Ok((scored(snapshot, lenient), Pass::Lenient))
    }

    fn did_you_mean(&self, snapshot: &Snapshot, question: &Question) -> Option<String> {
        nearest::did_you_mean(snapshot, self.synonyms.words(), &question.core)
    }
}

fn own_words(snapshot: &Snapshot) -> impl Iterator<Item = &str> {
    snapshot.entries().flat_map(|entry| {
        entry
            .guide
            .keywords
            .iter()
            .chain([&entry.guide.name])
            .map(String::as_str)
    })
}

fn scored(snapshot: &Snapshot, hits: Vec<(Score, DocAddress)>) -> Vec<(f32, &Entry)> {
    hits.into_iter()
        .filter_map(|(score, address)| {
            let entry = snapshot.entry(address)?;
            #[expect(clippy::cast_precision_loss, reason = "only the magnitude counts")]
            let popularity = (entry.popularity() as f32).ln_1p() * POPULARITY_WEIGHT;
            Some((score + popularity, entry))
        })
        .collect()
}

/// Score, then popularity, then name and identifier, so that pages never overlap.
fn best_first((score, entry): &(f32, &Entry), (other_score, other): &(f32, &Entry)) -> Ordering {
    other_score
        .total_cmp(score)
        .then_with(|| other.popularity().cmp(&entry.popularity()))
        .then_with(|| entry.guide.name.cmp(&other.guide.name))
        .then_with(|| entry.guide.id.cmp(&other.guide.id))
}

fn facets(found: &[(f32, &Entry)], filters: &GuideFilters) -> GuideFacets {
    let (mut tags, mut levels, mut subjects, mut departments) = (
        HashMap::new(),
        HashMap::new(),
        HashMap::new(),
        HashMap::new(),
    );
    for (_, entry) in found {
        let guide = &entry.guide;
        let (tagged, level) = (entry.has_tags(filters), entry.has_level(filters));
        let (subject, department) = (entry.has_subject(filters), entry.has_department(filters));
        if tagged && level && subject && department {
            count(&mut tags, &guide.tags);
        }
        if tagged && subject && department {
            count(&mut levels, std::slice::from_ref(&guide.level));
        }
        if tagged && level && department {
            count(&mut subjects, &guide.subjects);
        }
        if tagged && level && subject {
            count(&mut departments, std::slice::from_ref(&guide.department));
        }
    }
    GuideFacets {
        tags: counted(tags),
        levels: counted(levels),
        subjects: counted(subjects),
        departments: counted(departments),
    }
}

fn count<'a>(counts: &mut HashMap<&'a str, usize>, values: &'a [String]) {
    for value in values.iter().filter(|value| !value.is_empty()) {
        *counts.entry(value).or_default() += 1;
    }
}

fn counted(counts: HashMap<&str, usize>) -> Vec<FacetCount> {
    let mut counted: Vec<FacetCount> = counts
        .into_iter()
        .map(|(value, count)| FacetCount {
            value: value.to_owned(),
            count,
        })
        .collect();
    counted.sort_by(|one, other| {
        other
            .count
            .cmp(&one.count)
            .then_with(|| one.value.cmp(&other.value))
    });
    counted
}
