//! `wuchuang decision check` and `wuchuang decision eval`.

use expect_test::expect;
use serde_json::json;

use super::{Desk, problems, sample};

const ALLOWANCE: &str = "decision/tests/samples/old_age_allowance.dmn";
const FEE: &str = "decision/tests/samples/fee_and_deadline.dmn";

#[test]
fn samples_are_deployable_and_bad_files_are_findings() {
    let desk = Desk::new();
    let (allowance, fee) = (sample(ALLOWANCE), sample(FEE));
    let said = desk.run(&["decision", "check", &allowance, &fee]);
    assert!(said.success, "{}{}", said.out, said.error);
    assert_eq!(said.lines()[0]["decisions"][0]["name"], "高龄津贴");
    assert_eq!(said.lines()[0]["tables"][0]["checked"], true);

    let text = std::fs::read_to_string(&allowance).unwrap();
    let files = [
        desk.file(
            "name.dmn",
            text.replace("<text>年龄</text>", "<text>年领</text>"),
        ),
        desk.file("policy.dmn", text.replace("\"UNIQUE\"", "\"BEST\"")),
        desk.file("gap.dmn", text.replace("&lt; 70", "&lt; 60")),
        desk.file("empty.dmn", ""),
        desk.file("cut.dmn", text.split_at(text.find("</rule>").unwrap()).0),
        desk.file("deep.dmn", "<a>".repeat(100_000)),
        desk.file("picture.dmn", [0_u8, 1, 2]),
    ];
    let mut arguments = vec!["decision", "check"];
    arguments.extend(files.iter().map(String::as_str));
    arguments.push("absent.dmn");
    let said = desk.run(&arguments);
    assert!(!said.success);
    let found: Vec<String> = said
        .lines()
        .iter()
        .map(|line| format!("{} {:?}\n", line["deployable"], problems(line)))
        .collect();
    expect![[r#"
        false ["error name-unknown e1"]
        false ["error hit-policy-unknown table"]
        true ["warning table-gap table"]
        false ["error xml -"]
        false ["error xml -"]
        false ["error too-deep -"]
        false ["error binary -"]
        false ["error unreadable -"]
    "#]]
    .assert_eq(&found.concat());
}

#[test]
fn a_decision_is_answered_with_its_rows() {
    let desk = Desk::new();
    let file = sample(ALLOWANCE);
    let input = json!({ "年龄": 91, "户籍": "本县", "低保户": false }).to_string();
    let said = desk.run(&[
        "decision",
        "eval",
        &file,
        "--decision",
        "高龄津贴",
        "--input",
        &input,
    ]);
    assert!(said.success, "{}{}", said.out, said.error);
    let report = said.report();
    assert_eq!(report["result"], 200);
    assert_eq!(report["rows"][0]["number"], 1);
    assert_eq!(report["rows"][0]["id"], "over_90");
    assert_eq!(
        report["rows"][0]["annotations"][0]["text"],
        "县政发〔2024〕3号第二条"
    );

    let kept = desk.file("input.json", &input);
    let said = desk.run(&["decision", "eval", &file, "--input", &format!("@{kept}")]);
    assert_eq!(said.report()["result"], 200, "{}", said.error);
}

#[test]
fn working_days_come_from_the_calendar_of_the_program() {
    let desk = Desk::new();
    // The Dragon Boat Festival of 2026 is Friday, 19 June.
    let input = json!({ "受理日期": "2026-06-17" }).to_string();
    let said = desk.run(&[
        "decision",
        "eval",
        &sample(FEE),
        "--decision",
        "办结日期",
        "--input",
        &input,
    ]);
    assert_eq!(
        said.report()["result"],
        "2026-06-25",
        "{}{}",
        said.out,
        said.error
    );
}

#[test]
fn what_cannot_be_answered_fails_with_the_reason() {
    let desk = Desk::new();
    let file = sample(ALLOWANCE);
    for (arguments, expected) in [
        (vec!["--decision", "没有"], "没有决策“没有”"),
        (vec!["--decision", "高龄津贴"], "输入“年龄”没有给出"),
        (
            vec![
                "--input",
                "{\"年龄\": \"老\", \"户籍\": null, \"低保户\": null}",
            ],
            "应是数字",
        ),
    ] {
        let mut all = vec!["decision", "eval", file.as_str()];
        all.extend(arguments);
        let said = desk.run(&all);
        assert!(!said.success);
        let report = said.report();
        assert!(
            report["error"].as_str().unwrap().contains(expected),
            "{report}"
        );
    }
    let said = desk.run(&["decision", "eval", &file, "--input", "年龄"]);
    assert!(
        !said.success && said.error.contains("不是正确的 JSON"),
        "{}",
        said.error
    );
    let said = desk.run(&["decision", "eval", &desk.file("bad.dmn", "<a/>")]);
    assert!(!said.success);
    assert_eq!(said.report()["deployable"], false);
}
