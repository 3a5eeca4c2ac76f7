//! What the counters do for a case that runs already: papers that are brought later, on every window; who takes a result,
//! by page and program alike; and a case that is ended with a paper.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::{
    county::{County, resident},
    harness::{Answer, Client, TestHouse},
};

const KEY: &str = "0192f0c2a4b17c3e9d5566778899bb01";

async fn receive(client: &mut Client, body: &Value) -> String {
    let answer = client.post_json("/api/v1/cases", body).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
    answer.json()["case"].as_str().unwrap().to_owned()
}

async fn act(client: &mut Client, case: &str, deed: &str, body: &Value) -> Answer {
    let path = format!("/api/v1/cases/{case}/{deed}");
    client.post_json(&path, body).await
}

#[track_caller]
fn taken(answer: &Answer) {
    assert!(
        answer.status == StatusCode::OK || answer.status == StatusCode::SEE_OTHER,
        "{} {}",
        answer.status,
        answer.text()
    );
}

/// Sends the fields of a form that may bring files, without any.
async fn press(client: &mut Client, path: &str, fields: &[(&str, &str)]) -> Answer {
    client.press(path, fields).await
}

#[tokio::test]
async fn a_correction_is_brought_to_any_counter() {
    for (engine, test) in TestHouse::both().await {
        let county = County::settle(&test.house).await;
        let mut clerk = test.client_as(county.clerk());
        let case = receive(&mut clerk, &county.standard_application(1)).await;
        let notice = json!({"defects": [
            {"key": "material:m4", "name": "制度", "problem": "没有签名，请补签。"},
            {"key": "field:shop_name", "name": "店招名称", "problem": "与营业执照不一致。"},
        ]});
        taken(&act(&mut clerk, &case, "correction-notices", &notice).await);
        let page = format!("/staff/counter/supply/{case}");
        let shown = clerk.get(&page).await.text();
        assert!(
            shown.contains("没有签名，请补签。") && shown.contains("与营业执照不一致。"),
            "{engine}: {shown}"
        );
        let mut citizen = test.client_as(resident(1));
        assert_ne!(citizen.get(&page).await.status, StatusCode::OK);
        let half = [
            ("command_id", KEY),
            ("deed", "supply"),
            ("mark-m4", "complete"),
            ("shop_name", "兴盛餐饮店"),
        ];
        let refused = press(&mut clerk, &page, &half).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(
            refused.text().contains("还有1项没有补"),
            "{}",
            refused.text()
        );
        let whole = [
            ("command_id", KEY),
            ("deed", "supply"),
            ("mark-m4", "complete"),
            ("copies-m4", "2"),
            ("shop_name", "兴盛餐饮二店"),
        ];
        // Pressed twice: one correction.
        for _ in 0..2 {
            let answer = press(&mut clerk, &page, &whole).await;
            assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
            assert_eq!(
                answer.header("location"),
                format!("/staff/counter/done/{case}")
            );
        }
        let done = clerk
            .get(&format!("/staff/counter/done/{case}"))
            .await
            .text();
        assert!(done.contains("已收到补正材料"), "{done}");
        let slip = clerk
            .get(&format!("/staff/counter/done/{case}/supplied-3.pdf"))
            .await;
        assert_eq!(slip.status, StatusCode::OK, "{}", slip.text());
        assert_eq!(slip.header("content-type"), "application/pdf");
        let seen = clerk.get(&format!("/staff/cases/{case}")).await.text();
        assert!(
            seen.contains("兴盛餐饮二店") && seen.contains("纸质 2 份"),
            "{engine}: {seen}"
        );
    }
}

