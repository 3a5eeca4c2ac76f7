//! The sample files: real processes of a county, in the spellings of several modelling tools.

use std::fmt::Write as _;

use expect_test::{Expect, expect};
use wuchuang_bpmn::{Answers, Definition, Effect, Event, TaskId, Variables, advance, run, start};

pub(crate) fn sample(name: &str) -> String {
    let path = format!("{}/tests/samples/{name}.bpmn", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(path).unwrap()
}

pub(crate) const NAMES: [&str; 9] = [
    "enterprise_start",
    "five_tasks",
    "flowable_countersign",
    "food_licence",
    "housing_aid",
    "joint_review",
    "order_escalation",
    "two_levels",
    "village_town_county",
];

/// Runs a sample with answers; entered elements, where it waits, how it ended, what was refused.
fn check(name: &str, answers: &str, expected: Expect) {
    let definition = Definition::parse(&sample(name)).unwrap();
    let answers: Answers = serde_json::from_str(answers).unwrap();
    let report = run(definition.main(), answers);
    let entered: Vec<String> = report
        .trace
        .iter()
        .filter_map(|trace| {
            trace
                .to_string()
                .strip_prefix("entered ")
                .map(str::to_owned)
        })
        .collect();
    let waits: Vec<String> = report
        .waits
        .iter()
        .map(|position| position.element.to_string())
        .collect();
    let stages: Vec<&str> = report
        .effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::MilestoneReached { stage, .. } => Some(stage.name()),
            _ => None,
        })
        .collect();
    let told = format!(
        "{}\nstages {}\nwaits {}\n{:?} {:?}",
        entered.join(" "),
        stages.join(" "),
        waits.join(", "),
        report.outcome,
        report.refused
    );
    expected.assert_eq(&told);
}

#[test]
fn every_sample_is_deployable_and_exports_what_came_in() {
    for name in NAMES {
        let text = sample(name);
        let first =
            Definition::parse(&text).unwrap_or_else(|problems| panic!("{name}: {problems}"));
        let second = Definition::parse(first.export()).unwrap();
        assert_eq!(first.export(), text, "{name}");
        assert_eq!(first.export(), second.export(), "{name}");
        assert_eq!(first.canonical(), second.canonical(), "{name}");
        assert_eq!(first.main().version(), second.main().version(), "{name}");
    }
}

#[test]
fn the_canonical_form_sees_content_and_not_layout() {
    let text = sample("joint_review");
    let canonical = |text: &str| Definition::parse(text).unwrap().canonical();
    let same = text
        .replace("<bpmn:", "<b:")
        .replace("</bpmn:", "</b:")
        .replace("\"bpmn:", "\"b:")
        .replace("xmlns:bpmn=", "xmlns:b=")
        .replace('\n', "\r\n  ")
        .replace("<b:process ", "<!-- 注 --><b:process ");
    assert_eq!(canonical(&text), canonical(&same));
    assert_ne!(canonical(&text), canonical(&text.replace("协调", "再协调")));
    let moved = text.replacen("x=\"82\"", "x=\"83\"", 1);
    assert_ne!(text, moved);
    assert_ne!(canonical(&text), canonical(&moved), "the diagram counts");
}

