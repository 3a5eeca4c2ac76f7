//! `wuchuang process check` and `wuchuang process run`.

use expect_test::expect;
use serde_json::json;

use super::{Desk, problems, sample};

const FIVE_TASKS: &str = "bpmn/tests/samples/five_tasks.bpmn";

const SCRIPT: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
    xmlns:camunda="http://camunda.org/schema/1.0/bpmn" targetNamespace="t" id="d">
  <process id="p" isExecutable="true">
    <startEvent id="s" />
    <sequenceFlow id="a" sourceRef="s" targetRef="x" />
    <scriptTask id="x" scriptFormat="groovy"><script>1 + 1</script></scriptTask>
    <sequenceFlow id="b" sourceRef="x" targetRef="nowhere" />
    <endEvent id="e" />
  </process>
</definitions>"#;

#[test]
fn every_sample_is_deployable() {
    let desk = Desk::new();
    let folder = sample("bpmn/tests/samples");
    let mut files: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path().to_str().unwrap().to_owned())
        .collect();
    files.sort();
    let mut arguments = vec!["process", "check"];
    arguments.extend(files.iter().map(String::as_str));
    let said = desk.run(&arguments);
    assert!(said.success, "{}{}", said.out, said.error);
    let lines = said.lines();
    assert_eq!(lines.len(), files.len());
    for (line, file) in lines.iter().zip(&files) {
        assert_eq!(line["file"], json!(file));
        assert_eq!(line["deployable"], true, "{line}");
    }
}

#[test]
fn bad_and_hostile_files_are_findings() {
    let desk = Desk::new();
    let entities = r#"<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]><d>&b;</d>"#;
    let files = [
        desk.file("script.bpmn", SCRIPT),
        desk.file("empty.bpmn", ""),
        desk.file("cut.bpmn", &SCRIPT[..300]),
        desk.file("entities.bpmn", entities),
        desk.file("deep.bpmn", "<a>".repeat(200_000)),
        desk.file("large.bpmn", " ".repeat(3 * 1024 * 1024)),
        desk.file("picture.bpmn", [0x89, b'P', b'N', b'G', 0, 0, 0xff]),
        desk.file("other.bpmn", "<html><body/></html>"),
    ];
    let mut arguments = vec!["process", "check"];
    arguments.extend(files.iter().map(String::as_str));
    arguments.extend(["absent.bpmn", "."]);
    let said = desk.run(&arguments);
    assert!(!said.success);
    let found: Vec<String> = said
        .lines()
        .iter()
        .map(|line| format!("{} {:?}\n", line["deployable"], problems(line)))
        .collect();
    expect![[r#"
        false ["error not-executed x", "error flow-end-missing b", "error no-way-in e"]
        false ["error xml -"]
        false ["error xml -"]
        false ["error doctype -"]
        false ["error too-deep -"]
        false ["error file-too-large -"]
        false ["error binary -"]
        false ["error not-bpmn -"]
        false ["error unreadable -"]
        false ["error unreadable -"]
    "#]]
    .assert_eq(&found.concat());
}

#[test]
fn what_is_ignored_is_listed_and_does_not_hinder() {
    let desk = Desk::new();
    let text = std::fs::read_to_string(sample(FIVE_TASKS)).unwrap();
    let from = text
        .find("<userTask")
        .or_else(|| text.find("<bpmn:userTask"));
    let at = from.unwrap() + text[from.unwrap()..].find(' ').unwrap();
    let foreign = r#" xmlns:zz="http://example.org/zz" zz:colour="red""#;
    let text = format!("{}{foreign}{}", &text[..at], &text[at..]);
    let said = desk.run(&["process", "check", &desk.file("foreign.bpmn", text)]);
    assert!(said.success, "{}{}", said.out, said.error);
    let line = &said.lines()[0];
    assert_eq!(line["ignored"].as_array().unwrap().len(), 1, "{line}");
    assert!(
        line["ignored"][0]["text"]
            .as_str()
            .unwrap()
            .contains("colour"),
        "{line}"
    );
}

#[test]
fn a_run_shows_the_way_and_where_it_waits() {
    let desk = Desk::new();
    let file = sample(FIVE_TASKS);
    let said = desk.run(&["process", "run", &file]);
    assert!(said.success, "{}{}", said.out, said.error);
    let report = said.report();
    assert_eq!(report["outcome"], json!(null));
    assert_eq!(report["waits"].as_array().unwrap().len(), 1, "{report}");
    let first = report["waits"][0]["element"].as_str().unwrap().to_owned();
    assert!(
        report["trace"]
            .as_array()
            .unwrap()
            .contains(&json!({"what": "waits_at", "element": first}))
    );

    let answers = json!({ "variables": { "risk": "high" }, "complete_all": true });
    let answers = desk.file("all.json", answers.to_string());
    let said = desk.run(&["process", "run", &file, "--answers", &answers]);
    assert!(said.success, "{}{}", said.out, said.error);
    let report = said.report();
    assert_eq!(report["outcome"], "completed");
    assert_eq!(report["waits"], json!([]));

    // In short, only what the first task answers: it waits at the next one.
    let answers = desk.file(
        "short.json",
        json!({ &first: { "risk": "low" } }).to_string(),
    );
    let said = desk.run(&["process", "run", &file, "--answers", &answers]);
    let report = said.report();
    assert!(
        !report["waits"]
            .as_array()
            .unwrap()
            .iter()
            .any(|wait| wait["element"] == json!(first)),
        "{report}"
    );
    assert_eq!(report["variables"]["risk"], "low");
}

#[test]
fn a_run_says_what_it_could_not_do() {
    let desk = Desk::new();
    let file = sample(FIVE_TASKS);
    let steps = json!({ "steps": [{ "complete": { "element": "nowhere" } }] });
    let steps = desk.file("steps.json", steps.to_string());
    let said = desk.run(&["process", "run", &file, "--answers", &steps]);
    assert!(!said.success);
    assert_eq!(said.report()["refused"].as_array().unwrap().len(), 1);

    let said = desk.run(&["process", "run", &desk.file("script.bpmn", SCRIPT)]);
    assert!(!said.success);
    assert_eq!(said.report()["deployable"], false);

    for (content, expected) in [
        ("{\"process\": \"p9\"}", "没有可以运行的流程“p9”"),
        ("[1, 2]", "读不懂"),
        ("{", "不是正确的 JSON"),
    ] {
        let answers = desk.file("answers.json", content);
        let said = desk.run(&["process", "run", &file, "--answers", &answers]);
        assert!(!said.success);
        assert!(said.error.contains(expected), "{content}: {}", said.error);
    }
}
