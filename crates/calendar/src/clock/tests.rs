//! The clock told as stories: what happens, then what the case page would show.

use std::fmt::Write;

use expect_test::{Expect, expect};
use jiff::civil::{Date, Time, date, time};

use super::*;
use crate::calendar::Calendar;
use crate::day::china_instant;
use crate::notice::YearNotice;

fn at(date: Date, hour: i8) -> Timestamp {
    china_instant(date, Time::constant(hour, 0, 0, 0))
}

fn october(day: i8) -> Date {
    date(2026, 10, day)
}

fn permit(statutory: u16, promised: u16) -> ClockRule {
    let limits = (Limit::working_days(statutory), Limit::working_days(promised));
    ClockRule::new(limits.0, limits.1, Some(ExtensionRule::ordinary())).expect("valid")
}

fn review(from: Timestamp) -> StopOrder {
    let reason = "方案需专家评审".to_owned();
    StopOrder { kind: StopKind::ExpertReview, reason, told_at: from, expected_working_days: 3, from }
}

fn extension(amount: u16, granted_at: Timestamp) -> Extension {
    Extension { amount, reason: "案情复杂".to_owned(), authorised_by: "p-1".to_owned(), granted_at }
}

/// Accepted on Wednesday 2026-09-30 at 10:00, the last working day before the national holiday.
fn accepted(statutory: u16, promised: u16) -> Clock {
    Clock::start(permit(statutory, promised), Acceptance::decided(at(date(2026, 9, 30), 10)))
}

fn check(clock: &Clock, now: Timestamp, expected: Expect) {
    let view = clock.view(&Calendar::embedded(), now);
    let mut text = format!("{}\n{}｜法定 {}\n", view.state.text(), view.text(), view.statutory.due.text());
    if let Some(stop) = &view.stop {
        let _ = writeln!(text, "{}，告知至 {}，超出告知：{}", stop.kind.name(), stop.expected_until, stop.longer_than_told);
    }
    if let Some(supplement) = &view.supplement {
        let _ = writeln!(text, "容缺补交：{}，{}", supplement.limit.left_text(), supplement.limit.due.text());
    }
    for step in &view.steps {
        let _ = writeln!(text, "{}：{}，{}", step.step, step.state.text(), step.limit.left_text());
    }
    expected.assert_eq(&text);
}

fn refused(result: Result<Clock, ClockError>, expected: Expect) {
    expected.assert_eq(&result.expect_err("must be refused").explain());
}

#[test]
fn lights_from_acceptance_to_the_day_after() {
    let clock = accepted(20, 5);
    check(&clock, at(date(2026, 9, 30), 17), expect![[]]);
    check(&clock, at(october(3), 9), expect![[]]);
    check(&clock, at(october(12), 9), expect![[]]);
    check(&clock, at(october(13), 23), expect![[]]);
    check(&clock, at(october(14), 0), expect![[]]);
    check(&clock, at(date(2026, 11, 2), 9), expect![[]]);
    let ended = clock.finish(at(october(13), 23), &Calendar::embedded()).expect("runs");
    check(&ended, at(date(2026, 12, 1), 9), expect![[]]);
}

#[test]
fn ninety_percent_is_yellow() {
    let states = |promised: u16| -> Vec<&'static str> {
        let clock = accepted(20, promised);
        let calendar = Calendar::embedded();
        let days = (1..=i32::from(promised) + 1).map(|n| calendar.add_working_days(date(2026, 9, 30), n));
        days.map(|day| clock.view(&calendar, at(day, 9)).state.text()).collect()
    };
    assert_eq!(states(3), ["正常", "正常", "临期", "超承诺期限"]);
    assert_eq!(states(10)[7..], ["正常", "临期", "临期", "超承诺期限"]);
}

#[test]
fn a_stop_uncounts_its_first_and_last_day() {
    let calendar = Calendar::embedded();
    let clock = accepted(20, 5).stop(review(at(october(9), 9)), &calendar).expect("runs");
    check(&clock, at(october(9), 10), expect![[]]);
    check(&clock, at(october(15), 10), expect![[]]);
    let clock = clock.resume(at(october(15), 16), &calendar).expect("stopped");
    check(&clock, at(october(15), 17), expect![[]]);
    check(&clock, at(october(20), 9), expect![[]]);
    let lines: Vec<String> =
        clock.evidence(&calendar, at(october(20), 9), october(21)).iter().map(DayEvidence::text).collect();
    expect![[]].assert_eq(&lines.join("\n"));
}

#[test]
fn two_stops_that_touch_a_day_uncount_it_once() {
    let calendar = Calendar::embedded();
    let stop = |clock: Clock, from, to| clock.stop(review(from), &calendar)?.resume(to, &calendar);
    let once = stop(accepted(20, 5), at(october(9), 9), at(october(9), 11)).expect("valid");
    let twice = stop(once.clone(), at(october(9), 14), at(october(9), 16)).expect("valid");
    let now = at(october(10), 9);
    assert_eq!(once.due_dates(&calendar, now), twice.due_dates(&calendar, now));
    assert_eq!(once.due_dates(&calendar, now).promised.date, october(14));
}

