//! Whole files as a county would write them.

use std::fmt::Write;
use std::sync::Arc;

use expect_test::expect;
use jiff::{ToSpan, civil::Date};
use serde_json::{Value, json};
use wuchuang_decision::{Surroundings, WorkingDays};

use crate::{answered, line, sound};

const ALLOWANCE: &str = include_str!("../samples/old_age_allowance.dmn");
const FEE: &str = include_str!("../samples/fee_and_deadline.dmn");

/// Every day is a working day but the 1st of a month.
struct NeverTheFirst;

impl WorkingDays for NeverTheFirst {
    fn after(&self, date: Date, days: i32) -> Option<Date> {
        let mut date = date;
        let step = days.signum();
        let mut left = days.abs();
        while left > 0 {
            date = date.checked_add(i64::from(step).days()).ok()?;
            left -= i32::from(date.day() != 1);
        }
        Some(date)
    }

    fn between(&self, from: Date, to: Date) -> Option<i64> {
        let mut count = 0;
        let mut date = from;
        while date < to {
            date = date.tomorrow().ok()?;
            count += i64::from(date.day() != 1);
        }
        Some(count)
    }

    fn is_working_day(&self, date: Date) -> Option<bool> {
        Some(date.day() != 1)
    }
}

fn around() -> Surroundings {
    Surroundings {
        today: Some(Date::constant(2026, 2, 27)),
        working_days: Some(Arc::new(NeverTheFirst)),
    }
}

