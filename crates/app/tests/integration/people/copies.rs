//! 承诺制+副本制: whoever gave a promise gets a copy at once; the check that finds the promise true has the original issued under the
//! same number, and nobody applies for it.

use serde_json::json;
use wuchuang_kernel::CaseId;
use wuchuang_licences::{licence_of_case, model::LicenceStream};
use wuchuang_supervision::task_of_case;
use wuchuang_webkit::Visitor;

use super::supervision::{granted, promising, send, supervise, taken};
use crate::{
    county::{County, resident},
    harness::TestHouse,
};

/// What the store says of the case's licence, as whoever decided reads it.
async fn licence(test: &TestHouse, county: &County, case: CaseId) -> serde_json::Value {
    let path = format!("/api/v1/licences/{}", licence_of_case(case));
    let answer = test.client_as(county.approver()).get(&path).await;
    taken(&path, &answer);
    answer.json()
}

/// Whoever holds the licence, signed in.
async fn holder(test: &TestHouse, case: CaseId) -> Visitor {
    let region = test.house.configuration().site.region;
    let loaded = test
        .house
        .ledger()
        .load::<LicenceStream>(region, licence_of_case(case).into())
        .await;
    let (_, state) = loaded.unwrap().unwrap();
    let Visitor::Citizen(mut citizen) = resident(1) else {
        unreachable!()
    };
    citizen.person = state.0.as_deref().unwrap().issued.holder.person;
    Visitor::Citizen(citizen)
}

#[tokio::test]
async fn a_promise_gives_a_copy_and_the_check_that_finds_it_true_gives_the_original() {
    for (engine, test) in TestHouse::both().await {
        let county = County::settle(&test.house).await;
        supervise(&test, &county, Some(40)).await;
        let case = granted(&test, &county, promising(&county)).await;
        test.run_jobs().await;

        let copy = licence(&test, &county, case).await;
        assert_eq!(copy["is_copy"], true, "{engine} {copy}");
        let page = format!("/staff/licences/{}", licence_of_case(case));
        let shown = test.client_as(county.approver()).get(&page).await.text();
        assert!(
            shown.contains("副本，凭告知承诺先行发放"),
            "{engine} {shown}"
        );
        let seals = test
            .client_as(county.approver())
            .get("/api/v1/seal-uses")
            .await
            .text();
        assert!(seals.contains("食品经营许可证（副本）"), "{engine} {seals}");

        let task = format!("/api/v1/supervision/{}", task_of_case(case));
        let inspector = || county.inspector();
        taken(
            engine,
            &send(
                &test,
                inspector(),
                &format!("{task}/acknowledge"),
                json!({}),
            )
            .await,
        );
        let mend = json!({"finding": "rectify", "method": "on_site", "facts": "制度没有上墙", "rectify_days": 5});
        taken(
            engine,
            &send(&test, inspector(), &format!("{task}/check"), mend).await,
        );
        test.run_jobs().await;
        assert_eq!(
            licence(&test, &county, case).await["is_copy"],
            true,
            "{engine}: not yet found true"
        );
        let found =
            json!({"finding": "true", "method": "on_site", "facts": "制度齐全，与承诺一致"});
        taken(
            engine,
            &send(&test, inspector(), &format!("{task}/check"), found).await,
        );
        test.run_jobs().await;

        let original = licence(&test, &county, case).await;
        assert_eq!(original["is_copy"], false, "{engine} {original}");
        assert_eq!(original["number"], copy["number"], "{engine}");
        assert!(
            original["valid_until"].as_str() > copy["valid_until"].as_str(),
            "{engine} {copy} {original}"
        );
        let seals = test
            .client_as(county.approver())
            .get("/api/v1/seal-uses")
            .await
            .json();
        let titles: Vec<&str> = seals["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|used| used["title"].as_str().unwrap())
            .collect();
        let both = ["食品经营许可证", "食品经营许可证（副本）"];
        assert!(
            both.iter().all(|title| titles.contains(title)),
            "{engine} {titles:?}"
        );
        let mut holder = test.client_as(holder(&test, case).await);
        let inbox = holder.get("/my/messages").await.text();
        assert!(inbox.contains("正本已发"), "{engine} {inbox}");
        test.check_ledger(engine).await;
    }
}

#[tokio::test]
async fn without_a_promise_the_licence_is_whole_at_once() {
    for (engine, test) in TestHouse::both().await {
        let county = County::settle(&test.house).await;
        supervise(&test, &county, Some(40)).await;
        let case = granted(&test, &county, county.standard_application(1)).await;
        test.run_jobs_without_papers().await;
        let whole = licence(&test, &county, case).await;
        assert_eq!(whole["is_copy"], false, "{engine} {whole}");
    }
}
