//! Folding of characters, so that 全角, upper case and punctuation never decide whether something is found.
//! Folding maps one character to one character; the highlighter relies on that.

/// Script of a run of folded characters: each is searched in its own way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Script {
    /// Chinese, and any other script without its own rule.
    Chinese,
    /// a–z: perhaps pinyin.
    Latin,
    /// 0–9.
    Digits,
}

/// The folded form of a character: half width, lower case, `ü` as `v` like on Chinese keyboards.
pub(crate) fn fold(character: char) -> char {
    let half = match character {
        '\u{FF01}'..='\u{FF5E}' => {
            char::from_u32(u32::from(character) - 0xFEE0).unwrap_or(character)
        }
        '\u{3000}' => ' ',
        other => other,
    };
    let mut lower = half.to_lowercase();
    let folded = match (lower.next(), lower.next()) {
        (Some(only), None) => only,
        _ => half,
    };
    if folded == 'ü' { 'v' } else { folded }
}

/// Folded letters, characters and digits of a text without anything else, each with its place in the original.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Compact {
    pub(crate) characters: Vec<char>,
    /// Index of the character in the original text, counted in characters.
    pub(crate) places: Vec<usize>,
}

impl Compact {
    pub(crate) fn of(text: &str) -> Self {
        let (places, characters) = text
            .chars()
            .map(fold)
            .enumerate()
            .filter(|(_, character)| character.is_alphanumeric())
            .unzip();
        Self { characters, places }
    }
}

/// [`Compact`] as a string, for callers that need no places.
pub(crate) fn compact(text: &str) -> String {
    text.chars()
        .map(fold)
        .filter(|character| character.is_alphanumeric())
        .collect()
}

/// Folded pieces between punctuation and spaces.
pub(crate) fn pieces(text: &str) -> Vec<String> {
    let folded: String = text.chars().map(fold).collect();
    folded
        .split(|character: char| !character.is_alphanumeric())
        .filter(|piece| !piece.is_empty())
        .map(str::to_owned)
        .collect()
}

fn script(character: char) -> Script {
    if character.is_ascii_alphabetic() {
        Script::Latin
    } else if character.is_ascii_digit() {
        Script::Digits
    } else {
        Script::Chinese
    }
}

/// Splits a folded piece where the script changes.
pub(crate) fn runs(piece: &str) -> Vec<(Script, String)> {
    let mut runs: Vec<(Script, String)> = Vec::new();
    for character in piece.chars() {
        let script = script(character);
        match runs.last_mut() {
            Some((last, text)) if *last == script => text.push(character),
            _ => runs.push((script, character.to_string())),
        }
    }
    runs
}

/// Neighbouring pairs of characters.
pub(crate) fn bigrams(text: &str) -> Vec<String> {
    let characters: Vec<char> = text.chars().collect();
    characters
        .windows(2)
        .map(|pair| pair.iter().collect())
        .collect()
}

/// Whether the text is made of a–z and 0–9 only.
pub(crate) fn is_latin(text: &str) -> bool {
    !text.is_empty()
        && text
            .chars()
            .all(|character| character.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;

    #[test]
    fn folding_keeps_one_character_for_one() {
        let text = "ＳＹdj《失业》İ　Lü";
        assert_eq!(text.chars().count(), text.chars().map(fold).count());
        expect!["sydj失业İlv"].assert_eq(&compact(text));
    }

    #[test]
    fn places_point_into_the_original() {
        let compact = Compact::of("《出生》证");
        assert_eq!(compact.places, [1, 2, 4]);
    }

    #[test]
    fn runs_split_at_the_script() {
        expect![[r#"[(Latin, "shiye"), (Chinese, "登记"), (Digits, "80")]"#]]
            .assert_eq(&format!("{:?}", runs("shiye登记80")));
    }
}
