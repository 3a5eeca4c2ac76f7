//! From a granted case to a verified certificate, on both engines.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use wuchuang_access::{
    AccessKey, Directory,
    model::organisation::{
        OrganisationCommand, OrganisationDetails, OrganisationKind, OrganisationStream,
    },
};
use wuchuang_calendar::{Calendar, ClockRule, Limit};
use wuchuang_cases::{
    files::FileStore,
    model::{
        Applicant, ApplicantKind, Case, CaseCommand, CaseStream, DeliveryChoice, ItemTerms, Stage,
        Submission,
    },
};
use wuchuang_catalogue::model::ServiceItem;
use wuchuang_codes::HandlingKind;
use wuchuang_documents::{Authority, AuthoritySubject, Documents, FontSource, TrustedRoots};
use wuchuang_kernel::{
    Actor, CaseId, Channel, ItemId, LicenceId, OrganisationId, PersonId, Personal, Region,
    SeededRandomness, TestClock,
};
use wuchuang_ledger::{
    Database, Expected, JobRunner, Keyring, Ledger, LedgerBuilder, Order, Signer, migrate,
    migrations::LEDGER, testing,
};
use wuchuang_webkit::{Slice, page::Site};

use crate::{
    Licences, LicencesSlice, MIGRATIONS, Press, Verdict, licence_of_case,
    model::LicenceStatus,
    model::{LicenceCommand, LicenceStream},
    register, store,
};

const NUMBER: &str = "610924199001011233";
const OFFICE: OrganisationId = OrganisationId::from_u128(3);
const PERSON: PersonId = PersonId::from_u128(9);

fn region() -> Region {
    "610924".parse().unwrap()
}

struct House {
    ledger: Ledger,
    slice: LicencesSlice,
    key: AccessKey,
    clock: Arc<TestClock>,
    // The files go when the house goes.
    _folder: tempfile::TempDir,
}

fn press(now: Timestamp) -> Press {
    let subject = AuthoritySubject {
        organisation: "紫阳县行政审批服务局".into(),
        seal_name: "紫阳县行政审批专用章".into(),
    };
    let end = now + SignedDuration::from_hours(24 * 3650);
    let authority = Authority::generate(&subject, now, end, &mut rand_core::OsRng).unwrap();
    Press {
        documents: Documents::new(FontSource::Embedded, None).unwrap(),
        authority: Arc::new(authority),
        earlier_roots: TrustedRoots::default(),
        seal_caption: "行政审批专用章".into(),
        is_test: true,
    }
}

