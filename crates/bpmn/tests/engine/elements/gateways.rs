//! Gateways and joins.

use expect_test::expect;

use super::check;

#[test]
fn exclusive_takes_the_first_that_holds() {
    let sketch = "start s -> g
         xor g -> A ? n > 10 | B ? n > 5 | C *
         user A -> e
         user B -> e
         user C -> e
         end e";
    check(
        sketch,
        "n=11",
        &[],
        expect![[r#"
        > start: entered s, left s, entered g, left g, entered A, waits at A
        = A
    "#]],
    );
    check(
        sketch,
        "n=6",
        &[],
        expect![[r#"
        > start: entered s, left s, entered g, left g, entered B, waits at B
        = B
    "#]],
    );
    check(
        sketch,
        "",
        &[],
        expect![[r#"
        > start: entered s, left s, entered g, left g, entered C, waits at C
        = C
    "#]],
    );
}

#[test]
fn exclusive_without_a_way_out_is_an_incident() {
    check(
        "start s -> g
         xor g -> A ? n > 10 | B ? n > 5
         user A -> e
         user B -> e
         end e",
        "n=1",
        &["retry g", "set n=7", "retry g", "B"],
        expect![[r#"
            > start: entered s, left s, entered g, incident at g, NoWayOut
            > retry g: incident at g, NoWayOut
            > set n=7: 
            > retry g: left g, entered B, waits at B
            > B: left B, entered e, left e, Completed
            = Completed
        "#]],
    );
}

#[test]
fn parallel_splits_and_joins_once() {
    check(
        "start s -> g
         and g -> A | B | C
         user A -> j
         user B -> j
         user C -> j
         and j -> D
         user D -> e
         end e",
        "",
        &["B", "A", "C", "D"],
        expect![[r#"
            > start: entered s, left s, entered g, left g, entered A, waits at A, entered B, waits at B, entered C, waits at C
            > B: left B, arrived at j
            > A: left A, arrived at j
            > C: left C, arrived at j, entered j, left j, entered D, waits at D
            > D: left D, entered e, left e, Completed
            = Completed
        "#]],
    );
}

#[test]
fn inclusive_waits_for_what_was_chosen() {
    let sketch = "start s -> g
         or g -> A ? a | B ? b | C *
         user A -> j
         user B -> j
         user C -> j
         or j -> e
         end e";
    check(
        sketch,
        "a=true b=true",
        &["A", "B"],
        expect![[r#"
        > start: entered s, left s, entered g, left g, entered A, waits at A, entered B, waits at B
        > A: left A, arrived at j
        > B: left B, arrived at j, entered j, left j, entered e, left e, Completed
        = Completed
    "#]],
    );
    check(
        sketch,
        "a=true",
        &["A"],
        expect![[r#"
        > start: entered s, left s, entered g, left g, entered A, waits at A
        > A: left A, arrived at j, entered j, left j, entered e, left e, Completed
        = Completed
    "#]],
    );
    check(
        sketch,
        "",
        &["C"],
        expect![[r#"
        > start: entered s, left s, entered g, left g, entered C, waits at C
        > C: left C, arrived at j, entered j, left j, entered e, left e, Completed
        = Completed
    "#]],
    );
}

#[test]
fn inclusive_join_waits_for_a_token_in_a_loop() {
    check(
        "start s -> g
         or g -> A ? true | B ? true
         user A -> j
         user B -> x
         xor x -> B ? again | j *
         or j -> D
         user D -> e
         end e",
        "",
        &["A", "B again=true", "B again=false", "D"],
        expect![[r#"
            > start: entered s, left s, entered g, left g, entered A, waits at A, entered B, waits at B
            > A: left A, arrived at j
            > B again=true: left B, entered x, left x, entered B, waits at B
            > B again=false: left B, entered x, left x, arrived at j, entered j, left j, entered D, waits at D
            > D: left D, entered e, left e, Completed
            = Completed
        "#]],
    );
}

#[test]
fn a_join_that_can_never_fire_is_told_at_once() {
    check(
        "start s -> g
         xor g -> A ? a | B *
         user A -> j
         user B -> j
         and j -> e
         end e",
        "a=true",
        &["A", "return j A"],
        expect![[r#"
            > start: entered s, left s, entered g, left g, entered A, waits at A
            > A: left A, arrived at j, incident at j, StuckJoin
            > return j A: withdrawn from j, entered A, waits at A
            = A
        "#]],
    );
}

#[test]
fn surplus_tokens_at_a_join_wait_for_the_next_turn() {
    check(
        "start s -> g
         and g -> A | B
         user A -> m
         user B -> h
         and h -> m | C
         xor m -> j
         user C -> j
         and j -> e
         end e",
        "",
        &["A", "B", "C"],
        expect![[r#"
            > start: entered s, left s, entered g, left g, entered A, waits at A, entered B, waits at B
            > A: left A, entered m, left m, arrived at j
            > B: left B, entered h, left h, entered m, left m, arrived at j, entered C, waits at C
            > C: left C, arrived at j, entered j, left j, entered e, left e, incident at j, StuckJoin
            = j (Incident(StuckJoin))
        "#]],
    );
}
