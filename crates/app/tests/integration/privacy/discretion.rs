//! What must stay among those whom it concerns: searches and codes that stand in no address, check codes that cannot be
//! tried out, a case that went on and is followed without being read, and a deed that was pressed twice.

use axum::http::StatusCode;
use jiff::SignedDuration;
use serde_json::{Value, json};
use wuchuang_kernel::Role;
use wuchuang_webkit::Visitor;

use crate::{
    county::County,
    harness::{Answer, Client, TestHouse},
};

/// How many wrong codes an address may send in a minute.
const WRONG_CODES_MAX: usize = 10;

/// Hands a case in at the desk of a member of staff, and gives its identifier and number.
async fn receive(client: &mut Client, body: &Value) -> (String, String) {
    let answer = client.post_json("/api/v1/cases", body).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
    let received = answer.json();
    let text = |name: &str| received[name].as_str().unwrap().to_owned();
    (text("case"), text("number"))
}

#[track_caller]
fn must_wait(answer: &Answer) {
    assert_eq!(
        answer.status,
        StatusCode::TOO_MANY_REQUESTS,
        "{}",
        answer.text()
    );
    let seconds: u32 = answer.header("retry-after").parse().unwrap();
    assert!((1..=60).contains(&seconds), "{seconds}");
    assert_eq!(answer.json()["code"], "too_many");
}

#[tokio::test]
async fn check_codes_cannot_be_tried_out_by_page_and_api_together() {
    let test = TestHouse::sqlite().await;
    let county = County::settle(&test.house).await;
    let mut clerk = test.client_as(county.clerk());
    let answer = clerk
        .post_json("/api/v1/cases", &county.instant_application(1))
        .await
        .json();
    let right = json!({"number": answer["number"], "check_code": answer["check_code"]});
    let mut stranger = test.client();
    for turn in 0..WRONG_CODES_MAX {
        let wrong = format!("AAAA{turn:02}");
        if turn % 2 == 0 {
            let body = json!({"number": answer["number"], "check_code": wrong});
            let told = stranger.post_json("/api/v1/progress", &body).await;
            assert_eq!(told.status, StatusCode::NOT_FOUND, "{}", told.text());
        } else {
            let number = answer["number"].as_str().unwrap();
            let fields = [("number", number), ("code", &wrong)];
            let told = stranger.post("/progress", &fields).await;
            assert_eq!(told.status, StatusCode::UNPROCESSABLE_ENTITY);
        }
    }
    // Now even the right one must wait, on the page as well.
    must_wait(&stranger.post_json("/api/v1/progress", &right).await);
    let fields = [
        ("number", answer["number"].as_str().unwrap()),
        ("code", answer["check_code"].as_str().unwrap()),
    ];
    let page = stranger.post("/progress", &fields).await;
    assert!(page.text().contains("秒后再查"), "{}", page.text());
    test.clock.advance(SignedDuration::from_secs(61));
    let told = stranger.post_json("/api/v1/progress", &right).await;
    assert_eq!(told.status, StatusCode::OK, "{}", told.text());
}

