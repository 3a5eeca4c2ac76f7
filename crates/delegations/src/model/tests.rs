//! Who may be given what, and when it ends, as a table.

use expect_test::{Expect, expect};
use jiff::civil::date;
use wuchuang_calendar::Calendar;
use wuchuang_kernel::{Actor, Channel, StreamId};

use super::*;

/// Monday, 23 November 2026.
const NOW: &str = "2026-11-23T02:00:00Z";

fn given(organisation: u128, from: Date, until: Option<Date>) -> Delegation {
    Delegation {
        organisation: OrganisationId::from_u128(organisation),
        organisation_name: format!("第{organisation}镇人民政府"),
        way: DelegationWay::Entrusted,
        extent: Extent::Receipt,
        from,
        until,
        document: "紫政发〔2026〕12号".to_owned(),
    }
}

fn delegate(delegations: Vec<Delegation>) -> DelegationCommand {
    DelegationCommand::Delegate { delegations }
}

fn end(organisation: u128, last_day: Date) -> DelegationCommand {
    DelegationCommand::End {
        organisation: OrganisationId::from_u128(organisation),
        last_day,
        reason: "机构调整。".to_owned(),
    }
}

/// Sends commands to the delegations of one item; tells what came of each, and who holds it on which days.
fn check(commands: &[DelegationCommand], expected: Expect) {
    let calendar = Calendar::embedded();
    let context = Context {
        region: "610924".parse().unwrap(),
        stream: StreamId::from_u128(1),
        now: NOW.parse().unwrap(),
        actor: &Actor::SYSTEM,
        channel: Channel::Counter,
        calendar: &calendar,
        number: None,
    };
    let mut state = ItemDelegations::default();
    let mut told = Vec::new();
    for command in commands {
        match DelegationStream::decide(&state, command, &context) {
            Ok(events) => {
                for event in &events {
                    DelegationStream::apply(&mut state, event, context.now);
                }
                told.push(format!("{} event", events.len()));
            }
            Err(rejection) => {
                told.push(format!("{} {:?}", rejection.code, rejection.field));
            }
        }
    }
    for day in [date(2026, 11, 23), date(2026, 12, 1), date(2027, 1, 1)] {
        let holders = state.all.iter().filter(|known| known.is_in_force(day));
        let names: Vec<&str> = holders
            .map(|known| known.organisation_name.as_str())
            .collect();
        told.push(format!("{day} {}", names.join("、")));
    }
    expected.assert_eq(&(told.join("\n") + "\n"));
}

#[test]
fn several_places_receive_it_from_a_day_on() {
    check(
        &[delegate(vec![
            given(1, date(2026, 11, 23), None),
            given(2, date(2026, 12, 1), Some(date(2026, 12, 31))),
        ])],
        expect![[r"
            2 event
            2026-11-23 第1镇人民政府
            2026-12-01 第1镇人民政府、第2镇人民政府
            2027-01-01 第1镇人民政府
        "]],
    );
}

#[test]
fn nothing_is_given_twice_nor_for_the_past() {
    let today = date(2026, 11, 23);
    let nameless = Delegation {
        document: " ".to_owned(),
        ..given(1, today, None)
    };
    check(
        &[
            delegate(Vec::new()),
            delegate(vec![given(1, date(2026, 11, 22), None)]),
            delegate(vec![given(1, today, Some(date(2026, 11, 22)))]),
            delegate(vec![nameless]),
            delegate(vec![given(1, today, None)]),
            // One that overlaps takes the others with it.
            delegate(vec![
                given(2, today, None),
                given(1, date(2027, 1, 1), None),
            ]),
        ],
        expect![[r#"
            organisations_missing Some("organisations")
            from_past Some("from")
            until_before_from Some("until")
            document_missing Some("document")
            1 event
            delegation_overlaps Some("organisations")
            2026-11-23 第1镇人民政府
            2026-12-01 第1镇人民政府
            2027-01-01 第1镇人民政府
        "#]],
    );
}

#[test]
fn it_ends_after_a_day_and_can_be_given_again() {
    let today = date(2026, 11, 23);
    check(
        &[
            delegate(vec![given(1, today, None)]),
            end(2, today),
            end(1, date(2026, 11, 22)),
            end(1, today),
            end(1, today),
            delegate(vec![given(1, date(2026, 12, 1), None)]),
            // Before it begins.
            end(1, today),
            delegate(vec![given(1, date(2027, 1, 1), None)]),
        ],
        expect![[r#"
            1 event
            delegation_unknown None
            last_day_past Some("last_day")
            1 event
            last_day_later Some("last_day")
            1 event
            1 event
            1 event
            2026-11-23 第1镇人民政府
            2026-12-01 
            2027-01-01 第1镇人民政府
        "#]],
    );
}
