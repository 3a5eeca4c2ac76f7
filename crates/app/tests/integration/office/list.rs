//! The worklist: whom it offers what, what it is narrowed to, and what it marks.

use axum::http::StatusCode;
use jiff::SignedDuration;
use serde_json::json;

use super::{accepted, must, page, receive};
use crate::{
    county::{County, resident},
    harness::TestHouse,
};

const LIST: &str = "/staff/cases";

fn row(case: &str) -> String {
    format!("data-open=\"{LIST}/{case}\"")
}

fn tick(case: &str) -> String {
    format!("name=\"case\" value=\"{case}\"")
}

#[tokio::test]
async fn only_who_may_claim_is_offered_it_and_what_may_not_be_claimed_is_left() {
    let test = TestHouse::sqlite().await;
    let county = County::settle(&test.house).await;
    let under_review = accepted(&test, &county, 1).await;
    let received = receive(&test, county.clerk(), &county.standard_application(2)).await;
    let shown = page(&test, county.supervisor(), LIST).await;
    assert!(shown.contains(&row(&received)), "{shown}");
    assert!(!shown.contains("name=\"case\"") && !shown.contains("认领所选<"));
    // The centre's clerk sees both, and claims what lies at the counters.
    let shown = page(&test, county.clerk(), LIST).await;
    assert!(shown.contains(&tick(&received)) && shown.contains(&row(&under_review)));
    assert!(!shown.contains(&tick(&under_review)), "{shown}");

    let mut clerk = test.client_as(county.clerk());
    let fields = [
        ("back", "/staff/cases?stage=examining"),
        ("case", &under_review),
        ("case", "0192f0c2a4b17c3e9d5566778899aabb"),
        ("case", &received),
    ];
    let claimed = clerk.post("/staff/cases/claim", &fields).await;
    assert_eq!(
        claimed.header("location"),
        "/staff/cases?stage=examining&claimed=1&left=2"
    );
    let shown = clerk.follow(&claimed).await.text();
    assert!(shown.contains("已认领 1 件；另有 2 件没有认领"), "{shown}");
    assert!(shown.contains("（我）"), "{shown}");
    let nothing = clerk.post("/staff/cases/claim", &[("back", LIST)]).await;
    let shown = clerk.follow(&nothing).await.text();
    assert!(shown.contains("没有勾选办件"), "{shown}");
}

#[tokio::test]
async fn a_departments_clerk_lists_and_exports_the_own_department() {
    let test = TestHouse::sqlite().await;
    let county = County::settle(&test.house).await;
    let own = receive(&test, county.clerk(), &county.standard_application(1)).await;
    let other = receive(&test, county.clerk(), &county.standard_application(2)).await;
    let to = json!({"organisation": county.centre.to_string(), "reason": "事项已划转。"});
    must(&test, county.clerk(), &other, "transfer", to).await;
    let shown = page(&test, county.department_clerk(), LIST).await;
    assert!(
        shown.contains(&row(&own)) && !shown.contains(&row(&other)),
        "{shown}"
    );
    let mut clerk = test.client_as(county.department_clerk());
    let items = clerk.get("/api/v1/cases").await.json();
    let found: Vec<_> = items["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| &item["id"])
        .collect();
    assert_eq!(found, [&json!(own)]);
    let whole = clerk.get("/staff/cases/export.xlsx").await.body.len();
    let centre = test
        .client_as(county.clerk())
        .get("/staff/cases/export.xlsx")
        .await
        .body
        .len();
    assert!(whole < centre, "{whole} {centre}");
}

#[tokio::test]
async fn the_list_is_narrowed_by_what_its_form_offers_and_keeps_it() {
    for (engine, test) in TestHouse::both().await {
        let county = County::settle(&test.house).await;
        let standard = accepted(&test, &county, 1).await;
        let instant = receive(&test, county.clerk(), &county.instant_application(2)).await;
        let mut urgent = county.instant_application(3);
        urgent["priority"] = true.into();
        let urgent = receive(&test, county.clerk(), &urgent).await;
        must(&test, county.approver(), &standard, "claim", json!({})).await;
        for (filter, found) in [
            (format!("item={}", county.standard), vec![&standard]),
            (format!("item={}", county.instant), vec![&instant, &urgent]),
            ("priority=1".to_owned(), vec![&urgent]),
            ("view=mine".to_owned(), vec![&standard]),
            ("view=unclaimed".to_owned(), vec![&instant, &urgent]),
            (
                "from=2026-11-23&until=2026-11-23".to_owned(),
                vec![&standard, &instant, &urgent],
            ),
            ("from=2026-11-24".to_owned(), vec![]),
            ("until=2026-11-22".to_owned(), vec![]),
            (
                format!("view=unclaimed&priority=1&item={}", county.instant),
                vec![&urgent],
            ),
        ] {
            let shown = page(&test, county.approver(), &format!("{LIST}?{filter}")).await;
            for case in [&standard, &instant, &urgent] {
                let is_found = shown.contains(&row(case));
                assert_eq!(is_found, found.contains(&case), "{engine} {filter}");
            }
        }
        // Looking for something keeps the rest of the form, and so does a saved view.
        let item = county.instant.to_string();
        let mut approver = test.client_as(county.approver());
        let fields = [
            ("q", "兴盛"),
            ("view", "unclaimed"),
            ("light", "normal"),
            ("item", &item),
            ("from", "2026-11-01"),
        ];
        let search = approver.post("/staff/search", &fields).await;
        let address = search.header("location").to_owned();
        for part in ["view=unclaimed", "light=normal", &item, "from=2026-11-01"] {
            assert!(address.contains(part), "{engine} {address}");
        }
        let shown = approver.follow(&search).await.text();
        assert!(
            shown.contains("value=\"normal\" selected"),
            "{engine} {shown}"
        );
        let fields = [("name", "小店"), ("query", address.as_str())];
        let saved = approver.post("/staff/cases/views", &fields).await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER, "{engine}");
        assert!(saved.header("location").contains(&item), "{engine}");
    }
}

