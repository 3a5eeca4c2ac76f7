//! Business rule tasks of a drawn process: the item's rules decide, their outputs are variables, and the event keeps why.

use std::sync::Arc;

use serde_json::json;
use wuchuang_catalogue::model::rules::CompiledRules;
use wuchuang_kernel::Personal;

use super::{
    bench::{APPLICANT, Bench, submission},
    by_rules::{content, rule_terms},
};
use crate::model::{
    CaseCommand, CaseEvent, DeliveryChoice, DrawnProcess, DrawnTerms, ItemTerms, Position,
};
use crate::store::sentence;

/// Whom the rules grant is decided upon at once; the others are reviewed by a person.
const DRAWING: &str = r#"<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:wuchuang="urn:wuchuang:bpmn:1" targetNamespace="urn:test">
<process id="p" isExecutable="true">
<startEvent id="s"/><sequenceFlow id="f1" sourceRef="s" targetRef="ask"/>
<businessRuleTask id="ask" name="按规则审查" wuchuang:decision="审批"/><sequenceFlow id="f2" sourceRef="ask" targetRef="split"/>
<exclusiveGateway id="split" default="f4"/>
<sequenceFlow id="f3" sourceRef="split" targetRef="e"><conditionExpression>${结果 == "准予"}</conditionExpression></sequenceFlow>
<sequenceFlow id="f4" sourceRef="split" targetRef="review"/>
<userTask id="review" name="人工审查"/><sequenceFlow id="f5" sourceRef="review" targetRef="e"/>
<endEvent id="e"/>
</process></definitions>"#;

/// A case at the counter, accepted; with the rules at hand or without.
fn accepted(name: &str, has_rules: bool) -> (Bench, String) {
    accepted_on(DRAWING, name, has_rules)
}

/// The same on another drawing.
fn accepted_on(drawing: &str, name: &str, has_rules: bool) -> (Bench, String) {
    let terms = ItemTerms {
        drawn: Some(DrawnTerms::of(drawing)),
        ..rule_terms()
    };
    let mut bench = Bench::new();
    let rules = CompiledRules::of(&content()).unwrap().map(Arc::new);
    let process = DrawnProcess::read(drawing).unwrap();
    bench.process = Some(Arc::new(process.with_rules(rules.filter(|_| has_rules))));
    let mut command = submission(terms, &["m1", "m2"], DeliveryChoice::Counter);
    if let CaseCommand::Submit(submission) = &mut command {
        let answers = json!({ "business_name": name });
        submission.answers = Personal::new(APPLICANT, answers);
    }
    bench.must(command);
    let told = bench.told(CaseCommand::Accept { conditional: None });
    (bench, told)
}

#[test]
fn gateways_decide_by_what_the_rules_say() {
    let (bench, told) = accepted("兴盛餐饮店", true);
    assert_eq!(told, "accepted");
    assert_eq!(bench.case().step_name(), "待决定");
    let (bench, told) = accepted("别的店", true);
    assert_eq!(told, "accepted");
    assert_eq!(bench.case().step_name(), "人工审查");
    let (event, _) = bench.events.last().unwrap();
    assert_eq!(sentence(event), "受理，规则“审批”按第2行作出决策");
    let CaseEvent::Accepted { position, .. } = event else {
        panic!("the case was accepted");
    };
    let Position::Drawn(position) = position else {
        panic!("it runs on its drawing");
    };
    let [made] = position.decisions.as_slice() else {
        panic!("one decision was made");
    };
    assert_eq!(made.decision, "审批");
    assert_eq!(made.rows[0].number, 2);
    let record = made.record.get().unwrap();
    assert_eq!(record.reason, "要看名称。");
    assert_eq!(record.inputs["business_name"], "别的店");
}

#[test]
fn without_its_rules_nothing_is_decided() {
    let (bench, told) = accepted("兴盛餐饮店", false);
    assert!(told.starts_with("rules_missing"), "{told}");
    assert_eq!(bench.events.len(), 1);
}

#[test]
fn what_the_rules_say_decides_who_does_a_task() {
    let drawing = DRAWING.replace(
        r#"<userTask id="review" name="人工审查"/>"#,
        r#"<userTask id="review" name="人工审查" wuchuang:candidateGroups="${结果}岗,首席代表"/>"#,
    );
    assert_ne!(drawing, DRAWING);
    let (bench, told) = accepted_on(&drawing, "别的店", true);
    assert_eq!(told, "accepted");
    let [task] = bench.case().open_tasks() else {
        panic!("one task is open");
    };
    assert_eq!(task.candidates, ["转人工岗", "首席代表"]);
}
