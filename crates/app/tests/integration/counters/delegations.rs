//! Items that were delegated to a town: its counter takes them from the first day to the last, and what it took in goes where the
//! delegation says: to the department, to the town in the department's name, or to the town in its own.

use axum::http::StatusCode;
use serde_json::{Value, json};
use wuchuang_kernel::{Clock, Role, china_date};
use wuchuang_webkit::Visitor;

use crate::{
    county::{County, DEPARTMENT, TOWN, resident},
    forms,
    harness::{Answer, TestHouse, staff},
};

async fn delegate(
    test: &TestHouse,
    county: &County,
    item: &str,
    (way, extent): (&str, &str),
) -> Answer {
    let body = json!({
        "organisations": [county.town.to_string()],
        "way": way,
        "extent": extent,
        "from": china_date(test.clock.now()).to_string(),
        "document": "紫政告〔2026〕3号",
    });
    let path = format!("/api/v1/items/{item}/delegations");
    let mut manager = test.client_as(staff(Role::CatalogueManager));
    manager.post_json(&path, &body).await
}

async fn end(test: &TestHouse, county: &County, item: &str) {
    let body = json!({
        "organisation": county.town.to_string(),
        "last_day": china_date(test.clock.now()).to_string(),
        "reason": "改为赋权。",
    });
    let path = format!("/api/v1/items/{item}/delegations/end");
    let mut manager = test.client_as(staff(Role::CatalogueManager));
    let ended = manager.post_json(&path, &body).await;
    assert_eq!(ended.status, StatusCode::NO_CONTENT, "{}", ended.text());
}

async fn hand_in(test: &TestHouse, who: Visitor, body: &Value) -> Answer {
    test.client_as(who).post_json("/api/v1/cases", body).await
}

async fn seen(test: &TestHouse, county: &County, case: &str) -> Value {
    let path = format!("/api/v1/cases/{case}");
    test.client_as(county.supervisor()).get(&path).await.json()
}

