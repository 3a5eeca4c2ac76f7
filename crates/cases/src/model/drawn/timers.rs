//! When a timer of a drawn process is due. The rule is kept and not the instant, so that a calendar that is imported later
//! moves working days here as it moves the limits.

use jiff::{
    SignedDuration, Span, Timestamp,
    civil::{Date, DateTime, Time},
};
use wuchuang_bpmn::TimerDue;
use wuchuang_calendar::{
    Calendar, Clock, ClockEvent, ClockRule, Limit, Phase, Stop, china_instant,
};
use wuchuang_kernel::china_time;

use super::RunningTimer;
use crate::model::Case;

impl RunningTimer {
    /// The instant at which it is due. Durations wait as the legal clock does: the time of special procedures that ended
    /// meanwhile is not counted. A date stays what it is, and a time beyond all dates is never due.
    pub fn due_at(&self, clock: &Clock, calendar: &Calendar) -> Timestamp {
        let at = match &self.due {
            TimerDue::AfterWorkingDays(days) => self.after_working_days(*days, clock, calendar),
            TimerDue::After(duration) => self.after(duration, clock),
            TimerDue::At(text) => instant(text),
        };
        at.unwrap_or(Timestamp::MAX)
    }

    /// The stops since it began.
    fn stops<'a>(&self, clock: &'a Clock) -> impl Iterator<Item = &'a Stop> + use<'a> {
        let from = self.from;
        let stops = clock.stops().iter();
        stops.filter(move |stop| stop.order.from >= from)
    }

    /// Counted by the rules of every limit: the last day counts whole.
    fn after_working_days(
        &self,
        days: u32,
        clock: &Clock,
        calendar: &Calendar,
    ) -> Option<Timestamp> {
        let limit = Limit::working_days(u16::try_from(days).ok()?);
        let mut run = Clock::start_at(ClockRule::single(limit, None).ok()?, self.from);
        for stop in self.stops(clock) {
            run = run
                .apply(ClockEvent::Stopped {
                    order: stop.order.clone(),
                })
                .apply(ClockEvent::Resumed { at: stop.to });
        }
        let last = run.due_dates(calendar, self.from).binding().date;
        Some(china_instant(last.tomorrow().ok()?, Time::midnight()))
    }

    fn after(&self, duration: &str, clock: &Clock) -> Option<Timestamp> {
        let span: Span = duration.parse().ok()?;
        let at = china_time(self.from).checked_add(span).ok()?;
        let stopped: SignedDuration = self
            .stops(clock)
            .map(|stop| stop.to.duration_since(stop.order.from))
            .sum();
        china_instant(at.date(), at.time())
            .checked_add(stopped)
            .ok()
    }
}

/// A date is its first moment in China; a civil time is one of China.
fn instant(text: &str) -> Option<Timestamp> {
    text.parse::<Timestamp>()
        .ok()
        .or_else(|| {
            let at: DateTime = text.parse().ok()?;
            Some(china_instant(at.date(), at.time()))
        })
        .or_else(|| {
            let day: Date = text.parse().ok()?;
            Some(china_instant(day, Time::midnight()))
        })
}

impl Case {
    /// The timer of its drawn process that is due first. While a special procedure runs the process waits as the clock does.
    pub fn next_timer(&self, calendar: &Calendar) -> Option<(&RunningTimer, Timestamp)> {
        let (position, clock) = (self.drawn()?, self.clock.as_ref()?);
        if *clock.phase() != Phase::Running {
            return None;
        }
        position
            .timers
            .iter()
            .map(|timer| (timer, timer.due_at(clock, calendar)))
            .min_by_key(|(timer, at)| (*at, timer.timer))
    }
}
