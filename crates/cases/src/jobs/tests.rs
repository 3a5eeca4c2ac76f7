//! The timers and the tables on both engines.

use wuchuang_access::model::staff::{PostDetails, StaffCommand, StaffStream};
use wuchuang_calendar::{StopKind, YearNotice};
use wuchuang_kernel::{Actor, CaseId, Channel, JobId, PersonId, PostId, Role};
use wuchuang_ledger::{Expected, Job, JobContext, Order};

use super::ReprojectJob;
use crate::{
    model::{
        CaseCommand, DeliveryChoice, DrawnProcess,
        tests::bench::{
            DEPARTMENT, complete, correction, deliver, instant_terms, licence, material, own,
            staff, standard_terms, stop, submission,
        },
        tests::drawn,
    },
    testing::{House, houses, region},
};

fn standard() -> CaseCommand {
    submission(standard_terms(), &["m1", "m2"], DeliveryChoice::Counter)
}

#[tokio::test]
async fn silence_is_acceptance_and_the_timer_records_it() {
    for house in houses().await {
        let silent = house.submit(1, standard()).await;
        let corrected = house.submit(2, standard()).await;
        house.later(2);
        house.must(corrected, correction(&["material:m2"])).await;
        house.later(5);
        house.work().await;
        assert_eq!(house.stage(silent).await, "examining", "{}", house.engine);
        house.later(1);
        house.work().await;
        assert_eq!(house.stage(silent).await, "review", "{}", house.engine);
        assert_eq!(
            house.stage(corrected).await,
            "correcting",
            "{}",
            house.engine
        );
        let supplied = CaseCommand::SupplyCorrection {
            answers: None,
            materials: vec![material("m2")],
            counted: None,
        };
        house.must(corrected, supplied).await;
        house.later(9);
        house.work().await;
        assert_eq!(house.stage(corrected).await, "review", "{}", house.engine);
        house.check_replay().await;
    }
}

#[tokio::test]
async fn whoever_must_answer_is_reminded_once_by_a_timer() {
    for house in houses().await {
        let late = house.submit(1, standard()).await;
        let answered = house.submit(2, standard()).await;
        let ask = CaseCommand::NotifyCorrection {
            defects: match correction(&["material:m2"]) {
                CaseCommand::NotifyCorrection { defects, .. } => defects,
                _ => Vec::new(),
            },
            answer_by: Some(jiff::civil::date(2026, 11, 25)),
        };
        house.must(late, ask.clone()).await;
        house.must(answered, ask).await;
        let reminders = async |case: CaseId| {
            let history = house.rooms.cases.history(region(), case).await.unwrap();
            history
                .iter()
                .filter(|row| row.event_type == "reminded")
                .count()
        };
        house.later(4);
        house.work().await;
        assert_eq!(reminders(late).await, 0, "{}: too early", house.engine);
        let supplied = CaseCommand::SupplyCorrection {
            answers: None,
            materials: vec![material("m2")],
            counted: None,
        };
        house.must(answered, supplied).await;
        house.later(3);
        house.work().await;
        house.later(1);
        house.work().await;
        assert_eq!(reminders(late).await, 1, "{}", house.engine);
        assert_eq!(reminders(answered).await, 0, "{}", house.engine);
        house.check_replay().await;
    }
}

#[tokio::test]
async fn a_case_goes_to_the_archive_thirty_days_after_its_end() {
    for house in houses().await {
        let command = submission(instant_terms(), &["m1", "m2"], DeliveryChoice::Electronic);
        let case = house.submit(1, command).await;
        let grant = CaseCommand::AcceptAndGrant {
            opinion: own("同意。"),
        };
        house.must(case, grant).await;
        house.later(29);
        house.work().await;
        let state = house.rooms.cases.get(region(), case).await.unwrap();
        assert!(!state.archived, "{}", house.engine);
        house.later(1);
        house.work().await;
        let state = house.rooms.cases.get(region(), case).await.unwrap();
        assert!(state.archived, "{}", house.engine);
        assert_eq!(
            house.ledger.jobs_waiting().await.unwrap(),
            0,
            "{}",
            house.engine
        );
    }
}

