//! What people outside read of a case at its stations.

use std::{fmt::Write as _, sync::Arc};

use expect_test::{Expect, expect};
use jiff::{Timestamp, civil::date};
use serde_json::json;
use wuchuang_calendar::{
    Acceptance, Calendar, Clock, ClockEvent, CorrectionNotice, ReceiptClock, ReceiptEvent,
};
use wuchuang_cases::model::{
    Applicant, ApplicantKind, Case, Decision, Delivered, DeliveryChoice, ItemTerms,
    NotAcceptedGround, Position, Stage, ToldDefect,
};
use wuchuang_catalogue::model::{ItemContent, ItemVersion};
use wuchuang_kernel::{Channel, ItemId, OrganisationId, PersonId, Personal};
use wuchuang_webkit::{
    display::Display,
    language::{Language, Texts, Translator},
    page::{PageContext, Site},
};

use super::{CaseView, Sources, Viewer};

fn page(language: Language) -> PageContext {
    let site = Site {
        county_name: "紫阳县".into(),
        origin: "http://127.0.0.1:8080".into(),
        telephone: "12345".into(),
        operator: "紫阳县政务服务中心".into(),
        records: Vec::new(),
    };
    let texts = Texts::new()
        .unwrap()
        .with_english("portal", include_str!("../../locales/en.po"))
        .unwrap();
    PageContext::new(
        Arc::new(site),
        Translator::new(language, Arc::new(texts)),
        Display::default(),
        "/",
    )
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// Received on Friday, 20 November 2026, in the morning.
fn received() -> Case {
    let version = ItemVersion {
        id: ItemId::from_u128(1),
        version: 1,
        effective_from: date(2026, 1, 1),
        cancelled_on: None,
        published_at: at("2026-01-01T00:00:00Z"),
        published_by: None,
        content: ItemContent {
            name: "食品经营许可".into(),
            ..ItemContent::default()
        },
    };
    let me = PersonId::from_u128(2);
    let own = |text: &str| Personal::new(me, text.to_owned());
    let received_at = at("2026-11-20T02:00:00Z");
    Case {
        number: "610924SCJG20261120000001".into(),
        channel: Channel::Portal,
        received_at,
        terms: ItemTerms::of(&version).unwrap(),
        by_rules: None,
        organisation: OrganisationId::from_u128(3),
        organisation_name: "市场监督管理局".into(),
        entrusted_by: None,
        applicant: Applicant {
            person: me,
            kind: ApplicantKind::Person,
            name: own("王小明"),
            number: own("610924199001011234"),
            phone: own("13800000000"),
            address: own(""),
            email: own(""),
        },
        agent: None,
        known: Vec::new(),
        part_of: None,
        answers: Personal::new(me, json!({})),
        materials: Vec::new(),
        delivery: DeliveryChoice::Counter,
        check_code: "7K3M9Q".into(),
        priority: false,
        undertaking: None,
        holder: None,
        receipt: ReceiptClock::received(received_at),
        clock: None,
        defects: Vec::new(),
        extension_request: None,
        deadline_told_at: None,
        is_reminded: false,
        owed: Vec::new(),
        opinions: Vec::new(),
        notices: Vec::new(),
        lines: Vec::new(),
        has_new_material: false,
        stage: Stage::Examining,
        rated: false,
        archived: false,
        tasks_closed: Vec::new(),
        version: 1,
        changed_at: received_at,
        arrived_at: received_at,
    }
}

fn accepted() -> Case {
    let mut case = received();
    let acceptance = Acceptance::decided(at("2026-11-20T06:00:00Z"));
    case.clock = Some(Clock::start(case.terms.limits.clone(), acceptance));
    case.stage = Stage::Review(Position::Step {
        step: "review".into(),
    });
    case
}

fn check(case: &Case, viewer: Viewer, language: Language, now: &str, expected: Expect) {
    let page = page(language);
    let view = CaseView::of(
        &page,
        &Sources {
            case,
            history: &[],
            calendar: &Calendar::embedded(),
            now: at(now),
            viewer,
        },
    );
    let mut out = String::new();
    for stage in &view.stages {
        let _ = writeln!(
            out,
            "{} {:?} {} {}",
            stage.name, stage.state, stage.date, stage.detail
        );
    }
    if let Some(clock) = &view.clock {
        let _ = writeln!(out, "{:?} {} / {}", clock.light, clock.text, clock.detail);
    }
    for sentence in &view.where_now {
        let _ = writeln!(out, "- {sentence}");
    }
    for day in &view.days {
        let _ = writeln!(
            out,
            "{} {} {} {}",
            day.day, day.counted, day.reason, day.is_future
        );
    }
    expected.assert_eq(&out);
}

const CHINESE: Language = Language::SimplifiedChinese;

#[test]
fn a_received_case_says_when_it_is_answered() {
    check(
        &received(),
        Viewer::Holder,
        CHINESE,
        "2026-11-23T02:00:00Z",
        expect![[r#"
        收件 Done 11月20日 周五 
        受理 Current  待受理
        审查 Waiting  
        决定 Waiting  
        送达 Waiting  
        Normal 等待受理 / 11月27日 周五前答复是否受理
        - 市场监督管理局正在核对材料：齐全就受理；不齐全会一次告诉您全部要补的内容。
        - 最迟11月27日 周五答复；到期没有答复，自收到之日起就算受理（《行政许可法》第三十二条）。
    "#]],
    );
}

#[test]
fn a_running_case_shows_each_day() {
    check(
        &accepted(),
        Viewer::Holder,
        CHINESE,
        "2026-11-24T02:00:00Z",
        expect![[r#"
        收件 Done 11月20日 周五 
        受理 Done 11月20日 周五 
        审查 Current  审查
        决定 Waiting  
        送达 Waiting  
        Normal 还剩 3 个工作日 / 11月27日 周五前办结
        - 现在在市场监督管理局，环节是审查。
        11月20日 周五 不计 受理当日 false
        11月21日 周六 不计 周末 false
        11月22日 周日 不计 周末 false
        11月23日 周一 第 1 天 工作日 false
        11月24日 周二 第 2 天 工作日 false
        11月25日 周三 第 3 天 工作日 true
        11月26日 周四 第 4 天 工作日 true
        11月27日 周五 第 5 天 工作日 true
    "#]],
    );
    check(
        &accepted(),
        Viewer::Holder,
        Language::English,
        "2026-11-24T02:00:00Z",
        expect![[r#"
        收件 Done Fri 11-20 
        受理 Done Fri 11-20 
        审查 Current  Review
        决定 Waiting  
        送达 Waiting  
        Normal 3 working days left / Due by Fri 11-27
        - Now at 市场监督管理局, step: Review.
        Fri 11-20 Not counted Day of acceptance false
        Sat 11-21 Not counted Weekend false
        Sun 11-22 Not counted Weekend false
        Mon 11-23 Day 1 Working day false
        Tue 11-24 Day 2 Working day false
        Wed 11-25 Day 3 Working day true
        Thu 11-26 Day 4 Working day true
        Fri 11-27 Day 5 Working day true
    "#]],
    );
}

#[test]
fn a_correction_waits_for_the_applicant() {
    let mut case = received();
    case.defects = vec![ToldDefect {
        key: "material:m1".into(),
        name: "身份证".into(),
        problem: Personal::new(case.applicant.person, "照片不清楚".into()),
    }];
    case.receipt = case.receipt.apply(ReceiptEvent::CorrectionAsked {
        notice: CorrectionNotice {
            defects: vec!["material:m1".into()],
            told_at: at("2026-11-20T07:00:00Z"),
            answer_by: Some(date(2026, 12, 4)),
        },
    });
    case.stage = Stage::Correcting;
    check(
        &case,
        Viewer::Applicant,
        CHINESE,
        "2026-11-24T02:00:00Z",
        expect![[r#"
        收件 Done 11月20日 周五 
        受理 Current  补正中
        审查 Waiting  
        决定 Waiting  
        送达 Waiting  
        Paused 等您补正 / 收到补正后重新计算五个工作日
        - 等您补正 1 项。补齐以前不计时。
        - 请在12月4日 周五以前补齐。
    "#]],
    );
}

#[test]
fn reasons_are_for_the_applicant_only() {
    let mut case = received();
    case.stage = Stage::NotAccepted {
        ground: NotAcceptedGround::Other,
        reason: Personal::new(case.applicant.person, "王小明名下已有许可".into()),
        at: at("2026-11-23T02:00:00Z"),
    };
    check(
        &case,
        Viewer::Holder,
        CHINESE,
        "2026-11-24T02:00:00Z",
        expect![[r#"
        收件 Done 11月20日 周五 
        受理 Stopped  不予受理
        - 没有受理：不符合受理条件。
        - 不服这个决定的，可以在六十日内申请行政复议，或在六个月内提起行政诉讼。
    "#]],
    );
    check(
        &case,
        Viewer::Applicant,
        CHINESE,
        "2026-11-24T02:00:00Z",
        expect![[r#"
        收件 Done 11月20日 周五 
        受理 Stopped  不予受理
        - 没有受理：不符合受理条件。
        - 王小明名下已有许可
        - 不服这个决定的，可以在六十日内申请行政复议，或在六个月内提起行政诉讼。
    "#]],
    );
}

/// The legal clock ends with the decision; what the applicant waits for then has days of its own.
#[test]
fn a_decided_case_says_until_when_its_result_is_handed_over() {
    let mut case = accepted();
    let decided_at = at("2026-11-24T02:00:00Z");
    case.clock = case
        .clock
        .map(|clock| clock.apply(ClockEvent::Finished { at: decided_at }));
    case.stage = Stage::Delivering {
        decision: Decision::Granted,
        licence: None,
    };
    let told = |case: &Case, language, now: &str| {
        let page = page(language);
        let view = CaseView::of(
            &page,
            &Sources {
                case,
                history: &[],
                calendar: &Calendar::embedded(),
                now: at(now),
                viewer: Viewer::Holder,
            },
        );
        let clock = view.clock.unwrap();
        let last = view.where_now.last().cloned().unwrap_or_default();
        format!(
            "{:?} {} / {}\n{last}",
            clock.light, clock.text, clock.detail
        )
    };
    expect![[r#"
        Normal 还剩 8 个工作日 / 12月8日 周二前送达
        决定作出后10 个工作日内送达，最迟12月8日 周二（《行政许可法》第四十四条）。"#]]
    .assert_eq(&told(&case, CHINESE, "2026-11-26T02:00:00Z"));
    expect![[r#"
        Normal 8 working days left / Handed over by Tue 12-8
        Handed over within 10 working days of the decision, by Tue 12-8 at the latest (Administrative Licensing Law, Article 44)."#]]
    .assert_eq(&told(&case, Language::English, "2026-11-26T02:00:00Z"));
    let late = told(&case, CHINESE, "2026-12-09T02:00:00Z");
    assert!(late.starts_with("Overdue 已超期 1 个工作日"), "{late}");
    case.stage = Stage::Issuing;
    let made = told(&case, CHINESE, "2026-11-26T02:00:00Z");
    assert!(made.starts_with("Normal 还剩 8 个工作日"), "{made}");
}

#[test]
fn a_closed_case_hides_the_parcel_from_strangers() {
    let mut case = accepted();
    let closed_at = at("2026-11-24T02:00:00Z");
    case.clock = case
        .clock
        .map(|clock| clock.apply(ClockEvent::Finished { at: closed_at }));
    case.stage = Stage::Closed {
        decision: Decision::Granted,
        licence: None,
        delivered: Delivered::Post {
            carrier: "邮政".into(),
            tracking: "EA123".into(),
        },
        at: closed_at,
    };
    check(
        &case,
        Viewer::Holder,
        CHINESE,
        "2026-11-26T02:00:00Z",
        expect![[r#"
        收件 Done 11月20日 周五 
        受理 Done 11月20日 周五 
        审查 Done  
        决定 Done  准予
        送达 Done  
        Finished 按期办结 / 
        - 已作出准予决定。
        - 已办结，送达方式：邮寄。
        11月20日 周五 不计 受理当日 false
        11月21日 周六 不计 周末 false
        11月22日 周日 不计 周末 false
        11月23日 周一 第 1 天 工作日 false
        11月24日 周二 第 2 天 工作日 false
    "#]],
    );
    check(
        &case,
        Viewer::Applicant,
        CHINESE,
        "2026-11-26T02:00:00Z",
        expect![[r#"
        收件 Done 11月20日 周五 
        受理 Done 11月20日 周五 
        审查 Done  
        决定 Done  准予
        送达 Done  
        Finished 按期办结 / 
        - 已作出准予决定。
        - 已由邮政寄出，运单号 EA123。
        11月20日 周五 不计 受理当日 false
        11月21日 周六 不计 周末 false
        11月22日 周日 不计 周末 false
        11月23日 周一 第 1 天 工作日 false
        11月24日 周二 第 2 天 工作日 false
    "#]],
    );
}
