//! Every command in every stage: what happens, or which rule refuses it.

use expect_test::expect;
use wuchuang_calendar::StopKind;

use super::bench::{
    Bench, complete, correction, deliver, licence, own, stop, terminate, usual_commands,
};
use crate::model::{CaseCommand, NotAcceptedGround, TerminationGround};

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
            after(accepted(), terminate(TerminationGround::Moot)),
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
    expect![[r#"
        == nothing
        submit: received
        claim: (case_unknown)
        release: (case_unknown)
        reassign: (case_unknown)
        notify_correction: (case_unknown)
        supply_correction: (case_unknown)
        accept: (case_unknown)
        accept_conditionally: (case_unknown)
        accept_and_grant: (case_unknown)
        deem_accepted: (case_unknown)
        refuse_acceptance: (case_unknown)
        transfer: (case_unknown)
        complete_review: (case_unknown)
        complete_audit: (case_unknown)
        return_to_review: (case_unknown)
        stop: (case_unknown)
        resume: (case_unknown)
        extend: (case_unknown)
        request_extension: (case_unknown)
        decline_extension: (case_unknown)
        remind: (case_unknown)
        supplement: (case_unknown)
        grant: (case_unknown)
        refuse: (case_unknown)
        record_licence: (case_unknown)
        deliver: (case_unknown)
        record_rating: (case_unknown)
        archive: (case_unknown)
        withdraw: (case_unknown)
        terminate: (case_unknown)
        say: (case_unknown)
        == examining
        submit: (case_exists)
        claim: claimed
        release: nothing
        reassign: reassigned
        notify_correction: correction_notified
        supply_correction: (wrong_stage)
        accept: accepted
        accept_conditionally: (material_given)
        accept_and_grant: (steps_open)
        deem_accepted: (window_open)
        refuse_acceptance: not_accepted
        transfer: transferred
        complete_review: (wrong_stage)
        complete_audit: (wrong_stage)
        return_to_review: (wrong_stage)
        stop: (wrong_stage)
        resume: (wrong_stage)
        extend: (wrong_stage)
        request_extension: (wrong_stage)
        decline_extension: (wrong_stage)
        remind: nothing
        supplement: (wrong_stage)
        grant: (wrong_stage)
        refuse: (wrong_stage)
        record_licence: (wrong_stage)
        deliver: (wrong_stage)
        record_rating: (not_over)
        archive: (wrong_stage)
        withdraw: withdrawn_v2
        terminate: terminated_v2
        say: said
        == correcting
        submit: (case_exists)
        claim: claimed
        release: nothing
        reassign: reassigned
        notify_correction: (receipt_rule)
        supply_correction: correction_supplied
        accept: (wrong_stage)
        accept_conditionally: (wrong_stage)
        accept_and_grant: (wrong_stage)
        deem_accepted: (wrong_stage)
        refuse_acceptance: not_accepted
        transfer: (wrong_stage)
        complete_review: (wrong_stage)
        complete_audit: (wrong_stage)
        return_to_review: (wrong_stage)
        stop: (wrong_stage)
        resume: (wrong_stage)
        extend: (wrong_stage)
        request_extension: (wrong_stage)
        decline_extension: (wrong_stage)
        remind: nothing
        supplement: (wrong_stage)
        grant: (wrong_stage)
        refuse: (wrong_stage)
        record_licence: (wrong_stage)
        deliver: (wrong_stage)
        record_rating: (not_over)
        archive: (wrong_stage)
        withdraw: withdrawn_v2
        terminate: terminated_v2
        say: said
        == review
        submit: (case_exists)
        claim: claimed
        release: nothing
        reassign: reassigned
        notify_correction: (receipt_rule)
        supply_correction: (wrong_stage)
        accept: (wrong_stage)
        accept_conditionally: (wrong_stage)
        accept_and_grant: (wrong_stage)
        deem_accepted: (wrong_stage)
        refuse_acceptance: (wrong_stage)
        transfer: (wrong_stage)
        complete_review: step_completed
        complete_audit: (step_not_current)
        return_to_review: (step_not_before)
        stop: clock_stopped
        resume: (clock_rule)
        extend: extended, deadline_moved
        request_extension: extension_requested
        decline_extension: (extension_not_asked)
        remind: nothing
        supplement: (nothing_owed)
        grant: (steps_open)
        refuse: (steps_open)
        record_licence: (wrong_stage)
        deliver: (wrong_stage)
        record_rating: (not_over)
        archive: (wrong_stage)
        withdraw: withdrawn_v2
        terminate: terminated_v2
        say: said
        == stopped
        submit: (case_exists)
        claim: claimed
        release: nothing
        reassign: reassigned
        notify_correction: (receipt_rule)
        supply_correction: (wrong_stage)
        accept: (wrong_stage)
        accept_conditionally: (wrong_stage)
        accept_and_grant: (wrong_stage)
        deem_accepted: (wrong_stage)
        refuse_acceptance: (wrong_stage)
        transfer: (wrong_stage)
        complete_review: (clock_stopped)
        complete_audit: (clock_stopped)
        return_to_review: (clock_stopped)
        stop: (clock_rule)
        resume: clock_resumed, deadline_moved
        extend: extended, deadline_moved
        request_extension: extension_requested
        decline_extension: (extension_not_asked)
        remind: nothing
        supplement: (nothing_owed)
        grant: (steps_open)
        refuse: (steps_open)
        record_licence: (wrong_stage)
        deliver: (wrong_stage)
        record_rating: (not_over)
        archive: (wrong_stage)
        withdraw: withdrawn_v2
        terminate: terminated_v2
        say: said
        == decision
        submit: (case_exists)
        claim: claimed
        release: nothing
        reassign: reassigned
        notify_correction: (receipt_rule)
        supply_correction: (wrong_stage)
        accept: (wrong_stage)
        accept_conditionally: (wrong_stage)
        accept_and_grant: (wrong_stage)
        deem_accepted: (wrong_stage)
        refuse_acceptance: (wrong_stage)
        transfer: (wrong_stage)
        complete_review: (step_not_current)
        complete_audit: (step_not_current)
        return_to_review: returned
        stop: clock_stopped
        resume: (clock_rule)
        extend: extended, deadline_moved
        request_extension: extension_requested
        decline_extension: (extension_not_asked)
        remind: nothing
        supplement: (nothing_owed)
        grant: decided
        refuse: decided
        record_licence: (wrong_stage)
        deliver: (wrong_stage)
        record_rating: (not_over)
        archive: (wrong_stage)
        withdraw: withdrawn_v2
        terminate: terminated_v2
        say: said
        == issuing
        submit: (case_exists)
        claim: claimed
        release: nothing
        reassign: reassigned
        notify_correction: (receipt_rule)
        supply_correction: (wrong_stage)
        accept: (wrong_stage)
        accept_conditionally: (wrong_stage)
        accept_and_grant: (wrong_stage)
        deem_accepted: (wrong_stage)
        refuse_acceptance: (wrong_stage)
        transfer: (wrong_stage)
        complete_review: (wrong_stage)
        complete_audit: (wrong_stage)
        return_to_review: (wrong_stage)
        stop: (wrong_stage)
        resume: (wrong_stage)
        extend: (wrong_stage)
        request_extension: (wrong_stage)
        decline_extension: (wrong_stage)
        remind: nothing
        supplement: (wrong_stage)
        grant: (wrong_stage)
        refuse: (wrong_stage)
        record_licence: licence_issued
        deliver: (wrong_stage)
        record_rating: (not_over)
        archive: (wrong_stage)
        withdraw: (wrong_stage)
        terminate: (wrong_stage)
        say: said
        == delivering
        submit: (case_exists)
        claim: claimed
        release: nothing
        reassign: reassigned
        notify_correction: (receipt_rule)
        supply_correction: (wrong_stage)
        accept: (wrong_stage)
        accept_conditionally: (wrong_stage)
        accept_and_grant: (wrong_stage)
        deem_accepted: (wrong_stage)
        refuse_acceptance: (wrong_stage)
        transfer: (wrong_stage)
        complete_review: (wrong_stage)
        complete_audit: (wrong_stage)
        return_to_review: (wrong_stage)
        stop: (wrong_stage)
        resume: (wrong_stage)
        extend: (wrong_stage)
        request_extension: (wrong_stage)
        decline_extension: (wrong_stage)
        remind: nothing
        supplement: (wrong_stage)
        grant: (wrong_stage)
        refuse: (wrong_stage)
        record_licence: (wrong_stage)
        deliver: delivered, closed
        record_rating: (not_over)
        archive: (wrong_stage)
        withdraw: (wrong_stage)
        terminate: (wrong_stage)
        say: said
        == closed
        submit: (case_exists)
        claim: (wrong_stage)
        release: nothing
        reassign: (wrong_stage)
        notify_correction: (receipt_rule)
        supply_correction: (wrong_stage)
        accept: (wrong_stage)
        accept_conditionally: (wrong_stage)
        accept_and_grant: (wrong_stage)
        deem_accepted: (wrong_stage)
        refuse_acceptance: (wrong_stage)
        transfer: (wrong_stage)
        complete_review: (wrong_stage)
        complete_audit: (wrong_stage)
        return_to_review: (wrong_stage)
        stop: (wrong_stage)
        resume: (wrong_stage)
        extend: (wrong_stage)
        request_extension: (wrong_stage)
        decline_extension: (wrong_stage)
        remind: nothing
        supplement: (wrong_stage)
        grant: (wrong_stage)
        refuse: (wrong_stage)
        record_licence: (wrong_stage)
        deliver: (wrong_stage)
        record_rating: rated
        archive: archived
        withdraw: (wrong_stage)
        terminate: (wrong_stage)
        say: (case_over)
        == not_accepted
        submit: (case_exists)
        claim: (wrong_stage)
        release: nothing
        reassign: (wrong_stage)
        notify_correction: (receipt_rule)
        supply_correction: (wrong_stage)
        accept: (wrong_stage)
        accept_conditionally: (wrong_stage)
        accept_and_grant: (wrong_stage)
        deem_accepted: (wrong_stage)
        refuse_acceptance: (wrong_stage)
        transfer: (wrong_stage)
        complete_review: (wrong_stage)
        complete_audit: (wrong_stage)
        return_to_review: (wrong_stage)
        stop: (wrong_stage)
        resume: (wrong_stage)
        extend: (wrong_stage)
        request_extension: (wrong_stage)
        decline_extension: (wrong_stage)
        remind: nothing
        supplement: (wrong_stage)
        grant: (wrong_stage)
        refuse: (wrong_stage)
        record_licence: (wrong_stage)
        deliver: (wrong_stage)
        record_rating: rated
        archive: archived
        withdraw: (wrong_stage)
        terminate: (wrong_stage)
        say: (case_over)
        == withdrawn
        submit: (case_exists)
        claim: (wrong_stage)
        release: nothing
        reassign: (wrong_stage)
        notify_correction: (receipt_rule)
        supply_correction: (wrong_stage)
        accept: (wrong_stage)
        accept_conditionally: (wrong_stage)
        accept_and_grant: (wrong_stage)
        deem_accepted: (wrong_stage)
        refuse_acceptance: (wrong_stage)
        transfer: (wrong_stage)
        complete_review: (wrong_stage)
        complete_audit: (wrong_stage)
        return_to_review: (wrong_stage)
        stop: (wrong_stage)
        resume: (wrong_stage)
        extend: (wrong_stage)
        request_extension: (wrong_stage)
        decline_extension: (wrong_stage)
        remind: nothing
        supplement: (wrong_stage)
        grant: (wrong_stage)
        refuse: (wrong_stage)
        record_licence: (wrong_stage)
        deliver: (wrong_stage)
        record_rating: rated
        archive: archived
        withdraw: (wrong_stage)
        terminate: (wrong_stage)
        say: (case_over)
        == terminated
        submit: (case_exists)
        claim: (wrong_stage)
        release: nothing
        reassign: (wrong_stage)
        notify_correction: (receipt_rule)
        supply_correction: (wrong_stage)
        accept: (wrong_stage)
        accept_conditionally: (wrong_stage)
        accept_and_grant: (wrong_stage)
        deem_accepted: (wrong_stage)
        refuse_acceptance: (wrong_stage)
        transfer: (wrong_stage)
        complete_review: (wrong_stage)
        complete_audit: (wrong_stage)
        return_to_review: (wrong_stage)
        stop: (wrong_stage)
        resume: (wrong_stage)
        extend: (wrong_stage)
        request_extension: (wrong_stage)
        decline_extension: (wrong_stage)
        remind: nothing
        supplement: (wrong_stage)
        grant: (wrong_stage)
        refuse: (wrong_stage)
        record_licence: (wrong_stage)
        deliver: (wrong_stage)
        record_rating: rated
        archive: archived
        withdraw: (wrong_stage)
        terminate: (wrong_stage)
        say: (case_over)
    "#]]
    .assert_eq(&table);
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
    expect![[r#"
        收件凭证 610924SPJU20261116000001 v1
        受理通知书 政务受〔2026〕2号 v2
        准予决定书 政务准〔2026〕3号 v5
        送达回证 政务达〔2026〕5号 v7"#]]
    .assert_eq(&notices.join("\n"));
}

#[test]
fn a_held_case_is_left_to_its_holder() {
    let mut bench = Bench::received();
    bench.must(CaseCommand::Claim);
    assert_eq!(bench.outcome(CaseCommand::Claim), "nothing");
    bench.actor = super::bench::staff(2);
    assert_eq!(bench.outcome(CaseCommand::Claim), "(case_held)");
    assert_eq!(bench.outcome(CaseCommand::Release), "(case_held)");
    let accept = || CaseCommand::Accept { conditional: None };
    assert_eq!(bench.outcome(accept()), "(case_held)");
    bench.actor = super::bench::staff(1);
    bench.must(accept());
    assert_eq!(
        bench.case().holder,
        None,
        "the next step is another person's"
    );
    assert_eq!(bench.outcome(CaseCommand::Claim), "claimed");
}

/// What still happens to a case that a colleague holds, in every stage: the applicant's deeds, the handing over, orders
/// about the time, and taking it out of the hand.
#[test]
fn only_the_holder_handles_a_held_case() {
    let mut table = String::new();
    for (stage, bench) in stages() {
        let mut held = bench.clone();
        if held.send(CaseCommand::Claim).is_err() {
            continue;
        }
        held.actor = super::bench::staff(3);
        let done: Vec<String> = usual_commands()
            .into_iter()
            .filter(|(_, command)| !matches!(command, CaseCommand::Submit(_)))
            .filter(|(_, command)| {
                held.clone()
                    .outcome(command.clone())
                    .chars()
                    .all(|sign| sign != '(')
            })
            .map(|(name, _)| name.to_owned())
            .collect();
        table.push_str(&format!("{stage}: {}\n", done.join(" ")));
    }
    expect![[r#"
        examining: reassign remind withdraw say
        correcting: reassign supply_correction remind withdraw say
        review: reassign stop extend remind withdraw say
        stopped: reassign resume extend remind withdraw say
        decision: reassign stop extend remind withdraw say
        issuing: reassign remind record_licence say
        delivering: reassign remind deliver say
    "#]]
    .assert_eq(&table);
}

#[test]
fn who_decides_takes_a_case_out_of_a_colleagues_hand_with_a_reason() {
    let mut bench = accepted();
    bench.must(CaseCommand::Claim);
    bench.actor = super::bench::staff(3);
    let reassign = |to: u128, reason: &str| CaseCommand::Reassign {
        to: wuchuang_kernel::PersonId::from_u128(to),
        reason: own(reason),
    };
    expect!["reason_missing @reason: 请写明为什么重新分派，例如：同事休假。"]
        .assert_eq(&bench.told(reassign(3, " ")));
    expect!["holder_same @person: 办件已经在这位同事手里。"]
        .assert_eq(&bench.told(reassign(1, "休假")));
    assert_eq!(bench.outcome(reassign(3, "同事休假。")), "reassigned");
    assert_eq!(bench.outcome(complete("review")), "step_completed");
    // What nobody holds is given to somebody in the same way.
    assert_eq!(bench.outcome(reassign(4, "请您核查。")), "reassigned");
    assert_eq!(bench.outcome(complete("audit")), "(case_held)");
    bench.actor = super::bench::staff(4);
    assert_eq!(bench.outcome(complete("audit")), "step_completed");
}

#[test]
fn the_system_gives_back_what_a_closed_account_held() {
    let mut bench = accepted();
    bench.must(CaseCommand::Claim);
    bench.actor = wuchuang_kernel::Actor::SYSTEM;
    assert_eq!(bench.outcome(CaseCommand::Release), "released");
    assert_eq!(bench.outcome(CaseCommand::Release), "nothing");
}