#[tokio::test]
async fn what_an_applicant_says_or_supplies_is_marked_until_it_is_taken_up() {
    for (engine, test) in TestHouse::both().await {
        let county = County::settle(&test.house).await;
        let mut body = county.standard_application(1);
        body["materials"].as_array_mut().unwrap().truncate(3);
        let case = receive(&test, resident(1), &body).await;
        let quiet = accepted(&test, &county, 2).await;
        let owed = json!({"conditional": {"materials": ["m4", "m5", "m6"], "days": 2, "undertaken": true}});
        must(&test, county.approver(), &case, "accept", owed).await;
        let marked = async |mark: &str| {
            let shown = page(&test, county.reviewer(), &format!("{LIST}?mark={mark}")).await;
            assert!(!shown.contains(&row(&quiet)), "{engine} {mark}");
            shown.contains(&row(&case))
        };
        for mark in ["answer", "material", "supplement"] {
            assert!(!marked(mark).await, "{engine} {mark}");
        }
        let shown = page(&test, county.reviewer(), LIST).await;
        assert!(
            shown.contains("容缺材料11月25日 周三前"),
            "{engine} {shown}"
        );

        must(
            &test,
            resident(1),
            &case,
            "messages",
            json!({"text": "请问还缺什么？"}),
        )
        .await;
        assert!(marked("answer").await, "{engine}");
        let shown = page(&test, county.reviewer(), LIST).await;
        assert!(shown.contains("待回复 <b>1</b>"), "{engine} {shown}");
        must(
            &test,
            county.reviewer(),
            &case,
            "messages",
            json!({"text": "请补制度。"}),
        )
        .await;
        assert!(!marked("answer").await, "{engine}");

        test.clock.advance(SignedDuration::from_hours(24 * 4));
        assert!(marked("supplement").await, "{engine}");
        let shown = page(&test, county.reviewer(), LIST).await;
        assert!(shown.contains("容缺逾期 <b>1</b>"), "{engine} {shown}");
        let papers = ["m4", "m5", "m6"].map(|id| json!({"requirement": id, "paper_copies": 1}));
        must(
            &test,
            resident(1),
            &case,
            "supplements",
            json!({"materials": papers}),
        )
        .await;
        assert!(!marked("supplement").await, "{engine}");
        assert!(marked("material").await, "{engine}");
        let path = "/api/v1/cases?mark=has_new_material";
        let found = test.client_as(county.reviewer()).get(path).await.json();
        assert_eq!(found["items"][0]["id"], json!(case), "{engine} {found}");
        assert_eq!(found["items"][0]["has_new_material"], true, "{engine}");
        must(&test, county.reviewer(), &case, "claim", json!({})).await;
        assert!(!marked("material").await, "{engine}");
        test.check_ledger(engine).await;
    }
}
