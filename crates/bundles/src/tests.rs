//! From one submission to parallel cases, on both engines: once however often it is sent, completed after a crash, replayed
//! to the same rows.

mod on_the_spot;

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::Map;
use tempfile::TempDir;
use wuchuang_cases::{
    ApplicantInput, Cases, SubmissionInput,
    belonging::Belonging,
    files::FileStore,
    model::{ApplicantKind, CaseCommand, DeliveryChoice, NotAcceptedGround},
};
use wuchuang_catalogue::Catalogue;
use wuchuang_kernel::{
    Actor, Channel, CommandId, PersonId, Personal, Region, SeededRandomness, TestClock,
};
use wuchuang_ledger::{
    Database, Expected, JobRunner, Keyring, Ledger, LedgerBuilder, Order, Signer, migrate,
    migrations::LEDGER, testing,
};

use crate::{
    Bundles, JointInput, JointReservations, MIGRATIONS, demo,
    identity::bundle_of_key,
    jobs,
    model::{BundleCommand, Joint, JointCommand, JointStream, PartOutcome},
    register,
};

const PERSON: PersonId = PersonId::from_u128(9);
const DAYS: &str = "2026-11-23T01:00:00Z";

fn region() -> Region {
    "610924".parse().unwrap()
}

struct House {
    ledger: Ledger,
    bundles: Bundles,
    clock: Arc<TestClock>,
    _folder: TempDir,
}

async fn house(database: Database) -> House {
    let migrations: Vec<_> = [
        LEDGER,
        wuchuang_access::MIGRATIONS,
        wuchuang_catalogue::MIGRATIONS,
        wuchuang_cases::MIGRATIONS,
        MIGRATIONS,
    ]
    .concat();
    migrate(&database, &migrations).await.unwrap();
    let start: Timestamp = DAYS.parse().unwrap();
    let randomness = Arc::new(SeededRandomness::new(7));
    let clock = Arc::new(TestClock::at(start));
    let builder = wuchuang_cases::register(wuchuang_catalogue::register(LedgerBuilder::new()));
    let ledger = register(builder).open(
        database,
        Keyring::new([5; 32], randomness.clone()),
        Signer::from_bytes(&[9; 32]).unwrap(),
        clock.clone(),
        randomness,
        wuchuang_calendar::Calendar::embedded(),
    );
    let folder = TempDir::new().unwrap();
    let catalogue = Catalogue::open(ledger.clone(), region(), None)
        .await
        .unwrap();
    wuchuang_catalogue::demo::seed(&catalogue).await.unwrap();
    let files = FileStore::in_folder(folder.path()).unwrap();
    let cases = Cases::new(ledger.clone(), files)
        .asking_before_granting(JointReservations::new(ledger.clone()));
    let bundles = Bundles::new(cases, catalogue);
    demo::seed(&bundles).await.unwrap();
    House {
        ledger,
        bundles,
        clock,
        _folder: folder,
    }
}

fn order(key: u128) -> Order {
    Order {
        region: region(),
        actor: Actor::citizen(Some(PERSON)),
        channel: Channel::Portal,
        command_id: CommandId::from_u128(key),
        expected: Expected::Any,
    }
}

impl House {
    /// An application for 食品, 公共场所, 消防 and 烟草 of one shop: four departments.
    async fn input(&self) -> JointInput {
        let situation = ["food", "guests", "gathering", "tobacco"].map(|answer| ("line", answer));
        self.input_for("B11", &situation).await
    }

    /// An application for a bundle in a situation.
    async fn input_for(&self, code: &str, situation: &[(&str, &str)]) -> JointInput {
        let bundle = self.bundles.find(region(), bundle_of_key(code)).await;
        let bundle = bundle.unwrap().unwrap();
        let situation: Vec<(String, String)> = situation
            .iter()
            .map(|(question, answer)| ((*question).to_owned(), (*answer).to_owned()))
            .collect();
        let joined = self.bundles.joined(&bundle, &situation).unwrap();
        let parts = joined.members.iter().map(|member| SubmissionInput {
            item: member.item.clone(),
            applicant: ApplicantInput {
                person: PERSON,
                kind: ApplicantKind::Organisation,
                name: "兴盛餐饮".into(),
                number: "91610924MA70ABCD1X".into(),
                phone: "13800000000".into(),
                address: String::new(),
                email: String::new(),
            },
            agent: None,
            answers: Map::new(),
            materials: Vec::new(),
            delivery: DeliveryChoice::Counter,
            priority: false,
            undertaking: None,
            handled_by: None,
            part_of: None,
            known: Vec::new(),
        });
        let parts = parts.collect();
        JointInput {
            bundle,
            person: PERSON,
            parts,
        }
    }

    async fn joint(&self, key: u128) -> Box<Joint> {
        let id = Bundles::joint_of(CommandId::from_u128(key));
        self.bundles.get(region(), id).await.unwrap()
    }

