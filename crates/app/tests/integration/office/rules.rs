//! 秒批 from the rules that a manager publishes to the look that a person takes: decided the moment a citizen applies, explained to
//! them and to the staff, and given again by the ledger.

use axum::http::StatusCode;
use serde_json::{Value, json};
use wuchuang_kernel::{Role, china_date};

use super::page;
use crate::{
    county::{County, resident},
    harness::{TestHouse, staff},
    pictures::photograph,
};

/// Grants persons with a shop of up to fifty square metres; the label of the question is its name.
const RULES: &str = r##"<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="urn:test">
<inputData id="who" name="申请人类型"><variable id="wv" name="申请人类型" typeRef="string"/></inputData>
<inputData id="area" name="area"><variable id="av" name="area" typeRef="number"/></inputData>
<decision id="approval" name="审批"><variable id="v" name="审批"/>
<informationRequirement id="q1"><requiredInput href="#who"/></informationRequirement>
<informationRequirement id="q2"><requiredInput href="#area"/></informationRequirement>
<decisionTable id="t" hitPolicy="FIRST">
<input id="c1" label="申请人"><inputExpression id="e1" typeRef="string"><text>申请人类型</text></inputExpression></input>
<input id="c2" label="面积"><inputExpression id="e2" typeRef="number"><text>area</text></inputExpression></input>
<output id="o1" name="结果"/><output id="o2" name="理由"/>
<rule id="r1"><inputEntry><text>"个人"</text></inputEntry><inputEntry><text>&lt;= 50</text></inputEntry><outputEntry><text>"准予"</text></outputEntry><outputEntry><text>"个人开办，面积不超过五十平方米。"</text></outputEntry></rule>
<rule id="r2"><inputEntry><text>-</text></inputEntry><inputEntry><text>-</text></inputEntry><outputEntry><text>"转人工"</text></outputEntry><outputEntry><text>"面积较大，由工作人员看。"</text></outputEntry></rule>
</decisionTable></decision></definitions>"##;

/// The instant item with the rules, of which every approval is looked at.
async fn publish(test: &TestHouse, county: &County) {
    let mut manager = test.client_as(staff(Role::CatalogueManager));
    let path = format!("/api/v1/items/{}", county.instant);
    let today = china_date(test.house.ledger().now()).to_string();
    let rules = json!({
        "xml": RULES,
        "approval": "审批",
        "sample_per_mille": 1000,
        "tests": [{"name": "小店", "decision": "审批", "inputs": {"申请人类型": "个人", "area": 30}, "expected": "准予"}],
    });
    for (deed, body) in [
        ("rules", rules),
        ("publish", json!({ "effective_from": today })),
    ] {
        let answer = manager.post_json(&format!("{path}/{deed}"), &body).await;
        assert!(answer.status.is_success(), "{deed} {}", answer.text());
    }
}

/// A citizen applies with photographs of all papers.
async fn apply(test: &TestHouse, county: &County, serial: u32, area: u32) -> String {
    let mut citizen = test.client_as(resident(serial));
    let file = citizen
        .upload("/api/v1/files", "材料.png", &photograph())
        .await;
    let sha256 = file.json()["sha256"].clone();
    let mut body = county.instant_application(serial);
    body["answers"]["area"] = area.into();
    body["materials"] = ["m1", "m2", "m3", "m4"]
        .map(|id| json!({"requirement": id, "files": [{"sha256": sha256, "name": "材料.png"}]}))
        .into();
    let answer = citizen.post_json("/api/v1/cases", &body).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
    answer.json()["case"].as_str().unwrap().to_owned()
}

async fn said(test: &TestHouse, serial: u32, case: &str) -> Value {
    let path = format!("/api/v1/cases/{case}/rules");
    let answer = test.client_as(resident(serial)).get(&path).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    answer.json()
}

