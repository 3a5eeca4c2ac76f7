//! What a process says of itself to whoever runs it: tasks with their questions, and what it asks of the outside.

use expect_test::expect;
use wuchuang_bpmn::{Definition, check_file};

use crate::sketch::process;

const ASKING: &str = r#"<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:camunda="http://camunda.org/schema/1.0/bpmn" xmlns:flowable="http://flowable.org/bpmn" targetNamespace="urn:test">
<process id="p" isExecutable="true">
<startEvent id="s"/><sequenceFlow id="f1" sourceRef="s" targetRef="A"/>
<userTask id="A" name="现场核查"><extensionElements><camunda:formData>
  <camunda:formField id="clean" label="卫生合格" type="boolean"><camunda:validation><camunda:constraint name="required"/></camunda:validation></camunda:formField>
  <camunda:formField id="grade" label="等级" type="enum"><camunda:value id="a" name="甲"/><camunda:value id="b" name="乙"/></camunda:formField>
</camunda:formData></extensionElements></userTask>
<sequenceFlow id="f2" sourceRef="A" targetRef="B"/>
<userTask id="B" name="复核"><extensionElements>
  <flowable:formProperty id="area" name="面积" type="long" required="true"/><flowable:formProperty id="note" type="string"/>
</extensionElements></userTask>
<sequenceFlow id="f3" sourceRef="B" targetRef="e"/>
<endEvent id="e"/>
</process></definitions>"#;

#[test]
fn the_vendors_fields_are_questions() {
    let definition = Definition::parse(ASKING).unwrap();
    let lines: Vec<String> = definition
        .main()
        .tasks()
        .flat_map(|task| {
            let of = task.id.clone();
            let questions = task.questions.into_iter();
            questions.map(move |question| {
                format!(
                    "{of} {} {} {:?} {}\n",
                    question.id, question.label, question.kind, question.is_required
                )
            })
        })
        .collect();
    expect![[r#"
        A clean 卫生合格 YesNo true
        A grade 等级 Choice([("a", "甲"), ("b", "乙")]) false
        B area 面积 Number true
        B note note Text false
    "#]]
    .assert_eq(&lines.concat());
    assert_eq!(definition.main().questions(&"A".into()).len(), 2);
    assert_eq!(definition.main().questions(&"s".into()), []);
}

#[test]
fn a_question_without_a_name_or_choices_is_a_problem() {
    let broken = ASKING
        .replace("id=\"clean\" ", "")
        .replace("id=\"note\"", "id=\"area\"")
        .replace(
            "<camunda:value id=\"a\" name=\"甲\"/><camunda:value id=\"b\" name=\"乙\"/>",
            "",
        );
    let report = check_file(broken.as_bytes());
    let codes: Vec<&str> = report.problems.iter().map(|problem| problem.code).collect();
    assert_eq!(
        codes,
        ["question-id", "question-choices", "question-duplicate"]
    );
}

#[test]
fn what_is_asked_of_the_outside_is_told() {
    let process = process(
        "start s -> A
        user A -> B
        service B -> C
        rule C -> D
        send D -> E
        receive E -> F
        call:other F -> G
        catch:timer:P1D G -> H
        catch:timer:${days} H -> I
        throw:signal:done I -> e
        end:terminate e",
    );
    let lines: Vec<String> = process
        .demands()
        .into_iter()
        .map(|demand| format!("{} {} {:?}\n", demand.element, demand.title, demand.kind))
        .collect();
    expect![[r#"
        B 服务任务 Service
        C 业务规则任务 Decision
        D 发送任务 Send
        E 接收任务 Message
        F 调用活动 Process
        H 中间捕获事件 VariableTimer
        I 中间抛出事件 Signal
    "#]]
    .assert_eq(&lines.concat());
}

#[test]
fn the_limits_of_the_longest_way_add_up() {
    let days = |sketch: &str| process(sketch).limit_days_longest();
    let row = "start s -> A\nuser A limitDays=3 -> B\nuser B -> C\nuser C limitDays=2 -> e\nend e";
    assert_eq!(days(row), 5, "a task without a limit counts nothing");
    let branches = "start s -> g
        and g -> A | B
        user A limitDays=3 -> j
        user B limitDays=4 -> C
        user C limitDays=4 -> j
        and j -> D
        user D limitDays=1 -> e
        end e";
    assert_eq!(days(branches), 9, "branches run beside each other");
    let back = "start s -> A
        user A limitDays=3 -> B
        user B limitDays=2 -> g
        xor g -> A ? again = true | e *
        end e";
    assert_eq!(days(back), 5, "what is done again was counted");
    let within = "start s -> S
        sub S { -> Z
        start t -> A
        user A limitDays=3 -> u
        end u
        }
        user Z limitDays=2 -> e
        boundary:timer:PT1H b on S -> L
        user L limitDays=7 -> e
        end e";
    assert_eq!(days(within), 10, "a way over the edge counts too");
}
