//! Behind a parallel gateway.

use expect_test::expect;

use super::check;

#[test]
fn parallel_with_interrupting_timer() {
    check(
        "and",
        "boundary:timer:PT1H b",
        &["fire b", "C", "B", "Z"],
        expect![[r#"
        > start: entered s, left s, entered g, left g, entered A, waits at A, entered B, waits at B, timer b After("PT1H")
        > fire b: withdrawn from A, entered b, left b, entered C, waits at C
        > C: left C, entered x, left x, arrived at j
        > B: left B, arrived at j, entered j, left j, entered Z, waits at Z
        > Z: left Z, entered e, left e, Completed
        = Completed
    "#]],
    );
}

#[test]
fn parallel_with_reminding_timer() {
    check(
        "and",
        "boundary~:timer:PT1H b",
        &["fire b", "A", "C", "B", "Z", "Z"],
        expect![[r#"
        > start: entered s, left s, entered g, left g, entered A, waits at A, entered B, waits at B, timer b After("PT1H")
        > fire b: entered b, left b, entered C, waits at C
        > A: left A, entered x, left x, arrived at j
        > C: left C, entered x, left x, arrived at j
        > B: left B, arrived at j, entered j, left j, entered Z, waits at Z, incident at j, StuckJoin
        > Z: left Z, entered e, left e
        > Z: refused: TaskGone(TaskId(0))
        = j (Incident(StuckJoin))
    "#]],
    );
}

#[test]
fn parallel_with_repeating_timer() {
    check(
        "and",
        "boundary~:timer:R2/PT1H b",
        &[
            "fire b", "fire b", "fire b", "A", "C", "C", "B", "Z", "Z", "Z",
        ],
        expect![[r#"
        > start: entered s, left s, entered g, left g, entered A, waits at A, entered B, waits at B, timer b After("PT1H")
        > fire b: entered b, left b, entered C, waits at C, timer b After("PT1H")
        > fire b: entered b, left b, entered C, waits at C
        > fire b: ignored: the timer is gone
        > A: left A, entered x, left x, arrived at j
        > C: left C, entered x, left x, arrived at j
        > C: left C, entered x, left x, arrived at j
        > B: left B, arrived at j, entered j, left j, entered Z, waits at Z, incident at j, StuckJoin
        > Z: left Z, entered e, left e
        > Z: refused: TaskGone(TaskId(0))
        > Z: refused: TaskGone(TaskId(0))
        = j (Incident(StuckJoin)), j (Join)
    "#]],
    );
}

#[test]
fn parallel_with_interrupting_message() {
    check(
        "and",
        "boundary:message:w b",
        &["message w", "C", "B", "Z"],
        expect![[r#"
        > start: entered s, left s, entered g, left g, entered A, waits at A, entered B, waits at B
        > message w: withdrawn from A, entered b, left b, entered C, waits at C
        > C: left C, entered x, left x, arrived at j
        > B: left B, arrived at j, entered j, left j, entered Z, waits at Z
        > Z: left Z, entered e, left e, Completed
        = Completed
    "#]],
    );
}

#[test]
fn parallel_with_listening_message() {
    check(
        "and",
        "boundary~:message:w b",
        &["message w", "A", "C", "B", "Z", "Z"],
        expect![[r#"
        > start: entered s, left s, entered g, left g, entered A, waits at A, entered B, waits at B
        > message w: entered b, left b, entered C, waits at C
        > A: left A, entered x, left x, arrived at j
        > C: left C, entered x, left x, arrived at j
        > B: left B, arrived at j, entered j, left j, entered Z, waits at Z, incident at j, StuckJoin
        > Z: left Z, entered e, left e
        > Z: refused: TaskGone(TaskId(0))
        = j (Incident(StuckJoin))
    "#]],
    );
}

#[test]
fn parallel_with_interrupting_signal() {
    check(
        "and",
        "boundary:signal:w b",
        &["signal w", "C", "B", "Z"],
        expect![[r#"
        > start: entered s, left s, entered g, left g, entered A, waits at A, entered B, waits at B
        > signal w: withdrawn from A, entered b, left b, entered C, waits at C
        > C: left C, entered x, left x, arrived at j
        > B: left B, arrived at j, entered j, left j, entered Z, waits at Z
        > Z: left Z, entered e, left e, Completed
        = Completed
    "#]],
    );
}

#[test]
fn parallel_with_listening_signal() {
    check(
        "and",
        "boundary~:signal:w b",
        &["signal w", "A", "C", "B", "Z", "Z"],
        expect![[r#"
        > start: entered s, left s, entered g, left g, entered A, waits at A, entered B, waits at B
        > signal w: entered b, left b, entered C, waits at C
        > A: left A, entered x, left x, arrived at j
        > C: left C, entered x, left x, arrived at j
        > B: left B, arrived at j, entered j, left j, entered Z, waits at Z, incident at j, StuckJoin
        > Z: left Z, entered e, left e
        > Z: refused: TaskGone(TaskId(0))
        = j (Incident(StuckJoin))
    "#]],
    );
}

#[test]
fn parallel_with_error() {
    check(
        "and",
        "boundary:error:BAD b",
        &["error A BAD", "C", "B", "Z"],
        expect![[r#"
        > start: entered s, left s, entered g, left g, entered A, waits at A, entered B, waits at B
        > error A BAD: withdrawn from A, entered b, left b, entered C, waits at C
        > C: left C, entered x, left x, arrived at j
        > B: left B, arrived at j, entered j, left j, entered Z, waits at Z
        > Z: left Z, entered e, left e, Completed
        = Completed
    "#]],
    );
}
