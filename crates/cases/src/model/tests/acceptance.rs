//! Receipt, correction, acceptance, acceptance by law (行政许可法 art. 32).

use expect_test::{Expect, expect};
use wuchuang_kernel::china_date;

use super::bench::{
    Bench, conditional, correction, instant_terms, material, own, standard_terms, submission,
};
use crate::model::{
    CaseCommand, CaseEvent, Conditional, DeliveryChoice, ItemTerms, NotAcceptedGround, Stage,
};

fn check(bench: &mut Bench, command: CaseCommand, expected: Expect) {
    expected.assert_eq(&bench.told(command));
}

fn conditionally(materials: &[&str], days: u16) -> CaseCommand {
    CaseCommand::Accept {
        conditional: Some(conditional(materials, days)),
    }
}

#[test]
fn the_number_names_county_department_day_and_serial() {
    let bench = Bench::received();
    assert_eq!(bench.case().number, "610924SPJU20261116000001");
    assert_eq!(bench.case().notices[0].number, bench.case().number);
}

#[test]
fn an_application_without_a_name_or_with_foreign_materials_is_refused() {
    let CaseCommand::Submit(mut nameless) =
        submission(standard_terms(), &["m1"], DeliveryChoice::Counter)
    else {
        unreachable!()
    };
    nameless.applicant.name = own("  ");
    check(
        &mut Bench::new(),
        CaseCommand::Submit(nameless),
        expect!["applicant_name @applicant_name: 请填写申请人姓名或单位名称。"],
    );
    check(
        &mut Bench::new(),
        submission(standard_terms(), &["m9"], DeliveryChoice::Counter),
        expect![
            "material_unknown @materials: “材料m9”不是这个事项要求的材料，请从材料清单中选择。"
        ],
    );
    let many = vec!["m3"; 51];
    check(
        &mut Bench::new(),
        submission(standard_terms(), &many, DeliveryChoice::Counter),
        expect!["files_too_many @materials: 一个办件最多50个文件，请把多页合并成一个PDF后上传。"],
    );
}

#[test]
fn silence_for_five_working_days_is_acceptance_as_of_receipt() {
    let mut bench = Bench::received();
    bench.later(7);
    check(
        &mut bench,
        CaseCommand::DeemAccepted,
        expect!["window_open: 五个工作日的审查期限还没有届满，不能视为受理。"],
    );
    bench.later(1);
    check(
        &mut bench,
        correction(&["material:m2"]),
        expect![
            "receipt_rule: 补正告知期限已于 2026-11-23 届满，未告知，依《行政许可法》第三十二条，自 2026-11-16 收到材料之日起即为受理。请按受理办理。"
        ],
    );
    check(&mut bench, CaseCommand::DeemAccepted, expect!["accepted"]);
    let case = bench.case();
    let clock = case.clock.as_ref().unwrap();
    assert_eq!(clock.started_at(), case.received_at);
    assert_eq!(case.stage.code(), "review");
    check(
        &mut bench,
        CaseCommand::DeemAccepted,
        expect!["wrong_stage: 现在是“审查”环节，不能视为受理。请刷新页面查看最新情况。"],
    );
}

#[test]
fn a_late_acceptance_dates_from_receipt_too() {
    let mut bench = Bench::received();
    bench.later(9);
    bench.must(CaseCommand::Accept { conditional: None });
    let started = bench.case().clock.as_ref().unwrap().started_at();
    assert_eq!(china_date(started).to_string(), "2026-11-16");
}

#[test]
fn defects_are_told_once() {
    let mut bench = Bench::received();
    check(
        &mut bench,
        correction(&[]),
        expect!["defects @defects: 请列出全部需要补正的内容（1至100项），一次告知。"],
    );
    bench.must(correction(&["material:m1", "material:m2"]));
    check(
        &mut bench,
        correction(&["material:m1"]),
        expect!["receipt_rule: 已发出补正告知，申请人尚未补正，不能再次告知。补正内容须一次告知。"],
    );
    check(
        &mut bench,
        CaseCommand::SupplyCorrection {
            answers: None,
            materials: Vec::new(),
            counted: None,
        },
        expect!["correction_empty: 请按告知书补充材料或修改表单后再提交。"],
    );
    bench.must(CaseCommand::SupplyCorrection {
        answers: None,
        materials: vec![material("m2")],
        counted: None,
    });
    assert_eq!(bench.case().materials.len(), 2, "m2 was replaced");
    check(
        &mut bench,
        correction(&["material:m3"]),
        expect![
            "receipt_rule: “健康证明”不在首次补正告知书中。补正须一次告知全部内容（《行政许可法》第三十二条），不能新增；请只保留仍未补正的内容，或予以受理。"
        ],
    );
    check(
        &mut bench,
        correction(&["material:m1"]),
        expect!["correction_notified"],
    );
}

#[test]
fn acceptance_needs_every_required_material() {
    let mut bench = Bench::with(standard_terms(), &["m1"], DeliveryChoice::Counter);
    check(
        &mut bench,
        CaseCommand::Accept { conditional: None },
        expect!["materials_missing: 还缺必要材料：健康证明。请补齐、办理容缺，或一次性告知补正。"],
    );
    check(&mut bench, conditionally(&["m2"], 3), expect!["accepted"]);
    assert_eq!(bench.case().owed, ["m2"]);
}

