//! A house for the tests of this slice that touch storage: the ledger with cases, people and items,
//! a file store and a maker of documents, on a clock that the test moves.

use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use jiff::{SignedDuration, civil::Date};
use wuchuang_access::{AccessKey, Directory};
use wuchuang_calendar::Calendar;
use wuchuang_catalogue::model::{ItemMaterial, ServiceItem};
use wuchuang_delegations::Delegations;
use wuchuang_documents::{Authority, AuthoritySubject, Documents, FontSource};
use wuchuang_kernel::{
    Actor, CaseId, Channel, PersonId, Randomness, Region, SeededRandomness, TestClock,
};
use wuchuang_ledger::{
    Database, Expected, JobRunner, Keyring, Ledger, LedgerBuilder, Order, Receipt, Signer, migrate,
    migrations::LEDGER, testing,
};
use wuchuang_webkit::{Failure, page::Site};

use crate::{
    files::FileStore,
    jobs,
    known::Statement,
    migrations::MIGRATIONS,
    model::{CaseCommand, CaseStream, tests::bench},
    notices::NoticeMaker,
    reuse::{Applying, Offer, OnHand},
    rooms::{CaseParts, CaseRooms},
    service::Cases,
    store::CaseProjection,
};

/// How many houses this process has made: each has a folder of its own, although all randomness is seeded alike.
static HOUSES: AtomicU64 = AtomicU64::new(0);

/// Seeded bytes for certificates, which want the generator of another family of crates.
struct Seeded(SeededRandomness);

impl rand_core::RngCore for Seeded {
    fn next_u32(&mut self) -> u32 {
        u32::try_from(self.0.number() & u64::from(u32::MAX)).unwrap()
    }

    fn next_u64(&mut self) -> u64 {
        self.0.number()
    }

    fn fill_bytes(&mut self, buffer: &mut [u8]) {
        self.0.fill(buffer);
    }

    fn try_fill_bytes(&mut self, buffer: &mut [u8]) -> Result<(), rand_core::Error> {
        self.0.fill(buffer);
        Ok(())
    }
}

impl rand_core::CryptoRng for Seeded {}

pub(crate) struct House {
    pub(crate) engine: &'static str,
    pub(crate) clock: Arc<TestClock>,
    pub(crate) ledger: Ledger,
    pub(crate) rooms: CaseRooms,
    pub(crate) authority: Arc<Authority>,
    folder: PathBuf,
}

impl Drop for House {
    fn drop(&mut self) {
        let _gone = std::fs::remove_dir_all(&self.folder);
    }
}

/// One house on each engine.
pub(crate) async fn houses() -> Vec<House> {
    let mut houses = Vec::new();
    for (engine, database) in testing::databases().await {
        houses.push(house(engine, database).await);
    }
    houses
}

async fn house(engine: &'static str, database: Database) -> House {
    let migrations: Vec<_> = LEDGER
        .iter()
        .chain(wuchuang_access::MIGRATIONS)
        .chain(wuchuang_delegations::MIGRATIONS)
        .chain(MIGRATIONS)
        .copied()
        .collect();
    migrate(&database, &migrations).await.unwrap();
    let clock = Arc::new(TestClock::at(bench::monday()));
    let randomness = Arc::new(SeededRandomness::new(7));
    let key = AccessKey::derived_from(&[3; 32]);
    let builder = LedgerBuilder::new()
        .stream::<CaseStream>()
        .stream::<ServiceItem>()
        .projection(CaseProjection);
    let ledger = jobs::register(wuchuang_delegations::register(wuchuang_access::register(
        builder, &key,
    )))
    .open(
        database,
        Keyring::new([5; 32], randomness.clone()),
        Signer::from_bytes(&[9; 32]).unwrap(),
        clock.clone(),
        randomness.clone(),
        Calendar::embedded(),
    );
    let folder = std::env::temp_dir().join(format!(
        "wuchuang-cases-{}-{engine}-{}",
        std::process::id(),
        HOUSES.fetch_add(1, Ordering::Relaxed)
    ));
    let cases = Cases::new(ledger.clone(), FileStore::in_folder(&folder).unwrap());
    let directory = Directory::new(ledger.clone(), key);
    let authority = Arc::new(authority());
    let notices = NoticeMaker::new(
        cases.clone(),
        directory.clone(),
        Documents::new(FontSource::Embedded, None).unwrap(),
        authority.clone(),
        Arc::new(site()),
    );
    House {
        engine,
        clock,
        rooms: CaseRooms::from(CaseParts {
            cases,
            directory,
            delegations: Delegations::new(ledger.clone()),
            notices,
            on_hand: Arc::new(Nothing),
            belonging: Arc::new(crate::belonging::Alone),
            watched: Arc::new(crate::watched::Unwatched),
            behind_proxy: false,
        }),
        ledger,
        authority,
        folder,
    }
}

/// A house that has nothing of anybody yet.
struct Nothing;

