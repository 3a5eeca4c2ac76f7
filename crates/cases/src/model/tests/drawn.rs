//! Cases in a drawn process: two branches at once, a gateway that decides by answers, 退回 out of a branch and from the decision,
//! timers that race with people.

use std::sync::Arc;

use expect_test::{Expect, expect};
use serde_json::json;
use wuchuang_bpmn::TimerId;
use wuchuang_calendar::StopKind;
use wuchuang_kernel::{Actor, PersonId, Personal};

use super::bench::{APPLICANT, Bench, own, staff, standard_terms, stop, submission};
use crate::model::{
    Case, CaseCommand, CaseEvent, DeliveryChoice, DrawnProcess, DrawnTerms, ItemTerms, StepTerms,
    drawn::return_targets,
};

/// The drawing.
pub(crate) const TWO_BRANCHES: &str = include_str!("two_branches.bpmn");

/// The standard item with the drawing in the place of its steps.
pub(crate) fn drawn_terms() -> ItemTerms {
    let process = DrawnProcess::read(TWO_BRANCHES).unwrap();
    let steps = process.process().tasks().map(|task| StepTerms {
        id: task.id.to_string(),
        name: task.name.to_string(),
        limit: None,
    });
    ItemTerms {
        steps: steps.collect(),
        drawn: Some(DrawnTerms::of(TWO_BRANCHES)),
        ..standard_terms()
    }
}

pub(crate) fn done(task: &str) -> CaseCommand {
    answered(task, json!({}))
}

pub(crate) fn answered(task: &str, answers: serde_json::Value) -> CaseCommand {
    CaseCommand::CompleteTask {
        agrees: true,
        task: task.to_owned(),
        opinion: own("材料属实。"),
        answers: Personal::new(APPLICANT, answers),
    }
}

pub(crate) fn site(is_clean: bool) -> CaseCommand {
    answered("site", json!({ "clean": is_clean }))
}

pub(crate) fn back(from: Option<&str>, to: &str) -> CaseCommand {
    CaseCommand::ReturnTask {
        task: from.map(str::to_owned),
        to: to.to_owned(),
        reason: own("请再核查。"),
    }
}

pub(crate) fn claim(task: &str) -> CaseCommand {
    CaseCommand::ClaimTask {
        task: task.to_owned(),
    }
}

/// A case that was received.
pub(crate) fn received() -> Bench {
    let mut bench = Bench::new();
    bench.process = Some(Arc::new(DrawnProcess::read(TWO_BRANCHES).unwrap()));
    bench.must(submission(
        drawn_terms(),
        &["m1", "m2"],
        DeliveryChoice::Counter,
    ));
    bench
}

fn accepted() -> Bench {
    let mut bench = received();
    bench.must(CaseCommand::Accept { conditional: None });
    bench
}

/// A case whose two branches are open.
pub(crate) fn split() -> Bench {
    let mut bench = accepted();
    bench.must(done("first"));
    bench
}

pub(crate) fn check(bench: &mut Bench, command: CaseCommand, expected: Expect) {
    expected.assert_eq(&bench.told(command));
}

/// What is open, in whose hand, and what the clock runs for.
pub(crate) fn standing(bench: &Bench) -> String {
    let case = bench.case();
    let tasks: Vec<String> = case
        .open_tasks()
        .iter()
        .map(|task| match task.holder {
            Some(holder) => format!("{}@{:x}", task.key(), holder.uuid().as_u128()),
            None => task.key(),
        })
        .collect();
    let runs = case.clock.as_ref().unwrap().steps().iter();
    let runs: Vec<&str> = runs
        .filter(|run| run.finished_at.is_none())
        .map(|run| run.step.as_str())
        .collect();
    format!(
        "{} {} | {} | {}",
        case.stage.code(),
        case.step_name(),
        tasks.join(" "),
        runs.join(" ")
    )
}

