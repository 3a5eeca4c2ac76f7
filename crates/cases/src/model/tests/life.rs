//! Every command in every stage: what happens, or which rule refuses it.

use expect_test::expect;
use wuchuang_calendar::StopKind;

use super::bench::{Bench, complete, correction, deliver, licence, own, stop, usual_commands};
use crate::model::{CaseCommand, NotAcceptedGround};

fn accepted() -> Bench {
    let mut bench = Bench::received();
    bench.must(CaseCommand::Accept { conditional: None });
    bench
}

fn at_decision() -> Bench {
    let mut bench = accepted();
    bench.must(complete("review"));
    bench.must(complete("audit"));
    bench
}

fn issuing() -> Bench {
    let mut bench = at_decision();
    bench.must(CaseCommand::Grant {
        opinion: own("同意。"),
    });
    bench
}

fn delivering() -> Bench {
    let mut bench = issuing();
    bench.must(CaseCommand::RecordLicence(licence()));
    bench
}

/// A case in each stage, with the name of the stage.
pub(super) fn stages() -> Vec<(&'static str, Bench)> {
    let after = |mut bench: Bench, command: CaseCommand| {
        bench.must(command);
        bench
    };
    let refuse = CaseCommand::RefuseAcceptance {
        ground: NotAcceptedGround::Other,
        reason: own("不符合受理条件。"),
    };
    vec![
        ("nothing", Bench::new()),
        ("examining", Bench::received()),
        (
            "correcting",
            after(Bench::received(), correction(&["material:m2"])),
        ),
        ("review", accepted()),
        ("stopped", after(accepted(), stop(StopKind::Hearing))),
        ("decision", at_decision()),
        ("issuing", issuing()),
        ("delivering", delivering()),
        ("closed", after(delivering(), deliver())),
        ("not_accepted", after(Bench::received(), refuse)),
        (
            "withdrawn",
            after(accepted(), CaseCommand::Withdraw { reason: own("") }),
        ),
        (
            "terminated",
            after(
                accepted(),
                CaseCommand::Terminate {
                    reason: own("已注销。"),
                },
            ),
        ),
    ]
}

#[test]
fn every_command_in_every_stage() {
    let mut table = String::new();
    for (stage, bench) in stages() {
        table.push_str(&format!("== {stage}\n"));
        for (name, command) in usual_commands() {
            let outcome = bench.clone().outcome(command);
            table.push_str(&format!("{name}: {outcome}\n"));
        }
    }
    expect![[r#""#]].assert_eq(&table);
}

#[test]
fn a_whole_life_ends_in_the_archive() {
    let mut bench = delivering();
    bench.must(deliver());
    bench.must(CaseCommand::RecordRating);
    bench.later(30);
    bench.must(CaseCommand::Archive);
    let case = bench.case();
    assert!(case.rated && case.archived && case.stage.is_over());
    let notices: Vec<String> = case
        .notices
        .iter()
        .map(|notice| {
            format!(
                "{} {} v{}",
                notice.kind.name(),
                notice.number,
                notice.version
            )
        })
        .collect();
    expect![[r#""#]].assert_eq(&notices.join("\n"));
}

#[test]
fn a_held_case_is_left_to_its_holder() {
    let mut bench = Bench::received();
    bench.must(CaseCommand::Claim);
    assert_eq!(bench.outcome(CaseCommand::Claim), "nothing");
    bench.actor = super::bench::staff(2);
    assert_eq!(bench.outcome(CaseCommand::Claim), "(case_held)");
    assert_eq!(bench.outcome(CaseCommand::Release), "(case_held)");
    bench.must(CaseCommand::Accept { conditional: None });
    assert_eq!(
        bench.case().holder,
        None,
        "the next step is another person's"
    );
    assert_eq!(bench.outcome(CaseCommand::Claim), "claimed");
}
