//! Builds tantivy's queries from a question. tantivy's own parser is not used: it makes a phrase of a Chinese term
//! that is several tokens and then finds nothing.

use tantivy::{
    DocAddress, DocId, Score, SegmentOrdinal, SegmentReader, Term,
    collector::{Collector, SegmentCollector},
    query::{BooleanQuery, BoostQuery, ConstScoreQuery, FuzzyTermQuery, Query, TermQuery},
    schema::{Field, IndexRecordOption},
};

use crate::{
    question::{Part, Question},
    reading::pinyin,
    schema::{Fields, TAIL_CHARACTERS_MAX, TAIL_LETTERS_MAX},
    text::{bigrams, is_latin},
};

type Clause = Box<dyn Query>;

/// Fixed scores of hits on the name. They lie far above what word frequencies give, so that an exact name comes first,
/// then a name that begins so, then what everyday words stand for, then a name that contains the question.
mod weight {
    pub(super) const NAME_EXACT: f32 = 1000.0;
    pub(super) const KEYWORD_EXACT: f32 = 500.0;
    pub(super) const PINYIN_EXACT: f32 = 400.0;
    pub(super) const INITIALS_EXACT: f32 = 350.0;
    pub(super) const NAME_PREFIX: f32 = 300.0;
    pub(super) const EVERYDAY_BEST: f32 = 200.0;
    pub(super) const EVERYDAY_STEP: f32 = 15.0;
    pub(super) const NAME_CONTAINS: f32 = 150.0;
    pub(super) const PINYIN_PREFIX: f32 = 140.0;
    pub(super) const INITIALS_PREFIX: f32 = 120.0;
    pub(super) const NAME_TYPO: f32 = 120.0;
    pub(super) const HOMOPHONE: f32 = 110.0;
    pub(super) const PINYIN_TYPO: f32 = 100.0;
    pub(super) const PINYIN_CONTAINS: f32 = 80.0;
    pub(super) const INITIALS_CONTAINS: f32 = 60.0;
}

/// Shortest pinyin in which one slip is forgiven.
const PINYIN_TYPO_LETTERS_MIN: usize = 5;
/// Shortest Chinese question in which one wrong character is forgiven.
const NAME_TYPO_CHARACTERS_MIN: usize = 3;
/// Shortest pinyin of a Chinese question in which also one slip is forgiven (z for zh, n for ng).
const ACCENT_LETTERS_MIN: usize = 8;

/// Builds queries over the fields of the index.
pub(crate) struct Matcher<'a> {
    pub(crate) fields: &'a Fields,
}

