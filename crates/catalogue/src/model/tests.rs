//! The rules of an item, as tables.

use expect_test::{Expect, expect};
use jiff::Timestamp;
use serde_json::json;
use wuchuang_calendar::Calendar;
use wuchuang_codes::HandlingKind;
use wuchuang_kernel::{Actor, Channel, ItemId, OrganisationId};
use wuchuang_ledger::{Context, Stream};

use super::*;
use crate::exchange::form::{ApplicantForm, basic};

fn complete() -> ItemContent {
    ItemContent {
        name: "失业登记".to_owned(),
        department: Department {
            id: OrganisationId::from_u128(7),
            name: "人力资源和社会保障局".to_owned(),
            code: "RSJU".to_owned(),
        },
        materials: vec![ItemMaterial {
            id: "m1".to_owned(),
            name: "居民身份证".to_owned(),
            ..ItemMaterial::default()
        }],
        form: basic("失业登记申请表", ApplicantForm::Person),
        legal_basis: vec![LegalBasis {
            law: "就业促进法".to_owned(),
            article: "第三十五条".to_owned(),
            ..LegalBasis::default()
        }],
        result: ItemResult {
            name: "失业登记凭证".to_owned(),
            ..ItemResult::default()
        },
        ..ItemContent::default()
    }
}

fn run(state: &mut ItemState, now: &str, command: &ItemCommand) -> String {
    let now: Timestamp = now.parse().unwrap();
    let context = Context {
        region: "610924".parse().unwrap(),
        stream: ItemId::from_u128(1).into(),
        now,
        actor: &Actor::SYSTEM,
        channel: Channel::System,
        calendar: &Calendar::weekdays_only(),
        number: None,
    };
    match ServiceItem::decide(state, command, &context) {
        Ok(events) => {
            for event in &events {
                ServiceItem::apply(state, event, now);
            }
            let versions: Vec<String> = state
                .versions
                .iter()
                .map(|one| {
                    format!(
                        "{}: {}–{}",
                        one.version,
                        one.effective_from,
                        one.cancelled_on
                            .map(|day| day.to_string())
                            .unwrap_or_default()
                    )
                })
                .collect();
            format!(
                "{} copy={} withdrawn={}",
                versions.join(", "),
                state.working_copy.is_some(),
                state.withdrawal.is_some()
            )
        }
        Err(rejection) => format!("{}: {}", rejection.code, rejection.public),
    }
}

fn draft(change: impl Fn(&mut ItemContent)) -> ItemCommand {
    let mut content = complete();
    change(&mut content);
    ItemCommand::Draft {
        content: Box::new(content),
    }
}

fn publish(day: &str) -> ItemCommand {
    ItemCommand::Publish {
        effective_from: day.parse().unwrap(),
    }
}

fn withdraw(day: &str, reason: &str) -> ItemCommand {
    ItemCommand::Withdraw {
        successor: None,
        on: day.parse().unwrap(),
        reason: reason.to_owned(),
    }
}

