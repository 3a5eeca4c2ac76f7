//! The rules of a licence's life, as tables.

use std::fmt::Write as _;

use expect_test::expect;
use wuchuang_calendar::Calendar;
use wuchuang_kernel::{Actor, Channel, StreamId};

use super::*;

const PERSON: PersonId = PersonId::from_u128(9);

fn own(text: &str) -> Personal<String> {
    Personal::new(PERSON, text.to_owned())
}

fn issue(change: impl FnOnce(&mut Issue)) -> LicenceCommand {
    let mut issue = Issue {
        type_code: "11100000000013338W001".into(),
        issuer: "11100000000013338W".into(),
        department_code: "SCJG".into(),
        name: "食品经营许可证".into(),
        holder: Holder {
            person: PERSON,
            kind: ApplicantKind::Person,
            name: own("张小明"),
            number: own("610924199001011233"),
        },
        organisation: OrganisationId::from_u128(3),
        organisation_name: "市场监督管理局".into(),
        case: CaseId::from_u128(4),
        case_number: "610924SCJG20261123000001".into(),
        contents: Personal::new(PERSON, Vec::new()),
        valid_years: Some(5),
        check_code: "7K3M92QF".into(),
        token: "0123456789abcdef0123".into(),
        approvals: Vec::new(),
        copy_days: None,
    };
    change(&mut issue);
    LicenceCommand::Issue(Box::new(issue))
}

fn document(sha256: &str) -> LicenceCommand {
    LicenceCommand::RecordDocument(DocumentReference {
        is_copy: false,
        sha256: sha256.to_owned(),
        bytes: 1,
        signer: "测试".into(),
    })
}

fn annotate(purpose: &str, expires: &str) -> LicenceCommand {
    LicenceCommand::Annotate {
        purpose: own(purpose),
        expires: expires.parse().unwrap(),
    }
}

fn revoke(reason: &str) -> LicenceCommand {
    LicenceCommand::Revoke {
        reason: own(reason),
    }
}

/// Sends commands to one licence on 23 November 2026 and tells what came of each.
fn story(commands: &[LicenceCommand]) -> String {
    let calendar = Calendar::embedded();
    let context = Context {
        region: "610924".parse().unwrap(),
        stream: StreamId::from_u128(1),
        now: "2026-11-23T01:00:00Z".parse().unwrap(),
        actor: &Actor::SYSTEM,
        channel: Channel::System,
        calendar: &calendar,
        number: Some(7),
    };
    let mut state = LicenceState::default();
    let mut told = String::new();
    for command in commands {
        match LicenceStream::decide(&state, command, &context) {
            Ok(events) => {
                for event in &events {
                    LicenceStream::apply(&mut state, event, context.now);
                }
                writeln!(told, "{} event", events.len()).unwrap();
            }
            Err(rejection) => {
                writeln!(told, "{} {:?}", rejection.code, rejection.field).unwrap();
            }
        }
    }
    if let Some(licence) = &state.0 {
        let issued = &licence.issued;
        writeln!(
            told,
            "{} {} {} {:?} {}",
            issued.number,
            issued.identifier.as_str(),
            issued.valid_from,
            issued.valid_until.map(|day| day.to_string()),
            licence.standing.code()
        )
        .unwrap();
    }
    told
}

