//! From an ended case to a rating, on both engines.

use std::sync::Arc;

use jiff::{
    Timestamp,
    civil::{Date, date},
};
use wuchuang_access::AccessKey;
use wuchuang_calendar::{Calendar, ClockRule, Limit};
use wuchuang_cases::model::{
    Applicant, ApplicantKind, CaseCommand, CaseStream, DeliveryChoice, ItemTerms, Submission,
};
use wuchuang_codes::{HandlingKind, Satisfaction};
use wuchuang_kernel::{
    Actor, CaseId, Channel, ItemId, OrganisationId, PersonId, Personal, Region, SeededRandomness,
    TestClock,
};
use wuchuang_ledger::{
    Database, ExecuteError, Expected, JobRunner, Keyring, Ledger, LedgerBuilder, Order, Signer,
    migrate, migrations::LEDGER, testing,
};
use wuchuang_webkit::Slice;

use crate::{
    MIGRATIONS, RatingsSlice, figures, intake,
    model::{Rate, RatedService, RatingChannel, RatingCommand, RatingStream},
    pages::Period,
    protected::{figures_of, grades_by_item},
    rating_token, register,
    store::{self, RatingFilter},
};

const OFFICE: OrganisationId = OrganisationId::from_u128(3);
const PERSON: PersonId = PersonId::from_u128(9);

fn region() -> Region {
    "610924".parse().unwrap()
}

struct House {
    ledger: Ledger,
    slice: RatingsSlice,
    key: AccessKey,
}

async fn house(database: Database) -> House {
    let migrations: Vec<_> = LEDGER.iter().chain(MIGRATIONS).copied().collect();
    migrate(&database, &migrations).await.unwrap();
    let start: Timestamp = "2026-11-23T01:00:00Z".parse().unwrap();
    let randomness = Arc::new(SeededRandomness::new(7));
    let key = AccessKey::derived_from(&[3; 32]);
    let builder = LedgerBuilder::new().stream::<CaseStream>();
    let ledger = register(builder, &key).open(
        database,
        Keyring::new([5; 32], randomness.clone()),
        Signer::from_bytes(&[9; 32]).unwrap(),
        Arc::new(TestClock::at(start)),
        randomness,
        Calendar::embedded(),
    );
    let slice = RatingsSlice::new(ledger.clone(), key.clone());
    House { ledger, slice, key }
}

fn own(text: &str) -> Personal<String> {
    Personal::new(PERSON, text.to_owned())
}

fn submission() -> Submission {
    Submission {
        terms: ItemTerms {
            item: ItemId::from_u128(2),
            version: 1,
            name: "失业登记".into(),
            department: OFFICE,
            department_name: "人社局".into(),
            department_code: "RSJU".into(),
            handling: HandlingKind::Instant,
            limits: ClockRule::new(Limit::working_days(10), Limit::working_days(5), None).unwrap(),
            steps: Vec::new(),
            materials: Vec::new(),
            conditional_acceptance: false,
            result_name: String::new(),
            issues_licence: false,
            drawn: None,
            rules: None,
            supervised: None,
        },
        applicant: Applicant {
            person: PERSON,
            kind: ApplicantKind::Person,
            name: own("张小明"),
            number: own("610924199001011233"),
            phone: own("13800000000"),
            address: own(""),
            email: own(""),
        },
        agent: None,
        answers: Personal::new(PERSON, serde_json::json!({})),
        materials: Vec::new(),
        delivery: DeliveryChoice::Electronic,
        check_code: "AB2345".into(),
        priority: false,
        undertaking: None,
        handled_by: None,
        part_of: None,
        known: Vec::new(),
    }
}

impl House {
    fn order(&self) -> Order {
        Order {
            region: region(),
            actor: Actor::SYSTEM,
            channel: Channel::Office,
            command_id: self.ledger.command_id(),
            expected: Expected::Any,
        }
    }

    async fn send(&self, case: CaseId, command: CaseCommand) {
        let order = self.order();
        self.ledger
            .execute::<CaseStream>(case.into(), command, order)
            .await
            .unwrap();
    }

    async fn end(&self, case: CaseId) {
        self.send(case, CaseCommand::Submit(Box::new(submission())))
            .await;
        let opinion = own("同意");
        self.send(case, CaseCommand::AcceptAndGrant { opinion })
            .await;
    }

    async fn rate(
        &self,
        case: CaseId,
        grade: Satisfaction,
        text: &str,
    ) -> Result<(), ExecuteError> {
        let rate = Rate {
            grade,
            channel: RatingChannel::Message,
            labels: Vec::new(),
            text: Some(own(text)),
            rater: None,
            service: RatedService {
                case,
                item: ItemId::from_u128(2),
                item_name: "失业登记".into(),
                organisation: OFFICE,
                organisation_name: "人社局".into(),
                ended_on: date(2026, 11, 23),
            },
        };
        let command = RatingCommand::Rate(Box::new(rate));
        let order = self.order();
        self.ledger
            .execute::<RatingStream>(case.into(), command, order)
            .await?;
        let runner = JobRunner::new(self.ledger.clone(), self.slice.jobs());
        runner.run_until_idle().await?;
        assert_eq!(self.ledger.jobs_waiting().await?, 0, "a job waits");
        Ok(())
    }

    async fn assert_replays(&self) {
        let report = self.ledger.replay(region(), false).await.unwrap();
        assert!(report.differences.is_empty(), "{:?}", report.differences);
    }
}

