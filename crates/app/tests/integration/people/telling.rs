//! The staff whose turn it is hear of a supervision task: in their inbox when it arrives, on the phone too when it is nearly
//! due, late or comes back to whoever decided. Nobody else hears of it, and of a task that is done nobody hears any more.

use axum::http::StatusCode;
use jiff::SignedDuration;
use serde_json::{Value, json};
use wuchuang_kernel::{OrganisationId, PostId, Role, SessionId};
use wuchuang_supervision::task_of_case;
use wuchuang_webkit::{Staff, Visitor};

use super::supervision::{granted, promising, send, supervise, taken};
use crate::{
    county::County,
    harness::{TestHouse, citizen, staff},
};

const INBOX: &str = "/api/v1/desk/messages";

/// Somebody who really holds a post of the organisation, at their desk.
pub(super) async fn holder(
    test: &TestHouse,
    (organisation, account): (OrganisationId, &str),
    phone: &str,
    role: Role,
) -> Visitor {
    let region = test.house.configuration().site.region;
    let made = json!({"account": account, "name": "何监管", "phone": phone});
    let system = staff(Role::SystemAdministrator);
    let made = send(test, system, "/api/v1/staff", made).await;
    taken(account, &made);
    let person = made.json()["person"].as_str().unwrap().to_owned();
    let roles = vec![role];
    let post = json!({"organisation": organisation.to_string(), "title": "监管岗", "roles": roles});
    let path = format!("/api/v1/staff/{person}/posts");
    let security = staff(Role::SecurityAdministrator);
    taken(account, &send(test, security, &path, post).await);
    Visitor::Staff(Staff {
        person: person.parse().unwrap(),
        session: SessionId::from_u128(0x77),
        name: "何监管".to_owned(),
        post: PostId::from_u128(0x77),
        post_title: "监管岗".to_owned(),
        organisation,
        organisation_name: String::new(),
        reach: region,
        roles,
    })
}

async fn inbox(test: &TestHouse, who: &Visitor) -> Vec<Value> {
    let answer = test.client_as(who.clone()).get(INBOX).await;
    taken(INBOX, &answer);
    answer.json()["items"].as_array().unwrap().clone()
}

/// On which occasions somebody was told something, the last first.
pub(super) async fn heard(test: &TestHouse, who: &Visitor) -> Vec<String> {
    let messages = inbox(test, who).await;
    let occasion = |message: &Value| message["template"].as_str().unwrap().to_owned();
    messages.iter().map(occasion).collect()
}

/// One day after the other, with what the jobs do in each.
pub(super) async fn pass_days(test: &TestHouse, count: usize) {
    for _ in 0..count {
        test.clock.advance(SignedDuration::from_hours(24));
        test.run_jobs_without_papers().await;
    }
}

#[tokio::test]
async fn whose_turn_it_is_hears_of_the_task_until_it_is_done() {
    for (engine, test) in TestHouse::both().await {
        let county = County::settle(&test.house).await;
        supervise(&test, &county, None).await;
        let inspector = holder(
            &test,
            (county.town, "he.jianguan"),
            "13912345678",
            Role::Approver,
        )
        .await;
        let decider = holder(&test, (county.department, "jue.ding"), "", Role::Approver).await;

        let case = granted(&test, &county, promising(&county)).await;
        test.run_jobs_without_papers().await;
        assert_eq!(
            heard(&test, &inspector).await,
            ["supervision_arrived"],
            "{engine}"
        );
        assert!(heard(&test, &decider).await.is_empty(), "{engine}");
        assert!(phones(&test).await.is_empty(), "{engine}");
        let task = task_of_case(case);
        pages(
            &test,
            &inspector,
            &decider,
            &format!("/staff/supervision/{task}"),
        )
        .await;

        // Nobody acknowledges: yellow, then red, each told once.
        pass_days(&test, 6).await;
        let late = [
            "supervision_overdue",
            "supervision_due_soon",
            "supervision_arrived",
        ];
        assert_eq!(heard(&test, &inspector).await, late, "{engine}");
        let told = ["supervision_overdue", "supervision_due_soon"];
        assert_eq!(phones(&test).await, told, "{engine}");

        let path = format!("/api/v1/supervision/{task}");
        let deed = async |who: &Visitor, deed: &str, body: Value| {
            let answer = send(&test, who.clone(), &format!("{path}/{deed}"), body).await;
            taken(deed, &answer);
        };
        deed(&inspector, "acknowledge", json!({})).await;
        let check = json!({"finding": "false", "method": "on_site", "facts": "没有建立制度"});
        deed(&inspector, "check", check).await;
        test.run_jobs_without_papers().await;
        assert_eq!(heard(&test, &inspector).await, late, "{engine}");
        let back = ["supervision_returned"];
        assert_eq!(heard(&test, &decider).await, back, "{engine}");
        deed(&decider, "conclude", json!({"reason": "已经撤销。"})).await;
        pass_days(&test, 12).await;
        assert_eq!(heard(&test, &decider).await, back, "{engine}");
        test.check_ledger(engine).await;
    }
}

/// The occasions of what was sent to the telephone of the inspector, the last first; others have none.
pub(super) async fn phones(test: &TestHouse) -> Vec<String> {
    let mut system = test.client_as(staff(Role::SystemAdministrator));
    let sent = system.get("/api/v1/outbox?channel=sms&limit=100").await;
    let sent = sent.json()["items"].as_array().unwrap().clone();
    sent.iter()
        .filter(|one| one["address"] == "139****5678")
        .map(|one| one["template"].as_str().unwrap().to_owned())
        .collect()
}

/// The page leads to the task, and what is marked as read is the reader's own.
async fn pages(test: &TestHouse, inspector: &Visitor, decider: &Visitor, task: &str) {
    let mut own = test.client_as(inspector.clone());
    let page = own.get("/staff/messages").await.text();
    assert!(
        page.contains(&format!("<a href=\"{task}\">去办理</a>")) && page.contains("1 条未读"),
        "{page}"
    );
    let shown = own.get(task).await.text();
    assert!(shown.contains("提醒 ") && shown.contains("到了"), "{shown}");
    let message = inbox(test, inspector).await[0].clone();
    let read = format!("{INBOX}/{}/read", message["id"].as_str().unwrap());
    for (who, expected) in [
        (citizen(), StatusCode::FORBIDDEN),
        (decider.clone(), StatusCode::NOT_FOUND),
        (inspector.clone(), StatusCode::NO_CONTENT),
    ] {
        let answer = send(test, who, &read, json!({})).await;
        assert_eq!(answer.status, expected, "{}", answer.text());
    }
    assert_eq!(inbox(test, inspector).await[0]["is_read"], true);
    let page = own.get("/staff/messages").await.text();
    assert!(!page.contains("条未读"), "{page}");
    let theirs = test.client_as(decider.clone()).get("/staff/messages").await;
    assert!(theirs.text().contains("还没有消息"), "{}", theirs.text());
}
