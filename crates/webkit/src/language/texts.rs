//! The texts of the interface: Chinese sentence in, the visitor's language out.

use std::{borrow::Cow, collections::HashMap, fmt::Display, sync::Arc};

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
}

impl Texts {
    /// The texts of webkit itself.
    pub fn new() -> Result<Self, TextsError> {
        Self::default().with_english("webkit", ENGLISH)
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
            let key = message.msgid().to_owned();
            if let Some(first) = self.english.get(&key)
                && first != text
            {
                return Err(TextsError::Contradiction {
                    slice,
                    key,
                    first: first.clone(),
                    second: text.to_owned(),
                });
            }
            self.english.insert(key, text.to_owned());
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
            Language::English => Cow::Borrowed(self.texts.english(key).unwrap_or(key)),
            Language::SimplifiedChinese | Language::TraditionalChinese => Cow::Borrowed(key),
        }
    }

    /// The sentence with its `{name}` places filled: `tf("还剩 {days} 天", &[("days", &3)])`. A place without a value
    /// stays as it is, so that a mistake is seen.
    pub fn tf(&self, key: &str, values: &[(&str, &dyn Display)]) -> String {
        fill(&self.t(key), values)
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
    fn webkit_texts_are_readable() {
        assert!(!Texts::new().unwrap().is_empty());
    }
}
