//! The lives of real cases on both engines: what each event tells, in which words, and to whom. The words are compared
//! whole, so that a text that has lost a value is seen.

use expect_test::{Expect, expect};
use jiff::SignedDuration;
use serde_json::json;
use wuchuang_access::model::citizen::{CitizenCommand, CitizenCorrection, CitizenStream};
use wuchuang_calendar::{ClockRule, ExtensionRule, Limit, StopKind};
use wuchuang_cases::model::{
    Agent, Applicant, ApplicantKind, CaseCommand, CaseStream, Conditional, Defect, Delivered,
    DeliveryChoice, IssuedLicence, ItemTerms, Material, MaterialSource, MaterialTerms,
    NotAcceptedGround, SpecialProcedure, StepTerms, Submission, TerminationGround,
};
use wuchuang_codes::HandlingKind;
use wuchuang_kernel::{
    Actor, ActorKind, CaseId, Channel, ItemId, LicenceId, MaterialId, OrganisationId, PersonId,
    Personal, PostId,
};
use wuchuang_ledger::{Expected, Order, testing};
use wuchuang_messages::{
    Settings,
    model::{DeliveryState, MessageChannel, RatePath, Surrounding},
    store::{Place, inbox_page},
};

use crate::house::House;

const DEPARTMENT: OrganisationId = OrganisationId::from_u128(0xD1);
const PHONE: &str = "13891500000";
const AGENTS_PHONE: &str = "13891500009";

fn person(number: u128) -> PersonId {
    PersonId::from_u128(0xA0 + number)
}

fn own(number: u128, text: &str) -> Personal<String> {
    Personal::new(person(number), text.to_owned())
}

const fn clerk() -> Actor {
    Actor {
        person: Some(PersonId::from_u128(1)),
        program: None,
        kind: ActorKind::Staff {
            post: PostId::from_u128(1),
            organisation: DEPARTMENT,
        },
    }
}

fn terms() -> ItemTerms {
    ItemTerms {
        item: ItemId::from_u128(0xE1),
        version: 1,
        name: "食品经营许可".to_owned(),
        department: DEPARTMENT,
        department_name: "紫阳县市场监督管理局".to_owned(),
        department_code: "SCJG".to_owned(),
        handling: HandlingKind::Standard,
        limits: ClockRule::new(
            Limit::working_days(20),
            Limit::working_days(5),
            Some(ExtensionRule::ordinary()),
        )
        .unwrap(),
        steps: vec![StepTerms {
            id: "review".to_owned(),
            name: "审查".to_owned(),
            limit: None,
        }],
        materials: vec![MaterialTerms {
            id: "m1".to_owned(),
            name: "健康证明".to_owned(),
            required: true,
            tolerable: true,
            by_commitment: false,
        }],
        conditional_acceptance: true,
        result_name: "食品经营许可证".to_owned(),
        issues_licence: true,
        drawn: None,
        rules: None,
        supervised: None,
    }
}

fn instant() -> ItemTerms {
    ItemTerms {
        name: "失业登记".to_owned(),
        handling: HandlingKind::Instant,
        limits: ClockRule::new(Limit::working_days(1), Limit::ON_THE_SPOT, None).unwrap(),
        steps: Vec::new(),
        result_name: "登记回执".to_owned(),
        issues_licence: false,
        ..terms()
    }
}

fn submit(number: u128, terms: ItemTerms, has_material: bool) -> CaseCommand {
    let material = Material {
        id: MaterialId::from_u128(number),
        requirement: Some("m1".to_owned()),
        name: "健康证明".to_owned(),
        source: MaterialSource::Paper { copies: 1 },
        files: Vec::new(),
    };
    CaseCommand::Submit(Box::new(Submission {
        terms,
        applicant: Applicant {
            person: person(number),
            kind: ApplicantKind::Person,
            name: own(number, "王小明"),
            number: own(number, "61092419900101002X"),
            phone: own(number, PHONE),
            address: own(number, "紫阳县城关镇环城路126号"),
            email: own(number, ""),
        },
        agent: agent_of(number),
        answers: Personal::new(person(number), json!({})),
        materials: if has_material {
            vec![material]
        } else {
            Vec::new()
        },
        delivery: DeliveryChoice::Counter,
        check_code: "7K3M9Q".to_owned(),
        priority: false,
        undertaking: None,
        handled_by: None,
        part_of: None,
        known: Vec::new(),
    }))
}

