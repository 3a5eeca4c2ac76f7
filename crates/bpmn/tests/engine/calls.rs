//! Calls within one file: the called process runs in the place of the call activity, in the same instance.

use expect_test::{Expect, expect};
use wuchuang_bpmn::{Definition, Process};

use crate::story::Story;

/// A file whose main process does A, what `middle` says, and Z; with other processes beside it.
fn file(middle: &str, others: &str) -> Definition {
    let xml = format!(
        r#"<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="http://camunda.org/schema/1.0/bpmn">
<error id="bad" errorCode="bad"/>
<process id="main" isExecutable="true">
  <startEvent id="s"/><sequenceFlow id="f1" sourceRef="s" targetRef="A"/>
  <userTask id="A"/><sequenceFlow id="f2" sourceRef="A" targetRef="x"/>
  {middle}
  <userTask id="Z"/><sequenceFlow id="f9" sourceRef="Z" targetRef="e"/><endEvent id="e"/>
</process>
{others}
</definitions>"#
    );
    Definition::parse(&xml).unwrap()
}

/// A process that does one task between its ends.
fn one(id: &str, task: &str) -> String {
    format!(
        r#"<process id="{id}" isExecutable="true"><startEvent id="{id}_s"/>{task}<endEvent id="{id}_e"/></process>"#
    )
}

const CALL: &str = r#"<callActivity id="x" calledElement="survey"/><sequenceFlow id="f3" sourceRef="x" targetRef="Z"/>"#;

fn survey() -> String {
    one(
        "survey",
        r#"<sequenceFlow id="g1" sourceRef="survey_s" targetRef="B"/><userTask id="B"/><sequenceFlow id="g2" sourceRef="B" targetRef="survey_e"/>"#,
    )
}

#[track_caller]
fn check(definition: &Definition, commands: &[&str], expected: Expect) {
    expected.assert_eq(&Story::told(definition.whole(), "", commands));
}

fn names(process: &Process) -> Vec<String> {
    process.tasks().map(|task| task.id.to_string()).collect()
}

