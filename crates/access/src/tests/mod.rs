//! Tests of the slice as a whole: on both engines, with a clock and a randomness of their own.

mod gate;
mod rules;
mod story;

use std::sync::Arc;

use jiff::Timestamp;
use wuchuang_calendar::Calendar;
use wuchuang_kernel::{Region, SeededRandomness, TestClock};
use wuchuang_ledger::{
    Database, Keyring, Ledger, LedgerBuilder, Signer, migrate, migrations::LEDGER, testing,
};

use crate::{AccessKey, AccessOptions, AccessSlice, DemoCodeSender, MIGRATIONS, register};

/// A slice over a fresh database.
struct House {
    engine: &'static str,
    clock: Arc<TestClock>,
    ledger: Ledger,
    access: AccessSlice,
}

fn region() -> Region {
    "610924".parse().unwrap()
}

/// One house on each engine.
async fn houses() -> Vec<House> {
    let mut houses = Vec::new();
    for (engine, database) in testing::databases().await {
        houses.push(house(engine, database).await);
    }
    houses
}

async fn house(engine: &'static str, database: Database) -> House {
    let migrations: Vec<_> = LEDGER.iter().chain(MIGRATIONS).copied().collect();
    migrate(&database, &migrations).await.unwrap();
    let start: Timestamp = "2026-11-23T01:00:00Z".parse().unwrap();
    let clock = Arc::new(TestClock::at(start));
    let randomness = Arc::new(SeededRandomness::new(7));
    let key = AccessKey::derived_from(&[3; 32]);
    let ledger = register(LedgerBuilder::new(), &key).open(
        database,
        Keyring::new([5; 32], randomness.clone()),
        Signer::from_bytes(&[9; 32]).unwrap(),
        clock.clone(),
        randomness,
        Calendar::weekdays_only(),
    );
    let options = AccessOptions {
        region: region(),
        key,
        sender: Arc::new(DemoCodeSender),
        is_secure: false,
        behind_proxy: false,
    };
    let access = AccessSlice::new(ledger.clone(), options).unwrap();
    House {
        engine,
        clock,
        ledger,
        access,
    }
}