#[tokio::test]
async fn rows_are_what_the_ledger_gives_over_whole_lives() {
    for house in houses().await {
        let full = house.submit(1, standard()).await;
        house.must(full, CaseCommand::Claim).await;
        house
            .must(full, CaseCommand::Accept { conditional: None })
            .await;
        house.must(full, complete("review")).await;
        house.must(full, stop(StopKind::Hearing)).await;
        house.later(7);
        house
            .must(
                full,
                CaseCommand::ResumeClock {
                    result: own("已听证。"),
                },
            )
            .await;
        house.must(full, complete("audit")).await;
        house
            .must(
                full,
                CaseCommand::Grant {
                    opinion: own("同意。"),
                },
            )
            .await;
        house
            .must(full, CaseCommand::RecordLicence(licence()))
            .await;
        house.must(full, deliver()).await;
        house.must(full, CaseCommand::RecordRating).await;
        let withdrawn = house.submit(2, standard()).await;
        house
            .must(withdrawn, CaseCommand::Withdraw { reason: own("") })
            .await;
        let row = house
            .rooms
            .cases
            .row(region(), full)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(
            (row.stage.as_str(), row.outcome.as_str()),
            ("closed", "granted")
        );
        assert!(row.rated && !row.is_open && row.in_time, "{}", house.engine);
        let history = house.rooms.cases.history(region(), full).await.unwrap();
        // Every event but the rating: staff must not tell from its minute who rated.
        assert_eq!(
            history.len() + 1,
            usize::try_from(row.version).unwrap(),
            "{}",
            house.engine
        );
        house.check_replay().await;
    }
}

#[tokio::test]
async fn an_imported_notice_moves_the_stored_dates_and_nothing_else() {
    for house in houses().await {
        // 2027 has no notice in the program, so its first days are working days until one comes.
        house.clock.set("2026-12-28T01:00:00Z".parse().unwrap());
        let mut cases = Vec::new();
        for number in 1..=205 {
            let case = house.submit(number, standard()).await;
            cases.push(case);
        }
        let accepted = cases[0];
        house
            .must(accepted, CaseCommand::Accept { conditional: None })
            .await;
        let due = async || {
            let row = house
                .rooms
                .cases
                .row(region(), accepted)
                .await
                .unwrap()
                .unwrap();
            let other = house
                .rooms
                .cases
                .row(region(), cases[204])
                .await
                .unwrap()
                .unwrap();
            (row.due_on, other.due_on, row.arrived_at_us)
        };
        let before = due().await;
        assert_eq!(
            (before.0.as_str(), before.1.as_str()),
            ("2027-01-04", "2027-01-04")
        );
        // What was told before the notice came was told by the calendar of then.
        house.clock.advance(jiff::SignedDuration::from_hours(1));
        let notice = YearNotice::parse(2027, "2027-01-01~2027-01-03 休 元旦").unwrap();
        let calendar = house.ledger.calendar().as_ref().clone().with_notice(notice);
        let known = house.ledger.calendar().as_ref().clone();
        house
            .ledger
            .set_calendar(calendar, vec![(house.ledger.now(), known)]);
        let context = JobContext {
            region: region(),
            id: JobId::from_u128(1),
            ledger: house.ledger.clone(),
        };
        // The job alone: the two hundred receipts are another test's matter.
        let input = serde_json::json!({ "year": 2027 });
        ReprojectJob.run(input, &context).await.unwrap();
        let after = due().await;
        assert_eq!(
            (after.0.as_str(), after.1.as_str()),
            ("2027-01-05", "2027-01-05")
        );
        assert_eq!(
            after.2, before.2,
            "{}: waiting in the step goes on",
            house.engine
        );
        let moved = async || -> Vec<String> {
            let history = house.rooms.cases.history(region(), accepted).await.unwrap();
            let moved = history
                .into_iter()
                .filter(|row| row.event_type == "deadline_moved");
            moved.map(|row| row.text).collect()
        };
        let once = ["工作日历更新（1月1日改为放假），办结日期由1月4日调整为1月5日"];
        assert_eq!(moved().await, once, "{}", house.engine);
        // A job that is done again, or the same notice imported again, tells nothing twice.
        let context = JobContext {
            id: JobId::from_u128(2),
            ..context
        };
        let input = serde_json::json!({ "year": 2027 });
        ReprojectJob.run(input, &context).await.unwrap();
        assert_eq!(moved().await, once, "{}", house.engine);
        house.check_replay().await;
    }
}

#[tokio::test]
async fn each_notice_becomes_one_signed_document_that_anyone_can_verify() {
    for house in houses().await {
        let case = house.submit(1, standard()).await;
        let maker = &house.rooms.notices;
        // Somebody opens the receipt before the job has run.
        let early = maker.pdf(region(), case, 1).await.unwrap();
        house
            .must(case, CaseCommand::Accept { conditional: None })
            .await;
        house.work().await;
        let kept = maker.kept().of_case(region(), case).await.unwrap();
        let kinds: Vec<_> = kept.iter().map(|document| document.kind.as_str()).collect();
        assert_eq!(kinds, ["receipt", "acceptance"], "{}", house.engine);
        assert_eq!(
            maker.pdf(region(), case, 1).await.unwrap(),
            early,
            "{}",
            house.engine
        );
        let pdf = maker.pdf(region(), case, 2).await.unwrap();
        let reports = wuchuang_documents::verify(&pdf, &house.authority.trusted_roots()).unwrap();
        assert!(reports.len() == 1 && reports[0].covers_whole_document && reports[0].trusted);
        let token = kept[1].token.to_lowercase();
        let public = maker
            .kept()
            .by_token(region(), &token)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(public.title, "受理通知书");
        assert_eq!(public.organisation, "紫阳县行政审批服务局");
        assert_eq!(public.status, "审查");
        let by_file = maker
            .kept()
            .by_sha256(region(), &public.sha256)
            .await
            .unwrap();
        assert_eq!(by_file, Some(public), "{}", house.engine);
        assert!(
            maker
                .kept()
                .by_token(region(), "23456789ABCDEFGHJKLM")
                .await
                .unwrap()
                .is_none()
        );
        let missing = maker.pdf(region(), case, 3).await;
        assert!(missing.is_err(), "the third event gives no notice");
    }
}

