//! Behind an event gateway.

use expect_test::expect;

use super::check;

#[test]
fn event_gateway_with_interrupting_timer() {
    check(
        "event",
        "boundary:timer:PT1H b",
        &["fire b", "C", "Z"],
        expect![[r#"
        > start: entered s, left s, entered g, waits at g
        > message m: left g, entered M, left M, entered A, waits at A, timer b After("PT1H")
        > fire b: withdrawn from A, entered b, left b, entered C, waits at C
        > C: left C, entered x, left x, entered j, left j, entered Z, waits at Z
        > Z: left Z, entered e, left e, Completed
        = Completed
    "#]],
    );
}

#[test]
fn event_gateway_with_reminding_timer() {
    check(
        "event",
        "boundary~:timer:PT1H b",
        &["fire b", "A", "C", "Z", "Z"],
        expect![[r#"
        > start: entered s, left s, entered g, waits at g
        > message m: left g, entered M, left M, entered A, waits at A, timer b After("PT1H")
        > fire b: entered b, left b, entered C, waits at C
        > A: left A, entered x, left x, entered j, left j, entered Z, waits at Z
        > C: left C, entered x, left x, entered j, left j, entered Z, waits at Z
        > Z: left Z, entered e, left e
        > Z: left Z, entered e, left e, Completed
        = Completed
    "#]],
    );
}

#[test]
fn event_gateway_with_repeating_timer() {
    check(
        "event",
        "boundary~:timer:R2/PT1H b",
        &["fire b", "fire b", "fire b", "A", "C", "C", "Z", "Z", "Z"],
        expect![[r#"
        > start: entered s, left s, entered g, waits at g
        > message m: left g, entered M, left M, entered A, waits at A, timer b After("PT1H")
        > fire b: entered b, left b, entered C, waits at C, timer b After("PT1H")
        > fire b: entered b, left b, entered C, waits at C
        > fire b: ignored: the timer is gone
        > A: left A, entered x, left x, entered j, left j, entered Z, waits at Z
        > C: left C, entered x, left x, entered j, left j, entered Z, waits at Z
        > C: left C, entered x, left x, entered j, left j, entered Z, waits at Z
        > Z: left Z, entered e, left e
        > Z: left Z, entered e, left e
        > Z: left Z, entered e, left e, Completed
        = Completed
    "#]],
    );
}

#[test]
fn event_gateway_with_interrupting_message() {
    check(
        "event",
        "boundary:message:w b",
        &["message w", "C", "Z"],
        expect![[r#"
        > start: entered s, left s, entered g, waits at g
        > message m: left g, entered M, left M, entered A, waits at A
        > message w: withdrawn from A, entered b, left b, entered C, waits at C
        > C: left C, entered x, left x, entered j, left j, entered Z, waits at Z
        > Z: left Z, entered e, left e, Completed
        = Completed
    "#]],
    );
}

#[test]
fn event_gateway_with_listening_message() {
    check(
        "event",
        "boundary~:message:w b",
        &["message w", "A", "C", "Z", "Z"],
        expect![[r#"
        > start: entered s, left s, entered g, waits at g
        > message m: left g, entered M, left M, entered A, waits at A
        > message w: entered b, left b, entered C, waits at C
        > A: left A, entered x, left x, entered j, left j, entered Z, waits at Z
        > C: left C, entered x, left x, entered j, left j, entered Z, waits at Z
        > Z: left Z, entered e, left e
        > Z: left Z, entered e, left e, Completed
        = Completed
    "#]],
    );
}

#[test]
fn event_gateway_with_interrupting_signal() {
    check(
        "event",
        "boundary:signal:w b",
        &["signal w", "C", "Z"],
        expect![[r#"
        > start: entered s, left s, entered g, waits at g
        > message m: left g, entered M, left M, entered A, waits at A
        > signal w: withdrawn from A, entered b, left b, entered C, waits at C
        > C: left C, entered x, left x, entered j, left j, entered Z, waits at Z
        > Z: left Z, entered e, left e, Completed
        = Completed
    "#]],
    );
}

#[test]
fn event_gateway_with_listening_signal() {
    check(
        "event",
        "boundary~:signal:w b",
        &["signal w", "A", "C", "Z", "Z"],
        expect![[r#"
        > start: entered s, left s, entered g, waits at g
        > message m: left g, entered M, left M, entered A, waits at A
        > signal w: entered b, left b, entered C, waits at C
        > A: left A, entered x, left x, entered j, left j, entered Z, waits at Z
        > C: left C, entered x, left x, entered j, left j, entered Z, waits at Z
        > Z: left Z, entered e, left e
        > Z: left Z, entered e, left e, Completed
        = Completed
    "#]],
    );
}

#[test]
fn event_gateway_with_error() {
    check(
        "event",
        "boundary:error:BAD b",
        &["error A BAD", "C", "Z"],
        expect![[r#"
        > start: entered s, left s, entered g, waits at g
        > message m: left g, entered M, left M, entered A, waits at A
        > error A BAD: withdrawn from A, entered b, left b, entered C, waits at C
        > C: left C, entered x, left x, entered j, left j, entered Z, waits at Z
        > Z: left Z, entered e, left e, Completed
        = Completed
    "#]],
    );
}
