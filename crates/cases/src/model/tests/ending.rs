//! Decision, licence, delivery, withdrawal, termination, archive.

use expect_test::{Expect, expect};

use super::bench::{Bench, complete, deliver, instant_terms, licence, own, standard_terms};
use crate::model::{CaseCommand, Delivered, DeliveryChoice};

fn check(bench: &mut Bench, command: CaseCommand, expected: Expect) {
    expected.assert_eq(&bench.told(command));
}

fn grant() -> CaseCommand {
    CaseCommand::Grant {
        opinion: own("同意。"),
    }
}

fn at_decision(delivery: DeliveryChoice) -> Bench {
    let mut bench = Bench::with(standard_terms(), &["m1", "m2"], delivery);
    bench.must(CaseCommand::Accept { conditional: None });
    bench.must(complete("review"));
    bench.must(complete("audit"));
    bench
}

#[test]
fn an_instant_item_is_settled_in_one_sitting() {
    let mut bench = Bench::with(instant_terms(), &["m1", "m2"], DeliveryChoice::Counter);
    let command = CaseCommand::AcceptAndGrant {
        opinion: own("当场核验，同意。"),
    };
    check(&mut bench, command, expect!["accepted, decided"]);
    assert_eq!(bench.case().stage.code(), "delivering");
    let finished = bench.case().clock.as_ref().unwrap().finished_at();
    assert_eq!(finished, Some(bench.now));
}

#[test]
fn an_item_with_steps_is_not_settled_in_one_sitting() {
    let mut bench = Bench::received();
    let command = CaseCommand::AcceptAndGrant {
        opinion: own("同意。"),
    };
    check(
        &mut bench,
        command,
        expect!["steps_open: “审查”环节还没有完成，不能作出决定。"],
    );
    assert_eq!(
        bench.case().stage.code(),
        "examining",
        "nothing of it was done"
    );
}

#[test]
fn electronic_delivery_closes_by_itself() {
    let mut instant = Bench::with(instant_terms(), &["m1", "m2"], DeliveryChoice::Electronic);
    let command = CaseCommand::AcceptAndGrant {
        opinion: own("同意。"),
    };
    check(
        &mut instant,
        command,
        expect!["accepted, decided, delivered, closed"],
    );
    let mut bench = at_decision(DeliveryChoice::Electronic);
    check(&mut bench, grant(), expect!["decided"]);
    check(
        &mut bench,
        CaseCommand::RecordLicence(licence()),
        expect!["licence_issued, delivered, closed"],
    );
    assert_eq!(bench.case().licence().unwrap().number, "JY26109240012345");
    let mut refused = at_decision(DeliveryChoice::Electronic);
    let refuse = CaseCommand::Refuse {
        reason: own("布局不合理。"),
        basis: "《办法》第十二条".to_owned(),
    };
    check(&mut refused, refuse, expect!["decided, delivered, closed"]);
}

#[test]
fn a_refusal_needs_reason_and_basis() {
    let mut bench = at_decision(DeliveryChoice::Counter);
    let refuse = |reason: &str, basis: &str| CaseCommand::Refuse {
        reason: own(reason),
        basis: basis.to_owned(),
    };
    check(
        &mut bench,
        refuse("", "《办法》"),
        expect![
            "reason_missing @reason: 请写明不予的理由（《行政许可法》第三十八条：应当说明理由）。"
        ],
    );
    check(
        &mut bench,
        refuse("布局不合理。", " "),
        expect!["basis_missing @basis: 请写明法律依据：法规名称和条款。"],
    );
    check(
        &mut bench,
        refuse(&"长".repeat(2_001), "《办法》"),
        expect!["reason_too_long @reason: 最多写2000字，请精简。"],
    );
    check(&mut bench, grant(), expect!["decided"]);
}

#[test]
fn a_delivery_names_who_or_how() {
    let mut bench = at_decision(DeliveryChoice::Counter);
    bench.must(grant());
    bench.must(CaseCommand::RecordLicence(licence()));
    let nobody = Delivered::Counter {
        receiver: own(""),
        on_behalf: true,
    };
    check(
        &mut bench,
        CaseCommand::Deliver(nobody),
        expect!["receiver_missing @receiver: 请填写领取人姓名。"],
    );
    let unknown = Delivered::Post {
        carrier: "中国邮政".to_owned(),
        tracking: String::new(),
    };
    check(
        &mut bench,
        CaseCommand::Deliver(unknown),
        expect!["tracking_missing @tracking: 请填写快递公司和运单号。"],
    );
    check(&mut bench, deliver(), expect!["delivered, closed"]);
    check(&mut bench, CaseCommand::RecordRating, expect!["rated"]);
    check(
        &mut bench,
        CaseCommand::RecordRating,
        expect!["rated_before: 这次服务已经评价过了，谢谢您。"],
    );
    check(&mut bench, CaseCommand::Archive, expect!["archived"]);
    check(&mut bench, CaseCommand::Archive, expect!["nothing"]);
}

#[test]
fn withdrawal_and_termination_end_whichever_clock_runs() {
    let withdraw = || CaseCommand::Withdraw { reason: own("") };
    let mut early = Bench::received();
    check(
        &mut early,
        CaseCommand::Terminate {
            reason: own("已注销。"),
        },
        expect!["wrong_stage: 现在是“待受理”环节，不能终止。请刷新页面查看最新情况。"],
    );
    check(&mut early, withdraw(), expect!["withdrawn"]);
    assert!(early.case().receipt.window(&early.calendar).is_none());
    let mut bench = at_decision(DeliveryChoice::Counter);
    check(
        &mut bench,
        CaseCommand::Terminate { reason: own("") },
        expect!["reason_missing @reason: 请写明终止的理由，申请人会收到。"],
    );
    check(
        &mut bench,
        CaseCommand::Terminate {
            reason: own("已注销。"),
        },
        expect!["terminated"],
    );
    assert!(bench.case().clock.as_ref().unwrap().finished_at().is_some());
    let mut decided = at_decision(DeliveryChoice::Counter);
    decided.must(grant());
    check(
        &mut decided,
        withdraw(),
        expect!["wrong_stage: 现在是“制证”环节，不能撤回。请刷新页面查看最新情况。"],
    );
}

#[test]
fn lines_have_limits() {
    let mut bench = Bench::received();
    let say = |text: &str| CaseCommand::Say { text: own(text) };
    check(
        &mut bench,
        say("  "),
        expect!["line_empty @text: 请先写下要说的话，再发送。"],
    );
    check(
        &mut bench,
        say(&"字".repeat(1_001)),
        expect!["line_too_long @text: 一次最多写1000字，请分几次发送。"],
    );
    for _ in 0..200 {
        bench.must(say("您好"));
    }
    check(
        &mut bench,
        say("您好"),
        expect!["lines_too_many: 这个办件的留言已达200条，请拨打窗口电话联系。"],
    );
    let mut over = Bench::received();
    over.must(CaseCommand::Withdraw { reason: own("") });
    check(
        &mut over,
        say("您好"),
        expect![
            "case_over: 办件已经办结，不能再留言。有问题请拨打窗口电话；要重新办理，请另行申请。"
        ],
    );
}
