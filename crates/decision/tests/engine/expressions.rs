//! Literal expressions, graphs, functions and boxed expressions.

use std::fmt::Write;

use expect_test::{Expect, expect};
use serde_json::{Value, json};

use crate::sketch::{decision, file, input, literal, one_table};
use crate::{answered, sound};

/// Answers one expression over `数` (number), `文` (string), `日` (date) and `列` (anything).
fn check(expressions: &[&str], expected: Expect) {
    let mut found = String::new();
    for text in expressions {
        let inputs = [
            input("数", "number"),
            input("文", "string"),
            input("日", "date"),
            input("列", "Any"),
        ];
        let requires = ["数", "文", "日", "列"];
        let definition = sound(&file(
            &(inputs.concat() + decision("值", &requires, &literal(text)).as_str()),
        ));
        let given = json!({ "数": 12.5, "文": "紫阳县", "日": "2026-02-27", "列": [1, 2, 3] });
        let answer = answered(&definition, "值", given);
        writeln!(found, "{text} = {answer}").unwrap();
    }
    expected.assert_eq(&found);
}

#[test]
fn literal_expressions_of_every_kind() {
    check(
        &[
            "数 * 2",
            "0.1 + 0.2",
            "1 / 3",
            "数 ** 2",
            "if 数 > 10 then \"大\" else \"小\"",
            "文 + \"政府\"",
            "string length(文)",
            "contains(文, \"阳\")",
            "日 + duration(\"P3D\")",
            "日 - date(\"2026-02-01\")",
            "日.year",
            "day of week(日)",
            "date(\"2026-12-31\") > 日",
            "sum(列)",
            "列[2]",
            "列[item > 1]",
            "for x in 列 return x * x",
            "for i in 1..3 return i",
            "some x in 列 satisfies x > 2",
            "every x in 列 satisfies x > 2",
            "count(列) = 3 and 数 between 10 and 20",
            "sort(列, function(x, y) x > y)",
            "{ 甲: 1, 乙: 甲 + 1 }",
            "{ 甲: 1 }.甲",
            "数 in [10..20]",
            "null",
            "@\"2026-01-31\"",
            "decimal(10 / 3, 2)",
        ],
        expect![[r#"
            数 * 2 = 25
            0.1 + 0.2 = 0.3
            1 / 3 = 0.3333333333333333
            数 ** 2 = 156.25
            if 数 > 10 then "大" else "小" = "大"
            文 + "政府" = "紫阳县政府"
            string length(文) = 3
            contains(文, "阳") = true
            日 + duration("P3D") = "2026-03-02"
            日 - date("2026-02-01") = "P26D"
            日.year = 2026
            day of week(日) = "Friday"
            date("2026-12-31") > 日 = true
            sum(列) = 6
            列[2] = 2
            列[item > 1] = [2,3]
            for x in 列 return x * x = [1,4,9]
            for i in 1..3 return i = [1,2,3]
            some x in 列 satisfies x > 2 = true
            every x in 列 satisfies x > 2 = false
            count(列) = 3 and 数 between 10 and 20 = true
            sort(列, function(x, y) x > y) = [3,2,1]
            { 甲: 1, 乙: 甲 + 1 } = {"乙":2,"甲":1}
            { 甲: 1 }.甲 = 1
            数 in [10..20] = true
            null = null
            @"2026-01-31" = "2026-01-31"
            decimal(10 / 3, 2) = 3.33
        "#]],
    );
}

#[test]
fn what_cannot_be_computed_is_an_error_and_no_null() {
    check(
        &[
            "数 / 0",
            "数 + 文",
            "number(\"十\", \",\", \".\")",
            "列[9] + 1",
            "date(\"2026-02-30\")",
            "today()",
            "working days after(日, 3)",
            "10 ** 6000 * 10 ** 6000",
        ],
        expect![[r#"
            数 / 0 = ✗ 决策“值”算不出“值”（数 / 0）：[division] division by zero
            数 + 文 = ✗ 决策“值”算不出“值”（数 + 文）：incompatible types in addition: 12.5(number) + "紫阳县"(string)
            number("十", ",", ".") = ✗ 决策“值”算不出“值”（number("十", ",", ".")）：[core::number] <FeelNumberError> invalid number literal '十'
            列[9] + 1 = ✗ 决策“值”算不出“值”（列[9] + 1）：index in filter is out of range [1..3], actual index is 9
            date("2026-02-30") = ✗ 决策“值”算不出“值”（date("2026-02-30")）：[core::date] invalid date string '2026-02-30'
            today() = ✗ 决策“值”算不出“值”（today()）：没有给出今天的日期，today() 没有结果
            working days after(日, 3) = ✗ 决策“值”算不出“值”（working days after(日, 3)）：没有给出工作日历，算不了工作日
            10 ** 6000 * 10 ** 6000 = ✗ 这些输入算不出结果：计算中途出错；请检查输入里是否有太大的数，或表达式是否用错了函数
        "#]],
    );
}

#[test]
fn cells_may_test_in_every_way() {
    let rows = [
        "< 0 | - | - => \"负\"",
        "[0..1) | - | - => \"小\"",
        "1, 2, 3 | not(\"甲\", \"乙\") | - => \"列出\"",
        "(3..10] | contains(?, \"县\") | - => \"含县\"",
        "> 10 | - | >= date(\"2026-01-01\") => \"今年\"",
        "> 10 | - | null => \"无日期\"",
    ];
    let file = one_table("FIRST", "数:number | 文:string | 日:date => 值", &rows);
    let definition = sound(&file);
    let mut found = String::new();
    for (number, text, date) in [
        (json!(-1), json!("甲"), json!(null)),
        (json!(0.5), json!("甲"), json!(null)),
        (json!(2), json!("甲"), json!(null)),
        (json!(2), json!("丙"), json!(null)),
        (json!(10), json!("紫阳县"), json!(null)),
        (json!(10), json!("紫阳"), json!(null)),
        (json!(11), json!("甲"), json!("2026-01-01")),
        (json!(11), json!("甲"), json!("2025-12-31")),
        (json!(11), json!("甲"), json!(null)),
        (json!(null), json!(null), json!(null)),
    ] {
        let line = format!("{number} {text} {date}");
        let answer = answered(
            &definition,
            "结果",
            json!({ "数": number, "文": text, "日": date }),
        );
        writeln!(found, "{line}: {answer}").unwrap();
    }
    expect![[r#"
        -1 "甲" null: "负" ← 1
        0.5 "甲" null: "小" ← 2
        2 "甲" null: null
        2 "丙" null: "列出" ← 3
        10 "紫阳县" null: "含县" ← 4
        10 "紫阳" null: null
        11 "甲" "2026-01-01": "今年" ← 5
        11 "甲" "2025-12-31": null
        11 "甲" null: "无日期" ← 6
        null null null: null
    "#]]
    .assert_eq(&found);
}

#[test]
fn a_graph_is_answered_from_its_leaves() {
    let elements = [
        input("面积", "number"),
        decision("单价", &["面积"], &literal("if 面积 > 100 then 3 else 2")),
        decision("金额", &["面积", "@单价"], &literal("面积 * 单价")),
        decision(
            "提示",
            &["@金额", "@单价"],
            &literal("\"共 \" + string(金额) + \" 元，单价 \" + string(单价)"),
        ),
    ];
    let definition = sound(&file(&elements.concat()));
    let answer = definition
        .evaluate("提示", &json!({ "面积": 120, "别的": 1 }))
        .unwrap();
    let steps: Vec<&str> = answer
        .steps
        .iter()
        .map(|step| step.decision.as_str())
        .collect();
    assert_eq!(steps, ["单价", "金额", "提示"]);
    assert_eq!(answer.unused_inputs, ["别的"]);
    assert_eq!(answer.inputs, *json!({ "面积": 120 }).as_object().unwrap());
    expect![[r#"
        因为面积是 120 ，所以单价是 3 （if 面积 > 100 then 3 else 2）。
        因为面积是 120 ，单价是 3 ，所以金额是 360 （面积 * 单价）。
        因为金额是 360 ，单价是 3 ，所以提示是“共 360 元，单价 3”（"共 " + string(金额) + " 元，单价 " + string(单价)）。"#]].assert_eq(&answer.explanation);
}

#[test]
fn functions_are_called_from_expressions_and_boxes() {
    let function = r##"<businessKnowledgeModel id="f1" name="加成"><variable name="加成"/><encapsulatedLogic>
        <formalParameter name="基数" typeRef="number"/><formalParameter name="倍" typeRef="number"/>
        <literalExpression><text>基数 * 倍</text></literalExpression></encapsulatedLogic></businessKnowledgeModel>
        <businessKnowledgeModel id="f2" name="双倍"><variable name="双倍"/>
        <encapsulatedLogic><formalParameter name="数" typeRef="number"/>
        <literalExpression><text>加成(数, 2)</text></literalExpression></encapsulatedLogic>
        <knowledgeRequirement><requiredKnowledge href="#f1"/></knowledgeRequirement></businessKnowledgeModel>"##;
    let call = r#"<invocation><literalExpression><text>加成</text></literalExpression>
        <binding><parameter name="基数"/><literalExpression><text>甲</text></literalExpression></binding>
        <binding><parameter name="倍"/><literalExpression><text>3</text></literalExpression></binding></invocation>"#;
    let list = r#"<list><literalExpression><text>甲</text></literalExpression><literalExpression><text>甲 + 1</text></literalExpression></list>"#;
    let relation = r#"<relation><column name="名"/><column name="值"/>
        <row><literalExpression><text>"一"</text></literalExpression><literalExpression><text>甲</text></literalExpression></row></relation>"#;
    let elements = [
        input("甲", "number"),
        function.to_owned(),
        decision("直接", &["甲", "!f2"], &literal("双倍(甲) + 双倍(数: 1)")),
        decision("框", &["甲", "!f1"], call),
        decision("列表", &["甲"], list),
        decision("关系", &["甲"], relation),
    ];
    let definition = sound(&file(&elements.concat()));
    let mut found = String::new();
    for name in ["直接", "框", "列表", "关系"] {
        let answer = answered(&definition, name, json!({ "甲": 5 }));
        writeln!(found, "{name}: {answer}").unwrap();
    }
    expect![[r#"
        直接: 12
        框: 15
        列表: [5,6]
        关系: [{"值":5,"名":"一"}]
    "#]]
    .assert_eq(&found);
}

#[test]
fn a_table_that_stands_alone_names_its_inputs_itself() {
    let logic = crate::sketch::table(
        "UNIQUE",
        "年龄:integer | 到期日:date | 面积 * 单价 => 额",
        &[
            ">= 60 | > date(\"2026-01-01\") | < 100 => 1",
            "< 60 | - | - => 0",
        ],
    );
    let definition = sound(&file(&decision("结果", &[], &logic)));
    let ask = |input: Value| answered(&definition, "结果", input);
    expect![[r#"
        1 ← 1
        0 ← 2
        ✗ 输入“到期日”没有给出；确实没有值时请写 null；输入“面积”没有给出；确实没有值时请写 null；输入“单价”没有给出；确实没有值时请写 null"#]].assert_eq(
        &[
            ask(json!({ "年龄": 63, "到期日": "2026-02-01", "面积": 9, "单价": 2 })),
            ask(json!({ "年龄": 12, "到期日": null, "面积": 9, "单价": 2 })),
            ask(json!({ "年龄": 63 })),
        ]
        .join("\n"),
    );
}
