//! What may be asked of a suggestion, of an earlier year and of a count; months as figures count them.

use std::fmt::Write as _;

use expect_test::{Expect, expect};
use jiff::civil::date;
use wuchuang_calendar::Calendar;
use wuchuang_kernel::{Actor, Channel, ItemId, OrganisationId, StreamId};
use wuchuang_ledger::{Context, Stream};

use super::{
    count::{CountCommand, CountStream, Counted},
    month::{Month, Period},
    suggestion::*,
    year::*,
};

/// Sends commands one after the other on 23 November 2026, and says of each what came of it.
fn tell<S: Stream>(
    stream: StreamId,
    commands: &[S::Command],
    say: impl Fn(&S::State) -> String,
) -> String {
    let calendar = Calendar::embedded();
    let now = "2026-11-23T01:00:00Z".parse().unwrap();
    let mut state = S::State::default();
    let mut told = String::new();
    for command in commands {
        let context = Context {
            region: "610924".parse().unwrap(),
            stream,
            now,
            actor: &Actor::SYSTEM,
            channel: Channel::Office,
            calendar: &calendar,
            number: None,
        };
        match S::decide(&state, command, &context) {
            Ok(events) => {
                for event in &events {
                    S::apply(&mut state, event, now);
                }
                let _ = writeln!(told, "{}", say(&state));
            }
            Err(refusal) => {
                let _ = writeln!(told, "✗ {} {:?}", refusal.code, refusal.field);
            }
        }
    }
    told
}

fn grounds(part: i64, whole: i64) -> Box<Grounds> {
    Box::new(Grounds {
        kind: SuggestionKind::Guide,
        item: ItemId::from_u128(5),
        item_name: "食品经营许可核发".to_owned(),
        department: OrganisationId::from_u128(4),
        other: None,
        place: String::new(),
        whole,
        part,
        is_online: false,
    })
}

#[track_caller]
fn check(commands: &[SuggestionCommand], expected: &Expect) {
    let told = tell::<SuggestionStream>(grounds(1, 2).stream(), commands, |state| {
        let known = state.0.as_deref().unwrap();
        format!(
            "{} {}/{} decisions {}",
            known.standing.code(),
            known.grounds.part,
            known.grounds.whole,
            known.decisions.len()
        )
    });
    expected.assert_eq(&told);
}

fn take_up(reason: &str) -> SuggestionCommand {
    SuggestionCommand::TakeUp {
        reason: reason.to_owned(),
    }
}

fn dismiss(reason: &str) -> SuggestionCommand {
    SuggestionCommand::Dismiss {
        reason: reason.to_owned(),
    }
}

