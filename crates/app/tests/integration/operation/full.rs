//! No room left in the database, on both engines: reading goes on, writing says so in one sentence, what was
//! acknowledged stays, and with room again everything works as before.

use axum::http::StatusCode;
use serde::Deserialize;
use wuchuang_ledger::{
    Database,
    storage::{Backend, Connection, find},
};

use crate::{
    county::{County, resident},
    harness::TestHouse,
};

/// How many applications it takes at most until the engine needs another page.
const APPLICATIONS_MAX: u32 = 400;

#[derive(Deserialize)]
struct Pages {
    page_count: i64,
}

/// Takes the room away. SQLite may not grow any more; PostgreSQL reports what it reports when a file cannot
/// be extended (SQLSTATE 53100), with words that no code could recognise.
async fn fill(database: &Database) {
    let sql = if database.backend() == Backend::Sqlite {
        let pages: Pages = find(database.write(), "PRAGMA page_count", [])
            .await
            .unwrap()
            .unwrap();
        format!("PRAGMA max_page_count = {}", pages.page_count)
    } else {
        "CREATE OR REPLACE FUNCTION no_room() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION 'kein Platz' USING ERRCODE = '53100'; END $$ LANGUAGE plpgsql;
         CREATE TRIGGER no_room BEFORE INSERT ON event FOR EACH ROW EXECUTE FUNCTION no_room();
         CREATE TRIGGER no_room BEFORE INSERT OR UPDATE ON login_code FOR EACH ROW EXECUTE FUNCTION no_room();"
            .to_owned()
    };
    database.write().run_text(&sql).await.unwrap();
}

async fn empty(database: &Database) {
    let sql = if database.backend() == Backend::Sqlite {
        "PRAGMA max_page_count = 1073741823"
    } else {
        "DROP TRIGGER no_room ON event; DROP TRIGGER no_room ON login_code;"
    };
    database.write().run_text(sql).await.unwrap();
}

#[tokio::test]
async fn a_full_database_reads_on_and_loses_nothing() {
    for (engine, test) in TestHouse::both().await {
        let county = County::settle(&test.house).await;
        let mut clerk = test.client_as(county.clerk());
        fill(test.house.ledger().database()).await;
        // Each application that still finds room is acknowledged; then one is not.
        let mut acknowledged = Vec::new();
        let refused = loop {
            let serial = u32::try_from(acknowledged.len()).unwrap();
            assert!(serial < APPLICATIONS_MAX, "{engine}: it never was full");
            let body = county.instant_application(serial);
            let answer = clerk
                .command("/api/v1/cases", &format!("full-{serial}"), &body)
                .await;
            if answer.status != StatusCode::CREATED {
                break answer;
            }
            acknowledged.push(answer.json());
        };
        assert_eq!(
            refused.status,
            StatusCode::SERVICE_UNAVAILABLE,
            "{engine} {}",
            refused.text()
        );
        assert_eq!(refused.json()["code"], "unavailable", "{engine}");
        assert!(refused.text().contains("没有写入"), "{engine}");
        read_on(engine, &test, &mut clerk).await;

        empty(test.house.ledger().database()).await;
        let serial = u32::try_from(acknowledged.len()).unwrap();
        let body = county.instant_application(serial);
        let key = format!("full-{serial}");
        let taken = clerk.command("/api/v1/cases", &key, &body).await;
        assert_eq!(
            taken.status,
            StatusCode::CREATED,
            "{engine} {}",
            taken.text()
        );
        acknowledged.push(taken.json());
        for case in &acknowledged {
            let path = format!("/api/v1/cases/{}", case["case"].as_str().unwrap());
            let read = clerk.get(&path).await;
            assert_eq!(read.json()["number"], case["number"], "{engine}");
        }
        test.check_ledger(engine).await;
    }
}

/// Pages and lists answer, and so do those who would like to write: with a page that says so.
async fn read_on(engine: &str, test: &TestHouse, clerk: &mut crate::harness::Client) {
    for path in [
        "/",
        "/guides",
        "/progress",
        "/staff/cases",
        "/api/v1/cases",
        "/api/v1/items",
    ] {
        let answer = clerk.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{engine} {path}");
    }
    let mut citizen = test.client_as(resident(1));
    let mine = citizen.get("/my").await;
    assert_eq!(mine.status, StatusCode::OK, "{engine}");
    if engine == "PostgreSQL" {
        // On SQLite a code may still find room in a page that is there.
        let page = test
            .client()
            .post("/login/code", &[("phone", "13891500000")])
            .await;
        assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE, "{engine}");
        assert!(page.text().contains("暂时不能保存"), "{}", page.text());
    }
}
