//! 提醒: the staff whose turn it is are told that something is there, that it is nearly due, that it is late: each thing once.
//! Slices above say whose turn it is ([`Turns`]); whom that is in person is looked up when they are told and kept in an event
//! of the slice, from which the messages follow like all others.

use std::{collections::BTreeMap, marker::PhantomData};

use async_trait::async_trait;
use jiff::{
    Timestamp,
    civil::{Date, time},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use wuchuang_access::Directory;
use wuchuang_calendar::{Calendar, china_instant};
use wuchuang_kernel::{Actor, Channel, OrganisationId, PersonId, Personal, Region, Role, StreamId};
use wuchuang_ledger::{
    ExecuteError, Expected, Job, JobContext, JobFailure, NewJob, Order, Reaction, Recorded,
    StorageError, Stream,
};

/// How many people are told at most.
const RECIPIENTS_MAX: usize = 30;

/// What whoever's turn it is is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Telling {
    /// It is there.
    Arrived,
    /// It is nearly due.
    DueSoon,
    /// It is overdue.
    Overdue,
}

impl Telling {
    /// What was told to how many, for the record of the thing.
    pub fn in_words(self, count: usize) -> String {
        let what = match self {
            Self::Arrived => "到了",
            Self::DueSoon => "快到期",
            Self::Overdue => "已超期",
        };
        if count == 0 {
            return format!("没有人可以提醒（{what}）：没有在岗的人员");
        }
        format!("提醒 {count} 人：{what}")
    }
}

/// A member of staff who is told something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recipient {
    /// Who.
    pub person: PersonId,
    /// Their telephone at work; may be empty.
    pub phone: Personal<String>,
}

/// Whose turn it is: those of an organisation who hold one of the roles, and a person beside them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Whom {
    /// The organisation.
    pub organisation: OrganisationId,
    /// Who of it may do what is to be done.
    pub roles: &'static [Role],
    /// Who is told as well, wherever they work.
    pub person: Option<PersonId>,
}

/// Somebody's turn to do something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Turn {
    /// Since when.
    pub since: Timestamp,
    /// Whether they are told that it is their turn; whoever made it their own turn knows.
    pub arrives: bool,
    /// From which day it is yellow, and the last day; `None` when they only learn of something.
    pub due: Option<(Date, Date)>,
    /// What they were told last.
    pub told: Option<Telling>,
    /// Whose.
    pub whom: Whom,
}

impl Turn {
    /// What is to be told now; `None` when it was told, or nothing is to be. What was missed is not told after what is worse.
    pub fn telling(&self, calendar: &Calendar, now: Timestamp) -> Option<Telling> {
        let mut tellings = self.tellings(calendar).into_iter();
        let last = tellings.rfind(|(_, from)| *from <= now)?.0;
        (self.told < Some(last)).then_some(last)
    }

    /// When the next thing after now is to be told.
    fn next(&self, calendar: &Calendar, now: Timestamp) -> Option<Timestamp> {
        let mut tellings = self.tellings(calendar).into_iter().map(|(_, from)| from);
        tellings.find(|from| *from > now)
    }

    /// All that is told, in the order of time: on the morning from which it is yellow, and on the first working morning on
    /// which it is late. Nobody hears that a short limit is nearly over in the moment in which it begins.
    fn tellings(&self, calendar: &Calendar) -> Vec<(Telling, Timestamp)> {
        let morning = |day| china_instant(day, time(9, 0, 0, 0));
        let mut found = Vec::new();
        if self.arrives {
            found.push((Telling::Arrived, self.since));
        }
        if let Some((warn_on, due_on)) = self.due {
            let soon = morning(warn_on);
            if soon > self.since {
                found.push((Telling::DueSoon, soon));
            }
            found.push((
                Telling::Overdue,
                morning(calendar.add_working_days(due_on, 1)),
            ));
        }
        found
    }
}

/// A stream whose things are somebody's turn.
pub trait Turns: Stream {
    /// The name of its job.
    const JOB: &'static str;

    /// Whether it becomes somebody's turn with an event.
    fn begins(event: &Self::Event) -> bool;

    /// Whose turn it is; `None` when it is nobody's.
    fn turn(state: &Self::State) -> Option<Turn>;

    /// The command that notes what was told to whom. It is refused when that is not to be told.
    fn tell(of: Telling, to: Vec<Recipient>) -> Self::Command;
}

#[derive(Debug, Serialize, Deserialize)]
struct Input {
    stream: StreamId,
    /// Where the thing stood: once it went on, the job has nothing to say any more.
    since: Timestamp,
}

/// Asks for the job wherever it becomes somebody's turn.
pub struct WhoseTurn<S>(PhantomData<S>);

impl<S> Default for WhoseTurn<S> {
    fn default() -> Self {
        Self(PhantomData)
    }
}

impl<S: Turns> Reaction for WhoseTurn<S> {
    fn kinds(&self) -> &'static [&'static str] {
        const { &[S::KIND] }
    }

    fn react(&self, recorded: &Recorded) -> Vec<NewJob> {
        let begins = recorded.event::<S>().is_some_and(S::begins);
        let turn = recorded.state::<S>().and_then(S::turn);
        turn.filter(|_| begins)
            .map(|turn| {
                let input = Input {
                    stream: recorded.stream_id,
                    since: turn.since,
                };
                NewJob::now(S::JOB, &input)
            })
            .into_iter()
            .collect()
    }
}

