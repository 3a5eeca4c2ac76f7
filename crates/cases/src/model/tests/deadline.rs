//! More time that is asked for, days that move, and reminders.

use expect_test::{Expect, expect};
use jiff::civil::date;
use wuchuang_calendar::{StopKind, YearNotice};
use wuchuang_kernel::Actor;

use super::bench::{Bench, conditional, correction, material, own, staff, standard_terms, stop};
use crate::model::{CaseCommand, CaseEvent, DeadlineCause, DeliveryChoice, ReminderKind};

fn check(bench: &mut Bench, command: CaseCommand, expected: Expect) {
    expected.assert_eq(&bench.told(command));
}

fn accepted() -> Bench {
    let mut bench = Bench::received();
    bench.must(CaseCommand::Accept { conditional: None });
    bench
}

fn request(days: u16) -> CaseCommand {
    CaseCommand::RequestExtension {
        days,
        reason: own("道路中断，无法现场核查。"),
    }
}

fn extend(days: u16) -> CaseCommand {
    CaseCommand::Extend {
        days,
        reason: "道路中断".to_owned(),
    }
}

fn decline() -> CaseCommand {
    CaseCommand::DeclineExtension {
        reason: own("道路已恢复通行。"),
    }
}

/// The last move of the day: what the applicant was told.
fn last_move(bench: &Bench) -> String {
    let found = bench
        .events
        .iter()
        .rev()
        .find_map(|(event, _)| match event {
            CaseEvent::DeadlineMoved {
                cause,
                before,
                after,
                reason,
            } => Some(format!("{cause:?} {before} {after} {reason}")),
            _ => None,
        });
    found.unwrap_or_default()
}

#[test]
fn more_time_is_asked_for_and_granted_or_declined() {
    let mut bench = accepted();
    check(
        &mut bench,
        decline(),
        expect!["extension_not_asked: 没有等待答复的延期申请，可能同事刚刚处理过。请刷新页面。"],
    );
    check(
        &mut bench,
        request(11),
        expect![
            "clock_rule: 不能延长 11 日：依据《行政许可法》第四十二条第一款，延长应为 1 至 10 日。请修改天数。"
        ],
    );
    check(&mut bench, request(5), expect!["extension_requested"]);
    assert_eq!(
        bench
            .case()
            .extension_request
            .as_ref()
            .map(|asked| asked.days),
        Some(5)
    );
    check(
        &mut bench,
        request(5),
        expect!["extension_asked: 已经申请过延期，正等待审批人员答复，不用再申请。"],
    );
    bench.actor = staff(2);
    check(&mut bench, decline(), expect!["extension_declined"]);
    assert_eq!(bench.case().extension_request, None);
    let told = bench.case().opinions.last().unwrap();
    assert_eq!(
        (told.step_name.as_str(), told.text.text()),
        ("延期申请", "道路已恢复通行。")
    );
    bench.actor = staff(1);
    check(&mut bench, request(3), expect!["extension_requested"]);
    bench.actor = staff(2);
    check(&mut bench, extend(3), expect!["extended, deadline_moved"]);
    assert_eq!(bench.case().extension_request, None);
    assert_eq!(
        last_move(&bench),
        "Extension 2026-11-23 2026-11-26 经批准延长3个工作日"
    );
    bench.actor = staff(1);
    check(
        &mut bench,
        request(1),
        expect!["clock_rule: 办理期限只能延长一次，本办件已延长过。请在期限内作出决定。"],
    );
}

#[test]
fn only_whoever_has_the_case_in_hand_asks_for_more_time() {
    let mut bench = accepted();
    bench.must(CaseCommand::Claim);
    bench.actor = staff(3);
    assert_eq!(bench.outcome(request(3)), "(case_held)");
    bench.actor = staff(1);
    assert_eq!(bench.outcome(request(3)), "extension_requested");
}