impl Matcher<'_> {
    /// Hits that match every part of the question, or whose name or keyword is what was typed.
    pub(crate) fn strict(&self, question: &Question) -> Clause {
        let mut ways = vec![all_of(
            question.parts.iter().map(|part| self.part(part)).collect(),
        )];
        ways.extend(self.name(&question.whole));
        if question.core != question.whole {
            ways.extend(self.name(&question.core));
        }
        any_of(ways)
    }

    /// Hits that match with a forgivable mistake, or half of the question.
    pub(crate) fn lenient(&self, question: &Question) -> Clause {
        let mut ways = Vec::new();
        let mut words = Vec::new();
        for part in &question.parts {
            match part {
                Part::Everyday { .. } => ways.push(self.part(part)),
                Part::Word(word) if word.chars().nth(1).is_none() => {}
                Part::Word(_) | Part::Latin { .. } | Part::Number(_) => words.push(self.part(part)),
            }
        }
        if !words.is_empty() {
            let half = words.len().div_ceil(2);
            ways.push(Box::new(BooleanQuery::union_with_minimum_required_clauses(
                words, half,
            )));
        }
        ways.extend(self.typo(&question.core));
        any_of(ways)
    }

    fn name(&self, text: &str) -> Vec<Clause> {
        let characters = text.chars().count();
        if characters == 0 {
            return Vec::new();
        }
        let fields = self.fields;
        let mut ways = vec![
            fixed(term(fields.name_whole, text), weight::NAME_EXACT),
            fixed(term(fields.keyword_whole, text), weight::KEYWORD_EXACT),
            prefix(fields.name_whole, text, 0, weight::NAME_PREFIX),
        ];
        if (2..=TAIL_CHARACTERS_MAX).contains(&characters) {
            ways.push(prefix(fields.name_tail, text, 0, weight::NAME_CONTAINS));
        }
        if is_latin(text) {
            ways.push(fixed(term(fields.pinyin_whole, text), weight::PINYIN_EXACT));
            ways.push(fixed(
                term(fields.initials_whole, text),
                weight::INITIALS_EXACT,
            ));
            ways.push(prefix(fields.pinyin_whole, text, 0, weight::PINYIN_PREFIX));
            ways.push(prefix(
                fields.initials_whole,
                text,
                0,
                weight::INITIALS_PREFIX,
            ));
        }
        ways
    }

    fn part(&self, part: &Part) -> Clause {
        match part {
            Part::Word(text) | Part::Number(text) => self.word(text),
            Part::Latin { letters, official } => {
                let mut ways = vec![self.latin(letters)];
                ways.extend(self.officials(official));
                any_of(ways)
            }
            Part::Everyday {
                word,
                words,
                official,
            } => {
                let mut ways = vec![all_of(words.iter().map(|word| self.word(word)).collect())];
                ways.push(fixed(
                    term(self.fields.keyword_whole, word),
                    weight::KEYWORD_EXACT,
                ));
                ways.extend(self.officials(official));
                any_of(ways)
            }
        }
    }

    /// Official terms, the first weighing most.
    fn officials(&self, terms: &[String]) -> Vec<Clause> {
        let mut score = weight::EVERYDAY_BEST;
        let mut ways = Vec::with_capacity(terms.len());
        for term in terms {
            ways.push(self.official(term, score));
            score = (score - weight::EVERYDAY_STEP).max(weight::EVERYDAY_STEP);
        }
        ways
    }

    /// Guides whose name contains the official term, or less certainly all of its pairs of characters.
    fn official(&self, text: &str, score: f32) -> Clause {
        any_of(vec![
            prefix(self.fields.name_tail, text, 0, score),
            fixed(all_pairs(self.fields.name, text), score / 4.0),
            fixed(all_pairs(self.fields.keywords, text), score / 4.0),
        ])
    }

    /// A word anywhere in the guide; the name weighs most.
    fn word(&self, text: &str) -> Clause {
        let fields = self.fields;
        let zones = [
            (fields.name, 4.0),
            (fields.keywords, 3.0),
            (fields.department, 1.0),
            (fields.body, 0.5),
        ];
        any_of(
            zones
                .into_iter()
                .map(|(field, boost)| {
                    let found = if text.chars().nth(2).is_some() && !is_latin(text) {
                        any_of(vec![term(field, text), all_pairs(field, text)])
                    } else {
                        term(field, text)
                    };
                    Box::new(BoostQuery::new(found, boost)) as Clause
                })
                .collect(),
        )
    }

    fn latin(&self, letters: &str) -> Clause {
        let fields = self.fields;
        let mut ways = vec![self.word(letters)];
        if letters.len() == 1 {
            ways.push(prefix(
                fields.initials_whole,
                letters,
                0,
                weight::INITIALS_PREFIX,
            ));
        } else {
            if letters.len() <= TAIL_LETTERS_MAX {
                ways.push(prefix(
                    fields.pinyin_tail,
                    letters,
                    0,
                    weight::PINYIN_CONTAINS,
                ));
            }
            if letters.len() <= TAIL_CHARACTERS_MAX {
                ways.push(prefix(
                    fields.initials_tail,
                    letters,
                    0,
                    weight::INITIALS_CONTAINS,
                ));
            }
        }
        any_of(ways)
    }

    /// One wrong character, a homophone, or a slip in the pinyin.
    fn typo(&self, core: &str) -> Vec<Clause> {
        let fields = self.fields;
        let characters = core.chars().count();
        let mut ways = Vec::new();
        if characters < 2 || characters > TAIL_CHARACTERS_MAX.max(TAIL_LETTERS_MAX) {
            return ways;
        }
        let letters = pinyin(core);
        let has_latin = core
            .chars()
            .any(|character| character.is_ascii_alphabetic());
        if !is_latin(core) && characters <= TAIL_CHARACTERS_MAX {
            if characters >= NAME_TYPO_CHARACTERS_MIN {
                ways.push(prefix(fields.name_tail, core, 1, weight::NAME_TYPO));
                let pairs: Vec<Clause> = bigrams(core)
                    .iter()
                    .map(|pair| term(fields.name, pair))
                    .collect();
                let half = pairs.len().div_ceil(2);
                ways.push(Box::new(BooleanQuery::union_with_minimum_required_clauses(
                    pairs, half,
                )));
            }
            if letters.len() <= TAIL_LETTERS_MAX {
                ways.push(prefix(fields.pinyin_tail, &letters, 0, weight::HOMOPHONE));
            }
        }
        let forgiven_from = if has_latin {
            PINYIN_TYPO_LETTERS_MIN
        } else {
            ACCENT_LETTERS_MIN
        };
        if letters.is_ascii() && (forgiven_from..=TAIL_LETTERS_MAX).contains(&letters.len()) {
            ways.push(prefix(fields.pinyin_tail, &letters, 1, weight::PINYIN_TYPO));
        }
        ways
    }
}