/// Tells what is to be told now, and comes again when there is more.
pub struct TellStaff<S> {
    directory: Directory,
    stream: PhantomData<S>,
}

impl<S> TellStaff<S> {
    /// The job, with who is who.
    pub const fn new(directory: Directory) -> Self {
        Self {
            directory,
            stream: PhantomData,
        }
    }

    async fn recipients(
        &self,
        region: Region,
        whom: &Whom,
    ) -> Result<Vec<Recipient>, StorageError> {
        let mut found = BTreeMap::new();
        if let Some(person) = whom.person
            && let Some(one) = self.directory.staff(region, person).await?
            && one.is_active
        {
            found.insert(one.person, one.phone);
        }
        for role in whom.roles {
            let staff = self
                .directory
                .staff_of(region, whom.organisation, Some(*role));
            found.extend(staff.await?.into_iter().map(|one| (one.person, one.phone)));
        }
        let recipients = found.into_iter().take(RECIPIENTS_MAX);
        Ok(recipients
            .map(|(person, phone)| Recipient {
                person,
                phone: Personal::new(person, phone),
            })
            .collect())
    }
}

#[async_trait]
impl<S: Turns> Job for TellStaff<S> {
    fn name(&self) -> &'static str {
        S::JOB
    }

    async fn run(&self, input: Value, context: &JobContext) -> Result<(), JobFailure> {
        let input: Input =
            serde_json::from_value(input).map_err(|error| JobFailure::Never(error.to_string()))?;
        let ledger = &context.ledger;
        let loaded = ledger
            .load::<S>(context.region, input.stream)
            .await
            .map_err(|error| JobFailure::Later(error.to_string()))?;
        let turn = loaded.and_then(|(_, state)| S::turn(&state));
        let Some(turn) = turn.filter(|turn| turn.since == input.since) else {
            return Ok(());
        };
        let (calendar, now) = (ledger.calendar(), ledger.now());
        if let Some(of) = turn.telling(&calendar, now) {
            let to = self.recipients(context.region, &turn.whom).await?;
            let order = Order {
                region: context.region,
                actor: Actor::SYSTEM,
                channel: Channel::System,
                command_id: context.command_id("tell"),
                expected: Expected::Existing,
            };
            match ledger
                .execute::<S>(input.stream, S::tell(of, to), order)
                .await
            {
                // Refused: it was told by another server, or the thing went on meanwhile.
                Ok(_) | Err(ExecuteError::Rejected(_)) => {}
                Err(error) => return Err(JobFailure::Later(error.to_string())),
            }
        }
        if let Some(next) = turn.next(&calendar, now) {
            let again = NewJob::now(S::JOB, &input).after(next.duration_since(now));
            ledger.job_add(context.region, again).await?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use expect_test::{Expect, expect};
    use jiff::SignedDuration;
    use wuchuang_kernel::china_time;

    use super::*;

    /// What is told hour by hour over three weeks from Friday, 20 November 2026, 16:00.
    #[track_caller]
    fn check(arrives: bool, due: Option<(&str, &str)>, expected: Expect) {
        let calendar = Calendar::embedded();
        let since: Timestamp = "2026-11-20T08:00:00Z".parse().unwrap();
        let day = |text: &str| text.parse().unwrap();
        let mut turn = Turn {
            since,
            arrives,
            due: due.map(|(warn_on, due_on)| (day(warn_on), day(due_on))),
            told: None,
            whom: Whom {
                organisation: OrganisationId::from_u128(1),
                roles: &[],
                person: None,
            },
        };
        let mut told = String::new();
        for hour in 0..24 * 21 {
            let now = since + SignedDuration::from_hours(hour);
            let Some(of) = turn.telling(&calendar, now) else {
                continue;
            };
            let _ = writeln!(told, "{} {of:?}", china_time(now).strftime("%m-%d %H"));
            turn.told = Some(of);
        }
        expected.assert_eq(&told);
    }

    #[test]
    fn each_thing_is_told_once_in_the_morning() {
        let due = Some(("2026-11-23", "2026-11-24"));
        check(
            true,
            due,
            expect![[r"
                11-20 16 Arrived
                11-23 09 DueSoon
                11-25 09 Overdue
            "]],
        );
        check(
            false,
            due,
            expect![[r"
                11-23 09 DueSoon
                11-25 09 Overdue
            "]],
        );
        check(
            true,
            None,
            expect![[r"
                11-20 16 Arrived
            "]],
        );
    }

    #[test]
    fn a_short_limit_is_not_nearly_over_when_it_begins() {
        check(
            true,
            Some(("2026-11-19", "2026-11-20")),
            expect![[r"
                11-20 16 Arrived
                11-23 09 Overdue
            "]],
        );
    }

    #[test]
    fn what_was_missed_is_not_told_after_what_is_worse() {
        let calendar = Calendar::embedded();
        let turn = Turn {
            since: "2026-11-20T08:00:00Z".parse().unwrap(),
            arrives: true,
            due: Some(("2026-11-23".parse().unwrap(), "2026-11-24".parse().unwrap())),
            told: Some(Telling::Arrived),
            whom: Whom {
                organisation: OrganisationId::from_u128(1),
                roles: &[],
                person: None,
            },
        };
        let late = "2026-11-30T08:00:00Z".parse().unwrap();
        assert_eq!(turn.telling(&calendar, late), Some(Telling::Overdue));
        assert_eq!(turn.next(&calendar, late), None);
    }
}
