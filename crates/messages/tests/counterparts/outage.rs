//! A provider that is down loses nothing; one that stays down is shown to the administrator.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicBool, Ordering},
};

use async_trait::async_trait;
use wuchuang_ledger::testing;
use wuchuang_messages::{
    gateway::{Gateway, GatewayError, Outcome, Outgoing, Postman, SentReceipt},
    model::DeliveryState,
};

use crate::house::House;

/// A provider that is up or down as the test says, and remembers what it took.
#[derive(Default)]
struct Provider {
    is_up: AtomicBool,
    taken: Mutex<Vec<String>>,
}

#[async_trait]
impl Gateway for Provider {
    fn name(&self) -> &'static str {
        "移动"
    }

    async fn send(&self, outgoing: &Outgoing) -> Result<SentReceipt, GatewayError> {
        if !self.is_up.load(Ordering::SeqCst) {
            return Err(GatewayError::Later("down".into()));
        }
        self.taken.lock().unwrap().push(outgoing.to.clone());
        Ok(SentReceipt {
            outcome: Outcome::Sent,
            reference: "0: Accepted for delivery".into(),
        })
    }
}

#[tokio::test]
async fn a_weekend_without_provider_loses_nothing_and_sends_nothing_twice() {
    for (engine, database) in testing::databases().await {
        let house = House::on(database).await;
        let provider = Arc::new(Provider::default());
        let slice = house.slice_with(Postman::new(vec![provider.clone()], vec![], house.clock()));
        let runner = house.runner(&slice);
        for number in 1..=12 {
            house
                .tell(number, &format!("138001380{number:02}"), "")
                .await;
        }
        // From Friday's closing time over a long weekend: more than three days.
        house.pass(&runner, 80).await;
        assert_eq!(
            house.states().await,
            vec![DeliveryState::Waiting; 12],
            "{engine}"
        );

        provider.is_up.store(true, Ordering::SeqCst);
        house.pass(&runner, 3).await;
        assert_eq!(
            house.states().await,
            vec![DeliveryState::Sent; 12],
            "{engine}"
        );
        let mut taken = provider.taken.lock().unwrap().clone();
        taken.sort();
        let expected: Vec<String> = (1..=12)
            .map(|number| format!("138001380{number:02}"))
            .collect();
        assert_eq!(taken, expected, "{engine}: each once");
        assert_eq!(house.ledger.jobs_waiting().await.unwrap(), 0, "{engine}");
    }
}

#[tokio::test]
async fn what_gave_up_is_shown_and_goes_out_when_it_is_tried_again() {
    for (engine, database) in testing::databases().await {
        let house = House::on(database).await;
        let provider = Arc::new(Provider::default());
        let slice = house.slice_with(Postman::new(vec![provider.clone()], vec![], house.clock()));
        let runner = house.runner(&slice);
        house.tell(1, "13800138000", "").await;
        house.pass(&runner, 24 * 7).await;
        assert_eq!(house.states().await, [DeliveryState::GaveUp], "{engine}");
        let jobs = house.ledger.jobs_gave_up(house.region, 10).await.unwrap();
        assert_eq!(jobs.len(), 1, "{engine}");
        assert!(
            !jobs[0].last_error.contains("138"),
            "no address: {}",
            jobs[0].last_error
        );
        assert!(
            !jobs[0].input.contains("138"),
            "no address: {}",
            jobs[0].input
        );

        let job = jobs[0].id.parse().unwrap();
        house.ledger.job_retry(house.region, job).await.unwrap();
        runner.run_until_idle().await.unwrap();
        assert_eq!(
            house.states().await,
            [DeliveryState::Waiting],
            "{engine}: down still, tried on"
        );
        provider.is_up.store(true, Ordering::SeqCst);
        house.pass(&runner, 1).await;
        assert_eq!(house.states().await, [DeliveryState::Sent], "{engine}");
    }
}

#[tokio::test]
async fn without_a_provider_everything_stays_in_the_house() {
    let house = House::on(testing::sqlite().await).await;
    let slice = house.slice(&wuchuang_messages::Settings::default());
    house.tell(1, "13800138000", "wang@example.com").await;
    house.runner(&slice).run_until_idle().await.unwrap();
    assert_eq!(house.states().await, [DeliveryState::Kept; 2]);
}
