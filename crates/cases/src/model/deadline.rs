//! Which limit runs for a case now, the day by which it is decided when that moves, more time that is asked for, and the days
//! by which the applicant must answer. The light of a row, the filters and counts of the worklist and the case page all ask
//! here which limit runs, so that a case is never late on one page and settled on another. What the applicant was told of a
//! day is recorded, so that they are told again when it changes, and once.

use jiff::{
    Timestamp,
    civil::{Date, time},
};
use serde::{Deserialize, Serialize};
use wuchuang_calendar::{
    Calendar, Clock, ClockEvent, ClockRule, Extension, Limit, Phase, china_date, china_instant,
};
use wuchuang_kernel::{Actor, ActorKind, Personal, Rejection};
use wuchuang_ledger::Context;

use super::{
    Case, CaseCommand, Decision, Stage,
    before_acceptance::check_reason,
    decide::{clock_refuses, effective, person_of, under_review},
    event::CaseEvent,
    parts::Opinion,
};

/// Within how many working days a result is handed over (行政许可法 art. 44, counted by art. 82). The article speaks of a
/// licence that was granted; for a refusal no article names days, and the house holds itself to the same.
pub const DELIVERY_WORKING_DAYS: u16 = 10;

/// How many working days before the last one the applicant is reminded.
const REMINDER_WORKING_DAYS: i32 = 2;
/// How long the words of a moved calendar may be, in characters.
const REASON_CHARACTERS_MAX: usize = 200;

type Decided = Result<Vec<CaseEvent>, Rejection>;

/// The limit that runs.
#[derive(Debug, Clone)]
pub enum RunningLimit<'a> {
    /// The five working days in which an application is accepted, refused or sent back for correction (art. 32).
    Receipt,
    /// None: the applicant corrects.
    Correction,
    /// The limits of the decision (art. 42).
    Decision(&'a Clock),
    /// The days from the decision until its result is in the applicant's hands.
    Delivery(Box<Clock>),
    /// None: the case is over.
    Over,
}

impl Case {
    /// The limit that runs now. The legal clock ends with the decision, whatever follows it.
    pub fn running_limit(&self) -> RunningLimit<'_> {
        match (&self.stage, &self.clock) {
            (Stage::Examining, _) => RunningLimit::Receipt,
            (Stage::Correcting, _) => RunningLimit::Correction,
            (Stage::Review(_), Some(clock)) => RunningLimit::Decision(clock),
            (Stage::Issuing | Stage::Delivering { .. }, Some(clock)) => clock
                .finished_at()
                .and_then(|decided_at| {
                    Some(Box::new(Clock::start_at(delivery_rule()?, decided_at)))
                })
                .map_or(RunningLimit::Over, RunningLimit::Delivery),
            _ => RunningLimit::Over,
        }
    }

    /// On which article the days of delivery stand.
    pub fn delivery_basis(&self) -> &'static str {
        match self.decision() {
            Some(Decision::Refused { .. }) => "参照《行政许可法》第四十四条",
            _ => "《行政许可法》第四十四条",
        }
    }
}

fn delivery_rule() -> Option<ClockRule> {
    ClockRule::single(Limit::working_days(DELIVERY_WORKING_DAYS), None).ok()
}

/// What moved the day by which a case is decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeadlineCause {
    /// A yearly notice of holidays.
    Calendar,
    /// 延长审批期限 (行政许可法 art. 42).
    Extension,
    /// A special procedure that has ended (行政许可法 art. 45).
    Procedure,
}

/// More time that was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExtensionRequest {
    /// By whom.
    pub by: Actor,
    /// By how many working days.
    pub days: u16,
    /// Why.
    pub reason: Personal<String>,
    /// When.
    pub at: Timestamp,
}

/// What the applicant has to bring.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReminderKind {
    /// The defects of the correction notice.
    Correction,
    /// The materials owed after conditional acceptance.
    Supplement,
}

/// A reminder that is still to come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reminder {
    /// Of what.
    pub of: ReminderKind,
    /// The last day.
    pub until: Date,
    /// From when the applicant is reminded.
    pub from: Timestamp,
}

impl Case {
    /// The reminder that is due some time: two working days before the day by which the applicant must answer, once. `None`
    /// when nothing is awaited, no day was set, or they were reminded.
    pub fn reminder(&self, calendar: &Calendar) -> Option<Reminder> {
        if self.is_reminded {
            return None;
        }
        let (of, until) = match self.running_limit() {
            RunningLimit::Correction => {
                let round = self.receipt.rounds().last()?;
                (ReminderKind::Correction, round.notice.answer_by?)
            }
            RunningLimit::Decision(clock) if !self.owed.is_empty() => {
                let owed = clock.view(calendar, self.changed_at).supplement?;
                (ReminderKind::Supplement, owed.limit.due.date)
            }
            _ => return None,
        };
        let day = calendar.add_working_days(until, -REMINDER_WORKING_DAYS);
        Some(Reminder {
            of,
            until,
            from: china_instant(day, time(9, 0, 0, 0)),
        })
    }
}

/// The day by which a case is decided under a calendar.
fn last_day(clock: &Clock, calendar: &Calendar, now: Timestamp) -> Date {
    clock.due_dates(calendar, now).binding().date
}