fn targets(bench: &Bench, from: Option<&str>) -> Vec<String> {
    let case: &Case = bench.case();
    let task = from.map(|key| case.drawn().unwrap().task(key).unwrap());
    let process = bench.process.as_ref().unwrap();
    let targets = return_targets(case, process, task);
    targets.iter().map(ToString::to_string).collect()
}

fn as_system(bench: &mut Bench, command: CaseCommand) -> String {
    let person = bench.actor;
    bench.actor = Actor::SYSTEM;
    let told = bench.told(command);
    bench.actor = person;
    told
}

fn fire(bench: &mut Bench) -> String {
    let timer = bench
        .case()
        .next_timer(&bench.calendar)
        .map_or(TimerId(0), |(timer, _)| timer.timer);
    as_system(bench, CaseCommand::FireTimer { timer })
}

#[test]
fn two_branches_are_open_at_once_and_may_be_done_in_either_order() {
    for order in [["site", "papers"], ["papers", "site"]] {
        let mut bench = accepted();
        assert!(standing(&bench).starts_with("review 初审 | first~"));
        bench.must(done("first"));
        assert_eq!(bench.case().step_name(), "现场核查、材料审查");
        assert_eq!(bench.case().open_tasks().len(), 2);
        for task in order {
            assert_eq!(bench.case().stage.code(), "review");
            bench.must(if task == "site" {
                site(true)
            } else {
                done(task)
            });
        }
        assert_eq!(standing(&bench), "decision 待决定 |  | ");
        bench.must(CaseCommand::Grant {
            opinion: own("同意。"),
        });
        assert_eq!(bench.case().stage.code(), "issuing");
    }
}

#[test]
fn only_a_branch_with_a_limit_has_one_on_the_clock() {
    let mut bench = split();
    let before = standing(&bench);
    let (_, run) = before.rsplit_once(" | ").unwrap();
    assert!(run.starts_with("site~") && !run.contains(' '), "{before}");
    bench.must(site(true));
    assert!(standing(&bench).ends_with(" | "), "{}", standing(&bench));
}

#[test]
fn a_gateway_decides_by_the_answers_of_task_and_form() {
    let mut bench = split();
    bench.must(done("papers"));
    check(
        &mut bench,
        done("site"),
        expect!["answer_missing @answer_clean: 请回答“现场符合要求”。"],
    );
    check(
        &mut bench,
        answered("site", json!({"clean": "perhaps"})),
        expect!["answer_kind @answer_clean: “现场符合要求”应是是或否。请重填。"],
    );
    check(
        &mut bench,
        answered("site", json!({"clean": true, "weather": "晴"})),
        expect!["answer_unknown @answers: 这个环节没有“weather”这个问题。请刷新页面后重填。"],
    );
    bench.must(answered("site", json!({"clean": "false", "remark": ""})));
    assert_eq!(bench.case().step_name(), "集体会审");
    bench.must(done("head"));
    assert_eq!(bench.case().step_name(), "待决定");
}

#[test]
fn what_somebody_else_did_first_is_refused() {
    let mut bench = split();
    let key = bench.case().open_tasks()[0].key();
    bench.must(site(true));
    for again in [site(true), answered(&key, json!({"clean": true}))] {
        check(
            &mut bench,
            again,
            expect!["step_not_current: 办件已不在这个环节，可能同事刚刚处理过。请刷新页面。"],
        );
    }
    check(
        &mut bench,
        CaseCommand::Grant {
            opinion: own("同意。"),
        },
        expect!["steps_open: “材料审查”环节还没有完成，不能作出决定。"],
    );
}

