//! The texts of the interface: Chinese sentence in, the visitor's language out.

use std::{borrow::Cow, collections::HashMap, fmt::Display, sync::Arc};

use wuchuang_codes::CodeError;

use super::Language;

/// A PO file that cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum TextsError {
    /// The file is not a PO file (GNU gettext manual, "The Format of PO Files").
    #[error("the PO file of {slice} cannot be read: {reason}")]
    Unreadable {
        /// Name of the slice that gave the file.
        slice: &'static str,
        /// What the parser said.
        reason: String,
    },
    /// Two slices translate the same sentence differently; the page could not know which one is meant.
    #[error(
        "{slice} translates {key:?} as {second:?}, another slice as {first:?}: use one wording"
    )]
    Contradiction {
        /// The slice registered later.
        slice: &'static str,
        /// The Chinese sentence.
        key: String,
        /// The wording registered first.
        first: String,
        /// The wording of `slice`.
        second: String,
    },
}

/// webkit's own English texts: layouts, macros and form messages.
const ENGLISH: &str = include_str!("../../locales/en.po");

/// All English texts of the house, filled once at start from the PO files of the slices.
#[derive(Debug, Default)]
pub struct Texts {
    english: HashMap<String, String>,
    sentences: Vec<Sentence>,
}

impl Texts {
    /// The texts of webkit itself, and the words of the code tables, which own their English.
    pub fn new() -> Result<Self, TextsError> {
        let mut texts = Self::default().with_english("webkit", ENGLISH)?;
        for (name, english) in wuchuang_codes::english_names() {
            texts.add("codes", name, english)?;
        }
        Ok(texts)
    }

    fn add(&mut self, slice: &'static str, key: &str, text: &str) -> Result<(), TextsError> {
        if let Some(first) = self.english.get(key)
            && first != text
        {
            return Err(TextsError::Contradiction {
                slice,
                key: key.to_owned(),
                first: first.clone(),
                second: text.to_owned(),
            });
        }
        let is_new = self
            .english
            .insert(key.to_owned(), text.to_owned())
            .is_none();
        if is_new {
            self.sentences.extend(Sentence::of(key));
        }
        Ok(())
    }

    /// Adds one slice's `locales/en.po`. Untranslated and fuzzy entries are left out, so the page shows Chinese.
    pub fn with_english(mut self, slice: &'static str, po: &str) -> Result<Self, TextsError> {
        let catalog = polib::po_file::parse_from_reader(po.as_bytes()).map_err(|error| {
            TextsError::Unreadable {
                slice,
                reason: error.to_string(),
            }
        })?;
        for message in catalog.messages() {
            if !message.is_translated() || message.is_fuzzy() {
                continue;
            }
            let Ok(text) = message.msgstr() else { continue };
            self.add(slice, message.msgid(), text)?;
        }
        Ok(self)
    }

    /// The English of a Chinese sentence, if a slice has given it.
    pub fn english(&self, key: &str) -> Option<&str> {
        self.english.get(key).map(String::as_str)
    }

    /// How many sentences have an English text.
    pub fn len(&self) -> usize {
        self.english.len()
    }

    /// Whether no English text is known.
    pub fn is_empty(&self) -> bool {
        self.english.is_empty()
    }
}

/// Speaks one language; cheap to clone, one for each request.
#[derive(Clone, Debug)]
pub struct Translator {
    language: Language,
    texts: Arc<Texts>,
}

impl Translator {
    /// A translator into `language`.
    pub fn new(language: Language, texts: Arc<Texts>) -> Self {
        Self { language, texts }
    }

    /// The language spoken.
    pub fn language(&self) -> Language {
        self.language
    }

    /// The sentence in the visitor's language; the Chinese sentence itself where English is missing. Traditional
    /// Chinese is answered in simplified here, because the whole page is converted at the end.
    pub fn t<'a>(&'a self, key: &'a str) -> Cow<'a, str> {
        match self.language {
            Language::English => match self.texts.english(key) {
                Some(text) => Cow::Borrowed(text),
                None => self
                    .list(key)
                    .or_else(|| self.filled(key))
                    .map_or(Cow::Borrowed(key), Cow::Owned),
            },
            Language::SimplifiedChinese | Language::TraditionalChinese => Cow::Borrowed(key),
        }
    }

