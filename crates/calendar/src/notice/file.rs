//! Notices in TOML: the built-in file of all years and a file of one year for import.

use serde::Deserialize;

use super::lines::read_days;
use super::{Entry, EntryKind, LineProblem, NoticeError, NoticeProblem, YearNotice};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ManyYears {
    year: Vec<OneYear>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OneYear {
    year: i16,
    #[serde(default)]
    festival: Vec<FestivalInFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FestivalInFile {
    name: String,
    #[serde(default)]
    off: Vec<toml::Spanned<String>>,
    #[serde(default)]
    work: Vec<toml::Spanned<String>>,
}

/// Whether a text is meant as TOML rather than as lines.
pub(super) fn looks_like_toml(text: &str) -> bool {
    let first = text
        .lines()
        .map(str::trim)
        .find(|line| !line.is_empty() && !line.starts_with('#'));
    first.is_some_and(|line| line.starts_with('[') || line.contains('='))
}

/// Reads the file of one year.
pub(super) fn parse_one(year: i16, text: &str) -> Result<YearNotice, NoticeError> {
    let file: OneYear = toml::from_str(text).map_err(|error| file_error(year, text, &error))?;
    if file.year != year {
        return Err(NoticeError::of(
            year,
            NoticeProblem::OtherYear { found: file.year },
        ));
    }
    notice_of(file, text)
}

/// Reads a file of many years, the form of the built-in data.
pub(crate) fn parse_many(text: &str) -> Result<Vec<YearNotice>, NoticeError> {
    let file: ManyYears = toml::from_str(text).map_err(|error| file_error(0, text, &error))?;
    file.year
        .into_iter()
        .map(|year| notice_of(year, text))
        .collect()
}

fn notice_of(file: OneYear, text: &str) -> Result<YearNotice, NoticeError> {
    let mut problems = Vec::new();
    let mut entries = Vec::new();
    for festival in file.festival {
        let name: std::sync::Arc<str> = festival.name.into();
        for (kind, values) in [
            (EntryKind::Off, festival.off),
            (EntryKind::Work, festival.work),
        ] {
            for value in values {
                let line = Some(line_of(text, value.span().start));
                match read_days(value.as_ref()) {
                    Ok(days) => entries.extend(days.into_iter().map(|date| Entry {
                        line,
                        date,
                        kind,
                        name: name.clone(),
                    })),
                    Err(problem) => problems.push(LineProblem { line, problem }),
                }
            }
        }
    }
    YearNotice::check(file.year, entries, problems)
}

fn file_error(year: i16, text: &str, error: &toml::de::Error) -> NoticeError {
    let line = error.span().map(|span| line_of(text, span.start));
    let message = super::lines::excerpt(error.message());
    NoticeError {
        year,
        problems: vec![LineProblem {
            line,
            problem: NoticeProblem::File { message },
        }],
    }
}

fn line_of(text: &str, offset: usize) -> usize {
    text.bytes()
        .take(offset)
        .filter(|byte| *byte == b'\n')
        .count()
        + 1
}
