//! What the documents say, and that each of them can be printed, signed and verified.

use expect_test::{Expect, expect};
use serde_json::Value;
use wuchuang_calendar::StopKind;
use wuchuang_kernel::{LicenceId, OrganisationId, Personal};
use wuchuang_ledger::Stream;
use wuchuang_webkit::{
    forms::{Disclosure, Form, NoLists},
    page::Site,
};

use super::data::{
    FormFacts, NoticeFacts, SuppliedFacts, document_of, form_data, pickup_data, supplied_data,
};
use crate::model::{
    AtCounter, Case, CaseCommand, CaseState, CaseStream, Delivered, DeliveryChoice, HandledBy,
    KnownAnswer, KnownSource, NotAcceptedGround, NoticeKind, TerminationGround,
    tests::bench::{
        APPLICANT, Bench, complete, conditional, correction, licence, own, standard_terms, stop,
        submission, terminate,
    },
};

fn site() -> Site {
    Site {
        county_name: "紫阳县".to_owned(),
        origin: "https://zwfw.example.gov.cn".to_owned(),
        telephone: "0915-12345".to_owned(),
        operator: "紫阳县政务服务中心".to_owned(),
        records: Vec::new(),
    }
}

fn case_at(bench: &Bench, version: usize) -> Option<Box<Case>> {
    let mut state = CaseState::default();
    for (event, at) in &bench.events[..version] {
        CaseStream::apply(&mut state, event, *at);
    }
    state.0
}

/// The document of the last notice of a kind.
fn document(bench: &Bench, kind: NoticeKind) -> (wuchuang_documents::DocumentTemplate, Value) {
    let notice = bench
        .case()
        .notices
        .iter()
        .rev()
        .find(|notice| notice.kind == kind)
        .expect("the notice was given");
    let version = usize::try_from(notice.version).unwrap();
    let case = case_at(bench, version).unwrap();
    let before = case_at(bench, version - 1);
    let facts = NoticeFacts {
        case: &case,
        before: before.as_deref(),
        event: &bench.events[version - 1].0,
        notice,
        actor_name: "陈丽",
        item: None,
        site: &site(),
        calendar: &bench.calendar,
        token: "23456789ABCDEFGHJKLM",
    };
    document_of(&facts).expect("the event fits its notice")
}

/// The document's own words: without head, case and contact, which are the same on all.
fn check(bench: &Bench, kind: NoticeKind, expected: Expect) {
    let (_, mut data) = document(bench, kind);
    let object = data.as_object_mut().unwrap();
    for shared in ["head", "case", "contact", "remedy"] {
        object.shift_remove(shared);
    }
    expected.assert_eq(&serde_json::to_string_pretty(&data).unwrap());
}

/// A case with a correction, conditional acceptance, a stop, an extension and a grant.
fn long_life() -> Bench {
    let mut bench = Bench::with(standard_terms(), &["m1"], DeliveryChoice::Counter);
    bench.must(correction(&["material:m2"]));
    bench.later(1);
    bench.must(CaseCommand::SupplyCorrection {
        answers: Some(wuchuang_kernel::Personal::new(
            super::super::model::tests::bench::APPLICANT,
            serde_json::json!({}),
        )),
        materials: Vec::new(),
        counted: None,
    });
    bench.must(CaseCommand::Accept {
        conditional: Some(conditional(&["m2"], 3)),
    });
    bench.must(stop(StopKind::ExpertReview));
    bench.later(7);
    bench.must(CaseCommand::ResumeClock {
        result: own("通过。"),
    });
    bench.must(CaseCommand::Extend {
        days: 10,
        reason: "因连续强降雨道路中断".to_owned(),
    });
    bench.must(CaseCommand::SupplySupplement {
        materials: vec![super::super::model::tests::bench::material("m2")],
    });
    bench.must(complete("review"));
    bench.must(complete("audit"));
    bench.must(CaseCommand::Grant {
        opinion: own("同意。"),
    });
    bench.must(CaseCommand::RecordLicence(licence()));
    let given = AtCounter {
        name: "王大明",
        on_behalf: true,
        number: "11010519491231002X",
        authorisation: "original",
    };
    let delivered = Delivered::at_counter(bench.case(), &given).unwrap();
    bench.must(CaseCommand::Deliver(delivered));
    bench
}

