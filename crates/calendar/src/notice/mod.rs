//! The yearly notice of holidays (国务院办公厅关于部分节假日安排的通知) as a checked value, and its import.
//! It appears each autumn and moves deadlines of open cases, so an import is refused as a whole with every wrong
//! line named, never accepted in part.

mod error;
mod file;
mod lines;
mod prose;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Arc;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::day::{DayKind, is_weekend};
pub use error::{LineProblem, NoticeError, NoticeProblem};
pub(crate) use file::parse_many;

/// Longest text an import reads, in bytes; a real notice has about two thousand.
const TEXT_BYTES_MAX: usize = 64 * 1024;
/// Most days a notice may name; a real one names about forty.
const DAYS_MAX: usize = 200;
/// Most problems listed at once; whoever has more has pasted the wrong text.
const PROBLEMS_MAX: usize = 50;
/// Longest festival name, in characters.
const NAME_CHARACTERS_MAX: usize = 40;
/// Notices exist since 1999; the upper bound only catches typing errors.
const YEARS: std::ops::RangeInclusive<i16> = 2000..=2099;

/// One festival of a notice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Festival {
    /// Name such as 国庆节.
    pub name: Arc<str>,
    /// Days on which offices are closed, weekend days inside the holiday included; ascending.
    pub off: Vec<Date>,
    /// Weekend days on which offices work (调休上班); ascending.
    pub work: Vec<Date>,
}

/// The holidays and make-up workdays of one year, checked.
///
/// Days of the last week of the year before are allowed, because notices name them: New Year 2023 began on
/// 2022-12-31.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "UncheckedNotice")]
pub struct YearNotice {
    year: i16,
    festivals: Vec<Festival>,
}

#[derive(Deserialize)]
struct UncheckedNotice {
    year: i16,
    festivals: Vec<Festival>,
}

impl TryFrom<UncheckedNotice> for YearNotice {
    type Error = NoticeError;

    fn try_from(unchecked: UncheckedNotice) -> Result<Self, NoticeError> {
        let entries = unchecked.festivals.iter().flat_map(|festival| {
            let entry = |date: &Date, kind| Entry {
                line: None,
                date: *date,
                kind,
                name: festival.name.clone(),
            };
            let off = festival
                .off
                .iter()
                .map(move |date| entry(date, EntryKind::Off));
            off.chain(
                festival
                    .work
                    .iter()
                    .map(move |date| entry(date, EntryKind::Work)),
            )
        });
        Self::check(unchecked.year, entries.collect(), Vec::new())
    }
}

/// Closed or working, as a notice says of one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum EntryKind {
    Off,
    Work,
}

/// One day as read from a text, before the checks.
#[derive(Clone, Debug)]
struct Entry {
    line: Option<usize>,
    date: Date,
    kind: EntryKind,
    name: Arc<str>,
}

impl YearNotice {
    /// Reads a notice from text. Three forms are understood:
    ///
    /// - a line a day or span, separated by spaces, tabs or commas (also as CSV with a heading line):
    ///   `2027-01-01 休 元旦`, `2027-10-01~2027-10-07 休 国庆节`, `2027-01-03 班 元旦`; lines with `#` are comments;
    /// - TOML as in the built-in file (`year = 2027`, `[[festival]]` with `name`, `off`, `work`);
    /// - the text of the State Council's notice itself (`一、元旦：1月1日（周五）至3日（周日）放假，共3天。`).
    ///
    /// # Errors
    /// Every problem with its line; nothing is imported in part.
    pub fn parse(year: i16, text: &str) -> Result<Self, NoticeError> {
        if text.len() > TEXT_BYTES_MAX {
            return Err(NoticeError::of(year, NoticeProblem::TextTooLong));
        }
        let text = text.trim_start_matches('\u{feff}');
        if file::looks_like_toml(text) {
            return file::parse_one(year, text);
        }
        let mut problems = Vec::new();
        let entries = if prose::looks_like_prose(text) {
            prose::read(year, text, &mut problems)
        } else {
            lines::read(text, &mut problems)
        };
        Self::check(year, entries, problems)
    }

    /// The civil year the notice is for.
    pub fn year(&self) -> i16 {
        self.year
    }

    /// Festivals in the order of their first day.
    pub fn festivals(&self) -> &[Festival] {
        &self.festivals
    }