    async fn run_jobs(&self) {
        self.clock.advance(jiff::SignedDuration::from_secs(5));
        let jobs: Vec<Arc<dyn wuchuang_ledger::Job>> = vec![
            Arc::new(jobs::Complete(self.bundles.clone())),
            Arc::new(jobs::Follow(self.bundles.clone())),
        ];
        let runner = JobRunner::new(self.ledger.clone(), jobs);
        runner.run_until_idle().await.unwrap();
    }

    async fn check_replay(&self, engine: &str) {
        let report = self.ledger.replay(region(), false).await.unwrap();
        assert!(
            report.differences.is_empty(),
            "{engine}: {:?}",
            report.differences
        );
    }
}

#[tokio::test]
async fn one_submission_is_one_number_and_a_case_for_each_department() {
    for (engine, database) in testing::databases().await {
        let house = house(database).await;
        let id = house
            .bundles
            .submit(house.input().await, order(1))
            .await
            .unwrap();
        // The button was pressed twice.
        let again = house
            .bundles
            .submit(house.input().await, order(1))
            .await
            .unwrap();
        assert_eq!(id, again, "{engine}");
        let joint = house.joint(1).await;
        assert_eq!(joint.number, "6109240YJS20261123000001", "{engine}");
        let cases: Vec<_> = joint
            .parts
            .iter()
            .filter_map(crate::model::Part::case)
            .collect();
        assert_eq!(cases.len(), 4, "{engine}");
        let departments: std::collections::BTreeSet<_> = joint
            .parts
            .iter()
            .map(|part| part.submitted.department.as_str())
            .collect();
        assert_eq!(departments.len(), 4, "{engine}: {departments:?}");
        let own = house
            .bundles
            .cases()
            .of_person(region(), PERSON)
            .await
            .unwrap();
        assert_eq!(own.len(), 4, "{engine}: a double click makes nothing twice");

        let whole = house
            .bundles
            .whole_of(region(), cases[2])
            .await
            .unwrap()
            .unwrap();
        assert_eq!(whole.name, "企业经营", "{engine}");
        let code = joint.check_code.clone();
        let found = house
            .bundles
            .by_receipt(region(), &joint.number, &code)
            .await;
        assert_eq!(found.unwrap().unwrap().0, id, "{engine}");
        let wrong = house
            .bundles
            .by_receipt(region(), &joint.number, "222222")
            .await;
        assert!(wrong.unwrap().is_none(), "{engine}");
        let listed = house.bundles.list(region(), None, 10).await.unwrap();
        assert_eq!((listed.len(), listed[0].1.len()), (1, 4), "{engine}");
        house.check_replay(engine).await;
    }
}

#[tokio::test]
async fn what_a_crash_left_is_completed_by_the_job() {
    for (engine, database) in testing::databases().await {
        let house = house(database).await;
        // What the handler writes first; then the power fails.
        house
            .bundles
            .submit(house.input().await, order(1))
            .await
            .unwrap();
        let first = house.joint(1).await;
        let parts = first
            .parts
            .iter()
            .map(|part| part.submitted.clone())
            .map(|mut part| {
                part.key = CommandId::from_u128(part.key.uuid().as_u128() ^ 0x4d);
                part
            });
        let submission = crate::model::JointSubmission {
            bundle: first.bundle,
            bundle_version: first.bundle_version,
            name: first.name.clone(),
            refusal: first.refusal.clone(),
            person: PERSON,
            check_code: "AB2345".into(),
            parts: parts.collect(),
            lead: None,
            stores: Vec::new(),
        };
        let id = Bundles::joint_of(CommandId::from_u128(2));
        let submit = JointCommand::Submit(Box::new(submission));
        house
            .ledger
            .execute::<JointStream>(id.into(), submit, order(2))
            .await
            .unwrap();
        assert_eq!(house.joint(2).await.waiting().count(), 4, "{engine}");
        house.run_jobs().await;
        let joint = house.joint(2).await;
        assert_eq!(joint.waiting().count(), 0, "{engine}");
        let own = house
            .bundles
            .cases()
            .of_person(region(), PERSON)
            .await
            .unwrap();
        assert_eq!(own.len(), 8, "{engine}");
        house.run_jobs().await;
        house.bundles.complete(region(), id).await.unwrap();
        let own = house
            .bundles
            .cases()
            .of_person(region(), PERSON)
            .await
            .unwrap();
        assert_eq!(own.len(), 8, "{engine}: completing again makes nothing");
        house.check_replay(engine).await;
    }
}

