//! Jobs: written with their event, run at least once, retried, given up in the open.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use async_trait::async_trait;
use jiff::SignedDuration;
use serde_json::Value;
use wuchuang_ledger::{Expected, Job, JobContext, JobFailure, JobRunner};

use crate::house::{House, NotebookCommand, region};

/// Fails as often as told, then succeeds.
struct Greet {
    failures: u32,
    runs: Arc<AtomicU32>,
    never: bool,
}

#[async_trait]
impl Job for Greet {
    fn name(&self) -> &'static str {
        "greet"
    }

    async fn run(&self, _input: Value, _context: &JobContext) -> Result<(), JobFailure> {
        let run = self.runs.fetch_add(1, Ordering::Relaxed);
        if self.never {
            return Err(JobFailure::Never("the address does not exist".into()));
        }
        if run < self.failures {
            return Err(JobFailure::Later("the provider is down".into()));
        }
        Ok(())
    }
}

fn runner(house: &House, failures: u32, never: bool) -> (JobRunner, Arc<AtomicU32>) {
    let runs = Arc::new(AtomicU32::new(0));
    let job = Greet {
        failures,
        runs: Arc::clone(&runs),
        never,
    };
    (
        JobRunner::new(house.ledger.clone(), vec![Arc::new(job)]),
        runs,
    )
}

#[tokio::test]
async fn a_job_outlives_failures_and_runs_until_it_succeeds() {
    for house in House::both().await {
        house
            .send(1, 1, NotebookCommand::Open, Expected::Any)
            .await
            .expect("open");
        let (runner, runs) = runner(&house, 3, false);
        for _ in 0..10 {
            runner.run_until_idle().await.expect("the jobs run");
            house.clock.advance(SignedDuration::from_mins(5));
        }
        assert_eq!(runs.load(Ordering::Relaxed), 4, "{}", house.engine);
        assert_eq!(house.ledger.jobs_waiting().await.expect("a count"), 0);
    }
}

#[tokio::test]
async fn a_job_that_cannot_succeed_waits_for_an_administrator() {
    for house in House::both().await {
        house
            .send(1, 1, NotebookCommand::Open, Expected::Any)
            .await
            .expect("open");
        let (failing, _) = runner(&house, 0, true);
        failing.run_until_idle().await.expect("the jobs run");
        let given_up = house
            .ledger
            .jobs_gave_up(region(), 10)
            .await
            .expect("a list");
        assert_eq!(given_up.len(), 1, "{}", house.engine);
        assert_eq!(given_up[0].last_error, "the address does not exist");
        let id = given_up[0].id.parse().expect("an identifier");
        house
            .ledger
            .job_retry(region(), id)
            .await
            .expect("another life");
        let (mended, runs) = runner(&house, 0, false);
        mended.run_until_idle().await.expect("the jobs run");
        assert_eq!(runs.load(Ordering::Relaxed), 1, "{}", house.engine);
        assert_eq!(house.ledger.jobs_waiting().await.expect("a count"), 0);
    }
}

#[tokio::test]
async fn a_job_whose_server_died_is_taken_up_again() {
    for house in House::both().await {
        house
            .send(1, 1, NotebookCommand::Open, Expected::Any)
            .await
            .expect("open");
        // Claimed and never settled: what a kill leaves behind.
        wuchuang_ledger::storage::execute(
            house.database.write(),
            "UPDATE job SET lease_until_us = $1, attempts = 1",
            [(house.ledger.now().as_microsecond() + 1_000_000).into()],
        )
        .await
        .expect("a claim");
        let (runner, runs) = runner(&house, 0, false);
        runner.run_until_idle().await.expect("nothing is due");
        assert_eq!(runs.load(Ordering::Relaxed), 0);
        house.clock.advance(SignedDuration::from_secs(2));
        runner.run_until_idle().await.expect("the lease is over");
        assert_eq!(runs.load(Ordering::Relaxed), 1, "{}", house.engine);
    }
}

#[tokio::test]
async fn a_clock_set_back_keeps_no_job_waiting() {
    for house in House::both().await {
        let (runner, runs) = runner(&house, 2, false);
        runner.run_until_idle().await.expect("a first look");
        house
            .send(1, 1, NotebookCommand::Open, Expected::Any)
            .await
            .expect("open");
        house.clock.advance(SignedDuration::from_hours(-2));
        runner.run_until_idle().await.expect("the jobs run");
        assert_eq!(runs.load(Ordering::Relaxed), 1, "{}", house.engine);
        // It failed and waits some seconds; a day back, it waits two hours at most.
        house.clock.advance(SignedDuration::from_hours(-24));
        runner.run_until_idle().await.expect("nothing is due");
        assert_eq!(runs.load(Ordering::Relaxed), 1, "{}", house.engine);
        house.clock.advance(SignedDuration::from_hours(2));
        runner.run_until_idle().await.expect("the jobs run");
        assert_eq!(runs.load(Ordering::Relaxed), 2, "{}", house.engine);
        // So does what a server held that was killed before the clock was set back.
        house.clock.advance(SignedDuration::from_mins(1));
        wuchuang_ledger::storage::execute(
            house.database.write(),
            "UPDATE job SET lease_until_us = $1",
            [(house.ledger.now().as_microsecond() + 30_000_000).into()],
        )
        .await
        .expect("a claim");
        house.clock.advance(SignedDuration::from_hours(-24));
        runner.run_until_idle().await.expect("the lease is held");
        house.clock.advance(SignedDuration::from_hours(3));
        runner.run_until_idle().await.expect("the jobs run");
        assert_eq!(runs.load(Ordering::Relaxed), 3, "{}", house.engine);
        assert_eq!(house.ledger.jobs_waiting().await.expect("a count"), 0);
    }
}
