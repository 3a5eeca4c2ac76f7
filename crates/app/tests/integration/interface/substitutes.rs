//! What stands in the place of a paper when a program hands in: licences and earlier papers of the applicant, never of
//! anybody else, promises word for word, and what is undertaken to follow.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use wuchuang_kernel::SessionId;
use wuchuang_webkit::{Citizen, Visitor};

use super::{
    check_problem,
    contract::Contract,
    programs::{call, make, post_of},
    text_of,
};
use crate::{
    county::{County, citizen_number, resident},
    harness::{Client, TestHouse},
    pictures::photograph,
};

const PATH: &str = "/api/v1/cases";
const SUBSTITUTES: &str = "/api/v1/cases/substitutes";
/// The one material of the standard item that a promise may replace.
const PROMISED: &str = "m4";

/// Uploads a scan and names it in an application.
async fn with_scan(client: &mut Client, mut body: Value) -> Value {
    let file = client
        .upload("/api/v1/files", "平面图.png", &photograph())
        .await;
    assert_eq!(file.status, StatusCode::CREATED, "{}", file.text());
    body["materials"][1] = json!({
        "requirement": "m2",
        "files": [{"sha256": file.json()["sha256"], "name": "平面图.png"}],
    });
    body
}

async fn must_receive(contract: &Contract, client: &mut Client, key: &str, body: &Value) -> Value {
    let answer = client.command(PATH, key, body).await;
    contract.check(&Method::POST, PATH, &answer);
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
    answer.json()
}

/// What is offered for a material.
fn of<'a>(list: &'a Value, requirement: &str) -> &'a Value {
    list["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|item| item["requirement"] == requirement)
        .unwrap_or_else(|| panic!("{requirement} is not in {list}"))
}

async fn offered(contract: &Contract, client: &mut Client, body: &Value) -> Value {
    let answer = client.post_json(SUBSTITUTES, body).await;
    contract.check(&Method::POST, SUBSTITUTES, &answer);
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    answer.json()
}

async fn case_as_seen(test: &TestHouse, county: &County, received: &Value) -> Value {
    let path = format!("{PATH}/{}", text_of(received, "case"));
    test.client_as(county.approver()).get(&path).await.json()
}

#[tokio::test]
async fn an_earlier_paper_is_taken_for_its_own_applicant_alone() {
    for (engine, test) in TestHouse::both().await {
        let county = County::settle(&test.house).await;
        let contract = Contract::of(&test.house);
        let mut clerk = test.client_as(county.clerk());
        let first = with_scan(&mut clerk, county.standard_application(1)).await;
        let earlier = must_receive(&contract, &mut clerk, "first", &first).await;
        test.clock.advance(jiff::SignedDuration::from_mins(1));

        let asked = json!({"item": county.standard.to_string(), "number": citizen_number(1)});
        let list = offered(&contract, &mut clerk, &asked).await;
        let offer = &of(&list, "m2")["offers"][0];
        assert_eq!(offer["source"], "earlier_case", "{engine} {list}");
        assert_eq!(offer["number"], earlier["number"], "{engine} {list}");
        assert_eq!(offer["files"], 1, "{engine} {list}");
        let key = text_of(offer, "reuse");
        let other = json!({"item": county.standard.to_string(), "number": citizen_number(2)});
        let list = offered(&contract, &mut clerk, &other).await;
        assert_eq!(of(&list, "m2")["offers"], json!([]), "{engine}");

        let mut body = county.standard_application(1);
        body["materials"][1] = json!({"requirement": "m2", "reuse": key});
        let second = must_receive(&contract, &mut clerk, "second", &body).await;
        let again = must_receive(&contract, &mut clerk, "second", &body).await;
        assert_eq!(
            again, second,
            "{engine} the same key, although the stock has changed"
        );
        let seen = case_as_seen(&test, &county, &second).await;
        let material = &seen["materials"][1];
        assert_eq!(material["requirement"], "m2", "{engine} {seen}");
        let source = material["source"].as_str().unwrap();
        assert!(
            source.contains(&text_of(&earlier, "number")),
            "{engine} {source}"
        );
        assert_eq!(material["files"].as_array().unwrap().len(), 1, "{engine}");

        // Another applicant's paper, a paper for another material, two ways at once.
        let mut stolen = county.standard_application(2);
        stolen["materials"][1] = body["materials"][1].clone();
        let mut elsewhere = body.clone();
        elsewhere["materials"][1] = json!({"requirement": "m3", "reuse": key});
        let mut both = body.clone();
        both["materials"][1]["paper_copies"] = 1.into();
        for wrong in [stolen, elsewhere, both] {
            let answer = clerk.command(PATH, "", &wrong).await;
            check_problem(&answer, 422, "invalid", Some("materials[1]"));
        }
        test.check_ledger(engine).await;
    }
}

