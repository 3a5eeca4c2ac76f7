//! Parallel branches, one within the other.

use expect_test::expect;
use wuchuang_bpmn::return_targets;

use crate::sketch::process;
use crate::story::Story;

use super::check;

const PARALLEL: &str = "start s -> A
    user A -> g
    and g -> B1 | C1
    user B1 -> B2
    user B2 -> j
    user C1 -> C2
    user C2 -> j
    and j -> D
    user D -> e
    end e";

#[test]
fn within_a_branch_the_other_branch_stays() {
    check(
        PARALLEL,
        "",
        &["A", "B1", "C1", "return B2 B1", "C2", "B1", "B2", "D"],
        expect![[r#"
        > start: entered s, left s, entered A, waits at A
        > A: left A, entered g, left g, entered B1, waits at B1, entered C1, waits at C1
        > B1: left B1, entered B2, waits at B2
        > C1: left C1, entered C2, waits at C2
        > return B2 B1: withdrawn from B2, entered B1, waits at B1
        > C2: left C2, arrived at j
        > B1: left B1, entered B2, waits at B2
        > B2: left B2, arrived at j, entered j, left j, entered D, waits at D
        > D: left D, entered e, left e, Completed
        = Completed
    "#]],
    );
}

#[test]
fn to_before_the_split_all_branches_come_back() {
    check(
        PARALLEL,
        "",
        &[
            "A",
            "B1",
            "C1",
            "C2",
            "return B2 A",
            "A",
            "B1",
            "B2",
            "C1",
            "C2",
            "D",
        ],
        expect![[r#"
            > start: entered s, left s, entered A, waits at A
            > A: left A, entered g, left g, entered B1, waits at B1, entered C1, waits at C1
            > B1: left B1, entered B2, waits at B2
            > C1: left C1, entered C2, waits at C2
            > C2: left C2, arrived at j
            > return B2 A: withdrawn from B2, withdrawn from j, entered A, waits at A
            > A: left A, entered g, left g, entered B1, waits at B1, entered C1, waits at C1
            > B1: left B1, entered B2, waits at B2
            > B2: left B2, arrived at j
            > C1: left C1, entered C2, waits at C2
            > C2: left C2, arrived at j, entered j, left j, entered D, waits at D
            > D: left D, entered e, left e, Completed
            = Completed
        "#]],
    );
}

#[test]
fn from_behind_the_join_into_one_branch_the_others_opinion_stands() {
    check(
        PARALLEL,
        "",
        &["A", "B1", "B2", "C1", "C2", "return D C2", "C2", "D"],
        expect![[r#"
            > start: entered s, left s, entered A, waits at A
            > A: left A, entered g, left g, entered B1, waits at B1, entered C1, waits at C1
            > B1: left B1, entered B2, waits at B2
            > B2: left B2, arrived at j
            > C1: left C1, entered C2, waits at C2
            > C2: left C2, arrived at j, entered j, left j, entered D, waits at D
            > return D C2: withdrawn from D, arrived at j, entered C2, waits at C2
            > C2: left C2, arrived at j, entered j, left j, entered D, waits at D
            > D: left D, entered e, left e, Completed
            = Completed
        "#]],
    );
    check(
        PARALLEL,
        "",
        &["A", "B1", "B2", "C1", "C2", "return D B1", "B1", "B2", "D"],
        expect![[r#"
            > start: entered s, left s, entered A, waits at A
            > A: left A, entered g, left g, entered B1, waits at B1, entered C1, waits at C1
            > B1: left B1, entered B2, waits at B2
            > B2: left B2, arrived at j
            > C1: left C1, entered C2, waits at C2
            > C2: left C2, arrived at j, entered j, left j, entered D, waits at D
            > return D B1: withdrawn from D, arrived at j, entered B1, waits at B1
            > B1: left B1, entered B2, waits at B2
            > B2: left B2, arrived at j, entered j, left j, entered D, waits at D
            > D: left D, entered e, left e, Completed
            = Completed
        "#]],
    );
}

#[test]
fn from_behind_the_join_to_before_the_split() {
    check(
        PARALLEL,
        "",
        &[
            "A",
            "B1",
            "B2",
            "C1",
            "C2",
            "return D A",
            "A",
            "B1",
            "B2",
            "C1",
            "C2",
            "D",
        ],
        expect![[r#"
            > start: entered s, left s, entered A, waits at A
            > A: left A, entered g, left g, entered B1, waits at B1, entered C1, waits at C1
            > B1: left B1, entered B2, waits at B2
            > B2: left B2, arrived at j
            > C1: left C1, entered C2, waits at C2
            > C2: left C2, arrived at j, entered j, left j, entered D, waits at D
            > return D A: withdrawn from D, entered A, waits at A
            > A: left A, entered g, left g, entered B1, waits at B1, entered C1, waits at C1
            > B1: left B1, entered B2, waits at B2
            > B2: left B2, arrived at j
            > C1: left C1, entered C2, waits at C2
            > C2: left C2, arrived at j, entered j, left j, entered D, waits at D
            > D: left D, entered e, left e, Completed
            = Completed
        "#]],
    );
}

#[test]
fn while_a_branch_waits_at_the_join() {
    check(
        PARALLEL,
        "",
        &["A", "B1", "B2", "return j B1", "C1", "C2", "B1", "B2", "D"],
        expect![[r#"
            > start: entered s, left s, entered A, waits at A
            > A: left A, entered g, left g, entered B1, waits at B1, entered C1, waits at C1
            > B1: left B1, entered B2, waits at B2
            > B2: left B2, arrived at j
            > return j B1: withdrawn from j, entered B1, waits at B1
            > C1: left C1, entered C2, waits at C2
            > C2: left C2, arrived at j
            > B1: left B1, entered B2, waits at B2
            > B2: left B2, arrived at j, entered j, left j, entered D, waits at D
            > D: left D, entered e, left e, Completed
            = Completed
        "#]],
    );
}

#[test]
fn across_branches_is_refused() {
    check(
        PARALLEL,
        "",
        &[
            "A",
            "B1",
            "C1",
            "return C2 B1",
            "return B2 D",
            "return B2 g",
            "return B2 nowhere",
            "return Z A",
        ],
        expect![[r#"
            > start: entered s, left s, entered A, waits at A
            > A: left A, entered g, left g, entered B1, waits at B1, entered C1, waits at C1
            > B1: left B1, entered B2, waits at B2
            > C1: left C1, entered C2, waits at C2
            > return C2 B1: refused: NotEarlier(ElementId("B1"))
            > return B2 D: refused: NotEarlier(ElementId("D"))
            > return B2 g: refused: NotEarlier(ElementId("g"))
            > return B2 nowhere: refused: UnknownElement(ElementId("nowhere"))
            > return Z A: refused: TaskGone(TaskId(0))
            = B2, C2
        "#]],
    );
}

#[test]
fn out_of_nested_parallel_regions() {
    let sketch = "start s -> A
        user A -> g
        and g -> B | h
        user B -> j
        and h -> C | D
        user C -> k
        user D -> k
        and k -> E
        user E -> j
        and j -> F
        user F -> e
        end e";
    check(
        sketch,
        "",
        &["A", "C", "D", "E", "B", "return F C", "C", "E", "F"],
        expect![[r#"
            > start: entered s, left s, entered A, waits at A
            > A: left A, entered g, left g, entered B, waits at B, entered h, left h, entered C, waits at C, entered D, waits at D
            > C: left C, arrived at k
            > D: left D, arrived at k, entered k, left k, entered E, waits at E
            > E: left E, arrived at j
            > B: left B, arrived at j, entered j, left j, entered F, waits at F
            > return F C: withdrawn from F, arrived at k, arrived at j, entered C, waits at C
            > C: left C, arrived at k, entered k, left k, entered E, waits at E
            > E: left E, arrived at j, entered j, left j, entered F, waits at F
            > F: left F, entered e, left e, Completed
            = Completed
        "#]],
    );
    check(
        sketch,
        "",
        &["A", "C", "return D A", "A", "B", "C", "D", "E", "F"],
        expect![[r#"
        > start: entered s, left s, entered A, waits at A
        > A: left A, entered g, left g, entered B, waits at B, entered h, left h, entered C, waits at C, entered D, waits at D
        > C: left C, arrived at k
        > return D A: withdrawn from B, withdrawn from D, withdrawn from k, entered A, waits at A
        > A: left A, entered g, left g, entered B, waits at B, entered h, left h, entered C, waits at C, entered D, waits at D
        > B: left B, arrived at j
        > C: left C, arrived at k
        > D: left D, arrived at k, entered k, left k, entered E, waits at E
        > E: left E, arrived at j, entered j, left j, entered F, waits at F
        > F: left F, entered e, left e, Completed
        = Completed
    "#]],
    );
}

#[test]
fn the_targets_are_listed_latest_first() {
    let process = process(PARALLEL);
    let mut story = Story::begin(&process, "");
    for command in ["A", "B1", "C1", "C2"] {
        story.command(command);
    }
    let targets = |element: &str| {
        let ids = return_targets(&process, &story.instance, story.task(element));
        ids.iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join(", ")
    };
    expect!["B1, A"].assert_eq(&targets("B2"));
    expect!["C2, C1, A"].assert_eq(&targets("j"));
}
