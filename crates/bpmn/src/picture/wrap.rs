//! Labels in lines. The width of a character is estimated, because no font is at hand: a Chinese one is as wide as the type is
//! high, a Latin one a little more than half.

/// The height of the type, in pixels; the style sheet must agree.
pub(super) const TYPE: i32 = 12;
/// From line to line.
pub(super) const LINE: i32 = 15;

fn width_of(character: char) -> i32 {
    if character.is_ascii() { 7 } else { TYPE }
}

/// How wide a text is.
pub(super) fn width(text: &str) -> i32 {
    text.chars().map(width_of).sum()
}

/// At most so many lines of a width; what does not fit ends in an ellipsis. Latin words are kept whole where a line holds them.
pub(super) fn lines(text: &str, width_max: i32, lines_max: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    let mut used = 0;
    for word in words(text) {
        let wide = width(word);
        if used + wide > width_max && !line.is_empty() {
            lines.push(std::mem::take(&mut line).trim_end().to_owned());
            used = 0;
        }
        for character in word.chars() {
            if line.is_empty() && character == ' ' {
                continue;
            }
            let wide = width_of(character);
            if used + wide > width_max && !line.is_empty() {
                lines.push(std::mem::take(&mut line));
                used = 0;
            }
            line.push(character);
            used += wide;
        }
    }
    if !line.trim().is_empty() {
        lines.push(line.trim_end().to_owned());
    }
    if lines.len() > lines_max {
        lines.truncate(lines_max.max(1));
        if let Some(last) = lines.last_mut() {
            last.pop();
            last.push('…');
        }
    }
    lines
}

/// What may not be broken: a run of Latin characters, or one other character with the stop that follows it.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let mut end = first.len_utf8();
        for character in rest[end..].chars() {
            let is_run = first.is_ascii_graphic() && character.is_ascii_graphic();
            let is_stop = matches!(
                character,
                '，' | '。' | '；' | '：' | '、' | '？' | '！' | '）' | '”' | '》'
            );
            if !is_run && !is_stop {
                break;
            }
            end += character.len_utf8();
        }
        let (word, after) = rest.split_at(end);
        rest = after;
        Some(word)
    })
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::lines;

    fn check(text: &str, expected: Expect) {
        expected.assert_eq(&lines(text, 84, 3).join("|"));
    }

    #[test]
    fn labels_are_broken_where_people_would() {
        check("现场核查", expect!["现场核查"]);
        check("食品经营许可现场核查", expect!["食品经营许可现|场核查"]);
        check("材料齐全、符合，同意", expect!["材料齐全、符|合，同意"]);
        check("check the papers", expect!["check the|papers"]);
        check(
            "一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十",
            expect!["一二三四五六七|八九十一二三四|五六七八九十…"],
        );
        check("", expect![""]);
    }
}
