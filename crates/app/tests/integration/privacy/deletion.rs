//! The security administrator finds a person by number, holds and deletes their data for a reason; the audit administrator
//! reads that it was done, and nothing about the person.

use axum::http::StatusCode;
use wuchuang_kernel::Role;

use crate::{
    county::{County, citizen_number},
    harness::{Client, TestHouse, staff},
};

async fn order(client: &mut Client, path: &str, act: &str, reason: &str) -> (StatusCode, String) {
    let answer = client.post(path, &[("act", act), ("reason", reason)]).await;
    (answer.status, answer.text())
}

#[tokio::test]
async fn data_are_held_and_deleted_by_number_with_a_trace() {
    for (engine, test) in TestHouse::both().await {
        let county = County::settle(&test.house).await;
        let number = citizen_number(5);
        let mut counter = test.client_as(county.clerk());
        let person = [("number", number.as_str()), ("name", "王小明")];
        let met = counter.post("/staff/counter/people", &person).await;
        assert!(met.status.is_redirection(), "{engine} {}", met.text());

        let mut security = test.client_as(staff(Role::SecurityAdministrator));
        let unknown = citizen_number(6);
        let nobody = security
            .post("/staff/privacy", &[("number", &unknown)])
            .await;
        assert_eq!(nobody.status, StatusCode::UNPROCESSABLE_ENTITY, "{engine}");
        let found = security
            .post("/staff/privacy", &[("number", &number)])
            .await;
        let path = found.header("location").to_owned();
        let page = security.follow(&found).await.text();
        assert!(
            page.contains("王*明") && !page.contains(&number),
            "{engine} {page}"
        );

        let (status, text) = order(&mut security, &path, "hold", "").await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{engine} {text}");
        let (status, text) = order(&mut security, &path, "hold", &number).await;
        assert!(text.contains("请不要写身份证号"), "{engine} {status}");
        let (status, _) = order(&mut security, &path, "hold", "(2026)陕0924行初12号").await;
        assert_eq!(status, StatusCode::SEE_OTHER, "{engine}");
        let (status, text) = order(&mut security, &path, "forget", "本人书面申请").await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{engine}");
        assert!(text.contains("依法保留中"), "{engine} {text}");
        let (status, _) = order(&mut security, &path, "lift", "案件已审结").await;
        assert_eq!(status, StatusCode::SEE_OTHER, "{engine}");
        let (status, _) = order(&mut security, &path, "forget", "本人书面申请").await;
        assert_eq!(status, StatusCode::SEE_OTHER, "{engine}");
        let gone = security
            .post("/staff/privacy", &[("number", &number)])
            .await;
        assert!(gone.text().contains("没有这个人的登记"), "{engine}");

        let mut audit = test.client_as(staff(Role::AuditAdministrator));
        let trace = audit.get("/staff/privacy").await.text();
        for word in [
            "没有做成",
            "已完成",
            "本人书面申请",
            "案件已审结",
            "解除保留",
        ] {
            assert!(trace.contains(word), "{engine}: {word} {trace}");
        }
        assert!(
            !trace.contains("王") && !trace.contains(&number),
            "{engine}"
        );
        let refused = audit.post(&path, &[("act", "forget")]).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{engine}");
        test.check_ledger(engine).await;
    }
}
