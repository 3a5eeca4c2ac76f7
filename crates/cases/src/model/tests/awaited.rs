//! What a drawn process waits for from outside and what it sends: a result that a laboratory sends, a service that may fail, words to
//! the applicant. The drawing is the demonstration's.

use std::sync::Arc;

use expect_test::{Expect, expect};
use serde_json::{Value, json};
use wuchuang_kernel::Personal;

use super::{
    bench::{APPLICANT, Bench, own, standard_terms, submission},
    drawn::{done, standing},
};
use crate::model::{
    CaseCommand, CaseEvent, DeliveryChoice, DrawnProcess, DrawnTerms, ItemTerms, StepTerms,
    drawn::rehearsal::{Move, Script, rehearse},
};

const DRAWING: &str = include_str!("../../../../../assets/demo/processes/drainage.bpmn");

fn waiting() -> Bench {
    let process = DrawnProcess::read(DRAWING).unwrap();
    let steps = process.process().tasks().map(|task| StepTerms {
        id: task.id.to_string(),
        name: task.name.to_string(),
        limit: None,
    });
    let terms = ItemTerms {
        steps: steps.collect(),
        drawn: Some(DrawnTerms::of(DRAWING)),
        ..standard_terms()
    };
    let mut bench = Bench::new();
    bench.process = Some(Arc::new(process));
    bench.must(submission(terms, &["m1", "m2"], DeliveryChoice::Counter));
    bench.must(CaseCommand::Accept { conditional: None });
    bench.must(done("papers"));
    bench
}

/// What is waited for now, by its name.
fn key(bench: &Bench, name: &str) -> String {
    let awaited = &bench.case().drawn().unwrap().awaited;
    let found = awaited.iter().find(|awaited| awaited.name == name);
    found.unwrap().key()
}

fn came(key: &str, note: &str, answers: Value, failed: bool) -> CaseCommand {
    CaseCommand::Answer {
        awaited: key.to_owned(),
        note: own(note),
        answers: Personal::new(APPLICANT, answers),
        failed,
    }
}

fn check(bench: &mut Bench, command: CaseCommand, expected: Expect) {
    expected.assert_eq(&bench.told(command));
}

#[test]
fn the_case_says_what_it_waits_for_and_what_was_sent() {
    let bench = waiting();
    expect!["review 现场勘查、等候水质复测结果 | site~5 | site~5"].assert_eq(&standing(&bench));
    let position = bench.case().drawn().unwrap();
    assert_eq!(
        position.sent,
        ["请在三个工作日内配合检测机构到排水口取样复测"]
    );
    assert_eq!(position.awaited[0].topic, "water.report");
    assert_eq!(position.timers.len(), 1);
}

#[test]
fn what_comes_in_goes_on_once_and_its_values_decide() {
    for (result, leads) in [
        ("达标", expect!["decision 待决定 |  | "]),
        ("超标", expect!["review 整改复核 | again~17 | again~17"]),
    ] {
        let mut bench = waiting();
        let report = key(&bench, "水质复测结果");
        bench.must(came(
            &report,
            "检测机构送来报告。",
            json!({"result": result}),
            false,
        ));
        assert!(
            bench.case().drawn().unwrap().timers.is_empty(),
            "nobody urges any more"
        );
        check(
            &mut bench,
            came(&report, "又送一次。", json!({}), false),
            expect!["step_not_current: 办件已不在这个环节，可能同事刚刚处理过。请刷新页面。"],
        );
        bench.must(done("site"));
        let credit = key(&bench, "信用核查");
        bench.must(came(
            &credit,
            "没有失信记录。",
            json!({"credit": "良好"}),
            false,
        ));
        leads.assert_eq(&standing(&bench));
        let said: Vec<&str> = bench
            .case()
            .opinions
            .iter()
            .map(|opinion| opinion.step_name.as_str())
            .collect();
        assert!(
            said.contains(&"水质复测结果") && said.contains(&"信用核查"),
            "{said:?}"
        );
    }
}