#[test]
fn a_licence_is_issued_once_and_revoked_once() {
    expect![[r#"
        licence_unknown None
        1 event
        licence_exists None
        document_hash None
        1 event
        0 event
        reason_missing Some("reason")
        1 event
        licence_revoked None
        0 event
        610924SCJG2026000007 1.2.156.3005.2.11100000000013338W001.11100000000013338W.202600000007.001.O 2026-11-23 Some("2031-11-22") revoked
    "#]]
    .assert_eq(&story(&[
        revoke("注销"),
        issue(|_| {}),
        issue(|_| {}),
        document("x"),
        document(&"a".repeat(64)),
        document(&"a".repeat(64)),
        revoke(" "),
        revoke("持证人申请"),
        revoke("再注销"),
        document(&"a".repeat(64)),
    ]));
}

fn copy_made(sha256: &str) -> LicenceCommand {
    let mut command = document(sha256);
    if let LicenceCommand::RecordDocument(document) = &mut command {
        document.is_copy = true;
    }
    command
}

#[test]
fn a_copy_comes_before_the_original_and_never_after() {
    let first = || issue(|issue| issue.copy_days = Some(60));
    expect![[r#"
        1 event
        610924SCJG2026000007 1.2.156.3005.2.11100000000013338W001.11100000000013338W.202600000007.001.O 2026-11-23 Some("2027-01-22") in_force
    "#]].assert_eq(&story(&[first()]));
    expect![[r#"
        1 event
        1 event
        1 event
        original_issued None
        document_of_copy None
        1 event
        610924SCJG2026000007 1.2.156.3005.2.11100000000013338W001.11100000000013338W.202600000007.001.O 2026-11-23 Some("2031-11-22") in_force
    "#]].assert_eq(&story(&[
        first(),
        copy_made(&"a".repeat(64)),
        LicenceCommand::IssueOriginal,
        LicenceCommand::IssueOriginal,
        copy_made(&"a".repeat(64)),
        document(&"b".repeat(64)),
    ]));
    expect![[r#"
        copy_days None
        1 event
        original_issued None
        document_of_copy None
        610924SCJG2026000007 1.2.156.3005.2.11100000000013338W001.11100000000013338W.202600000007.001.O 2026-11-23 Some("2031-11-22") in_force
    "#]].assert_eq(&story(&[
        issue(|issue| issue.copy_days = Some(0)),
        issue(|_| {}),
        LicenceCommand::IssueOriginal,
        copy_made(&"a".repeat(64)),
    ]));
    // A copy is not valid for longer than its original, and nothing follows a revoked one.
    expect![[r#"
        1 event
        1 event
        licence_revoked None
        610924SCJG2026000007 1.2.156.3005.2.11100000000013338W001.11100000000013338W.202600000007.001.O 2026-11-23 Some("2027-11-22") revoked
    "#]].assert_eq(&story(&[
        issue(|issue| {
            issue.copy_days = Some(500);
            issue.valid_years = Some(1);
        }),
        revoke("承诺不属实"),
        LicenceCommand::IssueOriginal,
    ]));
}

#[test]
fn what_cannot_be_a_licence_is_refused() {
    expect![[r#"
        licence_name Some("name")
        holder_name Some("holder")
        licence_identifier None
        valid_years None
        contents_too_long None
    "#]]
    .assert_eq(&story(&[
        issue(|issue| issue.name.clear()),
        issue(|issue| issue.holder.name = own("")),
        issue(|issue| issue.type_code = "001".into()),
        issue(|issue| issue.valid_years = Some(0)),
        issue(|issue| {
            let field = ContentField {
                label: "经营场所".into(),
                value: "路".repeat(2_001),
            };
            issue.contents = Personal::new(PERSON, vec![field]);
        }),
    ]));
}

#[test]
fn a_copy_for_one_purpose_lapses_within_a_year_and_before_the_licence() {
    expect![[r#"
        1 event
        reason_missing Some("purpose")
        expires_range Some("expires")
        expires_range Some("expires")
        1 event
        610924SCJG2026000007 1.2.156.3005.2.11100000000013338W001.11100000000013338W.202600000007.001.O 2026-11-23 Some("2027-11-22") in_force
    "#]]
    .assert_eq(&story(&[
        issue(|issue| issue.valid_years = Some(1)),
        annotate("", "2026-12-31"),
        annotate("贷款", "2026-11-22"),
        annotate("贷款", "2028-01-01"),
        annotate("贷款", "2026-12-31"),
    ]));
}

#[test]
fn the_status_follows_the_day() {
    let last = Some(jiff::civil::date(2026, 11, 22));
    let on = |day| LicenceStatus::of("in_force", last, jiff::civil::date(2026, 11, day));
    assert_eq!(on(22), LicenceStatus::Valid);
    assert_eq!(on(23), LicenceStatus::Expired);
    assert_eq!(
        LicenceStatus::of("revoked", last, jiff::civil::date(2026, 11, 23)),
        LicenceStatus::Revoked
    );
}