#[test]
fn conditional_acceptance_has_limits() {
    let with_m1 = |terms: ItemTerms| Bench::with(terms, &["m1"], DeliveryChoice::Counter);
    check(
        &mut with_m1(standard_terms()),
        conditionally(&["m2"], 6),
        expect![
            "clock_rule: 容缺补交期限不能为零，不能长于承诺时限（5 个工作日），单位须相同。请缩短补交期限。"
        ],
    );
    check(
        &mut with_m1(standard_terms()),
        conditionally(&["m2"], 0),
        expect![
            "clock_rule: 容缺补交期限不能为零，不能长于承诺时限（5 个工作日），单位须相同。请缩短补交期限。"
        ],
    );
    check(
        &mut with_m1(standard_terms()),
        conditionally(&["m1", "m2"], 3),
        expect!["material_not_tolerable @material:m1: “申请书”是主要材料，不能容缺。"],
    );
    check(
        &mut Bench::received(),
        conditionally(&["m2"], 3),
        expect!["material_given @owed: “健康证明”已经交了，不用容缺。请取消勾选。"],
    );
    check(
        &mut with_m1(standard_terms()),
        conditionally(&["m9"], 3),
        expect!["material_unknown: 容缺清单里有这个事项没有的材料，请重新选择。"],
    );
    check(
        &mut with_m1(standard_terms()),
        conditionally(&[], 3),
        expect!["materials_missing: 还缺必要材料：健康证明。请补齐、办理容缺，或一次性告知补正。"],
    );
    let closed = ItemTerms {
        conditional_acceptance: false,
        ..standard_terms()
    };
    check(
        &mut with_m1(closed),
        conditionally(&["m2"], 3),
        expect!["conditional_not_allowed: 这个事项没有开通容缺受理。请一次性告知申请人补正。"],
    );
    check(
        &mut with_m1(instant_terms()),
        conditionally(&["m2"], 1),
        expect!["conditional_not_allowed: 即办件当场办结，不适用容缺受理。"],
    );
}

#[test]
fn a_refusal_says_why_and_where_to_go() {
    let refuse = |ground, reason: &str| CaseCommand::RefuseAcceptance {
        ground,
        reason: own(reason),
    };
    let mut bench = Bench::received();
    check(
        &mut bench,
        refuse(NotAcceptedGround::Other, " "),
        expect!["reason_missing @reason: 请写明不予受理的理由，申请人会收到。"],
    );
    let nowhere = NotAcceptedGround::NotCompetent {
        authority: String::new(),
    };
    check(
        &mut bench,
        refuse(nowhere, "不属于本机关。"),
        expect![
            "authority_missing @authority: 请写明应当向哪个机关申请（《行政许可法》第三十二条）。"
        ],
    );
    let there = NotAcceptedGround::NotCompetent {
        authority: "市交通运输局".to_owned(),
    };
    check(
        &mut bench,
        refuse(there, "不属于本机关。"),
        expect!["not_accepted"],
    );
    assert!(matches!(bench.case().stage, Stage::NotAccepted { .. }));
}

#[test]
fn conditional_acceptance_rests_on_an_undertaking() {
    let promised_nothing = |undertaking| CaseCommand::Accept {
        conditional: Some(Conditional {
            undertaking,
            ..conditional(&["m2"], 3)
        }),
    };
    let mut bench = Bench::with(standard_terms(), &["m1"], DeliveryChoice::Counter);
    check(
        &mut bench,
        promised_nothing(None),
        expect![
            "undertaking_missing @undertaking: 申请人还没有作出容缺受理承诺：请申请人当面签字后勾选“申请人已作出容缺承诺”；不愿承诺的，请一次性告知补正。"
        ],
    );
    let of_another = standard_terms().undertaking(&["m3".to_owned()]);
    check(
        &mut bench,
        promised_nothing(Some(of_another)),
        expect![
            "undertaking_missing @undertaking: 申请人还没有作出容缺受理承诺：请申请人当面签字后勾选“申请人已作出容缺承诺”；不愿承诺的，请一次性告知补正。"
        ],
    );
    check(
        &mut bench,
        CaseCommand::Accept {
            conditional: Some(conditional(&["m2"], 3)),
        },
        expect!["accepted"],
    );
    expect![[
        r"我申请办理“食品经营许可（新办）”，下列材料暂时不能提交：健康证明。我承诺在容缺受理通知书写明的期限以前补齐，补交的材料真实、合法、符合要求。我知道补齐以前不会作出准予的决定，办理时限不因待补而停止；逾期不补或者补交的材料不符合要求的，我愿意承担不能准予的后果。"
    ]]
    .assert_eq(&bench.case().undertaking.as_ref().unwrap().text);
}

#[test]
fn an_undertaking_of_the_application_is_kept_in_the_acceptance() {
    let mut command = submission(standard_terms(), &["m1"], DeliveryChoice::Counter);
    if let CaseCommand::Submit(submission) = &mut command {
        submission.undertaking = Some(standard_terms().undertaking(&["m2".to_owned()]));
    }
    let mut bench = Bench::new();
    bench.must(command);
    bench.must(CaseCommand::Accept {
        conditional: Some(Conditional {
            undertaking: None,
            ..conditional(&["m2"], 3)
        }),
    });
    let kept = bench.events.iter().any(|(event, _)| {
        matches!(event, CaseEvent::Accepted { conditional: Some(conditional), .. } if conditional.undertaking.is_some())
    });
    assert!(kept, "the event does not say what was undertaken");
}