#[test]
fn after_a_procedure_the_applicant_is_told_the_day_before_and_the_day_now() {
    let mut bench = accepted();
    bench.later(1);
    bench.must(stop(StopKind::ExpertReview));
    bench.later(7);
    bench.must(CaseCommand::ResumeClock {
        result: own("评审通过。"),
    });
    assert_eq!(
        last_move(&bench),
        "Procedure 2026-11-23 2026-12-01 专家评审已结束"
    );
}

#[test]
fn a_calendar_that_moves_the_day_is_told_once() {
    let note = |before| CaseCommand::NoteDeadline {
        before,
        reason: "工作日历更新（11月20日改为放假）".to_owned(),
    };
    let mut bench = accepted();
    let told = date(2026, 11, 23);
    assert_eq!(bench.outcome(note(told)), "(deadline_by_system)");
    bench.actor = Actor::SYSTEM;
    assert_eq!(bench.outcome(note(told)), "nothing");
    let mut lines = bench.calendar.notice(2026).unwrap().to_lines();
    lines.push_str("\n2026-11-20 休 县庆");
    bench.calendar = bench
        .calendar
        .clone()
        .with_notice(YearNotice::parse(2026, &lines).unwrap());
    assert_eq!(bench.outcome(note(told)), "deadline_moved");
    assert_eq!(
        last_move(&bench),
        "Calendar 2026-11-23 2026-11-24 工作日历更新（11月20日改为放假）"
    );
    assert!(matches!(
        bench.events.last(),
        Some((
            CaseEvent::DeadlineMoved {
                cause: DeadlineCause::Calendar,
                ..
            },
            _
        ))
    ));
    assert_eq!(bench.outcome(note(date(2026, 11, 24))), "nothing");
}

#[test]
fn a_correction_is_reminded_once_two_working_days_before() {
    let mut bench = Bench::received();
    assert_eq!(bench.outcome(CaseCommand::Remind), "nothing");
    let CaseCommand::NotifyCorrection { defects, .. } = correction(&["material:m2"]) else {
        panic!("a correction");
    };
    bench.must(CaseCommand::NotifyCorrection {
        defects,
        answer_by: Some(date(2026, 11, 24)),
    });
    let reminder = bench.case().reminder(&bench.calendar).unwrap();
    assert_eq!(reminder.of, ReminderKind::Correction);
    assert_eq!(reminder.from.to_string(), "2026-11-20T01:00:00Z");
    bench.later(3);
    assert_eq!(bench.outcome(CaseCommand::Remind), "nothing");
    bench.later(1);
    let mut answered = bench.clone();
    assert_eq!(bench.outcome(CaseCommand::Remind), "reminded");
    assert_eq!(bench.outcome(CaseCommand::Remind), "nothing");
    answered.must(CaseCommand::SupplyCorrection {
        answers: None,
        materials: vec![material("m2")],
        counted: None,
    });
    assert_eq!(answered.outcome(CaseCommand::Remind), "nothing");
}

#[test]
fn what_is_owed_is_reminded_while_it_is_owed() {
    let mut bench = Bench::with(standard_terms(), &["m1"], DeliveryChoice::Counter);
    bench.must(CaseCommand::Accept {
        conditional: Some(conditional(&["m2"], 4)),
    });
    bench.later(2);
    let mut answered = bench.clone();
    assert_eq!(bench.outcome(CaseCommand::Remind), "reminded");
    answered.must(CaseCommand::SupplySupplement {
        materials: vec![material("m2")],
    });
    assert_eq!(answered.outcome(CaseCommand::Remind), "nothing");
    let mut late = Bench::with(standard_terms(), &["m1"], DeliveryChoice::Counter);
    late.must(CaseCommand::Accept {
        conditional: Some(conditional(&["m2"], 4)),
    });
    late.later(8);
    assert_eq!(
        late.outcome(CaseCommand::Remind),
        "nothing",
        "the day is over"
    );
}
