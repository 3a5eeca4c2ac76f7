//! The working calendar from the page to the ledger, and what an auditor sees.

use axum::http::StatusCode;
use serde_json::json;
use wuchuang_kernel::{Role, group_case_number};

use crate::{
    county::County,
    harness::{TestHouse, staff},
};

const NOTICE: &str = "2027-01-01~2027-01-03 休 元旦\n2027-02-20 班 春节";

#[tokio::test]
async fn a_notice_is_previewed_imported_and_in_force() {
    for (engine, test) in TestHouse::both().await {
        let mut client = test.client_as(staff(Role::SystemAdministrator));
        let fields = |step| {
            [
                ("year", "2027"),
                ("lines", NOTICE),
                ("step", step),
                ("command_id", ""),
            ]
        };
        let preview = client
            .post("/staff/admin/calendar", &fields("preview"))
            .await;
        assert_eq!(preview.status, StatusCode::OK, "{engine}");
        assert!(
            preview.text().contains("导入后 2 天会变"),
            "{engine} {}",
            preview.text()
        );
        assert!(test.house.ledger().calendar().notice(2027).is_none());

        let imported = client
            .post("/staff/admin/calendar", &fields("import"))
            .await;
        let page = client.follow(&imported).await;
        assert!(page.text().contains("2027年放假安排已导入"), "{engine}");
        assert!(test.house.ledger().calendar().notice(2027).is_some());

        let again = client
            .post("/staff/admin/calendar", &fields("import"))
            .await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "{engine}");
        assert!(again.text().contains("不需要再导入"), "{engine}");

        let mut auditor = test.client_as(staff(Role::AuditAdministrator));
        let refusals = auditor.get("/staff/admin/refusals").await.text();
        for words in ["工作日历", "不需要再导入"] {
            assert!(refusals.contains(words), "{engine} {refusals}");
        }
        let told = auditor.get("/api/v1/ledger/refusals").await.text();
        assert!(told.contains("notice_unchanged"), "{engine} {told}");
        let region = test.house.configuration().site.region;
        let report = test.house.ledger().replay(region, false).await.unwrap();
        assert!(
            report.differences.is_empty(),
            "{engine} {:?}",
            report.differences
        );
    }
}

#[tokio::test]
async fn a_wrong_notice_is_refused_line_by_line() {
    let test = TestHouse::sqlite().await;
    let mut client = test.client_as(staff(Role::SystemAdministrator));
    let fields = [
        ("year", "2027"),
        ("lines", "2027-02-30 休 元旦\n明天 休 元旦"),
        ("step", "import"),
    ];
    let answer = client.post("/staff/admin/calendar", &fields).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text().contains("第 1 行"), "{}", answer.text());
    assert!(answer.text().contains("第 2 行"));
    assert!(
        answer.text().contains("明天 休 元旦"),
        "what was typed stays"
    );
    let year = client
        .post("/staff/admin/calendar", &[("year", "二〇二七")])
        .await;
    assert!(year.text().contains("四位数字"));
}

#[tokio::test]
async fn the_chain_is_checked_and_a_record_is_proved() {
    for (engine, test) in TestHouse::both().await {
        let mut administrator = test.client_as(staff(Role::SystemAdministrator));
        let fields = [("year", "2027"), ("lines", NOTICE), ("step", "import")];
        administrator.post("/staff/admin/calendar", &fields).await;
        wuchuang_app::server::checkpoint_all(test.house.ledger())
            .await
            .unwrap();

        let mut auditor = test.client_as(staff(Role::AuditAdministrator));
        let asked = auditor.post("/staff/admin/ledger/check", &[]).await;
        let waiting = auditor.follow(&asked).await;
        assert!(waiting.text().contains("还没有结果"), "{engine}");
        test.run_jobs().await;
        let page = auditor.get("/staff/admin/ledger").await;
        assert!(
            page.text().contains("1 条记录、1 个检查点，全部相符"),
            "{engine} {}",
            page.text()
        );

        let proof = auditor.get("/api/v1/ledger/proofs/1").await;
        assert_eq!(proof.status, StatusCode::OK, "{engine}");
        let good = auditor
            .post("/staff/admin/ledger/proof", &[("proof", &proof.text())])
            .await;
        assert!(good.text().contains("证明成立"), "{engine}");
        let mut forged: serde_json::Value = serde_json::from_slice(&proof.body).unwrap();
        forged["hash"] = "00".repeat(32).into();
        let bad = auditor
            .post(
                "/staff/admin/ledger/proof",
                &[("proof", &forged.to_string())],
            )
            .await;
        assert!(bad.text().contains("证明不成立"), "{engine}");
        let missing = auditor.get("/staff/admin/ledger/proof?seq=99").await;
        assert_eq!(missing.status, StatusCode::UNPROCESSABLE_ENTITY, "{engine}");
    }
}

/// What was refused is told in words: the number of the case, which supervision opens and the audit does not, and neither
/// the machine's identifiers nor the code of the rule.
#[tokio::test]
async fn what_was_refused_is_told_in_words() {
    for (engine, test) in TestHouse::both().await {
        let county = County::settle(&test.house).await;
        let mut clerk = test.client_as(county.clerk());
        let body = county.instant_application(1);
        let received = clerk.post_json("/api/v1/cases", &body).await.json();
        let case = received["case"].as_str().unwrap();
        let number = group_case_number(received["number"].as_str().unwrap());
        let path = format!("/api/v1/cases/{case}/correction-notices");
        let refused = clerk.post_json(&path, &json!({"defects": []})).await;
        let status = refused.status;
        assert_eq!(
            status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{}",
            refused.text()
        );

        let mut supervisor = test.client_as(county.supervisor());
        let page = supervisor.get("/staff/admin/refusals").await.text();
        let (_, main) = page.split_once("<main").unwrap();
        assert!(main.contains(&number), "{engine} {main}");
        assert!(
            main.contains(&format!("href=\"/staff/cases/{case}\"")),
            "{engine}"
        );
        let without_links = main.replace(&format!("/staff/cases/{case}"), "");
        assert!(!without_links.contains(case), "{engine} {main}");
        assert!(!main.contains("<code>"), "{engine} {main}");
        let mut auditor = test.client_as(staff(Role::AuditAdministrator));
        let page = auditor.get("/staff/admin/refusals").await.text();
        assert!(page.contains(&number), "{engine}");
        assert!(!page.contains("/staff/cases/"), "{engine}");
    }
}
