//! 退回 of a process that has ended: whoever decides on the whole sends it back to a task.

use expect_test::expect;
use wuchuang_bpmn::{Event, Outcome, Refusal, Variables, advance, reopen_targets, start};

use crate::sketch::process;
use crate::story::Story;

const PARALLEL: &str = "start s -> A
    user A -> g
    and g -> B | C
    user B -> j
    user C -> j
    and j -> e
    end e";

#[test]
fn into_one_branch_keeps_what_the_other_found() {
    let process = process(PARALLEL);
    let told = Story::told(&process, "", &["A", "B", "C", "reopen B", "B"]);
    expect![[r#"
        > start: entered s, left s, entered A, waits at A
        > A: left A, entered g, left g, entered B, waits at B, entered C, waits at C
        > B: left B, arrived at j
        > C: left C, arrived at j, entered j, left j, entered e, left e, Completed
        > reopen B: arrived at j, entered B, waits at B
        > B: left B, arrived at j, entered j, left j, entered e, left e, Completed
        = Completed
    "#]]
    .assert_eq(&told);
}

#[test]
fn before_the_split_repeats_both() {
    let process = process(PARALLEL);
    let told = Story::told(&process, "", &["A", "C", "B", "reopen A", "A"]);
    expect![[r#"
        > start: entered s, left s, entered A, waits at A
        > A: left A, entered g, left g, entered B, waits at B, entered C, waits at C
        > C: left C, arrived at j
        > B: left B, arrived at j, entered j, left j, entered e, left e, Completed
        > reopen A: entered A, waits at A
        > A: left A, entered g, left g, entered B, waits at B, entered C, waits at C
        = B, C
    "#]]
    .assert_eq(&told);
}

#[test]
fn only_what_has_ended_and_was_done_is_taken_up_again() {
    let process = process(PARALLEL);
    let mut story = Story::begin(&process, "");
    let reopened = Event::Reopened { to: "A".into() };
    assert_eq!(reopen_targets(&process, &story.instance), []);
    assert_eq!(
        advance(&process, &story.instance, reopened.clone()),
        Err(Refusal::NotEnded)
    );
    for task in ["A", "C", "B"] {
        story.command(task);
    }
    let targets = reopen_targets(&process, &story.instance);
    assert_eq!(targets, ["B", "C", "A"].map(Into::into));
    let elsewhere = Event::Reopened { to: "j".into() };
    assert_eq!(
        advance(&process, &story.instance, elsewhere),
        Err(Refusal::NotEarlier("j".into()))
    );
    let begun = start(&process, Variables::new(), "1").unwrap().instance;
    let given_up = advance(&process, &begun, Event::Cancelled)
        .unwrap()
        .instance;
    assert_eq!(given_up.outcome(), Some(Outcome::Cancelled));
    assert_eq!(reopen_targets(&process, &given_up), []);
    assert_eq!(
        advance(&process, &given_up, reopened),
        Err(Refusal::AlreadyEnded)
    );
}
