//! The lights of a case: the row, the filter, the counts and the case page say the same on every day.

use jiff::{SignedDuration, civil::Date};
use wuchuang_calendar::StopKind;
use wuchuang_kernel::{CaseId, PersonId, china_date};
use wuchuang_webkit::markup::Light;

use super::{CaseRow, DueColumns, LightFilter, WorklistFilter, WorklistScope};
use crate::{
    model::{
        CaseCommand, DeliveryChoice,
        tests::bench::{
            Bench, complete, correction, deliver, instant_terms, licence, own, standard_terms,
            stop, submission,
        },
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
                me,
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
