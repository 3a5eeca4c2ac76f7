//! What is suggested from which figures, and what is not; pairs of items, months with peaks.

use expect_test::{Expect, expect};
use jiff::civil::date;

use super::*;
use crate::{
    model::{
        month::{Month, Period},
        suggestion::sentence,
    },
    pairs::{PairCount, pairs_of},
};

const DAY_US: i64 = 86_400_000_000;

fn facts() -> ItemFacts {
    ItemFacts {
        item: ItemId::from_u128(5),
        name: "食品经营许可核发".to_owned(),
        department: OrganisationId::from_u128(4),
        is_online: true,
        is_old: true,
        figures: Figures {
            applied: 40,
            own: 40,
            accepted: 40,
            ..Figures::default()
        },
        counter: Series::empty(Period::three_years(date(2026, 11, 23))),
        towns: Vec::new(),
        delegated: HashSet::new(),
    }
}

#[track_caller]
fn check(change: impl FnOnce(&mut ItemFacts), expected: &Expect) {
    let mut facts = facts();
    change(&mut facts);
    let told: Vec<String> = of_item(&facts, true)
        .iter()
        .map(|grounds| format!("{}：{}", grounds.kind.name(), sentence(grounds)))
        .collect();
    expected.assert_eq(&told.join("\n"));
}

fn counter(facts: &mut ItemFacts, numbers: &[i64]) {
    for (place, number) in (0..).zip(numbers) {
        let month = facts.counter.period.first.plus(place);
        facts.counter.add(month, *number);
    }
}

#[test]
fn nothing_is_suggested_without_a_ground() {
    check(|_| {}, &expect![""]);
    // Too few to say anything.
    check(
        |facts| {
            facts.figures.applied = 19;
            facts.figures.own = 19;
            facts.figures.corrected = 19;
            facts.towns = vec![("城关镇".to_owned(), 19)];
            counter(facts, &[19]);
        },
        &expect![""],
    );
}

#[test]
fn an_item_of_one_town_is_delegated_unless_it_was() {
    let towns = vec![("城关镇".to_owned(), 24), ("汉王镇".to_owned(), 10)];
    check(
        |facts| facts.towns = towns.clone(),
        &expect![
            "建议下放：三年里知道来自哪个镇的申请有34件，其中24件（70%）来自城关镇，可以研究下放到那里办。"
        ],
    );
    check(
        |facts| facts.towns = vec![("城关镇".to_owned(), 18), ("汉王镇".to_owned(), 16)],
        &expect![""],
    );
    check(
        |facts| {
            facts.towns = towns.clone();
            facts.delegated.insert("城关镇".to_owned());
        },
        &expect![""],
    );
}

#[test]
fn what_is_sent_back_often_has_a_guide_that_misleads() {
    check(
        |facts| {
            facts.figures.corrected = 10;
            facts.figures.not_accepted = 2;
        },
        &expect![
            "建议优化指南：本系统三年里收件40件，其中12件（30%）被要求补正或者不予受理，办事指南可能没有说清楚。"
        ],
    );
    check(|facts| facts.figures.corrected = 11, &expect![""]);
    // What came in earlier years makes the share no smaller.
    check(
        |facts| {
            facts.figures.applied = 4_000;
            facts.figures.corrected = 12;
        },
        &expect![
            "建议优化指南：本系统三年里收件40件，其中12件（30%）被要求补正或者不予受理，办事指南可能没有说清楚。"
        ],
    );
}

#[test]
fn what_is_asked_at_the_counter_goes_online() {
    check(
        |facts| counter(facts, &[9, 10, 9]),
        &expect![
            "建议上网：已经可以网上办，但三年里40件申请中仍有28件（70%）在窗口提出，要看网上办理难在哪里。"
        ],
    );
    // What is not online needs more before it is put there.
    check(
        |facts| {
            facts.is_online = false;
            counter(facts, &[9, 10, 9]);
        },
        &expect![""],
    );
    check(
        |facts| {
            facts.is_online = false;
            facts.figures.applied = 60;
            counter(facts, &[20, 20, 20]);
        },
        &expect![
            "建议上网：三年里申请60件，其中60件（100%）在窗口提出，而这个事项还不能网上申请。"
        ],
    );
}

#[test]
fn what_nobody_asked_for_is_cancelled_only_when_three_years_are_known() {
    check(
        |facts| facts.figures.applied = 0,
        &expect!["建议取消或合并：三年里没有一件申请，可以研究取消，或者并入相近的事项。"],
    );
    let mut none = facts();
    none.figures.applied = 0;
    assert!(of_item(&none, false).is_empty());
    none.is_old = false;
    assert!(of_item(&none, true).is_empty());
}

