//! A running case goes over to another drawing of its item.

use std::sync::Arc;

use expect_test::expect;

use super::{
    bench::own,
    drawn::{TWO_BRANCHES, back, check, claim, done, received, site, split, standing},
};
use crate::model::{CaseCommand, DrawnProcess};

/// The bench with another drawing of the item in force.
fn over(to: &str, reason: &str) -> CaseCommand {
    CaseCommand::MoveProcess {
        to: Some(Arc::new(DrawnProcess::read(to).unwrap())),
        version: 2,
        reason: own(reason),
    }
}

#[test]
fn a_running_case_goes_over_to_a_drawing_that_fits() {
    let mut bench = split();
    bench.must(claim("site"));
    let before = standing(&bench);
    let renamed = TWO_BRANCHES.replace("name=\"初审\"", "name=\"形式审查\"");
    assert_ne!(renamed, TWO_BRANCHES);
    check(
        &mut bench,
        over(&renamed, " "),
        expect![
            "reason_missing @reason: 请写明为什么转到现行的流程图，例如：办法修订，增加现场核查。"
        ],
    );
    check(
        &mut bench,
        over(TWO_BRANCHES, "办法修订。"),
        expect!["process_same: 这个办件已经按现行的流程图办理。"],
    );
    let without = TWO_BRANCHES.replace("\"papers\"", "\"documents\"");
    let told = bench.told(over(&without, "办法修订。"));
    assert!(
        told.starts_with("process_does_not_fit") && told.contains("papers"),
        "{told}"
    );
    check(
        &mut bench,
        over(&renamed, "办法修订。"),
        expect!["process_moved"],
    );
    assert_eq!(standing(&bench), before, "what is open stays as it was");
    assert_eq!(bench.case().drawing_version(), 2);
    // The old drawing moves it no more; the new one does.
    check(
        &mut bench,
        done("papers"),
        expect![
            "process_other: 随命令送来的流程图不是这个办件受理时的那一版，没有办理。请重试；仍不行请联系系统管理员。"
        ],
    );
    bench.process = Some(Arc::new(DrawnProcess::read(&renamed).unwrap()));
    bench.must(done("papers"));
    bench.must(site(true));
    let back_to = bench.told(back(None, "first"));
    assert!(!back_to.starts_with("process"), "{back_to}");
}

#[test]
fn before_acceptance_a_case_goes_over_without_a_position() {
    let mut bench = received();
    let renamed = TWO_BRANCHES.replace("name=\"初审\"", "name=\"形式审查\"");
    check(
        &mut bench,
        over(&renamed, "办法修订。"),
        expect!["process_moved"],
    );
    bench.process = Some(Arc::new(DrawnProcess::read(&renamed).unwrap()));
    bench.must(CaseCommand::Accept { conditional: None });
    assert_eq!(bench.case().step_name(), "形式审查");
}