#[test]
fn each_branch_is_in_a_hand_of_its_own() {
    let mut bench = split();
    check(
        &mut bench,
        CaseCommand::Claim,
        expect!["claim_which: 这个办件有几个环节同时在办。请打开办件，认领您要办的那个环节。"],
    );
    bench.must(claim("site"));
    bench.actor = staff(2);
    check(
        &mut bench,
        claim("site"),
        expect![
            "case_held: 这个办件由同事认领，要由本人办理或退回组内。本人不在的，请本单位审批人员接手或重新分派。"
        ],
    );
    check(
        &mut bench,
        site(true),
        expect![
            "case_held: 这个办件由同事认领，要由本人办理或退回组内。本人不在的，请本单位审批人员接手或重新分派。"
        ],
    );
    check(&mut bench, CaseCommand::Claim, expect!["task_claimed"]);
    check(&mut bench, CaseCommand::Claim, expect!["nothing"]);
    let hands: Vec<Option<PersonId>> = bench
        .case()
        .open_tasks()
        .iter()
        .map(|task| task.holder)
        .collect();
    assert_eq!(
        hands,
        [1, 2].map(|person| Some(PersonId::from_u128(person)))
    );
    check(
        &mut bench,
        CaseCommand::ReassignTask {
            task: "site".to_owned(),
            to: PersonId::from_u128(2),
            reason: own("同事休假。"),
        },
        expect!["task_reassigned"],
    );
    check(&mut bench, site(true), expect!["step_completed"]);
    check(&mut bench, CaseCommand::Release, expect!["task_released"]);
    assert_eq!(bench.case().open_tasks()[0].holder, None);
    assert_eq!(bench.case().holder, None);
}

#[test]
fn a_return_within_a_branch_leaves_the_other_alone() {
    let mut bench = split();
    bench.must(claim("papers"));
    assert_eq!(targets(&bench, Some("site")), ["first"]);
    check(
        &mut bench,
        back(Some("site"), "papers"),
        expect!["step_not_before @step: 只能退回到前面的环节。"],
    );
    bench.must(back(Some("site"), "first"));
    // Before the split, so that both branches are taken back and begin anew.
    assert_eq!(bench.case().step_name(), "初审");
    assert_eq!(bench.case().tasks_closed.len(), 2);
    bench.must(done("first"));
    assert_eq!(bench.case().step_name(), "现场核查、材料审查");
    assert_eq!(bench.case().open_tasks()[1].holder, None);
}

#[test]
fn the_decision_sends_one_branch_back_and_the_other_opinion_stands() {
    let mut bench = split();
    bench.must(site(true));
    bench.must(done("papers"));
    assert_eq!(targets(&bench, None), ["papers", "site", "first"]);
    bench.must(back(None, "site"));
    assert_eq!(bench.case().step_name(), "现场核查");
    assert_eq!(bench.case().opinions.last().unwrap().step, "decision");
    bench.must(site(false));
    assert_eq!(bench.case().step_name(), "集体会审");
}

#[test]
fn a_timer_that_comes_first_opens_what_the_drawing_says() {
    let mut bench = split();
    assert_eq!(bench.case().drawn().unwrap().timers.len(), 1);
    assert_eq!(fire(&mut bench), "nothing", "not yet");
    bench.later(2);
    assert_eq!(fire(&mut bench), "timer_fired");
    assert_eq!(bench.case().step_name(), "现场核查、材料审查、督促材料审查");
    assert_eq!(fire(&mut bench), "nothing", "once");
    bench.must(done("papers"));
    bench.must(done("urge"));
    bench.must(site(true));
    assert_eq!(bench.case().step_name(), "待决定");
}

