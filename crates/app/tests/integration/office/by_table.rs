//! What a table says of an application before it is a case: which materials its situation (情形) asks for, what it costs, and when
//! the case turns yellow; told before it is handed in, kept in its terms, and the same after a replay.

use axum::http::StatusCode;
use serde_json::{Value, json};
use wuchuang_kernel::{Role, china_date};

use super::{must, page, receive};
use crate::{
    county::County,
    harness::{TestHouse, staff},
};

/// Small places need three papers, cost nothing and turn yellow at once; large ones need all, cost forty yuan and a half, and turn
/// yellow on the last day.
const RULES: &str = r##"<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="urn:test">
<inputData id="area" name="area"><variable id="av" name="area" typeRef="number"/></inputData>
<decision id="papers" name="材料"><variable id="v1" name="材料"/>
<informationRequirement id="q1"><requiredInput href="#area"/></informationRequirement>
<decisionTable id="t1" hitPolicy="FIRST">
<input id="c1" label="面积"><inputExpression id="e1" typeRef="number"><text>area</text></inputExpression></input>
<output id="o1" name="材料名称"/>
<rule id="r11"><inputEntry><text>&lt;= 100</text></inputEntry><outputEntry><text>"m1、m2、m3"</text></outputEntry></rule>
<rule id="r12"><inputEntry><text>-</text></inputEntry><outputEntry><text>"m1、m2、m3、m4、m5、m6"</text></outputEntry></rule>
</decisionTable></decision>
<decision id="fee" name="费用"><variable id="v2" name="费用"/>
<informationRequirement id="q2"><requiredInput href="#area"/></informationRequirement>
<decisionTable id="t2" hitPolicy="FIRST">
<input id="c2" label="面积"><inputExpression id="e2" typeRef="number"><text>area</text></inputExpression></input>
<output id="o2" name="金额" typeRef="number"/><output id="o3" name="理由" typeRef="string"/>
<rule id="r21"><inputEntry><text>&lt;= 100</text></inputEntry><outputEntry><text>0</text></outputEntry><outputEntry><text>"小店免收。"</text></outputEntry></rule>
<rule id="r22"><inputEntry><text>&gt; 100</text></inputEntry><outputEntry><text>40.5</text></outputEntry><outputEntry><text>"按面积收取。"</text></outputEntry></rule>
</decisionTable></decision>
<decision id="warn" name="预警"><variable id="v3" name="预警"/>
<informationRequirement id="q3"><requiredInput href="#area"/></informationRequirement>
<literalExpression id="l"><text>if area &lt;= 100 then 100 else 0</text></literalExpression></decision></definitions>"##;

async fn publish(test: &TestHouse, county: &County) {
    let mut manager = test.client_as(staff(Role::CatalogueManager));
    let path = format!("/api/v1/items/{}", county.standard);
    let today = china_date(test.house.ledger().now()).to_string();
    let rules = json!({"xml": RULES, "situation": "材料", "fee": "费用", "warning": "预警"});
    for (deed, body) in [
        ("rules", rules),
        ("publish", json!({ "effective_from": today })),
    ] {
        let answer = manager.post_json(&format!("{path}/{deed}"), &body).await;
        assert!(answer.status.is_success(), "{deed} {}", answer.text());
    }
}

/// An application with three of six papers.
async fn handed_in(test: &TestHouse, county: &County, serial: u32, area: u32) -> String {
    let mut body = county.standard_application(serial);
    body["answers"]["area"] = area.into();
    let papers = body["materials"].as_array_mut().unwrap();
    papers.truncate(3);
    receive(test, county.clerk(), &body).await
}

async fn seen(test: &TestHouse, county: &County, case: &str) -> Value {
    let path = format!("/api/v1/cases/{case}");
    let answer = test.client_as(county.approver()).get(&path).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    answer.json()
}

