//! The lights of a case: the row, the filter, the counts and the case page say the same on every day.

use jiff::{SignedDuration, civil::Date};
use wuchuang_calendar::StopKind;
use wuchuang_kernel::{CaseId, PersonId, Personal, china_date};
use wuchuang_webkit::markup::Light;

use super::{CaseRow, DueColumns, LightFilter, Taker, WorklistFilter, WorklistScope};
use crate::{
    model::{
        CaseCommand, DeliveryChoice, DrawnProcess, RuleEvaluation, RuleRecord, RuleTerms,
        by_rules::WarningTerms,
        tests::bench::{
            APPLICANT, Bench, DEPARTMENT, complete, correction, deliver, instant_terms, licence,
            own, staff, standard_terms, stop, submission,
        },
        tests::drawn,
    },
    pages::light_of,
    testing::{House, houses, region},
};

fn standard() -> CaseCommand {
    submission(standard_terms(), &["m1", "m2"], DeliveryChoice::Counter)
}

fn accept() -> CaseCommand {
    CaseCommand::Accept { conditional: None }
}

fn grant() -> CaseCommand {
    CaseCommand::Grant {
        opinion: own("同意。"),
    }
}

fn refuse() -> CaseCommand {
    CaseCommand::Refuse {
        reason: own("布局不合理。"),
        basis: "《办法》第十二条".to_owned(),
    }
}

/// What happens to a case after it was received: each line is a life that stands still somewhere else.
fn lives() -> Vec<Vec<CaseCommand>> {
    let steps = || vec![accept(), complete("review"), complete("audit")];
    let then = |mut life: Vec<CaseCommand>, more: Vec<CaseCommand>| {
        life.extend(more);
        life
    };
    vec![
        vec![],
        vec![correction(&["material:m2"])],
        vec![accept()],
        vec![accept(), stop(StopKind::ExpertReview)],
        then(steps(), vec![]),
        then(steps(), vec![grant()]),
        then(
            steps(),
            vec![grant(), CaseCommand::RecordLicence(licence())],
        ),
        then(steps(), vec![refuse()]),
        then(
            steps(),
            vec![grant(), CaseCommand::RecordLicence(licence()), deliver()],
        ),
        vec![CaseCommand::Withdraw { reason: own("") }],
    ]
}

#[test]
fn after_the_decision_the_days_of_delivery_run_and_nothing_else() {
    let mut bench = Bench::received();
    bench.must(accept());
    bench.later(1);
    bench.must(complete("review"));
    bench.must(complete("audit"));
    let reviewed = DueColumns::of(bench.case(), &bench.calendar);
    assert_eq!(reviewed.due_on, "2026-11-23");
    bench.later(1);
    bench.must(grant());
    let decided = DueColumns::of(bench.case(), &bench.calendar);
    // Decided on Wednesday the 18th: ten working days later.
    assert_eq!(decided.due_on, "2026-12-02");
    assert_eq!(decided.warn_on, "2026-12-01");
    assert_eq!(decided.statutory_due_on, reviewed.statutory_due_on);
    assert!(decided.in_time && !decided.is_paused);
    bench.must(CaseCommand::RecordLicence(licence()));
    assert_eq!(DueColumns::of(bench.case(), &bench.calendar), decided);
    bench.later(30);
    bench.must(deliver());
    let closed = DueColumns::of(bench.case(), &bench.calendar);
    assert_eq!(closed.due_on, reviewed.due_on);
    assert!(
        closed.in_time,
        "it was decided in time, whenever it was fetched"
    );
}

#[test]
fn the_rules_say_when_a_case_turns_yellow_and_the_limit_stays() {
    let with = |days: Option<u16>| {
        let mut terms = standard_terms();
        terms.rules = days.map(warned);
        let mut bench = Bench::with(terms, &["m1", "m2"], DeliveryChoice::Counter);
        bench.must(accept());
        DueColumns::of(bench.case(), &bench.calendar)
    };
    let plain = with(None);
    for (days, expected) in [(0, "2026-11-23"), (1, "2026-11-20"), (3, "2026-11-18")] {
        let columns = with(Some(days));
        assert_eq!(columns.warn_on, expected, "{days}");
        let warn_on = plain.warn_on.clone();
        assert_eq!(DueColumns { warn_on, ..columns }, plain, "{days}");
    }
}

