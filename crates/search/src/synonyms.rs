//! Everyday words (丢工作) and the official ones they stand for (失业登记). The list is a text file that a county can
//! extend without touching code: `everyday, everyday => official, official`, one rule a line, `#` begins a comment.

use std::collections::HashMap;

use crate::{reading::pinyin, text::compact};

/// Most rules a file may hold, so that a mistaken upload cannot eat the memory.
const RULES_MAX: usize = 10_000;
/// Longest everyday word in characters.
const WORD_CHARACTERS_MAX: usize = 30;

/// A line of a synonym file that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SynonymError {
    /// There is no `=>`.
    #[error("第 {line} 行没有“=>”,请写成“日常说法, 日常说法 => 事项名称”")]
    ArrowMissing {
        /// Line number from 1.
        line: usize,
    },
    /// One side of the arrow is empty.
    #[error("第 {line} 行“=>”的一边是空的,请把日常说法写在左边、事项名称写在右边")]
    SideEmpty {
        /// Line number from 1.
        line: usize,
    },
    /// A word is too long to be an everyday word.
    #[error("第 {line} 行的“{word}”超过 30 个字,请缩短")]
    WordTooLong {
        /// Line number from 1.
        line: usize,
        /// The word.
        word: String,
    },
    /// The file has too many rules.
    #[error("同义词超过 10000 条,请删减")]
    TooMany,
}

/// Everyday words with the official terms they stand for, best first.
#[derive(Debug, Clone, Default)]
pub struct Synonyms {
    official: HashMap<String, Vec<String>>,
    /// The same under the pinyin of the everyday word.
    spelled: HashMap<String, Vec<String>>,
    longest_characters: usize,
}

impl Synonyms {
    /// The list that comes with the product, written for the words villagers use.
    pub fn built_in() -> Self {
        Self::parse(include_str!("../../../assets/search/synonyms.txt"))
            .expect("the list in the source tree is checked by a test")
    }

    /// Reads a synonym file.
    pub fn parse(text: &str) -> Result<Self, SynonymError> {
        let mut synonyms = Self::default();
        for (index, full) in text.lines().enumerate() {
            let line = index + 1;
            let rule = full.split('#').next().unwrap_or_default().trim();
            if rule.is_empty() {
                continue;
            }
            let (everyday, official) = rule
                .split_once("=>")
                .ok_or(SynonymError::ArrowMissing { line })?;
            let (everyday, official) = (terms(everyday), terms(official));
            if everyday.is_empty() || official.is_empty() {
                return Err(SynonymError::SideEmpty { line });
            }
            for word in everyday {
                synonyms.add(word, &official, line)?;
            }
        }
        Ok(synonyms)
    }

    fn add(&mut self, word: String, official: &[String], line: usize) -> Result<(), SynonymError> {
        let characters = word.chars().count();
        if characters > WORD_CHARACTERS_MAX {
            return Err(SynonymError::WordTooLong { line, word });
        }
        if self.official.len() >= RULES_MAX {
            return Err(SynonymError::TooMany);
        }
        self.longest_characters = self.longest_characters.max(characters);
        extend(self.spelled.entry(pinyin(&word)).or_default(), official);
        extend(self.official.entry(word).or_default(), official);
        Ok(())
    }

    /// The longest everyday word that begins at `start`, as its length in characters and its official terms.
    pub(crate) fn at(&self, characters: &[char], start: usize) -> Option<(usize, &[String])> {
        let longest = self
            .longest_characters
            .min(characters.len().saturating_sub(start));
        (1..=longest).rev().find_map(|length| {
            let word: String = characters[start..start + length].iter().collect();
            self.official
                .get(&word)
                .map(|terms| (length, terms.as_slice()))
        })
    }

    /// Official terms of the everyday word that these letters spell; empty if there is none.
    pub(crate) fn spelled(&self, letters: &str) -> &[String] {
        self.spelled.get(letters).map_or(&[], Vec::as_slice)
    }

    /// All everyday words, in no order.
    pub(crate) fn words(&self) -> impl Iterator<Item = &str> {
        self.official.keys().map(String::as_str)
    }
}

fn extend(terms: &mut Vec<String>, more: &[String]) {
    for term in more {
        if !terms.contains(term) {
            terms.push(term.clone());
        }
    }
}

fn terms(side: &str) -> Vec<String> {
    side.split([',', '，', '、'])
        .map(compact)
        .filter(|term| !term.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn built_in_list_is_readable() {
        assert!(Synonyms::built_in().words().count() > 200);
    }

    #[test]
    fn mistakes_name_their_line() {
        assert_eq!(
            Synonyms::parse("# 注释\n\n下岗 失业登记").unwrap_err(),
            SynonymError::ArrowMissing { line: 3 }
        );
        assert_eq!(
            Synonyms::parse("下岗 => ，").unwrap_err(),
            SynonymError::SideEmpty { line: 1 }
        );
    }

    #[test]
    fn the_longest_word_wins() {
        let synonyms = Synonyms::parse("工作 => 就业登记\n丢工作 => 失业登记").unwrap();
        let question: Vec<char> = "我丢工作了".chars().collect();
        assert_eq!(
            synonyms.at(&question, 1),
            Some((3, ["失业登记".to_owned()].as_slice()))
        );
        assert_eq!(
            synonyms.at(&question, 2),
            Some((2, ["就业登记".to_owned()].as_slice()))
        );
        assert_eq!(synonyms.at(&question, 0), None);
    }
}
