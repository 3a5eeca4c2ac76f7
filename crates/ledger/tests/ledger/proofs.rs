//! What is provable: every change to the chain is found and named; a receipt proves its event.

use std::sync::atomic::{AtomicBool, Ordering};

use wuchuang_ledger::{Expected, VerifyReport, storage::Connection};

use crate::house::{House, NotebookCommand, line, region};

async fn written(house: &House) {
    house
        .send(1, 1, NotebookCommand::Open, Expected::Any)
        .await
        .expect("open");
    for key in 2..=6 {
        house
            .send(1, key, line(1, &format!("line {key}")), Expected::Any)
            .await
            .expect("write");
    }
    house
        .ledger
        .checkpoint(region())
        .await
        .expect("a checkpoint")
        .expect("there are events");
}

async fn spoiled(house: &House, sql: &str) -> Vec<String> {
    house
        .database
        .write()
        .run_text(sql)
        .await
        .expect("whoever owns the disk can do this");
    let report: VerifyReport = house.ledger.verify(region()).await.expect("it reads");
    report
        .findings
        .iter()
        .map(|finding| {
            let text = serde_json::to_value(finding).expect("a finding is plain");
            let seq = text
                .get("seq")
                .or_else(|| text.get("number"))
                .or_else(|| text.get("last_seq"));
            format!(
                "{} {}",
                text["finding"].as_str().unwrap_or_default(),
                seq.map(ToString::to_string).unwrap_or_default()
            )
        })
        .collect()
}

#[tokio::test]
async fn every_kind_of_tampering_is_found_and_named() {
    let deeds: [(&str, &[&str]); 6] = [
        (
            "UPDATE event SET payload = '{\"number\":99}' WHERE seq = 1",
            &["changed 1"],
        ),
        (
            "DELETE FROM event WHERE seq = 3",
            &["missing 3", "unchained 4", "checkpoint_root 1"],
        ),
        (
            "DELETE FROM event WHERE seq = 6",
            &["checkpoint_root 1", "cut_off 5"],
        ),
        (
            "UPDATE event SET hash = 'ff' WHERE seq = 6",
            &["changed 6", "checkpoint_root 1"],
        ),
        (
            "UPDATE event SET seq = CASE seq WHEN 2 THEN -3 ELSE -2 END WHERE seq IN (2, 3)",
            &["missing 2", "unchained 4", "checkpoint_root 1"],
        ),
        (
            "UPDATE checkpoint SET signed_at_us = signed_at_us + 1",
            &["checkpoint_signature 1"],
        ),
    ];
    for (sql, expected) in deeds {
        for house in House::both().await {
            written(&house).await;
            assert_eq!(spoiled(&house, "SELECT 1").await, Vec::<String>::new());
            assert_eq!(
                spoiled(&house, sql).await,
                expected,
                "{}: {sql}",
                house.engine
            );
        }
    }
}

#[tokio::test]
async fn a_check_beside_a_writer_finds_nothing() {
    for house in House::both().await {
        written(&house).await;
        let is_over = AtomicBool::new(false);
        let writing = async {
            for key in 7..=90 {
                house
                    .send(1, key, line(1, &format!("line {key}")), Expected::Any)
                    .await
                    .expect("write");
            }
            is_over.store(true, Ordering::Relaxed);
        };
        let checking = async {
            while !is_over.load(Ordering::Relaxed) {
                assert_eq!(
                    spoiled(&house, "SELECT 1").await,
                    Vec::<String>::new(),
                    "{}",
                    house.engine
                );
                tokio::task::yield_now().await;
            }
        };
        tokio::join!(writing, checking);
    }
}

#[tokio::test]
async fn a_receipt_proves_its_event_to_anyone_with_the_public_key() {
    for house in House::both().await {
        written(&house).await;
        let key = house.ledger.public_key_pem().expect("a public key");
        for seq in 1..=6 {
            let proof = house
                .ledger
                .proof(region(), seq)
                .await
                .expect("it reads")
                .expect("it is under the checkpoint");
            assert!(proof.holds(&key), "{}: {seq}", house.engine);
            let mut other = proof.clone();
            other.hash = proof.checkpoint.root.clone();
            assert!(!other.holds(&key));
            let mut moved = proof;
            moved.seq = seq % 6 + 1;
            assert!(!moved.holds(&key));
        }
        house
            .send(1, 7, line(1, "new"), Expected::Any)
            .await
            .expect("write");
        assert_eq!(
            house.ledger.proof(region(), 7).await.expect("it reads"),
            None,
            "not under a checkpoint yet"
        );
    }
}

#[tokio::test]
async fn replay_gives_the_same_tables_and_finds_a_changed_row() {
    for house in House::both().await {
        written(&house).await;
        let report = house
            .ledger
            .replay(region(), false)
            .await
            .expect("a replay");
        assert_eq!((report.records, report.rows), (6, 5), "{}", house.engine);
        assert_eq!(report.differences, vec![], "{}", house.engine);
        house
            .database
            .write()
            .run_text("UPDATE line SET text = 'changed' WHERE seq = 2")
            .await
            .expect("whoever owns the disk can do this");
        let report = house.ledger.replay(region(), true).await.expect("a replay");
        assert_eq!(report.differences.len(), 2, "{}", house.engine);
        let report = house
            .ledger
            .replay(region(), false)
            .await
            .expect("a replay");
        assert_eq!(report.differences, vec![], "the rebuilt tables were kept");
    }
}

#[tokio::test]
async fn an_export_holds_every_record_in_order() {
    for house in House::both().await {
        written(&house).await;
        let mut out = Vec::new();
        let count = wuchuang_ledger::export(&house.ledger, region(), &mut out)
            .await
            .expect("an export");
        let text = String::from_utf8(out).expect("text");
        assert_eq!((count, text.lines().count()), (6, 7), "{}", house.engine);
        assert!(!text.contains("line 2"), "personal values stay sealed");
    }
}
