//! `wuchuang form check`.

use expect_test::expect;

use super::{Desk, problems};

const GOOD: &str = r#"{
  "type": "object",
  "title": "失业登记",
  "properties": {
    "name": { "type": "string", "title": "姓名" },
    "left_on": { "type": "string", "format": "date", "title": "离职日期" }
  },
  "required": ["name"]
}"#;

#[test]
fn a_good_form_is_described() {
    let desk = Desk::new();
    let said = desk.run(&["form", "check", &desk.file("good.json", GOOD)]);
    assert!(said.success, "{}{}", said.out, said.error);
    let line = &said.lines()[0];
    assert_eq!(line["deployable"], true);
    assert_eq!(line["title"], "失业登记");
    assert_eq!(line["fields"], serde_json::json!(["name", "left_on"]));
}

#[test]
fn each_file_has_its_line_and_one_bad_file_fails_all() {
    let desk = Desk::new();
    let files = [
        desk.file("good.json", GOOD),
        desk.file("keyword.json", GOOD.replace("\"format\"", "\"formatt\"")),
        desk.file("cut.json", &GOOD[..90]),
        desk.file("empty.json", ""),
        desk.file("list.json", "[]"),
        desk.file("picture.json", [0x89, b'P', 0, 1]),
        desk.file("gbk.json", [b'"', 0xb1, 0xed, b'"']),
        desk.file("large.json", " ".repeat(200_000)),
        desk.file("deep.json", "[".repeat(100_000)),
    ];
    let mut arguments = vec!["form", "check"];
    arguments.extend(files.iter().map(String::as_str));
    arguments.push("absent.json");
    let said = desk.run(&arguments);
    assert!(!said.success);
    let found: Vec<String> = said
        .lines()
        .iter()
        .map(|line| format!("{} {:?}\n", line["deployable"], problems(line)))
        .collect();
    expect![[r#"
        true []
        false ["error keyword-unknown left_on"]
        false ["error not-json -"]
        false ["error not-json -"]
        false ["error not-an-object -"]
        false ["error binary -"]
        false ["error encoding -"]
        false ["error file-too-large -"]
        false ["error not-json -"]
        false ["error unreadable -"]
    "#]]
    .assert_eq(&found.concat());
    assert_eq!(said.lines()[1]["problems"][0]["line"], 6);
}

const TABLE: &str = r#"{
  "type": "object",
  "properties": {
    "name": { "type": "string", "title": "姓名" },
    "family": {
      "type": "array", "title": "家庭成员",
      "items": {
        "type": "object",
        "properties": {
          "name": { "type": "string", "title": "姓名" },
          "born": { "type": "string", "format": "date", "title": "出生日期" }
        }
      }
    }
  }
}"#;

#[test]
fn a_table_tells_its_columns_and_a_mistake_its_line() {
    let desk = Desk::new();
    let wrong = TABLE.replace(
        r#""type": "string", "title": "姓名" },
          "born""#,
        r#""type": "string" },
          "born""#,
    );
    let said = desk.run(&[
        "form",
        "check",
        &desk.file("table.json", TABLE),
        &desk.file("wrong.json", wrong),
    ]);
    assert!(!said.success);
    let lines = said.lines();
    assert_eq!(
        lines[0]["tables"],
        serde_json::json!({"family": ["name", "born"]})
    );
    assert_eq!(problems(&lines[1]), ["error field family.name"]);
    assert_eq!(lines[1]["problems"][0]["line"], 10);
}