    /// Every day of the notice as one line each, the form [`YearNotice::parse`] reads.
    pub fn to_lines(&self) -> String {
        let mut days: Vec<(Date, &str, &str)> = Vec::new();
        for festival in &self.festivals {
            days.extend(
                festival
                    .off
                    .iter()
                    .map(|date| (*date, "休", festival.name.as_ref())),
            );
            days.extend(
                festival
                    .work
                    .iter()
                    .map(|date| (*date, "班", festival.name.as_ref())),
            );
        }
        days.sort_unstable();
        let mut text = String::new();
        for (date, kind, name) in days {
            let _ = writeln!(text, "{date} {kind} {name}");
        }
        text
    }

    /// Every day the notice speaks of, with what it says.
    pub(crate) fn special_days(&self) -> impl Iterator<Item = (Date, DayKind)> {
        self.festivals.iter().flat_map(|festival| {
            let off = festival.off.iter().map(|date| {
                (
                    *date,
                    DayKind::Holiday {
                        name: festival.name.clone(),
                    },
                )
            });
            let work = festival.work.iter().map(|date| {
                (
                    *date,
                    DayKind::MakeUp {
                        name: festival.name.clone(),
                    },
                )
            });
            off.chain(work)
        })
    }

    /// Applies the rules to what was read; problems found while reading come first.
    fn check(
        year: i16,
        entries: Vec<Entry>,
        mut problems: Vec<LineProblem>,
    ) -> Result<Self, NoticeError> {
        if !YEARS.contains(&year) {
            return Err(NoticeError::of(year, NoticeProblem::YearOutOfRange));
        }
        if entries.len() > DAYS_MAX {
            return Err(NoticeError::of(year, NoticeProblem::TooManyDays));
        }
        let mut seen: BTreeMap<Date, Option<usize>> = BTreeMap::new();
        for entry in &entries {
            if let Some(problem) = entry_problem(year, entry, &seen) {
                problems.push(LineProblem {
                    line: entry.line,
                    problem,
                });
            }
            seen.entry(entry.date).or_insert(entry.line);
        }
        let has_holiday = entries
            .iter()
            .any(|entry| entry.kind == EntryKind::Off && entry.date.year() == year);
        if !has_holiday && problems.is_empty() {
            problems.push(LineProblem {
                line: None,
                problem: NoticeProblem::NoHoliday,
            });
        }
        problems.truncate(PROBLEMS_MAX);
        if problems.is_empty() {
            Ok(Self {
                year,
                festivals: festivals_of(entries),
            })
        } else {
            Err(NoticeError { year, problems })
        }
    }
}

fn entry_problem(
    year: i16,
    entry: &Entry,
    seen: &BTreeMap<Date, Option<usize>>,
) -> Option<NoticeProblem> {
    let date = entry.date;
    let late_december = date.year() == year - 1 && date.month() == 12 && date.day() >= 24;
    if date.year() != year && !late_december {
        return Some(NoticeProblem::WrongYear { date });
    }
    if let Some(first_line) = seen.get(&date) {
        return Some(NoticeProblem::Duplicate {
            date,
            first_line: *first_line,
        });
    }
    if entry.kind == EntryKind::Work && !is_weekend(date) {
        return Some(NoticeProblem::MakeUpOnWeekday { date });
    }
    if entry.name.trim().is_empty() {
        return Some(NoticeProblem::MissingName);
    }
    (entry.name.chars().count() > NAME_CHARACTERS_MAX || entry.name.chars().any(char::is_control))
        .then_some(NoticeProblem::NameTooLong)
}

fn festivals_of(mut entries: Vec<Entry>) -> Vec<Festival> {
    entries.sort_by_key(|entry| entry.date);
    let mut festivals: Vec<Festival> = Vec::new();
    for entry in entries {
        let index = festivals
            .iter()
            .position(|festival| festival.name == entry.name)
            .unwrap_or_else(|| {
                festivals.push(Festival {
                    name: entry.name.clone(),
                    off: Vec::new(),
                    work: Vec::new(),
                });
                festivals.len() - 1
            });
        match entry.kind {
            EntryKind::Off => festivals[index].off.push(entry.date),
            EntryKind::Work => festivals[index].work.push(entry.date),
        }
    }
    festivals
}

#[cfg(test)]
mod tests;
