//! A row is added at the counter and in a correction as on the portal; and the form is a paper with its rows, in full for the
//! applicant and the counter that took it, masked for the others, gone with the applicant.

use axum::http::StatusCode;
use serde_json::{Value, json};
use wuchuang_kernel::{PersonId, SessionId};
use wuchuang_webkit::{Citizen, Visitor};

use super::{ITEM, settled};
use crate::{
    county::{citizen_number, resident},
    harness::{Client, TestHouse},
};

const CASES: &str = "/api/v1/cases";

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// A household of one.
fn application(item: &str) -> Value {
    let number = citizen_number(2);
    json!({
        "item": item,
        "applicant": {"kind": "person", "name": "王小明", "number": number, "phone": "13891500000"},
        "answers": {
            "name": "王小明", "number": number, "phone": "13891500000", "address_village": "610924102200",
            "family": [{"name": "王小明", "relation": "本人", "number": number, "occupation": "务农"}],
            "monthly_income": "800.00", "property": "无", "poverty_reason": "因病", "check_agreed": true,
        },
        "materials": (1..=4).map(|paper| json!({"requirement": format!("m{paper}"), "paper_copies": 1})).collect::<Vec<_>>(),
        "delivery": {"way": "counter"},
    })
}

/// What a page sends that shows the first row.
fn rows<'a>(number: &'a str, more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let first = [
        ("family.rows", "1"),
        ("family.0.name", "王小明"),
        ("family.0.relation", "本人"),
        ("family.0.number", number),
        ("family.0.occupation", "务农"),
    ];
    first.iter().chain(more).copied().collect()
}

/// Nobody's second row is checked before it is written.
#[track_caller]
fn grown(answer: &crate::harness::Answer, place: &str) {
    let told = answer.text();
    assert_eq!(answer.status, StatusCode::OK, "{place} {told}");
    assert!(told.contains("family.1.name"), "{place} {told}");
    assert!(!told.contains("error-summary"), "{place} {told}");
}

#[tokio::test]
async fn a_row_is_added_at_the_counter_and_in_a_correction() {
    for (engine, test) in TestHouse::both().await {
        let (county, item) = settled(&test).await;
        let mut clerk = test.client_as(county.clerk());
        let received = clerk.post_json(CASES, &application(&item)).await;
        assert_eq!(received.status, StatusCode::CREATED, "{}", received.text());
        let case = text(&received.json()["case"]);
        let mut supervisor = test.client_as(county.supervisor());
        let seen = supervisor.get(&format!("{CASES}/{case}")).await.json();
        let person = text(&seen["applicant"]["person"]);
        let mut citizen = test.client_as(Visitor::Citizen(Citizen {
            person: person.parse().unwrap(),
            session: SessionId::from_u128(9),
            name: "王小明".to_owned(),
            phone: "13891500000".to_owned(),
        }));
        let number = citizen_number(2);

        let desk = format!("/staff/counter/receive/{item}/{person}");
        let adding = rows(&number, &[("family.add", "1"), ("property", "土房三间")]);
        let shown = clerk.press(&desk, &adding).await;
        grown(&shown, engine);
        assert!(shown.text().contains("土房三间"), "{engine} {ITEM}");

        papers(&test, engine, &case, &mut citizen, &mut clerk).await;

        let notice = json!({"defects": [{"key": "field:family", "name": "共同生活的家庭成员", "problem": "少写了配偶。"}]});
        let told = clerk
            .post_json(&format!("{CASES}/{case}/correction-notices"), &notice)
            .await;
        assert_eq!(told.status, StatusCode::OK, "{}", told.text());
        let at_counter = format!("/staff/counter/supply/{case}");
        grown(
            &clerk
                .press(&at_counter, &rows(&number, &[("family.add", "1")]))
                .await,
            engine,
        );
        let at_home = format!("/my/cases/{case}/supply/0");
        grown(
            &citizen
                .post(&at_home, &rows(&number, &[("family.add", "1")]))
                .await,
            engine,
        );
        let wife = citizen_number(34);
        let second = [
            ("family.1.name", "李芳"),
            ("family.1.relation", "配偶"),
            ("family.1.number", wife.as_str()),
            ("family.1.occupation", "务农"),
        ];
        let saved = citizen.post(&at_home, &rows(&number, &second)).await;
        assert!(saved.status.is_redirection(), "{engine} {}", saved.text());
        let key = [("command_id", "0192f0c2a4b17c3e9d55667788990077")];
        let sent = citizen
            .post(&format!("/my/cases/{case}/supply"), &key)
            .await;
        assert!(sent.status.is_redirection(), "{engine} {}", sent.text());
        let seen = citizen.get(&format!("{CASES}/{case}")).await.json();
        assert_eq!(
            seen["answers"]["family"][1]["name"], "李芳",
            "{engine} {seen}"
        );

        let region = test.house.configuration().site.region;
        let person: PersonId = person.parse().unwrap();
        test.house.ledger().forget(region, person).await.unwrap();
        let gone = supervisor.get(&format!("/cases/{case}/form.pdf")).await;
        assert_eq!(gone.status, StatusCode::GONE, "{engine} {}", gone.text());
        test.check_ledger(engine).await;
    }
}

/// The paper at each of its addresses.
async fn papers(
    test: &TestHouse,
    engine: &str,
    case: &str,
    citizen: &mut Client,
    clerk: &mut Client,
) {
    for path in [
        format!("/cases/{case}/form.pdf"),
        format!("{CASES}/{case}/form"),
    ] {
        let own = citizen.get(&path).await;
        assert_eq!(own.status, StatusCode::OK, "{engine} {}", own.text());
        assert_eq!(own.header("content-type"), "application/pdf", "{engine}");
        let theirs = clerk.get(&path).await;
        assert_eq!(theirs.status, StatusCode::OK, "{engine} {}", theirs.text());
        // The masked copy is another paper.
        assert_ne!(own.body, theirs.body, "{engine}");
        let stranger = test.client_as(resident(77)).get(&path).await;
        assert_eq!(stranger.status, StatusCode::FORBIDDEN, "{engine} {path}");
    }
    let page = citizen.get(&format!("/my/cases/{case}")).await.text();
    assert!(
        page.contains(&format!("/cases/{case}/form.pdf")),
        "{engine} {page}"
    );
}