#[test]
fn the_allowance_is_complete_and_explained() {
    let definition = sound(ALLOWANCE);
    assert!(
        definition.problems().list().is_empty(),
        "{}",
        definition.problems()
    );
    assert_eq!(definition.export(), ALLOWANCE);
    let mut found = String::new();
    for (age, home, poor) in [
        (93, "本县", true),
        (80, "本县", false),
        (75, "本县", true),
        (75, "外县", true),
        (12, "本县", false),
    ] {
        let input = json!({ "年龄": age, "户籍": home, "低保户": poor });
        let answer = definition.evaluate("高龄津贴", &input).unwrap();
        writeln!(found, "{}", answer.explanation).unwrap();
    }
    expect![[r#"
        因为年龄是 93 （不小于 90 ），户籍是“本县”，所以高龄津贴是 200 （第 1 条规则）。依据：县政发〔2024〕3号第二条。
        因为年龄是 80 （从 80 （含）到 90 （不含）），户籍是“本县”，所以高龄津贴是 100 （第 2 条规则）。依据：县政发〔2024〕3号第二条。
        因为年龄是 75 （从 70 （含）到 80 （不含）），户籍是“本县”，低保户是“是”，所以高龄津贴是 50 （第 3 条规则）。依据：县政发〔2024〕3号第三条。
        因为户籍是“外县”（不是“本县”），所以高龄津贴是 0 （第 6 条规则）。依据：由户籍地发放。
        因为年龄是 12 （小于 70 ），户籍是“本县”，所以高龄津贴是 0 （第 5 条规则）。
    "#]].assert_eq(&found);
    let ask = |input: Value| answered(&definition, "allowance", input);
    expect![[r#"
        ✗ 决策“高龄津贴”里“户籍”的值 "外省" 不在允许的范围（"本县","外县"）内
        ✗ 输入“年龄”应是数字；输入“户籍”应是文字；输入“低保户”没有给出；确实没有值时请写 null
        ✗ 输入应是 JSON 对象，例如 {"年龄": 63}
        ✗ 没有决策“津贴”；文件里有：高龄津贴"#]]
    .assert_eq(
        &[
            ask(json!({ "年龄": 93, "户籍": "外省", "低保户": true })),
            ask(json!({ "年龄": "九十", "户籍": 3 })),
            ask(json!([])),
            answered(&definition, "津贴", json!({})),
        ]
        .join("\n"),
    );
}

#[test]
#[expect(clippy::too_many_lines, reason = "most of it is one answer")]
fn an_answer_is_stored_with_all_that_it_rests_on() {
    let definition = sound(ALLOWANCE);
    let input = json!({ "年龄": 83.5, "户籍": "本县", "低保户": null, "姓名": "不用" });
    let answer = definition.evaluate("高龄津贴", &input).unwrap();
    expect![[r#"
        {
          "decision": "高龄津贴",
          "id": "allowance",
          "result": 100,
          "rows": [
            {
              "number": 2,
              "id": "over_80",
              "line": 27,
              "chosen": true,
              "conditions": [
                {
                  "label": "年龄",
                  "value": 83.5,
                  "test": "[80..90)",
                  "words": "从 80 （含）到 90 （不含）"
                },
                {
                  "label": "户籍",
                  "value": "本县",
                  "test": "\"本县\"",
                  "words": "是“本县”"
                }
              ],
              "outputs": {
                "元每月": 100
              },
              "annotations": [
                {
                  "name": "依据",
                  "text": "县政发〔2024〕3号第二条"
                }
              ]
            }
          ],
          "inputs": {
            "年龄": 83.5,
            "户籍": "本县",
            "低保户": null
          },
          "unused_inputs": [
            "姓名"
          ],
          "steps": [
            {
              "decision": "高龄津贴",
              "id": "allowance",
              "kind": "table",
              "hit_policy": "UNIQUE",
              "tested": [
                {
                  "label": "年龄",
                  "expression": "年龄",
                  "value": 83.5
                },
                {
                  "label": "户籍",
                  "expression": "户籍",
                  "value": "本县"
                },
                {
                  "label": "低保户",
                  "expression": "低保户",
                  "value": null
                }
              ],
              "rows": [
                {
                  "number": 2,
                  "id": "over_80",
                  "line": 27,
                  "chosen": true,
                  "conditions": [
                    {
                      "label": "年龄",
                      "value": 83.5,
                      "test": "[80..90)",
                      "words": "从 80 （含）到 90 （不含）"
                    },
                    {
                      "label": "户籍",
                      "value": "本县",
                      "test": "\"本县\"",
                      "words": "是“本县”"
                    }
                  ],
                  "outputs": {
                    "元每月": 100
                  },
                  "annotations": [
                    {
                      "name": "依据",
                      "text": "县政发〔2024〕3号第二条"
                    }
                  ]
                }
              ],
              "result": 100,
              "explanation": "因为年龄是 83.5 （从 80 （含）到 90 （不含）），户籍是“本县”，所以高龄津贴是 100 （第 2 条规则）。依据：县政发〔2024〕3号第二条。"
            }
          ],
          "explanation": "因为年龄是 83.5 （从 80 （含）到 90 （不含）），户籍是“本县”，所以高龄津贴是 100 （第 2 条规则）。依据：县政发〔2024〕3号第二条。"
        }"#]].assert_eq(&serde_json::to_string_pretty(&answer).unwrap());
}

#[test]
fn fees_and_working_days() {
    let definition = sound(FEE);
    let input = json!({
        "申请人": { "姓名": "某人", "证书 数量": 3, "残疾": false },
        "类别": "新办",
        "受理日期": "2026-02-27",
    });
    let answer = definition
        .evaluate_within("收费通知", &input, &around())
        .unwrap();
    assert_eq!(
        answer.result,
        json!({ "期限": "2026-03-05", "免费": false, "金额": 31.5 })
    );
    expect![[r#"
        因为受理日期是“2026-02-27”，所以办结日期是“2026-03-05”（working days after(受理日期, 5)）。
        因为类别是“新办”，所以单价是 10.5 （第 1 条规则）。
        因为申请人是（姓名：“某人”，残疾：“否”，证书 数量： 3 ），单价是 10.5 ，所以应收费用是 31.5 （减免后(单价 * 申请人.证书 数量, 申请人.残疾)）。
        因为应收费用是 31.5 ，办结日期是“2026-03-05”，所以免费是“否”，期限是“2026-03-05”，金额是 31.5 。"#]].assert_eq(&answer.explanation);
    let answer = definition.evaluate("办结日期", &input);
    expect!["✗ 决策“办结日期”算不出“办结日期”（working days after(受理日期, 5)）：没有给出工作日历，算不了工作日"].assert_eq(&line(answer));
    let wrong = json!({ "申请人": { "残疾": "否" }, "类别": "注销", "受理日期": "2026-02-27" });
    expect![[r#"✗ 输入“类别”的值不在允许的范围（"新办","变更","补办"）内；输入“申请人”其中“残疾”应是“是”或“否”，写成 true 或 false"#]].assert_eq(&line(definition.evaluate_within(
        "收费通知",
        &wrong,
        &around(),
    )));
}

#[test]
fn the_day_is_what_the_caller_says() {
    use crate::sketch::{decision, file, input, literal};
    let text = "today() > 日 and working days between(日, today()) = 1 and not(is working day(date(\"2026-03-01\")))";
    let elements = input("日", "date") + decision("过期", &["日"], &literal(text)).as_str();
    let definition = sound(&file(&elements));
    let answer = definition.evaluate_within("过期", &json!({ "日": "2026-02-26" }), &around());
    assert_eq!(answer.unwrap().result, json!(true));
}
