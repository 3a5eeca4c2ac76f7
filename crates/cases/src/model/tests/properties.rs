//! Whatever is sent in whatever order: nothing panics, and what must always hold holds.

use proptest::{collection::vec, prelude::*};
use serde_json::Value;
use wuchuang_bpmn::TimerId;
use wuchuang_kernel::Actor;
use wuchuang_ledger::Stream;

use super::{
    bench::{Bench, instant_terms, monday, staff, standard_terms, submission, usual_commands},
    drawn,
};
use crate::{
    model::{Case, CaseCommand, CaseEvent, CaseState, CaseStream, Decision, DeliveryChoice, Stage},
    store::{DueColumns, sentence},
};

/// Which command, how many hours later, by whom.
type Deed = (usize, i64, u8);

fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    vec((0..commands().len(), 0_i64..60, 0_u8..4), 1..40)
}

/// The usual commands, with those that cases in a drawn process know besides.
fn commands() -> Vec<(&'static str, CaseCommand)> {
    let mut commands = usual_commands();
    let timer = |number| CaseCommand::FireTimer {
        timer: TimerId(number),
    };
    commands.extend([
        ("done_first", drawn::done("first")),
        ("done_first_again", drawn::done("first")),
        ("site_clean", drawn::site(true)),
        ("site_dirty", drawn::site(false)),
        ("done_papers", drawn::done("papers")),
        ("done_papers_again", drawn::done("papers")),
        ("done_urge", drawn::done("urge")),
        ("done_head", drawn::done("head")),
        ("done_leader", drawn::done("leader")),
        ("site_back", drawn::back(Some("site"), "first")),
        ("head_back", drawn::back(Some("head"), "papers")),
        ("decision_back", drawn::back(None, "site")),
        ("claim_site", drawn::claim("site")),
        ("claim_papers", drawn::claim("papers")),
    ]);
    commands.extend((1..12).map(|number| ("fire", timer(number))));
    commands
}

fn start(kind: u8) -> Bench {
    let delivery = if kind.is_multiple_of(2) {
        DeliveryChoice::Counter
    } else {
        DeliveryChoice::Electronic
    };
    if kind >= 6 {
        return drawn::received();
    }
    let (terms, materials): (_, &[&str]) = match kind / 2 {
        0 => (standard_terms(), &["m1", "m2"]),
        1 => (standard_terms(), &["m1"]),
        _ => (instant_terms(), &["m1", "m2"]),
    };
    let mut bench = Bench::new();
    bench.must(submission(terms, materials, delivery));
    bench
}

fn actor(number: u8) -> Actor {
    match number {
        0 => staff(1),
        1 => staff(2),
        2 => Actor::SYSTEM,
        _ => Actor::citizen(Some(super::bench::APPLICANT)),
    }
}

/// What must hold of every case at every moment.
fn check(bench: &Bench) {
    let case = bench.case();
    assert_eq!(case.version, i64::try_from(bench.events.len()).unwrap());
    let is_settled = matches!(
        case.stage,
        Stage::Issuing
            | Stage::Delivering { .. }
            | Stage::Closed { .. }
            | Stage::Withdrawn { .. }
            | Stage::Terminated { .. }
    );
    if let Some(clock) = &case.clock {
        assert_eq!(
            clock.finished_at().is_some(),
            is_settled,
            "{:?}",
            case.stage
        );
    }
    let is_before = matches!(case.stage, Stage::Examining | Stage::Correcting);
    assert!(!is_before || case.clock.is_none());
    if case.stage != Stage::Examining {
        assert!(case.receipt.window(&bench.calendar).is_none());
    }
    if case.decision() == Some(&Decision::Granted) {
        assert!(case.owed.is_empty(), "granted while something is owed");
    }
    let versions: Vec<i64> = case.notices.iter().map(|notice| notice.version).collect();
    assert!(versions.is_sorted() && versions.iter().all(|version| *version <= case.version));
    if let Some(position) = case.drawn() {
        assert!(
            position.is_over || !position.tasks.is_empty() || !position.stuck.is_empty(),
            "nobody can go on: {position:?}"
        );
        assert!(case.holder.is_none() || position.tasks.is_empty());
    } else {
        assert!(case.open_tasks().is_empty());
    }
    let _columns = DueColumns::of(case, &bench.calendar);
}

fn replay(events: impl IntoIterator<Item = (CaseEvent, jiff::Timestamp)>) -> CaseState {
    let mut state = CaseState::default();
    for (event, at) in events {
        CaseStream::apply(&mut state, &event, at);
    }
    state
}

