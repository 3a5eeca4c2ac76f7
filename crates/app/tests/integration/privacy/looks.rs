//! The audit's list of who looked at whose masked data.

use axum::http::StatusCode;
use serde_json::json;
use wuchuang_kernel::Role;

use crate::{
    county::County,
    harness::{TestHouse, staff, visitors},
};

#[tokio::test]
async fn the_audit_reads_who_looked_at_whose_data_when_why_and_from_where() {
    for (engine, test) in TestHouse::both().await {
        let county = County::settle(&test.house).await;
        let mut clerk = test.client_as(county.clerk());
        let mut cases = Vec::new();
        for serial in 1..=2 {
            let body = county.instant_application(serial);
            let answer = clerk.post_json("/api/v1/cases", &body).await;
            assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
            cases.push(answer.json()["case"].as_str().unwrap().to_owned());
        }
        let reveal = format!("/staff/cases/{}/reveal", cases[0]);
        let reason = [("reveal-reason", "电话核对申请人身份")];
        let looked = clerk.post(&reveal, &reason).await;
        assert!(looked.status.is_redirection(), "{engine} {}", looked.text());
        test.clock.advance(jiff::SignedDuration::from_hours(24));
        let mut supervisor = test.client_as(county.supervisor());
        let reveal = format!("/staff/cases/{}/reveal", cases[1]);
        supervisor
            .post(&reveal, &[("reveal-reason", "核查投诉")])
            .await;

        look_at_licence(&test, &county, &cases[0]).await;

        let mut auditor = test.client_as(staff(Role::AuditAdministrator));
        let list = "/staff/admin/looks";
        let all = auditor.get(list).await.text();
        for told in [
            "电话核对申请人身份",
            "核查投诉",
            "电话核对持证人身份",
            "证照",
            "王*明",
            "2026-11-",
        ] {
            assert!(all.contains(told), "{engine} {told}: {all}");
        }
        assert!(
            !all.contains("王小明"),
            "{engine}: the audit reveals nothing"
        );
        let person = county.clerk().person().unwrap();
        let of_clerk = auditor.get(&format!("{list}?person={person}")).await.text();
        assert!(
            of_clerk.contains("电话核对申请人身份") && !of_clerk.contains("核查投诉"),
            "{engine} {of_clerk}"
        );
        let day = wuchuang_kernel::china_date(test.house.ledger().now());
        let today = auditor.get(&format!("{list}?from={day}")).await.text();
        assert!(
            today.contains("核查投诉") && !today.contains("电话核对申请人身份"),
            "{engine} {today}"
        );
        check_pages(&test).await;
        let nobody = auditor.get(&format!("{list}?until=2020-01-01")).await;
        assert!(nobody.text().contains("没有符合条件的记录"), "{engine}");
        for (name, visitor) in visitors() {
            let answer = test.client_as(visitor).get(list).await;
            let may = answer.status == StatusCode::OK;
            assert_eq!(may, name == Role::AuditAdministrator.code(), "{name}");
        }
    }
}

/// The licence of a case is issued, and somebody looks at the whole of it.
async fn look_at_licence(test: &TestHouse, county: &County, case: &str) {
    let mut clerk = test.client_as(county.clerk());
    let granted = clerk
        .post_json(
            &format!("/api/v1/cases/{case}/accept-and-grant"),
            &json!({"opinion": "准予备案。"}),
        )
        .await;
    assert_eq!(granted.status, StatusCode::OK, "{}", granted.text());
    test.run_jobs_without_papers().await;
    let mut approver = test.client_as(county.approver());
    let licences = approver.get("/api/v1/licences").await.json();
    let licence = licences["items"][0]["id"].as_str().unwrap().to_owned();
    let looked = approver
        .post(
            &format!("/staff/licences/{licence}/look"),
            &[("look", "电话核对持证人身份")],
        )
        .await;
    assert!(looked.status.is_redirection(), "{}", looked.text());
}

/// Programs of the audit read the same list, page by page.
async fn check_pages(test: &TestHouse) {
    let mut auditor = test.client_as(staff(Role::AuditAdministrator));
    let (mut kinds, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = auditor
            .get(&format!("/api/v1/looks?limit=1{cursor}"))
            .await
            .json();
        let look = &page["items"][0];
        assert_eq!(look["owner"], "王*明", "{page}");
        kinds.push(look["kind"].as_str().unwrap().to_owned());
        let Some(next) = page["next_cursor"].as_str() else {
            break;
        };
        cursor = format!("&cursor={next}");
    }
    kinds.sort();
    assert_eq!(kinds, ["case", "case", "licence"]);
    let mut system = test.client_as(staff(Role::SystemAdministrator));
    let refused = system.get("/api/v1/looks").await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let wrong = auditor.get("/api/v1/looks?person=zhang").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
}

/// The search above the pages is for those who have a list of cases.
#[tokio::test]
async fn administrators_are_not_offered_a_search_that_refuses_them() {
    let test = TestHouse::sqlite().await;
    let county = County::settle(&test.house).await;
    let search = "id=\"desk-search\"";
    let clerk = test.client_as(county.clerk()).get("/staff/cases").await;
    assert!(clerk.text().contains(search));
    for (role, path) in [
        (Role::SystemAdministrator, "/staff/admin/outbox"),
        (Role::AuditAdministrator, "/staff/admin/looks"),
    ] {
        let page = test.client_as(staff(role)).get(path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        assert!(!page.text().contains(search), "{path}");
    }
}
