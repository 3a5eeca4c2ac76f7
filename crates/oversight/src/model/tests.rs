//! What may be asked of a finding in which stage, and until when the next thing is due; `hall`: of items and departments
//! in the hall.

mod hall;
mod kinds;

use std::fmt::Write as _;

use expect_test::{Expect, expect};
use jiff::civil::date;
use wuchuang_calendar::Calendar;
use wuchuang_kernel::{
    Actor, ActorKind, Channel, FindingId, OrganisationId, PersonId, Personal, PostId, StreamId,
};
use wuchuang_ledger::{Context, Stream};

use super::finding::*;

const CLERK: PersonId = PersonId::from_u128(1);
const SUPERVISOR: PersonId = PersonId::from_u128(2);

fn own(text: &str) -> Personal<String> {
    Personal::new(CLERK, text.to_owned())
}

fn actor(person: PersonId) -> Actor {
    Actor {
        person: Some(person),
        program: None,
        kind: ActorKind::Staff {
            post: PostId::from_u128(3),
            organisation: OrganisationId::from_u128(4),
        },
    }
}

/// Sends commands one after the other, each on its day of November 2026 at 16:00, and says of each what came of it.
fn tell<S: Stream>(
    commands: &[(i8, PersonId, S::Command)],
    say: impl Fn(&S::State) -> String,
) -> String {
    let calendar = Calendar::embedded();
    let mut state = S::State::default();
    let mut told = String::new();
    for (day, person, command) in commands {
        let now = format!("2026-11-{day:02}T08:00:00Z").parse().unwrap();
        let by = actor(*person);
        let context = Context {
            region: "610924".parse().unwrap(),
            stream: StreamId::from(FindingId::from_u128(9)),
            now,
            actor: &by,
            channel: Channel::Office,
            calendar: &calendar,
            number: None,
        };
        match S::decide(&state, command, &context) {
            Ok(events) => {
                for event in &events {
                    S::apply(&mut state, event, now);
                }
                let _ = writeln!(told, "{}", say(&state));
            }
            Err(refusal) => {
                let _ = writeln!(told, "✗ {} {:?}", refusal.code, refusal.field);
            }
        }
    }
    told
}

fn opening(rule: FindingRule) -> Opening {
    Opening {
        rule,
        kind: rule.violation().unwrap_or(25),
        kind_name: String::new(),
        organisation: OrganisationId::from_u128(4),
        organisation_name: "公安局".to_owned(),
        person: Some(CLERK),
        item: None,
        item_name: String::new(),
        case: None,
        case_number: String::new(),
        document: String::new(),
        happened_on: date(2026, 11, 18),
        evidence: String::new(),
        applicant: None,
        facts: Some(own("窗口拒绝收件")),
        leniency: None,
    }
}

fn open(rule: FindingRule) -> FindingCommand {
    FindingCommand::Open(Box::new(opening(rule)))
}

fn leniency(conditions: &[LeniencyCondition]) -> Leniency {
    Leniency {
        conditions: conditions.to_vec(),
        reason: own("先行先试，按程序报批，没有损失"),
    }
}

fn answer(leniency: Option<Leniency>) -> FindingCommand {
    FindingCommand::Answer {
        text: own("系统刚上线，操作失误"),
        leniency,
    }
}

fn decision(
    verdict: FindingVerdict,
    measure: Option<FindingMeasure>,
    rectify_on: Option<i8>,
) -> FindingCommand {
    FindingCommand::Decide(FindingDecision {
        verdict,
        measure,
        rectify_by: rectify_on.map(|day| date(2026, 11, day)),
        reason: own("查证属实"),
    })
}

/// What the house says of a finding.
#[track_caller]
fn check(commands: &[(i8, PersonId, FindingCommand)], expected: &Expect) {
    let told = tell::<FindingStream>(commands, |state| {
        let finding = state.0.as_deref().unwrap();
        let last = finding.happened.last().unwrap();
        let (warn, due) = (finding.due.warn_on, finding.due.due_on);
        format!("{}（{warn}，{due}）{}", finding.stage.name(), last.what)
    });
    expected.assert_eq(&told);
}