/// Cases from 61 to 69 are handed in by somebody who acts for the applicant.
fn agent_of(number: u128) -> Option<Agent> {
    (61..70).contains(&number).then(|| Agent {
        name: own(number, "李小红"),
        number: own(number, "610924199203040025"),
        phone: own(number, AGENTS_PHONE),
    })
}

/// Case `number` lives through the commands, an hour each; what its applicant was told is compared.
async fn check(number: u128, commands: Vec<CaseCommand>, expected: &Expect) {
    for (engine, database) in testing::databases().await {
        let house = House::of_cases(database).await;
        let case = CaseId::from_u128(number);
        for command in commands.clone() {
            let order = Order {
                region: house.region,
                actor: clerk(),
                channel: Channel::Counter,
                command_id: house.ledger.command_id(),
                expected: Expected::Any,
            };
            let what = format!("{command:?}");
            house
                .ledger
                .execute::<CaseStream>(case.into(), command, order)
                .await
                .unwrap_or_else(|error| panic!("{engine}: {what}: {error}"));
            house.clock.advance(SignedDuration::from_hours(1));
        }
        let slice = house.slice(&Settings::default());
        house.runner(&slice).run_until_idle().await.unwrap();
        let told = told(&house, number).await;
        expected.assert_eq(&told);
        let stranger = told_in_inbox(&house, person(number + 1)).await;
        assert!(
            stranger.is_empty(),
            "{engine}: somebody else was told {stranger:?}"
        );
        let replay = house.ledger.replay(house.region, false).await.unwrap();
        assert!(
            replay.differences.is_empty(),
            "{engine}: {:?}",
            replay.differences
        );
    }
}

async fn told_in_inbox(house: &House, person: PersonId) -> Vec<String> {
    let surrounding = Surrounding {
        signature: "紫阳政务".to_owned(),
        county: house.site.county_name.clone(),
        telephone: house.site.telephone.clone(),
        origin: house.site.origin.clone(),
        rate: RatePath::default(),
    };
    let place = Place::start();
    let mut lines: Vec<String> = inbox_page(
        &house.ledger,
        house.region,
        person,
        (&surrounding, &house.chinese()),
        (&place, 50),
    )
    .await
    .unwrap()
    .iter()
    .map(|message| format!("{}｜{}", message.filled.subject, message.filled.text))
    .collect();
    lines.reverse();
    lines
}

/// The inbox in the order of events, then how each SMS left and that it went to the right phone.
async fn told(house: &House, number: u128) -> String {
    let mut lines = told_in_inbox(house, person(number)).await;
    let mut outbox = house.outbox().await;
    // Messages of one event have no order among themselves.
    outbox.sort_by_key(|row| (row.seq, row.address != PHONE));
    for row in outbox {
        assert_eq!(row.message_channel(), MessageChannel::Sms);
        assert_eq!(row.delivery_state(), DeliveryState::Kept);
        let to = match row.address.as_str() {
            PHONE => "",
            AGENTS_PHONE => " 代理人",
            other => panic!("an SMS to {other}"),
        };
        lines.push(format!("短信 {}{to}", row.template));
    }
    lines.join("\n")
}

fn accept() -> CaseCommand {
    CaseCommand::Accept { conditional: None }
}

fn step(number: u128) -> CaseCommand {
    CaseCommand::CompleteStep {
        agrees: true,
        step: "review".to_owned(),
        opinion: own(number, "材料属实。"),
    }
}

