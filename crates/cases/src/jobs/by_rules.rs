//! 秒批 after a crash: the rules decide right after the application; where the program stopped between the two, this job decides.
//! It comes a little later, finds most cases decided, and then has nothing to do.

use jiff::{SignedDuration, Timestamp};
use wuchuang_calendar::Calendar;

use super::timer::Timer;
use crate::model::{Case, CaseCommand, CaseEvent, RulesAtHand};

/// How long after the application the job looks at the case.
const AFTER: SignedDuration = SignedDuration::from_secs(5);

/// Set by every application for an item that its rules can decide.
pub(super) struct ByRules;

impl Timer for ByRules {
    const NAME: &'static str = "case_by_rules";
    const PURPOSE: &'static str = "by_rules";

    fn is_set_by(event: &CaseEvent, case: &Case) -> bool {
        matches!(event, CaseEvent::Received(_)) && case.waits_for_rules()
    }

    fn due(case: &Case, _calendar: &Calendar, now: Timestamp) -> Option<CaseCommand> {
        let is_time = now.duration_since(case.received_at) >= AFTER;
        (is_time && case.waits_for_rules())
            .then(|| CaseCommand::DecideByRules(RulesAtHand::default()))
    }

    fn wait(case: &Case, _calendar: &Calendar, now: Timestamp) -> Option<SignedDuration> {
        let since = now.duration_since(case.received_at);
        case.waits_for_rules()
            .then(|| AFTER.saturating_sub(since).max(SignedDuration::ZERO))
    }
}

#[cfg(test)]
mod tests {
    use wuchuang_kernel::{CaseId, china_date};

    use crate::{
        model::{
            CaseCommand,
            tests::{bench::own, bench::staff, by_rules},
        },
        store::{MarkFilter, WorklistFilter, WorklistScope},
        testing::{House, houses, region},
    };

    /// The cases that wait for a person to look at what the rules decided, and how many the list counts.
    async fn sample(house: &House) -> (Vec<String>, i64) {
        let filter = WorklistFilter {
            mark: Some(MarkFilter::RulesReview),
            ..WorklistFilter::default()
        };
        let (cases, today) = (&house.rooms.cases, china_date(house.ledger.now()));
        let scope = WorklistScope::Organisation(crate::model::tests::bench::DEPARTMENT);
        let page = cases
            .worklist(region(), scope, &filter, None, 50, today)
            .await
            .unwrap();
        let me = (staff(1).person.unwrap(), None);
        let counts = cases.worklist_counts(region(), scope, me, today).await;
        let listed = page.rows.into_iter().map(|row| row.id).collect();
        (listed, counts.unwrap().rules_review)
    }

    #[tokio::test]
    async fn what_a_crash_left_is_decided_by_the_job_and_looked_at_by_a_person() {
        for house in houses().await {
            house.rooms.cases.know_rules(&by_rules::version());
            let case = house
                .submit_through_portal(1, by_rules::application(&["m1", "m2"]))
                .await;
            let lacking = house
                .submit_through_portal(2, by_rules::application(&["m1"]))
                .await;
            assert_eq!(house.stage(case).await, "examining", "{}", house.engine);
            house.later(1);
            house.work().await;
            assert_eq!(house.stage(case).await, "issuing", "{}", house.engine);
            assert_eq!(house.stage(lacking).await, "examining", "{}", house.engine);
            let listed = sample(&house).await;
            assert_eq!(listed, (vec![case.to_string()], 1), "{}", house.engine);
            let review = CaseCommand::ReviewRules {
                is_right: true,
                reason: own(""),
            };
            house.act(case, staff(7), review).await;
            assert_eq!(sample(&house).await.0, Vec::<String>::new());
            house.check_replay().await;
        }
    }

    #[tokio::test]
    async fn a_case_decided_by_rules_draws_numbers_without_a_gap() {
        for house in houses().await {
            house.rooms.cases.know_rules(&by_rules::version());
            let mut numbers = Vec::new();
            for (number, materials) in [(1, &["m1", "m2"][..]), (2, &["m1"]), (3, &["m1", "m2"])] {
                let application = by_rules::application(materials);
                let case: CaseId = house.submit_through_portal(number, application).await;
                house.later(1);
                house.work().await;
                let state = house.rooms.cases.get(region(), case).await.unwrap();
                numbers.extend(state.notices.last().map(|notice| notice.number.clone()));
            }
            let serials: Vec<&str> = numbers
                .iter()
                .filter(|number| number.contains('准'))
                .map(|number| number.rsplit('〕').next().unwrap_or_default())
                .collect();
            assert_eq!(serials, ["1号", "2号"], "{}: {numbers:?}", house.engine);
        }
    }
}