#[tokio::test]
async fn codes_of_licences_cannot_be_tried_out_and_stand_in_no_address() {
    let test = TestHouse::sqlite().await;
    let mut stranger = test.client();
    let old = stranger.get("/api/v1/verify?number=1&code=2").await;
    assert_eq!(old.status, StatusCode::METHOD_NOT_ALLOWED);
    let body = json!({"number": "610924SCJG2026000412", "code": "7K3M-92QF"});
    for _ in 0..WRONG_CODES_MAX {
        let told = stranger.post_json("/api/v1/verify", &body).await;
        assert_eq!(told.json()["verdict"], "unknown", "{}", told.text());
    }
    must_wait(&stranger.post_json("/api/v1/verify", &body).await);
    let fields = [("number", "610924SCJG2026000412"), ("code", "7K3M-92QF")];
    let page = stranger.post("/verify", &fields).await;
    assert_eq!(page.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(page.text().contains("秒后再查"), "{}", page.text());
    test.clock.advance(SignedDuration::from_secs(61));
    let page = stranger.post("/verify", &fields).await;
    assert_eq!(page.status, StatusCode::OK);
}

#[tokio::test]
async fn what_staff_look_for_stands_in_no_address() {
    let test = TestHouse::sqlite().await;
    let county = County::settle(&test.house).await;
    let mut clerk = test.client_as(county.clerk());
    let (case, number) = receive(&mut clerk, &county.instant_application(1)).await;
    receive(&mut clerk, &county.standard_application(2)).await;

    let by_number = clerk.post("/staff/search", &[("q", &number)]).await;
    assert_eq!(by_number.header("location"), format!("/staff/cases/{case}"));
    let by_name = clerk
        .post("/staff/search", &[("q", "王小明"), ("closed", "1")])
        .await;
    let address = by_name.header("location").to_owned();
    assert!(address.starts_with("/staff/cases?search="), "{address}");
    assert!(address.is_ascii() && !address.contains('%'), "{address}");
    let list = clerk.follow(&by_name).await.text();
    assert!(
        list.contains(&case) && !list.contains("兴盛餐饮店2"),
        "{list}"
    );
    assert!(
        list.contains("value=\"王小明\""),
        "what is looked for is shown"
    );
    // The Excel file is of the same search; a link to it tells nobody else anything.
    let file = address.replace("/staff/cases?", "/staff/cases/export.xlsx?");
    assert_eq!(clerk.get(&file).await.status, StatusCode::OK);
    let mut other = test.client_as(county.supervisor());
    let refused = other.get(&file).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let list = other.get(&address).await.text();
    assert!(!list.contains("value=\"王小明\"") && list.contains("请重新输入"));
    // A view keeps the filters and not the search; the applicant's other cases are found by an identifier.
    let saved = [
        ("name", "我的"),
        ("query", "/staff/cases?stage=review&q=%E7%8E%8B"),
    ];
    let saved = clerk.post("/staff/cases/views", &saved).await;
    assert_eq!(saved.header("location"), "/staff/cases?stage=review");
    let page = clerk.get(&format!("/staff/cases/{case}")).await.text();
    let (_, rest) = page
        .split_once("/staff/cases?closed=1&#38;applicant=")
        .unwrap();
    let person: String = rest.chars().take_while(char::is_ascii_hexdigit).collect();
    let path = format!("/staff/cases?closed=1&applicant={person}");
    let list = clerk.get(&path).await.text();
    assert!(
        list.contains(&case) && !list.contains("兴盛餐饮店2"),
        "{list}"
    );
}

#[tokio::test]
async fn programs_search_and_reveal_in_bodies() {
    let test = TestHouse::sqlite().await;
    let county = County::settle(&test.house).await;
    let mut clerk = test.client_as(county.clerk());
    let (case, _) = receive(&mut clerk, &county.instant_application(1)).await;
    receive(&mut clerk, &county.standard_application(2)).await;
    let found = clerk
        .post_json("/api/v1/cases/search", &json!({"search": "王小明"}))
        .await
        .json();
    assert_eq!(found["items"].as_array().map(Vec::len), Some(1), "{found}");
    assert_eq!(found["items"][0]["id"], case.as_str());
    // An address that searches is refused: without the search it would answer with everything.
    let old = clerk.get("/api/v1/cases?search=x").await;
    assert_eq!(old.status, StatusCode::BAD_REQUEST, "{}", old.text());
    let masked = clerk
        .get(&format!("/api/v1/cases/{case}?reveal=x"))
        .await
        .text();
    assert!(!masked.contains("王小明"), "{masked}");
    let path = format!("/api/v1/cases/{case}/reveal");
    let shown = clerk.post_json(&path, &json!({"reason": "电话核实"})).await;
    assert!(shown.text().contains("王小明"), "{}", shown.text());
    let refused = clerk.post_json(&path, &json!({"reason": " "})).await;
    assert_eq!(refused.json()["errors"][0]["field"], "reason");
}

/// The fields of a deed's form under a key.
fn deed<'a>(key: &'a str, fields: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    [&[("command_id", key)][..], fields].concat()
}

const KEY: &str = "0192f0c2a4b17c3e9d5566778899aa01";

#[tokio::test]
async fn a_case_that_went_on_is_followed_but_not_read() {
    let test = TestHouse::sqlite().await;
    let county = County::settle(&test.house).await;
    let mut clerk = test.client_as(county.clerk());
    let (case, number) = receive(&mut clerk, &county.standard_application(1)).await;
    let page = format!("/staff/cases/{case}");
    let accept = format!("{page}/accept");
    // Pressed twice: the case has left the centre after the first press.
    for _ in 0..2 {
        let answer = clerk.post(&accept, &deed(KEY, &[])).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
        assert_eq!(answer.header("location"), page);
    }
    let mut reviewer = test.client_as(county.reviewer());
    let shown = reviewer.get(&page).await.text();
    let (_, rest) = shown.split_once("name=\"step\" value=\"").unwrap();
    let (step, _) = rest.split_once('"').unwrap();
    let opinion = deed("", &[("step", step), ("opinion", "内部意见：现场已经看过")]);
    let done = reviewer.post(&format!("{page}/complete"), &opinion).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text());

    let found = clerk.post("/staff/search", &[("q", &number)]).await;
    let seen = clerk.follow(&found).await;
    assert_eq!(seen.status, StatusCode::OK, "{}", seen.text());
    assert!(seen.text().contains("受理"), "{}", seen.text());
    for hidden in ["内部意见", "兴盛餐饮店", "李小红", "13891500000"] {
        assert!(!seen.text().contains(hidden), "{hidden} shows");
    }
    let full = reviewer.get(&page).await.text();
    assert!(full.contains("内部意见"), "{full}");
    // Its files and everything else stay with the department.
    let read = clerk.get(&format!("/api/v1/cases/{case}")).await;
    assert_eq!(read.status, StatusCode::FORBIDDEN);
    let again = clerk
        .post(&accept, &deed("0192f0c2a4b17c3e9d5566778899aa02", &[]))
        .await;
    assert_eq!(
        again.status,
        StatusCode::FORBIDDEN,
        "another key is another deed"
    );
}

