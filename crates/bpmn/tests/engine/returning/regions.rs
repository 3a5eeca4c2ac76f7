//! Loops, inclusive branches and sub-processes.

use expect_test::expect;

use super::check;

#[test]
fn in_a_second_round_only_that_round_is_undone() {
    check(
        "start s -> m
         xor m -> g
         and g -> A | B
         user A -> A2
         user A2 -> j
         user B -> j
         and j -> C
         user C -> x
         xor x -> m ? again | e *
         end e",
        "",
        &[
            "A",
            "A2",
            "B",
            "C again=true",
            "A",
            "B",
            "return A2 A",
            "A",
            "A2",
            "return C B",
            "B",
            "C again=false",
        ],
        expect![[r#"
            > start: entered s, left s, entered m, left m, entered g, left g, entered A, waits at A, entered B, waits at B
            > A: left A, entered A2, waits at A2
            > A2: left A2, arrived at j
            > B: left B, arrived at j, entered j, left j, entered C, waits at C
            > C again=true: left C, entered x, left x, entered m, left m, entered g, left g, entered A, waits at A, entered B, waits at B
            > A: left A, entered A2, waits at A2
            > B: left B, arrived at j
            > return A2 A: withdrawn from A2, entered A, waits at A
            > A: left A, entered A2, waits at A2
            > A2: left A2, arrived at j, entered j, left j, entered C, waits at C
            > return C B: withdrawn from C, arrived at j, entered B, waits at B
            > B: left B, arrived at j, entered j, left j, entered C, waits at C
            > C again=false: left C, entered x, left x, entered e, left e, Completed
            = Completed
        "#]],
    );
}

#[test]
fn a_branch_of_an_earlier_round_gives_back_what_that_round_consumed() {
    check(
        "start s -> m
         xor m -> g
         and g -> x1 | B
         xor x1 -> P ? first | Q *
         user P -> y
         user Q -> y
         xor y -> j
         user B -> j
         and j -> C
         user C -> x
         xor x -> m ? again | e *
         end e",
        "first=true",
        &[
            "P",
            "B",
            "C again=true first=false",
            "Q",
            "B",
            "return C P",
            "P",
            "C again=false",
        ],
        expect![[r#"
            > start: entered s, left s, entered m, left m, entered g, left g, entered x1, left x1, entered P, waits at P, entered B, waits at B
            > P: left P, entered y, left y, arrived at j
            > B: left B, arrived at j, entered j, left j, entered C, waits at C
            > C again=true first=false: left C, entered x, left x, entered m, left m, entered g, left g, entered x1, left x1, entered Q, waits at Q, entered B, waits at B
            > Q: left Q, entered y, left y, arrived at j
            > B: left B, arrived at j, entered j, left j, entered C, waits at C
            > return C P: withdrawn from C, arrived at j, entered P, waits at P
            > P: left P, entered y, left y, arrived at j, entered j, left j, entered C, waits at C
            > C again=false: left C, entered x, left x, entered e, left e, Completed
            = Completed
        "#]],
    );
}

#[test]
fn out_of_inclusive_branches() {
    let sketch = "start s -> A
        user A -> g
        or g -> B ? b | C ? c | D *
        user B -> B2
        user B2 -> j
        user C -> j
        user D -> j
        or j -> E
        user E -> e
        end e";
    check(
        sketch,
        "b=true c=true",
        &[
            "A",
            "B",
            "C",
            "return B2 B",
            "B",
            "B2",
            "return E C",
            "C",
            "E",
        ],
        expect![[r#"
            > start: entered s, left s, entered A, waits at A
            > A: left A, entered g, left g, entered B, waits at B, entered C, waits at C
            > B: left B, entered B2, waits at B2
            > C: left C, arrived at j
            > return B2 B: withdrawn from B2, entered B, waits at B
            > B: left B, entered B2, waits at B2
            > B2: left B2, arrived at j, entered j, left j, entered E, waits at E
            > return E C: withdrawn from E, arrived at j, entered C, waits at C
            > C: left C, arrived at j, entered j, left j, entered E, waits at E
            > E: left E, entered e, left e, Completed
            = Completed
        "#]],
    );
    check(
        sketch,
        "b=true c=true",
        &["A", "B", "return C A", "set c=false", "A", "B", "B2", "E"],
        expect![[r#"
            > start: entered s, left s, entered A, waits at A
            > A: left A, entered g, left g, entered B, waits at B, entered C, waits at C
            > B: left B, entered B2, waits at B2
            > return C A: withdrawn from C, withdrawn from B2, entered A, waits at A
            > set c=false: 
            > A: left A, entered g, left g, entered B, waits at B
            > B: left B, entered B2, waits at B2
            > B2: left B2, arrived at j, entered j, left j, entered E, waits at E
            > E: left E, entered e, left e, Completed
            = Completed
        "#]],
    );
}

const SUB: &str = "start s -> A
    user A -> S
    sub S { -> D
      start i -> B
      user B -> g
      and g -> C1 | C2
      user C1 -> x
      user C2 -> x
      end x
    }
    boundary:timer:PT8H late on S -> L
    user L -> e
    user D -> e
    end e";

#[test]
fn out_of_a_sub_process() {
    check(
        SUB,
        "",
        &["A", "B", "C1", "return C2 A", "A", "B", "C1", "C2", "D"],
        expect![[r#"
        > start: entered s, left s, entered A, waits at A
        > A: left A, entered S, entered i, left i, entered B, waits at B, timer late After("PT8H")
        > B: left B, entered g, left g, entered C1, waits at C1, entered C2, waits at C2
        > C1: left C1, entered x, left x
        > return C2 A: withdrawn from S, withdrawn from C2, entered A, waits at A, timer cancelled
        > A: left A, entered S, entered i, left i, entered B, waits at B, timer late After("PT8H")
        > B: left B, entered g, left g, entered C1, waits at C1, entered C2, waits at C2
        > C1: left C1, entered x, left x
        > C2: left C2, entered x, left x, left S, entered D, waits at D, timer cancelled
        > D: left D, entered e, left e, Completed
        = Completed
    "#]],
    );
    check(
        SUB,
        "",
        &["A", "B", "return C2 B", "B", "C1", "C2", "D"],
        expect![[r#"
        > start: entered s, left s, entered A, waits at A
        > A: left A, entered S, entered i, left i, entered B, waits at B, timer late After("PT8H")
        > B: left B, entered g, left g, entered C1, waits at C1, entered C2, waits at C2
        > return C2 B: withdrawn from C1, withdrawn from C2, entered B, waits at B
        > B: left B, entered g, left g, entered C1, waits at C1, entered C2, waits at C2
        > C1: left C1, entered x, left x
        > C2: left C2, entered x, left x, left S, entered D, waits at D, timer cancelled
        > D: left D, entered e, left e, Completed
        = Completed
    "#]],
    );
    check(
        SUB,
        "",
        &[
            "A",
            "B",
            "C1",
            "C2",
            "return D B",
            "return D A",
            "A",
            "fire late",
            "return L A",
        ],
        expect![[r#"
            > start: entered s, left s, entered A, waits at A
            > A: left A, entered S, entered i, left i, entered B, waits at B, timer late After("PT8H")
            > B: left B, entered g, left g, entered C1, waits at C1, entered C2, waits at C2
            > C1: left C1, entered x, left x
            > C2: left C2, entered x, left x, left S, entered D, waits at D, timer cancelled
            > return D B: refused: NotEarlier(ElementId("B"))
            > return D A: withdrawn from D, entered A, waits at A
            > A: left A, entered S, entered i, left i, entered B, waits at B, timer late After("PT8H")
            > fire late: withdrawn from S, withdrawn from B, entered late, left late, entered L, waits at L
            > return L A: withdrawn from L, entered A, waits at A
            = A
        "#]],
    );
}
