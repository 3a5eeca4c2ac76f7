//! A department's own program: the security administrator makes its token for a post of the department, it reads and
//! works on the department's cases through the API under its own name, and it never does more than post and scopes.

use axum::{
    body::Body,
    http::{Method, StatusCode, header},
};
use serde_json::{Value, json};
use wuchuang_kernel::Role;

use crate::{
    county::County,
    harness::{Answer, TestHouse, request, staff},
};

const NAME: &str = "市场监管业务系统";

/// The post of an account.
pub(crate) async fn post_of(test: &TestHouse, account: &str) -> String {
    let region = test.house.configuration().site.region;
    let directory = test.house.slices().access().directory();
    let entry = directory.staff_by_account(region, account).await.unwrap();
    let posts = directory.posts_of(region, entry.unwrap().person).await;
    posts.unwrap()[0].id.to_string()
}

/// Makes a token for a post.
pub(crate) async fn make(test: &TestHouse, maker: Role, post: &str, scopes: &[&str]) -> Answer {
    let body = json!({"post": post, "name": NAME, "scopes": scopes, "days": 30});
    let mut client = test.client_as(staff(maker));
    client.post_json("/api/v1/tokens", &body).await
}

/// Calls the API as a program does: with nothing but its token.
pub(crate) async fn call(
    test: &TestHouse,
    token: &str,
    method: Method,
    path: &str,
    body: Value,
) -> Answer {
    let request = request(method, path)
        .header(header::AUTHORIZATION, format!("Bearer {token}"))
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(body.to_string()))
        .unwrap();
    test.client().send(request).await
}

/// A case that waits for its first review.
async fn case(test: &TestHouse, county: &County) -> String {
    let body = county.standard_application(1);
    let mut clerk = test.client_as(county.clerk());
    let received = clerk.post_json("/api/v1/cases", &body).await.json();
    let case = received["case"].as_str().unwrap().to_owned();
    let mut approver = test.client_as(county.approver());
    let path = format!("/api/v1/cases/{case}/accept");
    let accepted = approver.post_json(&path, &json!({})).await;
    assert_eq!(accepted.status, StatusCode::OK, "{}", accepted.text());
    case
}

#[tokio::test]
async fn a_departments_program_acts_as_its_post_and_under_its_name() {
    for (engine, test) in TestHouse::both().await {
        let county = County::settle(&test.house).await;
        let case = case(&test, &county).await;
        let post = post_of(&test, "scjg-review").await;
        let scopes = ["case_read", "case_review"];
        let made = make(&test, Role::SecurityAdministrator, &post, &scopes).await;
        assert_eq!(made.status, StatusCode::CREATED, "{engine} {}", made.text());
        let token = made.json()["token"].as_str().unwrap().to_owned();

        let me = call(&test, &token, Method::GET, "/api/v1/me", Value::Null).await;
        assert_eq!(me.json()["kind"], "program", "{engine} {}", me.text());
        assert_eq!(me.json()["organisation"], county.department.to_string());
        let path = format!("/api/v1/cases/{case}");
        let read = call(&test, &token, Method::GET, &path, Value::Null).await;
        assert_eq!(read.status, StatusCode::OK, "{engine} {}", read.text());
        let opinion = json!({"opinion": "系统核验通过。"});
        let step = format!("{path}/steps/review/complete");
        let done = call(&test, &token, Method::POST, &step, opinion).await;
        assert_eq!(done.status, StatusCode::OK, "{engine} {}", done.text());
        let mut supervisor = test.client_as(county.supervisor());
        let page = supervisor.get(&format!("/staff/cases/{case}")).await.text();
        assert!(page.contains(&format!("{NAME}（程序，")), "{engine} {page}");

        // What the post may not, what the scopes do not name, and what only people do.
        for (path, body) in [
            (format!("{path}/grant"), json!({"opinion": "准予。"})),
            (format!("{path}/claim"), json!({})),
            (
                "/api/v1/tokens".to_owned(),
                json!({"post": post, "name": NAME, "scopes": ["case_read"], "days": 1}),
            ),
        ] {
            let refused = call(&test, &token, Method::POST, &path, body).await;
            assert_eq!(refused.status, StatusCode::FORBIDDEN, "{engine} {path}");
        }
        let id = made.json()["id"].as_str().unwrap().to_owned();
        let mut security = test.client_as(staff(Role::SecurityAdministrator));
        let address = format!("/api/v1/tokens/{id}");
        let revoke = request(Method::DELETE, &address)
            .body(Body::empty())
            .unwrap();
        let revoked = security.send(revoke).await;
        assert_eq!(
            revoked.status,
            StatusCode::NO_CONTENT,
            "{engine} {}",
            revoked.text()
        );
        let read = call(&test, &token, Method::GET, &path, Value::Null).await;
        assert_eq!(read.status, StatusCode::UNAUTHORIZED, "{engine}");
        test.check_ledger(engine).await;
    }
}