#[tokio::test]
async fn whoever_the_rules_grant_is_decided_at_once() {
    for (engine, test) in TestHouse::both().await {
        let county = County::settle(&test.house).await;
        publish(&test, &county).await;
        let granted = apply(&test, &county, 1, 30).await;
        let rules = said(&test, 1, &granted).await;
        assert_eq!(rules["is_granted"], true, "{engine}: {rules}");
        assert_eq!(rules["rows"], json!([{"decision": "审批", "number": 1}]));
        assert_eq!(rules["reason"], "个人开办，面积不超过五十平方米。");
        let own = page(&test, resident(1), &format!("/my/cases/{granted}")).await;
        assert!(own.contains("系统按规则自动审批"), "{engine}");

        let large = apply(&test, &county, 2, 80).await;
        let rules = said(&test, 2, &large).await;
        assert_eq!(rules["is_granted"], false, "{engine}: {rules}");
        let desk = page(&test, county.approver(), &format!("/staff/cases/{large}")).await;
        assert!(desk.contains("面积较大，由工作人员看。"), "{engine}");

        let list = "/api/v1/cases?mark=rules_review";
        let waits = test.client_as(county.approver()).get(list).await.text();
        assert!(
            waits.contains(&granted) && !waits.contains(&large),
            "{engine}: {waits}"
        );
        let review = format!("/api/v1/cases/{granted}/review-rules");
        let body = json!({"is_right": true});
        let stranger = test
            .client_as(county.reviewer())
            .post_json(&review, &body)
            .await;
        assert_eq!(stranger.status, StatusCode::FORBIDDEN, "{engine}");
        let done = test
            .client_as(county.approver())
            .post_json(&review, &body)
            .await;
        assert_eq!(done.status, StatusCode::OK, "{}", done.text());
        let waits = test.client_as(county.approver()).get(list).await.text();
        assert!(!waits.contains(&granted), "{engine}: {waits}");
        assert_eq!(said(&test, 1, &granted).await["is_right"], true);
        test.check_ledger(engine).await;
    }
}

/// The form of the table editor, its lines ended as browsers end them.
fn edited(xml: &str, version: i64) -> String {
    let part = |name: &str, value: &str| {
        format!(
            "\r\n--wuchuang-test\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}"
        )
    };
    let xml = xml.replace('\n', "\r\n");
    format!(
        "{xml}{}{}",
        part("editor", "1"),
        part("version", &version.to_string())
    )
}

/// The version that a page was made for.
fn version_of(page: &str) -> i64 {
    let seen = page.split("name=\"version\" value=\"").nth(1);
    let seen = seen.and_then(|rest| rest.split('"').next());
    seen.and_then(|text| text.parse().ok()).unwrap()
}

#[tokio::test]
async fn tables_that_are_written_here_are_kept_or_stay_on_the_page() {
    for (engine, test) in TestHouse::both().await {
        let county = County::settle(&test.house).await;
        let mut manager = test.client_as(staff(Role::CatalogueManager));
        let path = format!("/staff/items/{}/rules", county.instant);
        let editor = format!("{path}/editor");
        let first = manager.get(&editor).await.text();
        assert!(
            first.contains("data-tables") && first.contains("由工作人员决定"),
            "{engine}: {first}"
        );
        assert!(
            first.contains("系统知道"),
            "{engine}: what rules may ask for"
        );
        let seen = version_of(&first);

        let broken = RULES.replace("&lt;= 50", "&lt;= [50");
        let refused = manager
            .upload(&path, "", edited(&broken, seen).as_bytes())
            .await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{engine}");
        let again = refused.text();
        assert!(again.contains("规则第"), "{again}");
        assert!(
            again.contains("面积较大"),
            "{engine}: what was written is gone"
        );

        let kept = manager
            .upload(&path, "", edited(RULES, seen).as_bytes())
            .await;
        assert_eq!(kept.status, StatusCode::SEE_OTHER, "{}", kept.text());
        let file = manager.get(&format!("{path}.dmn")).await.text();
        assert_eq!(file, RULES, "{engine}: the file is kept to the letter");

        // Somebody else opened the page before that, and saves after it.
        let other = RULES.replace("&lt;= 50", "&lt;= 80");
        let mut second = test.client_as(staff(Role::CatalogueManager));
        let late = second
            .upload(&path, "", edited(&other, seen).as_bytes())
            .await;
        assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY, "{engine}");
        let told = late.text();
        for words in [
            "有人改过这个事项",
            "表“审批”第 1 条是：是“个人”，不大于 50",
            "没有您的第 1 条",
            "80",
        ] {
            assert!(told.contains(words), "{engine}: {words}: {told}");
        }
        let file = second.get(&format!("{path}.dmn")).await.text();
        assert_eq!(file, RULES, "{engine}: nothing is overwritten unseen");
        let seen = version_of(&told);
        let knowing = second
            .upload(&path, "", edited(&other, seen).as_bytes())
            .await;
        assert_eq!(knowing.status, StatusCode::SEE_OTHER, "{}", knowing.text());
        assert_eq!(second.get(&format!("{path}.dmn")).await.text(), other);

        let clerk = test.client_as(county.clerk()).get(&editor).await;
        assert_eq!(clerk.status, StatusCode::FORBIDDEN, "{engine}");
        test.check_ledger(engine).await;
    }
}