    /// A list of known words (`企业法人、自然人`) in English; `None` when one of them is not known.
    fn list(&self, key: &str) -> Option<String> {
        if !key.contains('、') {
            return None;
        }
        let words: Option<Vec<&str>> = key
            .split('、')
            .map(|word| self.texts.english(word))
            .collect();
        words.map(|words| words.join(", "))
    }

    /// A sentence that the rules had filled before it came here (`现在是“审查”环节，不能撤回。`): its key is found by what
    /// stands between the places.
    fn filled(&self, text: &str) -> Option<String> {
        let (sentence, found) = self
            .texts
            .sentences
            .iter()
            .find_map(|sentence| Some((sentence, sentence.read(text)?)))?;
        let words: Vec<(&str, Cow<'_, str>)> = found
            .into_iter()
            .map(|(name, value)| (name, self.t(value)))
            .collect();
        let values: Vec<(&str, &dyn Display)> = words
            .iter()
            .map(|(name, word)| (*name, word as &dyn Display))
            .collect();
        Some(fill(self.texts.english(&sentence.key)?, &values))
    }

    /// What is wrong with a code, in the visitor's language.
    pub fn explain(&self, error: &CodeError) -> String {
        match self.language {
            Language::English => {
                let mut sentence = error.to_string();
                if let Some(first) = sentence.get_mut(..1) {
                    first.make_ascii_uppercase();
                }
                format!("{sentence}. Please correct it.")
            }
            Language::SimplifiedChinese | Language::TraditionalChinese => error.explain(),
        }
    }

    /// The sentence with its `{name}` places filled: `tf("还剩 {days} 天", &[("days", &3)])`. A place without a value
    /// stays as it is, so that a mistake is seen.
    pub fn tf(&self, key: &str, values: &[(&str, &dyn Display)]) -> String {
        fill(&self.t(key), values)
    }
}

/// How much must stand between the places of a sentence, in characters, that it is known again when it comes filled.
const KNOWN_CHARACTERS_MIN: usize = 8;
/// How long a filled place may be, in bytes.
const PLACE_BYTES_MAX: usize = 400;

/// A whole sentence with places.
#[derive(Debug)]
struct Sentence {
    key: String,
    /// What stands before the first place, between the places and after the last one.
    literals: Vec<String>,
    names: Vec<String>,
}

impl Sentence {
    /// `None` for a text without places, or one that says too little to be known again.
    fn of(key: &str) -> Option<Self> {
        let (mut literals, mut names) = (Vec::new(), Vec::new());
        let mut rest = key;
        while let Some((before, after)) = rest.split_once('{') {
            let (name, after) = after.split_once('}')?;
            literals.push(before.to_owned());
            names.push(name.to_owned());
            rest = after;
        }
        literals.push(rest.to_owned());
        let known: usize = literals.iter().map(|part| part.chars().count()).sum();
        let is_whole = key.ends_with('。') && known >= KNOWN_CHARACTERS_MIN;
        (is_whole && !names.is_empty()).then(|| Self {
            key: key.to_owned(),
            literals,
            names,
        })
    }

    /// What stands in the places of a filled sentence; `None` when it is another one.
    fn read<'a>(&'a self, text: &'a str) -> Option<Vec<(&'a str, &'a str)>> {
        let mut rest = text.strip_prefix(self.literals.first()?.as_str())?;
        let mut found = Vec::with_capacity(self.names.len());
        for (name, literal) in self.names.iter().zip(&self.literals[1..]) {
            let is_last = found.len() + 1 == self.names.len();
            let (value, after) = if is_last {
                (rest.strip_suffix(literal.as_str())?, "")
            } else {
                rest.split_once(literal.as_str())?
            };
            if value.is_empty() || value.len() > PLACE_BYTES_MAX {
                return None;
            }
            found.push((name.as_str(), value));
            rest = after;
        }
        Some(found)
    }
}

