//! The audit's list of who looked at whose masked data.

use axum::http::StatusCode;
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

        let mut auditor = test.client_as(staff(Role::AuditAdministrator));
        let list = "/staff/admin/looks";
        let all = auditor.get(list).await.text();
        for told in ["电话核对申请人身份", "核查投诉", "王*明", "2026-11-"] {
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
        let nobody = auditor.get(&format!("{list}?until=2020-01-01")).await;
        assert!(nobody.text().contains("没有符合条件的记录"), "{engine}");
        for (name, visitor) in visitors() {
            let answer = test.client_as(visitor).get(list).await;
            let may = answer.status == StatusCode::OK;
            assert_eq!(may, name == Role::AuditAdministrator.code(), "{name}");
        }
    }
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
