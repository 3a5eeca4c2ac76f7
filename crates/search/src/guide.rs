//! The words of this crate's interface: what is indexed, what is asked, what is answered. No tantivy type appears here.

use serde::{Deserialize, Serialize};

/// Longest question in characters; what lies beyond is not looked at.
pub const QUERY_CHARACTERS_MAX: usize = 100;
/// Furthest first hit of a page.
pub const PAGE_OFFSET_MAX: usize = 1_000;
/// Most hits on one page.
pub const PAGE_LIMIT_MAX: usize = 50;
/// Most guides that [`crate::SearchIndex::suggest`] returns.
pub const SUGGESTIONS_MAX: usize = 8;

/// One published guide (办事指南) as the index sees it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GuideDocument {
    /// The caller's identifier of the guide, unique in the index.
    pub id: String,
    /// Official name of the service item.
    pub name: String,
    /// Name of the department in charge.
    pub department: String,
    /// Whom it serves: 自然人, 企业法人, 其他组织 …; an item may serve several.
    pub subjects: Vec<String>,
    /// Type of the power or service: 行政许可, 公共服务 …
    pub kind: String,
    /// Level that exercises it: 县级, 乡镇级, 村级.
    pub level: String,
    /// Labels the guide is filed under (theme, life event).
    pub tags: Vec<String>,
    /// Plain names and other words people use for it.
    pub keywords: Vec<String>,
    /// Running text: materials, conditions, result. Only the first 20,000 characters are indexed.
    pub body: String,
}

/// A guide whose name completes what is being typed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Suggestion {
    /// Identifier of the guide.
    pub id: String,
    /// Its name.
    pub name: String,
}

/// Restrictions on the hits. An absent field restricts nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GuideFilters {
    /// The guide carries all of these tags.
    pub tags: Vec<String>,
    /// The guide is exercised at this level.
    pub level: Option<String>,
    /// The guide serves this subject, perhaps among others.
    pub subject: Option<String>,
    /// The guide belongs to this department.
    pub department: Option<String>,
}

/// A bounded slice of the hits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    offset: usize,
    limit: usize,
}

impl Page {
    /// A page that starts after `offset` hits (at most [`PAGE_OFFSET_MAX`]) and holds `limit` (1 to [`PAGE_LIMIT_MAX`]).
    /// Values outside are brought to the nearest allowed one, because a wrong page number in an address is no reason
    /// to refuse an answer.
    pub fn new(offset: usize, limit: usize) -> Self {
        Self {
            offset: offset.min(PAGE_OFFSET_MAX),
            limit: limit.clamp(1, PAGE_LIMIT_MAX),
        }
    }

    /// Hits before this page.
    pub fn offset(self) -> usize {
        self.offset
    }

    /// Most hits on this page.
    pub fn limit(self) -> usize {
        self.limit
    }
}

impl Default for Page {
    fn default() -> Self {
        Self::new(0, 20)
    }
}

/// A question to the index.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GuideQuery {
    /// What the person typed; any text. Empty, or nothing to look for in it (only 怎么办, only signs), means every guide
    /// by popularity.
    pub text: String,
    /// Restrictions on the hits.
    pub filters: GuideFilters,
    /// Which slice of the hits.
    pub page: Page,
}

/// How many hits share a value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FacetCount {
    /// The value, for example a department's name.
    pub value: String,
    /// Hits that have it.
    pub count: usize,
}

/// Counts per value, most frequent first, for the filters beside the list.
///
/// `levels`, `subjects` and `departments` are counted without their own filter, so that a person sees what another
/// choice would give; `tags` narrow further and are counted with every filter.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct GuideFacets {
    /// Counts per tag.
    pub tags: Vec<FacetCount>,
    /// Counts per level.
    pub levels: Vec<FacetCount>,
    /// Counts per subject.
    pub subjects: Vec<FacetCount>,
    /// Counts per department.
    pub departments: Vec<FacetCount>,
}

/// One hit.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct GuideHit {
    /// Identifier of the guide.
    pub id: String,
    /// Relevance; only its order means anything. With an empty question it is 0.
    pub score: f32,
    /// The name in pieces that follow each other; `true` marks what matched the question.
    pub name_highlighted: Vec<(String, bool)>,
}

/// The answer to a [`GuideQuery`].
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct GuideHits {
    /// Hits on all pages together.
    pub total: usize,
    /// Hits of this page, best first.
    pub hits: Vec<GuideHit>,
    /// Counts for the filters.
    pub facets: GuideFacets,
    /// A name or plain name that the person perhaps meant, when not every word could be found.
    pub did_you_mean: Option<String>,
    /// Whether the question was longer than [`QUERY_CHARACTERS_MAX`] and was cut.
    pub text_cut: bool,
}
