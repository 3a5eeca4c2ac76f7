//! The rules of an item: what stands against publication, what comes of test cases, where inputs come from.

use expect_test::{Expect, expect};
use serde_json::{Map, Value, json};
use wuchuang_calendar::Calendar;
use wuchuang_decision::Surroundings;

use super::*;
use crate::model::{ItemMaterial, problems::problems};

const ALLOWANCE: &str = include_str!("../../../../decision/tests/samples/old_age_allowance.dmn");

/// An item that asks where somebody lives, and whether they are poor.
fn item(change: impl FnOnce(&mut ItemRules)) -> ItemContent {
    let mut rules = ItemRules {
        model: ALLOWANCE.to_owned(),
        ..ItemRules::default()
    };
    change(&mut rules);
    ItemContent {
        rules,
        form: json!({
            "type": "object",
            "title": "高龄津贴申请表",
            "properties": {
                "home": { "type": "string", "title": "户籍", "oneOf": [
                    { "const": "here", "title": "本县" },
                    { "const": "there", "title": "外县" },
                ] },
                "poor": { "type": "boolean", "title": "低保户" },
            },
        }),
        ..ItemContent::default()
    }
}

fn check(change: impl FnOnce(&mut ItemRules), expected: Expect) {
    let found = problems(&item(change));
    let found: Vec<String> = found
        .into_iter()
        .filter(|problem| problem.field.starts_with("rules"))
        .map(|problem| format!("{}: {}", problem.field, problem.public))
        .collect();
    expected.assert_eq(&found.join("\n"));
}

