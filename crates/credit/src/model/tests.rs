//! What may be asked of a record in which standing, and what it excludes from.

use std::fmt::Write as _;

use expect_test::{Expect, expect};
use wuchuang_calendar::Calendar;
use wuchuang_kernel::{
    Actor, CaseId, Channel, CreditSubjectId, OrganisationId, PersonId, Personal,
};
use wuchuang_ledger::{Context, Stream};

use super::*;

const PERSON: PersonId = PersonId::from_u128(1);

fn own(text: &str) -> Personal<String> {
    Personal::new(PERSON, text.to_owned())
}

fn recording(case: u128, ground: CreditGround, reason: &str) -> CreditCommand {
    CreditCommand::Record(Box::new(Recording {
        ground,
        case: CaseId::from_u128(case),
        case_number: "6109242026112200001".to_owned(),
        item_name: "道路货物运输经营许可".to_owned(),
        task: None,
        is_organisation: false,
        name: own("张三"),
        organisation: OrganisationId::from_u128(5),
        organisation_name: "交通运输局".to_owned(),
        reason: own(reason),
    }))
}

fn ask(record: u32, reason: &str) -> CreditCommand {
    CreditCommand::AskRepair {
        record,
        reason: own(reason),
    }
}

fn repair(record: u32, document: &str) -> CreditCommand {
    CreditCommand::Repair {
        record,
        reason: own("已经改正"),
        document: own(document),
    }
}

fn decline(record: u32) -> CreditCommand {
    CreditCommand::DeclineRepair {
        record,
        reason: own("还没有改正"),
    }
}

/// Sends commands one after the other, and says of each what came of it.
#[track_caller]
fn check(commands: Vec<CreditCommand>, expected: &Expect) {
    let calendar = Calendar::embedded();
    let now = "2026-11-23T01:00:00Z".parse().unwrap();
    let mut state = CreditState::default();
    let mut told = String::new();
    for command in commands {
        let context = Context {
            region: "610924".parse().unwrap(),
            stream: CreditSubjectId::from_u128(9).into(),
            now,
            actor: &Actor::SYSTEM,
            channel: Channel::Office,
            calendar: &calendar,
            number: None,
        };
        match CreditStream::decide(&state, &command, &context) {
            Ok(events) => {
                for event in &events {
                    CreditStream::apply(&mut state, event, now);
                }
                let standing: Vec<&str> = state.0.iter().map(|one| one.standing.name()).collect();
                let bar = state.bar().map_or(0, |bar| bar.records);
                let _ = writeln!(told, "{}；限制 {bar}", standing.join("、"));
            }
            Err(refusal) => {
                let _ = writeln!(told, "✗ {}", refusal.code);
            }
        }
    }
    expected.assert_eq(&told);
}

#[test]
fn a_record_bars_until_it_is_repaired() {
    check(
        vec![
            recording(1, CreditGround::FalsePromise, "核查时没有制度"),
            recording(2, CreditGround::SupplementNotDelivered, "逾期没有补齐"),
            ask(1, "已经建立制度"),
            decline(1),
            ask(1, "制度已经执行"),
            repair(1, "信用修复决定书〔2026〕1号"),
            repair(2, "信用修复决定书〔2026〕2号"),
        ],
        &expect![[r"
            未修复；限制 1
            未修复、未修复；限制 2
            已申请修复、未修复；限制 2
            未修复、未修复；限制 2
            已申请修复、未修复；限制 2
            已修复、未修复；限制 1
            已修复、已修复；限制 0
        "]],
    );
}

#[test]
fn what_is_not_allowed_is_refused() {
    check(
        vec![
            recording(1, CreditGround::FalsePromise, " "),
            ask(1, "改正"),
            recording(1, CreditGround::FalsePromise, "核查时没有制度"),
            recording(1, CreditGround::FalsePromise, "核查时没有制度"),
            recording(1, CreditGround::FalseMaterial, "材料是假的"),
            decline(1),
            ask(1, ""),
            ask(1, "改正"),
            ask(1, "改正"),
            repair(1, ""),
            repair(1, "决定书"),
            repair(1, "决定书"),
            ask(1, "改正"),
            repair(3, "决定书"),
        ],
        &expect![[r"
            ✗ text_missing
            ✗ credit_unknown
            未修复；限制 1
            ✗ credit_recorded_before
            未修复、未修复；限制 2
            ✗ repair_not_asked
            ✗ text_missing
            已申请修复、未修复；限制 2
            ✗ repair_asked_before
            ✗ text_missing
            已修复、未修复；限制 1
            ✗ repaired_before
            ✗ repaired_before
            ✗ credit_unknown
        "]],
    );
}

#[test]
fn whom_to_ask_for_the_repair_is_named_once() {
    let mut state = CreditState::default();
    for (record, case) in [(1, 1), (2, 2)] {
        let CreditCommand::Record(recording) = recording(case, CreditGround::FalsePromise, "事实")
        else {
            return;
        };
        let event = CreditEvent::Recorded {
            record,
            recording,
            by: Actor::SYSTEM,
        };
        CreditStream::apply(&mut state, &event, "2026-11-23T01:00:00Z".parse().unwrap());
    }
    let bar = state.bar().unwrap();
    assert_eq!(
        (bar.records, bar.organisations),
        (2, vec!["交通运输局".to_owned()])
    );
}
