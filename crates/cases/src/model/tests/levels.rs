//! 逐级审批: nothing is granted while a level does not agree, and what a 退回 took back counts no more.

use expect_test::{Expect, expect};

use super::{
    bench::{Bench, complete, own},
    drawn::{back, done, site, split},
};
use crate::model::{CaseCommand, Verdict, standing_levels};

fn grant() -> CaseCommand {
    CaseCommand::Grant {
        opinion: own("符合条件。"),
    }
}

fn against(command: CaseCommand) -> CaseCommand {
    match command {
        CaseCommand::CompleteStep { step, opinion, .. } => CaseCommand::CompleteStep {
            step,
            opinion,
            agrees: false,
        },
        CaseCommand::CompleteTask {
            task,
            opinion,
            answers,
            ..
        } => CaseCommand::CompleteTask {
            task,
            opinion,
            answers,
            agrees: false,
        },
        other => other,
    }
}

fn back_to(step: &str) -> CaseCommand {
    CaseCommand::ReturnToStep {
        step: step.to_owned(),
        reason: own("请再核查。"),
    }
}

fn levels(bench: &Bench) -> String {
    let levels = standing_levels(bench.case()).into_iter();
    let told = levels.map(|opinion| {
        let verdict = opinion.verdict.map_or("", Verdict::name);
        format!("{}{verdict}", opinion.step_name)
    });
    told.collect::<Vec<_>>().join("、")
}

fn check(bench: &mut Bench, command: CaseCommand, expected: Expect) {
    expected.assert_eq(&bench.told(command));
}

#[test]
fn a_step_that_does_not_agree_holds_the_decision_until_it_does() {
    let mut bench = Bench::received();
    bench.must(CaseCommand::Accept { conditional: None });
    bench.must(against(complete("review")));
    bench.must(complete("audit"));
    check(
        &mut bench,
        grant(),
        expect![
            "level_disagrees: “审查”不同意，不能准予，也不能用印。请退回这个环节重新审查，或作出不予决定。"
        ],
    );
    bench.must(back_to("review"));
    bench.must(complete("review"));
    bench.must(against(complete("audit")));
    assert_eq!(bench.case().levels_against(), ["审核"]);
    bench.must(back_to("audit"));
    bench.must(complete("audit"));
    assert_eq!(levels(&bench), "审查同意、审核同意");
    bench.must(grant());
    assert_eq!(levels(&bench), "审查同意、审核同意、决定同意");
}

#[test]
fn a_refusal_needs_no_agreement() {
    let mut bench = Bench::received();
    bench.must(CaseCommand::Accept { conditional: None });
    bench.must(against(complete("review")));
    bench.must(complete("audit"));
    bench.must(CaseCommand::Refuse {
        reason: own("现场不符合要求。"),
        basis: "《食品安全法》第三十五条".to_owned(),
    });
    assert_eq!(levels(&bench), "审查不同意、审核同意、决定不同意");
}

#[test]
fn in_a_drawing_a_branch_that_does_not_agree_stands_until_it_is_done_again() {
    let mut bench = split();
    bench.must(site(true));
    bench.must(against(done("papers")));
    assert_eq!(bench.case().levels_against(), ["材料审查"]);
    // Only the other branch again: what was said here stands.
    bench.must(back(None, "site"));
    bench.must(site(true));
    check(
        &mut bench,
        grant(),
        expect![
            "level_disagrees: “材料审查”不同意，不能准予，也不能用印。请退回这个环节重新审查，或作出不予决定。"
        ],
    );
    bench.must(back(None, "papers"));
    bench.must(done("papers"));
    bench.must(grant());
}

#[test]
fn a_level_that_the_second_way_does_without_counts_no_more() {
    let mut bench = split();
    bench.must(site(false));
    bench.must(done("papers"));
    bench.must(against(done("head")));
    assert_eq!(bench.case().levels_against(), ["集体会审"]);
    // The answers of the form are those of a shop that needs no such meeting once its premises are clean.
    bench.must(back(None, "site"));
    bench.must(site(true));
    let over = bench.case().drawn().unwrap();
    assert!(over.is_over);
    assert_eq!(over.undone.len(), 1);
    assert!(bench.case().levels_against().is_empty());
    bench.must(grant());
}

#[test]
fn a_case_from_before_levels_were_asked_has_none() {
    let opinion = serde_json::json!({
        "step": "review", "step_name": "审查", "text": serde_json::to_value(own("属实。")).unwrap(),
        "by": serde_json::to_value(super::bench::staff(2)).unwrap(), "at": "2026-11-20T02:00:00Z",
    });
    let read: crate::model::Opinion = serde_json::from_value(opinion).unwrap();
    assert_eq!(read.verdict, None);
}
