//! 会签, reminders, event gateways, incidents and compensation.

use expect_test::expect;

use super::check;

#[test]
fn out_of_a_multi_instance_task() {
    check(
        "start s -> A
         user A -> M
         user M many=people -> D
         boundary~:timer:R/P1D remind on M -> N
         user N -> e2
         end e2
         user D -> e
         end e",
        "people=[\"a\",\"b\",\"c\"]",
        &[
            "A",
            "M",
            "fire remind",
            "return M A",
            "A",
            "M",
            "M",
            "return M M",
            "M",
            "return D M",
            "M",
            "M",
            "M",
            "D",
        ],
        expect![[r#"
            > start: entered s, left s, entered A, waits at A
            > A: left A, entered M, waits at M, waits at M, waits at M, timer remind After("P1D")
            > M: 
            > fire remind: entered remind, left remind, entered N, waits at N, timer remind After("P1D")
            > return M A: withdrawn from M, withdrawn from M, withdrawn from M, withdrawn from N, entered A, waits at A, timer cancelled
            > A: left A, entered M, waits at M, waits at M, waits at M, timer remind After("P1D")
            > M: 
            > M: 
            > return M M: refused: NotEarlier(ElementId("M"))
            > M: left M, entered D, waits at D, timer cancelled
            > return D M: withdrawn from D, entered M, waits at M, waits at M, waits at M, timer remind After("P1D")
            > M: 
            > M: 
            > M: left M, entered D, waits at D, timer cancelled
            > D: left D, entered e, left e, Completed
            = Completed
        "#]],
    );
}

#[test]
fn inside_and_out_of_a_multi_instance_sub_process() {
    let sketch = "start s -> A
         user A -> S
         sub S many=people { -> D
           start i -> B
           user B -> C
           user C -> x
           end x
         }
         user D -> e
         end e";
    check(
        sketch,
        "people=[\"a\",\"b\"]",
        &["A", "B", "B", "return C B", "C", "B", "C", "D"],
        expect![[r#"
            > start: entered s, left s, entered A, waits at A
            > A: left A, entered S, entered i, left i, entered B, waits at B, entered i, left i, entered B, waits at B
            > B: left B, entered C, waits at C
            > B: left B, entered C, waits at C
            > return C B: withdrawn from C, entered B, waits at B
            > C: left C, entered x, left x
            > B: left B, entered C, waits at C
            > C: left C, entered x, left x, left S, entered D, waits at D
            > D: left D, entered e, left e, Completed
            = Completed
        "#]],
    );
    check(
        sketch,
        "people=[\"a\",\"b\"]",
        &["A", "B", "return C A", "A", "B", "B", "C", "C", "D"],
        expect![[r#"
            > start: entered s, left s, entered A, waits at A
            > A: left A, entered S, entered i, left i, entered B, waits at B, entered i, left i, entered B, waits at B
            > B: left B, entered C, waits at C
            > return C A: withdrawn from S, withdrawn from S, withdrawn from B, withdrawn from S, withdrawn from C, entered A, waits at A
            > A: left A, entered S, entered i, left i, entered B, waits at B, entered i, left i, entered B, waits at B
            > B: left B, entered C, waits at C
            > B: left B, entered C, waits at C
            > C: left C, entered x, left x
            > C: left C, entered x, left x, left S, entered D, waits at D
            > D: left D, entered e, left e, Completed
            = Completed
        "#]],
    );
}

#[test]
fn out_of_a_reminder_branch_takes_the_task_back_too() {
    check(
        "start s -> A
         user A -> B
         user B -> e
         boundary~:message:m m on B -> R
         user R -> R2
         user R2 -> e2
         end e2
         end e",
        "",
        &[
            "A",
            "message m",
            "R",
            "return R2 R",
            "R",
            "return R2 A",
            "A",
            "B",
        ],
        expect![[r#"
            > start: entered s, left s, entered A, waits at A
            > A: left A, entered B, waits at B
            > message m: entered m, left m, entered R, waits at R
            > R: left R, entered R2, waits at R2
            > return R2 R: withdrawn from R2, entered R, waits at R
            > R: left R, entered R2, waits at R2
            > return R2 A: withdrawn from B, withdrawn from R2, entered A, waits at A
            > A: left A, entered B, waits at B
            > B: left B, entered e, left e, Completed
            = Completed
        "#]],
    );
}

#[test]
fn out_of_an_event_gateway_and_of_an_incident() {
    check(
        "start s -> A
         user A -> g
         event g -> t | m
         catch:timer:P1D t -> x
         catch:message:m m -> x
         xor x -> B ? ok
         user B -> e
         end e",
        "",
        &[
            "A",
            "return g A",
            "A",
            "message m",
            "return x A",
            "set ok=true",
            "A",
            "fire t",
            "B",
        ],
        expect![[r#"
            > start: entered s, left s, entered A, waits at A
            > A: left A, entered g, waits at g, timer t After("P1D")
            > return g A: withdrawn from g, entered A, waits at A, timer cancelled
            > A: left A, entered g, waits at g, timer t After("P1D")
            > message m: left g, entered m, left m, entered x, incident at x, timer cancelled, NoWayOut
            > return x A: withdrawn from x, entered A, waits at A
            > set ok=true: 
            > A: left A, entered g, waits at g, timer t After("P1D")
            > fire t: left g, entered t, left t, entered x, left x, entered B, waits at B
            > B: left B, entered e, left e, Completed
            = Completed
        "#]],
    );
}

#[test]
fn out_of_a_waiting_compensation() {
    check(
        "start s -> A
         user A -> B
         user B -> t
         boundary:compensate cb on B handler U
         user U undoing
         throw:compensate t -> e
         end e",
        "",
        &["A", "B", "return U A", "A", "B", "U"],
        expect![[r#"
            > start: entered s, left s, entered A, waits at A
            > A: left A, entered B, waits at B
            > B: left B, entered t, waits at t, entered U, waits at U
            > return U A: withdrawn from t, withdrawn from U, entered A, waits at A
            > A: left A, entered B, waits at B
            > B: left B, entered t, waits at t, entered U, waits at U
            > U: left U, left t, entered e, left e, Completed
            = Completed
        "#]],
    );
}