/// What the applicant is told when a special procedure has ended: the day before it began, and the day now.
pub(super) fn after_stop(stopped: &Clock, goes_on: &Clock, context: &Context<'_>) -> CaseEvent {
    let name = match stopped.phase() {
        Phase::Stopped { order } => order.kind.name(),
        Phase::Running | Phase::Finished { .. } => "特别程序",
    };
    CaseEvent::DeadlineMoved {
        cause: DeadlineCause::Procedure,
        before: last_day(&before_stop(stopped), context.calendar, context.now),
        after: last_day(goes_on, context.calendar, context.now),
        reason: format!("{name}已结束"),
    }
}

/// The clock as it ran before the stop under way: with its extension and the stops that had ended. Steps and supplements
/// have limits of their own and move no day.
fn before_stop(stopped: &Clock) -> Clock {
    let mut clock = Clock::start_at(stopped.rule().clone(), stopped.started_at());
    for stop in stopped.stops() {
        clock = clock
            .apply(ClockEvent::Stopped {
                order: stop.order.clone(),
            })
            .apply(ClockEvent::Resumed { at: stop.to });
    }
    match stopped.extension() {
        Some(extension) => clock.apply(ClockEvent::Extended {
            extension: extension.clone(),
        }),
        None => clock,
    }
}

/// What the applicant is told of an extension.
pub(super) fn after_extension(
    clock: &Clock,
    longer: &Clock,
    days: u16,
    at: Timestamp,
    context: &Context<'_>,
) -> CaseEvent {
    CaseEvent::DeadlineMoved {
        cause: DeadlineCause::Extension,
        before: last_day(clock, context.calendar, at),
        after: last_day(longer, context.calendar, at),
        reason: format!("经批准延长{days}个工作日"),
    }
}

/// What may be asked about the time of a case besides its own steps.
pub(super) fn decide(case: &Case, command: &CaseCommand, context: &Context<'_>) -> Decided {
    match command {
        CaseCommand::RequestExtension { days, reason } => {
            request_extension(case, *days, reason, context)
        }
        CaseCommand::DeclineExtension { reason } => decline_extension(case, reason, context),
        CaseCommand::NoteDeadline { before, reason } => note(case, *before, reason, context),
        CaseCommand::Remind => Ok(remind(case, context)),
        _ => Ok(Vec::new()),
    }
}

/// Whoever handles the case asks for more time; what could not be granted cannot be asked for.
fn request_extension(
    case: &Case,
    days: u16,
    reason: &Personal<String>,
    context: &Context<'_>,
) -> Decided {
    let (_, clock) = under_review(case, "申请延期")?;
    if case.extension_request.is_some() {
        return Err(Rejection::new(
            "extension_asked",
            "已经申请过延期，正等待审批人员答复，不用再申请。",
        ));
    }
    check_reason(reason.text(), "请写明为什么要延期。")?;
    let at = effective(case, context);
    let wanted = ClockEvent::Extended {
        extension: Extension {
            amount: days,
            reason: reason.text().to_owned(),
            authorised_by: person_of(context.actor),
            granted_at: at,
        },
    };
    clock
        .check(&wanted, context.calendar)
        .map_err(|error| clock_refuses(&error))?;
    Ok(vec![CaseEvent::ExtensionRequested(ExtensionRequest {
        by: *context.actor,
        days,
        reason: reason.clone(),
        at,
    })])
}

/// The head of the office does not grant it.
fn decline_extension(case: &Case, reason: &Personal<String>, context: &Context<'_>) -> Decided {
    under_review(case, "答复延期申请")?;
    if case.extension_request.is_none() {
        return Err(Rejection::new(
            "extension_not_asked",
            "没有等待答复的延期申请，可能同事刚刚处理过。请刷新页面。",
        ));
    }
    check_reason(reason.text(), "请写明为什么不同意延期。")?;
    Ok(vec![CaseEvent::ExtensionDeclined {
        opinion: Opinion {
            step: "extension".to_owned(),
            step_name: "延期申请".to_owned(),
            text: reason.clone(),
            by: *context.actor,
            at: effective(case, context),
            verdict: None,
        },
    }])
}

/// A calendar was imported: the applicant is told when the day that they know is not the day any more. While a special
/// procedure runs no day is fixed; they are told one when it has ended.
fn note(case: &Case, before: Date, reason: &str, context: &Context<'_>) -> Decided {
    if context.actor.kind != ActorKind::System {
        return Err(Rejection::new(
            "deadline_by_system",
            "期限由系统按工作日历计算，不能由人登记。",
        ));
    }
    let RunningLimit::Decision(clock) = case.running_limit() else {
        return Ok(Vec::new());
    };
    let after = last_day(clock, context.calendar, effective(case, context));
    if after == before || matches!(clock.phase(), Phase::Stopped { .. }) {
        return Ok(Vec::new());
    }
    Ok(vec![CaseEvent::DeadlineMoved {
        cause: DeadlineCause::Calendar,
        before,
        after,
        reason: reason.chars().take(REASON_CHARACTERS_MAX).collect(),
    }])
}

/// Reminds once, not before its time, and not when the day is over.
fn remind(case: &Case, context: &Context<'_>) -> Vec<CaseEvent> {
    case.reminder(context.calendar)
        .filter(|reminder| {
            reminder.from <= context.now && china_date(context.now) <= reminder.until
        })
        .map(|reminder| CaseEvent::Reminded {
            of: reminder.of,
            until: reminder.until,
        })
        .into_iter()
        .collect()
}