#[tokio::test]
async fn no_token_is_more_than_its_post() {
    let test = TestHouse::sqlite().await;
    County::settle(&test.house).await;
    let reviewer = post_of(&test, "scjg-review").await;
    let security = Role::SecurityAdministrator;
    let beyond = make(&test, security, &reviewer, &["case_read", "case_decide"]).await;
    let own_powers = make(&test, security, &reviewer, &["roles_manage"]).await;
    for refused in [beyond, own_powers] {
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(refused.json()["code"], "token_scope_beyond_post");
    }
    for account in ["system", "security", "audit"] {
        let post = post_of(&test, account).await;
        let refused = make(&test, security, &post, &["people_read"]).await;
        assert_eq!(
            refused.json()["code"],
            "token_post_administrator",
            "{account}"
        );
    }
    let nobody = make(
        &test,
        security,
        "0199f1a7c5b07d0e8a4b6c2d1e3f4a5b",
        &["case_read"],
    )
    .await;
    assert_eq!(nobody.json()["code"], "token_post");
    for maker in [Role::SystemAdministrator, Role::Approver, Role::Supervisor] {
        let refused = make(&test, maker, &reviewer, &["case_read"]).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{maker:?}");
    }
}

#[tokio::test]
async fn the_page_leads_from_organisation_to_post_to_token() {
    let test = TestHouse::sqlite().await;
    let county = County::settle(&test.house).await;
    let mut security = test.client_as(staff(Role::SecurityAdministrator));
    let page = security.get("/staff/tokens").await.text();
    assert!(page.contains("href=\"/staff/tokens/posts\""), "{page}");
    let post = post_of(&test, "scjg-review").await;
    let organisation = county.department.to_string();
    let path = format!("/staff/tokens/posts?organisation={organisation}");
    let posts = security.get(&path).await.text();
    assert!(posts.contains(&post), "{posts}");
    let scopes = security.get(&format!("{path}&post={post}")).await.text();
    assert!(scopes.contains("value=\"case_review\""), "{scopes}");
    assert!(!scopes.contains("value=\"case_decide\""), "{scopes}");
    for words in ["审查办件、退回上一步", "查看办件（个人信息隐去）"] {
        assert!(scopes.contains(words), "{words}: {scopes}");
    }
    let english = security.get(&format!("{path}&post={post}&lang=en")).await;
    assert!(english.text().contains("Review cases and return them"));
    // Programs ask for the same.
    let told = security.get(&format!("/api/v1/posts/{post}/scopes")).await;
    let told = told.json();
    let codes: Vec<&str> = told["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["scope"].as_str().unwrap())
        .collect();
    assert!(codes.contains(&"case_review"), "{told}");
    // What the post may not, and what only people do.
    for beyond in ["case_decide", "staff_home", "token_manage"] {
        assert!(!codes.contains(&beyond), "{beyond}: {told}");
    }
    for account in ["system", "security", "audit"] {
        let post = post_of(&test, account).await;
        let path = format!("/api/v1/posts/{post}/scopes");
        assert_eq!(security.get(&path).await.status, StatusCode::NOT_FOUND);
    }
    let form = [
        ("organisation", organisation.as_str()),
        ("post", post.as_str()),
        ("name", NAME),
        ("days", "30"),
        ("scopes", "case_decide"),
    ];
    let refused = security.post("/staff/tokens/posts", &form).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text().contains("不能比岗位能做的更多"));
    assert!(refused.text().contains(NAME), "what was typed is kept");
    let mut form = form;
    form[4] = ("scopes", "case_read");
    let made = security.post("/staff/tokens/posts", &form).await;
    assert_eq!(made.status, StatusCode::OK, "{}", made.text());
    assert!(made.text().contains("wch_"), "{}", made.text());
    let list = security.get("/staff/tokens").await.text();
    assert!(list.contains(">查看办件（个人信息隐去）</td>"), "{list}");
}