#[tokio::test]
async fn a_closed_account_and_an_ended_post_give_their_cases_back() {
    for house in houses().await {
        let own = Colleague::enter(&house, 1).await;
        let other = Colleague::enter(&house, 2).await;
        let (one, two, three) = (
            house.submit(1, standard()).await,
            house.submit(2, standard()).await,
            house.submit(3, standard()).await,
        );
        house.claim(one, own.person).await;
        house.claim(two, other.person).await;
        house.claim(three, other.person).await;
        own.send(
            &house,
            StaffCommand::Deactivate {
                reason: "离职".to_owned(),
            },
        )
        .await;
        house.work().await;
        let held = async |case: CaseId| {
            let case = house.rooms.cases.get(region(), case).await.unwrap();
            case.holder
        };
        assert_eq!(held(one).await, None, "{}", house.engine);
        assert_eq!(held(two).await, Some(other.person), "{}", house.engine);
        other
            .send(&house, StaffCommand::EndPost { post: other.post })
            .await;
        house.work().await;
        assert_eq!(
            (held(two).await, held(three).await),
            (None, None),
            "{}",
            house.engine
        );
        house.check_replay().await;
    }
}

/// A member of staff with one post in the department of the items.
struct Colleague {
    person: PersonId,
    post: PostId,
}

impl Colleague {
    async fn enter(house: &House, number: u128) -> Self {
        let own = Self {
            person: PersonId::from_u128(0x700 + number),
            post: PostId::from_u128(number),
        };
        let register = StaffCommand::Register {
            account: format!("colleague{number}"),
            name: "李同事".to_owned(),
            phone: String::new(),
        };
        own.send(house, register).await;
        let details = PostDetails {
            organisation: DEPARTMENT,
            title: "审查".to_owned(),
            roles: [Role::Reviewer].into(),
            reach: region(),
        };
        let post = own.post;
        own.send(house, StaffCommand::GivePost { post, details })
            .await;
        own
    }

    async fn send(&self, house: &House, command: StaffCommand) {
        let order = Order {
            region: region(),
            actor: Actor::SYSTEM,
            channel: Channel::System,
            command_id: house.ledger.command_id(),
            expected: Expected::Any,
        };
        house
            .ledger
            .execute::<StaffStream>(self.person.into(), command, order)
            .await
            .unwrap();
    }
}

/// A case that was received for an item with a drawn process.
async fn drawn_case(house: &House, number: u128) -> CaseId {
    let process = DrawnProcess::read(drawn::TWO_BRANCHES).unwrap();
    house.rooms.cases.know(process);
    let terms = drawn::drawn_terms();
    let command = submission(terms, &["m1", "m2"], DeliveryChoice::Counter);
    house.submit(number, command).await
}

async fn open_tasks(house: &House, case: CaseId) -> String {
    let state = house.rooms.cases.get(region(), case).await.unwrap();
    state.step_name()
}

#[tokio::test]
async fn a_timer_of_a_drawn_process_fires_once_and_never_after_the_deed() {
    for house in houses().await {
        let accept = CaseCommand::Accept { conditional: None };
        let (late, quick) = (drawn_case(&house, 1).await, drawn_case(&house, 2).await);
        for case in [late, quick] {
            house.act(case, staff(1), accept.clone()).await;
            house.act(case, staff(1), drawn::done("first")).await;
        }
        house.work().await;
        house.act(quick, staff(1), drawn::done("papers")).await;
        let before = "现场核查、材料审查";
        assert_eq!(open_tasks(&house, late).await, before, "{}", house.engine);
        house.later(2);
        for _ in 0..2 {
            house.work().await;
            let after = "现场核查、材料审查、督促材料审查";
            assert_eq!(open_tasks(&house, late).await, after, "{}", house.engine);
        }
        assert_eq!(open_tasks(&house, quick).await, "现场核查");
        house.check_replay().await;
    }
}

#[tokio::test]
async fn what_is_accepted_by_law_begins_its_drawn_process() {
    for house in houses().await {
        let silent = drawn_case(&house, 1).await;
        house.later(8);
        house.work().await;
        assert_eq!(open_tasks(&house, silent).await, "初审", "{}", house.engine);
        house.check_replay().await;
    }
}
