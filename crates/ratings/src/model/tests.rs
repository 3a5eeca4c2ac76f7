//! The rules of rating, as a table.

use expect_test::expect;
use wuchuang_calendar::Calendar;
use wuchuang_kernel::{Actor, Channel, StreamId};

use super::*;

fn rate(grade: Satisfaction, labels: &[u16], text: &str) -> RatingCommand {
    RatingCommand::Rate(Box::new(Rate {
        grade,
        channel: RatingChannel::Message,
        labels: labels.to_vec(),
        text: Some(Personal::new(PersonId::from_u128(9), text.to_owned())),
        rater: None,
        service: RatedService {
            case: CaseId::from_u128(1),
            item: ItemId::from_u128(2),
            item_name: "失业登记".into(),
            organisation: OrganisationId::from_u128(3),
            organisation_name: "人社局".into(),
            ended_on: jiff::civil::date(2026, 11, 20),
        },
    }))
}

fn open(reason: &str) -> RatingCommand {
    RatingCommand::Open {
        reason: Personal::new(PersonId::from_u128(9), reason.to_owned()),
    }
}

/// Sends commands to one rating and tells what came of each.
fn story(commands: &[RatingCommand]) -> String {
    let calendar = Calendar::embedded();
    let context = Context {
        region: "610924".parse().unwrap(),
        stream: StreamId::from_u128(1),
        now: Timestamp::UNIX_EPOCH,
        actor: &Actor::SYSTEM,
        channel: Channel::Portal,
        calendar: &calendar,
        number: None,
    };
    let mut state = RatingState::default();
    commands
        .iter()
        .map(
            |command| match RatingStream::decide(&state, command, &context) {
                Ok(events) => {
                    for event in &events {
                        RatingStream::apply(&mut state, event, context.now);
                    }
                    format!("{} event\n", events.len())
                }
                Err(rejection) => format!("{} {:?}\n", rejection.code, rejection.field),
            },
        )
        .collect()
}

#[test]
fn a_service_is_rated_once() {
    let good = rate(Satisfaction::VerySatisfied, &[510, 517], "很好");
    expect![[r#"
        rating_unknown None
        1 event
        rated_before None
        rating_not_bad None
    "#]]
    .assert_eq(&story(&[open("回访"), good.clone(), good, open("回访")]));
}

#[test]
fn labels_belong_to_the_grade() {
    let bad = Satisfaction::Dissatisfied;
    expect![[r#"
        label_of_other_grade Some("labels")
        label_of_other_grade Some("labels")
        labels_twice Some("labels")
        text_too_long Some("text")
        1 event
        reason Some("reason")
        reason Some("reason")
        1 event
    "#]]
    .assert_eq(&story(&[
        rate(bad, &[510], ""),
        rate(bad, &[999], ""),
        rate(bad, &[207, 207], ""),
        rate(bad, &[207], &"差".repeat(TEXT_CHARACTERS_MAX + 1)),
        rate(bad, &[], &"差".repeat(TEXT_CHARACTERS_MAX)),
        open("  "),
        open(&"长".repeat(201)),
        open("电话回访"),
    ]));
}