#[async_trait::async_trait]
impl OnHand for Nothing {
    async fn offers(
        &self,
        _cases: &Cases,
        _applying: Applying<'_>,
        wanted: &[ItemMaterial],
        _today: Date,
    ) -> Result<Vec<Vec<Offer>>, Failure> {
        Ok(vec![Vec::new(); wanted.len()])
    }

    async fn licence_statements(
        &self,
        _cases: &Cases,
        _whose: (Region, PersonId),
        _today: Date,
        _except: &[CaseId],
    ) -> Result<Vec<Statement>, Failure> {
        Ok(Vec::new())
    }
}

fn authority() -> Authority {
    let subject = AuthoritySubject {
        organisation: "紫阳县行政审批服务局".to_owned(),
        seal_name: "紫阳县行政审批专用章".to_owned(),
    };
    let (from, until) = ("2026-01-01T00:00:00Z", "2056-01-01T00:00:00Z");
    let mut random = Seeded(SeededRandomness::new(1));
    Authority::generate(
        &subject,
        from.parse().unwrap(),
        until.parse().unwrap(),
        &mut random,
    )
    .unwrap()
}

fn site() -> Site {
    Site {
        county_name: "紫阳县".to_owned(),
        origin: "https://zwfw.example.gov.cn".to_owned(),
        telephone: "0915-12345".to_owned(),
        operator: "紫阳县政务服务中心".to_owned(),
        records: Vec::new(),
    }
}

pub(crate) fn region() -> Region {
    bench::region()
}

impl House {
    fn order(&self, actor: Actor) -> Order {
        Order {
            region: region(),
            actor,
            channel: Channel::Counter,
            command_id: self.ledger.command_id(),
            expected: Expected::Any,
        }
    }

    /// A case with a number of the test's own.
    pub(crate) async fn submit(&self, number: u128, command: CaseCommand) -> CaseId {
        let case = CaseId::from_u128(number);
        self.ledger
            .execute::<CaseStream>(case.into(), command, self.order(bench::staff(1)))
            .await
            .unwrap();
        case
    }

    /// The same as if it had come through the portal, and the program had stopped right after.
    pub(crate) async fn submit_through_portal(&self, number: u128, command: CaseCommand) -> CaseId {
        let case = CaseId::from_u128(number);
        let order = Order {
            channel: Channel::Portal,
            ..self.order(Actor::SYSTEM)
        };
        let done = self
            .ledger
            .execute::<CaseStream>(case.into(), command, order);
        done.await.unwrap();
        case
    }

    pub(crate) async fn send(
        &self,
        case: CaseId,
        command: CaseCommand,
    ) -> Result<Receipt, Failure> {
        let order = self.order(bench::staff(1));
        Ok(self
            .ledger
            .execute::<CaseStream>(case.into(), command, order)
            .await?)
    }

    /// Does something as a page or a program does: with the drawn process of the case, if it has one.
    pub(crate) async fn act(&self, case: CaseId, actor: Actor, command: CaseCommand) {
        let cases = &self.rooms.cases;
        let state = cases.get(region(), case).await.unwrap();
        let order = self.order(actor);
        if let Err(failure) = cases.act_on((case, &state), command, order).await {
            panic!("{}: {} {}", self.engine, failure.code, failure.public);
        }
    }

    pub(crate) async fn must(&self, case: CaseId, command: CaseCommand) {
        if let Err(failure) = self.send(case, command).await {
            panic!("{}: {} {:?}", self.engine, failure.code, failure.internal);
        }
    }

    /// A colleague takes a case.
    pub(crate) async fn claim(&self, case: CaseId, person: PersonId) {
        let actor = Actor {
            person: Some(person),
            ..bench::staff(1)
        };
        self.ledger
            .execute::<CaseStream>(case.into(), CaseCommand::Claim, self.order(actor))
            .await
            .unwrap();
    }

    pub(crate) fn later(&self, days: i64) {
        self.clock.advance(SignedDuration::from_hours(24 * days));
    }

    /// Runs the jobs that are due.
    pub(crate) async fn work(&self) {
        let jobs = jobs::jobs(self.rooms.notices.clone(), self.rooms.cases.clone());
        JobRunner::new(self.ledger.clone(), jobs)
            .run_until_idle()
            .await
            .unwrap();
        let gave_up = self.ledger.jobs_gave_up(region(), 10).await.unwrap();
        assert!(gave_up.is_empty(), "{}: {gave_up:?}", self.engine);
    }

    pub(crate) async fn stage(&self, case: CaseId) -> &'static str {
        let case = self
            .rooms
            .cases
            .find(region(), case)
            .await
            .unwrap()
            .unwrap();
        case.stage.code()
    }

    /// The tables must be what the ledger gives.
    pub(crate) async fn check_replay(&self) {
        let report = self.ledger.replay(region(), false).await.unwrap();
        assert_eq!(report.differences, [], "{}", self.engine);
    }
}
