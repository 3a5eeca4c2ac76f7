//! 个人信息保护法 art. 47 through the whole house: after a person was forgotten nobody gets their scans, notices and
//! certificates any more, on any page; the matter itself stays.

use axum::http::StatusCode;
use serde_json::{Value, json};
use wuchuang_kernel::PersonId;

use crate::{
    county::County,
    harness::{Client, TestHouse},
};

/// How many files are in the store.
fn stored(test: &TestHouse) -> usize {
    fn count(folder: &std::path::Path) -> usize {
        let entries = std::fs::read_dir(folder).unwrap().map(Result::unwrap);
        entries
            .map(|entry| match entry.file_type().unwrap().is_dir() {
                true => count(&entry.path()),
                // What is stored is named by its SHA-256; the store's own mark is not.
                false => usize::from(entry.file_name().len() == 64),
            })
            .sum()
    }
    count(&test.house.configuration().data.join("files"))
}

/// A granted case of a person with a scan, a certificate and its notices.
async fn case(test: &TestHouse, county: &County, serial: u32) -> Value {
    let mut clerk = test.client_as(county.clerk());
    let scan = format!("%PDF-1.7\n身份证复印件 {serial}\n%%EOF");
    let file = clerk
        .upload("/api/v1/files", "身份证.pdf", scan.as_bytes())
        .await;
    assert_eq!(file.status, StatusCode::CREATED, "{}", file.text());
    let mut body = county.instant_application(serial);
    body["materials"][0] = json!({
        "requirement": "m1",
        "files": [{"sha256": file.json()["sha256"], "name": "身份证.pdf"}],
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

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

/// Where staff get a case's scan, its receipt, and its certificate for a reason that is kept.
async fn paths(staff: &mut Client, case: &Value) -> [String; 3] {
    let id = text(&case["id"]);
    let scan = text(&case["materials"][0]["files"][0]["sha256"]);
    let licence = format!("/staff/licences/{}", text(&case["licence"]["id"]));
    let reason = [("look", "核对证照上的地址")];
    let looked = staff.post(&format!("{licence}/look"), &reason).await;
    let (_, key) = looked.header("location").split_once('?').unwrap();
    [
        format!("/staff/cases/{id}/files/{scan}"),
        format!("/cases/{id}/notices/1.pdf"),
        format!("{licence}/document.pdf?{key}"),
    ]
}

#[tokio::test]
async fn files_of_a_forgotten_person_are_gone_on_every_page() {
    for (engine, test) in TestHouse::both().await {
        let county = County::settle(&test.house).await;
        let (forgotten, other) = (case(&test, &county, 1).await, case(&test, &county, 2).await);
        let before = stored(&test);
        let mut approver = test.client_as(county.approver());
        let gone = paths(&mut approver, &forgotten).await;
        let kept = paths(&mut approver, &other).await;
        for path in gone.iter().chain(&kept) {
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
        for path in gone {
            let answer = approver.get(&path).await;
            assert_eq!(answer.status, StatusCode::GONE, "{engine} {path}");
            assert!(
                answer.text().contains("已依法删除"),
                "{path} {}",
                answer.text()
            );
        }
        for path in kept {
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
