//! Full-text search over guides with Chinese words, pinyin and initials; the one crate that knows tantivy.
//!
//! It lives alone because tantivy is slow to build and because nobody else should depend on its types: callers give
//! [`GuideDocument`]s and [`GuideQuery`]s and get [`GuideHits`]. The index is derived data. It can be thrown away and
//! made again from the published catalogue at any time, which is why [`SearchIndex::open`] does so by itself when the
//! stored form is of another version or damaged.
//!
//! A question is answered in two passes. The strict pass wants every word of it. Only if that finds nothing does the
//! lenient pass forgive: one wrong character, a homophone, a slip in the pinyin, or half of the words missing.

mod analyser;
mod error;
mod guide;
mod highlight;
mod index;
mod matching;
mod nearest;
mod question;
mod reading;
mod schema;
mod snapshot;
mod synonyms;
mod text;

pub use error::SearchError;
pub use guide::{
    FacetCount, GuideDocument, GuideFacets, GuideFilters, GuideHit, GuideHits, GuideQuery,
    PAGE_LIMIT_MAX, PAGE_OFFSET_MAX, Page, QUERY_CHARACTERS_MAX, SUGGESTIONS_MAX, Suggestion,
};
pub use index::SearchIndex;
pub use synonyms::{SynonymError, Synonyms};
