//! Notices written as a line per day or span, also as CSV out of a spreadsheet.

use std::sync::Arc;

use jiff::civil::Date;

use super::{Entry, EntryKind, LineProblem, NoticeProblem};

/// Longest span of one line, in days; the longest holiday so far had ten.
const SPAN_DAYS_MAX: usize = 31;

/// Reads every line; unreadable ones are reported and skipped.
pub(super) fn read(text: &str, problems: &mut Vec<LineProblem>) -> Vec<Entry> {
    let mut entries = Vec::new();
    let mut heading_allowed = true;
    for (index, line) in text.lines().enumerate() {
        let content = line.split('#').next().unwrap_or_default().trim();
        let is_heading = heading_allowed
            && (content.starts_with("日期") || content.to_ascii_lowercase().starts_with("date"));
        if content.is_empty() || is_heading {
            continue;
        }
        heading_allowed = false;
        match read_line(content) {
            Ok((days, kind, name)) => {
                entries.extend(days.into_iter().map(|date| Entry {
                    line: Some(index + 1),
                    date,
                    kind,
                    name: name.clone(),
                }));
            }
            Err(problem) => problems.push(LineProblem {
                line: Some(index + 1),
                problem,
            }),
        }
    }
    entries
}

fn read_line(content: &str) -> Result<(Vec<Date>, EntryKind, Arc<str>), NoticeProblem> {
    let is_separator =
        |character: char| character.is_whitespace() || ",，;；\"".contains(character);
    let mut fields = content
        .split(is_separator)
        .filter(|field| !field.is_empty());
    let days = read_days(fields.next().unwrap_or_default())?;
    let kind = match fields.next() {
        None => {
            return Err(NoticeProblem::UnknownKind {
                text: String::new(),
            });
        }
        Some("休" | "放假" | "假" | "休息" | "off" | "holiday") => EntryKind::Off,
        Some("班" | "上班" | "调休" | "补班" | "调休上班" | "work" | "workday") => {
            EntryKind::Work
        }
        Some(text) => {
            return Err(NoticeProblem::UnknownKind {
                text: excerpt(text),
            });
        }
    };
    let name = fields.collect::<Vec<_>>().join(" ");
    if name.is_empty() {
        return Err(NoticeProblem::MissingName);
    }
    Ok((days, kind, name.into()))
}

/// Reads `2027-10-01` or `2027-10-01~2027-10-07`.
pub(super) fn read_days(text: &str) -> Result<Vec<Date>, NoticeProblem> {
    let not_a_date = || NoticeProblem::NotADate {
        text: excerpt(text),
    };
    match text.split_once(['~', '～', '至', '—']) {
        None => Ok(vec![read_date(text).ok_or_else(not_a_date)?]),
        Some((first, last)) => {
            let first = read_date(first).ok_or_else(not_a_date)?;
            let last = read_date(last.trim_start_matches('—')).ok_or_else(not_a_date)?;
            span(first, last).ok_or_else(|| NoticeProblem::BadSpan {
                text: excerpt(text),
            })
        }
    }
}

/// The days from `first` to `last`, unless they are in the wrong order or too many.
pub(super) fn span(first: Date, last: Date) -> Option<Vec<Date>> {
    let days: Vec<Date> = first
        .series(jiff::Span::new().days(1))
        .take_while(|date| *date <= last)
        .take(SPAN_DAYS_MAX + 1)
        .collect();
    (!days.is_empty() && days.len() <= SPAN_DAYS_MAX).then_some(days)
}

/// Accepts `2027-01-01`, `2027/1/1`, `2027.1.1`, `20270101` and `2027年1月1日`.
fn read_date(text: &str) -> Option<Date> {
    let text = text.strip_suffix('日').unwrap_or(text);
    if text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Date::new(
            text[..4].parse().ok()?,
            text[4..6].parse().ok()?,
            text[6..].parse().ok()?,
        )
        .ok();
    }
    let mut parts = text.split(['-', '/', '.', '年', '月']);
    let mut part = || {
        parts
            .next()
            .filter(|part| part.len() <= 4 && part.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let (year, month, day) = (
        part()?.parse().ok()?,
        part()?.parse().ok()?,
        part()?.parse().ok()?,
    );
    if parts.next().is_some() {
        return None;
    }
    Date::new(year, month, day).ok()
}

/// The start of a text for an error message.
pub(super) fn excerpt(text: &str) -> String {
    text.chars().take(40).collect()
}