#[test]
fn a_service_that_fails_goes_where_the_drawing_says_and_a_letter_cannot_fail() {
    let mut bench = waiting();
    let report = key(&bench, "水质复测结果");
    check(
        &mut bench,
        came(&report, "没有来。", json!({}), true),
        expect![
            "awaited_not_there @failed: 没有收到的，不用记；到时间怎么办，由流程图上的定时决定。"
        ],
    );
    check(
        &mut bench,
        came(&report, " ", json!({}), false),
        expect![
            "reason_missing @note: 请写明收到了什么，例如：法院 2026 年 12 月 1 日复函，没有查封。"
        ],
    );
    bench.must(came(&report, "达标。", json!({"result": "达标"}), false));
    bench.must(done("site"));
    let credit = key(&bench, "信用核查");
    bench.must(came(&credit, "对方系统停机。", json!({}), true));
    assert_eq!(bench.case().step_name(), "人工核查信用");
}

#[test]
fn what_an_answer_brings_is_small_and_does_not_pretend_to_be_the_house() {
    let mut bench = waiting();
    let report = key(&bench, "水质复测结果");
    let many: serde_json::Map<String, Value> = (0..51)
        .map(|number| (format!("v{number}"), json!(1)))
        .collect();
    for (answers, told) in [
        (
            json!({"case": "x"}),
            expect![
                "answer_name @answers: 值的名称“case”不能用。请换一个（最多 60 字，不能叫 case）。"
            ],
        ),
        (
            json!({"": 1}),
            expect![
                "answer_name @answers: 值的名称“”不能用。请换一个（最多 60 字，不能叫 case）。"
            ],
        ),
        (
            json!({"result": "长".repeat(501)}),
            expect![
                "answer_kind @answers: “result”要是文字（最多 500 字）、数、是否，不能是别的。"
            ],
        ),
        (
            json!({"result": [1]}),
            expect![
                "answer_kind @answers: “result”要是文字（最多 500 字）、数、是否，不能是别的。"
            ],
        ),
        (
            Value::Object(many),
            expect!["answer_too_many @answers: 一次最多送 50 个值，现在有 51 个。"],
        ),
    ] {
        check(&mut bench, came(&report, "报告。", answers, false), told);
    }
    bench.must(came(
        &report,
        "报告。",
        json!({"ph": 7.2, "ok": true}),
        false,
    ));
}

#[test]
fn a_made_up_case_waits_and_goes_on_as_a_real_one() {
    let drawn = DrawnProcess::read(DRAWING).unwrap();
    let mut script: Script = serde_json::from_value(json!({"applicant": "person"})).unwrap();
    let play = |script: &Script| rehearse(&drawn, script).unwrap();
    let papers = play(&script).0.tasks[0].task.task.0;
    script.moves.push(Move::Complete {
        task: papers,
        answers: serde_json::Map::new(),
    });
    let (seen, _) = play(&script);
    assert_eq!(seen.awaited.len(), 1);
    script.moves.push(Move::Answer {
        awaited: seen.awaited[0].number,
        variables: serde_json::Map::from_iter([("result".to_owned(), json!("达标"))]),
        failed: false,
    });
    let (seen, refusal) = play(&script);
    assert!(seen.awaited.is_empty() && refusal.is_none());
    let again = script.moves.last().cloned().unwrap();
    script.moves.push(again);
    assert!(play(&script).1.is_some(), "it came once");
}

#[test]
fn replay_equals_live() {
    let mut bench = waiting();
    let report = key(&bench, "水质复测结果");
    let events = bench.told(came(&report, "达标。", json!({"result": "达标"}), false));
    assert_eq!(events, "answer_received");
    let told = serde_json::to_string(&CaseEvent::AnswerReceived {
        opinion: bench.case().opinions.last().unwrap().clone(),
        failed: false,
        position: crate::model::Position::Decision,
        clock: Vec::new(),
    })
    .unwrap();
    let read: CaseEvent = serde_json::from_str(&told).unwrap();
    assert!(matches!(
        read,
        CaseEvent::AnswerReceived { failed: false, .. }
    ));
}
