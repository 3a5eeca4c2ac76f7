//! A look at the text of an expression before it is parsed: its size, its brackets, and what hands on a Chinese keyboard
//! often get wrong.

use crate::limits::{EXPRESSION_BRACKETS_MAX, EXPRESSION_CHARACTERS_MAX};

use super::Fault;

/// Full-width signs and what should stand in their place.
const FULL_WIDTH: [(char, char); 13] = [
    ('“', '"'),
    ('”', '"'),
    ('，', ','),
    ('（', '('),
    ('）', ')'),
    ('＞', '>'),
    ('＜', '<'),
    ('＝', '='),
    ('【', '['),
    ('】', ']'),
    ('；', ','),
    ('：', ':'),
    ('－', '-'),
];

/// Refuses what would cost too much to parse.
pub(super) fn inspect(text: &str) -> Result<(), Fault> {
    let characters = text.chars().count();
    if characters > EXPRESSION_CHARACTERS_MAX {
        let text = format!(
            "表达式 {characters} 个字符，超过上限 {EXPRESSION_CHARACTERS_MAX} 个；请拆成几个决策"
        );
        return Err(Fault::new("expression-too-long", text));
    }
    let mut open = 0_usize;
    for character in outside_strings(text) {
        match character {
            '(' | '[' | '{' => open += 1,
            ')' | ']' | '}' => open = open.saturating_sub(1),
            _ => {}
        }
        if open > EXPRESSION_BRACKETS_MAX {
            let text = format!("括号嵌套超过 {EXPRESSION_BRACKETS_MAX} 层；请拆成几个决策");
            return Err(Fault::new("expression-too-deep", text));
        }
    }
    Ok(())
}

/// What is probably wrong with a text that cannot be parsed.
pub(super) fn hint(text: &str) -> String {
    let wrong = outside_strings(text)
        .find_map(|found| FULL_WIDTH.into_iter().find(|(full, _)| *full == found));
    match wrong {
        Some((full, half)) => format!("：“{full}”是全角符号，请改成半角的“{half}”"),
        None if text.contains("==") => "：相等写成一个“=”".to_owned(),
        None if text.contains("&&") || text.contains("||") => {
            "：“并且”写成 and，“或者”写成 or".to_owned()
        }
        None if text.matches('"').count() % 2 == 1 => "：文字的双引号没有成对".to_owned(),
        None => "，请按 FEEL 的写法修改：文字加半角双引号，范围写成 [1..10]，日期写成 date(\"2026-01-31\")".to_owned(),
    }
}

/// The characters that are not within a string literal.
fn outside_strings(text: &str) -> impl Iterator<Item = char> {
    let mut inside = false;
    let mut escaped = false;
    text.chars().filter(move |character| {
        if inside {
            let ends = *character == '"' && !escaped;
            escaped = *character == '\\' && !escaped;
            inside = !ends;
            return false;
        }
        inside = *character == '"';
        !inside
    })
}

/// Words of the language itself.
const KEYWORDS: [&str; 25] = [
    "and",
    "between",
    "context",
    "else",
    "every",
    "external",
    "false",
    "for",
    "function",
    "if",
    "in",
    "instance",
    "item",
    "list",
    "not",
    "null",
    "of",
    "or",
    "partial",
    "range",
    "return",
    "satisfies",
    "some",
    "then",
    "true",
];

/// The words of an expression that may be names which nobody declared. A text that is nothing but words is one name, since
/// names may have blanks in them.
pub(crate) fn words(text: &str) -> Vec<String> {
    let is_part = |character: char| character.is_alphanumeric() || character == '_';
    let outside = blanked(text);
    let is_one = outside
        .chars()
        .all(|character| is_part(character) || character.is_whitespace());
    let words: Vec<String> = outside
        .split(|character| !is_part(character))
        .filter(|word| word.starts_with(|first: char| first.is_alphabetic() || first == '_'))
        .filter(|word| !KEYWORDS.contains(word))
        .map(str::to_owned)
        .collect();
    if is_one && words.len() > 1 {
        return vec![crate::model::plain_name(text)];
    }
    words
}

/// The text with quotes in the place of its string literals.
fn blanked(text: &str) -> String {
    let mut inside = false;
    let mut escaped = false;
    let blank = text.chars().map(|character| {
        if inside {
            let ends = character == '"' && !escaped;
            escaped = character == '\\' && !escaped;
            inside = !ends;
            return '"';
        }
        inside = character == '"';
        character
    });
    blank.collect()
}
