//! Names near to what was typed: suggestions while typing, and 您是不是要找 when a question found nothing exactly.

use std::{cmp::Reverse, collections::HashSet};

use crate::{
    guide::{SUGGESTIONS_MAX, Suggestion},
    reading::pinyin,
    snapshot::{Entry, LetterSet, Snapshot},
    text::{compact, is_latin},
};

/// Longest text that is compared letter by letter.
const COMPARED_CHARACTERS_MAX: usize = 32;

/// Names that begin with the text, then those with such a keyword, such pinyin or initials, then those containing it.
pub(crate) fn suggest(snapshot: &Snapshot, text: &str) -> Vec<Suggestion> {
    let wanted = compact(
        &text
            .chars()
            .take(COMPARED_CHARACTERS_MAX)
            .collect::<String>(),
    );
    if wanted.is_empty() {
        return Vec::new();
    }
    let mixed = (!is_latin(&wanted)
        && wanted
            .chars()
            .any(|character| character.is_ascii_alphabetic()))
    .then(|| pinyin(&wanted));
    let mut found: Vec<(u8, &Entry)> = snapshot
        .entries()
        .filter_map(|entry| closeness(entry, &wanted, mixed.as_deref()).map(|rank| (rank, entry)))
        .collect();
    found.sort_by(|(rank, entry), (other_rank, other)| {
        rank.cmp(other_rank)
            .then_with(|| other.popularity().cmp(&entry.popularity()))
            .then_with(|| entry.guide.name.cmp(&other.guide.name))
    });
    let mut seen = HashSet::new();
    found
        .into_iter()
        .filter(|(_, entry)| seen.insert(entry.guide.name.as_str()))
        .take(SUGGESTIONS_MAX)
        .map(|(_, entry)| Suggestion {
            id: entry.guide.id.clone(),
            name: entry.guide.name.clone(),
        })
        .collect()
}

fn closeness(entry: &Entry, wanted: &str, mixed: Option<&str>) -> Option<u8> {
    let latin = is_latin(wanted);
    if entry.name_whole.starts_with(wanted) {
        Some(0)
    } else if entry
        .keywords
        .iter()
        .any(|keyword| keyword.starts_with(wanted))
    {
        Some(1)
    } else if latin && (entry.pinyin.starts_with(wanted) || entry.initials.starts_with(wanted))
        || mixed.is_some_and(|mixed| entry.pinyin.starts_with(mixed))
    {
        Some(2)
    } else if wanted.len() > 1 && entry.name_whole.contains(wanted) {
        Some(3)
    } else if wanted.len() > 1 && latin && entry.initials.contains(wanted) {
        Some(4)
    } else {
        None
    }
}

/// The name, keyword or everyday word that differs least from the text, if it differs little enough and at all.
pub(crate) fn did_you_mean<'a>(
    snapshot: &'a Snapshot,
    everyday: impl Iterator<Item = &'a str>,
    core: &str,
) -> Option<String> {
    let wanted = Wanted::of(core);
    let of_entries = snapshot.entries().flat_map(|entry| {
        let popularity = Reverse(entry.popularity());
        let keywords = entry
            .keywords
            .iter()
            .map(|keyword| (wanted.near_word(keyword), keyword.as_str()));
        [(wanted.near_name(entry), entry.guide.name.as_str())]
            .into_iter()
            .chain(keywords)
            .filter_map(move |(distance, text)| Some((distance?, popularity, text)))
    });
    let of_everyday = everyday.filter_map(|word| Some((wanted.near_word(word)?, Reverse(0), word)));
    of_entries
        .chain(of_everyday)
        .min()
        .map(|(_, _, text)| text.to_owned())
        .filter(|text| compact(text) != core)
}

/// What was typed, ready to be compared with many names.
struct Wanted {
    characters: Vec<char>,
    pinyin: String,
    letters: LetterSet,
    is_latin: bool,
}

impl Wanted {
    fn of(core: &str) -> Self {
        let characters: Vec<char> = core.chars().take(COMPARED_CHARACTERS_MAX).collect();
        let pinyin = pinyin(&characters.iter().collect::<String>());
        Self {
            letters: LetterSet::of(&pinyin),
            is_latin: is_latin(core),
            characters,
            pinyin,
        }
    }

    fn near_name(&self, entry: &Entry) -> Option<usize> {
        let seen = if self.is_latin {
            None
        } else {
            self.near_characters(&entry.name.characters)
        };
        [seen, self.near_letters(entry)].into_iter().flatten().min()
    }

    fn near_word(&self, word: &str) -> Option<usize> {
        if self.is_latin {
            return None;
        }
        let word: Vec<char> = word.chars().collect();
        if word.len() == self.characters.len() {
            self.near_characters(&word)
        } else {
            None
        }
    }

    fn near_characters(&self, name: &[char]) -> Option<usize> {
        let allowed = allowed_characters(self.characters.len())?;
        let lacking = self
            .characters
            .iter()
            .filter(|character| !name.contains(character))
            .take(allowed + 1)
            .count();
        if lacking > allowed {
            None
        } else {
            near(&self.characters, name, allowed)
        }
    }

    fn near_letters(&self, entry: &Entry) -> Option<usize> {
        let allowed = allowed_letters(self.pinyin.len(), self.is_latin)?;
        if entry.letters.lacks(self.letters) > allowed {
            return None;
        }
        near(self.pinyin.as_bytes(), entry.pinyin.as_bytes(), allowed)
    }
}

fn allowed_characters(length: usize) -> Option<usize> {
    match length {
        0..=2 => None,
        3..=5 => Some(1),
        _ => Some(2),
    }
}

/// Chinese questions allow no slip in the pinyin beyond homophones unless they are long.
fn allowed_letters(length: usize, latin: bool) -> Option<usize> {
    match (length, latin) {
        (0..=4, _) | (5, true) => None,
        (5..=8, false) => Some(0),
        (6..=8, true) | (_, false) => Some(1),
        (_, true) => Some(2),
    }
}

/// Least number of edits that make the text a part of the name, if it is not above the allowed number.
fn near<T: PartialEq>(wanted: &[T], name: &[T], allowed: usize) -> Option<usize> {
    if wanted.len() > name.len() + allowed {
        return None;
    }
    // Row of the edit distance whose first cells are free, because the part may begin anywhere.
    let mut row = vec![0; name.len() + 1];
    for (line, letter) in wanted.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = line + 1;
        let mut least = row[0];
        for column in 0..name.len() {
            let replaced = diagonal + usize::from(*letter != name[column]);
            diagonal = row[column + 1];
            row[column + 1] = replaced.min(diagonal + 1).min(row[column] + 1);
            least = least.min(row[column + 1]);
        }
        if least > allowed {
            return None;
        }
    }
    row.into_iter().min().filter(|least| *least <= allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(wanted: &str, name: &str, expected: Option<usize>) {
        let characters = |text: &str| text.chars().collect::<Vec<_>>();
        assert_eq!(
            near(&characters(wanted), &characters(name), 1),
            expected,
            "{wanted} {name}"
        );
    }

    #[test]
    fn part_of_a_name_with_one_mistake() {
        check("失业登机", "失业登记", Some(1));
        check("养老保险", "城乡居民养老保险参保登记", Some(0));
        check("养劳保险", "城乡居民养老保险参保登记", Some(1));
        check("养劳保现", "城乡居民养老保险参保登记", None);
        check("护照", "", None);
    }
}