#[test]
fn what_was_dismissed_comes_back_when_its_figures_say_something_else() {
    use SuggestionCommand::{Lapse, Raise};
    check(
        &[
            dismiss("没有这条"),
            Raise(grounds(10, 30)),
            Raise(grounds(11, 31)),
            dismiss(" "),
            dismiss(&"长".repeat(501)),
            dismiss("指南上周已经改过"),
            dismiss("再说一次"),
            Raise(grounds(12, 33)),
            Lapse,
            Raise(grounds(16, 46)),
            Lapse,
            take_up("数据已经没有了"),
            Raise(grounds(16, 46)),
            take_up("十二月改指南"),
            Raise(grounds(60, 90)),
            Lapse,
            dismiss("改了以后不需要"),
        ],
        &expect![[r#"
            ✗ suggestion_unknown None
            open 10/30 decisions 0
            ✗ suggestion_stands None
            ✗ reason_missing Some("reason")
            ✗ reason_too_long Some("reason")
            dismissed 10/30 decisions 1
            ✗ suggestion_decided Some("reason")
            ✗ suggestion_dismissed None
            ✗ suggestion_decided None
            open 16/46 decisions 1
            lapsed 16/46 decisions 1
            ✗ suggestion_lapsed Some("reason")
            open 16/46 decisions 1
            taken_up 16/46 decisions 2
            ✗ suggestion_taken_up None
            ✗ suggestion_decided None
            dismissed 16/46 decisions 3
        "#]],
    );
}

fn year(lines: Vec<EarlierMonth>, reason: &str) -> YearCommand {
    YearCommand::Import(EarlierYear {
        year: 2024,
        items: vec![EarlierItem {
            item: ItemId::from_u128(5),
            months: lines,
        }],
        reason: reason.to_owned(),
    })
}

#[test]
fn a_year_is_brought_whole_and_again_with_a_reason() {
    let good = || vec![EarlierMonth(3, Channel::Counter, 10, 9, 1)];
    let line =
        |month, applied, accepted| vec![EarlierMonth(month, Channel::Portal, applied, accepted, 0)];
    let twice = [good(), good()].concat();
    let told = tell::<EarlierYearStream>(
        year_stream(2024),
        &[
            year(good(), ""),
            year(Vec::new(), "原平台导出"),
            year(line(13, 1, 1), "原平台导出"),
            year(line(3, 1, 2), "原平台导出"),
            year(line(3, 100_000, 2), "原平台导出"),
            year(twice, "原平台导出"),
            year(good(), "原平台导出"),
            year(good(), "三月的数错了"),
        ],
        |state| format!("revision {}", state.revision),
    );
    expect![[r#"
        ✗ reason_missing Some("reason")
        ✗ lines_out_of_range Some("sheet")
        ✗ month_out_of_range Some("sheet")
        ✗ number_out_of_range Some("sheet")
        ✗ number_out_of_range Some("sheet")
        ✗ line_twice Some("sheet")
        revision 1
        revision 2
    "#]]
    .assert_eq(&told);
    // A year that is none, and a year in the stream of another one.
    let told = tell::<EarlierYearStream>(
        year_stream(2023),
        &[year(good(), "原平台导出")],
        |state| format!("revision {}", state.revision),
    );
    expect![[r#"
        ✗ year_out_of_range Some("year")
    "#]]
    .assert_eq(&told);
}

#[test]
fn the_largest_year_fits_an_event() {
    let months = (1..=12).flat_map(|month| {
        [Channel::Counter, Channel::Station]
            .map(|channel| EarlierMonth(month, channel, NUMBER_MAX, NUMBER_MAX, NUMBER_MAX))
    });
    let months: Vec<EarlierMonth> = months.collect();
    let items = (0..u128::try_from(LINES_MAX / months.len()).unwrap()).map(|item| EarlierItem {
        item: ItemId::from_u128(item),
        months: months.clone(),
    });
    let year = YearEvent::Imported(EarlierYear {
        year: 2024,
        items: items.collect(),
        reason: "理".repeat(500),
    });
    let length = serde_json::to_string(&year).unwrap().len();
    assert!(length < 256 * 1024, "{length}");
}

#[test]
fn a_count_is_started_once_and_ends_once() {
    let counted = Counted {
        through_seq: 7,
        months: 2,
        cases: 30,
        raised: 1,
        lapsed: 0,
    };
    let told = tell::<CountStream>(
        super::stream_of("count"),
        &[
            CountCommand::Finish(counted),
            CountCommand::Start,
            CountCommand::Start,
            CountCommand::Finish(counted),
            CountCommand::Finish(counted),
        ],
        |state| format!("{} {}", state.started_at.is_some(), state.counted.is_some()),
    );
    expect![[r#"
        ✗ count_unknown None
        true false
        ✗ count_exists None
        true true
        ✗ count_finished None
    "#]]
    .assert_eq(&told);
}

#[test]
fn months_follow_each_other_over_the_year() {
    let today = date(2026, 2, 3);
    let three = Period::three_years(today);
    assert_eq!(three.words(), "2023年3月至2026年2月");
    assert_eq!(three.months().count(), 36);
    let year = Period::year(2026, today).unwrap();
    assert_eq!(year.words(), "2026年1月至2026年2月");
    assert_eq!(Period::year(2027, today), None);
    let (now, before) = year.compared();
    assert_eq!(
        (now.words(), before.words()),
        (
            "2026年1月至2026年2月".to_owned(),
            "2025年1月至2025年2月".to_owned()
        )
    );
    let (now, before) = three.compared();
    assert_eq!(
        (now.words(), before.words()),
        (
            "2025年3月至2026年2月".to_owned(),
            "2024年3月至2025年2月".to_owned()
        )
    );
    // A new year begins in China eight hours before it does in Greenwich.
    let eve = "2025-12-31T16:00:00Z".parse().unwrap();
    assert_eq!(Month::at(eve).to_string(), "2026-01");
    assert_eq!(Month::at(eve).begins_us(), eve.as_microsecond());
    for (text, read) in [
        ("2026-11", Some("2026-11")),
        ("2026-3", Some("2026-03")),
        ("2026-13", None),
        ("2026", None),
        ("", None),
    ] {
        let month: Option<Month> = text.parse().ok();
        let read = read.map(str::to_owned);
        assert_eq!(month.map(|month| month.to_string()), read, "{text}");
    }
}