async fn house(database: Database) -> House {
    let (access, cases) = (wuchuang_access::MIGRATIONS, wuchuang_cases::MIGRATIONS);
    let migrations = [LEDGER, access, cases, MIGRATIONS].concat();
    migrate(&database, &migrations).await.unwrap();
    let start: Timestamp = "2026-11-23T01:00:00Z".parse().unwrap();
    let clock = Arc::new(TestClock::at(start));
    let randomness = Arc::new(SeededRandomness::new(7));
    let key = AccessKey::derived_from(&[3; 32]);
    let builder = LedgerBuilder::new()
        .stream::<CaseStream>()
        .stream::<ServiceItem>();
    let builder = wuchuang_access::register(builder, &key);
    let ledger = register(builder, &key).open(
        database,
        Keyring::new([5; 32], randomness.clone()),
        Signer::from_bytes(&[9; 32]).unwrap(),
        clock.clone(),
        randomness,
        Calendar::embedded(),
    );
    let folder = tempfile::tempdir().unwrap();
    let site = Site {
        county_name: "紫阳县".into(),
        origin: "http://127.0.0.1:8080".into(),
        telephone: "12345".into(),
        operator: "紫阳县政务服务中心".into(),
        records: Vec::new(),
    };
    let slice = LicencesSlice::new(
        ledger.clone(),
        key.clone(),
        Directory::new(ledger.clone(), key.clone()),
        FileStore::in_folder(folder.path()).unwrap(),
        press(start),
        Arc::new(site),
        false,
    );
    let house = House {
        ledger,
        slice,
        key,
        clock,
        _folder: folder,
    };
    house.found_office().await;
    house
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

    async fn found_office(&self) {
        let details = OrganisationDetails {
            name: "市场监督管理局".into(),
            short_code: "SCJG".into(),
            kind: OrganisationKind::Department,
            credit_code: "11100000000013338W".into(),
            place: region(),
            parent: None,
            phone: String::new(),
            address: String::new(),
        };
        let command = OrganisationCommand::Found(details);
        let order = self.order();
        self.ledger
            .execute::<OrganisationStream>(OFFICE.into(), command, order)
            .await
            .unwrap();
    }

    async fn grant(&self, case: CaseId) {
        self.grant_of(case, terms()).await;
    }

    async fn grant_of(&self, case: CaseId, terms: ItemTerms) {
        let own = |text: &str| Personal::new(PERSON, text.to_owned());
        let submission = Submission {
            terms,
            applicant: Applicant {
                person: PERSON,
                kind: ApplicantKind::Person,
                name: own("张小明"),
                number: own(NUMBER),
                phone: own("13800000000"),
                address: own(""),
                email: own(""),
            },
            agent: None,
            answers: Personal::new(PERSON, serde_json::json!({})),
            materials: Vec::new(),
            delivery: DeliveryChoice::Counter,
            check_code: "AB2345".into(),
            priority: false,
            undertaking: None,
            handled_by: None,
            part_of: None,
            known: Vec::new(),
        };
        let commands = [
            CaseCommand::Submit(Box::new(submission)),
            CaseCommand::AcceptAndGrant {
                opinion: own("同意"),
            },
        ];
        for command in commands {
            let order = self.order();
            self.ledger
                .execute::<CaseStream>(case.into(), command, order)
                .await
                .unwrap();
        }
        self.work().await;
    }

    async fn work(&self) {
        let runner = JobRunner::new(self.ledger.clone(), self.slice.jobs());
        runner.run_until_idle().await.unwrap();
        assert_eq!(self.ledger.jobs_waiting().await.unwrap(), 0, "a job waits");
        let gave_up = self.ledger.jobs_gave_up(region(), 10).await.unwrap();
        assert!(gave_up.is_empty(), "{gave_up:?}");
    }

    async fn case(&self, case: CaseId) -> Case {
        let (_, state) = self
            .ledger
            .load::<CaseStream>(region(), case.into())
            .await
            .unwrap()
            .unwrap();
        state.0.as_deref().cloned().unwrap()
    }

    async fn licence(&self, id: LicenceId) -> crate::model::Licence {
        self.slice
            .rooms
            .workshop
            .licence(region(), id)
            .await
            .unwrap()
    }

    async fn by_number(&self, number: &str, code: &str) -> Verdict {
        let found = self
            .slice
            .rooms
            .verifier
            .by_number(region(), number, code)
            .await
            .unwrap();
        found.verdict
    }

    async fn by_token(&self, token: &str) -> crate::Finding {
        self.slice
            .rooms
            .verifier
            .by_token(region(), token)
            .await
            .unwrap()
    }

    async fn by_file(&self, bytes: Vec<u8>) -> crate::Finding {
        self.slice
            .rooms
            .verifier
            .by_file(region(), bytes)
            .await
            .unwrap()
            .unwrap()
    }

    async fn assert_replays(&self) {
        let report = self.ledger.replay(region(), false).await.unwrap();
        assert!(report.differences.is_empty(), "{:?}", report.differences);
    }
}

fn terms() -> ItemTerms {
    ItemTerms {
        item: ItemId::from_u128(2),
        version: 1,
        name: "食品经营许可".into(),
        department: OFFICE,
        department_name: "市场监督管理局".into(),
        department_code: "SCJG".into(),
        handling: HandlingKind::Instant,
        limits: ClockRule::new(Limit::working_days(10), Limit::working_days(5), None).unwrap(),
        steps: Vec::new(),
        materials: Vec::new(),
        conditional_acceptance: false,
        result_name: "食品经营许可证".into(),
        issues_licence: true,
        drawn: None,
        rules: None,
        supervised: None,
    }
}

async fn houses() -> Vec<(&'static str, House)> {
    let mut houses = Vec::new();
    for (engine, database) in testing::databases().await {
        houses.push((engine, house(database).await));
    }
    houses
}

#[tokio::test]
async fn a_granted_case_gets_one_licence_that_anyone_can_verify() {
    for (engine, house) in houses().await {
        let (one, two) = (CaseId::from_u128(11), CaseId::from_u128(12));
        house.grant(one).await;
        house.grant(two).await;
        assert!(
            matches!(house.case(one).await.stage, Stage::Delivering { .. }),
            "{engine}"
        );
        let licence = house.licence(licence_of_case(one)).await;
        let issued = &licence.issued;
        assert_eq!(
            issued.identifier.as_str(),
            "1.2.156.3005.2.11100000000013338W001.11100000000013338W.202600000001.001.P",
            "{engine}"
        );
        assert_eq!(issued.number, "610924SCJG2026000001", "{engine}");
        let other = house.licence(licence_of_case(two)).await;
        assert_eq!(other.issued.number, "610924SCJG2026000002", "{engine}");

        let spoken = issued.check_code.to_lowercase();
        assert_eq!(
            house.by_number(&issued.number, &spoken).await,
            Verdict::Valid,
            "{engine}"
        );
        let identifier = issued.identifier.as_str();
        assert_eq!(
            house.by_number(identifier, &spoken).await,
            Verdict::Valid,
            "{engine}"
        );
        assert_eq!(
            house.by_number(&issued.number, "WRONG").await,
            Verdict::Unknown,
            "{engine}"
        );
        let others = &other.issued.check_code;
        assert_eq!(
            house.by_number(&issued.number, others).await,
            Verdict::Unknown,
            "{engine}"
        );

        let found = house.by_token(&issued.token).await;
        assert_eq!(found.verdict, Verdict::Valid, "{engine}");
        assert_eq!(found.holder.as_deref(), Some("张*明"), "{engine}");
        house.assert_replays().await;
    }
}