#[test]
fn warnings_of_foreign_files_are_told() {
    let mut told = String::new();
    for name in NAMES {
        let definition = Definition::parse(&sample(name)).unwrap();
        for problem in definition.problems().list() {
            let _ = writeln!(told, "{name}: {problem}");
        }
    }
    expect![[r#"
        flowable_countersign: 第 6 行 [flowable_countersign] 提示（extension-ignored）：这些扩展在这里不起作用：flowable:candidateStarterGroups
        flowable_countersign: 第 7 行 [start] 提示（extension-ignored）：这些扩展在这里不起作用：flowable:initiator、flowable:formFieldValidation
        flowable_countersign: 第 8 行 [draft] 提示（extension-ignored）：这些扩展在这里不起作用：flowable:formFieldValidation
        flowable_countersign: 第 17 行 [archive] 警告（service-delegate）：“${archiveDelegate}”在原引擎是一段程序，这里只作为服务名“archiveDelegate”；请确认有同名服务
        village_town_county: 第 10 行 [village_town_county] 提示（extension-ignored）：这些扩展在这里不起作用：camunda:historyTimeToLive
        village_town_county: 第 11 行 [start] 提示（extension-ignored）：这些扩展在这里不起作用：camunda:initiator
        village_town_county: 第 12 行 [village] 警告（extension-ignored）：这些扩展在这里不起作用：camunda:taskListener；其中有原引擎执行的内容，请确认流程离开它仍然正确
    "#]].assert_eq(&told);
}

#[test]
fn food_licence() {
    check(
        "food_licence",
        r#"{"tasks": {"receipt": [{"complete": false}, {"complete": true}], "acceptance": {}, "risk": {"risk": "高"},
            "site": {}, "decision": {"granted": true}, "licence": {}, "delivery": {}},
            "steps": [{"complete": {"element": "receipt", "variables": {"complete": false}}},
                      {"message": {"name": "补正材料已提交"}},
                      {"complete": {"element": "receipt", "variables": {"complete": true}}}]}"#,
        expect![[r#"
            applied receipt complete notice wait materials receipt complete acceptance risk by_risk site reviewed decision granted licence delivery delivered
            stages 收件 收件 受理 审查 决定 制证 送达
            waits 
            Some(Completed) []"#]],
    );
    check(
        "food_licence",
        r#"{"steps": [{"complete": {"element": "receipt"}}, {"fire": {"element": "overdue"}}]}"#,
        expect![[r#"
            applied receipt complete notice wait overdue withdrawn
            stages 收件
            waits 
            Some(Completed) []"#]],
    );
    check(
        "food_licence",
        r#"{"variables": {"complete": true, "risk": "中"},
            "tasks": {"receipt": {}, "acceptance": {}, "risk": {}}, "steps": [
              {"complete": {"element": "receipt"}}, {"complete": {"element": "acceptance"}}, {"complete": {"element": "risk"}},
              {"fire": {"element": "site_slow"}}, {"error": {"element": "site", "code": "SITE_CLOSED"}},
              {"complete": {"element": "review"}}, {"return": {"element": "decision", "to": "review"}}]}"#,
        expect![[r#"
            applied receipt complete acceptance risk by_risk site site_slow remind reminded site_closed review reviewed decision review
            stages 收件 受理 审查 审查 决定 审查
            waits review
            None []"#]],
    );
}

#[test]
fn joint_review() {
    check(
        "joint_review",
        r#"{"variables": {"departments": ["住建局", "环保局", "消防队"]},
            "tasks": {"accept": {}, "countersign": [{"opinion": "同意"}, {"opinion": "不同意"}, {"opinion": "同意"},
            {"opinion": "同意"}, {"opinion": "同意"}, {"opinion": "同意"}], "coordinate": {}, "decide": {}}}"#,
        expect![[r#"
            start accept countersign agreed coordinate countersign agreed decide end
            stages 受理 审查 审查 决定
            waits 
            Some(Completed) []"#]],
    );
}

#[test]
fn village_town_county() {
    let variables = r#""variables": {"village_clerk": "李", "town": "西城", "amount": 5000, "village_opinion": "同意"}"#;
    check(
        "village_town_county",
        &format!(
            r#"{{{variables}, "tasks": {{"village": {{}}, "town": [{{"town_opinion": "退回"}}, {{"town_opinion": "同意"}}], "county": {{}}}}}}"#
        ),
        expect![[r#"
            start village village_ok town town_ok village village_ok town town_ok county end
            stages 受理 审查 受理 审查 决定
            waits 
            Some(Completed) []"#]],
    );
    check(
        "village_town_county",
        &format!(
            r#"{{{variables}, "tasks": {{"county": {{}}}}, "steps": [{{"complete": {{"element": "village"}}}}, {{"fire": {{"element": "town_late"}}}}]}}"#
        ),
        expect![[r#"
            start village village_ok town town_late county end
            stages 受理 审查 决定
            waits 
            Some(Completed) []"#]],
    );
}

#[test]
fn flowable_countersign() {
    check(
        "flowable_countersign",
        r#"{"variables": {"initiator": "w", "reviewers": ["a", "b", "c", "d"], "leaders": ["x", "y"], "due": "2026-05-01"},
            "complete_all": true}"#,
        expect![[r#"
            start draft countersign leader archive end
            stages 
            waits 
            Some(Completed) []"#]],
    );
}

#[test]
fn order_escalation() {
    check(
        "order_escalation",
        r#"{"variables": {"unit": "城管局"}, "steps": [{"fire": {"element": "remind"}}, {"signal": {"name": "暂停办理"}},
            {"fire": {"element": "remind"}}, {"complete": {"element": "phone"}}, {"fire": {"element": "escalate"}},
            {"complete": {"element": "supervise"}}, {"complete": {"element": "phone"}}, {"message": {"name": "群众回访"}}]}"#,
        expect![[r#"
            start handle remind phone paused noted remind phone phoned escalate supervise feedback phoned visit closed
            stages 审查
            waits 
            Some(Completed) []"#]],
    );
}

#[test]
fn enterprise_start() {
    check(
        "enterprise_start",
        r#"{"variables": {"registered": true, "wants_seal": true, "employees": 3, "insurance_process": "insurance"}, "complete_all": true}"#,
        expect![[r#"
            start accept registration r_start r_review r_ok r_register r_end which seal insurance all paid deliver end
            stages 受理 审查 送达
            waits 
            Some(Completed) []"#]],
    );
    check(
        "enterprise_start",
        r#"{"variables": {"registered": true, "abandoned": true}, "complete_all": true}"#,
        expect![[r#"
            start accept registration r_start r_review r_ok r_register r_end which tax all paid rollback r_cancel rolled_back
            stages 受理 审查
            waits 
            Some(Completed) []"#]],
    );
    check(
        "enterprise_start",
        r#"{"complete_all": true}"#,
        expect![[r#"
        start accept registration r_start r_review r_ok r_refused refused explain stopped
        stages 受理 审查
        waits 
        Some(Terminated) []"#]],
    );
}

#[test]
fn housing_aid() {
    check(
        "housing_aid",
        r#"{"variables": {"clerk": "王", "due": "2026-06-01"}, "tasks": {"score": {"score": {"total": 72, "barred": false}}}, "complete_all": true}"#,
        expect![[r#"
            start verify score pass queue end
            stages 
            waits 
            Some(Completed) []"#]],
    );
}

#[test]
fn a_bad_answer_is_told_and_changes_nothing() {
    check(
        "two_levels",
        r#"{"steps": [{"complete": {"element": "county"}}, {"fire": {"element": "town"}}, {"return": {"element": "town", "to": "county"}}]}"#,
        expect![[r#"
            start town
            stages 审查
            waits town
            None ["“county”现在不在等待，没有执行这一步", "“town”没有在计时，没有执行这一步", "不能退回到“county”：只能退回到来路上已经办过、且所在子流程尚未结束的人工任务"]"#]],
    );
}

/// The stored state of a ten-step process stays under two kilobytes at every step, variables included.
#[test]
fn the_state_is_small() {
    let mut sketch = "start s -> g\nand g -> t0 | u0\n".to_owned();
    for number in 0..5 {
        let next = |prefix: &str| {
            if number == 4 {
                "j".to_owned()
            } else {
                format!("{prefix}{}", number + 1)
            }
        };
        let _ = writeln!(
            sketch,
            "user t{number} -> {}\nboundary:timer:P3D b{number} on t{number} -> x\nuser u{number} -> {}",
            next("t"),
            next("u")
        );
    }
    sketch.push_str("and j -> e\nend e\nend x");
    let process = crate::sketch::process(&sketch);
    let variables: Variables = serde_json::from_str(
        r#"{"case": "2026-SX-000123", "item": "食品经营许可", "risk": "高", "amount": 1200, "granted": true}"#,
    )
    .unwrap();
    let mut step = start(&process, variables, "XP-2026-000123").unwrap();
    let mut largest = 0;
    while step.instance.outcome().is_none() {
        largest = largest.max(serde_json::to_string(&step.instance).unwrap().len());
        let positions = step.instance.positions(&process);
        let task: TaskId = positions
            .iter()
            .find(|position| position.state == wuchuang_bpmn::PositionState::Work)
            .unwrap()
            .task;
        let variables = Variables::new();
        step = advance(
            &process,
            &step.instance,
            Event::TaskCompleted { task, variables },
        )
        .unwrap();
    }
    assert!(largest < 2_000, "{largest}");
    expect!["386 bytes at most"].assert_eq(&format!("{largest} bytes at most"));
}

#[test]
fn five_tasks() {
    check(
        "five_tasks",
        r#"{"variables": {"risk": "high"}, "complete_all": true}"#,
        expect![[r#"
            start receive needs_check check checked fork review_law review_fact join decide end
            stages 
            waits 
            Some(Completed) []"#]],
    );
    check(
        "five_tasks",
        r#"{"variables": {"risk": "low"}, "complete_all": true}"#,
        expect![[r#"
            start receive needs_check checked fork review_law review_fact join decide end
            stages 
            waits 
            Some(Completed) []"#]],
    );
}
