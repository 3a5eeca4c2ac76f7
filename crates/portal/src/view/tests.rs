//! What people outside read of a case at its stations.

use std::{fmt::Write as _, sync::Arc};

use expect_test::{Expect, expect};
use jiff::{Timestamp, civil::date};
use serde_json::json;
use wuchuang_calendar::{
    Acceptance, Calendar, Clock, ClockEvent, CorrectionNotice, ReceiptClock, ReceiptEvent,
};
use wuchuang_cases::model::{
    Applicant, ApplicantKind, Case, Decision, Defect, Delivered, DeliveryChoice, ItemTerms,
    NotAcceptedGround, Position, Stage,
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
        organisation: OrganisationId::from_u128(3),
        organisation_name: "市场监督管理局".into(),
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
        answers: Personal::new(me, json!({})),
        materials: Vec::new(),
        delivery: DeliveryChoice::Counter,
        check_code: "7K3M9Q".into(),
        priority: false,
        holder: None,
        receipt: ReceiptClock::received(received_at),
        clock: None,
        defects: Vec::new(),
        owed: Vec::new(),
        opinions: Vec::new(),
        notices: Vec::new(),
        lines: Vec::new(),
        stage: Stage::Examining,
        rated: false,
        archived: false,
        version: 1,
        changed_at: received_at,
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
        let _ = writeln!(out, "{} {:?} {} {}", stage.name, stage.state, stage.date, stage.detail);
    }
    if let Some(clock) = &view.clock {
        let _ = writeln!(out, "{:?} {} / {}", clock.light, clock.text, clock.detail);
    }
    for sentence in &view.where_now {
        let _ = writeln!(out, "- {sentence}");
    }
    for day in &view.days {
        let _ = writeln!(out, "{} {} {} {}", day.day, day.counted, day.reason, day.is_future);
    }
    expected.assert_eq(&out);
}

const CHINESE: Language = Language::SimplifiedChinese;

#[test]
fn a_received_case_says_when_it_is_answered() {
    check(&received(), Viewer::Holder, CHINESE, "2026-11-23T02:00:00Z", expect![[]]);
}

#[test]
fn a_running_case_shows_each_day() {
    check(&accepted(), Viewer::Holder, CHINESE, "2026-11-24T02:00:00Z", expect![[]]);
    check(&accepted(), Viewer::Holder, Language::English, "2026-11-24T02:00:00Z", expect![[]]);
}

#[test]
fn a_correction_waits_for_the_applicant() {
    let mut case = received();
    case.defects = vec![Defect {
        key: "material:m1".into(),
        name: "身份证".into(),
        problem: "照片不清楚".into(),
    }];
    case.receipt = case.receipt.apply(ReceiptEvent::CorrectionAsked {
        notice: CorrectionNotice {
            defects: vec!["material:m1".into()],
            told_at: at("2026-11-20T07:00:00Z"),
            answer_by: Some(date(2026, 12, 4)),
        },
    });
    case.stage = Stage::Correcting;
    check(&case, Viewer::Applicant, CHINESE, "2026-11-24T02:00:00Z", expect![[]]);
}

#[test]
fn reasons_are_for_the_applicant_only() {
    let mut case = received();
    case.stage = Stage::NotAccepted {
        ground: NotAcceptedGround::Other,
        reason: Personal::new(case.applicant.person, "王小明名下已有许可".into()),
        at: at("2026-11-23T02:00:00Z"),
    };
    check(&case, Viewer::Holder, CHINESE, "2026-11-24T02:00:00Z", expect![[]]);
    check(&case, Viewer::Applicant, CHINESE, "2026-11-24T02:00:00Z", expect![[]]);
}

#[test]
fn a_closed_case_hides_the_parcel_from_strangers() {
    let mut case = accepted();
    let closed_at = at("2026-11-24T02:00:00Z");
    case.clock = case.clock.map(|clock| clock.apply(ClockEvent::Finished { at: closed_at }));
    case.stage = Stage::Closed {
        decision: Decision::Granted,
        licence: None,
        delivered: Delivered::Post {
            carrier: "邮政".into(),
            tracking: "EA123".into(),
        },
        at: closed_at,
    };
    check(&case, Viewer::Holder, CHINESE, "2026-11-26T02:00:00Z", expect![[]]);
    check(&case, Viewer::Applicant, CHINESE, "2026-11-26T02:00:00Z", expect![[]]);
}