#[tokio::test]
async fn a_renewal_takes_the_place_of_the_old_licence() {
    for (engine, house) in houses().await {
        let (first, renewed) = (CaseId::from_u128(11), CaseId::from_u128(12));
        house.grant(first).await;
        let renewal = ItemTerms {
            name: "食品经营许可延续".into(),
            ..terms()
        };
        house.grant_of(renewed, renewal.clone()).await;
        let today = jiff::civil::date(2026, 11, 23);
        let status = async |case| house.licence(licence_of_case(case)).await.status(today);
        assert_eq!(status(first).await, LicenceStatus::Superseded, "{engine}");
        assert_eq!(status(renewed).await, LicenceStatus::Valid, "{engine}");

        // Two shops: which licence is renewed cannot be guessed, so both stay.
        let (second, again) = (CaseId::from_u128(13), CaseId::from_u128(14));
        house.grant(second).await;
        house.grant_of(again, renewal).await;
        assert_eq!(status(renewed).await, LicenceStatus::Valid, "{engine}");
        assert_eq!(status(second).await, LicenceStatus::Valid, "{engine}");
        house.assert_replays().await;
    }
}

#[tokio::test]
async fn a_file_tells_whether_it_was_changed_or_revoked() {
    for (engine, house) in houses().await {
        let case = CaseId::from_u128(11);
        house.grant(case).await;
        let id = licence_of_case(case);
        let workshop = &house.slice.rooms.workshop;
        let bytes = workshop
            .document(region(), id, house.order())
            .await
            .unwrap();
        let again = workshop
            .document(region(), id, house.order())
            .await
            .unwrap();
        assert_eq!(bytes, again, "{engine}");
        let found = house.by_file(bytes.clone()).await;
        assert_eq!(found.verdict, Verdict::Valid, "{engine}");
        assert!(found.is_test && found.signer.is_some(), "{engine}");

        let mut changed = bytes.clone();
        let place = changed.len() / 2;
        changed[place] ^= 1;
        assert_ne!(
            house.by_file(changed).await.verdict,
            Verdict::Valid,
            "{engine}"
        );
        let mut longer = bytes.clone();
        longer.extend_from_slice(b"\n% added\n");
        assert_eq!(
            house.by_file(longer).await.verdict,
            Verdict::Changed,
            "{engine}"
        );
        assert_eq!(
            house.by_file(b"%PDF-1.7\n%%EOF".to_vec()).await.verdict,
            Verdict::Unsigned,
            "{engine}"
        );

        let reason = Personal::new(PERSON, "持证人申请注销".to_owned());
        let command = LicenceCommand::Revoke { reason };
        let order = house.order();
        house
            .ledger
            .execute::<LicenceStream>(id.into(), command, order)
            .await
            .unwrap();
        assert_eq!(
            house.by_file(bytes).await.verdict,
            Verdict::Revoked,
            "{engine}"
        );
        house.assert_replays().await;
    }
}

#[tokio::test]
async fn a_holder_is_found_by_number_and_can_be_forgotten() {
    for (engine, house) in houses().await {
        house.grant(CaseId::from_u128(11)).await;
        let licences = Licences::new(house.ledger.clone(), house.key.clone());
        let found = licences
            .of_number(region(), "６10924199001011233")
            .await
            .unwrap();
        assert_eq!(found.len(), 1, "{engine}");
        let today = jiff::civil::date(2026, 11, 23);
        assert_eq!(found[0].status(today), LicenceStatus::Valid, "{engine}");
        assert_eq!(
            licences.of_person(region(), PERSON).await.unwrap(),
            found,
            "{engine}"
        );
        assert!(
            licences.of_number(region(), "").await.unwrap().is_empty(),
            "{engine}"
        );

        let seals = store::seals(house.ledger.database(), region(), None, i64::MAX, 50)
            .await
            .unwrap();
        let titles: Vec<&str> = seals.iter().rev().map(|row| row.title.as_str()).collect();
        assert_eq!(
            titles,
            ["收件凭证", "受理通知书", "准予决定书", "食品经营许可证"],
            "{engine}"
        );

        house.clock.advance(SignedDuration::from_hours(1));
        house.ledger.forget(region(), PERSON).await.unwrap();
        assert!(
            licences
                .of_number(region(), NUMBER)
                .await
                .unwrap()
                .is_empty(),
            "{engine}"
        );
        let kept = licences.of_person(region(), PERSON).await.unwrap();
        assert_eq!(kept[0].holder_name, "", "{engine}");
        house.assert_replays().await;
    }
}