#[tokio::test]
async fn a_citizen_asks_for_themself_and_a_program_needs_the_right_to_receive() {
    let test = TestHouse::sqlite().await;
    let county = County::settle(&test.house).await;
    let contract = Contract::of(&test.house);
    let mut clerk = test.client_as(county.clerk());
    let first = with_scan(&mut clerk, county.standard_application(1)).await;
    let earlier = must_receive(&contract, &mut clerk, "", &first).await;
    let seen = case_as_seen(&test, &county, &earlier).await;
    let applicant = Visitor::Citizen(Citizen {
        person: text_of(&seen["applicant"], "person").parse().unwrap(),
        session: SessionId::from_u128(9),
        name: "李小红".to_owned(),
        phone: "13891500000".to_owned(),
    });
    let item = json!({"item": county.standard.to_string()});
    let list = offered(&contract, &mut test.client_as(applicant), &item).await;
    assert!(!of(&list, "m2")["offers"].as_array().unwrap().is_empty());
    // The number of somebody else helps a citizen to nothing.
    let other = json!({"item": county.standard.to_string(), "number": citizen_number(1)});
    let list = offered(&contract, &mut test.client_as(resident(77)), &other).await;
    assert_eq!(of(&list, "m2")["offers"], json!([]), "{list}");
    let nobody = clerk.post_json(SUBSTITUTES, &item).await;
    check_problem(&nobody, 422, "invalid", Some("number"));
    let refused = test
        .client_as(county.reviewer())
        .post_json(SUBSTITUTES, &other)
        .await;
    check_problem(&refused, 403, "forbidden", None);
    let post = post_of(&test, "clerk").await;
    for (scopes, status) in [
        (&["case_submit"][..], StatusCode::FORBIDDEN),
        (&["case_submit", "case_receive"][..], StatusCode::OK),
    ] {
        let role = wuchuang_kernel::Role::SecurityAdministrator;
        let made = make(&test, role, &post, scopes).await;
        let token = text_of(&made.json(), "token");
        let answer = call(&test, &token, Method::POST, SUBSTITUTES, other.clone()).await;
        assert_eq!(answer.status, status, "{scopes:?} {}", answer.text());
    }
}

#[tokio::test]
async fn a_promise_is_told_first_and_kept_word_for_word() {
    let test = TestHouse::sqlite().await;
    let county = County::settle(&test.house).await;
    let contract = Contract::of(&test.house);
    let mut citizen = test.client_as(resident(1));
    let item = json!({"item": county.standard.to_string()});
    let list = offered(&contract, &mut citizen, &item).await;
    let promises: Vec<&Value> = list["items"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|item| !item["promise"].is_null())
        .collect();
    assert_eq!(promises.len(), 1, "only where the item allows it: {list}");
    assert_eq!(promises[0]["requirement"], PROMISED, "{list}");
    assert!(
        !promises[0]["promise"]["told"]
            .as_array()
            .unwrap()
            .is_empty()
    );

    let mut body = county.standard_application(1);
    body["materials"][0] = json!({"requirement": "m1", "promised": true});
    let refused = citizen.command(PATH, "", &body).await;
    check_problem(&refused, 422, "invalid", Some("materials[0]"));
    let mut body = county.standard_application(1);
    body["materials"][3] = json!({"requirement": PROMISED, "promised": true});
    let received = must_receive(&contract, &mut citizen, "promise", &body).await;
    let case = text_of(&received, "case");
    let page = test
        .client_as(county.approver())
        .get(&format!("/staff/cases/{case}"))
        .await
        .text();
    let words = promises[0]["promise"]["promised"][0].as_str().unwrap();
    assert!(page.contains(words), "{words}: {page}");
}

/// 补正: the case says what may answer it; what is handed in with a promise is taken, and nobody else may ask.
#[tokio::test]
async fn a_correction_is_answered_by_promise_and_what_is_owed_is_not() {
    let test = TestHouse::sqlite().await;
    let county = County::settle(&test.house).await;
    let contract = Contract::of(&test.house);
    let mut citizen = test.client_as(resident(1));
    let mut body = county.standard_application(1);
    body["materials"].as_array_mut().unwrap().remove(3);
    body["undertaking"] = json!([]);
    let received = must_receive(&contract, &mut citizen, "", &body).await;
    let case = format!("{PATH}/{}", text_of(&received, "case"));
    let path = format!("{case}/substitutes");
    let none = citizen.get(&path).await;
    contract.check(&Method::GET, &path, &none);
    assert_eq!(none.json()["items"], json!([]), "nothing is asked yet");
    let notice =
        json!({"defects": [{"key": "material:m4", "name": "制度", "problem": "缺少制度。"}]});
    let mut clerk = test.client_as(county.clerk());
    let told = clerk
        .post_json(&format!("{case}/correction-notices"), &notice)
        .await;
    assert_eq!(told.status, StatusCode::OK, "{}", told.text());
    let asked = citizen.get(&path).await;
    contract.check(&Method::GET, &path, &asked);
    assert!(!of(&asked.json(), PROMISED)["promise"].is_null());
    let refused = test.client_as(resident(77)).get(&path).await;
    check_problem(&refused, 403, "forbidden", None);
    let answer = json!({"materials": [{"requirement": PROMISED, "promised": true}]});
    let sent = citizen
        .post_json(&format!("{case}/corrections"), &answer)
        .await;
    assert_eq!(sent.status, StatusCode::OK, "{}", sent.text());

    // What was accepted under the condition that it follows is expected, not promised.
    let mut body = county.standard_application(2);
    let owed = body["materials"].as_array_mut().unwrap().remove(3);
    assert_eq!(owed["requirement"], PROMISED);
    body["undertaking"] = json!([PROMISED]);
    let received = must_receive(&contract, &mut citizen, "", &body).await;
    let case = format!("{PATH}/{}", text_of(&received, "case"));
    let accept = json!({"conditional": {"materials": [PROMISED], "days": 3}});
    let accepted = clerk.post_json(&format!("{case}/accept"), &accept).await;
    assert_eq!(accepted.status, StatusCode::OK, "{}", accepted.text());
    let asked = citizen.get(&format!("{case}/substitutes")).await.json();
    assert!(of(&asked, PROMISED)["promise"].is_null(), "{asked}");
    let refused = citizen
        .post_json(&format!("{case}/supplements"), &answer)
        .await;
    check_problem(&refused, 422, "invalid", Some("materials[0]"));
}