#[test]
fn of_a_timer_and_a_deed_one_wins() {
    let head = || {
        let mut bench = split();
        bench.must(site(false));
        bench.must(done("papers"));
        assert_eq!(bench.case().step_name(), "集体会审");
        bench
    };
    let mut timer_first = head();
    timer_first.later(3);
    assert_eq!(fire(&mut timer_first), "timer_fired");
    assert_eq!(timer_first.case().step_name(), "领导裁定");
    check(
        &mut timer_first,
        done("head"),
        expect!["step_not_current: 办件已不在这个环节，可能同事刚刚处理过。请刷新页面。"],
    );
    let mut deed_first = head();
    let (timer, _) = deed_first.case().next_timer(&deed_first.calendar).unwrap();
    let timer = timer.timer;
    deed_first.must(done("head"));
    deed_first.later(3);
    assert_eq!(
        as_system(&mut deed_first, CaseCommand::FireTimer { timer }),
        "nothing"
    );
    assert_eq!(deed_first.case().step_name(), "待决定");
}

#[test]
fn nobody_fires_a_timer_and_none_fires_while_the_clock_is_stopped() {
    let mut bench = split();
    bench.later(2);
    let (timer, _) = bench.case().next_timer(&bench.calendar).unwrap();
    let timer = timer.timer;
    check(
        &mut bench,
        CaseCommand::FireTimer { timer },
        expect!["timer_by_system: 定时由系统按时触发，不能由人触发。"],
    );
    bench.must(stop(StopKind::ExpertReview));
    assert_eq!(fire(&mut bench), "nothing");
    check(
        &mut bench,
        site(true),
        expect!["clock_stopped: “专家评审”还在进行，计时已暂停。请先登记结果、恢复计时。"],
    );
    bench.must(CaseCommand::ResumeClock {
        result: own("通过。"),
    });
    assert_eq!(fire(&mut bench), "timer_fired");
}

#[test]
fn the_time_of_a_special_procedure_is_not_counted_for_timers() {
    let mut bench = split();
    bench.must(stop(StopKind::ExpertReview));
    bench.later(7);
    bench.must(CaseCommand::ResumeClock {
        result: own("通过。"),
    });
    assert_eq!(
        fire(&mut bench),
        "nothing",
        "its working day begins only now"
    );
    bench.later(2);
    assert_eq!(fire(&mut bench), "timer_fired");
}

#[test]
fn a_case_moves_on_its_own_process_only() {
    let mut bench = received();
    bench.process = None;
    check(
        &mut bench,
        CaseCommand::Accept { conditional: None },
        expect![
            "process_missing: 系统没有取到这个办件的流程图，没有办理。请重试；仍不行请联系系统管理员。"
        ],
    );
    let other = TWO_BRANCHES.replace("初审", "复审");
    bench.process = Some(Arc::new(DrawnProcess::read(&other).unwrap()));
    check(
        &mut bench,
        CaseCommand::Accept { conditional: None },
        expect![
            "process_other: 随命令送来的流程图不是这个办件受理时的那一版，没有办理。请重试；仍不行请联系系统管理员。"
        ],
    );
}

#[test]
fn what_is_stored_reads_as_it_was_and_hides_the_answers() {
    let mut bench = split();
    bench.must(site(true));
    for (event, _) in &bench.events {
        let position = |event: &CaseEvent| match event {
            CaseEvent::Accepted { position, .. } | CaseEvent::StepCompleted { position, .. } => {
                Some(position.clone())
            }
            _ => None,
        };
        let stored = serde_json::to_string(event).unwrap();
        let again: CaseEvent = serde_json::from_str(&stored).unwrap();
        assert_eq!(position(&again), position(event));
    }
    let (last, _) = bench.events.last().unwrap();
    let mut left = serde_json::to_value(last).unwrap();
    super::properties::forget(&mut left);
    let left = left.to_string();
    assert!(
        !left.contains("兴盛餐饮店") && !left.contains("clean"),
        "{left}"
    );
}

#[test]
fn a_step_of_before_drawings_still_reads() {
    let stored = r#"{"at":"step","step":"review"}"#;
    let position: crate::model::Position = serde_json::from_str(stored).unwrap();
    assert_eq!(serde_json::to_string(&position).unwrap(), stored);
    let terms = serde_json::to_value(standard_terms()).unwrap();
    assert!(terms.get("drawn").is_none());
}