#[tokio::test]
async fn a_table_says_what_is_needed_what_it_costs_and_when_it_turns_yellow() {
    for (engine, test) in TestHouse::both().await {
        let county = County::settle(&test.house).await;
        publish(&test, &county).await;
        let small = handed_in(&test, &county, 1, 60).await;
        let large = handed_in(&test, &county, 2, 200).await;

        let accept = format!("/api/v1/cases/{large}/accept");
        let refused = test
            .client_as(county.approver())
            .post_json(&accept, &json!({}))
            .await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{engine}");
        must(&test, county.approver(), &small, "accept", json!({})).await;

        let view = seen(&test, &county, &small).await;
        assert_eq!(view["fee"]["fen"], 0, "{engine}: {view}");
        assert_eq!(view["fee"]["text"], "不收费");
        assert_eq!(view["warning_days"], 100);
        let view = seen(&test, &county, &large).await;
        assert_eq!(view["fee"]["fen"], 4050, "{engine}: {view}");
        assert_eq!(view["fee"]["rows"], "“费用”第 2 条");
        assert_eq!(view["warning_days"], 0);

        let desk = page(&test, county.approver(), &format!("/staff/cases/{large}")).await;
        for words in ["40.50 元", "按面积收取。", "因为", "到期当天变黄"] {
            assert!(desk.contains(words), "{engine}: {words}: {desk}");
        }
        let list = "/api/v1/cases?light=due_soon";
        let yellow = test.client_as(county.approver()).get(list).await.text();
        assert!(yellow.contains(&small), "{engine}: {yellow}");
        assert!(!yellow.contains(&large), "{engine}: {yellow}");
        test.check_ledger(engine).await;
    }
}

#[tokio::test]
async fn fee_and_warning_follow_what_the_applicant_says_in_the_end() {
    for (engine, test) in TestHouse::both().await {
        let county = County::settle(&test.house).await;
        publish(&test, &county).await;
        let case = handed_in(&test, &county, 1, 60).await;
        let view = seen(&test, &county, &case).await;
        assert_eq!(view["fee"]["fen"], 0, "{engine}: {view}");
        let defect = json!({"defects": [{"key": "field:area", "name": "面积", "problem": "和平面图不一致，请按平面图填写。"}]});
        must(
            &test,
            county.approver(),
            &case,
            "correction-notices",
            defect,
        )
        .await;
        let mut answers = county.standard_application(1)["answers"].clone();
        answers["area"] = json!(200);
        let corrected = json!({"answers": answers});
        must(&test, county.clerk(), &case, "corrections", corrected).await;
        let view = seen(&test, &county, &case).await;
        assert_eq!(view["fee"]["fen"], 4050, "{engine}: {view}");
        assert_eq!(view["warning_days"], 0, "{engine}: {view}");
        // What was told once as needed stays what is needed.
        must(&test, county.approver(), &case, "accept", json!({})).await;
        test.check_ledger(engine).await;
    }
}

#[tokio::test]
async fn the_counter_and_the_notice_ask_for_what_the_situation_needs() {
    let test = TestHouse::sqlite().await;
    let county = County::settle(&test.house).await;
    publish(&test, &county).await;
    let notice = format!("/api/v1/items/{}/notice", county.standard);
    let mut anyone = test.client();
    let paper = anyone
        .post_json(&notice, &json!({"inputs": {"area": 60}}))
        .await;
    assert_eq!(paper.status, StatusCode::OK, "{}", paper.text());
    assert!(paper.text().starts_with("%PDF"));
    let words = json!({"inputs": {"area": 60, "请先汇款到": "622202"}});
    let abused = anyone.post_json(&notice, &words).await;
    assert!(abused.body == paper.body, "a stranger's words are printed");
    let none = format!("/api/v1/items/{}/notice", county.instant);
    let none = anyone.post_json(&none, &json!({"inputs": {}})).await;
    assert_eq!(none.status, StatusCode::NOT_FOUND);
    let path = format!("/guides/{}/check", county.standard);
    let asked = anyone.get(&path).await.text();
    let field = asked.split("name=\"in_").nth(1);
    let field = field.and_then(|rest| rest.split('"').next()).unwrap();
    let field = format!("in_{field}");
    let told = anyone.post(&path, &[(&field, "60")]).await.text();
    assert!(told.contains("打印这种情形的一次性告知单"), "{told}");
    let small = anyone
        .post(&format!("{path}/notice"), &[(&field, "60")])
        .await;
    assert_eq!(small.status, StatusCode::OK);
    let wrong = anyone
        .post(&format!("{path}/notice"), &[(&field, "六十")])
        .await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
}