#[tokio::test]
async fn a_case_that_was_never_at_the_counter_is_not_followed() {
    let test = TestHouse::sqlite().await;
    let county = County::settle(&test.house).await;
    let mut approver = test.client_as(with_role(county.approver(), Role::CounterClerk));
    let (case, _) = receive(&mut approver, &county.standard_application(1)).await;
    let page = format!("/staff/cases/{case}");
    let accepted = approver
        .post(&format!("{page}/accept"), &deed(KEY, &[]))
        .await;
    assert_eq!(
        accepted.status,
        StatusCode::SEE_OTHER,
        "{}",
        accepted.text()
    );
    let mut clerk = test.client_as(county.clerk());
    assert_eq!(clerk.get(&page).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_deed_that_hands_the_case_away_leads_to_the_list_however_often_it_is_pressed() {
    let test = TestHouse::sqlite().await;
    let county = County::settle(&test.house).await;
    let mut clerk = test.client_as(county.clerk());
    let (case, _) = receive(&mut clerk, &county.standard_application(1)).await;
    let mut approver = test.client_as(county.approver());
    let centre = county.centre.to_string();
    let fields = [
        ("transfer-organisation", centre.as_str()),
        ("transfer-reason", "属于窗口办理"),
    ];
    for _ in 0..2 {
        let path = format!("/staff/cases/{case}/transfer");
        let answer = approver.post(&path, &deed(KEY, &fields)).await;
        assert_eq!(
            answer.header("location"),
            "/staff/cases?done=1",
            "{}",
            answer.text()
        );
        let list = approver.follow(&answer).await.text();
        assert!(list.contains("已办好"), "{list}");
    }
    let history = clerk
        .get(&format!("/api/v1/cases/{case}/history"))
        .await
        .text();
    assert_eq!(history.matches("transferred").count(), 1, "{history}");
}

fn with_role(visitor: Visitor, role: Role) -> Visitor {
    match visitor {
        Visitor::Staff(mut staff) => {
            staff.roles.push(role);
            Visitor::Staff(staff)
        }
        other => other,
    }
}

#[tokio::test]
async fn a_credit_code_issued_early_is_taken_by_program_and_form_alike() {
    let test = TestHouse::sqlite().await;
    let county = County::settle(&test.house).await;
    let mut clerk = test.client_as(county.clerk());
    let mut body = county.standard_application(1);
    let right = body["applicant"]["number"].as_str().unwrap().to_owned();
    let other = if right.ends_with('0') { "1" } else { "0" };
    let early = format!("{}{other}", &right[..17]);
    body["applicant"]["number"] = early.as_str().into();
    body["answers"]["credit_code"] = early.as_str().into();
    let (case, _) = receive(&mut clerk, &body).await;
    let page = clerk.get(&format!("/staff/cases/{case}")).await.text();
    assert!(page.contains("校验码"), "the page warns: {page}");
    body["applicant"]["number"] = early[..17].into();
    let refused = clerk.post_json("/api/v1/cases", &body).await;
    assert_eq!(refused.json()["errors"][0]["field"], "applicant.number");
}

#[tokio::test]
async fn a_wrong_rating_names_its_field() {
    let test = TestHouse::sqlite().await;
    let path = "/api/v1/cases/0192f0c2a4b17c3e9d5566778899aabb/rating";
    for (body, field) in [
        (json!({"stars": "five"}), "stars"),
        (json!({"stars": 5}), "channel"),
        (json!({"stars": 5, "colour": "red"}), "colour"),
    ] {
        let answer = test.client().post_json(path, &body).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{body}");
        assert_eq!(
            answer.json()["errors"][0]["field"],
            field,
            "{}",
            answer.text()
        );
    }
}
