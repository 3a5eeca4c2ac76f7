//! Checks, before anything is set, that every character of the data can be printed.
//!
//! A missing glyph prints as a silent box; on a licence that is a wrong name. PDF/A export would stop it too, but it
//! cannot say which field the character came from, so a person would not know what to mend.

use serde_json::Value;
use typst::text::FontBook;

use crate::render::DocumentError;

/// Nesting beyond this is no document data.
const DEPTH_MAX: usize = 16;

/// Walks all strings of `data` and names the first character that cannot be printed, with its field.
pub(crate) fn check(data: &Value, book: &FontBook) -> Result<(), DocumentError> {
    walk(data, book, &mut Vec::new())
}

fn walk<'a>(
    value: &'a Value,
    book: &FontBook,
    path: &mut Vec<Step<'a>>,
) -> Result<(), DocumentError> {
    if path.len() > DEPTH_MAX {
        return Err(DocumentError::TooDeep {
            depth_max: DEPTH_MAX,
        });
    }
    match value {
        Value::String(text) => text
            .chars()
            .try_for_each(|character| check_character(character, book, path)),
        Value::Array(items) => items.iter().enumerate().try_for_each(|(index, item)| {
            path.push(Step::Index(index));
            walk(item, book, path)?;
            path.pop();
            Ok(())
        }),
        Value::Object(fields) => fields.iter().try_for_each(|(name, field)| {
            path.push(Step::Field(name));
            walk(field, book, path)?;
            path.pop();
            Ok(())
        }),
        Value::Null | Value::Bool(_) | Value::Number(_) => Ok(()),
    }
}

/// One step of the way from the root of the data to a value.
enum Step<'a> {
    Field(&'a str),
    Index(usize),
}

fn check_character(
    character: char,
    book: &FontBook,
    path: &[Step<'_>],
) -> Result<(), DocumentError> {
    if matches!(character, '\n' | '\t') || is_ignorable(character) {
        return Ok(());
    }
    if character.is_control() {
        return Err(DocumentError::ControlCharacter {
            field: field_name(path),
            code_point: u32::from(character),
        });
    }
    let covered = (0..)
        .map_while(|index| book.info(index))
        .any(|info| info.coverage.contains(u32::from(character)));
    if covered {
        Ok(())
    } else {
        Err(DocumentError::MissingGlyph {
            field: field_name(path),
            character,
            code_point: u32::from(character),
        })
    }
}

/// Characters without a shape of their own that the shaper drops when a font lacks them: joiners, direction marks and
/// variation selectors (which pick one form of a Chinese character).
const fn is_ignorable(character: char) -> bool {
    matches!(character, '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{E0100}'..='\u{E01EF}')
}

/// `case.applicant_name`, `defects[2].problem`: how an error names the place.
fn field_name(path: &[Step<'_>]) -> String {
    let mut name = String::new();
    for step in path {
        match step {
            Step::Field(field) => {
                if !name.is_empty() {
                    name.push('.');
                }
                name.push_str(field);
            }
            Step::Index(index) => {
                name.push('[');
                name.push_str(&index.to_string());
                name.push(']');
            }
        }
    }
    name
}
