//! Tasks and sub-processes.

use expect_test::expect;

use crate::sketch::process;
use crate::story::Story;

use super::check;

#[test]
fn user_and_manual_tasks_wait_for_people() {
    check(
        "start s -> A
         user A stage=受理 limitDays=3 -> B
         manual B -> e
         end e",
        "",
        &["A", "A", "B", "B"],
        expect![[r#"
            > start: entered s, left s, entered A, waits at A, stage 受理
            > A: left A, entered B, waits at B
            > A: refused: TaskGone(TaskId(0))
            > B: left B, entered e, left e, Completed
            > B: refused: AlreadyEnded
            = Completed
        "#]],
    );
}

#[test]
fn service_decision_and_call_wait_for_answers() {
    check(
        "start s -> A
         service A -> B
         rule B -> C
         call:other C -> e
         end e",
        "amount=5",
        &["A", "B score=3", "C", "ended C x=1"],
        expect![[r#"
            > start: entered s, left s, entered A, waits at A
            > A: left A, entered B, waits at B
            > B score=3: left B, entered C, waits at C
            > C: refused: WrongEvent(TaskId(4))
            > ended C x=1: left C, entered e, left e, Completed
            = Completed
        "#]],
    );
}

#[test]
fn send_goes_on_and_receive_waits() {
    check(
        "start s -> A
         send A -> B
         receive B -> e
         end e",
        "",
        &["B", "message other", "message B"],
        expect![[r#"
            > start: entered s, left s, entered A, left A, entered B, waits at B, sent message A
            > B: refused: WrongEvent(TaskId(3))
            > message other: ignored: nobody waits
            > message B: left B, entered e, left e, Completed
            = Completed
        "#]],
    );
}

#[test]
fn sub_process_has_its_own_end_and_terminate() {
    let sketch = "start s -> S
         sub S { -> Z
           start i -> f
           and f -> A | B
           user A -> x
           user B -> t
           end x
           end:terminate t
         }
         user Z -> e
         end e";
    check(
        sketch,
        "",
        &["A", "B", "Z"],
        expect![[r#"
        > start: entered s, left s, entered S, entered i, left i, entered f, left f, entered A, waits at A, entered B, waits at B
        > A: left A, entered x, left x
        > B: left B, entered t, left t, left S, entered Z, waits at Z
        > Z: left Z, entered e, left e, Completed
        = Completed
    "#]],
    );
    check(
        sketch,
        "",
        &["B", "A", "Z"],
        expect![[r#"
        > start: entered s, left s, entered S, entered i, left i, entered f, left f, entered A, waits at A, entered B, waits at B
        > B: left B, entered t, left t, withdrawn from A, left S, entered Z, waits at Z
        > A: refused: TaskGone(TaskId(0))
        > Z: left Z, entered e, left e, Completed
        = Completed
    "#]],
    );
}

#[test]
fn an_endless_loop_through_a_sub_process_stops_as_an_incident() {
    let process = process(
        "start s -> S
         sub S { -> g
           start i -> x
           end x
         }
         xor g -> S ? again | e *
         end e",
    );
    let mut story = Story::begin(&process, "again=true");
    story.told = String::new();
    story.command("set again=false");
    let stuck = story.instance.positions(&process)[0].element.to_string();
    story.command(&format!("retry {stuck}"));
    expect![[r#"
        > set again=false: 
        > retry g: entered g, left g, entered e, left e, Completed
        = Completed
    "#]]
    .assert_eq(&story.finished());
}

#[test]
fn an_answer_goes_under_its_one_name() {
    let xml = crate::sketch::bpmn(
        "start s -> A
         rule A -> B
         service B -> g
         xor g -> C ? risk = \"high\" and call.ok and call.code = 7 | e *
         user C -> e
         end e",
    );
    let xml = xml
        .replace(
            "wuchuang:decision=\"d\"",
            "wuchuang:decision=\"d\" wuchuang:resultVariable=\"risk\"",
        )
        .replace(
            "wuchuang:service=\"s\"",
            "wuchuang:service=\"s\" wuchuang:resultVariable=\"call\"",
        );
    let definition = wuchuang_bpmn::Definition::parse(&xml).unwrap();
    let told = Story::told(definition.main(), "", &["A level=high", "B ok=true code=7"]);
    expect![[r#"
        > start: entered s, left s, entered A, waits at A
        > A level=high: left A, entered B, waits at B
        > B ok=true code=7: left B, entered g, left g, entered C, waits at C
        = C
    "#]]
    .assert_eq(&told);
}
