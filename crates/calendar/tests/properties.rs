//! Laws that hold for every calendar date and every life of a clock, checked on random ones.

use jiff::civil::{Date, Time, date};
use jiff::{Span, Timestamp};
use proptest::prelude::*;
use wuchuang_calendar::{
    Acceptance, Calendar, Clock, ClockEvent, ClockRule, DayCounting, Extension, ExtensionRule,
    Limit, StopKind, StopOrder, Unit, YearNotice, china_date, china_instant,
};

fn any_date() -> impl Strategy<Value = Date> {
    (0..9_500_i64).prop_map(|days| date(2002, 1, 1).saturating_add(Span::new().days(days)))
}

fn any_limit() -> impl Strategy<Value = Limit> {
    (
        1..=60_u16,
        prop_oneof![
            Just(Unit::WorkingDays),
            Just(Unit::CalendarDays),
            Just(Unit::WorkingHours)
        ],
    )
        .prop_map(|(amount, unit)| Limit { amount, unit })
}

/// Stops as (hours until the stop, hours it lasts).
fn any_stops() -> impl Strategy<Value = Vec<(i64, i64)>> {
    prop::collection::vec((0..300_i64, 0..300_i64), 0..4)
}

fn start(limit: Limit, started_on: Date, hour: i8) -> Clock {
    let rule = ClockRule::single(limit, Some(ExtensionRule::ordinary())).expect("valid limit");
    Clock::start(
        rule,
        Acceptance::decided(china_instant(started_on, Time::constant(hour, 0, 0, 0))),
    )
}

fn stop_events(start: Timestamp, stops: &[(i64, i64)]) -> Vec<ClockEvent> {
    let mut now = start;
    let mut events = Vec::new();
    for (wait, length) in stops {
        now = now.saturating_add(Span::new().hours(*wait)).expect("hours");
        events.push(ClockEvent::Stopped {
            order: StopOrder {
                kind: StopKind::Testing,
                reason: "需要检测".to_owned(),
                told_at: now,
                expected_working_days: 5,
                from: now,
            },
        });
        now = now
            .saturating_add(Span::new().hours(*length))
            .expect("hours");
        events.push(ClockEvent::Resumed { at: now });
    }
    events
}

fn run(clock: Clock, events: &[ClockEvent], calendar: &Calendar) -> Clock {
    events.iter().fold(clock, |clock, event| {
        clock.then(event.clone(), calendar).expect("a valid life")
    })
}

