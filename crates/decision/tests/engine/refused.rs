//! What is refused, and with which words.

use expect_test::{Expect, expect};

use crate::problems;
use crate::sketch::{decision, file, input, literal, one_table, table};

fn check(file: &str, expected: Expect) {
    expected.assert_eq(&problems(file));
}

/// The problems of one expression over the number `数`.
fn check_literal(text: &str, expected: Expect) {
    let elements = input("数", "number") + decision("值", &["数"], &literal(text)).as_str();
    check(&file(&elements), expected);
}

#[test]
fn names_that_nobody_declared() {
    check_literal(
        "年领 + 1",
        expect![[r#"
        第 7 行 [u503c] 错误（name-unknown）：“值”的表达式：不认识“年领”。这里可用的名字是：数。要用其他输入或决策，请先画一条连线过来；如果它是文字，请加半角双引号
    "#]],
    );
    check_literal(
        "算一算(数)",
        expect![[r#"
        第 7 行 [u503c] 错误（function-unknown）：“值”的表达式：没有函数“算一算”；请检查拼写，或从业务知识模型画一条连线过来
    "#]],
    );
    check(
        &one_table(
            "FIRST",
            "数:number | 文:string => 值",
            &["> 1 | 本县 => 1", "大于1 | - => 乙"],
        ),
        expect![[r#"
            第 13 行 [rule1] 错误（name-unknown）：第 1 条规则的条件“文”：不认识“本县”。这里可用的名字是：?、数、文。要用其他输入或决策，请先画一条连线过来；如果它是文字，请加半角双引号
            第 14 行 [rule2] 错误（name-unknown）：第 2 条规则的条件“数”：不认识“大于1”。这里可用的名字是：?、数、文。要用其他输入或决策，请先画一条连线过来；如果它是文字，请加半角双引号
            第 14 行 [rule2] 错误（name-unknown）：第 2 条规则的输出“值”：不认识“乙”。这里可用的名字是：数、文。要用其他输入或决策，请先画一条连线过来；如果它是文字，请加半角双引号
        "#]],
    );
}

#[test]
fn what_hands_get_wrong() {
    check_literal(
        "数 ＞ 1",
        expect![[r#"
        第 7 行 [u503c] 错误（expression）：“值”的表达式：“数 ＞ 1”读不懂：“＞”是全角符号，请改成半角的“>”
    "#]],
    );
    check_literal(
        "“文字”",
        expect![[r#"
        第 7 行 [u503c] 错误（expression）：“值”的表达式：““文字””读不懂：““”是全角符号，请改成半角的“"”
    "#]],
    );
    check_literal("数 == 1", expect![[r#""#]]);
    check_literal(
        "数 > 1 && 数 < 2",
        expect![[r#"
        第 7 行 [u503c] 错误（expression）：“值”的表达式：“数 > 1 && 数 < 2”读不懂：“并且”写成 and，“或者”写成 or
    "#]],
    );
    check_literal(
        "\"文字",
        expect![[r#"
        第 7 行 [u503c] 错误（expression）：“值”的表达式：“"文字”读不懂：文字的双引号没有成对
    "#]],
    );
    check_literal(
        "数 +",
        expect![[r#"
        第 7 行 [u503c] 错误（expression）：“值”的表达式：“数 +”读不懂，请按 FEEL 的写法修改：文字加半角双引号，范围写成 [1..10]，日期写成 date("2026-01-31")
    "#]],
    );
    check_literal(
        "",
        expect![[r#"
        第 7 行 [u503c] 错误（expression-missing）：“值”的表达式没有写表达式，请补上
    "#]],
    );
}

#[test]
fn calls_of_the_world_outside() {
    let external = r#"<businessKnowledgeModel id="f" name="f"><encapsulatedLogic kind="Java"><formalParameter name="x"/>
        <context><contextEntry><variable name="class"/><literalExpression><text>"java.lang.Math"</text></literalExpression></contextEntry>
        <contextEntry><variable name="method signature"/><literalExpression><text>"abs(double)"</text></literalExpression></contextEntry></context>
        </encapsulatedLogic></businessKnowledgeModel>"#;
    let elements = external.to_owned() + decision("值", &["!f"], &literal("f(1)")).as_str();
    check(
        &file(&elements),
        expect![[r#"
        第 3 行 [f] 错误（external-function）：外部函数（Java）不能执行：决策不得调用外部程序；请用 FEEL 写出算法，或把结果作为输入
    "#]],
    );
    check_literal(
        "function(x) external { java: { class: \"java.lang.Math\", method signature: \"abs(double)\" } }",
        expect![[r#"
            第 7 行 [u503c] 错误（external-function）：“值”的表达式：外部函数不能执行：决策不得调用外部程序；请用 FEEL 写出算法，或把结果作为输入
        "#]],
    );
    check_literal(
        "now()",
        expect![[r#"
        第 7 行 [u503c] 错误（clock）：“值”的表达式：不能用 now()：同样的输入要得到同样的结果；请改用 today()，或把时间作为输入
    "#]],
    );
    check_literal(
        "{ f: function(n) f(n) }.f(1)",
        expect![[r#"
        第 7 行 [u503c] 错误（function-unknown）：“值”的表达式：只能按名字调用内置函数和业务知识模型
    "#]],
    );
    let import = r#"<import namespace="http://elsewhere" locationURI="http://elsewhere/x.dmn" importType="dmn" name="x"/>"#;
    check(
        &file(&(import.to_owned() + decision("值", &[], &literal("1")).as_str())),
        expect![[r#"
            第 3 行 [d] 错误（import）：不能引入其他文件：请把用到的决策和类型放在同一个文件里
        "#]],
    );
}

#[test]
fn other_languages_and_boxes() {
    let juel =
        r#"<literalExpression expressionLanguage="juel"><text>${x}</text></literalExpression>"#;
    let boxed = r#"<conditional><if><literalExpression><text>true</text></literalExpression></if></conditional>"#;
    let function = r#"<functionDefinition><literalExpression><text>1</text></literalExpression></functionDefinition>"#;
    let elements = decision("甲", &[], juel)
        + decision("乙", &[], boxed).as_str()
        + decision("丙", &[], function).as_str()
        + decision("丁", &[], "").as_str();
    check(
        &file(&elements),
        expect![[r#"
        第 5 行 [u7532] 错误（expression-language）：表达式语言“juel”不能执行，只执行 FEEL；请把表达式改写成 FEEL，并删去 expressionLanguage
        第 5 行 [u7532] 错误（expression）：“甲”的表达式：“${x}”读不懂，请按 FEEL 的写法修改：文字加半角双引号，范围写成 [1..10]，日期写成 date("2026-01-31")
        第 9 行 [u4e59] 错误（boxed-expression）：“conditional”框不能执行；请改成文字表达式，写成“if … then … else …”
        第 13 行 [u4e19] 错误（function-as-value）：决策的结果不能是函数；请把它画成业务知识模型，再从决策里调用
        第 15 行 [u4e01] 错误（logic-missing）：没有内容，请画决策表或写表达式
    "#]],
    );
}

#[test]
fn tables_that_are_not_whole() {
    check(
        &one_table("BEST", "数:number => 值", &["1 => 1"]),
        expect![[r#"
            第 7 行 [table] 错误（hit-policy-unknown）：没有“BEST”这种命中策略；可以用 UNIQUE、ANY、PRIORITY、FIRST、RULE ORDER、OUTPUT ORDER、COLLECT
        "#]],
    );
    check(
        &one_table("COLLECT AVERAGE", "数:number => 值", &["1 => 1"]),
        expect![[r#"
            第 7 行 [table] 错误（aggregation-unknown）：没有“AVERAGE”这种汇总方式；可以用 SUM、MIN、MAX、COUNT
        "#]],
    );
    check(
        &one_table("PRIORITY", "数:number => 值", &["1 => 1", "- => 2"]),
        expect![[r#"
            第 9 行 [table] 错误（output-values-missing）：命中策略 PRIORITY 要知道哪个输出更重要：请在输出列“值”里按重要程度列出允许的值
        "#]],
    );
    check(
        &one_table("COLLECT SUM", "数:number => 值 | 另", &["1 => 1 | 2"]),
        expect![[r#"
            第 7 行 [table] 错误（aggregation-of-many）：决策表“结果”有多个输出列，不能汇总（COLLECT SUM）；请拆成几张表
        "#]],
    );
    check(
        &one_table(
            "FIRST",
            "数:number => 值",
            &["1 | 2 => 1", "1 => ", "- => -"],
        ),
        expect![[r#"
            第 10 行 [rule1] 错误（cells）：这一行有 2 个条件、1 个输出，应有 1 个条件、1 个输出
            第 11 行 [rule2] 错误（cells）：这一行有 1 个条件、0 个输出，应有 1 个条件、1 个输出
            第 12 行 [rule3] 警告（output-empty）：第 1 条规则的输出“值”是空的，命中时没有结果
        "#]],
    );
    check(
        &one_table("FIRST", "数:money => 值", &["- => 1"]),
        expect![[r#"
            第 3 行 [in_u6570] 错误（type-unknown）：没有类型“money”；可以用 string、number、boolean、date、time、dateTime，或在文件里定义它
            第 8 行 [table] 错误（type-unknown）：没有类型“money”；可以用 string、number、boolean、date、time、dateTime，或在文件里定义它
        "#]],
    );
}

#[test]
fn graphs_that_are_not_sound() {
    let elements = decision("甲", &["@乙"], &literal("乙"))
        + decision("乙", &["@甲"], &literal("甲")).as_str()
        + decision("丙", &["@丙", "没有"], &literal("1")).as_str()
        + decision("丁", &[], &literal("1")).as_str()
        + decision("丁", &[], &literal("2")).as_str();
    check(
        &file(&elements),
        expect![[r#"
        第 3 行 [u7532] 错误（circle）：“甲”依赖自己（直接或绕一圈），或依赖的层数超过 32；请去掉其中一条连线
        第 8 行 [u4e59] 错误（circle）：“乙”依赖自己（直接或绕一圈），或依赖的层数超过 32；请去掉其中一条连线
        第 13 行 [u4e19] 错误（circle）：“丙”依赖自己（直接或绕一圈），或依赖的层数超过 32；请去掉其中一条连线
        第 16 行 [r_u4e19_1] 错误（target-missing）：连线指向的输入“in_u6ca1u6709”不在文件里，请重画
        第 23 行 [u4e01] 错误（id-twice）：id“u4e01”在第 19 行已经用过，请改成不同的
    "#]],
    );
    check(
        &file(&input("数", "number")),
        expect![[r#"
        第 1 行 错误（no-decision）：文件里没有决策；请至少画一个决策
    "#]],
    );
}

#[test]
fn all_problems_are_told_at_once_in_the_order_of_lines() {
    let rows = ["＞1 => 1", "> 1 => 不知", "> 1 => 2"];
    let elements = input("数", "money")
        + decision("值", &["数"], &table("BEST", "数:number => 值", &rows)).as_str()
        + decision("另", &["数"], &table("FIRST", "数:number => 值", &rows)).as_str();
    check(
        &file(&elements),
        expect![[r#"
        第 3 行 [in_u6570] 错误（type-unknown）：没有类型“money”；可以用 string、number、boolean、date、time、dateTime，或在文件里定义它
        第 7 行 [table] 错误（hit-policy-unknown）：没有“BEST”这种命中策略；可以用 UNIQUE、ANY、PRIORITY、FIRST、RULE ORDER、OUTPUT ORDER、COLLECT
        第 21 行 [rule1] 错误（name-unknown）：第 1 条规则的条件“数”：不认识“＞1”。这里可用的名字是：?、数。要用其他输入或决策，请先画一条连线过来；如果它是文字，请加半角双引号
        第 22 行 [rule2] 错误（name-unknown）：第 2 条规则的输出“值”：不认识“不知”。这里可用的名字是：数。要用其他输入或决策，请先画一条连线过来；如果它是文字，请加半角双引号
    "#]],
    );
}