#[tokio::test]
async fn from_receipt_to_the_licence_in_the_hand() {
    let number = 1;
    let commands = vec![
        submit(number, terms(), true),
        accept(),
        CaseCommand::StopClock(SpecialProcedure {
            kind: StopKind::ExpertReview,
            reason: "需要专家论证".to_owned(),
            expected_days: 15,
        }),
        CaseCommand::ResumeClock {
            result: own(number, "评审通过。"),
        },
        CaseCommand::Extend {
            days: 10,
            reason: "道路中断".to_owned(),
        },
        step(number),
        CaseCommand::Say {
            text: own(number, "请留意电话。"),
        },
        CaseCommand::Grant {
            opinion: own(number, "准予。"),
        },
        CaseCommand::RecordLicence(IssuedLicence {
            licence: LicenceId::from_u128(0xF1),
            number: "JY26109240012345".to_owned(),
            name: "食品经营许可证".to_owned(),
        }),
        CaseCommand::Deliver(Delivered::Counter {
            receiver: own(number, "王小明"),
            on_behalf: false,
        }),
    ];
    check(number, commands, &expect![[r#"
        已收到您的申请：食品经营许可｜您的“食品经营许可”申请已收到，办件编号 610924SCJG20261120000001，查询码 7K3M9Q。我们会在 5 个工作日内告诉您是否受理；材料有问题会一次说清。凭编号和查询码可随时查进度：https://zwfw.example.gov.cn/progress
        已受理：食品经营许可｜您的“食品经营许可”已受理，编号 610924SCJG20261120000001，承诺 5 个工作日办结，最迟 11月27日周五。《受理通知书》（政务受〔2026〕1号）可在“我的办件”中查看、下载。查进度：https://zwfw.example.gov.cn/progress
        需要专家评审：食品经营许可｜您的“食品经营许可”（610924SCJG20261120000001）依法需要专家评审，预计 15 个工作日。按照《行政许可法》第四十五条，这段时间不计入办理期限。书面告知在《特别程序告知书》（政务特〔2026〕2号）里，可在“我的办件”中查看、下载，也可到窗口领取。
        恢复计时：食品经营许可｜您的“食品经营许可”（610924SCJG20261120000001）专家评审已结束，办理期限继续计算：原定最迟 11月27日周五办结，现在最迟 11月27日周五。查进度：https://zwfw.example.gov.cn/progress
        延长办理期限：食品经营许可｜您的“食品经营许可”（610924SCJG20261120000001）经批准延长 10 个工作日：原定最迟 11月27日周五办结，现在最迟 12月11日周五。理由写在《延长审批期限告知书》（政务延〔2026〕3号）里，可在“我的办件”中查看、下载，也可到窗口领取。
        有新的留言：食品经营许可｜工作人员在您的“食品经营许可”（610924SCJG20261120000001）里给您留了言，请到“我的办件”中查看和回复。
        准予：食品经营许可｜您的“食品经营许可”（610924SCJG20261120000001）已作出准予的决定。《准予决定书》（政务准〔2026〕4号）可在“我的办件”中查看、下载。您选择的送达方式：窗口领取。
        食品经营许可证已制作｜您的“食品经营许可”（610924SCJG20261120000001）的食品经营许可证已制作。您选择的送达方式：窗口领取。窗口领取请带身份证件；代领请带双方身份证件和委托书。
        已办结：食品经营许可｜您的“食品经营许可”（610924SCJG20261120000001）已办结，结果已送达（窗口领取）。欢迎评价这次服务，不用登录：https://zwfw.example.gov.cn/my 评价不公开您的身份，工作人员看不到是谁评的。
        短信 case_received
        短信 case_accepted
        短信 case_clock_stopped
        短信 case_extended
        短信 case_reply
        短信 case_granted
        短信 case_licence_issued
        短信 case_delivered"#]]).await;
}

#[tokio::test]
async fn what_is_missing_is_told_once_and_what_is_owed_by_when() {
    let number = 11;
    let commands = vec![
        submit(number, terms(), false),
        CaseCommand::NotifyCorrection {
            defects: vec![Defect {
                key: "material:m1".to_owned(),
                name: "健康证明".to_owned(),
                problem: "缺少此材料。".to_owned(),
            }],
            answer_by: Some(jiff::civil::date(2026, 12, 1)),
        },
        CaseCommand::SupplyCorrection {
            answers: Some(Personal::new(person(number), json!({ "floor": "一层" }))),
            materials: Vec::new(),
            counted: None,
        },
        CaseCommand::Accept {
            conditional: Some(Conditional {
                materials: vec!["m1".to_owned()],
                days: 3,
                undertaking: Some(terms().undertaking(&["m1".to_owned()])),
            }),
        },
        CaseCommand::Terminate {
            ground: TerminationGround::ApplicantGone,
            reason: own(number, "申请人已注销。"),
            basis: "《办法》第十六条".to_owned(),
        },
    ];
    check(number, commands, &expect![[r#"
        已收到您的申请：食品经营许可｜您的“食品经营许可”申请已收到，办件编号 610924SCJG20261120000001，查询码 7K3M9Q。我们会在 5 个工作日内告诉您是否受理；材料有问题会一次说清。凭编号和查询码可随时查进度：https://zwfw.example.gov.cn/progress
        请补正：食品经营许可｜您的“食品经营许可”（610924SCJG20261120000001）有 1 处需要补正，请在12月1日周二前补齐。需要补正的全部内容写在《一次性补正告知书》（政务补〔2026〕1号）里，可在“我的办件”中查看、下载，也可到窗口领取。补正后重新计算审查时间。
        已容缺受理：食品经营许可｜您的“食品经营许可”已容缺受理，编号 610924SCJG20261120000001，承诺 5 个工作日办结，最迟 11月27日周五。还有 1 份材料，请在 3 个工作日内补交；补交期间照常办理。清单写在《容缺受理通知书》（政务容〔2026〕2号）里，可在“我的办件”中查看、下载。
        终止办理：食品经营许可｜您的“食品经营许可”（610924SCJG20261120000001）已终止办理。理由、依据和救济途径写在《终止办理决定书》（政务终〔2026〕3号）里，可在“我的办件”中查看、下载，也可到窗口领取。不服的，可以依法申请行政复议或者提起行政诉讼，期限见决定书。评价这次服务：https://zwfw.example.gov.cn/my
        短信 case_received
        短信 case_correction
        短信 case_accepted_conditionally
        短信 case_terminated"#]]).await;
}

#[tokio::test]
async fn a_refusal_names_its_document_and_the_way_to_appeal() {
    let number = 21;
    let commands = vec![
        submit(number, terms(), true),
        accept(),
        step(number),
        CaseCommand::Refuse {
            reason: own(number, "布局不合理。"),
            basis: "《办法》第十二条".to_owned(),
        },
    ];
    check(number, commands, &expect![[r#"
        已收到您的申请：食品经营许可｜您的“食品经营许可”申请已收到，办件编号 610924SCJG20261120000001，查询码 7K3M9Q。我们会在 5 个工作日内告诉您是否受理；材料有问题会一次说清。凭编号和查询码可随时查进度：https://zwfw.example.gov.cn/progress
        已受理：食品经营许可｜您的“食品经营许可”已受理，编号 610924SCJG20261120000001，承诺 5 个工作日办结，最迟 11月27日周五。《受理通知书》（政务受〔2026〕1号）可在“我的办件”中查看、下载。查进度：https://zwfw.example.gov.cn/progress
        不予：食品经营许可｜您的“食品经营许可”（610924SCJG20261120000001）已作出不予的决定。理由、依据和救济途径写在《不予决定书》（政务驳〔2026〕2号）里，可在“我的办件”中查看、下载，也可到窗口领取。不服的，可以依法申请行政复议或者提起行政诉讼，期限见决定书。
        短信 case_received
        短信 case_accepted
        短信 case_refused"#]]).await;
}

#[tokio::test]
async fn who_is_not_accepted_is_told_on_which_ground() {
    let number = 31;
    let commands = vec![
        submit(number, terms(), true),
        CaseCommand::Transfer {
            organisation: OrganisationId::from_u128(0xD2),
            organisation_name: "紫阳县卫生健康局".to_owned(),
            reason: "事项已划转".to_owned(),
        },
        CaseCommand::RefuseAcceptance {
            ground: NotAcceptedGround::NotCompetent {
                authority: "汉滨区卫生健康局".to_owned(),
            },
            reason: own(number, "经营地不在本县。"),
        },
    ];
    check(number, commands, &expect![[r#"
        已收到您的申请：食品经营许可｜您的“食品经营许可”申请已收到，办件编号 610924SCJG20261120000001，查询码 7K3M9Q。我们会在 5 个工作日内告诉您是否受理；材料有问题会一次说清。凭编号和查询码可随时查进度：https://zwfw.example.gov.cn/progress
        已转由紫阳县卫生健康局办理：食品经营许可｜您的“食品经营许可”（610924SCJG20261120000001）已转由紫阳县卫生健康局办理，您不用重新提交。查进度：https://zwfw.example.gov.cn/progress
        未予受理：食品经营许可｜您的“食品经营许可”（610924SCJG20261120000001）未予受理：不属于本机关职权范围。理由、依据和救济途径写在《不予受理决定书》（政务不受〔2026〕1号）里，可在“我的办件”中查看、下载，也可到窗口领取。不服的，可以依法申请行政复议或者提起行政诉讼，期限见决定书。评价这次服务：https://zwfw.example.gov.cn/my
        短信 case_received
        短信 case_not_accepted"#]]).await;
}

#[tokio::test]
async fn an_instant_item_at_the_counter_is_one_message() {
    let number = 41;
    let commands = vec![
        submit(number, instant(), true),
        CaseCommand::AcceptAndGrant {
            opinion: own(number, "准予。"),
        },
    ];
    check(number, commands, &expect![[r#"
        准予：失业登记｜您的“失业登记”（610924SCJG20261120000001）已作出准予的决定。《准予决定书》（政务准〔2026〕1号）可在“我的办件”中查看、下载。您选择的送达方式：窗口领取。
        短信 case_granted"#]]).await;
}

#[tokio::test]
async fn a_withdrawal_is_confirmed() {
    let number = 51;
    let commands = vec![
        submit(number, terms(), true),
        CaseCommand::Withdraw {
            reason: own(number, ""),
        },
    ];
    check(number, commands, &expect![[r#"
        已收到您的申请：食品经营许可｜您的“食品经营许可”申请已收到，办件编号 610924SCJG20261120000001，查询码 7K3M9Q。我们会在 5 个工作日内告诉您是否受理；材料有问题会一次说清。凭编号和查询码可随时查进度：https://zwfw.example.gov.cn/progress
        已撤回：食品经营许可｜您的“食品经营许可”（610924SCJG20261120000001）已按您的申请撤回，《撤回申请确认书》（政务撤〔2026〕1号）可在“我的办件”中查看、下载。需要时可以重新申请，以前的材料可以直接选用。评价这次服务：https://zwfw.example.gov.cn/my
        短信 case_received"#]]).await;
}

#[tokio::test]
async fn whoever_acts_for_the_applicant_hears_it_too() {
    let number = 61;
    let commands = vec![
        submit(number, terms(), true),
        CaseCommand::Say {
            text: own(number, "请留意电话。"),
        },
    ];
    check(number, commands, &expect![[r#"
        已收到您的申请：食品经营许可｜您的“食品经营许可”申请已收到，办件编号 610924SCJG20261120000001，查询码 7K3M9Q。我们会在 5 个工作日内告诉您是否受理；材料有问题会一次说清。凭编号和查询码可随时查进度：https://zwfw.example.gov.cn/progress
        有新的留言：食品经营许可｜工作人员在您的“食品经营许可”（610924SCJG20261120000001）里给您留了言，请到“我的办件”中查看和回复。
        短信 case_received
        短信 case_received 代理人
        短信 case_reply
        短信 case_reply 代理人"#]]).await;
}

#[tokio::test]
async fn a_number_that_was_mended_is_used_from_then_on() {
    const MENDED: &str = "13891500077";
    for (engine, database) in testing::databases().await {
        let house = House::of_cases(database).await;
        let slice = house.slice(&Settings::default());
        let (number, case) = (71, CaseId::from_u128(71));
        let order = || Order {
            region: house.region,
            actor: clerk(),
            channel: Channel::Counter,
            command_id: house.ledger.command_id(),
            expected: Expected::Any,
        };
        let citizen = async |command: CitizenCommand| {
            house
                .ledger
                .execute::<CitizenStream>(person(number).into(), command, order())
                .await
                .unwrap();
        };
        let act = async |command: CaseCommand| {
            house
                .ledger
                .execute::<CaseStream>(case.into(), command, order())
                .await
                .unwrap();
            house.runner(&slice).run_until_idle().await.unwrap();
        };
        citizen(CitizenCommand::Register {
            name: "王小明".to_owned(),
            number: "11010519491231002X".to_owned(),
            phone: PHONE.to_owned(),
        })
        .await;
        act(submit(number, terms(), true)).await;
        citizen(CitizenCommand::Correct(CitizenCorrection {
            name: "王小明".to_owned(),
            number: String::new(),
            phone: MENDED.to_owned(),
            reason: "换了号码".to_owned(),
        }))
        .await;
        act(accept()).await;
        let mut went: Vec<(String, String)> = house
            .outbox()
            .await
            .into_iter()
            .map(|row| (row.template, row.sent_to.unwrap_or_default()))
            .collect();
        went.sort();
        let wanted = [("case_accepted", MENDED), ("case_received", PHONE)];
        assert_eq!(
            went,
            wanted.map(|(template, to)| (template.to_owned(), to.to_owned())),
            "{engine}"
        );
    }
}