/// Rules that say nothing but when it turns yellow.
fn warned(days: u16) -> RuleTerms {
    let record = RuleRecord {
        inputs: serde_json::json!({}),
        result: days.into(),
        reason: String::new(),
        explanation: String::new(),
    };
    RuleTerms {
        sha256: "0".repeat(64),
        approval: String::new(),
        sample_per_mille: 0,
        tolerance: String::new(),
        fee: None,
        warning: Some(Box::new(WarningTerms {
            days,
            evaluation: RuleEvaluation {
                decision: "预警".to_owned(),
                sha256: "0".repeat(64),
                rows: Vec::new(),
                record: Personal::new(APPLICANT, record),
            },
        })),
    }
}

#[test]
fn what_is_settled_in_one_sitting_is_not_late_before_it_is_fetched() {
    let mut bench = Bench::with(instant_terms(), &["m1", "m2"], DeliveryChoice::Counter);
    bench.must(CaseCommand::AcceptAndGrant {
        opinion: own("同意。"),
    });
    let columns = DueColumns::of(bench.case(), &bench.calendar);
    assert_eq!(columns.due_on, "2026-11-30");
}

async fn row(house: &House, case: CaseId) -> CaseRow {
    let found = house.rooms.cases.row(region(), case).await.unwrap();
    found.unwrap()
}

/// The cases that the list shows under a light.
async fn listed(house: &House, light: LightFilter, today: Date) -> Vec<String> {
    let filter = WorklistFilter {
        light: Some(light),
        include_closed: true,
        ..WorklistFilter::default()
    };
    let page = house
        .rooms
        .cases
        .worklist(region(), WorklistScope::Region, &filter, None, 100, today)
        .await
        .unwrap();
    let mut ids: Vec<String> = page.rows.into_iter().map(|row| row.id).collect();
    ids.sort();
    ids
}

#[tokio::test]
async fn row_filter_counts_and_page_show_one_light_on_every_day() {
    for house in houses().await {
        let mut cases = Vec::new();
        for (number, life) in (1..).zip(lives()) {
            let case = house.submit(number, standard()).await;
            for command in life {
                house.must(case, command).await;
            }
            cases.push(case);
        }
        let calendar = house.ledger.calendar();
        let begin = house.ledger.now();
        for day in 0..40 {
            let now = begin + SignedDuration::from_hours(24 * day);
            let today = china_date(now);
            let mut shown: Vec<(String, Light)> = Vec::new();
            for case in &cases {
                let row = row(&house, *case).await;
                let state = house.rooms.cases.get(region(), *case).await.unwrap();
                let light = row.light(today);
                assert_eq!(
                    light,
                    light_of(&state, &calendar, now),
                    "{} {today} {}",
                    house.engine,
                    row.stage
                );
                shown.push((row.id, light));
            }
            shown.sort_by(|one, other| one.0.cmp(&other.0));
            let with = |light: Light| -> Vec<String> {
                shown
                    .iter()
                    .filter(|(_, shown)| *shown == light)
                    .map(|(id, _)| id.clone())
                    .collect()
            };
            let me = PersonId::from_u128(1);
            let counts = crate::store::worklist_counts(
                house.ledger.database().read(),
                region(),
                WorklistScope::Region,
                (me, None),
                today,
            )
            .await
            .unwrap();
            for (filter, light, count) in [
                (LightFilter::Normal, Light::Normal, None),
                (LightFilter::DueSoon, Light::DueSoon, Some(counts.due_soon)),
                (LightFilter::Overdue, Light::Overdue, Some(counts.overdue)),
                (LightFilter::Paused, Light::Paused, None),
            ] {
                let wanted = with(light);
                if let Some(count) = count {
                    assert_eq!(usize::try_from(count).unwrap(), wanted.len(), "{today}");
                }
                let found = listed(&house, filter, today).await;
                assert_eq!(found, wanted, "{} {today} {filter:?}", house.engine);
            }
        }
    }
}

