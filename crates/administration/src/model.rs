//! The working calendar of a county as a stream: which yearly notices were imported, by whom and
//! when. It is on the ledger because a notice moves the deadlines of open cases, and whoever asks
//! why a deadline moved must find the notice that moved it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use wuchuang_calendar::{Calendar, NoticeError, YearNotice};
use wuchuang_kernel::{Rejection, StreamId};
use wuchuang_ledger::{Context, Stream};

/// The one stream of a region; the region itself tells counties apart.
pub const CALENDAR_STREAM: StreamId =
    StreamId::from_u128(0x0043_414c_454e_4441_5200_0000_0000_0001);

/// The working calendar.
#[derive(Debug, Clone, Copy)]
pub struct WorkingCalendar;

/// The notices imported so far, in their order; a later import of a year replaces the earlier one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ImportedNotices(Vec<(Timestamp, YearNotice)>);

impl ImportedNotices {
    /// The notices that hold, by year.
    pub fn in_force(&self) -> BTreeMap<i16, &YearNotice> {
        self.0
            .iter()
            .map(|(_, notice)| (notice.year(), notice))
            .collect()
    }

    /// The calendar that holds when these notices are laid over the built-in years.
    pub fn over(&self, base: Calendar) -> Calendar {
        self.0
            .iter()
            .map(|(_, notice)| notice.clone())
            .fold(base, Calendar::with_notice)
    }

    /// The calendars that held before each import, with the instant of that import.
    pub fn before(&self, base: &Calendar) -> Vec<(Timestamp, Calendar)> {
        let mut known = base.clone();
        let mut before = Vec::with_capacity(self.0.len());
        for (at, notice) in &self.0 {
            before.push((*at, known.clone()));
            known = known.with_notice(notice.clone());
        }
        before
    }
}

/// What may be asked of the working calendar.
#[derive(Debug, Clone, Serialize)]
pub enum CalendarCommand {
    /// Takes the yearly notice of the State Council (国务院办公厅关于部分节假日安排的通知).
    ImportNotice {
        /// The year it is for.
        year: i16,
        /// The text, in any of the forms that [`YearNotice::parse`] reads.
        lines: String,
    },
}

/// What happened to the working calendar.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CalendarEvent {
    /// A notice was imported.
    NoticeImported {
        /// What was read.
        notice: YearNotice,
        /// The text as it was given: the evidence.
        lines: String,
    },
}

impl Stream for WorkingCalendar {
    const KIND: &'static str = "working_calendar";
    type State = ImportedNotices;
    type Command = CalendarCommand;
    type Event = CalendarEvent;

    fn decide(
        _state: &ImportedNotices,
        command: &CalendarCommand,
        context: &Context<'_>,
    ) -> Result<Vec<CalendarEvent>, Rejection> {
        let CalendarCommand::ImportNotice { year, lines } = command;
        let notice = YearNotice::parse(*year, lines).map_err(|error| refusal(&error))?;
        if context.calendar.notice(*year) == Some(&notice) {
            return Err(Rejection::new(
                "notice_unchanged",
                format!("{year}年的安排与现在使用的完全相同，不需要再导入。"),
            ));
        }
        Ok(vec![CalendarEvent::NoticeImported {
            notice,
            lines: lines.clone(),
        }])
    }

    fn apply(state: &mut ImportedNotices, event: &CalendarEvent, recorded_at: Timestamp) {
        let CalendarEvent::NoticeImported { notice, .. } = event;
        state.0.push((recorded_at, notice.clone()));
    }
}

fn refusal(error: &NoticeError) -> Rejection {
    Rejection::new("notice_unreadable", error.explain()).at("lines")
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use wuchuang_kernel::{Actor, Channel};

    use super::*;

    const NOTICE: &str = "2027-01-01~2027-01-03 休 元旦\n2027-02-20 班 春节";

    fn decide(
        calendar: &Calendar,
        year: i16,
        lines: &str,
    ) -> Result<Vec<CalendarEvent>, Rejection> {
        let context = Context {
            region: "610924".parse().unwrap(),
            stream: CALENDAR_STREAM,
            now: Timestamp::UNIX_EPOCH,
            actor: &Actor::SYSTEM,
            channel: Channel::System,
            calendar,
            number: None,
        };
        let command = CalendarCommand::ImportNotice {
            year,
            lines: lines.to_owned(),
        };
        WorkingCalendar::decide(&ImportedNotices::default(), &command, &context)
    }

    fn check(year: i16, lines: &str, expected: Expect) {
        let answer = match decide(&Calendar::embedded(), year, lines) {
            Ok(events) => format!("{} event", events.len()),
            Err(rejection) => format!("{}: {}", rejection.code, rejection.public),
        };
        expected.assert_eq(answer.trim_end());
    }

    #[test]
    fn a_notice_is_taken_whole_or_refused_with_every_line() {
        check(2027, NOTICE, expect!["1 event"]);
        check(
            2027,
            "2027-13-01 休 元旦\n2027-01-04 班 元旦",
            expect![[r#"
                notice_unreadable: 2027年放假安排没有导入，请改正以下 2 处后重新导入：
                第 1 行：“2027-13-01”不是日期。请写成“2027-01-01”，一段日期写成“2027-10-01~2027-10-07”。
                第 2 行：2027-01-04 是周一，本来就上班，不能作为调休上班日。请核对通知原文。"#]],
        );
    }

    #[test]
    fn the_same_notice_twice_is_refused_and_moves_no_deadline() {
        let event = decide(&Calendar::embedded(), 2027, NOTICE)
            .unwrap()
            .remove(0);
        let mut state = ImportedNotices::default();
        WorkingCalendar::apply(&mut state, &event, Timestamp::UNIX_EPOCH);
        let calendar = state.over(Calendar::embedded());
        assert!(!calendar.is_working_day("2027-01-01".parse().unwrap()));
        let again = decide(&calendar, 2027, NOTICE).unwrap_err();
        assert_eq!(again.code, "notice_unchanged");
    }
}