#[tokio::test]
async fn an_ended_case_is_rated_once_and_knows_only_that_it_was() {
    for (engine, database) in testing::databases().await {
        let house = house(database).await;
        let (one, two) = (CaseId::from_u128(11), CaseId::from_u128(12));
        house.end(one).await;
        house
            .send(two, CaseCommand::Submit(Box::new(submission())))
            .await;
        let token = rating_token(&house.key, one);
        let found = intake::invitation(&house.ledger, region(), &token)
            .await
            .unwrap()
            .unwrap();
        assert!(!found.is_rated, "{engine}");
        let running = rating_token(&house.key, two);
        assert_eq!(
            intake::invitation(&house.ledger, region(), &running)
                .await
                .unwrap(),
            None
        );

        house
            .rate(one, Satisfaction::Dissatisfied, "等了很久")
            .await
            .unwrap();
        let again = house.rate(one, Satisfaction::Satisfied, "").await;
        assert!(matches!(again, Err(ExecuteError::Rejected(_))), "{engine}");
        let (_, case) = house
            .ledger
            .load::<CaseStream>(region(), one.into())
            .await
            .unwrap()
            .unwrap();
        assert!(case.0.as_deref().unwrap().rated, "{engine}");
        let found = intake::invitation(&house.ledger, region(), &token)
            .await
            .unwrap()
            .unwrap();
        assert!(found.is_rated, "{engine}");

        house.ledger.forget(region(), PERSON).await.unwrap();
        house.assert_replays().await;
    }
}

#[tokio::test]
async fn figures_and_lists_follow_from_the_ratings() {
    for (engine, database) in testing::databases().await {
        let house = house(database).await;
        for number in 1..=3 {
            house.end(CaseId::from_u128(number)).await;
        }
        house
            .rate(CaseId::from_u128(1), Satisfaction::VerySatisfied, "")
            .await
            .unwrap();
        house
            .rate(CaseId::from_u128(2), Satisfaction::VeryDissatisfied, "")
            .await
            .unwrap();
        let database = house.ledger.database();
        let period = (date(2026, 11, 1), date(2026, 11, 30));
        let rows = figures(database, region(), Some(OFFICE), period)
            .await
            .unwrap();
        assert_eq!(rows.len(), 1, "{engine}");
        let row = &rows[0];
        assert_eq!(
            (row.ended, row.rated, row.stars_5, row.stars_1),
            (3, 2, 1, 1),
            "{engine}"
        );
        let rates = (row.rating_rate(), row.satisfaction_rate());
        assert_eq!(rates, (Some(6_666), Some(5_000)), "{engine}");
        let before = (date(2026, 10, 1), date(2026, 10, 31));
        assert!(
            figures(database, region(), None, before)
                .await
                .unwrap()
                .is_empty(),
            "{engine}"
        );

        let bad = RatingFilter {
            is_bad: true,
            ..RatingFilter::default()
        };
        let found = store::ratings(database, region(), &bad, 10).await.unwrap();
        assert_eq!(found.len(), 1, "{engine}");
        let listed = async |days: (Date, Date)| {
            let filter = RatingFilter {
                days: Some(days),
                ..RatingFilter::default()
            };
            store::ratings(database, region(), &filter, 10)
                .await
                .unwrap()
                .len()
        };
        let november = (date(2026, 11, 1), date(2026, 11, 30));
        assert_eq!(
            listed(november).await,
            2,
            "{engine}: the list is of the same days as the figures"
        );
        assert_eq!(listed(before).await, 0, "{engine}");
        let other = RatingFilter {
            organisation: Some(OrganisationId::from_u128(4)),
            ..RatingFilter::default()
        };
        assert!(
            store::ratings(database, region(), &other, 10)
                .await
                .unwrap()
                .is_empty()
        );
        house.assert_replays().await;
    }
}

#[tokio::test]
async fn grades_are_shown_where_nobody_can_be_found_out() {
    for (engine, database) in testing::databases().await {
        let house = house(database).await;
        let november = Period {
            first: date(2026, 11, 1),
            last: date(2026, 11, 30),
        };
        let database = house.ledger.database();
        for number in 1..=5 {
            let case = CaseId::from_u128(number);
            house.end(case).await;
            let shown = grades_by_item(database, region(), OFFICE, november)
                .await
                .unwrap();
            assert_eq!(shown, [], "{engine}: {number}");
            house
                .rate(case, Satisfaction::VerySatisfied, "")
                .await
                .unwrap();
        }
        let shown = grades_by_item(database, region(), OFFICE, november)
            .await
            .unwrap();
        assert_eq!(shown.len(), 1, "{engine}");
        assert_eq!((shown[0].rated, shown[0].stars_5), (5, 5), "{engine}");
        let october = Period {
            first: date(2026, 10, 1),
            last: date(2026, 10, 31),
        };
        for (organisation, period) in [(OFFICE, october), (OrganisationId::from_u128(4), november)]
        {
            let other = grades_by_item(database, region(), organisation, period).await;
            assert_eq!(other.unwrap(), [], "{engine}");
        }
        // The organisation's row adds up what is shown and nothing else.
        let rows = figures_of(database, region(), OFFICE, november, &[])
            .await
            .unwrap();
        assert_eq!(
            (rows[0].rated, rows[0].stars_5, rows[0].satisfaction_rate()),
            (5, 0, None),
            "{engine}"
        );
    }
}