fn case_of(answer: &Answer) -> String {
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
    answer.json()["case"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_town_takes_what_was_delegated_to_it_and_nothing_else() {
    for (engine, test) in TestHouse::both().await {
        let county = County::settle(&test.house).await;
        let (standard, instant) = (county.standard.to_string(), county.instant.to_string());
        let refused = hand_in(&test, county.town_clerk(), &county.standard_application(1)).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{engine}");
        let given = delegate(&test, &county, &standard, ("entrusted", "receipt")).await;
        assert_eq!(given.status, StatusCode::CREATED, "{}", given.text());
        let twice = delegate(&test, &county, &standard, ("empowered", "receipt")).await;
        assert_eq!(twice.json()["code"], "delegation_overlaps", "{engine}");
        // Who receives an instant item decides it.
        let half = delegate(&test, &county, &instant, ("entrusted", "receipt")).await;
        assert_eq!(
            half.json()["errors"][0]["field"],
            "extent",
            "{engine} {}",
            half.text()
        );
        let given = delegate(&test, &county, &instant, ("entrusted", "whole")).await;
        assert_eq!(given.status, StatusCode::CREATED, "{}", given.text());

        let body = county.standard_application(2);
        let case = case_of(&hand_in(&test, county.town_clerk(), &body).await);
        let accept = format!("/api/v1/cases/{case}/accept");
        let mut clerk = test.client_as(county.town_clerk());
        let accepted = clerk.post_json(&accept, &json!({})).await;
        assert_eq!(accepted.status, StatusCode::OK, "{}", accepted.text());
        let after = seen(&test, &county, &case).await;
        assert_eq!(
            after["organisation"],
            county.department.to_string(),
            "{after}"
        );
        let gone = clerk.get(&format!("/api/v1/cases/{case}")).await;
        assert_eq!(
            gone.status,
            StatusCode::FORBIDDEN,
            "it is the department's now"
        );

        // 委托: the town decides it to the end, its papers bear the department's name.
        let body = county.instant_application(3);
        let case = case_of(&hand_in(&test, county.town_clerk(), &body).await);
        let entrusted = seen(&test, &county, &case).await;
        assert_eq!(
            entrusted["organisation"],
            county.town.to_string(),
            "{entrusted}"
        );
        let number = entrusted["number"].as_str().unwrap();
        assert!(number.contains("SCJG"), "{number}");
        let grant = format!("/api/v1/cases/{case}/accept-and-grant");
        let granted = clerk
            .post_json(&grant, &json!({"opinion": "准予备案。"}))
            .await;
        assert_eq!(granted.status, StatusCode::OK, "{}", granted.text());

        // 赋权 from the day after the entrusting ended: in its own name.
        end(&test, &county, &instant).await;
        test.clock.advance(jiff::SignedDuration::from_hours(24));
        let refused = hand_in(&test, county.town_clerk(), &county.instant_application(4)).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{engine}");
        let given = delegate(&test, &county, &instant, ("empowered", "whole")).await;
        assert_eq!(given.status, StatusCode::CREATED, "{}", given.text());
        let body = county.instant_application(5);
        let case = case_of(&hand_in(&test, county.town_clerk(), &body).await);
        let empowered = seen(&test, &county, &case).await;
        let number = empowered["number"].as_str().unwrap();
        assert!(number.contains("Z102"), "{number}");
        test.check_ledger(engine).await;
    }
}

/// An application of somebody at home, under one key.
async fn repeated(test: &TestHouse, body: Value) -> Answer {
    let mut client = test.client_as(resident(6));
    client.command("/api/v1/cases", "chosen-place", &body).await
}

/// A town that was chosen and does it no more is not quietly replaced by the department.
#[tokio::test]
async fn a_place_that_ended_since_is_chosen_anew() {
    for (engine, test) in TestHouse::both().await {
        let (county, item) = forms::settled(&test).await;
        let given = delegate(&test, &county, &item, ("entrusted", "whole")).await;
        assert_eq!(given.status, StatusCode::CREATED, "{}", given.text());
        let mut citizen = test.client();
        forms::sign_in(&mut citizen).await;
        let draft = forms::begin(&mut citizen, &item).await;
        let (page, check) = (format!("{draft}/place"), format!("{draft}/check"));
        let town = county.town.to_string();
        let chosen = citizen.post(&page, &[("place", town.as_str())]).await;
        assert!(chosen.status.is_redirection(), "{engine} {}", chosen.text());
        let ended = "您选的地点现在不办这个事项";
        let before = citizen.get(&check).await.text();
        assert!(
            before.contains(TOWN) && !before.contains(ended),
            "{engine} {before}"
        );

        end(&test, &county, &item).await;
        test.clock.advance(jiff::SignedDuration::from_hours(24));
        let mut citizen = test.client();
        forms::sign_in(&mut citizen).await;
        let after = citizen.get(&check).await.text();
        assert!(
            after.contains(ended) && after.contains(&page),
            "{engine} {after}"
        );
        let choice = citizen.get(&page).await.text();
        assert!(
            !choice.contains(TOWN) && choice.contains("现在只由主管部门办理"),
            "{engine} {choice}"
        );
        let chosen = citizen.post(&page, &[("place", "department")]).await;
        assert!(chosen.status.is_redirection(), "{engine} {}", chosen.text());
        let mended = citizen.get(&check).await.text();
        assert!(!mended.contains(ended), "{engine} {mended}");
    }
}

/// Whoever applies without a counter chooses among those who do it to the end, and nobody else.
#[tokio::test]
async fn who_applies_alone_chooses_the_town_or_the_department() {
    for (engine, test) in TestHouse::both().await {
        let county = County::settle(&test.house).await;
        let instant = county.instant.to_string();
        let path = format!("/api/v1/items/{instant}/places");
        let none = test.client().get(&path).await.json();
        assert_eq!(none["places"], json!([]), "{engine} {none}");
        let at_town = |serial: u32| {
            let mut body = county.instant_application(serial);
            body["place"] = json!(county.town.to_string());
            body
        };
        let refused = hand_in(&test, resident(6), &at_town(6)).await;
        assert_eq!(refused.json()["errors"][0]["field"], "place", "{engine}");

        delegate(&test, &county, &instant, ("entrusted", "whole")).await;
        let told = test.client().get(&path).await.json();
        assert_eq!(told["department"], DEPARTMENT, "{engine} {told}");
        assert_eq!(told["places"][0]["name"], TOWN, "{engine} {told}");
        assert_eq!(told["places"][0]["region"], "610924102", "{engine} {told}");
        let again = |place: Option<&str>| {
            let mut body = at_town(6);
            body["place"] = json!(place);
            repeated(&test, body)
        };
        let town = county.town.to_string();
        let case = case_of(&again(Some(&town)).await);
        let chosen = seen(&test, &county, &case).await;
        assert_eq!(chosen["organisation"], town, "{engine} {chosen}");
        let grant = format!("/api/v1/cases/{case}/accept-and-grant");
        let opinion = json!({"opinion": "准予备案。"});
        let mut clerk = test.client_as(county.town_clerk());
        let granted = clerk.post_json(&grant, &opinion).await;
        assert_eq!(granted.status, StatusCode::OK, "{}", granted.text());

        let alone = case_of(&hand_in(&test, resident(7), &county.instant_application(7)).await);
        let alone = seen(&test, &county, &alone).await;
        let department = county.department.to_string();
        assert_eq!(alone["organisation"], department, "{engine} {alone}");
        let counter = hand_in(&test, county.town_clerk(), &at_town(8)).await;
        assert_eq!(counter.json()["errors"][0]["field"], "place", "{engine}");
        end(&test, &county, &instant).await;
        test.clock.advance(jiff::SignedDuration::from_hours(24));
        let late = hand_in(&test, resident(9), &at_town(9)).await;
        assert_eq!(late.json()["errors"][0]["field"], "place", "{engine}");
        // Sent again, it is the same case although the town does it no more; with another place it is another application.
        assert_eq!(case_of(&again(Some(&town)).await), case, "{engine}");
        for other in [None, Some(department.as_str())] {
            let other = again(other).await;
            assert_eq!(other.json()["code"], "key_reused", "{engine}");
        }
        test.check_ledger(engine).await;
    }
}

#[tokio::test]
async fn lists_matrix_and_guide_tell_who_takes_it() {
    let test = TestHouse::sqlite().await;
    let county = County::settle(&test.house).await;
    let standard = county.standard.to_string();
    let mut manager = test.client_as(staff(Role::CatalogueManager));
    let empty = manager.get("/staff/delegations").await.text();
    assert!(empty.contains("还没有下放的事项"), "{empty}");

    // By the page, its mistakes beside the fields and what was ticked still ticked.
    let page = format!("/staff/items/{standard}/delegations");
    let town = county.town.to_string();
    let today = china_date(test.clock.now()).to_string();
    let mut fields = vec![
        ("organisations", town.as_str()),
        ("way", "handed_down"),
        ("extent", "receipt"),
        ("from", today.as_str()),
        ("until", "明年"),
        ("document", "紫政告〔2026〕3号"),
    ];
    let refused = manager.post(&page, &fields).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let text = refused.text();
    assert!(
        text.contains("日期请写成") && text.contains(&format!("value=\"{town}\" checked")),
        "{text}"
    );
    fields[4].1 = "";
    let done = manager.post(&page, &fields).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text());

    for (path, words) in [
        (
            "/staff/delegations".to_owned(),
            vec![TOWN, "直接下放（项）"],
        ),
        (
            format!("/staff/delegations/to/{town}"),
            vec!["食品经营许可", "受理和送达", "紫政告〔2026〕3号"],
        ),
        (
            "/staff/delegations/matrix".to_owned(),
            vec![TOWN, "市场监督管理局窗口", "现场核查"],
        ),
        (page.clone(), vec![TOWN, "承接中", "收回"]),
        (format!("/guides/{standard}"), vec!["就近办理", TOWN]),
    ] {
        let shown = manager.get(&path).await.text();
        for word in words {
            assert!(shown.contains(word), "{path} {word} {shown}");
        }
    }
    for book in [
        "/staff/delegations/matrix.xlsx",
        "/staff/delegations/list.xlsx",
    ] {
        let answer = manager.get(book).await;
        assert!(answer.body.starts_with(b"PK"), "{book}");
    }
    let matrix = manager.get("/api/v1/delegations/matrix").await.json();
    let line = matrix["items"].as_array().unwrap().iter();
    let line = line.filter(|line| line["item"] == standard.as_str());
    assert_eq!(line.count(), 1, "{matrix}");
    let all = manager.get("/api/v1/delegations").await.json();
    assert_eq!(all["delegations"][0]["organisation_name"], TOWN, "{all}");

    let ended = manager
        .post(
            &format!("{page}/end"),
            &[
                ("ending", &town),
                ("last_day", &today),
                ("reason", "机构调整。"),
            ],
        )
        .await;
    assert_eq!(ended.status, StatusCode::SEE_OTHER, "{}", ended.text());
    let kept = format!("/api/v1/items/{standard}/delegations");
    let kept = manager.get(&kept).await.json();
    assert_eq!(kept["delegations"][0]["until"], today.as_str(), "{kept}");
}