/// The event as it reads from the ledger, possibly after the person was forgotten.
fn stored(event: &CaseEvent, forgotten: bool) -> CaseEvent {
    let mut value = serde_json::to_value(event).unwrap();
    if forgotten {
        forget(&mut value);
    }
    serde_json::from_value(value).unwrap()
}

pub(super) fn forget(value: &mut Value) {
    match value {
        Value::Object(object) if object.contains_key("$person") => {
            object.insert("value".to_owned(), Value::Null);
        }
        Value::Object(object) => object.values_mut().for_each(forget),
        Value::Array(array) => array.iter_mut().for_each(forget),
        _ => {}
    }
}

fn run(kind: u8, deeds: &[Deed]) -> Bench {
    let mut bench = start(kind);
    check(&bench);
    let commands = commands();
    for (index, hours, who) in deeds {
        bench.now += jiff::SignedDuration::from_hours(*hours);
        bench.actor = actor(*who);
        let command: CaseCommand = commands[*index].1.clone();
        let before = format!("{:?}", bench.state);
        if bench.send(command).is_err() {
            assert_eq!(
                format!("{:?}", bench.state),
                before,
                "a refusal changes nothing"
            );
        }
        check(&bench);
    }
    bench
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_order_of_commands_keeps_a_case_whole(kind in 0_u8..10, deeds in deeds()) {
        let bench = run(kind, &deeds);
        let events = bench.events.iter().map(|(event, at)| (stored(event, false), *at));
        let again = replay(events);
        prop_assert_eq!(format!("{:?}", again), format!("{:?}", bench.state));
        // What is sealed does not show in that text.
        let drawn = |state: &CaseState| state.0.as_ref().and_then(|case| case.drawn().cloned());
        prop_assert_eq!(drawn(&again), drawn(&bench.state));
    }

    #[test]
    fn a_forgotten_person_leaves_a_case_that_still_works(kind in 0_u8..8, deeds in deeds()) {
        let bench = run(kind, &deeds);
        let events = bench.events.iter().map(|(event, at)| (stored(event, true), *at));
        let mut forgotten = Bench { state: replay(events), ..bench.clone() };
        check(&forgotten);
        let case: &Case = forgotten.case();
        prop_assert_eq!(case.applicant.name.text(), "");
        prop_assert_eq!(case.stage.code(), bench.case().stage.code());
        for (event, _) in &bench.events {
            prop_assert!(!sentence(&stored(event, true)).is_empty());
        }
        for (_, command) in commands() {
            let _answer = forgotten.clone().send(command);
        }
        forgotten.now = monday();
        check(&forgotten);
    }
}

/// What no key seals stays readable for ever, so whatever staff write in their own words must go with the person.
#[test]
fn nothing_that_staff_wrote_survives_that_the_person_is_forgotten() {
    const WORDS: &str = "王小明患病住院";
    let mut seen = std::collections::BTreeSet::new();
    for (stage, bench) in super::life::stages() {
        for (name, command) in usual_commands() {
            let mut bench = bench.clone();
            let mut said = serde_json::to_value(&command).unwrap();
            let words = rewrite(&mut said, WORDS);
            let command: CaseCommand = serde_json::from_value(said).unwrap();
            let before = bench.events.len();
            if words == 0 || bench.send(command).is_err() {
                continue;
            }
            seen.insert(name);
            for (event, _) in &bench.events[before..] {
                let mut left = serde_json::to_value(event).unwrap();
                forget(&mut left);
                assert!(!left.to_string().contains(WORDS), "{stage} {name}: {left}");
            }
        }
    }
    for name in [
        "notify_correction",
        "transfer",
        "stop",
        "extend",
        "refuse",
        "refuse_acceptance",
        "reassign",
        "complete_review",
        "resume",
        "terminate",
        "say",
    ] {
        assert!(seen.contains(name), "{name} was never tried: {seen:?}");
    }
}

/// Puts words into every field of a command in which people write what they like; tells how many there are.
fn rewrite(value: &mut Value, words: &str) -> usize {
    const FREE: [&str; 6] = ["reason", "opinion", "problem", "basis", "result", "text"];
    let mut count = 0;
    match value {
        Value::Object(object) => {
            for (key, inner) in object {
                if FREE.contains(&key.as_str()) {
                    let place = match inner {
                        Value::Object(personal) => personal.get_mut("value"),
                        plain => Some(plain),
                    };
                    if let Some(place) = place {
                        *place = words.into();
                        count += 1;
                    }
                } else {
                    count += rewrite(inner, words);
                }
            }
        }
        Value::Array(array) => count = array.iter_mut().map(|inner| rewrite(inner, words)).sum(),
        _ => {}
    }
    count
}
