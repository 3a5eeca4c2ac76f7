//! Words, numbers and signs of an expression, each with the character it begins at.

use std::str::FromStr;
use std::sync::Arc;

use rust_decimal::Decimal;

use super::ExpressionError;

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Word {
    Name(Arc<str>),
    Number(Decimal),
    Text(Arc<str>),
    /// Operators and brackets, in one spelling each.
    Sign(&'static str),
    End,
}

#[derive(Clone, Debug)]
pub(super) struct Token {
    pub(super) word: Word,
    /// Counted from 1.
    pub(super) position: usize,
}

/// Longer signs first. `=` and `==` mean the same.
const SIGNS: [(&str, &str); 26] = [
    ("==", "="),
    ("!=", "!="),
    ("<=", "<="),
    (">=", ">="),
    ("&&", "and"),
    ("||", "or"),
    ("..", ".."),
    ("=", "="),
    ("<", "<"),
    (">", ">"),
    ("!", "!"),
    ("+", "+"),
    ("-", "-"),
    ("*", "*"),
    ("/", "/"),
    ("(", "("),
    (")", ")"),
    ("[", "["),
    ("]", "]"),
    (",", ","),
    (".", "."),
    ("?", "?"),
    (":", ":"),
    ("@", "@"),
    ("{", "{"),
    ("}", "}"),
];

pub(super) fn error(position: usize, text: impl Into<String>) -> ExpressionError {
    ExpressionError {
        position,
        text: text.into(),
    }
}

pub(super) fn tokens(source: &str) -> Result<Vec<Token>, ExpressionError> {
    let characters: Vec<char> = source.chars().collect();
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(&first) = characters.get(at) {
        if first.is_whitespace() {
            at += 1;
            continue;
        }
        let position = at + 1;
        let word = if first.is_ascii_digit() {
            number(&characters, &mut at)?
        } else if first == '"' || first == '\'' {
            text(&characters, &mut at)?
        } else if is_letter(first) {
            let start = at;
            while characters
                .get(at)
                .is_some_and(|next| is_letter(*next) || next.is_numeric())
            {
                at += 1;
            }
            let name: String = characters[start..at].iter().collect();
            Word::Name(name.into())
        } else {
            sign(&characters, &mut at)?
        };
        tokens.push(Token { word, position });
    }
    tokens.push(Token {
        word: Word::End,
        position: characters.len() + 1,
    });
    Ok(tokens)
}

fn is_letter(character: char) -> bool {
    character.is_alphabetic() || character == '_'
}

fn number(characters: &[char], at: &mut usize) -> Result<Word, ExpressionError> {
    let start = *at;
    let mut digits = String::new();
    while let Some(next) = characters.get(*at) {
        // `1..5` is a range: a point counts only with a digit after it.
        let point = *next == '.'
            && !digits.contains('.')
            && characters.get(*at + 1).is_some_and(char::is_ascii_digit);
        if !next.is_ascii_digit() && !point {
            break;
        }
        digits.push(*next);
        *at += 1;
    }
    if digits.len() > 29 {
        return Err(error(start + 1, "数字超过 28 位"));
    }
    Decimal::from_str(&digits)
        .map(Word::Number)
        .map_err(|_| error(start + 1, format!("数字“{digits}”超出范围")))
}

fn text(characters: &[char], at: &mut usize) -> Result<Word, ExpressionError> {
    let start = *at;
    let quote = characters[start];
    let mut text = String::new();
    *at += 1;
    while let Some(&next) = characters.get(*at) {
        *at += 1;
        match next {
            _ if next == quote => return Ok(Word::Text(text.into())),
            '\\' => {
                let Some(&escaped) = characters.get(*at) else {
                    break;
                };
                *at += 1;
                text.push(match escaped {
                    'n' => '\n',
                    't' => '\t',
                    other => other,
                });
            }
            _ => text.push(next),
        }
    }
    Err(error(start + 1, "文字没有结束，请补上引号"))
}

fn sign(characters: &[char], at: &mut usize) -> Result<Word, ExpressionError> {
    for (spelling, meaning) in SIGNS {
        let fits = spelling
            .chars()
            .enumerate()
            .all(|(offset, wanted)| characters.get(*at + offset) == Some(&wanted));
        if fits {
            *at += spelling.len();
            return Ok(Word::Sign(meaning));
        }
    }
    let found = characters[*at];
    let advice = match found {
        '“' | '”' | '‘' | '’' => "请改用英文引号",
        '（' | '）' | '，' | '＝' | '＞' | '＜' | '！' => "请改用英文标点",
        _ => "请去掉",
    };
    Err(error(*at + 1, format!("不认识的符号“{found}”，{advice}")))
}
