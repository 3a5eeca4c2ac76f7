//! A small house around the messages slice: a ledger with one kind of stream that tells people things.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use wuchuang_access::model::citizen::CitizenStream;
use wuchuang_calendar::Calendar;
use wuchuang_cases::model::CaseStream;
use wuchuang_kernel::{
    Actor, Channel, Clock, CommandId, PersonId, Personal, Region, Rejection, SeededRandomness,
    StreamId, TestClock,
};
use wuchuang_ledger::{
    Context, Database, Expected, JobRunner, Keyring, Ledger, LedgerBuilder, Order, Recorded,
    Signer, Stream, migrate, migrations,
};
use wuchuang_messages::{
    MIGRATIONS, MessagesSlice, Notice, Settings, Source,
    gateway::Postman,
    model::{DeliveryState, Parameter, Parameters, TemplateName},
    register, register_with,
    store::{OutboxFilter, OutboxRow, Place, outbox_page},
};
use wuchuang_webkit::{
    Slice,
    language::{Language, Texts, Translator},
    page::Site,
};

/// A stream that does nothing but tell a person that their case was accepted.
pub(crate) struct Telling;

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum TellingEvent {
    Told {
        phone: Personal<String>,
        email: Personal<String>,
        number: String,
    },
}

impl Stream for Telling {
    const KIND: &'static str = "telling";
    type State = ();
    type Command = TellingEvent;
    type Event = TellingEvent;

    fn decide(
        _state: &(),
        command: &TellingEvent,
        _context: &Context<'_>,
    ) -> Result<Vec<TellingEvent>, Rejection> {
        Ok(vec![command.clone()])
    }

    fn apply(_state: &mut (), _event: &TellingEvent, _recorded_at: Timestamp) {}
}

const SOURCE: Source = Source {
    kinds: &[Telling::KIND],
    notices,
};

fn notices(recorded: &Recorded) -> Vec<Notice> {
    let Some(TellingEvent::Told {
        phone,
        email,
        number,
    }) = recorded.event::<Telling>()
    else {
        return Vec::new();
    };
    vec![Notice {
        template: TemplateName::CaseReceived,
        recipient: phone.person(),
        case: None,
        phone: phone.text().to_owned(),
        email: email.text().to_owned(),
        is_for_agent: false,
        parameters: Parameters::default()
            .with(Parameter::Item, "失业登记")
            .with(Parameter::Number, number)
            .with(Parameter::Code, "482913"),
    }]
}

pub(crate) struct House {
    pub(crate) ledger: Ledger,
    pub(crate) clock: Arc<TestClock>,
    pub(crate) region: Region,
    pub(crate) site: Site,
}

impl House {
    /// Somebody who reads Chinese.
    #[expect(clippy::unused_self, reason = "the reader of this house")]
    pub(crate) fn chinese(&self) -> Translator {
        let texts = Texts::new().expect("webkit's own texts read");
        Translator::new(Language::SimplifiedChinese, Arc::new(texts))
    }

    /// A house on a database.
    pub(crate) async fn on(database: Database) -> Self {
        Self::with(
            database,
            register_with(LedgerBuilder::new().stream::<Telling>(), SOURCE),
        )
        .await
    }

    /// A house whose people hear of real cases.
    pub(crate) async fn of_cases(database: Database) -> Self {
        Self::with(
            database,
            register(LedgerBuilder::new().stream::<CaseStream>()),
        )
        .await
    }

    async fn with(database: Database, builder: LedgerBuilder) -> Self {
        let builder = builder.stream::<CitizenStream>();
        let all: Vec<_> = migrations::LEDGER
            .iter()
            .chain(MIGRATIONS)
            .copied()
            .collect();
        migrate(&database, &all).await.unwrap();
        let clock = Arc::new(TestClock::at("2026-11-20T01:00:00Z".parse().unwrap()));
        let randomness = Arc::new(SeededRandomness::new(7));
        let keyring = Keyring::new([7; 32], randomness.clone());
        let signer = Signer::from_bytes(&[9; 32]).unwrap();
        let ledger = builder.open(
            database,
            keyring,
            signer,
            clock.clone(),
            randomness,
            Calendar::embedded(),
        );
        Self {
            ledger,
            clock,
            region: "610924".parse().unwrap(),
            site: Site {
                county_name: "紫阳县".into(),
                origin: "https://zwfw.example.gov.cn".into(),
                telephone: "12345".into(),
                operator: "紫阳县政务服务中心".into(),
                records: Vec::new(),
            },
        }
    }

    /// The slice with gateways from a configuration.
    pub(crate) fn slice(&self, settings: &Settings) -> MessagesSlice {
        MessagesSlice::new(self.ledger.clone(), settings, &self.site).unwrap()
    }

    /// The slice with gateways made by the test.
    pub(crate) fn slice_with(&self, postman: Postman) -> MessagesSlice {
        let settings = Settings::default();
        MessagesSlice::with_postman(
            self.ledger.clone(),
            Arc::new(postman),
            &settings,
            &self.site,
        )
    }

    /// The job runner with the slice's jobs.
    pub(crate) fn runner(&self, slice: &MessagesSlice) -> JobRunner {
        JobRunner::new(self.ledger.clone(), slice.jobs())
    }

    /// The clock as gateways take it.
    pub(crate) fn clock(&self) -> Arc<dyn Clock> {
        self.clock.clone()
    }

    /// Tells a person something. `number` makes stream and command.
    pub(crate) async fn tell(&self, number: u128, phone: &str, email: &str) -> PersonId {
        let person = PersonId::from_u128(1_000 + number);
        let event = TellingEvent::Told {
            phone: Personal::new(person, phone.to_owned()),
            email: Personal::new(person, email.to_owned()),
            number: format!("2026-{number}"),
        };
        let order = Order {
            region: self.region,
            actor: Actor::SYSTEM,
            channel: Channel::System,
            command_id: CommandId::from_u128(number),
            expected: Expected::Any,
        };
        self.ledger
            .execute::<Telling>(StreamId::from_u128(number), event, order)
            .await
            .unwrap();
        person
    }

    /// The outbox, newest first.
    pub(crate) async fn outbox(&self) -> Vec<OutboxRow> {
        let filter = OutboxFilter::default();
        outbox_page(
            self.ledger.database(),
            self.region,
            filter,
            &Place::start(),
            100,
        )
        .await
        .unwrap()
    }

    /// The states of all messages in the outbox.
    pub(crate) async fn states(&self) -> Vec<DeliveryState> {
        self.outbox()
            .await
            .iter()
            .map(OutboxRow::delivery_state)
            .collect()
    }

    /// Lets time pass in steps of an hour, with the jobs that become due.
    pub(crate) async fn pass(&self, runner: &JobRunner, hours: u32) {
        for _ in 0..hours {
            self.clock.advance(SignedDuration::from_hours(1));
            runner.run_until_idle().await.unwrap();
        }
    }
}
