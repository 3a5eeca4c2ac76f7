//! Chinese words. jieba cuts the text, with the names of the county's own items added as words; beside the words every
//! single character and every pair goes into the index, so that nothing is missed where jieba cuts differently.

use std::sync::{PoisonError, RwLock};

use jieba_rs::Jieba;

use crate::text::{Script, bigrams, pieces, runs};

/// Longest name that becomes a word of its own; longer ones are sentences.
const OWN_WORD_CHARACTERS_MAX: usize = 20;

/// The cutter of Chinese text.
pub(crate) struct Analyser {
    jieba: RwLock<Jieba>,
}

impl Analyser {
    pub(crate) fn new() -> Self {
        Self {
            jieba: RwLock::new(Jieba::new()),
        }
    }

    /// Makes the Chinese parts of these names words.
    pub(crate) fn learn<'a>(&self, names: impl IntoIterator<Item = &'a str>) {
        let mut jieba = self.jieba.write().unwrap_or_else(PoisonError::into_inner);
        for name in names {
            for (script, word) in pieces(name).iter().flat_map(|piece| runs(piece)) {
                let characters = word.chars().count();
                if script == Script::Chinese
                    && (2..=OWN_WORD_CHARACTERS_MAX).contains(&characters)
                    && !jieba.has_word(&word)
                {
                    jieba.add_word(&word, None, None);
                }
            }
        }
    }

    /// Words of a folded run of Chinese, as a person would say them, without overlap.
    pub(crate) fn words(&self, run: &str) -> Vec<String> {
        let jieba = self.jieba.read().unwrap_or_else(PoisonError::into_inner);
        jieba
            .cut(run, true)
            .into_iter()
            .map(|token| token.word.to_owned())
            .collect()
    }

    /// Everything under which a text is filed: characters, pairs, words of three and more, Latin words, numbers.
    pub(crate) fn index_terms(&self, text: &str) -> Vec<String> {
        let jieba = self.jieba.read().unwrap_or_else(PoisonError::into_inner);
        let mut terms = Vec::new();
        for (script, run) in pieces(text).iter().flat_map(|piece| runs(piece)) {
            if script != Script::Chinese {
                terms.push(run);
                continue;
            }
            terms.extend(run.chars().map(String::from));
            terms.extend(bigrams(&run));
            terms.extend(
                jieba
                    .cut_for_search(&run, true)
                    .into_iter()
                    .map(|token| token.word)
                    .filter(|word| word.chars().count() > 2)
                    .map(str::to_owned),
            );
        }
        terms
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn learned_names_are_words() {
        let analyser = Analyser::new();
        analyser.learn(["失业登记", "残疾人证新办"]);
        assert_eq!(analyser.words("失业登记"), ["失业登记"]);
        assert_eq!(
            analyser.index_terms("失业登记ETC"),
            [
                "失",
                "业",
                "登",
                "记",
                "失业",
                "业登",
                "登记",
                "失业登记",
                "etc"
            ]
        );
    }
}
