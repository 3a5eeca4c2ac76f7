//! Names near to what was typed: suggestions while typing, and 您是不是要找 when a question found nothing exactly.

use std::collections::HashSet;

use crate::{guide::SUGGESTIONS_MAX, reading::pinyin, snapshot::{Entry, Snapshot}, text::{compact, is_latin}};

/// Longest text that is compared letter by letter.
const COMPARED_CHARACTERS_MAX: usize = 32;

/// Names that begin with the text, then those with such a keyword, such pinyin or initials, then those containing it.
pub(crate) fn suggest(snapshot: &Snapshot, text: &str) -> Vec<String> {
    let wanted = compact(&text.chars().take(COMPARED_CHARACTERS_MAX).collect::<String>());
    if wanted.is_empty() {
        return Vec::new();
    }
    let mixed = (!is_latin(&wanted) && wanted.chars().any(|character| character.is_ascii_alphabetic()))
        .then(|| pinyin(&wanted));
    let mut found: Vec<(u8, &Entry)> =
        snapshot.entries().filter_map(|entry| closeness(entry, &wanted, mixed.as_deref()).map(|rank| (rank, entry))).collect();
    found.sort_by(|(rank, entry), (other_rank, other)| {
        rank.cmp(other_rank)
            .then_with(|| other.guide.popularity.cmp(&entry.guide.popularity))
            .then_with(|| entry.guide.name.cmp(&other.guide.name))
    });
    let mut seen = HashSet::new();
    found
        .into_iter()
        .filter(|(_, entry)| seen.insert(entry.guide.name.as_str()))
        .take(SUGGESTIONS_MAX)
        .map(|(_, entry)| entry.guide.name.clone())
        .collect()
}

fn closeness(entry: &Entry, wanted: &str, mixed: Option<&str>) -> Option<u8> {
    if entry.name_whole.starts_with(wanted) {
        Some(0)
    } else if entry.keywords.iter().any(|keyword| keyword.starts_with(wanted)) {
        Some(1)
    } else if is_latin(wanted) && (entry.pinyin.starts_with(wanted) || entry.initials.starts_with(wanted)) {
        Some(2)
    } else if mixed.is_some_and(|mixed| entry.pinyin.starts_with(mixed)) {
        Some(2)
    } else if wanted.len() > 1 && entry.name_whole.contains(wanted) {
        Some(3)
    } else if wanted.len() > 1 && is_latin(wanted) && entry.initials.contains(wanted) {
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
    let wanted: Vec<char> = core.chars().take(COMPARED_CHARACTERS_MAX).collect();
    let letters: Vec<char> = pinyin(core).chars().take(COMPARED_CHARACTERS_MAX * 2).collect();
    let latin = is_latin(core);
    let mut best: Option<(usize, u64, &str)> = None;
    let mut offer = |distance: Option<usize>, popularity: u64, text: &'a str| {
        let Some(distance) = distance else { return };
        let better = best.is_none_or(|(least, most, name)| {
            (distance, std::cmp::Reverse(popularity), text) < (least, std::cmp::Reverse(most), name)
        });
        if better {
            best = Some((distance, popularity, text));
        }
    };
    for entry in snapshot.entries() {
        let distance = if latin { None } else { near(&wanted, &entry.name.characters, allowed_characters(wanted.len())) };
        let heard = near(&letters, &entry.pinyin.chars().collect::<Vec<_>>(), allowed_letters(letters.len(), latin));
        offer([distance, heard].into_iter().flatten().min(), entry.guide.popularity, &entry.guide.name);
        for keyword in entry.keywords.iter().filter(|_| !latin) {
            offer(near_whole(&wanted, keyword), entry.guide.popularity, keyword);
        }
    }
    for word in everyday.filter(|_| !latin) {
        offer(near_whole(&wanted, word), 0, word);
    }
    best.map(|(_, _, text)| text.to_owned()).filter(|text| compact(text) != core)
}

fn near_whole(wanted: &[char], word: &str) -> Option<usize> {
    let word: Vec<char> = word.chars().collect();
    if word.len() != wanted.len() {
        return None;
    }
    near(wanted, &word, allowed_characters(wanted.len()))
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
        (0..=4, _) => None,
        (5..=8, true) => Some(1),
        (5..=8, false) => Some(0),
        (_, true) => Some(2),
        (_, false) => Some(1),
    }
}

/// Least number of edits that make the text a part of the name, if it is not above the allowed number.
fn near(wanted: &[char], name: &[char], allowed: Option<usize>) -> Option<usize> {
    let allowed = allowed?;
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
        assert_eq!(near(&characters(wanted), &characters(name), Some(1)), expected, "{wanted} {name}");
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