#[test]
fn an_items_life() {
    let mut state = ItemState::default();
    let story = [
        ("2026-11-22T01:00:00Z", publish("2026-11-22")),
        ("2026-11-22T01:00:00Z", withdraw("2026-11-22", "停办")),
        (
            "2026-11-22T01:00:00Z",
            draft(|item| item.name = " ".to_owned()),
        ),
        (
            "2026-11-22T01:00:00Z",
            draft(|item| item.legal_basis.clear()),
        ),
        ("2026-11-22T01:00:00Z", publish("2026-11-22")),
        ("2026-11-22T01:00:00Z", draft(|_| {})),
        ("2026-11-22T01:00:00Z", draft(|_| {})),
        ("2026-11-22T01:00:00Z", publish("2026-11-21")),
        ("2026-11-22T01:00:00Z", publish("2062-11-21")),
        // 16:30 UTC is the next day in China.
        ("2026-11-21T16:30:00Z", publish("2026-11-22")),
        (
            "2026-11-23T01:00:00Z",
            draft(|item| item.phone = "0915-4420107".to_owned()),
        ),
        ("2026-11-23T01:00:00Z", publish("2026-12-01")),
        (
            "2026-11-24T01:00:00Z",
            draft(|item| item.phone = "0915-4420108".to_owned()),
        ),
        ("2026-11-24T01:00:00Z", publish("2026-11-30")),
        ("2026-11-24T01:00:00Z", withdraw("2026-12-31", "")),
        ("2026-11-24T01:00:00Z", withdraw("2026-12-31", "下放到各镇")),
        ("2026-11-24T01:00:00Z", withdraw("2026-12-31", "下放到各镇")),
        ("2026-11-24T01:00:00Z", publish("2026-12-30")),
        ("2026-11-24T01:00:00Z", publish("2027-01-01")),
    ];
    let lines: Vec<String> = story
        .iter()
        .map(|(now, command)| run(&mut state, now, command))
        .collect();
    expect![[r"
        nothing_to_publish: 没有待发布的修改。请先编辑并保存，再发布。
        not_published: 事项还没有发布，不需要停用。
        name_missing: 请先填写事项名称，再保存。
         copy=true withdrawn=false
        not_complete: 还没有设定依据。没有法律依据的事项不能发布，请写明法律名称和条款。
         copy=true withdrawn=false
        nothing_changed: 没有改动，不需要保存。
        date_in_the_past: 生效日期不能早于今天（2026-11-22）。请改为今天或以后。
        date_too_far: 生效日期在十年以后，请检查年份。
        1: 2026-11-22– copy=false withdrawn=false
        1: 2026-11-22– copy=true withdrawn=false
        1: 2026-11-22–2026-12-01, 2: 2026-12-01– copy=false withdrawn=false
        1: 2026-11-22–2026-12-01, 2: 2026-12-01– copy=true withdrawn=false
        effective_too_early: 生效日期不能早于 2026-12-01：那一天上一版本才生效或停止。请改为当天或以后。
        reason_missing: 请写明停用理由（最多 500 字），办事群众会看到。
        1: 2026-11-22–2026-12-01, 2: 2026-12-01–2026-12-31 copy=true withdrawn=true
        already_withdrawn: 事项已经停用，没有再次停用。
        effective_too_early: 生效日期不能早于 2026-12-31：那一天上一版本才生效或停止。请改为当天或以后。
        1: 2026-11-22–2026-12-01, 2: 2026-12-01–2026-12-31, 3: 2027-01-01– copy=false withdrawn=false
    "]]
    .assert_eq(&(lines.join("\n") + "\n"));
    let on = |day: &str| {
        state
            .in_force(day.parse().unwrap())
            .map(|version| version.version)
    };
    assert_eq!(
        [
            "2026-11-21",
            "2026-11-22",
            "2026-11-30",
            "2026-12-01",
            "2026-12-31",
            "2027-01-01"
        ]
        .map(on),
        [None, Some(1), Some(1), Some(2), None, Some(3)]
    );
}

fn check(change: impl Fn(&mut ItemContent), expected: Expect) {
    let mut item = complete();
    change(&mut item);
    let lines: Vec<String> = problems(&item)
        .into_iter()
        .map(|one| format!("{} {}\n", one.field, one.code))
        .collect();
    expected.assert_eq(&lines.concat());
}

#[test]
fn a_file_that_the_form_asks_for_is_one_of_the_materials() {
    let asking = |material: &str| {
        let question = json!({"type": "string", "x-label": "凭证照片", "x-widget": "attachment", "x-material": material});
        move |item: &mut ItemContent| item.form["properties"]["proof"] = question.clone()
    };
    check(asking("m1"), expect![""]);
    check(
        asking("m9"),
        expect![[r"
        form attachment_unknown
    "]],
    );
}

#[test]
fn each_mistake_has_its_problem() {
    check(|_| {}, expect![""]);
    check(
        |item| item.name.clear(),
        expect![[r"
        name missing
    "]],
    );
    check(
        |item| item.name = "长".repeat(101),
        expect![[r"
        name too_long
    "]],
    );
    check(
        |item| item.national_code = "0001".to_owned(),
        expect![[r"
        national_code wrong_code
    "]],
    );
    check(
        |item| item.national_code = "00013112700Y".to_owned(),
        expect![[r"
        national_code group_code
        national_code code_and_type_differ
    "]],
    );
    check(
        |item| item.local_code = "有 空格".to_owned(),
        expect![[r"
        local_code wrong_code
    "]],
    );
    check(
        |item| item.service_objects.clear(),
        expect![[r"
        service_objects missing
    "]],
    );
    check(
        |item| item.department = Department::none(),
        expect![[r"
        department missing
    "]],
    );
    check(
        |item| item.department.code = "人社".to_owned(),
        expect![[r"
        department wrong_department_code
    "]],
    );
    check(
        |item| item.handling = HandlingKind::Other,
        expect![[r"
        handling handling_unknown
    "]],
    );
}

#[test]
fn limits_agree_with_each_other_and_with_the_law() {
    check(
        |item| item.promised_limit = TimeLimit::working_days(21),
        expect![[r"
        promised_limit promised_longer_than_statutory
    "]],
    );
    // Thirty calendar days are more than twenty working days, twenty-eight are as many.
    check(
        |item| item.promised_limit = TimeLimit::calendar_days(30),
        expect![[r"
        promised_limit promised_longer_than_statutory
    "]],
    );
    check(
        |item| item.promised_limit = TimeLimit::calendar_days(28),
        expect![""],
    );
    check(
        |item| {
            item.promised_limit = TimeLimit {
                value: 0,
                unit: LimitUnit::WorkingDays,
                note: String::new(),
            }
        },
        expect![[r"
        promised_limit limit_value
        promised_limit standard_without_days
    "]],
    );
    check(
        |item| item.statutory_limit = TimeLimit::working_days(4_000),
        expect![[r"
        statutory_limit limit_too_long
    "]],
    );
    check(
        |item| item.handling = HandlingKind::Instant,
        expect![[r"
        promised_limit instant_with_days
        steps instant_with_steps
    "]],
    );
    check(
        |item| {
            item.extension = Some(ExtensionTerms {
                days_max: 0,
                article: String::new(),
                note: String::new(),
            });
        },
        expect![[r"
        extension extension_days
        extension.article missing
    "]],
    );
    check(
        |item| item.steps.clear(),
        expect![[r"
        steps no_steps
    "]],
    );
    check(
        |item| item.steps[0].limit_days = Some(6),
        expect![[r"
        steps steps_longer_than_promised
    "]],
    );
}

#[test]
fn lists_and_elements_agree_with_each_other() {
    check(
        |item| {
            item.materials.push(ItemMaterial {
                id: "m1".to_owned(),
                name: "居民身份证 ".to_owned(),
                ..ItemMaterial::default()
            });
        },
        expect![[r"
        materials[1].id duplicate_key
        materials[1].name duplicate_name
    "]],
    );
    check(
        |item| {
            item.materials.push(ItemMaterial {
                id: "M 2".to_owned(),
                copies: 0,
                ..ItemMaterial::default()
            });
        },
        expect![[r"
        materials[1].id wrong_key
        materials[1].name missing
        materials[1].copies copies
    "]],
    );
    check(
        |item| {
            item.materials[0].tolerable = true;
            item.materials[0].by_commitment = true;
        },
        expect![[r"
        materials[0].tolerable tolerable_not_allowed
        materials[0].by_commitment commitment_not_allowed
    "]],
    );
}

#[test]
fn duties_and_measures_may_be_absent_but_not_empty() {
    check(
        |item| {
            item.duties = vec![Duty {
                by: "很长".repeat(60),
                ..Duty::default()
            }];
            item.accountability = vec![String::new()];
            item.supervision = vec![SupervisionMeasure {
                by: "很长".repeat(60),
                ..SupervisionMeasure::default()
            }];
        },
        expect![[r"
        duties[0].by too_long
        duties[0].text missing
        accountability[0] missing
        supervision[0].measure missing
        supervision[0].by too_long
    "]],
    );
}

#[test]
fn whose_a_duty_is_follows_from_the_item_where_it_is_not_written() {
    let mut item = complete();
    item.department.name = "行政审批服务局".to_owned();
    let of = |item: &ItemContent, party: DutyParty, by: &str| {
        let by = by.to_owned();
        let duty = Duty {
            party,
            by,
            ..Duty::default()
        };
        item.duty_of(&duty).to_owned()
    };
    let department = &item.department.name;
    assert_eq!(of(&item, DutyParty::Approver, ""), *department);
    assert_eq!(of(&item, DutyParty::Responsible, ""), *department);
    assert_eq!(of(&item, DutyParty::Applicant, ""), "");
    let mut supervised = SupervisedItem::default();
    supervised.department.name = "水利局".to_owned();
    item.supervised = Some(supervised);
    assert_eq!(of(&item, DutyParty::Responsible, ""), "水利局");
    assert_eq!(of(&item, DutyParty::Enforcement, ""), "水利局");
    assert_eq!(of(&item, DutyParty::Enforcement, "执法大队"), "执法大队");
    // What was published before duties had parties is read as the deciding department's.
    let before: Duty = serde_json::from_value(json!({"stage": "review", "text": "审查"})).unwrap();
    assert_eq!(before.party, DutyParty::Approver);
    assert_eq!(
        serde_json::to_value(&before).unwrap(),
        json!({"stage": "review", "text": "审查"})
    );
}

#[test]
fn a_form_must_be_one_and_lists_agree() {
    check(
        |item| item.form = json!(null),
        expect![[r"
        form missing
    "]],
    );
    check(
        |item| {
            item.form =
                json!({"type": "object", "properties": {"a": {"type": "string", "onclick": "x"}}});
        },
        expect![[r"
        form wrong_form
    "]],
    );
    check(
        |item| item.fee.charged = true,
        expect![[r"
        fee fee_missing
    "]],
    );
    check(
        |item| item.fee.items.push(FeeItem::default()),
        expect![[r"
        fee fee_not_charged
        fee.items[0].name missing
        fee.items[0].standard missing
    "]],
    );
    check(
        |item| item.legal_basis = vec![LegalBasis::default()],
        expect![[r"
        legal_basis[0].law missing
    "]],
    );
    check(
        |item| {
            item.tags = Tag::ALL.to_vec();
            item.max_visits = 2;
        },
        expect![[r"
        tags one_visit_with_more
        tags online_without_form
        tags at_once_with_days
    "]],
    );
    check(
        |item| {
            item.handling_forms.clear();
            item.delivery_methods.clear();
            item.without_meeting.deliver = true;
        },
        expect![[r"
        handling_forms missing
        delivery_methods missing
        without_meeting without_meeting_delivery
    "]],
    );
    check(
        |item| item.conditions = vec![String::new(), "铃\u{7}".to_owned()],
        expect![[r"
        conditions[0] missing
        conditions[1] control_character
    "]],
    );
}

#[test]
fn a_withdrawal_is_taken_back_before_its_day_and_led_elsewhere_after_it() {
    let mut state = ItemState::default();
    let back = |reason: &str| ItemCommand::TakeBack {
        reason: reason.to_owned(),
    };
    let lead = |item| ItemCommand::Lead {
        successor: ItemId::from_u128(item),
    };
    let now = "2026-11-22T01:00:00Z";
    let story = [
        (now, draft(|_| {})),
        (now, publish("2026-11-22")),
        (now, back("没有停用")),
        (now, lead(2)),
        (now, withdraw("2026-12-01", "并入别的事项")),
        ("2026-11-23T01:00:00Z", back(" ")),
        ("2026-11-23T01:00:00Z", back("合并方案推迟")),
        (
            "2026-11-23T01:00:00Z",
            withdraw("2026-12-01", "并入别的事项"),
        ),
        // 16:00 UTC is midnight in China: the day has begun.
        ("2026-11-30T16:00:00Z", back("太晚")),
        ("2026-11-30T16:00:00Z", lead(1)),
        ("2026-11-30T16:00:00Z", lead(2)),
    ];
    let mut told = String::new();
    for (now, command) in &story {
        told.push_str(&run(&mut state, now, command));
        told.push('\n');
    }
    expect![[r#"
         copy=true withdrawn=false
        1: 2026-11-22– copy=false withdrawn=false
        not_withdrawn: 事项没有停用，没有可以改的。请刷新页面。
        not_withdrawn: 事项没有停用，没有可以改的。请刷新页面。
        1: 2026-11-22–2026-12-01 copy=false withdrawn=true
        reason_missing: 请写明为什么撤回停用（最多 500 字）。
        1: 2026-11-22– copy=false withdrawn=false
        1: 2026-11-22–2026-12-01 copy=false withdrawn=true
        withdrawal_in_force: 事项从 2026-12-01 起已经停用，不能撤回。要恢复办理，请编辑后重新发布。
        successor_itself: 不能并入自己。请选另一个事项，或者只停用。
        1: 2026-11-22–2026-12-01 copy=false withdrawn=true
    "#]]
    .assert_eq(&told);
    let led = state.withdrawal.and_then(|withdrawal| withdrawal.successor);
    assert_eq!(led, Some(ItemId::from_u128(2)));
}

#[test]
fn differences_name_the_elements() {
    let before = complete();
    let mut after = complete();
    after.phone = "0915-4420107".to_owned();
    after.promised_limit = TimeLimit::working_days(3);
    after.materials.push(ItemMaterial {
        id: "m2".to_owned(),
        name: "照片".to_owned(),
        ..ItemMaterial::default()
    });
    let lines: Vec<String> = differences(&before, &after)
        .into_iter()
        .map(|change| format!("{}: {} → {}\n", change.element, change.before, change.after))
        .collect();
    expect![[r"
        承诺办结时限: 数值：5，单位：工作日 → 数值：3，单位：工作日
        材料:  → m2，名称：照片，申请人自备，必要，纸质或电子，份数：1
        咨询电话:  → 0915-4420107
    "]]
    .assert_eq(&lines.concat());
    assert_eq!(differences(&before, &before), []);
}

#[test]
fn a_drawing_that_no_case_can_run_on_stands_against_publication() {
    let broken = ItemContent {
        drawn_process: "<definitions/>".to_owned(),
        ..complete()
    };
    let found = problems(&broken);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].field, "drawn_process");
    assert!(
        found[0].public.starts_with("流程图第 1 行"),
        "{}",
        found[0].public
    );
    assert_eq!(problems(&complete()), []);
}
