//! What whoever's turn it is has to be told of a task, and when: that it is there, on the morning from which it is yellow,
//! and on the first working morning on which it is late.

use jiff::{Timestamp, civil::time};
use wuchuang_calendar::{Calendar, china_instant};

use super::{SupervisionStage, Task, Telling};

/// What was told, for the record of the task.
pub(super) fn in_words(of: Telling, count: usize) -> String {
    let what = match of {
        Telling::Arrived => "到了",
        Telling::DueSoon => "快到期",
        Telling::Overdue => "已超期",
    };
    if count == 0 {
        return format!("没有人可以提醒（{what}）：没有在岗的审查或审批人员");
    }
    format!("提醒 {count} 人：{what}")
}

impl Task {
    /// What is to be told now; `None` when it was told, or nothing is to be.
    pub fn telling(&self, calendar: &Calendar, now: Timestamp) -> Option<Telling> {
        let last = self
            .tellings(calendar)
            .into_iter()
            .rfind(|(_, from)| *from <= now)?
            .0;
        (self.told < Some(last)).then_some(last)
    }

    /// When the next thing after now is to be told.
    pub fn next_telling(&self, calendar: &Calendar, now: Timestamp) -> Option<Timestamp> {
        let mut tellings = self.tellings(calendar).into_iter();
        tellings.map(|(_, from)| from).find(|from| *from > now)
    }

    /// All that is told where the task stands, in the order of time. Whoever put it there themself is not told that it arrived,
    /// and nobody hears that a short limit is nearly over in the moment in which it begins.
    fn tellings(&self, calendar: &Calendar) -> Vec<(Telling, Timestamp)> {
        let arrives = match self.stage {
            SupervisionStage::Waiting | SupervisionStage::Handling => true,
            SupervisionStage::Checking | SupervisionStage::Rectifying => false,
            SupervisionStage::Done => return Vec::new(),
        };
        let morning = |day| china_instant(day, time(9, 0, 0, 0));
        let soon = morning(self.due.warn_on);
        let late = morning(calendar.add_working_days(self.due.due_on, 1));
        let mut found = Vec::new();
        if arrives {
            found.push((Telling::Arrived, self.since));
        }
        if soon > self.since {
            found.push((Telling::DueSoon, soon));
        }
        found.push((Telling::Overdue, late));
        found
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use expect_test::{Expect, expect};
    use jiff::SignedDuration;

    use super::super::{
        CheckFinding, TaskCommand, TaskEvent, TaskState, TaskStream,
        tests::{checked, context, open},
    };
    use super::*;
    use wuchuang_ledger::Stream;

    /// What is told hour by hour over three weeks after the commands, from Friday, 20 November 2026, 16:00.
    #[track_caller]
    fn check(commands: &[TaskCommand], expected: &Expect) {
        let calendar = Calendar::embedded();
        let start: Timestamp = "2026-11-20T08:00:00Z".parse().unwrap();
        let mut state = TaskState::default();
        for command in commands {
            let events = TaskStream::decide(&state, command, &context(&calendar, start)).unwrap();
            for event in &events {
                TaskStream::apply(&mut state, event, start);
            }
        }
        let mut told = String::new();
        for hour in 0..24 * 21 {
            let now = start + SignedDuration::from_hours(hour);
            let task = state.0.as_deref().unwrap();
            let Some(of) = task.telling(&calendar, now) else {
                continue;
            };
            let at = wuchuang_kernel::china_time(now);
            let _ = writeln!(told, "{} {of:?}", at.strftime("%m-%d %H"));
            let event = TaskEvent::Told { of, to: Vec::new() };
            TaskStream::apply(&mut state, &event, now);
        }
        expected.assert_eq(&told);
    }

    #[test]
    fn each_thing_is_told_once_in_the_morning() {
        check(
            &[open(true)],
            &expect![[r"
                11-20 16 Arrived
                11-23 09 DueSoon
                11-25 09 Overdue
            "]],
        );
        check(
            &[open(true), TaskCommand::Acknowledge],
            &expect![[r"
                12-03 09 DueSoon
                12-07 09 Overdue
            "]],
        );
        check(
            &[
                open(true),
                TaskCommand::Acknowledge,
                checked(CheckFinding::False, None),
            ],
            &expect![[r"
                11-20 16 Arrived
                11-26 09 DueSoon
                11-30 09 Overdue
            "]],
        );
        check(&[open(false), TaskCommand::Acknowledge], &expect![""]);
    }

    #[test]
    fn a_short_limit_is_not_nearly_over_when_it_begins_and_what_was_missed_is_told_once() {
        let mut short = open(true);
        if let TaskCommand::Open(opening) = &mut short {
            opening.acknowledge_days = 0;
        }
        check(
            &[short],
            &expect![[r"
                11-20 16 Arrived
                11-23 09 Overdue
            "]],
        );
    }
}
