//! What may be asked of a task in which stage, and until when the next thing is due.

use std::fmt::Write as _;

use expect_test::{Expect, expect};
use wuchuang_calendar::Calendar;
use wuchuang_kernel::{Channel, PersonId, SupervisionId};

use super::*;

const PERSON: PersonId = PersonId::from_u128(1);

fn own(text: &str) -> Personal<String> {
    Personal::new(PERSON, text.to_owned())
}

fn open(check: bool) -> TaskCommand {
    TaskCommand::Open(Box::new(Opening {
        case: CaseId::from_u128(3),
        case_number: "610924JTYS20261120000001".to_owned(),
        item_name: "道路货物运输经营许可".to_owned(),
        is_organisation: false,
        name: own("张三"),
        granted_by: OrganisationId::from_u128(5),
        granted_by_name: "交通运输局".to_owned(),
        granted_at: "2026-11-20T08:00:00Z".parse().unwrap(),
        department: OrganisationId::from_u128(6),
        department_name: "公安局".to_owned(),
        acknowledge_days: 2,
        check: check.then(|| CheckOrder {
            what: "现场核查".to_owned(),
            promises: vec!["安全生产管理制度".to_owned()],
            days: 10,
        }),
    }))
}

fn checked(finding: CheckFinding, rectify_days: Option<u16>) -> TaskCommand {
    TaskCommand::RecordCheck(CheckResult {
        finding,
        method: CheckMethod::OnSite,
        facts: own("看了现场"),
        rectify_days,
    })
}

fn conclude(measure: &str) -> TaskCommand {
    TaskCommand::Conclude {
        measure: own(measure),
    }
}

/// The surroundings of a command.
fn context(calendar: &Calendar, now: Timestamp) -> Context<'_> {
    Context {
        region: "610924".parse().unwrap(),
        stream: SupervisionId::from_u128(9).into(),
        now,
        actor: &Actor::SYSTEM,
        channel: Channel::Office,
        calendar,
        number: None,
    }
}

/// Sends commands one after the other, and says of each what came of it. It is Friday, 20 November 2026.
#[track_caller]
fn check(commands: &[TaskCommand], expected: &Expect) {
    let calendar = Calendar::embedded();
    let now = "2026-11-20T08:00:00Z".parse().unwrap();
    let mut state = TaskState::default();
    let mut told = String::new();
    for command in commands {
        match TaskStream::decide(&state, command, &context(&calendar, now)) {
            Ok(events) => {
                for event in &events {
                    TaskStream::apply(&mut state, event, now);
                }
                let Some(task) = &state.0 else { continue };
                let last = task.happened.last().map_or("", |one| one.what.as_str());
                let (warn, due) = (task.due.warn_on, task.due.due_on);
                let _ = writeln!(told, "{}（{warn}，{due}）{last}", task.stage.name());
            }
            Err(refusal) => {
                let _ = writeln!(told, "✗ {}", refusal.code);
            }
        }
    }
    expected.assert_eq(&told);
}

#[test]
fn a_promise_that_was_true_ends_the_task() {
    check(
        &[
            open(true),
            TaskCommand::Acknowledge,
            checked(CheckFinding::True, None),
        ],
        &expect![[r"
            待签收（2026-11-23，2026-11-24）推送给公安局，请在 2026-11-24 前签收
            待核查（2026-12-03，2026-12-04）签收
            已办结（2026-12-03，2026-12-04）现场核查：属实
        "]],
    );
}

#[test]
fn what_is_only_watched_ends_when_it_is_acknowledged() {
    check(
        &[
            open(false),
            TaskCommand::Acknowledge,
            TaskCommand::Acknowledge,
        ],
        &expect![[r"
            待签收（2026-11-23，2026-11-24）推送给公安局，请在 2026-11-24 前签收
            已办结（2026-11-23，2026-11-24）签收
            ✗ wrong_stage
        "]],
    );
}

#[test]
fn defects_are_mended_and_checked_again_and_a_false_promise_is_handled() {
    check(
        &[
            open(true),
            TaskCommand::Acknowledge,
            checked(CheckFinding::Rectify, Some(5)),
            checked(CheckFinding::False, None),
            TaskCommand::NoteRevoked {
                licence: LicenceId::from_u128(4),
            },
            TaskCommand::NoteCredit {
                subject: CreditSubjectId::from_u128(7),
                record: 1,
            },
            conclude("撤销许可，记入失信名单"),
        ],
        &expect![[r"
            待签收（2026-11-23，2026-11-24）推送给公安局，请在 2026-11-24 前签收
            待核查（2026-12-03，2026-12-04）签收
            整改中（2026-11-26，2026-11-27）现场核查：限期整改
            待处理（2026-11-26，2026-11-27）现场核查：不属实
            待处理（2026-11-26，2026-11-27）撤销准予决定，注销证照
            待处理（2026-11-26，2026-11-27）申请人记入失信名单
            已办结（2026-11-26，2026-11-27）处理结论
        "]],
    );
}

#[test]
fn what_is_not_allowed_is_refused() {
    let silent = TaskCommand::RecordCheck(CheckResult {
        finding: CheckFinding::True,
        method: CheckMethod::Online,
        facts: own(" "),
        rectify_days: None,
    });
    check(
        &[
            TaskCommand::Acknowledge,
            open(true),
            open(true),
            checked(CheckFinding::True, None),
            TaskCommand::Acknowledge,
            silent,
            checked(CheckFinding::Rectify, None),
            checked(CheckFinding::Rectify, Some(61)),
            checked(CheckFinding::True, Some(5)),
            conclude("处理"),
            checked(CheckFinding::False, None),
            conclude(""),
        ],
        &expect![[r"
            ✗ task_unknown
            待签收（2026-11-23，2026-11-24）推送给公安局，请在 2026-11-24 前签收
            ✗ task_exists
            ✗ wrong_stage
            待核查（2026-12-03，2026-12-04）签收
            ✗ text_missing
            ✗ rectify_days
            ✗ rectify_days
            ✗ rectify_days
            ✗ wrong_stage
            待处理（2026-11-26，2026-11-27）现场核查：不属实
            ✗ text_missing
        "]],
    );
}

/// Whose turn it is after commands, and whether they have to be told so.
#[test]
fn the_turn_passes_from_who_supervises_to_who_decided() {
    let turns = |commands: &[TaskCommand]| {
        let calendar = Calendar::embedded();
        let now = "2026-11-20T08:00:00Z".parse().unwrap();
        let mut state = TaskState::default();
        for command in commands {
            let events = TaskStream::decide(&state, command, &context(&calendar, now)).unwrap();
            for event in &events {
                TaskStream::apply(&mut state, event, now);
            }
        }
        let turn = state.0.as_deref().unwrap().turn();
        turn.map(|turn| {
            let whom = turn.whom;
            let organisation = whom.organisation.uuid().as_u128();
            (organisation, turn.arrives, whom.roles.len())
        })
    };
    assert_eq!(turns(&[open(true)]), Some((6, true, 2)));
    let acknowledged = [open(true), TaskCommand::Acknowledge];
    assert_eq!(turns(&acknowledged), Some((6, false, 2)));
    let [opened, acknowledge] = acknowledged;
    let untrue = checked(CheckFinding::False, None);
    let found = [opened, acknowledge, untrue];
    assert_eq!(turns(&found), Some((5, true, 1)));
    assert_eq!(turns(&[open(false), TaskCommand::Acknowledge]), None);
}
