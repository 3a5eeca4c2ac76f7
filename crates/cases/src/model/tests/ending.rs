//! Decision, licence, delivery, withdrawal, termination, archive.

use expect_test::{Expect, expect};

use super::bench::{
    Bench, complete, deliver, instant_terms, licence, own, standard_terms, terminate,
};
use crate::model::{
    AtCounter, CaseCommand, CaseEvent, Delivered, DeliveryChoice, NoticeKind, TerminationGround,
};

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
        expect!["tracking_missing @tracking: 请填写运单号，申请人凭它查询。"],
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
fn the_result_goes_to_whom_it_belongs() {
    let mut bench = at_decision(DeliveryChoice::Counter);
    bench.must(grant());
    bench.must(CaseCommand::RecordLicence(licence()));
    let case = bench.case().clone();
    let told = |name: &str, on_behalf: bool, number: &str, authorisation: &str| {
        let given = AtCounter {
            name,
            on_behalf,
            number,
            authorisation,
        };
        match Delivered::at_counter(&case, &given) {
            Ok(delivered) => format!(
                "{} {}",
                delivered.name(),
                delivered.received_for(&case).unwrap_or_default()
            ),
            Err(refusals) => refusals
                .iter()
                .map(|refusal| {
                    format!(
                        "{} {}",
                        refusal.field.as_deref().unwrap_or("-"),
                        refusal.public
                    )
                })
                .collect::<Vec<_>>()
                .join(" | "),
        }
    };
    let number = "11010519491231002x";
    let table = [
        told(" 王小明 ", false, "", ""),
        told("", false, "", ""),
        told("陈二", false, "", ""),
        told("陈二", true, "", ""),
        told("陈二", true, "61092419900101002X", "original"),
        told("陈二", true, number, "said so"),
        told("陈二", true, number, "original"),
        told("李四", true, "1", ""),
        told("李四", true, number, ""),
    ];
    expect![[r#"
        窗口领取 
        receiver 请填写领取人姓名。
        receiver 领取人不是申请人本人：请勾选“代领”，并填写代领人身份证号。
        authorisation 请选择留存了哪种委托书：没有申请人的授权，不能代领。 | receiver_number 代领人：还没有填写身份证号码，请填好后再提交。
        receiver_number 代领人：这是申请人本人的身份证号。本人领取请取消“代领”，代领请填写代领人的。
        authorisation 请选择留存了哪种委托书：没有申请人的授权，不能代领。
        窗口代领 陈二（身份证号 11010519491231002X；授权委托书原件，已留存）（代领）
        receiver_number 代领人：身份证号码应是18位，现在是1位。请对照身份证，从左到右逐位核对后重新填写。
        窗口代领 李四（代理人，身份证号 11010519491231002X）"#]]
    .assert_eq(&table.join("\n"));
}

#[test]
fn a_command_in_the_older_form_obeys_the_same_rule() {
    let mut bench = at_decision(DeliveryChoice::Counter);
    bench.must(grant());
    bench.must(CaseCommand::RecordLicence(licence()));
    let older = |name: &str, on_behalf| {
        CaseCommand::Deliver(Delivered::Counter {
            receiver: own(name),
            on_behalf,
        })
    };
    check(
        &mut bench,
        older("陈二", false),
        expect![
            "receiver_other @receiver: 领取人不是申请人本人：请勾选“代领”，并填写代领人身份证号。"
        ],
    );
    check(
        &mut bench,
        older("陈二", true),
        expect![
            "authorisation_missing @authorisation: 请选择留存了哪种委托书：没有申请人的授权，不能代领。"
        ],
    );
    check(
        &mut bench,
        older("王小明", false),
        expect!["delivered, closed"],
    );
    let recorded = bench.events.iter().any(|(event, _)| {
        matches!(
            event,
            CaseEvent::Delivered {
                delivered: Delivered::CounterV2 { .. },
                ..
            }
        )
    });
    assert!(recorded, "the event does not say by which right");
}

#[test]
fn withdrawal_and_termination_end_whichever_clock_runs() {
    let withdraw = || CaseCommand::Withdraw { reason: own("") };
    let mut early = Bench::received();
    check(
        &mut early,
        terminate(TerminationGround::Other),
        expect![
            "termination_ground @ground: 还没有受理的办件，只有申请人死亡或终止、重复申请、没有必要或可能继续办理时才终止。材料不齐的请一次性告知补正，不符合受理条件的请不予受理。"
        ],
    );
    let mut gone = early.clone();
    check(
        &mut gone,
        terminate(TerminationGround::ApplicantGone),
        expect!["terminated_v2"],
    );
    assert!(gone.case().receipt.window(&gone.calendar).is_none());
    check(&mut early, withdraw(), expect!["withdrawn_v2"]);
    assert!(early.case().receipt.window(&early.calendar).is_none());
    let mut bench = at_decision(DeliveryChoice::Counter);
    let words = |reason: &str, basis: &str| CaseCommand::Terminate {
        ground: TerminationGround::Other,
        reason: own(reason),
        basis: basis.to_owned(),
    };
    check(
        &mut bench,
        words("", "《办法》"),
        expect!["reason_missing @reason: 请写明终止的理由，申请人会收到。"],
    );
    check(
        &mut bench,
        words("已注销。", " "),
        expect!["basis_missing @basis: 请写明终止的依据：法规名称和条款。"],
    );
    check(
        &mut bench,
        words("已注销。", &"长".repeat(501)),
        expect!["basis_too_long @basis: 依据最多写500字，请只写法规名称和条款。"],
    );
    check(
        &mut bench,
        words("已注销。", "《办法》第十六条"),
        expect!["terminated_v2"],
    );
    assert!(bench.case().clock.as_ref().unwrap().finished_at().is_some());
    assert_eq!(
        bench.case().notices.last().map(|notice| notice.kind),
        Some(NoticeKind::Termination)
    );
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