fn term(field: Field, text: &str) -> Clause {
    Box::new(TermQuery::new(
        Term::from_field_text(field, text),
        IndexRecordOption::WithFreqs,
    ))
}

/// Terms that begin with the text, give or take `mistakes` characters.
fn prefix(field: Field, text: &str, mistakes: u8, score: f32) -> Clause {
    fixed(
        Box::new(FuzzyTermQuery::new_prefix(
            Term::from_field_text(field, text),
            mistakes,
            true,
        )),
        score,
    )
}

fn all_pairs(field: Field, text: &str) -> Clause {
    let pairs = bigrams(text);
    if pairs.is_empty() {
        return term(field, text);
    }
    all_of(pairs.iter().map(|pair| term(field, pair)).collect())
}

fn fixed(query: Clause, score: f32) -> Clause {
    Box::new(ConstScoreQuery::new(query, score))
}

fn all_of(queries: Vec<Clause>) -> Clause {
    Box::new(BooleanQuery::intersection(queries))
}

fn any_of(queries: Vec<Clause>) -> Clause {
    Box::new(BooleanQuery::union(queries))
}

/// Collects every hit with its score. The lists are short enough to be ordered as a whole, which keeps pages stable
/// and counts exact.
pub(crate) struct AllHits;

/// [`AllHits`] within one segment.
pub(crate) struct SegmentHits {
    segment: SegmentOrdinal,
    hits: Vec<(Score, DocAddress)>,
}

impl Collector for AllHits {
    type Fruit = Vec<(Score, DocAddress)>;
    type Child = SegmentHits;

    fn for_segment(
        &self,
        segment: SegmentOrdinal,
        _reader: &SegmentReader,
    ) -> tantivy::Result<SegmentHits> {
        Ok(SegmentHits {
            segment,
            hits: Vec::new(),
        })
    }

    fn requires_scoring(&self) -> bool {
        true
    }

    fn merge_fruits(&self, fruits: Vec<Vec<(Score, DocAddress)>>) -> tantivy::Result<Self::Fruit> {
        Ok(fruits.into_iter().flatten().collect())
    }
}

impl SegmentCollector for SegmentHits {
    type Fruit = Vec<(Score, DocAddress)>;

    fn collect(&mut self, document: DocId, score: Score) {
        self.hits
            .push((score, DocAddress::new(self.segment, document)));
    }

    fn harvest(self) -> Self::Fruit {
        self.hits
    }
}
