//! 个人信息保护法 art. 47 through the whole house: after a person was forgotten nobody gets their scans, notices and
//! certificates any more, on any page; the matter itself stays.

use axum::http::StatusCode;
use serde_json::{Value, json};
use wuchuang_kernel::PersonId;

use crate::{county::County, harness::TestHouse, pictures::photograph};

/// How many files are in the store.
fn stored(test: &TestHouse) -> usize {
    fn count(folder: &std::path::Path) -> usize {
        let entries = std::fs::read_dir(folder).unwrap().map(Result::unwrap);
        entries
            .map(|entry| match entry.file_type().unwrap().is_dir() {
                true => count(&entry.path()),
                false => 1,
            })
            .sum()
    }
    count(&test.house.configuration().data.join("files"))
}

/// A granted case of a person with a scan, a certificate and its notices.
async fn case(test: &TestHouse, county: &County, serial: u32) -> Value {
    let mut clerk = test.client_as(county.clerk());
    let mut picture = photograph();
    // Another picture for each person: what lies behind the picture's end is nobody's business.
    picture.extend(serial.to_be_bytes());
    let file = clerk.upload("/api/v1/files", "身份证.png", &picture).await;
    assert_eq!(file.status, StatusCode::CREATED, "{}", file.text());
    let mut body = county.instant_application(serial);
    body["materials"][0] = json!({
        "requirement": "m1",
        "files": [{"sha256": file.json()["sha256"], "name": "身份证.png"}],
    });
    let received = clerk.post_json("/api/v1/cases", &body).await;
    assert_eq!(received.status, StatusCode::CREATED, "{}", received.text());
    let case = received.json()["case"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/cases/{case}/accept-and-grant");
    let granted = clerk
        .post_json(&path, &json!({"opinion": "符合条件，同意。"}))
        .await;
    assert_eq!(granted.status, StatusCode::OK, "{}", granted.text());
    test.run_jobs().await;
    let mut supervisor = test.client_as(county.supervisor());
    supervisor
        .get(&format!("/api/v1/cases/{case}"))
        .await
        .json()
}

#[tokio::test]
async fn files_of_a_forgotten_person_are_gone_on_every_page() {
    for (engine, test) in TestHouse::both().await {
        let county = County::settle(&test.house).await;
        let (forgotten, other) = (case(&test, &county, 1).await, case(&test, &county, 2).await);
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let paths = |case: &Value| {
            let id = text(&case["id"]);
            let scan = text(&case["materials"][0]["files"][0]["sha256"]);
            let licence = text(&case["licence"]["id"]);
            [
                format!("/staff/cases/{id}/files/{scan}"),
                format!("/cases/{id}/notices/1.pdf"),
                format!("/staff/licences/{licence}/document.pdf"),
            ]
        };
        let before = stored(&test);
        let mut approver = test.client_as(county.approver());
        for path in paths(&forgotten).iter().chain(&paths(&other)) {
            let answer = approver.get(path).await;
            assert_eq!(
                answer.status,
                StatusCode::OK,
                "{engine} {path} {}",
                answer.text()
            );
        }
        let person: PersonId = text(&forgotten["applicant"]["person"]).parse().unwrap();
        let region = test.house.configuration().site.region;
        test.house.ledger().forget(region, person).await.unwrap();
        test.run_jobs().await;
        for path in paths(&forgotten) {
            let answer = approver.get(&path).await;
            assert_eq!(answer.status, StatusCode::GONE, "{engine} {path}");
            assert!(
                answer.text().contains("已依法删除"),
                "{path} {}",
                answer.text()
            );
        }
        for path in paths(&other) {
            assert_eq!(approver.get(&path).await.status, StatusCode::OK, "{path}");
        }
        let page = approver
            .get(&format!("/staff/cases/{}", text(&forgotten["id"])))
            .await;
        assert_eq!(page.status, StatusCode::OK, "{engine} {}", page.text());
        assert!(
            page.text().contains("已依法删除"),
            "{engine} {}",
            page.text()
        );
        // Both cases had as many files, so half of the store is left.
        assert_eq!(stored(&test) * 2, before, "{engine}");
        test.check_ledger(engine).await;
    }
}
