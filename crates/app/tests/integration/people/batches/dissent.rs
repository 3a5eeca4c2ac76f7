//! One store is told what to correct, one is not agreed to and goes back a step, one is refused, each with a reason of its own,
//! while the others go on; and a batch at the counter of a town to which the item was delegated.

use axum::http::StatusCode;
use serde_json::{Value, json};
use wuchuang_catalogue::model::{ItemCommand, ServiceItem};
use wuchuang_kernel::{Clock, Role, china_date};

use super::{act, check_done, version_of};
use crate::{
    county::{County, TOWN, system_order},
    harness::{Client, TestHouse, staff},
};

const STORES: [&str; 4] = ["城关店", "汉王店", "红椿店", "洞河店"];

async fn received(engine: &str, clerk: &mut Client, body: &Value) -> (String, Vec<String>) {
    let received = clerk.post_json("/api/v1/batches", body).await;
    let text = received.text();
    assert_eq!(received.status, StatusCode::CREATED, "{engine} {text}");
    let received = received.json();
    let cases = received["cases"].as_array().unwrap().iter();
    let cases = cases.map(|case| case.as_str().unwrap().to_owned());
    (
        received["joint"].as_str().unwrap().to_owned(),
        cases.collect(),
    )
}

/// A deed on cases, each with words of its own.
async fn say(
    client: &mut Client,
    joint: &str,
    (deed, basis): (&str, &str),
    said: &[(&str, &str)],
) -> Value {
    let mut chosen = Vec::new();
    for (case, words) in said {
        let version = version_of(client, case).await;
        chosen.push(json!({"case": case, "version": version, "words": words}));
    }
    let body = json!({"deed": deed, "cases": chosen, "basis": basis});
    let path = format!("/api/v1/joints/{joint}/deeds");
    client.post_json(&path, &body).await.json()
}

async fn read(client: &mut Client, case: &str) -> Value {
    client.get(&format!("/api/v1/cases/{case}")).await.json()
}

#[tokio::test]
async fn one_store_is_not_agreed_to_with_its_reason_and_the_others_go_on() {
    for (engine, test) in TestHouse::both().await {
        let county = County::settle(&test.house).await;
        let mut clerk = test.client_as(county.clerk());
        let mut reviewer = test.client_as(county.reviewer());
        let mut approver = test.client_as(county.approver());
        let mut body = county.batch_application(1, &STORES);
        body["survey"] = json!(false);
        // 洞河店 did not bring the plan.
        body["materials"].as_array_mut().unwrap().remove(2);
        for store in 0..3 {
            let paper = json!([{"requirement": "m3", "paper_copies": 1}]);
            body["stores"][store]["materials"] = paper;
        }
        let (joint, cases) = received(engine, &mut clerk, &body).await;
        let [first, second, third, fourth] = [0, 1, 2, 3].map(|index| cases[index].as_str());

        let told = say(
            &mut clerk,
            &joint,
            ("correct", ""),
            &[(first, ""), (fourth, "门头照片看不清。")],
        )
        .await;

        let items = told["items"].as_array().unwrap();
        assert!(
            items[0]["refusal"].to_string().contains("材料都交了"),
            "{engine} {told}"
        );
        assert!(items[1]["refusal"].is_null(), "{engine} {told}");
        let correcting = read(&mut clerk, fourth).await;
        let defects = correcting["defects"].to_string();
        for words in ["material:m3", "门头照片看不清。"] {
            assert!(defects.contains(words), "{engine} {correcting}");
        }
        let three = [first, second, third];
        check_done(engine, &act(&mut clerk, &joint, "accept", &three).await);

        // Nothing is written while one of them has no reason.
        let silent = say(
            &mut reviewer,
            &joint,
            ("disagree", ""),
            &[(second, "面积不符。"), (third, " ")],
        )
        .await;

        assert!(silent.to_string().contains("红椿店"), "{engine} {silent}");
        assert_eq!(silent["errors"][0]["field"], "opinion", "{engine} {silent}");
        check_done(
            engine,
            &act(&mut reviewer, &joint, "review", &[first]).await,
        );
        let no = say(
            &mut reviewer,
            &joint,
            ("disagree", ""),
            &[(second, "面积与平面图不符。"), (third, "没有洗手池。")],
        )
        .await;
        check_done(engine, no["items"].as_array().unwrap());
        let opinions = |case: &Value| case["opinions"].to_string();
        let seen = [
            read(&mut reviewer, second).await,
            read(&mut reviewer, third).await,
        ];
        assert!(
            opinions(&seen[0]).contains("面积与平面图不符。"),
            "{engine}"
        );
        assert!(opinions(&seen[1]).contains("没有洗手池。"), "{engine}");
        assert!(!opinions(&seen[1]).contains("平面图"), "{engine}");

        let page = reviewer.get(&format!("/staff/joints/{joint}")).await.text();
        for words in [
            "审查不同意",
            "各家门店：",
            "家门店，已办完 0 家",
            "只对汉王店说的",
        ] {
            assert!(page.contains(words), "{engine} {words} {page}");
        }
        // 汉王店 goes back and is agreed to after all; 红椿店 goes on and is refused.
        let back = say(
            &mut reviewer,
            &joint,
            ("return", ""),
            &[(second, "请重新核实面积。")],
        )
        .await;
        check_done(engine, back["items"].as_array().unwrap());
        for round in 0..3 {
            let cases: &[&str] = if round < 2 { &three } else { &[second] };
            check_done(engine, &act(&mut reviewer, &joint, "review", cases).await);
        }
        let list = reviewer
            .get(&format!("/api/v1/joints/{joint}"))
            .await
            .json();
        let against: Vec<usize> = list["parts"]
            .as_array()
            .unwrap()
            .iter()
            .map(|part| part["against"].as_array().map_or(0, Vec::len))
            .collect();
        assert_eq!(against, [0, 0, 1, 0], "{engine} {list}");
        let granted = act(&mut approver, &joint, "grant", &three).await;
        assert!(
            granted[0]["refusal"].is_null() && granted[1]["refusal"].is_null(),
            "{engine} {granted:?}"
        );
        assert!(
            granted[2]["refusal"].to_string().contains("不同意"),
            "{engine} {granted:?}"
        );
        let without = say(
            &mut approver,
            &joint,
            ("refuse", " "),
            &[(third, "没有洗手池。")],
        )
        .await;
        assert_eq!(without["errors"][0]["field"], "basis", "{engine} {without}");
        let refused = say(
            &mut approver,
            &joint,
            ("refuse", "《食品经营许可和备案管理办法》第十四条"),
            &[(third, "没有洗手池。")],
        )
        .await;
        check_done(engine, refused["items"].as_array().unwrap());
        test.run_jobs_without_papers().await;
        let list = reviewer
            .get(&format!("/api/v1/joints/{joint}"))
            .await
            .json();
        assert_eq!(list["parts"][2]["end"], "refused", "{engine} {list}");
        test.check_ledger(engine).await;
    }
}