#[test]
fn what_stands_against_publication() {
    check(
        |rules| rules.approval = "高龄津贴".to_owned(),
        expect![[""]],
    );
    check(
        |rules| rules.approval = "审批".to_owned(),
        expect![
            "rules.approval: 秒批用的决策“审批”不在规则文件里。文件里有：高龄津贴。请改名，或在文件里加上。"
        ],
    );
    check(
        |rules| {
            rules.approval = "高龄津贴".to_owned();
            rules.model = rules.model.replace("低保户", "特困户");
        },
        expect![
            "rules.approval: 秒批用的决策“高龄津贴”要知道“特困户”，但申请表单没有问，系统也不知道。请把它改成表单里问题的名称，或在表单里加上这个问题；系统自己知道的有：年龄、性别、出生日期、证件区划、申请人类型、有代理人、申请渠道、已交材料、未交材料、材料齐全。"
        ],
    );
    check(
        |rules| rules.model = rules.model.replace("&gt;= 90", "&gt;= 九十"),
        expect![
            "rules: 规则第 21 行“i11”：第 1 条规则的条件“年龄”：不认识“九十”。这里可用的名字是：?、低保户、年龄、户籍。要用其他输入或决策，请先画一条连线过来；如果它是文字，请加半角双引号。"
        ],
    );
    check(|rules| rules.model.clear(), expect![[""]]);
    check(
        |rules| {
            rules.model.clear();
            rules.eligibility = "我能办吗".to_owned();
        },
        expect![
            "rules: 还没有上传规则文件，但已经写了规则的用途或用例。请上传规则文件，或删去它们。"
        ],
    );
    check(
        |rules| {
            rules.sample_per_mille = 1_001;
            rules.tests.push(RuleTest::default());
        },
        expect![[r#"
            rules.sample_per_mille: 抽查比例按千分之几填写，最多 1000（全部抽查）。
            rules.tests[0].name: 还没有填写第 1 个规则用例的名称，请补上。
            rules.tests[0].decision: 第 1 个规则用例的决策“”不在规则文件里。请改成文件里的决策。"#]],
    );
}

fn test_case(inputs: Value, expected: Value) -> RuleTest {
    let Value::Object(inputs) = inputs else {
        return RuleTest::default();
    };
    RuleTest {
        name: "用例".to_owned(),
        decision: "高龄津贴".to_owned(),
        inputs,
        expected,
    }
}

#[test]
fn a_failing_test_case_is_named() {
    let item = item(|rules| {
        rules.tests = vec![
            test_case(json!({ "年龄": 93, "户籍": "本县" }), json!(200)),
            test_case(json!({ "年龄": 83, "户籍": "本县" }), json!(200)),
            test_case(json!({ "年龄": "八十", "户籍": "本县" }), json!(200)),
        ];
    });
    let definition = read(&item.rules.model).unwrap();
    let outcomes = run_tests(&item.rules, &definition, &Surroundings::default());
    let right: Vec<bool> = outcomes.iter().map(|outcome| outcome.is_right).collect();
    assert_eq!(right, [true, false, false]);
    expect![[r#"
        规则用例第 2 个“用例”没有通过：应为“200”，实际是“100”。请改规则，或改用例。
        规则用例第 3 个“用例”没有通过：应为“200”，算不出来：输入“年龄”应是数字。请改规则，或改用例。"#]]
    .assert_eq(&failures(&item.rules, &outcomes, 5).join("\n"));
}

#[test]
fn inputs_come_from_the_form_and_from_what_the_house_knows() {
    let compiled = CompiledRules::of(&item(|_| {})).unwrap().unwrap();
    let fact = |fact: Fact| match fact {
        Fact::Age => json!(85),
        _ => Value::Null,
    };
    let answers = json!({ "home": "here", "poor": true });
    let inputs = compiled.inputs(&fact, answers.as_object().unwrap(), &Map::new());
    assert_eq!(
        Value::Object(inputs.clone()),
        json!({ "年龄": 85, "户籍": "本县", "低保户": true })
    );
    let today = "2026-11-23".parse().unwrap();
    let around = surroundings(today, &Calendar::weekdays_only());
    let answer = compiled.answer("高龄津贴", inputs, &around).unwrap();
    let said = verdict(&answer);
    assert_eq!((said.is_yes, said.result.as_str()), (false, "100"));
    assert!(said.reason.starts_with("因为年龄是 85"), "{}", said.reason);
    let nothing = compiled.inputs(&|_| Value::Null, &Map::new(), &Map::new());
    assert!(nothing.values().all(Value::is_null));
}

#[test]
fn what_is_built_in_passes_its_own_test_cases() {
    for (text, count) in [
        (
            include_str!("../../../../../assets/demo/rules/senior-card.yaml"),
            6,
        ),
        (
            include_str!("../../../../../assets/demo/rules/occupied-road.yaml"),
            5,
        ),
    ] {
        let rules: ItemRules = serde_norway::from_str(text).unwrap();
        let definition = read(&rules.model).unwrap();
        assert!(
            remarks(&definition).is_empty(),
            "{:?}",
            remarks(&definition)
        );
        let outcomes = run_tests(&rules, &definition, &Surroundings::default());
        assert_eq!(failures(&rules, &outcomes, 9), Vec::<String>::new());
        assert_eq!(outcomes.len(), count);
    }
}

#[test]
fn a_drawing_asks_only_what_the_rules_decide() {
    let drawing = |decision: &str| {
        format!(
            "<definitions xmlns=\"http://www.omg.org/spec/BPMN/20100524/MODEL\" xmlns:wuchuang=\"urn:wuchuang:bpmn:1\" targetNamespace=\"urn:test\">
<process id=\"p\" isExecutable=\"true\"><startEvent id=\"s\"/><sequenceFlow id=\"f1\" sourceRef=\"s\" targetRef=\"x\"/>
<businessRuleTask id=\"x\" wuchuang:decision=\"{decision}\"/><sequenceFlow id=\"f2\" sourceRef=\"x\" targetRef=\"t\"/>
<userTask id=\"t\" name=\"审查\"/><sequenceFlow id=\"f3\" sourceRef=\"t\" targetRef=\"e\"/><endEvent id=\"e\"/></process></definitions>"
        )
    };
    let told = |decision: &str| {
        let mut item = item(|_| {});
        item.drawn_process = drawing(decision);
        let found = problems(&item).into_iter();
        let found = found.filter(|problem| problem.field == "drawn_process");
        let texts: Vec<String> = found.map(|problem| problem.public).collect();
        texts.join("\n")
    };
    assert_eq!(told("高龄津贴"), "");
    expect!["流程图第 3 行“x”：业务规则任务要的决策“审批”不在这个事项的规则里。请在规则里加上，或改流程图。"]
        .assert_eq(&told("审批"));
    expect!["流程图第 3 行“x”：业务规则任务要直接写明用哪个决策，不能用变量。请写明。"]
        .assert_eq(&told("${which}"));
}

#[test]
fn a_situation_leaves_what_it_asks_for_and_what_was_given() {
    let material = |id: &str| ItemMaterial {
        id: id.to_owned(),
        name: id.to_owned(),
        ..ItemMaterial::default()
    };
    let content = ItemContent {
        materials: ["m1", "m2", "m3"].map(material).into(),
        ..ItemContent::default()
    };
    let wanted = ["m2".to_owned()];
    for (given, expected) in [
        (&[][..], "m2 needed"),
        (&["m3"][..], "m2 needed, m3"),
        (&["m2", "m1"][..], "m1, m2 needed"),
    ] {
        let asked = in_situation(content.clone(), &wanted, given);
        let told = asked.materials.iter().map(|material| {
            let needed = if material.is_required() {
                " needed"
            } else {
                ""
            };
            format!("{}{needed}", material.id)
        });
        assert_eq!(told.collect::<Vec<_>>().join(", "), expected, "{given:?}");
    }
}
