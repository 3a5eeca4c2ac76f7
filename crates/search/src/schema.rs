//! The fields of the index and how a guide fills them. Change anything here and raise [`VERSION`]: the folder of the
//! index carries it, so an index of another version is left aside and made again.

use tantivy::{
    TantivyDocument, Term,
    schema::{Field, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions},
    tokenizer::{PreTokenizedString, Token},
};

use crate::{
    SearchError,
    analyser::Analyser,
    guide::GuideDocument,
    reading::{initials, syllables},
    snapshot::StoredGuide,
    text::{Compact, compact},
};

/// Version of the stored form.
pub(crate) const VERSION: u32 = 2;
/// Longest tail of a name that is filed, in characters; longer questions are found by their words.
pub(crate) const TAIL_CHARACTERS_MAX: usize = 32;
/// Longest tail of a name in pinyin, in letters.
pub(crate) const TAIL_LETTERS_MAX: usize = 64;
const BODY_CHARACTERS_MAX: usize = 20_000;
const NAME_CHARACTERS_MAX: usize = 200;
const KEYWORDS_MAX: usize = 100;

/// Handles of the fields.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fields {
    pub(crate) id: Field,
    pub(crate) stored: Field,
    /// Words, pairs and characters of the name, the keywords, the department and the body.
    pub(crate) name: Field,
    pub(crate) keywords: Field,
    pub(crate) department: Field,
    pub(crate) body: Field,
    /// The whole name, each whole keyword: for exact and prefix hits.
    pub(crate) name_whole: Field,
    pub(crate) keyword_whole: Field,
    /// Every tail of the name: a prefix of a tail is any part of the name.
    pub(crate) name_tail: Field,
    pub(crate) pinyin_whole: Field,
    pub(crate) pinyin_tail: Field,
    pub(crate) initials_whole: Field,
    pub(crate) initials_tail: Field,
}

/// The schema with its fields.
pub(crate) fn schema() -> (Schema, Fields) {
    let mut builder = Schema::builder();
    let words = TextOptions::default().set_indexing_options(
        TextFieldIndexing::default()
            .set_tokenizer("raw")
            .set_index_option(IndexRecordOption::WithFreqs),
    );
    let fields = Fields {
        id: builder.add_text_field("id", STRING),
        stored: builder.add_text_field("stored", STORED),
        name: builder.add_text_field("name", words.clone()),
        keywords: builder.add_text_field("keywords", words.clone()),
        department: builder.add_text_field("department", words.clone()),
        body: builder.add_text_field("body", words),
        name_whole: builder.add_text_field("name_whole", STRING),
        keyword_whole: builder.add_text_field("keyword_whole", STRING),
        name_tail: builder.add_text_field("name_tail", STRING),
        pinyin_whole: builder.add_text_field("pinyin_whole", STRING),
        pinyin_tail: builder.add_text_field("pinyin_tail", STRING),
        initials_whole: builder.add_text_field("initials_whole", STRING),
        initials_tail: builder.add_text_field("initials_tail", STRING),
    };
    (builder.build(), fields)
}

impl Fields {
    /// The term under which a guide is deleted.
    pub(crate) fn id_term(&self, id: &str) -> Term {
        Term::from_field_text(self.id, id)
    }

    /// A guide in the form that is filed.
    pub(crate) fn document(
        &self,
        guide: &GuideDocument,
        analyser: &Analyser,
    ) -> Result<TantivyDocument, SearchError> {
        let name: String = guide.name.chars().take(NAME_CHARACTERS_MAX).collect();
        let whole = Compact::of(&name).characters;
        if whole.is_empty() {
            return Err(SearchError::NameEmpty {
                id: guide.id.clone(),
            });
        }
        let keywords = &guide.keywords[..guide.keywords.len().min(KEYWORDS_MAX)];
        let stored =
            serde_json::to_string(&StoredGuide::of(guide, &name)).map_err(SearchError::Record)?;
        let mut document = TantivyDocument::default();
        document.add_text(self.id, &guide.id);
        document.add_text(self.stored, stored);
        file_words(&mut document, self.name, &name, analyser);
        file_words(&mut document, self.keywords, &keywords.join(" "), analyser);
        file_words(&mut document, self.department, &guide.department, analyser);
        let body: String = guide.body.chars().take(BODY_CHARACTERS_MAX).collect();
        file_words(&mut document, self.body, &body, analyser);
        self.file_name(&mut document, &whole);
        for keyword in keywords {
            self.file_keyword(&mut document, &compact(keyword));
        }
        Ok(document)
    }

    fn file_name(&self, document: &mut TantivyDocument, characters: &[char]) {
        let syllables = syllables(characters);
        document.add_text(self.name_whole, characters.iter().collect::<String>());
        document.add_text(self.initials_whole, initials(&syllables));
        for pinyin in spellings(&syllables.concat()) {
            document.add_text(self.pinyin_whole, pinyin);
        }
        for start in 0..characters.len() {
            let end = characters.len().min(start + TAIL_CHARACTERS_MAX);
            document.add_text(
                self.name_tail,
                characters[start..end].iter().collect::<String>(),
            );
            document.add_text(self.initials_tail, initials(&syllables[start..end]));
            self.file_pinyin_tail(document, &syllables[start..]);
        }
    }

    fn file_keyword(&self, document: &mut TantivyDocument, keyword: &str) {
        if keyword.is_empty() {
            return;
        }
        let syllables = syllables(
            &keyword
                .chars()
                .take(TAIL_CHARACTERS_MAX)
                .collect::<Vec<_>>(),
        );
        document.add_text(self.keyword_whole, keyword);
        document.add_text(self.initials_tail, initials(&syllables));
        self.file_pinyin_tail(document, &syllables);
    }

    fn file_pinyin_tail(&self, document: &mut TantivyDocument, syllables: &[String]) {
        for pinyin in spellings(&syllables.concat()) {
            document.add_text(
                self.pinyin_tail,
                pinyin.chars().take(TAIL_LETTERS_MAX).collect::<String>(),
            );
        }
    }
}

/// Files a text under its words.
fn file_words(document: &mut TantivyDocument, field: Field, text: &str, analyser: &Analyser) {
    let tokens = analyser
        .index_terms(text)
        .into_iter()
        .enumerate()
        .map(|(position, text)| Token {
            position,
            text,
            ..Token::default()
        })
        .collect();
    document.add_pre_tokenized_text(
        field,
        PreTokenizedString {
            text: String::new(),
            tokens,
        },
    );
}

/// 旅 is typed `lv` on a keyboard but often written `lu`; both are filed.
fn spellings(pinyin: &str) -> Vec<String> {
    let mut spellings = vec![pinyin.to_owned()];
    if pinyin.contains('v') {
        spellings.push(pinyin.replace('v', "u"));
    }
    spellings
}