fn not_accepted() -> Bench {
    let mut bench = Bench::received();
    bench.must(CaseCommand::RefuseAcceptance {
        ground: NotAcceptedGround::NotCompetent {
            authority: "安康市交通运输局".to_owned(),
        },
        reason: own("运输线路跨两个县区。"),
    });
    bench
}

fn refused() -> Bench {
    let mut bench = Bench::received();
    bench.must(CaseCommand::Accept { conditional: None });
    bench.must(complete("review"));
    bench.must(complete("audit"));
    bench.must(CaseCommand::Refuse {
        reason: own("食品处理区与卫生间直接相通。"),
        basis: "《食品经营许可和备案管理办法》第十二条".to_owned(),
    });
    bench
}

#[test]
fn the_receipt_lists_what_came_and_until_when_we_answer() {
    check(
        &Bench::received(),
        NoticeKind::Receipt,
        expect![[r#"
        {
          "received_at": "2026-11-16T09:00:00",
          "counter": "窗口",
          "received_by": "陈丽",
          "materials": [
            {
              "name": "材料m1",
              "form": "电子",
              "copies": 1
            },
            {
              "name": "材料m2",
              "form": "电子",
              "copies": 1
            }
          ],
          "answer_until": "2026-11-23"
        }"#]],
    );
}

#[test]
fn the_shared_parts_mask_and_verify() {
    let (_, data) = document(&Bench::received(), NoticeKind::Receipt);
    let shared = serde_json::json!({ "head": data["head"], "case": data["case"] });
    expect![[r#"
        {
          "head": {
            "number": null,
            "organisation": "紫阳县行政审批服务局",
            "issued_on": "2026-11-16",
            "test_authority": true,
            "seal": {
              "organisation": "紫阳县行政审批服务局",
              "caption": "行政审批专用章"
            },
            "verification": {
              "url": "https://zwfw.example.gov.cn/v/23456789ABCDEFGHJKLM",
              "code": "23456-789AB-CDEFG-HJKLM",
              "place": "紫阳县政务服务网“文书核验”"
            }
          },
          "case": {
            "case_number": "610924SPJU20261116000001",
            "query_code": "7K3M9Q",
            "item_name": "食品经营许可（新办）",
            "item_code": null,
            "applicant_name": "王小明",
            "applicant_identifier": "610924********002X",
            "agent_name": "李*",
            "project_name": null
          }
        }"#]]
    .assert_eq(&serde_json::to_string_pretty(&shared).unwrap());
    let (_, acceptance) = document(&accepted(), NoticeKind::Acceptance);
    assert_eq!(
        acceptance["case"]["query_code"],
        Value::Null,
        "the code stands on the receipt only"
    );
}

fn accepted() -> Bench {
    let mut bench = Bench::received();
    bench.must(CaseCommand::Accept { conditional: None });
    bench
}

#[test]
fn acceptance_tells_both_limits_and_the_day() {
    check(
        &accepted(),
        NoticeKind::Acceptance,
        expect![[r#"
        {
          "accepted_on": "2026-11-16",
          "limit_statutory": "20个工作日",
          "limit_promised": "5个工作日",
          "due_on": "2026-11-23",
          "special_procedures": []
        }"#]],
    );
}

#[test]
fn correction_conditional_acceptance_stop_and_extension() {
    let bench = long_life();
    check(
        &bench,
        NoticeKind::Correction,
        expect![[r#"
        {
          "received_on": "2026-11-16",
          "defects": [
            {
              "material": "健康证明",
              "problem": "已过期，请补交有效的证明。",
              "requirement": "请按所列问题补齐或者更换后重新提交",
              "basis": null
            }
          ],
          "correct_until": null,
          "ways": "到窗口提交，或者在紫阳县政务服务网“我的办件”上传"
        }"#]],
    );
    check(
        &bench,
        NoticeKind::ConditionalAcceptance,
        expect![[r#"
        {
          "missing": [
            {
              "name": "健康证明",
              "form": "纸质或电子",
              "state": "未提交"
            }
          ],
          "supply_until": "2026-11-20",
          "limit_promised": "5个工作日",
          "due_on": "2026-11-24",
          "late_consequence": "逾期没有补齐的，不作出准予的决定；承诺的办理时限不因待补材料而停止计算"
        }"#]],
    );
    check(
        &bench,
        NoticeKind::SpecialProcedure,
        expect![[r#"
        {
          "accepted_on": "2026-11-17",
          "kind": "专家评审",
          "reason": "需要专家论证",
          "basis": "《行政许可法》第四十五条",
          "starts_on": "2026-11-17",
          "duration": "15个工作日",
          "expected_end_on": "2026-12-08",
          "applicant_duty": null
        }"#]],
    );
    check(
        &bench,
        NoticeKind::Extension,
        expect![[r#"
        {
          "accepted_on": "2026-11-17",
          "reason": "因连续强降雨道路中断",
          "added_days": 10,
          "due_before_on": "2026-12-01",
          "due_on": "2026-12-15",
          "approved_by": "陈丽",
          "basis": "《行政许可法》第四十二条第一款"
        }"#]],
    );
}

#[test]
fn decisions_and_delivery() {
    check(
        &long_life(),
        NoticeKind::Granted,
        expect![[r#"
        {
          "decision_kind": "行政许可",
          "accepted_on": "2026-11-17",
          "basis": "《中华人民共和国行政许可法》第三十八条第一款",
          "contents": [
            {
              "name": "办理事项",
              "value": "食品经营许可（新办）"
            },
            {
              "name": "颁发证照",
              "value": "食品经营许可证"
            },
            {
              "name": "送达方式",
              "value": "窗口领取"
            }
          ],
          "result": null,
          "duties": []
        }"#]],
    );
    check(
        &long_life(),
        NoticeKind::Delivery,
        expect![[r#"
        {
          "documents": [
            "准予决定书（政务准〔2026〕6号）",
            "食品经营许可证（JY26109240012345）"
          ],
          "recipient": "王小明",
          "way": "直接送达",
          "place": "紫阳县政务服务中心",
          "delivered_at": "2026-11-24T09:00:00",
          "received_for": "王大明（身份证号 11010519491231002X；授权委托书原件，已留存）（代领）",
          "deliverers": [
            "陈丽"
          ],
          "remark": null
        }"#]],
    );
    check(
        &refused(),
        NoticeKind::Refused,
        expect![[r#"
        {
          "decision_kind": "行政许可",
          "accepted_on": "2026-11-16",
          "findings": [
            "食品处理区与卫生间直接相通。"
          ],
          "reason": "上述情形不符合法定的条件、标准",
          "basis": "《食品经营许可和备案管理办法》第十二条"
        }"#]],
    );
    check(
        &not_accepted(),
        NoticeKind::NotAccepted,
        expect![[r#"
        {
          "applied_on": "2026-11-16",
          "reasons": [
            "不属于本机关职权范围：运输线路跨两个县区。"
          ],
          "basis": "《中华人民共和国行政许可法》第三十二条第一款第（二）项",
          "competent_authority": "安康市交通运输局"
        }"#]],
    );
}

#[test]
fn the_slip_is_there_while_the_result_waits() {
    let bench = refused();
    let slip = pickup_data(bench.case(), None, &site(), &bench.calendar).unwrap();
    assert_eq!(slip.pickup_code, "7K3 M9Q");
    assert_eq!(slip.result_name, "不予决定书");
    let closed = long_life();
    assert!(pickup_data(closed.case(), None, &site(), &closed.calendar).is_none());
}

#[test]
fn every_notice_of_the_lives_can_be_printed() {
    let documents =
        wuchuang_documents::Documents::new(wuchuang_documents::FontSource::Embedded, None).unwrap();
    for bench in [long_life(), not_accepted(), refused(), accepted()] {
        for notice in bench.case().notices.clone() {
            let (template, data) = document(&bench, notice.kind);
            let pdf = documents
                .render(template, &data)
                .unwrap_or_else(|error| panic!("{}: {error}", notice.kind.name()));
            assert!(pdf.starts_with(b"%PDF-"));
        }
    }
}

#[test]
fn a_termination_says_why_by_which_rule_and_how_to_appeal() {
    let mut bench = Bench::received();
    bench.must(terminate(TerminationGround::Duplicate));
    check(
        &bench,
        NoticeKind::Termination,
        expect![[r#"
        {
          "applied_on": "2026-11-16",
          "accepted_on": null,
          "ground": "同一事项重复申请",
          "reason": "申请人已就同一场所另行申请。",
          "basis": "《办法》第十六条"
        }"#]],
    );
    let (_, data) = document(&bench, NoticeKind::Termination);
    assert_eq!(
        data["remedy"]["reconsideration_authority"],
        "紫阳县人民政府"
    );
}

#[test]
fn a_withdrawal_is_confirmed_with_or_without_a_reason() {
    for (reason, told) in [(" ", Value::Null), ("另行选址。", "另行选址。".into())] {
        let mut bench = Bench::received();
        bench.must(CaseCommand::Withdraw {
            reason: own(reason),
        });
        let (_, data) = document(&bench, NoticeKind::Withdrawal);
        assert_eq!(data["reason"], told);
        assert_eq!(data["withdrawn_on"], "2026-11-16");
    }
}

#[test]
fn papers_brought_later_are_proved_with_what_is_still_open() {
    let slip = |bench: &mut Bench, command: CaseCommand| {
        let before = bench.case().clone();
        bench.must(command);
        let (event, at) = bench.events.last().cloned().unwrap();
        let site = site();
        let data = supplied_data(&SuppliedFacts {
            before: &before,
            case: bench.case(),
            event: &event,
            at,
            actor_name: "陈丽",
            item: None,
            site: &site,
        })
        .unwrap();
        let names: Vec<String> = data
            .materials
            .iter()
            .map(|material| format!("{} {} {}", material.name, material.form, material.copies))
            .collect();
        format!(
            "{} {} {names:?} form {} open {:?}",
            data.title, data.received_by, data.form_changed, data.still_open
        )
    };
    let mut bench = Bench::with(standard_terms(), &["m1"], DeliveryChoice::Counter);
    bench.must(correction(&["material:m2", "field:business_name", "other"]));
    let supply = |id: &str| CaseCommand::SupplyCorrection {
        answers: None,
        materials: vec![super::super::model::tests::bench::material(id)],
        counted: None,
    };
    expect![[r#"补正材料收件凭证 陈丽 ["材料m1 电子 1"] form false open ["健康证明"]"#]]
        .assert_eq(&slip(&mut bench, supply("m1")));
    bench.must(CaseCommand::Accept {
        conditional: Some(conditional(&["m2"], 3)),
    });
    let supplement = CaseCommand::SupplySupplement {
        materials: vec![super::super::model::tests::bench::material("m2")],
    };
    expect![[r#"补交材料收件凭证 陈丽 ["材料m2 电子 1"] form false open []"#]]
        .assert_eq(&slip(&mut bench, supplement));
}

#[test]
fn who_was_entrusted_signs_in_the_name_of_the_department() {
    let check = |in_own_name: bool, expected: (&str, &str)| {
        let mut bench = Bench::new();
        let mut command = submission(standard_terms(), &["m1", "m2"], DeliveryChoice::Counter);
        if let CaseCommand::Submit(submission) = &mut command {
            submission.handled_by = Some(HandledBy {
                organisation: OrganisationId::from_u128(77),
                name: "城关镇人民政府".to_owned(),
                code: "Z102".to_owned(),
                in_own_name,
                is_chosen: false,
            });
        }
        bench.must(command);
        let (_, data) = document(&bench, NoticeKind::Receipt);
        let signs = data["head"]["organisation"].as_str().unwrap();
        let case = bench.case();
        assert_eq!((signs, case.organisation_name.as_str()), expected);
        assert_eq!(case.organisation, OrganisationId::from_u128(77));
    };
    check(false, ("紫阳县行政审批服务局", "城关镇人民政府"));
    check(true, ("城关镇人民政府", "城关镇人民政府"));
}

#[test]
fn the_form_is_a_paper_with_its_rows_and_what_was_known_before() {
    let schema = serde_json::json!({"type": "object", "properties": {
        "business_name": {"type": "string", "x-label": "店名", "x-group": "申请内容"},
        "phone": {"type": "string", "x-label": "电话", "x-widget": "phone", "x-group": "申请人"},
        "staff": {"type": "array", "x-label": "从业人员", "x-group": "申请内容", "items": {"type": "object", "properties": {
            "name": {"type": "string", "x-label": "姓名"},
            "number": {"type": "string", "x-label": "公民身份号码", "x-widget": "citizen-number"}}}}
    }});
    let form = Form::parse(&schema.to_string()).unwrap();
    let mut bench = Bench::new();
    let mut command = submission(standard_terms(), &["m1"], DeliveryChoice::Counter);
    if let CaseCommand::Submit(submission) = &mut command {
        let answers = serde_json::json!({
            "business_name": "兴盛二店", "phone": "13891500000",
            "staff": [{"name": "李芳", "number": "61092419900101002X"}, {"name": "王强"}],
        });
        submission.answers = Personal::new(APPLICANT, answers);
        submission.known = vec![KnownAnswer {
            field: "business_name".to_owned(),
            label: "店名".to_owned(),
            source: KnownSource::Licence {
                licence: LicenceId::from_u128(1),
                name: "食品经营许可证".to_owned(),
                number: "JY1".to_owned(),
                issued_on: jiff::civil::date(2026, 3, 2),
            },
            was: Personal::new(APPLICANT, "兴盛餐饮店".into()),
            reason: own("开了二店"),
        }];
    }
    bench.must(command);
    let told = |disclosure| {
        let paper = form_data(&FormFacts {
            case: bench.case(),
            form: &form,
            lists: &NoLists,
            item: None,
            site: &site(),
            disclosure,
        })
        .unwrap();
        assert!(paper.head.seal.is_none());
        let mut lines = vec![format!("{:?} {}", paper.materials, paper.is_full)];
        for group in paper.groups {
            lines.push(group.name);
            for answer in group.answers {
                lines.push(format!(
                    "  {}：{} {}",
                    answer.label, answer.text, answer.note
                ));
            }
            for table in group.tables {
                lines.push(format!(
                    "  {} {:?} {:?}",
                    table.label, table.columns, table.rows
                ));
            }
        }
        lines.join("\n")
    };
    expect![[r#"
        ["材料m1（上传）"] true
        申请内容
          店名：兴盛二店 原：兴盛餐饮店（取自《食品经营许可证》（2026年3月2日发）），申请人改为：兴盛二店，理由：开了二店
          从业人员 ["姓名", "公民身份号码"] [["李芳", "61092419900101002X"], ["王强", ""]]
        申请人
          电话：13891500000 "#]]
    .assert_eq(&told(Disclosure::Full));
    let masked = told(Disclosure::Masked);
    assert!(
        masked.contains("610924********002X") && masked.contains("138****0000"),
        "{masked}"
    );
    assert!(
        masked.starts_with(r#"["材料m1（上传）"] false"#),
        "{masked}"
    );
}