proptest! {
    #[test]
    fn counting_agrees_with_walking_day_by_day(from in any_date(), length in 0..500_i64) {
        let calendar = Calendar::embedded();
        let through = from.saturating_add(Span::new().days(length));
        let walked = from.series(Span::new().days(1)).skip(1).take_while(|day| *day <= through);
        let walked = walked.filter(|day| calendar.day(*day).is_working()).count();
        prop_assert_eq!(calendar.working_days_between(from, through), i64::try_from(walked).expect("small"));
        prop_assert_eq!(calendar.is_working_day(from), calendar.day(from).is_working());
    }

    #[test]
    fn adding_then_counting_gives_what_was_added(from in any_date(), count in -400..400_i32) {
        let calendar = Calendar::embedded();
        let to = calendar.add_working_days(from, count);
        prop_assert!(count == 0 || calendar.is_working_day(to));
        // Backwards, the start itself is not among the days passed, so a working start adds one.
        let expected = if count < 0 { count + 1 - i32::from(calendar.is_working_day(from)) } else { count };
        prop_assert_eq!(calendar.working_days_between(from, to), i64::from(expected));
    }

    #[test]
    fn stops_never_shorten_and_longer_stops_never_end_earlier(
        limit in any_limit(), from in any_date(), hour in 0..24_i8, stops in any_stops(), longer in 0..200_i64,
    ) {
        let calendar = Calendar::embedded();
        let clock = start(limit, from, hour);
        let due = |stops: &[(i64, i64)]| {
            let clock = run(clock.clone(), &stop_events(clock.started_at(), stops), &calendar);
            clock.due_dates(&calendar, Timestamp::MAX).promised.ends_at
        };
        for count in 0..stops.len() {
            prop_assert!(due(&stops[..count]) <= due(&stops[..=count]));
        }
        if let Some(((wait, length), others)) = stops.split_last() {
            let lengthened: Vec<_> = others.iter().copied().chain([(*wait, length + longer)]).collect();
            prop_assert!(due(&stops) <= due(&lengthened));
        }
    }

    #[test]
    fn the_due_day_is_the_last_counted_day_of_the_evidence(
        amount in 1..=60_u16, from in any_date(), hour in 0..24_i8, stops in any_stops(), checked_after in 0..200_i64,
    ) {
        let calendar = Calendar::embedded();
        let clock = start(Limit::working_days(amount), from, hour);
        let clock = run(clock.clone(), &stop_events(clock.started_at(), &stops), &calendar);
        let due = clock.due_dates(&calendar, Timestamp::MAX).promised.date;
        let evidence = clock.evidence(&calendar, Timestamp::MAX, due);
        prop_assert_eq!(evidence.iter().filter(|day| day.is_counted()).count(), usize::from(amount));
        prop_assert!(evidence.last().is_some_and(|day| day.is_counted() && !day.overdue));
        // What the view says is used is what the evidence counts, on any day.
        let last_change = clock.stops().last().map_or(clock.started_at(), |stop| stop.to);
        let now = last_change.saturating_add(Span::new().hours(checked_after * 24)).expect("hours");
        let view = clock.view(&calendar, now);
        let counted = clock.evidence(&calendar, now, china_date(now)).iter().filter(|day| day.is_counted()).count();
        prop_assert_eq!(view.promised.used, i64::try_from(counted).expect("small"));
    }

    #[test]
    fn minutes_of_the_evidence_sum_up_to_the_view(
        amount in 1..=60_u16, from in any_date(), hour in 0..24_i8, stops in any_stops(),
    ) {
        let calendar = Calendar::embedded();
        let clock = start(Limit::working_hours(amount), from, hour);
        let clock = run(clock.clone(), &stop_events(clock.started_at(), &stops), &calendar);
        let end = clock.due_dates(&calendar, Timestamp::MAX).promised.ends_at;
        let evidence = clock.evidence(&calendar, end, china_date(end));
        let minutes = evidence.iter().map(|day| match day.counting {
            DayCounting::CountedMinutes { minutes } => minutes,
            _ => 0,
        });
        prop_assert_eq!(minutes.sum::<i64>(), i64::from(amount) * 60);
        let view = clock.view(&calendar, end);
        prop_assert_eq!(view.promised.used, i64::from(amount) * 60);
        prop_assert!(!view.promised.over);
    }

    #[test]
    fn an_extension_moves_exactly(
        amount in 10..=60_u16, extra in 1..=10_u16, from in any_date(), stops in any_stops(),
    ) {
        let calendar = Calendar::embedded();
        let clock = start(Limit::working_days(amount), from, 9);
        let now = clock.started_at();
        let extension = Extension { amount: extra, reason: "复杂".into(), authorised_by: "p".into(), granted_at: now };
        let extended = clock.clone().extend(extension.clone(), &calendar).expect("allowed");
        prop_assert!(extended.clone().extend(extension, &calendar).is_err());
        let events = stop_events(now, &stops);
        let longer = start(Limit::working_days(amount + extra), from, 9);
        let due = |clock: Clock| run(clock, &events, &calendar).due_dates(&calendar, Timestamp::MAX).promised;
        prop_assert_eq!(due(extended), due(longer));
    }

    #[test]
    fn replaying_the_events_gives_the_state_after_each(
        limit in any_limit(), from in any_date(), stops in any_stops(), finish in any::<bool>(),
    ) {
        let calendar = Calendar::embedded();
        let first = start(limit, from, 9);
        let mut events = stop_events(first.started_at(), &stops);
        if finish {
            let at = events.last().map_or(first.started_at(), ClockEvent::at);
            events.push(ClockEvent::Finished { at });
        }
        let mut clock = first.clone();
        for (index, event) in events.iter().enumerate() {
            clock = clock.then(event.clone(), &calendar).expect("a valid life");
            let stored = serde_json::to_string(&events[..=index]).expect("events serialise");
            let replayed: Vec<ClockEvent> = serde_json::from_str(&stored).expect("events come back");
            prop_assert_eq!(&replayed.into_iter().fold(first.clone(), Clock::apply), &clock);
            let stored = serde_json::to_string(&clock).expect("a clock serialises");
            prop_assert_eq!(&serde_json::from_str::<Clock>(&stored).expect("a clock comes back"), &clock);
        }
    }

    #[test]
    fn an_explained_change_names_days_exactly_when_a_due_date_moved(from in 0..60_i64, amount in 1..=40_u16) {
        let old = Calendar::embedded();
        let notice = YearNotice::parse(2027, "2027-01-01~2027-01-03 休 元旦\n2027-01-09 班 元旦").expect("valid");
        let new = old.clone().with_notice(notice);
        let started_on = date(2026, 11, 15).saturating_add(Span::new().days(from));
        let clock = start(Limit::working_days(amount), started_on, 9);
        let now = clock.started_at();
        let moved = clock.due_dates(&old, now).promised.date != clock.due_dates(&new, now).promised.date;
        let change = clock.explain_change(&old, &new, now);
        prop_assert_eq!(change.is_some(), moved);
        prop_assert!(change.is_none_or(|change| !change.days.is_empty()));
    }

    #[test]
    fn any_text_is_imported_or_refused_with_a_reason(text in "[0-9年月日休班~、：。放假上班一二 \n-]{0,80}") {
        if let Err(error) = YearNotice::parse(2027, &text) {
            prop_assert!(error.explain().lines().count() >= 2);
        }
    }
}
