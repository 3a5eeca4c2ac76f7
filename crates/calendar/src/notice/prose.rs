//! The State Council's notice as it is published, so that an administrator can paste it unchanged:
//! `二、春节：2月15日（农历腊月二十八、周日）至23日（周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。`
//!
//! Only numbered festival lines are read. A clause in them that is not understood is an error, because a day lost
//! in silence would move deadlines.

use std::sync::Arc;

use jiff::civil::Date;

use super::lines::{excerpt, span};
use super::{Entry, EntryKind, LineProblem, NoticeProblem};

/// Whether a text has at least one numbered festival line.
pub(super) fn looks_like_prose(text: &str) -> bool {
    text.lines().any(|line| festival_line(line).is_some())
}

/// Reads the festival lines. Other lines are skipped unless they speak of working or closed days by date.
pub(super) fn read(year: i16, text: &str, problems: &mut Vec<LineProblem>) -> Vec<Entry> {
    let mut entries = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let line_number = Some(index + 1);
        let mut report = |problem| {
            problems.push(LineProblem {
                line: line_number,
                problem,
            });
        };
        match festival_line(line) {
            Some((name, body)) => {
                let name: Arc<str> = name.into();
                for (date, kind) in read_body(year, &without_parentheses(body), &mut report) {
                    entries.push(Entry {
                        line: line_number,
                        date,
                        kind,
                        name: name.clone(),
                    });
                }
            }
            None if names_days(line) => report(NoticeProblem::Passage {
                text: excerpt(line.trim()),
            }),
            None => {}
        }
    }
    entries
}

/// Splits `二、春节：…` into name and body.
fn festival_line(line: &str) -> Option<(&str, &str)> {
    let line = line.trim();
    let rest = line.trim_start_matches(|character| "一二三四五六七八九十".contains(character));
    if rest.len() == line.len() {
        return None;
    }
    let (name, body) = rest.strip_prefix('、')?.split_once(['：', ':'])?;
    Some((name.trim(), body))
}

fn names_days(line: &str) -> bool {
    let text = without_parentheses(line);
    let has_date = text
        .split('月')
        .skip(1)
        .any(|rest| rest.starts_with(|character: char| character.is_ascii_digit()));
    has_date
        && ["放假", "上班", "补休"]
            .iter()
            .any(|verb| text.contains(verb))
}

fn without_parentheses(text: &str) -> String {
    let mut depth = 0_usize;
    text.chars()
        .filter(|character| match character {
            '（' | '(' => {
                depth += 1;
                false
            }
            '）' | ')' => {
                depth = depth.saturating_sub(1);
                false
            }
            other => depth == 0 && !other.is_whitespace(),
        })
        .collect()
}

fn read_body(
    year: i16,
    body: &str,
    report: &mut impl FnMut(NoticeProblem),
) -> Vec<(Date, EntryKind)> {
    let mut days: Vec<(Date, EntryKind)> = Vec::new();
    for sentence in body.split(['。', '；', ';']) {
        let mut closed_in_sentence = 0;
        for clause in sentence
            .split(['，', ','])
            .filter(|clause| !clause.is_empty())
        {
            if clause == "与周末连休" {
                continue;
            }
            if let Some(written) = clause
                .strip_prefix('共')
                .and_then(|rest| rest.strip_suffix('天'))
                .and_then(|count| count.parse().ok())
            {
                if written != closed_in_sentence {
                    report(NoticeProblem::DayCount {
                        written,
                        counted: closed_in_sentence,
                    });
                }
                continue;
            }
            match read_clause(year, clause) {
                Some((dates, kind)) => {
                    closed_in_sentence += if kind == EntryKind::Off {
                        dates.len()
                    } else {
                        0
                    };
                    days.extend(dates.into_iter().map(|date| (date, kind)));
                }
                None => report(NoticeProblem::Passage {
                    text: excerpt(clause),
                }),
            }
        }
    }
    days
}

/// Reads `2月14日、2月28日上班` or `2022年12月31日至2023年1月2日放假调休`.
fn read_clause(year: i16, clause: &str) -> Option<(Vec<Date>, EntryKind)> {
    const VERBS: [(&str, EntryKind); 4] = [
        ("放假调休", EntryKind::Off),
        ("放假", EntryKind::Off),
        ("补休", EntryKind::Off),
        ("上班", EntryKind::Work),
    ];
    let (dates, kind) = VERBS
        .iter()
        .find_map(|(verb, kind)| Some((clause.strip_suffix(verb)?, *kind)))?;
    let mut context = (year, None);
    let mut days = Vec::new();
    for part in dates.split(['、', '和']) {
        match part.split_once('至') {
            Some((first, last)) => {
                let first = read_date(first, &mut context)?;
                days.extend(span(first, read_date(last, &mut context)?)?);
            }
            None => days.push(read_date(part, &mut context)?),
        }
    }
    Some((days, kind))
}

/// Reads `1月4日`, `4日` (month of the date before it) or `2022年12月31日`.
fn read_date(text: &str, (year, month): &mut (i16, Option<i8>)) -> Option<Date> {
    let mut rest = text;
    if let Some((written, after)) = rest.split_once('年') {
        *year = written.parse().ok()?;
        rest = after;
    }
    if let Some((written, after)) = rest.split_once('月') {
        *month = Some(written.parse().ok()?);
        rest = after;
    }
    Date::new(*year, (*month)?, rest.strip_suffix('日')?.parse().ok()?).ok()
}