#[test]
fn stops_are_refused_with_the_rule() {
    let calendar = Calendar::embedded();
    let from = at(october(9), 9);
    let stopped = accepted(20, 5).stop(review(from), &calendar).expect("runs");
    refused(stopped.clone().stop(review(at(october(10), 9)), &calendar), expect![[]]);
    refused(accepted(20, 5).stop(StopOrder { told_at: at(october(9), 10), ..review(from) }, &calendar), expect![[]]);
    refused(accepted(20, 5).stop(StopOrder { reason: " ".to_owned(), ..review(from) }, &calendar), expect![[]]);
    refused(accepted(20, 0).stop(review(from), &calendar), expect![[]]);
    refused(accepted(20, 5).resume(from, &calendar), expect![[]]);
    refused(stopped.resume(at(october(8), 9), &calendar), expect![[]]);
    let ended = accepted(20, 5).finish(from, &calendar).expect("runs");
    refused(ended.stop(review(at(october(10), 9)), &calendar), expect![[]]);
}

#[test]
fn one_extension_within_its_cap_and_in_time() {
    let calendar = Calendar::embedded();
    let extended = accepted(20, 5).extend(extension(3, at(october(13), 9)), &calendar).expect("in time");
    check(&extended, at(october(13), 10), expect![[]]);
    refused(extended.extend(extension(1, at(october(14), 9)), &calendar), expect![[]]);
    refused(accepted(20, 5).extend(extension(11, at(october(13), 9)), &calendar), expect![[]]);
    refused(accepted(20, 5).extend(extension(10, at(date(2026, 11, 4), 9)), &calendar), expect![[]]);
    let unextendable = ClockRule::single(Limit::working_days(5), None).expect("valid");
    let clock = Clock::start_at(unextendable, at(october(9), 9));
    refused(clock.extend(extension(1, at(october(10), 9)), &calendar), expect![[]]);
    let longer = ClockRule::new(Limit::working_days(5), Limit::working_days(6), None).expect_err("longer than the law");
    expect![[]].assert_eq(&longer.explain());
}

#[test]
fn a_supplement_does_not_stop_the_clock() {
    let calendar = Calendar::embedded();
    let promise = |days| ClockEvent::SupplementPromised {
        materials: vec!["场地证明".to_owned()],
        limit: Limit::working_days(days),
        at: at(date(2026, 9, 30), 11),
    };
    let clock = accepted(20, 5).then(promise(2), &calendar).expect("fits");
    let now = at(october(9), 9);
    assert_eq!(clock.due_dates(&calendar, now), accepted(20, 5).due_dates(&calendar, now));
    check(&clock, now, expect![[]]);
    check(&clock, at(october(10), 9), expect![[]]);
    refused(accepted(20, 5).then(promise(6), &calendar), expect![[]]);
    refused(clock.then(promise(1), &calendar), expect![[]]);
}

#[test]
fn steps_run_under_the_same_stops() {
    let calendar = Calendar::embedded();
    let start = |step: &str, day| ClockEvent::StepStarted {
        step: step.to_owned(),
        limit: Limit::working_days(2),
        at: at(october(day), 9),
    };
    let clock = accepted(20, 10).then(start("审查", 8), &calendar).expect("free");
    let clock = clock.stop(review(at(october(9), 9)), &calendar).expect("runs");
    let clock = clock.resume(at(october(12), 9), &calendar).expect("stopped");
    check(&clock, at(october(13), 9), expect![[]]);
    refused(clock.clone().then(start("审查", 13), &calendar), expect![[]]);
    let finish = ClockEvent::StepFinished { step: "审查".to_owned(), at: at(october(15), 9) };
    let clock = clock.then(finish.clone(), &calendar).expect("runs").then(start("决定", 15), &calendar).expect("free");
    check(&clock, at(october(16), 9), expect![[]]);
    refused(clock.then(finish, &calendar), expect![[]]);
}

#[test]
fn on_the_spot_calendar_days_and_hours() {
    let calendar = Calendar::embedded();
    let spot = Clock::start_at(permit(10, 0), at(october(9), 9));
    check(&spot, at(october(9), 10), expect![[]]);
    check(&spot, at(october(10), 10), expect![[]]);
    // Fifteen calendar days from 16 September end on 1 October, a day off: moved to the 8th.
    let days = ClockRule::single(Limit::calendar_days(15), None).expect("valid");
    let clock = Clock::start_at(days, at(date(2026, 9, 16), 9));
    check(&clock, at(october(3), 9), expect![[]]);
    check(&clock, at(october(9), 9), expect![[]]);
    // Eight hours from 16:00 before the holiday: 1.5 on that day, 6.5 on the 8th.
    let hours = ClockRule::single(Limit::working_hours(8), None).expect("valid");
    let clock = Clock::start_at(hours, at(date(2026, 9, 30), 16));
    check(&clock, at(october(8), 11), expect![[]]);
    check(&clock, china_instant(october(8), time(17, 1, 0, 0)), expect![[]]);
    let lines: Vec<String> =
        clock.evidence(&calendar, at(october(8), 11), october(8)).iter().map(DayEvidence::text).collect();
    expect![[]].assert_eq(&lines.join("\n"));
}