fn taker(words: &[&str]) -> Taker {
    Taker {
        organisation: DEPARTMENT,
        organisation_name: String::new(),
        place: None,
        words: words.iter().map(|word| (*word).to_owned()).collect(),
    }
}

/// The numbers of the cases that a filter finds, page by page, one case a page.
async fn found(house: &House, filter: &WorklistFilter) -> Vec<u128> {
    let today = china_date(house.ledger.now());
    let scope = WorklistScope::Organisation(DEPARTMENT);
    let (mut found, mut after) = (Vec::new(), None);
    loop {
        let page = house
            .rooms
            .cases
            .worklist(region(), scope, filter, after.as_ref(), 1, today)
            .await
            .unwrap();
        for row in page.rows {
            found.push(row.case_id().unwrap().uuid().as_u128());
        }
        match page.next {
            Some(next) => after = Some(next),
            None => return found,
        }
    }
}

#[tokio::test]
async fn lists_find_the_tasks_of_drawn_processes_as_they_find_cases() {
    for house in houses().await {
        let process = DrawnProcess::read(drawn::TWO_BRANCHES).unwrap();
        house.rooms.cases.know(process);
        for number in 1..=3 {
            let terms = drawn::drawn_terms();
            let command = submission(terms, &["m1", "m2"], DeliveryChoice::Counter);
            let case = house.submit(number, command).await;
            house.act(case, staff(1), accept()).await;
        }
        // The first is still with its first task, which anybody may take; the second and third have two branches open.
        for number in 2..=3 {
            let case = CaseId::from_u128(number);
            house.act(case, staff(1), drawn::done("first")).await;
        }
        let (second, third) = (CaseId::from_u128(2), CaseId::from_u128(3));
        house.act(second, staff(7), drawn::claim("site")).await;
        house.act(third, staff(7), drawn::claim("site")).await;
        house.act(third, staff(8), drawn::claim("papers")).await;
        house.submit(4, standard()).await;

        let mine = |person: u128| WorklistFilter {
            holder: Some(PersonId::from_u128(person)),
            ..WorklistFilter::default()
        };
        let free = |words: &[&str]| WorklistFilter {
            unclaimed: true,
            taker: Some(taker(words)),
            ..WorklistFilter::default()
        };
        let engine = house.engine;
        assert_eq!(found(&house, &mine(7)).await, [2, 3], "{engine}");
        assert_eq!(found(&house, &mine(8)).await, [3], "{engine}");
        assert_eq!(found(&house, &mine(9)).await, [0_u128; 0], "{engine}");
        let mut reviewer = found(&house, &free(&["审查"])).await;
        reviewer.sort_unstable();
        assert_eq!(reviewer, [1, 2, 4], "{engine}");
        let mut others = found(&house, &free(&["窗口受理"])).await;
        others.sort_unstable();
        assert_eq!(others, [1, 4], "{engine}");
        let today = china_date(house.ledger.now());
        let counts = crate::store::worklist_counts(
            house.ledger.database().read(),
            region(),
            WorklistScope::Region,
            (PersonId::from_u128(7), Some(&taker(&["审查"]))),
            today,
        )
        .await
        .unwrap();
        assert_eq!((counts.mine, counts.unclaimed), (2, 3), "{engine}");

        let cases = [second.to_string(), third.to_string()];
        let cases = cases.each_ref().map(String::as_str);
        let tasks = house
            .rooms
            .cases
            .open_tasks(region(), &cases, Some(&taker(&["审查"])))
            .await
            .unwrap();
        let takeable: Vec<bool> = tasks[cases[0]]
            .iter()
            .map(|task| task.is_takeable)
            .collect();
        assert_eq!(takeable, [false, true], "{engine}");
        assert_eq!(tasks[cases[1]].len(), 2, "{engine}");

        // What is done or ended is in nobody's list.
        house.act(second, staff(7), drawn::site(true)).await;
        let end = CaseCommand::Withdraw { reason: own("") };
        house.act(third, staff(1), end).await;
        assert_eq!(found(&house, &mine(7)).await, [0_u128; 0], "{engine}");
        assert_eq!(found(&house, &mine(8)).await, [0_u128; 0], "{engine}");
        house.check_replay().await;
    }
}