fn fill(pattern: &str, values: &[(&str, &dyn Display)]) -> String {
    let mut out = String::with_capacity(pattern.len() + 16);
    let mut rest = pattern;
    while let Some(open) = rest.find('{') {
        out.push_str(&rest[..open]);
        let after = &rest[open + 1..];
        let Some(close) = after.find('}') else {
            out.push_str(&rest[open..]);
            return out;
        };
        let name = &after[..close];
        match values.iter().find(|(candidate, _)| *candidate == name) {
            Some((_, value)) => out.push_str(&value.to_string()),
            None => out.push_str(&rest[open..=open + 1 + close]),
        }
        rest = &after[close + 1..];
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{Language, Texts, TextsError, Translator};

    const PO: &str = "msgid \"\"\nmsgstr \"Content-Type: text/plain; charset=UTF-8\\n\"\n\nmsgid \"还剩 {days} 天\"\nmsgstr \"{days} days left\"\n\nmsgid \"空\"\nmsgstr \"\"\n";

    #[test]
    fn a_sentence_that_comes_filled_is_known_again() {
        const RULES: &str = "msgid \"\"\nmsgstr \"Content-Type: text/plain; charset=UTF-8\\n\"\n\nmsgid \"现在是“{stage}”环节，不能{deed}。\"\nmsgstr \"It is at “{stage}”: no {deed}.\"\n\nmsgid \"审查\"\nmsgstr \"Review\"\n\nmsgid \"{a}。\"\nmsgstr \"{a}.\"\n";
        let texts = Arc::new(Texts::default().with_english("test", RULES).unwrap());
        let english = Translator::new(Language::English, Arc::clone(&texts));
        for (text, expected) in [
            (
                "现在是“审查”环节，不能撤回。",
                "It is at “Review”: no 撤回.",
            ),
            ("现在是“”环节，不能撤回。", "现在是“”环节，不能撤回。"),
            ("现在是“审查”环节，不能撤回", "现在是“审查”环节，不能撤回"),
            ("王小明说的话。", "王小明说的话。"),
        ] {
            assert_eq!(english.t(text), expected);
        }
        let chinese = Translator::new(Language::SimplifiedChinese, texts);
        let text = "现在是“审查”环节，不能撤回。";
        assert_eq!(chinese.t(text), text);
    }

    #[test]
    fn english_falls_back_to_the_chinese_sentence() {
        let texts = Arc::new(Texts::default().with_english("test", PO).unwrap());
        let english = Translator::new(Language::English, Arc::clone(&texts));
        assert_eq!(english.tf("还剩 {days} 天", &[("days", &3)]), "3 days left");
        assert_eq!(english.t("没有译文"), "没有译文");
        assert_eq!(english.t("空"), "空");
        let chinese = Translator::new(Language::SimplifiedChinese, texts);
        assert_eq!(
            chinese.tf("还剩 {days} 天，{x}", &[("days", &"2.5")]),
            "还剩 2.5 天，{x}"
        );
        assert_eq!(chinese.tf("没有 {结尾", &[]), "没有 {结尾");
    }

    #[test]
    fn a_value_is_never_read_as_a_pattern() {
        let translator = Translator::new(Language::SimplifiedChinese, Arc::default());
        assert_eq!(
            translator.tf("{a}{b}", &[("a", &"{b}"), ("b", &"乙")]),
            "{b}乙"
        );
    }

    #[test]
    fn contradictions_are_refused() {
        let other = PO.replace("days left", "days remain");
        let error = Texts::default()
            .with_english("a", PO)
            .unwrap()
            .with_english("b", &other)
            .unwrap_err();
        assert!(matches!(
            error,
            TextsError::Contradiction { slice: "b", .. }
        ));
    }

    #[test]
    fn words_of_the_code_tables_read_as_english_alone_and_in_lists() {
        let english = Translator::new(Language::English, Arc::new(Texts::new().unwrap()));
        assert_eq!(english.t("即办件"), "Instant");
        assert_eq!(english.t("企业法人、自然人"), "Enterprises, People");
        assert_eq!(english.t("企业法人、无名"), "企业法人、无名");
        let error = wuchuang_codes::PhoneNumber::parse("110").unwrap_err();
        assert!(english.explain(&error).is_ascii());
        let chinese = Translator::new(Language::SimplifiedChinese, Arc::default());
        assert_eq!(chinese.t("企业法人、自然人"), "企业法人、自然人");
        assert_eq!(chinese.explain(&error), error.explain());
    }

    #[test]
    fn webkit_texts_are_readable() {
        assert!(!Texts::new().unwrap().is_empty());
    }
}
