//! Marks in a name what matched the question, also when the question was pinyin.

use crate::{
    question::{Part, Question},
    snapshot::Entry,
    text::bigrams,
};

/// The name in pieces that follow each other; `true` is a match. With `forgiving`, pairs of characters count too.
pub(crate) fn highlight(
    entry: &Entry,
    question: &Question,
    forgiving: bool,
) -> Vec<(String, bool)> {
    let mut marked = vec![false; entry.name.characters.len()];
    for text in wanted(question, forgiving) {
        mark_text(entry, &text, &mut marked);
    }
    for part in &question.parts {
        if let Part::Latin { letters, .. } = part {
            mark_pinyin(entry, letters, &mut marked);
        }
    }
    pieces(entry, &marked)
}

fn wanted(question: &Question, forgiving: bool) -> Vec<String> {
    let mut wanted = vec![question.whole.clone(), question.core.clone()];
    for part in &question.parts {
        match part {
            Part::Everyday { word, official, .. } => {
                wanted.push(word.clone());
                wanted.extend(official.iter().cloned());
            }
            Part::Latin { letters, official } => {
                wanted.push(letters.clone());
                wanted.extend(official.iter().cloned());
            }
            Part::Word(text) | Part::Number(text) => wanted.push(text.clone()),
        }
    }
    if forgiving {
        wanted.extend(bigrams(&question.core));
    }
    wanted
}

fn mark_text(entry: &Entry, text: &str, marked: &mut [bool]) {
    let text: Vec<char> = text.chars().collect();
    if text.is_empty() {
        return;
    }
    for (start, window) in entry.name.characters.windows(text.len()).enumerate() {
        if window == text {
            marked[start..start + text.len()].fill(true);
        }
    }
}

fn mark_pinyin(entry: &Entry, letters: &str, marked: &mut [bool]) {
    for start in 0..entry.syllables.len() {
        let length = spelled(&entry.syllables[start..], letters)
            .or_else(|| abbreviated(&entry.syllables[start..], letters));
        if let Some(length) = length {
            marked[start..start + length].fill(true);
        }
    }
}

/// How many syllables the letters spell out; the last may be begun only.
fn spelled(syllables: &[String], letters: &str) -> Option<usize> {
    let mut rest = letters;
    for (index, syllable) in syllables.iter().enumerate() {
        if let Some(after) = rest.strip_prefix(syllable.as_str()) {
            rest = after;
        } else if index > 0 && syllable.starts_with(rest) {
            rest = "";
        } else {
            return None;
        }
        if rest.is_empty() {
            return Some(index + 1);
        }
    }
    None
}

/// How many syllables the letters are the initials of.
fn abbreviated(syllables: &[String], letters: &str) -> Option<usize> {
    let length = letters.chars().count();
    let fits = length > 1
        && length <= syllables.len()
        && letters
            .chars()
            .zip(syllables)
            .all(|(letter, syllable)| syllable.starts_with(letter));
    fits.then_some(length)
}

/// Joins neighbours alike. Punctuation between two matches is part of the match.
fn pieces(entry: &Entry, marked: &[bool]) -> Vec<(String, bool)> {
    let mut pieces: Vec<(String, bool)> = Vec::new();
    let mut next = 0;
    for (place, character) in entry.guide.name.chars().enumerate() {
        let is_marked = if entry.name.places.get(next) == Some(&place) {
            next += 1;
            marked[next - 1]
        } else {
            next > 0 && marked[next - 1] && marked.get(next).copied().unwrap_or(false)
        };
        match pieces.last_mut() {
            Some((text, last)) if *last == is_marked => text.push(character),
            _ => pieces.push((character.to_string(), is_marked)),
        }
    }
    pieces
}
