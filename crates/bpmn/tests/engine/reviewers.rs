//! 会签: parallel and sequential, all, any, percentage and conditions, collected opinions.

use std::fmt::Write as _;

use expect_test::{Expect, expect};
use wuchuang_bpmn::{Effect, Variables, start};

use crate::sketch::process;
use crate::story::Story;

fn check(task: &str, variables: &str, commands: &[&str], expected: Expect) {
    let process = process(&format!(
        "start s -> M
         user M {task} -> D
         user D -> e
         end e"
    ));
    let mut story = Story::begin(&process, variables);
    for command in commands {
        story.command(command);
    }
    let opinions = story
        .instance
        .variables()
        .get("opinions")
        .cloned()
        .unwrap_or_default();
    let mut told = story.finished();
    if !opinions.is_null() {
        let _ = writeln!(told, "opinions {opinions}");
    }
    expected.assert_eq(&told);
}

const THREE: &str = "people=[\"a\",\"b\",\"c\"]";

#[test]
fn all_must_answer() {
    check(
        "many=people",
        THREE,
        &["M", "M", "M"],
        expect![[r#"
        > start: entered s, left s, entered M, waits at M, waits at M, waits at M
        > M: 
        > M: 
        > M: left M, entered D, waits at D
        = D
    "#]],
    );
    check(
        "many=people completion=all",
        THREE,
        &["M", "M", "M"],
        expect![[r#"
        > start: entered s, left s, entered M, waits at M, waits at M, waits at M
        > M: 
        > M: 
        > M: left M, entered D, waits at D
        = D
    "#]],
    );
}

#[test]
fn any_one_is_enough() {
    check(
        "many=people completion=any",
        THREE,
        &["M", "M"],
        expect![[r#"
        > start: entered s, left s, entered M, waits at M, waits at M, waits at M
        > M: withdrawn from M, withdrawn from M, left M, entered D, waits at D
        > M: refused: TaskGone(TaskId(0))
        = D
    "#]],
    );
}

#[test]
fn a_percentage_is_enough() {
    check(
        "many=people completion=60%",
        THREE,
        &["M", "M"],
        expect![[r#"
        > start: entered s, left s, entered M, waits at M, waits at M, waits at M
        > M: 
        > M: withdrawn from M, left M, entered D, waits at D
        = D
    "#]],
    );
    check(
        "many=people completion=34%",
        THREE,
        &["M", "M"],
        expect![[r#"
        > start: entered s, left s, entered M, waits at M, waits at M, waits at M
        > M: 
        > M: withdrawn from M, left M, entered D, waits at D
        = D
    "#]],
    );
}

#[test]
fn one_after_the_other() {
    check(
        "many=people sequential",
        THREE,
        &["M", "M", "M"],
        expect![[r#"
        > start: entered s, left s, entered M, waits at M
        > M: waits at M
        > M: waits at M
        > M: left M, entered D, waits at D
        = D
    "#]],
    );
    check(
        "many=people sequential until=veto",
        THREE,
        &["M", "M veto=true"],
        expect![[r#"
        > start: entered s, left s, entered M, waits at M
        > M: waits at M
        > M veto=true: left M, entered D, waits at D
        = D
    "#]],
    );
}

#[test]
fn opinions_are_collected_and_asked() {
    let task = "many=people collect=opinions:opinion until=some_o_in_opinions_satisfies_o=\"no\"";
    check(
        task,
        THREE,
        &["M opinion=yes", "M opinion=no"],
        expect![[r#"
        > start: entered s, left s, entered M, waits at M, waits at M, waits at M
        > M opinion=yes: 
        > M opinion=no: withdrawn from M, left M, entered D, waits at D
        = D
        opinions ["yes","no"]
    "#]],
    );
    check(
        task,
        THREE,
        &["M opinion=yes", "M opinion=yes", "M opinion=yes"],
        expect![[r#"
        > start: entered s, left s, entered M, waits at M, waits at M, waits at M
        > M opinion=yes: 
        > M opinion=yes: 
        > M opinion=yes: left M, entered D, waits at D
        = D
        opinions ["yes","yes","yes"]
    "#]],
    );
}

#[test]
fn by_count_and_by_text() {
    check(
        "count=2",
        "",
        &["M", "M"],
        expect![[r#"
        > start: entered s, left s, entered M, waits at M, waits at M
        > M: 
        > M: left M, entered D, waits at D
        = D
    "#]],
    );
    check(
        "count=n+1",
        "n=1",
        &["M", "M"],
        expect![[r#"
        > start: entered s, left s, entered M, waits at M, waits at M
        > M: 
        > M: left M, entered D, waits at D
        = D
    "#]],
    );
    check(
        "many=people",
        "people=甲,乙",
        &["M", "M"],
        expect![[r#"
        > start: entered s, left s, entered M, waits at M, waits at M
        > M: 
        > M: left M, entered D, waits at D
        = D
    "#]],
    );
}

#[test]
fn nobody_to_ask_goes_on_and_a_bad_list_is_an_incident() {
    check(
        "many=people",
        "people=[]",
        &["D"],
        expect![[r#"
        > start: entered s, left s, entered M, left M, entered D, waits at D
        > D: left D, entered e, left e, Completed
        = Completed
    "#]],
    );
    check(
        "many=people",
        "",
        &["set people=[1]", "retry M", "M"],
        expect![[r#"
        > start: entered s, left s, entered M, incident at M, BadCollection
        > set people=[1]: 
        > retry M: entered M, waits at M
        > M: left M, entered D, waits at D
        = D
    "#]],
    );
    check(
        "count=1.5",
        "",
        &[],
        expect![[r#"
        > start: entered s, left s, entered M, incident at M, BadCollection
        = M (Incident(BadCollection))
    "#]],
    );
    check(
        "count=5000",
        "",
        &[],
        expect![[r#"
        > start: entered s, left s, entered M, incident at M, BadCollection
        = M (Incident(BadCollection))
    "#]],
    );
}

#[test]
fn each_task_says_whose_it_is() {
    let process = process(
        "start s -> M
         user M many=people assignee=${item} candidateGroups=g-${item},all -> e
         end e",
    );
    let variables: Variables = serde_json::from_str(r#"{"people": ["张三", "李四"]}"#).unwrap();
    let step = start(&process, variables, "k").unwrap();
    let tasks: Vec<String> = step
        .effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::TaskCreated(task) => serde_json::to_string(task).ok(),
            _ => None,
        })
        .collect();
    expect![[r#"
        {"task":4,"element":"M","name":"","assignee":"张三","candidate_groups":["g-张三","all"],"occurrence":{"number":1,"of":2,"item":"张三"}}
        {"task":6,"element":"M","name":"","assignee":"李四","candidate_groups":["g-李四","all"],"occurrence":{"number":2,"of":2,"item":"李四"}}"#]].assert_eq(&tasks.join("\n"));
}

#[test]
fn boundary_events_sit_on_the_whole() {
    let process = process(
        "start s -> M
         service M many=people -> D
         boundary:timer:P3D late on M -> L
         boundary:error:NO no on M -> N
         user L -> e
         user N -> e
         user D -> e
         end e",
    );
    let told = |commands: &[&str]| Story::told(&process, THREE, commands);
    expect![[r#"
        > start: entered s, left s, entered M, waits at M, waits at M, waits at M, timer late After("P3D")
        > M: 
        > fire late: withdrawn from M, withdrawn from M, withdrawn from M, entered late, left late, entered L, waits at L
        > M: refused: TaskGone(TaskId(0))
        > L: left L, entered e, left e, Completed
        = Completed
    "#]].assert_eq(&told(&["M", "fire late", "M", "L"]));
    expect![[r#"
        > start: entered s, left s, entered M, waits at M, waits at M, waits at M, timer late After("P3D")
        > M: 
        > error M NO: withdrawn from M, withdrawn from M, withdrawn from M, entered no, left no, entered N, waits at N, timer cancelled
        > N: left N, entered e, left e, Completed
        = Completed
    "#]].assert_eq(&told(&["M", "error M NO", "N"]));
}

#[test]
fn a_thousand_send_tasks_in_a_row_need_no_stack() {
    let process = process(
        "start s -> M
         send M count=1000 sequential -> e
         end e",
    );
    let story = Story::begin(&process, "");
    assert_eq!(story.standing(), "Completed");
}