#[test]
fn a_month_with_a_peak_calls_for_a_window() {
    check(
        |facts| {
            facts.figures.applied = 1_000;
            counter(facts, &[40, 40, 80, 40]);
        },
        &expect![
            "建议增设窗口：2024年2月窗口收件80件，平常一个月50件左右，高峰期可以增设窗口或者调整人员。"
        ],
    );
    // The same in every month is no peak.
    check(
        |facts| {
            facts.figures.applied = 1_000;
            counter(facts, &[80, 80, 80]);
        },
        &expect![""],
    );
}

#[test]
fn a_pair_is_joined_unless_a_bundle_holds_both() {
    let one = facts();
    let other = ItemFacts {
        item: ItemId::from_u128(6),
        name: "食品小经营店备案".to_owned(),
        figures: Figures {
            applied: 10,
            ..Figures::default()
        },
        ..facts()
    };
    let nothing = HashSet::new();
    let found = of_pair((&other, &one), 5, &nothing).unwrap();
    expect!["有5名申请人在90天内既办“食品经营许可核发”又办“食品小经营店备案”，是申请较少的一项10件的50%，可以研究并入一件事或者合并。"].assert_eq(&sentence(&found));
    assert_eq!(of_pair((&one, &other), 5, &nothing), Some(found));
    assert_eq!(of_pair((&one, &other), 2, &nothing), None);
    let joined = HashSet::from([(one.item, other.item)]);
    assert_eq!(of_pair((&one, &other), 9, &joined), None);
}

fn item(number: u128) -> ItemId {
    ItemId::from_u128(number)
}

#[test]
fn items_belong_together_within_ninety_days() {
    let told = |asked: &[(u128, i64)]| {
        let asked: Vec<(ItemId, i64)> = asked
            .iter()
            .map(|(number, day)| (item(*number), day * DAY_US))
            .collect();
        let pairs = pairs_of(&asked);
        let told: Vec<String> = pairs
            .iter()
            .map(|(one, other)| format!("{}+{}", one.uuid().as_u128(), other.uuid().as_u128()))
            .collect();
        told.join(" ")
    };
    assert_eq!(told(&[(1, 0), (2, 90)]), "1+2");
    assert_eq!(told(&[(1, 0), (2, 91)]), "");
    assert_eq!(told(&[(2, 0), (1, 1), (2, 2), (1, 3)]), "1+2");
    assert_eq!(told(&[(1, 0), (2, 80), (3, 160)]), "1+2 2+3");
    // Whoever applies for many others counts for their last applications, of few items.
    let many: Vec<(u128, i64)> = (0..1_000).map(|number| (number, 0)).collect();
    assert_eq!(told(&many).split(' ').count(), 20 * 19 / 2);
}

#[test]
fn a_pair_is_shown_from_five_applicants_on() {
    let count = |applicants: i64| {
        let mut counted = PairCount::default();
        for applicant in 0..applicants {
            let subject = format!("{applicant:04}");
            for (number, at) in [(1, 0), (2, DAY_US), (1, 2 * DAY_US)] {
                counted.add(&subject, item(number), at);
            }
        }
        counted.finish()
    };
    assert!(count(4).is_empty());
    assert_eq!(count(5), [((item(1), item(2)), 5)]);
}

#[test]
fn peaks_stand_out_of_the_months_in_which_something_came() {
    let mut series = Series::empty(Period::three_years(date(2026, 11, 23)));
    let month = |text: &str| text.parse::<Month>().unwrap();
    for (text, number) in [
        ("2026-01", 9),
        ("2026-02", 10),
        ("2026-03", 30),
        ("2020-01", 99),
    ] {
        series.add(month(text), number);
    }
    assert_eq!(series.usual(), 16);
    assert_eq!(series.peaks(), [(month("2026-03"), 30)]);
    let quarter = Period {
        first: month("2026-02"),
        last: month("2026-04"),
    };
    assert_eq!(series.within(quarter), 40);
}

#[test]
fn days_and_changes_are_told_as_people_say_them() {
    use crate::figures::change_words;
    let words: Vec<String> = [(0, 0), (0, 3), (10, 10), (10, 15), (10, 4)]
        .iter()
        .map(|(before, now)| change_words(*before, *now))
        .collect();
    assert_eq!(words, ["—", "新增", "持平", "+50%", "-60%"]);
    let figures = |ended, days| Figures {
        ended,
        days,
        ..Figures::default()
    };
    assert_eq!(figures(0, 0).days_words(), "—");
    assert_eq!(figures(3, 7).days_words(), "2.3");
}