#[tokio::test]
async fn what_is_owed_is_brought_to_the_centre_after_the_case_went_on() {
    let test = TestHouse::sqlite().await;
    let county = County::settle(&test.house).await;
    let mut clerk = test.client_as(county.clerk());
    let mut body = county.standard_application(1);
    body["materials"].as_array_mut().unwrap().truncate(3);
    let case = receive(&mut clerk, &body).await;
    let mut approver = test.client_as(county.approver());
    let owed = json!({"materials": ["m4", "m5", "m6"], "days": 2});
    let refused = act(
        &mut approver,
        &case,
        "accept",
        &json!({"conditional": owed}),
    )
    .await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        refused.text().contains("容缺受理承诺"),
        "{}",
        refused.text()
    );
    // At the counter, so that the centre may follow what it took in.
    let accepted = clerk
        .post(
            &format!("/staff/cases/{case}/accept"),
            &[
                ("command_id", "0192f0c2a4b17c3e9d5566778899aa77"),
                ("owed", "m4"),
                ("owed", "m5"),
                ("owed", "m6"),
                ("days", "2"),
                ("undertaking", "true"),
            ],
        )
        .await;
    taken(&accepted);
    let page = format!("/staff/counter/supply/{case}");
    let status = clerk.get(&format!("/staff/cases/{case}")).await.text();
    assert!(status.contains(&page), "{status}");
    let fields = [
        ("command_id", KEY),
        ("deed", "supply"),
        ("mark-m4", "complete"),
        ("mark-m5", "complete"),
        ("mark-m6", "complete"),
    ];
    let answer = press(&mut clerk, &page, &fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    let done = clerk.follow(&answer).await.text();
    assert!(done.contains("已收到补交材料"), "{done}");
    // The page of a case that owes nothing any more is closed to the centre again.
    assert_eq!(clerk.get(&page).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_result_goes_to_nobody_who_proves_nothing() {
    let test = TestHouse::sqlite().await;
    let county = County::settle(&test.house).await;
    let mut clerk = test.client_as(county.clerk());
    let mut body = county.instant_application(1);
    body["delivery"] = json!({"way": "counter"});
    let case = receive(&mut clerk, &body).await;
    taken(
        &act(
            &mut clerk,
            &case,
            "accept-and-grant",
            &json!({"opinion": "同意。"}),
        )
        .await,
    );
    test.run_jobs_without_papers().await;
    let other = json!({"way": "counter", "receiver": "陈二", "on_behalf": true});
    for body in [json!({"way": "counter", "receiver": "陈二"}), other] {
        let refused = act(&mut clerk, &case, "deliver", &body).await;
        assert_eq!(
            refused.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{}",
            refused.text()
        );
    }
    let page = format!("/staff/cases/{case}/deliver");
    let fields = [
        ("method", "counter"),
        ("deliver-receiver", "陈二"),
        ("deliver-on_behalf", "1"),
    ];
    let refused = clerk.post(&page, &fields).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        refused.text().contains("没有申请人的授权"),
        "{}",
        refused.text()
    );
    let own = json!({"way": "counter", "receiver": "王小明"});
    taken(&act(&mut clerk, &case, "deliver", &own).await);
}

#[tokio::test]
async fn an_ended_case_leaves_a_paper() {
    let test = TestHouse::sqlite().await;
    let county = County::settle(&test.house).await;
    let mut clerk = test.client_as(county.clerk());
    let case = receive(&mut clerk, &county.standard_application(1)).await;
    let mut approver = test.client_as(county.approver());
    let page = format!("/staff/cases/{case}/terminate");
    let mut fields = vec![
        ("terminate-ground", "duplicate"),
        ("terminate-reason", "同一场所已经另行申请。"),
        ("terminate-basis", "《办法》第十六条"),
    ];
    let refused = approver.post(&page, &fields).await;
    assert!(refused.text().contains("请勾选确认"), "{}", refused.text());
    fields.push(("terminate-confirmed", "true"));
    taken(&approver.post(&page, &fields).await);
    let seen = approver.get(&format!("/staff/cases/{case}")).await.text();
    assert!(seen.contains("终止办理决定书"), "{seen}");
    let withdrawn = receive(&mut clerk, &county.standard_application(2)).await;
    taken(&act(&mut clerk, &withdrawn, "withdraw", &json!({"reason": ""})).await);
    let paper = approver
        .get(&format!("/cases/{withdrawn}/notices/2.pdf"))
        .await;
    assert_eq!(paper.status, StatusCode::OK, "{}", paper.text());
}