#[test]
fn the_called_process_runs_in_the_place_of_its_call() {
    let definition = file(CALL, &survey());
    check(
        &definition,
        &["A", "B ok=true", "Z"],
        expect![[r#"
        > start: entered s, left s, entered A, waits at A
        > A: left A, entered x, entered survey_s, left survey_s, entered B, waits at B
        > B ok=true: left B, entered survey_e, left survey_e, left x, entered Z, waits at Z
        > Z: left Z, entered e, left e, Completed
        = Completed
    "#]],
    );
    assert_eq!(definition.whole().demands(), []);
    let called = definition.called().iter().map(ToString::to_string);
    assert_eq!(called.collect::<Vec<_>>(), ["survey"]);
}

#[test]
fn a_case_goes_back_out_of_the_called_process() {
    let definition = file(CALL, &survey());
    check(
        &definition,
        &["A", "return B A", "A", "B"],
        expect![[r#"
        > start: entered s, left s, entered A, waits at A
        > A: left A, entered x, entered survey_s, left survey_s, entered B, waits at B
        > return B A: withdrawn from x, withdrawn from B, entered A, waits at A
        > A: left A, entered x, entered survey_s, left survey_s, entered B, waits at B
        > B: left B, entered survey_e, left survey_e, left x, entered Z, waits at Z
        = Z
    "#]],
    );
}

#[test]
fn the_order_of_the_file_does_not_matter_and_calls_call() {
    let middle = r#"<callActivity id="x" calledElement="outer"/><sequenceFlow id="f3" sourceRef="x" targetRef="Z"/>"#;
    let outer = one(
        "outer",
        r#"<sequenceFlow id="h1" sourceRef="outer_s" targetRef="y"/><callActivity id="y" calledElement="survey"/><sequenceFlow id="h2" sourceRef="y" targetRef="outer_e"/>"#,
    );
    let definition = file(middle, &format!("{outer}{}", survey()));
    assert_eq!(names(definition.whole()), ["A", "Z", "B"]);
    check(
        &definition,
        &["A", "B"],
        expect![[r#"
        > start: entered s, left s, entered A, waits at A
        > A: left A, entered x, entered outer_s, left outer_s, entered y, entered survey_s, left survey_s, entered B, waits at B
        > B: left B, entered survey_e, left survey_e, left y, entered outer_e, left outer_e, left x, entered Z, waits at Z
        = Z
    "#]],
    );
}

#[test]
fn what_is_called_twice_bears_the_name_of_its_second_call() {
    let middle = r#"<callActivity id="x" calledElement="survey"/><sequenceFlow id="f3" sourceRef="x" targetRef="y"/>
  <callActivity id="y" calledElement="survey"/><sequenceFlow id="f4" sourceRef="y" targetRef="Z"/>"#;
    let definition = file(middle, &survey());
    assert_eq!(names(definition.whole()), ["A", "Z", "B", "y.B"]);
    check(
        &definition,
        &["A", "B", "y.B"],
        expect![[r#"
        > start: entered s, left s, entered A, waits at A
        > A: left A, entered x, entered survey_s, left survey_s, entered B, waits at B
        > B: left B, entered survey_e, left survey_e, left x, entered y, entered y.survey_s, left y.survey_s, entered y.B, waits at y.B
        > y.B: left y.B, entered y.survey_e, left y.survey_e, left y, entered Z, waits at Z
        = Z
    "#]],
    );
}

#[test]
fn an_error_inside_is_caught_at_the_call() {
    let middle = r#"<callActivity id="x" calledElement="survey"/><sequenceFlow id="f3" sourceRef="x" targetRef="e0"/><endEvent id="e0"/>
  <boundaryEvent id="b" attachedToRef="x"><errorEventDefinition errorRef="bad"/></boundaryEvent><sequenceFlow id="f4" sourceRef="b" targetRef="Z"/>"#;
    let failing = r#"<process id="survey" isExecutable="true"><startEvent id="survey_s"/><sequenceFlow id="g1" sourceRef="survey_s" targetRef="B"/><userTask id="B"/><sequenceFlow id="g2" sourceRef="B" targetRef="survey_e"/><endEvent id="survey_e"><errorEventDefinition errorRef="bad"/></endEvent></process>"#;
    check(
        &file(middle, failing),
        &["A", "B"],
        expect![[r#"
        > start: entered s, left s, entered A, waits at A
        > A: left A, entered x, entered survey_s, left survey_s, entered B, waits at B
        > B: left B, entered survey_e, withdrawn from x, withdrawn from survey_e, entered b, left b, entered Z, waits at Z
        = Z
    "#]],
    );
}

#[test]
fn a_terminate_end_inside_ends_what_was_called_and_no_more() {
    let ending = r#"<process id="survey" isExecutable="true"><startEvent id="survey_s"/><sequenceFlow id="g1" sourceRef="survey_s" targetRef="B"/><userTask id="B"/><sequenceFlow id="g2" sourceRef="B" targetRef="survey_e"/><endEvent id="survey_e"><terminateEventDefinition/></endEvent></process>"#;
    check(
        &file(CALL, ending),
        &["A", "B"],
        expect![[r#"
        > start: entered s, left s, entered A, waits at A
        > A: left A, entered x, entered survey_s, left survey_s, entered B, waits at B
        > B: left B, entered survey_e, left survey_e, left x, entered Z, waits at Z
        = Z
    "#]],
    );
}

#[test]
fn several_at_once_each_run_the_called_process() {
    let middle = r#"<callActivity id="x" calledElement="survey"><multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics></callActivity><sequenceFlow id="f3" sourceRef="x" targetRef="Z"/>"#;
    check(
        &file(middle, &survey()),
        &["A", "B", "B"],
        expect![[r#"
        > start: entered s, left s, entered A, waits at A
        > A: left A, entered x, entered survey_s, left survey_s, entered B, waits at B, entered survey_s, left survey_s, entered B, waits at B
        > B: left B, entered survey_e, left survey_e
        > B: left B, entered survey_e, left survey_e, left x, entered Z, waits at Z
        = Z
    "#]],
    );
}

/// What stays a call, for whoever runs the process to refuse.
#[test]
fn what_cannot_stand_in_the_place_of_its_call_stays_a_call() {
    let elsewhere = CALL.replace("survey", "elsewhere");
    let by_variable = CALL.replace("survey", "${which}");
    let mapped = CALL.replace(
        "calledElement=\"survey\"/>",
        "calledElement=\"survey\"><extensionElements><camunda:in source=\"a\" target=\"b\"/></extensionElements></callActivity>",
    );
    let itself = survey().replace(
        "<userTask id=\"B\"/>",
        "<callActivity id=\"B\" calledElement=\"survey\"/>",
    );
    let by_message = r#"<message id="m" name="m"/><process id="survey" isExecutable="true"><startEvent id="survey_s"><messageEventDefinition messageRef="m"/></startEvent><sequenceFlow id="g1" sourceRef="survey_s" targetRef="B"/><userTask id="B"/></process>"#;
    for (middle, others) in [
        (elsewhere.as_str(), survey()),
        (&by_variable, survey()),
        (&mapped, survey()),
        (CALL, itself),
        (CALL, by_message.to_owned()),
    ] {
        let definition = file(middle, &others);
        let demands = definition.whole().demands();
        assert!(
            demands.iter().any(|demand| demand.title == "调用活动"),
            "{middle} {demands:?}"
        );
    }
}

/// Each of ten processes calls the next one twice: a thousand copies would be too large, and the rest stays a call.
#[test]
fn copies_of_copies_end_at_the_size_of_a_file() {
    let mut others = String::new();
    for level in 0..14 {
        let next = level + 1;
        others.push_str(&one(
            &format!("p{level}"),
            &format!(
                r#"<sequenceFlow id="a{level}" sourceRef="p{level}_s" targetRef="c{level}"/><callActivity id="c{level}" calledElement="p{next}"/><sequenceFlow id="b{level}" sourceRef="c{level}" targetRef="d{level}"/><callActivity id="d{level}" calledElement="p{next}"/><sequenceFlow id="e{level}" sourceRef="d{level}" targetRef="p{level}_e"/>"#
            ),
        ));
    }
    others.push_str(&one(
        "p14",
        r#"<sequenceFlow id="l1" sourceRef="p14_s" targetRef="L"/><userTask id="L"/><sequenceFlow id="l2" sourceRef="L" targetRef="p14_e"/>"#,
    ));
    let definition = file(&CALL.replace("survey", "p0"), &others);
    let whole = definition.whole();
    assert!(whole.elements().count() <= 5_000);
    assert!(!whole.demands().is_empty());
}
