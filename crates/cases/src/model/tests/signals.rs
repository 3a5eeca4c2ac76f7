//! What one branch of a case tells another (信号), a time that an answer gave (变量定时), and a process that calls another one of
//! its file (调用活动).

use std::sync::Arc;

use expect_test::{Expect, expect};
use serde_json::{Value, json};

use super::{
    bench::{Bench, standard_terms, submission},
    drawn::{answered, back, done, standing},
};
use crate::model::{
    CaseCommand, DeliveryChoice, DrawnProcess, DrawnTerms, ItemTerms, StepTerms,
    drawn::rehearsal::{Move, Script, rehearse},
};

/// Two branches; a place that is not clean stops the review of papers and asks for a reason instead. Then what the called
/// process does, and a wait for as long as was said on the spot.
const DRAWING: &str = r#"<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="http://camunda.org/schema/1.0/bpmn" targetNamespace="urn:test">
<signal id="sig" name="现场不合格"/>
<process id="p" isExecutable="true">
<startEvent id="s"/><sequenceFlow id="f1" sourceRef="s" targetRef="split"/>
<parallelGateway id="split"/><sequenceFlow id="f2" sourceRef="split" targetRef="site"/><sequenceFlow id="f3" sourceRef="split" targetRef="papers"/>
<userTask id="site" name="现场核查"><extensionElements><camunda:formData>
  <camunda:formField id="clean" label="合格" type="boolean"/><camunda:formField id="wait" label="等多久" type="string"/>
</camunda:formData></extensionElements></userTask><sequenceFlow id="f4" sourceRef="site" targetRef="g"/>
<exclusiveGateway id="g" default="f6"/><sequenceFlow id="f5" sourceRef="g" targetRef="known"><conditionExpression>${clean == true}</conditionExpression></sequenceFlow>
<sequenceFlow id="f6" sourceRef="g" targetRef="give"/>
<intermediateThrowEvent id="give"><signalEventDefinition signalRef="sig"/></intermediateThrowEvent><sequenceFlow id="f7" sourceRef="give" targetRef="known"/>
<exclusiveGateway id="known"/><sequenceFlow id="f15" sourceRef="known" targetRef="join"/>
<userTask id="papers" name="材料审查"/><sequenceFlow id="f8" sourceRef="papers" targetRef="meet"/>
<boundaryEvent id="stopped" attachedToRef="papers"><signalEventDefinition signalRef="sig"/></boundaryEvent><sequenceFlow id="f9" sourceRef="stopped" targetRef="why"/>
<userTask id="why" name="写明理由"/><sequenceFlow id="f10" sourceRef="why" targetRef="meet"/>
<exclusiveGateway id="meet"/><sequenceFlow id="f11" sourceRef="meet" targetRef="join"/>
<parallelGateway id="join"/><sequenceFlow id="f12" sourceRef="join" targetRef="ask"/>
<callActivity id="ask" name="会审" calledElement="council"/><sequenceFlow id="f13" sourceRef="ask" targetRef="pause"/>
<intermediateCatchEvent id="pause" name="公示"><timerEventDefinition><timeDuration>${wait}</timeDuration></timerEventDefinition></intermediateCatchEvent><sequenceFlow id="f14" sourceRef="pause" targetRef="e"/>
<endEvent id="e"/></process>
<process id="council" isExecutable="true">
<startEvent id="cs"/><sequenceFlow id="c1" sourceRef="cs" targetRef="vote"/>
<userTask id="vote" name="集体会审"/><sequenceFlow id="c2" sourceRef="vote" targetRef="ce"/><endEvent id="ce"/></process>
</definitions>"#;

fn begun() -> Bench {
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
    bench
}

fn site(answers: Value) -> CaseCommand {
    answered("site", answers)
}

#[track_caller]
fn check(bench: &Bench, expected: Expect) {
    expected.assert_eq(&standing(bench));
}

#[test]
fn a_signal_of_one_branch_ends_the_work_of_another() {
    let mut bench = begun();
    check(
        &bench,
        expect!["review 现场核查、材料审查 | site~3 papers~4 | "],
    );
    bench.must(site(json!({"clean": false, "wait": "P3D"})));
    check(&bench, expect!["review 写明理由 | why~12 | "]);
    assert!(bench.case().drawn().unwrap().awaited.is_empty());

    let mut clean = begun();
    clean.must(site(json!({"clean": true, "wait": "P3D"})));
    check(&clean, expect!["review 材料审查 | papers~4 | "]);
}