#[tokio::test]
async fn a_refused_part_leaves_the_others_as_they_are() {
    for (engine, database) in testing::databases().await {
        let house = house(database).await;
        house
            .bundles
            .submit(house.input().await, order(1))
            .await
            .unwrap();
        let joint = house.joint(1).await;
        let case = joint.parts[0].case().unwrap();
        let refuse = CaseCommand::RefuseAcceptance {
            ground: NotAcceptedGround::Other,
            reason: Personal::new(PERSON, "不属于受理范围".into()),
        };
        let office = Order {
            actor: Actor::SYSTEM,
            channel: Channel::Office,
            ..order(31)
        };
        house
            .bundles
            .cases()
            .act(case, refuse, office)
            .await
            .unwrap();
        let listed = house.bundles.list(region(), None, 10).await.unwrap();
        let open = listed[0].1.iter().filter(|row| row.is_open).count();
        assert_eq!(open, 3, "{engine}");
        house.ledger.forget(region(), PERSON).await.unwrap();
        house.check_replay(engine).await;
    }
}

#[tokio::test]
async fn a_part_that_cannot_be_opened_says_why_and_the_others_go_on() {
    for (engine, database) in testing::databases().await {
        let house = house(database).await;
        let mut input = house.input().await;
        input.parts.truncate(2);
        house.bundles.submit(input, order(1)).await.unwrap();
        let first = house.joint(1).await;
        let mut parts: Vec<_> = first
            .parts
            .iter()
            .map(|part| part.submitted.clone())
            .collect();
        for part in &mut parts {
            part.key = CommandId::from_u128(part.key.uuid().as_u128() ^ 0x5);
        }
        // Before its case was opened, the applicant's name went missing: the case refuses it.
        parts[0].application.applicant.name = Personal::new(PERSON, String::new());
        let submission = crate::model::JointSubmission {
            bundle: first.bundle,
            bundle_version: 1,
            name: first.name.clone(),
            refusal: first.refusal.clone(),
            person: PERSON,
            check_code: "AB2345".into(),
            parts,
            lead: None,
            stores: Vec::new(),
        };
        let id = Bundles::joint_of(CommandId::from_u128(2));
        let submit = JointCommand::Submit(Box::new(submission));
        house
            .ledger
            .execute::<JointStream>(id.into(), submit, order(2))
            .await
            .unwrap();
        house.bundles.complete(region(), id).await.unwrap();
        let joint = house.joint(2).await;
        assert!(
            matches!(&joint.parts[0].outcome, PartOutcome::Refused { reason } if reason.contains("姓名")),
            "{engine}: {:?}",
            joint.parts[0].outcome
        );
        assert!(joint.parts[1].case().is_some(), "{engine}");
        house.check_replay(engine).await;
    }
}

#[tokio::test]
async fn bundles_are_published_once_and_withdrawn() {
    for (engine, database) in testing::databases().await {
        let house = house(database).await;
        assert_eq!(demo::seed(&house.bundles).await.unwrap(), 14, "{engine}");
        let all = house.bundles.published(region()).await.unwrap();
        let names: Vec<&str> = all.iter().map(|one| one.content.name.as_str()).collect();
        assert_eq!(names.len(), 14, "{engine}");
        assert_eq!(
            (names[0], names[9], names[12]),
            ("新生儿出生", "企业设立", "我要开洗车行")
        );
        let id = all[0].id;
        let publish = house
            .bundles
            .command(id, BundleCommand::Publish, order(51))
            .await;
        assert!(publish.is_err(), "{engine}: nothing waits to be published");
        house
            .bundles
            .command(id, BundleCommand::Withdraw, order(52))
            .await
            .unwrap();
        assert!(
            house.bundles.find(region(), id).await.unwrap().is_none(),
            "{engine}"
        );
        house.check_replay(engine).await;
    }
}

#[tokio::test]
async fn the_report_compares_one_by_one_with_together() {
    for (engine, database) in testing::databases().await {
        let house = house(database).await;
        house
            .bundles
            .submit(house.input().await, order(1))
            .await
            .unwrap();
        let lines = crate::speed::report(&house.bundles, region())
            .await
            .unwrap();
        let line = lines.iter().find(|line| line.code == "B11").unwrap();
        assert_eq!(
            (line.members, line.together, line.ended),
            (8, 5, 0),
            "{engine}"
        );
        assert!(
            line.questions.before > line.questions.after,
            "{engine}: {line:?}"
        );
        assert!(
            line.materials.before > line.materials.after,
            "{engine}: {line:?}"
        );
        assert!(line.days.before > line.days.after, "{engine}: {line:?}");
        assert!(crate::speed::workbook(&lines).unwrap().starts_with(b"PK"));
    }
}

#[test]
fn the_built_in_file_goes_out_and_comes_in_unchanged() {
    let contents = demo::built_in().unwrap();
    let text = crate::exchange::write(contents.clone());
    assert_eq!(crate::exchange::read(&text).unwrap(), contents);
    assert!(
        !text.contains("cross-checked"),
        "remarks of the file reach nobody"
    );
    let wrong = text.replace("code: I34", "code: ''");
    assert!(crate::exchange::read(&wrong).is_err());
    assert!(crate::exchange::read("bundles: {").is_err());
}