#[test]
fn a_finding_is_answered_decided_mended_and_closed() {
    use FindingCommand::{Confirm, Notify, Rectify, SendBack};
    let until = date(2026, 11, 30);
    check(
        &[
            (20, SUPERVISOR, open(FindingRule::Inspection)),
            (20, SUPERVISOR, open(FindingRule::Inspection)),
            (20, SUPERVISOR, Notify { days: 31 }),
            (20, SUPERVISOR, Notify { days: 5 }),
            (
                20,
                SUPERVISOR,
                decision(FindingVerdict::Unfounded, None, None),
            ),
            (23, CLERK, answer(None)),
            (
                24,
                SUPERVISOR,
                decision(FindingVerdict::Founded, None, Some(26)),
            ),
            (
                24,
                SUPERVISOR,
                decision(
                    FindingVerdict::Founded,
                    Some(FindingMeasure::Remind),
                    Some(24),
                ),
            ),
            (
                24,
                SUPERVISOR,
                decision(
                    FindingVerdict::Founded,
                    Some(FindingMeasure::Remind),
                    Some(26),
                ),
            ),
            (25, CLERK, Rectify { report: own("") }),
            (
                25,
                CLERK,
                Rectify {
                    report: own("已经重新收件"),
                },
            ),
            (
                25,
                SUPERVISOR,
                SendBack {
                    reason: own("还没有回访"),
                    until,
                },
            ),
            (
                26,
                CLERK,
                Rectify {
                    report: own("已经回访"),
                },
            ),
            (26, SUPERVISOR, Confirm),
            (26, SUPERVISOR, Confirm),
        ],
        &expect![[r#"
            待交办（2026-11-26，2026-11-27）现场检查发现
            ✗ finding_exists None
            ✗ days_out_of_range Some("days")
            待说明（2026-11-26，2026-11-27）交办，请在 2026-11-27 前说明
            ✗ wrong_stage Some("verdict")
            待认定（2026-11-27，2026-11-30）说明
            ✗ measure_missing Some("measure")
            ✗ rectify_out_of_range Some("rectify_by")
            整改中（2026-11-25，2026-11-26）认定：属实，提醒，请在 2026-11-26 前整改
            ✗ text_missing Some("report")
            整改待确认（2026-12-01，2026-12-02）报告整改情况
            整改中（2026-11-27，2026-11-30）退回整改，请在 2026-11-30 前完成
            整改待确认（2026-12-02，2026-12-03）报告整改情况
            已办结（2026-12-02，2026-12-03）确认整改，办结
            ✗ wrong_stage None
        "#]],
    );
}

#[test]
fn leniency_needs_every_condition_and_an_application() {
    use FindingVerdict::{Exempted, Founded, Mitigated};
    let some = leniency(&[LeniencyCondition::NoPrivateGain]);
    let all = || leniency(LeniencyCondition::ALL);
    check(
        &[
            (20, SUPERVISOR, open(FindingRule::Complaint)),
            (20, SUPERVISOR, FindingCommand::Notify { days: 2 }),
            (20, CLERK, answer(Some(some))),
            (20, CLERK, answer(Some(all()))),
            (
                20,
                SUPERVISOR,
                decision(Exempted, Some(FindingMeasure::Talk), None),
            ),
            (20, SUPERVISOR, decision(Mitigated, None, None)),
            (20, SUPERVISOR, decision(Exempted, None, Some(27))),
        ],
        &expect![[r#"
            待交办（2026-11-26，2026-11-27）投诉举报发现
            待说明（2026-11-23，2026-11-24）交办，请在 2026-11-24 前说明
            ✗ conditions_missing Some("conditions")
            待认定（2026-11-26，2026-11-27）说明，并申请容错
            ✗ measure_unwanted Some("measure")
            ✗ measure_missing Some("measure")
            整改中（2026-11-26，2026-11-27）认定：容错免责，请在 2026-11-27 前整改
        "#]],
    );
    check(
        &[
            (20, SUPERVISOR, open(FindingRule::Complaint)),
            (20, SUPERVISOR, FindingCommand::Notify { days: 2 }),
            (23, CLERK, answer(None)),
            (23, SUPERVISOR, decision(Exempted, None, None)),
            (
                23,
                SUPERVISOR,
                decision(Founded, Some(FindingMeasure::Circulate), None),
            ),
        ],
        &expect![[r#"
            待交办（2026-11-26，2026-11-27）投诉举报发现
            待说明（2026-11-23，2026-11-24）交办，请在 2026-11-24 前说明
            待认定（2026-11-27，2026-11-30）说明
            ✗ leniency_not_applied Some("verdict")
            已办结（2026-11-27，2026-11-30）认定：属实，通报
        "#]],
    );
}

#[test]
fn an_own_mistake_waits_for_a_decision_and_nobody_decides_about_themselves() {
    let mut reported = opening(FindingRule::SelfReport);
    reported.leniency = Some(leniency(LeniencyCondition::ALL));
    let reported = || FindingCommand::Open(Box::new(reported.clone()));
    check(
        &[
            (20, SUPERVISOR, reported()),
            (20, CLERK, reported()),
            (20, CLERK, decision(FindingVerdict::Exempted, None, None)),
            (
                20,
                SUPERVISOR,
                decision(FindingVerdict::Exempted, None, None),
            ),
        ],
        &expect![[r#"
            ✗ not_own Some("facts")
            待认定（2026-11-26，2026-11-27）主动报告
            ✗ own_finding None
            已办结（2026-11-26，2026-11-27）认定：容错免责
        "#]],
    );
}

#[test]
fn silence_is_decided_about_after_the_last_day() {
    let founded = || decision(FindingVerdict::Founded, Some(FindingMeasure::Refer), None);
    check(
        &[
            (18, SUPERVISOR, open(FindingRule::Register)),
            (18, SUPERVISOR, founded()),
            (18, SUPERVISOR, FindingCommand::Notify { days: 1 }),
            (19, SUPERVISOR, founded()),
            (20, SUPERVISOR, founded()),
        ],
        &expect![[r#"
            待交办（2026-11-24，2026-11-25）台账比对发现
            ✗ wrong_stage Some("verdict")
            待说明（2026-11-18，2026-11-19）交办，请在 2026-11-19 前说明
            ✗ wrong_stage Some("verdict")
            已办结（2026-11-18，2026-11-19）认定：属实，移送
        "#]],
    );
}
