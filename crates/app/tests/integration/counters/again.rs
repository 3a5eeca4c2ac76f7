//! An application that is sent again under its key gets its first answer, whatever became of the item meanwhile.

use axum::http::StatusCode;
use wuchuang_catalogue::model::{ItemCommand, ServiceItem};
use wuchuang_kernel::china_date;

use crate::{
    county::{County, system_order},
    harness::TestHouse,
};

/// Publishes the instant item anew, with another name for itself and for its first material.
async fn publish_anew(test: &TestHouse, county: &County) {
    let (ledger, region) = (test.house.ledger(), test.house.configuration().site.region);
    let (id, today) = (county.instant, china_date(ledger.now()));
    let loaded = ledger.load::<ServiceItem>(region, id.into()).await.unwrap();
    let mut content = loaded.unwrap().1.in_force(today).unwrap().content.clone();
    content.name.push_str("（新）");
    content.materials[0].name.push_str("（新）");
    for command in [
        ItemCommand::Draft {
            content: Box::new(content),
        },
        ItemCommand::Publish {
            effective_from: today,
        },
    ] {
        ledger
            .execute::<ServiceItem>(id.into(), command, system_order(&test.house))
            .await
            .unwrap();
    }
}

#[tokio::test]
async fn an_item_published_anew_changes_no_first_answer() {
    for (engine, test) in TestHouse::both().await {
        let county = County::settle(&test.house).await;
        let mut clerk = test.client_as(county.clerk());
        let (path, plain) = ("/api/v1/cases", county.instant_application(1));
        let first = clerk.command(path, "plain", &plain).await;
        assert_eq!(
            first.status,
            StatusCode::CREATED,
            "{engine} {}",
            first.text()
        );
        let mut seen = county.instant_application(2);
        seen["item_version"] = 1.into();
        let first_seen = clerk.command(path, "seen", &seen).await;
        assert_eq!(
            first_seen.status,
            StatusCode::CREATED,
            "{}",
            first_seen.text()
        );

        publish_anew(&test, &county).await;
        for (key, body, answered) in [("plain", &plain, &first), ("seen", &seen, &first_seen)] {
            let again = clerk.command(path, key, body).await;
            assert_eq!(
                (again.status, again.text()),
                (answered.status, answered.text()),
                "{engine} {key}"
            );
        }
        // Another body under the key is another application, and a stale version is told to a new one.
        let mut other = plain.clone();
        other["answers"]["area"] = 31.into();
        let refused = clerk.command(path, "plain", &other).await;
        assert_eq!(refused.json()["code"], "key_reused", "{engine}");
        let refused = clerk.command(path, "third", &seen).await;
        assert_eq!(refused.status, StatusCode::CONFLICT, "{engine}");
    }
}