/// From now on the item asks each store for its village, of two towns.
async fn ask_village(test: &TestHouse, county: &County) {
    const DIVISIONS: &str = "code,name\n610924102,城关镇\n610924102001,滨江社区\n610924105,汉王镇\n610924105200,汉城村\n";
    wuchuang_access::demo::seed(test.house.slices().access(), DIVISIONS, &[])
        .await
        .unwrap();
    let catalogue = test.house.slices().catalogue();
    let mut content = catalogue
        .published(county.standard)
        .unwrap()
        .content
        .clone();
    content.form["properties"]["site_village"] = json!({
        "type": "string", "title": "所在村", "x-widget": "address", "x-list": "villages",
    });
    let effective_from = china_date(test.clock.now());
    for command in [
        ItemCommand::Draft {
            content: Box::new(content),
        },
        ItemCommand::Publish { effective_from },
    ] {
        let order = system_order(&test.house);
        let ledger = test.house.ledger();
        let done = ledger.execute::<ServiceItem>(county.standard.into(), command, order);
        done.await.unwrap();
    }
    catalogue.refresh().await.unwrap();
}

#[tokio::test]
async fn a_town_takes_a_batch_of_what_was_delegated_to_it_and_handles_it() {
    for (engine, test) in TestHouse::both().await {
        let county = County::settle(&test.house).await;
        let mut town = test.client_as(county.town_clerk());
        let mut body = county.batch_application(1, &STORES);
        body["survey"] = json!(false);
        let refused = town.post_json("/api/v1/batches", &body).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{engine}");
        let mut manager = test.client_as(staff(Role::CatalogueManager));
        let given = json!({
            "organisations": [county.town.to_string()],
            "way": "entrusted",
            "extent": "whole",
            "from": china_date(test.clock.now()).to_string(),
            "document": "紫政告〔2026〕3号",
        });
        let path = format!("/api/v1/items/{}/delegations", county.standard);
        let given = manager.post_json(&path, &given).await;
        assert_eq!(given.status, StatusCode::CREATED, "{}", given.text());
        let page = format!("/staff/batches/new?item={}", county.standard);
        let page = town.get(&page).await.text();
        assert!(page.contains(&format!("{TOWN}办到底")), "{engine} {page}");
        ask_village(&test, &county).await;
        for (store, village) in [(0, "610924102001"), (1, "610924105200")] {
            body["stores"][store]["answers"]["site_village"] = json!(village);
        }
        let away = town.post_json("/api/v1/batches", &body).await.json();
        assert_eq!(away["errors"][0]["field"], "stores", "{engine} {away}");
        let told = away["errors"][0].to_string();
        for words in ["1家门店不在它的辖区", "第2行“汉王店”", TOWN] {
            assert!(told.contains(words), "{engine} {words} {away}");
        }
        body["stores"][1]["answers"]["site_village"] = json!("610924102001");
        let (joint, cases) = received(engine, &mut town, &body).await;
        let all: Vec<&str> = cases.iter().map(String::as_str).collect();
        check_done(engine, &act(&mut town, &joint, "accept", &all).await);
        let mut reviewer = test.client_as(county.town_reviewer());
        check_done(engine, &act(&mut reviewer, &joint, "review", &all).await);
        for case in &all {
            let seen = read(&mut reviewer, case).await;
            assert_eq!(
                seen["organisation"],
                county.town.to_string(),
                "{engine} {seen}"
            );
            // 委托: the papers bear the department's name, and so does the number.
            let number = seen["number"].as_str().unwrap();
            assert!(number.contains("SCJG"), "{engine} {number}");
        }
        test.check_ledger(engine).await;
    }
}
