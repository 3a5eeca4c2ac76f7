//! Forgetting a person: their values are gone everywhere, every hash still holds.

use wuchuang_kernel::PersonId;
use wuchuang_ledger::{ExecuteError, Expected, ForgetError};

use crate::house::{House, line, region};

#[tokio::test]
async fn a_forgotten_person_is_gone_and_the_chain_still_holds() {
    for house in House::both().await {
        house
            .send(1, 1, line(1, "王小明"), Expected::Any)
            .await
            .expect("write");
        house
            .send(1, 2, line(2, "李大海"), Expected::Any)
            .await
            .expect("write");
        house
            .ledger
            .checkpoint(region())
            .await
            .expect("a checkpoint");
        house
            .ledger
            .forget(region(), PersonId::from_u128(1))
            .await
            .expect("nobody holds it");
        let state = house.state(1).await;
        assert_eq!(state.lines[0].get(), None, "{}", house.engine);
        assert_eq!(state.lines[1].text(), "李大海");
        let report = house
            .ledger
            .verify(region())
            .await
            .expect("the chain reads");
        assert_eq!(report.findings, vec![], "{}", house.engine);
        let replayed = house
            .ledger
            .replay(region(), false)
            .await
            .expect("a replay");
        assert_eq!(replayed.differences, vec![], "{}", house.engine);
        // After a restart they are still forgotten, and nothing new can be recorded about them.
        let restarted = House::on(house.engine, house.database.clone());
        assert_eq!(restarted.state(1).await.lines[0].get(), None);
        let refused = restarted.send(1, 3, line(1, "again"), Expected::Any).await;
        assert!(
            matches!(refused, Err(ExecuteError::Rejected(rejection)) if rejection.code == "person_forgotten")
        );
    }
}

#[tokio::test]
async fn a_legal_hold_prevents_it_with_its_reason() {
    for house in House::both().await {
        house
            .send(1, 1, line(1, "王小明"), Expected::Any)
            .await
            .expect("write");
        let person = PersonId::from_u128(1);
        house
            .ledger
            .hold(
                region(),
                person,
                Some("行政诉讼（2026）陕0924行初1号".into()),
            )
            .await
            .expect("the person is known");
        let held = house.ledger.forget(region(), person).await;
        assert!(matches!(held, Err(ForgetError::Held(reason)) if reason.contains("行政诉讼")));
        assert_eq!(house.state(1).await.lines[0].text(), "王小明");
        house
            .ledger
            .hold(region(), person, None)
            .await
            .expect("lifted");
        house
            .ledger
            .forget(region(), person)
            .await
            .expect("no longer held");
        let unknown = house.ledger.forget(region(), PersonId::from_u128(99)).await;
        assert!(
            matches!(unknown, Err(ForgetError::Unknown(_))),
            "{}",
            house.engine
        );
    }
}