#[test]
fn a_new_notice_moves_deadlines_and_says_why() {
    let old = Calendar::embedded();
    let notice = YearNotice::parse(2027, "2027-01-01~2027-01-02 休 元旦\n2027-01-03 班 元旦\n2027-02-05~2027-02-11 休 春节");
    let new = old.clone().with_notice(notice.expect("valid"));
    let clock = Clock::start_at(permit(20, 2), at(date(2026, 12, 30), 9));
    let now = at(date(2026, 12, 31), 9);
    check(&clock, now, expect![[]]);
    let change = clock.explain_change(&old, &new, now).map_or_else(|| "不变".to_owned(), |change| change.text());
    expect![[]].assert_eq(&change);
    assert_eq!(accepted(20, 5).explain_change(&old, &new, now), None);
    let longer = Clock::start_at(permit(30, 20), at(date(2026, 12, 30), 9));
    let change = longer.explain_change(&old, &new, now).map_or_else(|| "不变".to_owned(), |change| change.text());
    expect![[]].assert_eq(&change);
}

mod receipt {
    use super::*;

    fn asked(defects: &[&str], told_at: Timestamp) -> ReceiptEvent {
        let defects = defects.iter().map(|defect| (*defect).to_owned()).collect();
        ReceiptEvent::CorrectionAsked { notice: CorrectionNotice { defects, told_at, answer_by: None } }
    }

    fn refused(result: Result<ReceiptClock, ReceiptError>, expected: Expect) {
        expected.assert_eq(&result.expect_err("must be refused").explain());
    }

    #[test]
    fn silence_for_five_working_days_is_acceptance_as_of_receipt() {
        let calendar = Calendar::embedded();
        let received = at(date(2026, 9, 30), 10);
        let clock = ReceiptClock::received(received);
        let states = [october(12), october(13), october(14)].map(|day| clock.view(&calendar, at(day, 23)).state);
        let accepted_on = date(2026, 9, 30);
        assert_eq!(states, [ReceiptState::Examining, ReceiptState::LastDay, ReceiptState::DeemedAccepted { accepted_on }]);
        let too_late = at(october(14), 9);
        refused(clock.clone().then(asked(&["身份证"], too_late), &calendar), expect![[]]);
        let refusal = ReceiptEvent::Concluded { at: too_late, conclusion: Conclusion::NotAccepted };
        assert!(clock.clone().then(refusal, &calendar).is_err());
        let backdating = Conclusion::Accepted { acceptance: Acceptance::decided(too_late) };
        assert!(clock.clone().then(ReceiptEvent::Concluded { at: too_late, conclusion: backdating }, &calendar).is_err());
        let acceptance = clock.acceptance(too_late, &calendar).expect("open");
        assert!(acceptance.is_deemed());
        assert_eq!(acceptance.at(), received);
        let conclusion = Conclusion::Accepted { acceptance };
        assert!(clock.then(ReceiptEvent::Concluded { at: too_late, conclusion }, &calendar).is_ok());
    }

    #[test]
    fn a_correction_opens_a_new_window_and_adds_nothing_new() {
        let calendar = Calendar::embedded();
        let clock = ReceiptClock::received(at(date(2026, 9, 30), 10));
        let clock = clock.then(asked(&["身份证", "场地证明"], at(october(13), 17)), &calendar).expect("last day");
        refused(clock.clone().then(asked(&["身份证"], at(october(14), 9)), &calendar), expect![[]]);
        let waiting = clock.view(&calendar, at(date(2026, 12, 1), 9));
        assert_eq!(waiting.state, ReceiptState::WaitingForApplicant { late: false });
        let supplied = ReceiptEvent::CorrectionSupplied { at: at(october(20), 9) };
        let clock = clock.then(supplied.clone(), &calendar).expect("asked for");
        assert_eq!(clock.window(&calendar).map(|due| due.date), Some(october(27)));
        refused(clock.clone().then(supplied, &calendar), expect![[]]);
        refused(clock.clone().then(asked(&["照片"], at(october(21), 9)), &calendar), expect![[]]);
        assert!(clock.clone().then(asked(&["场地证明"], at(october(21), 9)), &calendar).is_ok());
        let deemed = clock.deemed_acceptance(at(october(28), 9), &calendar).expect("the second window is over");
        assert_eq!(deemed.at(), at(october(20), 9));
        assert_eq!(clock.acceptance(at(october(21), 9), &calendar), Ok(Acceptance::decided(at(october(21), 9))));
    }
}
