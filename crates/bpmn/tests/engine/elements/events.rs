//! Events, errors and compensation.

use expect_test::expect;

use super::check;

#[test]
fn events_throw_and_catch() {
    check(
        "start s -> t1
         throw:message:hello t1 -> t2
         throw:signal:all t2 -> t3
         throw t3 -> c1
         catch:timer:PT2H c1 -> c2
         catch:timer:2026-03-31 c2 -> c3
         catch:message:go c3 -> c4
         catch:signal:now c4 -> e
         end:message:bye e",
        "",
        &[
            "fire c1",
            "fire c1",
            "fire c2",
            "message go x=1",
            "signal never",
            "signal now",
            "signal now",
        ],
        expect![[r#"
            > start: entered s, left s, entered t1, left t1, entered t2, left t2, entered t3, left t3, entered c1, waits at c1, sent message hello, sent signal all, timer c1 After("PT2H")
            > fire c1: left c1, entered c2, waits at c2, timer c2 At("2026-03-31")
            > fire c1: ignored: the timer is gone
            > fire c2: left c2, entered c3, waits at c3
            > message go x=1: left c3, entered c4, waits at c4
            > signal never: ignored: nobody waits
            > signal now: left c4, entered e, left e, sent message bye, Completed
            > signal now: ignored: ended
            = Completed
        "#]],
    );
}

#[test]
fn event_gateway_takes_the_first() {
    let sketch = "start s -> g
         event g -> t | m | r
         catch:timer:P1D t -> e
         catch:message:m m -> e
         receive r -> e
         end e";
    check(
        sketch,
        "",
        &["fire t"],
        expect![[r#"
        > start: entered s, left s, entered g, waits at g, timer t After("P1D")
        > fire t: left g, entered t, left t, entered e, left e, Completed
        = Completed
    "#]],
    );
    check(
        sketch,
        "",
        &["message m", "fire t"],
        expect![[r#"
        > start: entered s, left s, entered g, waits at g, timer t After("P1D")
        > message m: left g, entered m, left m, entered e, left e, timer cancelled, Completed
        > fire t: ignored: ended
        = Completed
    "#]],
    );
    check(
        sketch,
        "",
        &["message r"],
        expect![[r#"
        > start: entered s, left s, entered g, waits at g, timer t After("P1D")
        > message r: left g, entered r, left r, entered e, left e, timer cancelled, Completed
        = Completed
    "#]],
    );
}

#[test]
fn terminate_ends_everything() {
    check(
        "start s -> g
         and g -> A | B | w
         user A -> t
         user B -> e
         boundary:timer:PT1H b on B -> e2
         catch:message:m w -> e3
         end:terminate t
         end e
         end e2
         end e3",
        "",
        &["A", "B", "fire b"],
        expect![[r#"
            > start: entered s, left s, entered g, left g, entered A, waits at A, entered B, waits at B, entered w, waits at w, timer b After("PT1H")
            > A: left A, entered t, left t, withdrawn from B, withdrawn from w, timer cancelled, Terminated
            > B: refused: AlreadyEnded
            > fire b: ignored: ended
            = Terminated
        "#]],
    );
}

#[test]
fn errors_go_to_the_nearest_boundary() {
    let sketch = "start s -> S
         sub S { -> e
           start i -> A
           service A -> x
           boundary:error:NEAR near on A -> N
           user N -> x
           end:error:FAR x
         }
         boundary:error:FAR far on S -> F
         boundary:error any on S -> G
         user F -> e
         user G -> e
         end e";
    check(
        sketch,
        "",
        &["error A NEAR", "N", "F"],
        expect![[r#"
        > start: entered s, left s, entered S, entered i, left i, entered A, waits at A
        > error A NEAR: withdrawn from A, entered near, left near, entered N, waits at N
        > N: left N, entered x, withdrawn from S, withdrawn from x, entered far, left far, entered F, waits at F
        > F: left F, entered e, left e, Completed
        = Completed
    "#]],
    );
    check(
        sketch,
        "",
        &["error A FAR", "F"],
        expect![[r#"
        > start: entered s, left s, entered S, entered i, left i, entered A, waits at A
        > error A FAR: withdrawn from S, withdrawn from A, entered far, left far, entered F, waits at F
        > F: left F, entered e, left e, Completed
        = Completed
    "#]],
    );
    check(
        sketch,
        "",
        &["error A OTHER", "G"],
        expect![[r#"
        > start: entered s, left s, entered S, entered i, left i, entered A, waits at A
        > error A OTHER: withdrawn from S, withdrawn from A, entered any, left any, entered G, waits at G
        > G: left G, entered e, left e, Completed
        = Completed
    "#]],
    );
}

#[test]
fn an_uncaught_error_is_an_incident() {
    check(
        "start s -> A
         service A -> e
         end e",
        "",
        &["error A DOWN", "A", "retry A", "A"],
        expect![[r#"
            > start: entered s, left s, entered A, waits at A
            > error A DOWN: incident at A, UncaughtError
            > A: refused: WrongEvent(TaskId(2))
            > retry A: entered A, waits at A
            > A: left A, entered e, left e, Completed
            = Completed
        "#]],
    );
    check(
        "start s -> A
         user A -> e
         end:error:BAD e",
        "",
        &["A", "return e A", "A", "cancel"],
        expect![[r#"
            > start: entered s, left s, entered A, waits at A
            > A: left A, entered e, incident at e, UncaughtError
            > return e A: withdrawn from e, entered A, waits at A
            > A: left A, entered e, incident at e, UncaughtError
            > cancel: withdrawn from e, Cancelled
            = Cancelled
        "#]],
    );
}

#[test]
fn compensation_undoes_the_latest_first() {
    check(
        "start s -> A
         service A -> B
         boundary:compensate ca on A handler UA
         service UA undoing
         service B -> C
         boundary:compensate cb on B handler UB
         user UB undoing
         user C -> t
         throw:compensate t -> e
         end e",
        "",
        &["A", "B", "C", "UB", "UA"],
        expect![[r#"
            > start: entered s, left s, entered A, waits at A
            > A: left A, entered B, waits at B
            > B: left B, entered C, waits at C
            > C: left C, entered t, waits at t, entered UB, waits at UB
            > UB: left UB, entered UA, waits at UA
            > UA: left UA, left t, entered e, left e, Completed
            = Completed
        "#]],
    );
}

#[test]
fn compensation_of_one_activity_and_of_a_finished_sub_process() {
    check(
        "start s -> A
         service A -> S
         boundary:compensate ca on A handler UA
         service UA undoing
         sub S { -> t
           start i -> B
           service B -> x
           boundary:compensate cb on B handler UB
           service UB undoing
           end x
         }
         throw:compensate:S t -> t2
         throw:compensate:S t2 -> e
         end:compensate e",
        "",
        &["A", "B", "UB", "UA"],
        expect![[r#"
            > start: entered s, left s, entered A, waits at A
            > A: left A, entered S, entered i, left i, entered B, waits at B
            > B: left B, entered x, left x, left S, entered t, waits at t, entered UB, waits at UB
            > UB: left UB, left t, entered t2, left t2, entered e, waits at e, entered UA, waits at UA
            > UA: left UA, left e, Completed
            = Completed
        "#]],
    );
}