#[test]
fn the_called_process_is_worked_on_and_given_back_like_any_task() {
    let mut bench = begun();
    bench.must(site(json!({"clean": true, "wait": "P3D"})));
    bench.must(done("papers"));
    check(&bench, expect!["review 集体会审 | vote~18 | "]);
    bench.must(back(Some("vote"), "papers"));
    check(&bench, expect!["review 材料审查 | papers~20 | "]);
    bench.must(done("papers"));
    bench.must(done("vote"));
    let case = bench.case();
    let (timer, _) = case.next_timer(&bench.calendar).unwrap();
    expect![[r#"pause After("P3D")"#]].assert_eq(&format!("{} {:?}", timer.element, timer.due));
}

#[test]
fn a_time_that_nobody_gave_is_told_to_whoever_would_get_there() {
    let mut bench = begun();
    bench.must(site(json!({"clean": true})));
    bench.must(done("papers"));
    expect!["process_stuck: 这样办，流程会停在“pause”：定时“”不是日期或时长；请改正变量后重试。没有办理，请联系事项管理人员。"].assert_eq(&bench.told(done("vote")));
}

#[test]
fn a_made_up_case_hears_signals_too() {
    let drawn = DrawnProcess::read(DRAWING).unwrap();
    let script = |moves: Vec<Move>| Script {
        answers: serde_json::Map::new(),
        applicant: crate::model::ApplicantKind::Person,
        priority: false,
        moves,
    };
    let (seen, _) = rehearse(&drawn, &script(Vec::new())).unwrap();
    let number = |name: &str| {
        let mut tasks = seen.tasks.iter();
        tasks.find(|one| one.task.name == name).unwrap().task.task.0
    };
    let Value::Object(answers) = json!({"clean": false}) else {
        return;
    };
    let task = number("现场核查");
    let (after, refusal) =
        rehearse(&drawn, &script(vec![Move::Complete { task, answers }])).unwrap();
    assert!(refusal.is_none(), "{refusal:?}");
    let open: Vec<&str> = after.tasks.iter().map(|one| &*one.task.name).collect();
    assert_eq!(open, ["写明理由"]);
}

/// A drawing whose branches wake each other without end is refused where it would begin, and nothing moves.
#[test]
fn signals_without_end_are_refused() {
    let circle = r#"<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="urn:test">
<signal id="sig" name="一"/>
<process id="p" isExecutable="true">
<startEvent id="s"/><sequenceFlow id="f1" sourceRef="s" targetRef="first"/>
<userTask id="first" name="初审"/><sequenceFlow id="f2" sourceRef="first" targetRef="split"/>
<parallelGateway id="split"/><sequenceFlow id="f3" sourceRef="split" targetRef="wait"/><sequenceFlow id="f4" sourceRef="split" targetRef="give"/>
<exclusiveGateway id="again"/><sequenceFlow id="f5" sourceRef="again" targetRef="fork"/>
<intermediateCatchEvent id="wait"><signalEventDefinition signalRef="sig"/></intermediateCatchEvent><sequenceFlow id="f6" sourceRef="wait" targetRef="again"/>
<parallelGateway id="fork"/><sequenceFlow id="f7" sourceRef="fork" targetRef="wait"/><sequenceFlow id="f8" sourceRef="fork" targetRef="give"/>
<intermediateThrowEvent id="give"><signalEventDefinition signalRef="sig"/></intermediateThrowEvent><sequenceFlow id="f9" sourceRef="give" targetRef="e"/>
<endEvent id="e"/></process></definitions>"#;
    let process = DrawnProcess::read(circle).unwrap();
    let terms = ItemTerms {
        steps: Vec::new(),
        drawn: Some(DrawnTerms::of(circle)),
        ..standard_terms()
    };
    let mut bench = Bench::new();
    bench.process = Some(Arc::new(process));
    bench.must(submission(terms, &["m1", "m2"], DeliveryChoice::Counter));
    bench.must(CaseCommand::Accept { conditional: None });
    expect!["signals_too_many: 流程一次要传 50 个以上的信号，可能绕成了一圈，没有办理。请联系事项管理人员。"].assert_eq(&bench.told(done("first")));
}
