//! Moving running instances to another version.

use expect_test::{Expect, expect};
use wuchuang_bpmn::migrate;

use crate::sketch::process;
use crate::story::Story;

const OLD: &str = "start s -> A
    user A -> g
    and g -> B | S
    user B -> m
    boundary:timer:P1D late on B -> m
    xor m -> j
    sub S { -> j
      start i -> C
      user C -> x
      end x
    }
    and j -> D
    user D -> e
    end e";

fn check(new: &str, before: &[&str], after: &[&str], expected: Expect) {
    let (from, to) = (process(OLD), process(new));
    let mut story = Story::begin(&from, "");
    for command in before {
        story.command(command);
    }
    let told = match migrate(&from, &to, &story.instance) {
        Ok(instance) => {
            let mut moved = Story {
                process: &to,
                instance,
                told: String::new(),
                entered: story.entered.clone(),
                outside: story.outside.clone(),
            };
            for command in after {
                moved.command(command);
            }
            moved.finished()
        }
        Err(problems) => {
            let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
            lines.join("\n")
        }
    };
    expected.assert_eq(&told);
}

#[test]
fn an_instance_goes_on_in_a_version_with_more_in_it() {
    let new = "start s -> N
        user N -> A
        user A -> g
        and g -> B | S
        user B -> m
        boundary:timer:P1D late on B -> m
        xor m -> j
        sub S { -> j
          start i -> C
          user C -> C2
          user C2 -> x
          end x
        }
        and j -> D
        user D -> E
        user E -> e
        end e";
    check(
        new,
        &["A"],
        &["B", "return C A", "A", "C", "C2", "fire late", "D", "E"],
        expect![[r#"
        > B: left B, entered m, left m, arrived at j, timer cancelled
        > return C A: withdrawn from S, withdrawn from C, withdrawn from j, entered A, waits at A
        > A: left A, entered g, left g, entered B, waits at B, entered S, entered i, left i, entered C, waits at C, timer late After("P1D")
        > C: left C, entered C2, waits at C2
        > C2: left C2, entered x, left x, left S, arrived at j
        > fire late: withdrawn from B, entered late, left late, entered m, left m, arrived at j, entered j, left j, entered D, waits at D
        > D: left D, entered E, waits at E
        > E: left E, entered e, left e, Completed
        = Completed
    "#]],
    );
}

#[test]
fn what_stands_in_the_way_is_told() {
    let new = "start s -> A
        user A -> g
        and g -> B | C
        manual B -> j
        service C -> j
        and j -> D
        user D -> e
        end e";
    check(
        new,
        &["A"],
        &[],
        expect![[r#"
            “B”正在办理，而新版改了它的边界事件；请先办过这一步
            “C”在新版里换了位置，或变成了别的（服务任务）；请先办过这一步
            新版里没有子流程“S”；请先办过这一步，或在新版里保留它
            新版里没有边界事件“late”；请先办过这一步，或在新版里保留它"#]],
    );
    check(
        new,
        &[],
        &["A", "B", "C", "D"],
        expect![[r#"
        > A: left A, entered g, left g, entered B, waits at B, entered C, waits at C
        > B: left B, arrived at j
        > C: left C, arrived at j, entered j, left j, entered D, waits at D
        > D: left D, entered e, left e, Completed
        = Completed
    "#]],
    );
}

#[test]
fn a_past_without_counterpart_only_shortens_the_way_back() {
    let new = "start s -> g
        and g -> B | S
        user B -> m
        boundary:timer:P1D late on B -> m
        xor m -> j
        sub S { -> j
          start i -> C
          user C -> x
          end x
        }
        and j -> D
        user D -> e
        end e";
    check(
        new,
        &["A", "B", "C"],
        &["return D A", "return D B", "B", "D"],
        expect![[r#"
        > return D A: refused: UnknownElement(ElementId("A"))
        > return D B: withdrawn from D, arrived at j, entered B, waits at B, timer late After("P1D")
        > B: left B, entered m, left m, arrived at j, entered j, left j, entered D, waits at D, timer cancelled
        > D: left D, entered e, left e, Completed
        = Completed
    "#]],
    );
}
