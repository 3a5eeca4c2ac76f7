//! What is sent twice gives the first answer; what was done is not done again by pressing the button for the rest; a correction is
//! told once; and nobody is registered or made the owner by a slip.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::{act, check_done, send, version_of};
use crate::{
    county::{County, citizen_number},
    harness::{Client, TestHouse},
};

const STORES: [&str; 3] = ["城关店", "汉王店", "红椿店"];

async fn received(clerk: &mut Client, body: &Value) -> (String, Vec<String>) {
    let received = clerk.post_json("/api/v1/batches", body).await;
    assert_eq!(received.status, StatusCode::CREATED, "{}", received.text());
    let received = received.json();
    let cases = received["cases"].as_array().unwrap().iter();
    let cases = cases.map(|case| case.as_str().unwrap().to_owned());
    (
        received["joint"].as_str().unwrap().to_owned(),
        cases.collect(),
    )
}

async fn stage(client: &mut Client, case: &str) -> Value {
    let read = client.get(&format!("/api/v1/cases/{case}")).await.json();
    read["step_name"].clone()
}

#[tokio::test]
async fn a_deed_that_is_sent_again_is_done_once_and_what_is_done_stays_done() {
    for (engine, test) in TestHouse::both().await {
        let county = County::settle(&test.house).await;
        let mut clerk = test.client_as(county.clerk());
        let mut reviewer = test.client_as(county.reviewer());
        let mut body = county.batch_application(1, &STORES);
        body["survey"] = json!(false);
        let (joint, cases) = received(&mut clerk, &body).await;
        let all: Vec<&str> = cases.iter().map(String::as_str).collect();
        check_done(engine, &act(&mut clerk, &joint, "accept", &all).await);

        // By a program: the answer was lost on the way, and the same is sent again.
        let mut chosen = Vec::new();
        for case in &all {
            chosen.push(json!({"case": case, "version": version_of(&mut reviewer, case).await}));
        }
        let review =
            json!({"deed": "review", "cases": chosen, "opinion": "经审查，符合法定条件。"});
        let path = format!("/api/v1/joints/{joint}/deeds");
        let before = stage(&mut reviewer, all[0]).await;
        let mut steps = Vec::new();
        for _ in 0..2 {
            let done = reviewer.command(&path, "review-once", &review).await;
            let done = done.json();
            check_done(engine, done["items"].as_array().unwrap());
            steps.push(stage(&mut reviewer, all[0]).await);
        }
        assert_ne!(steps[0], before, "{engine}");
        assert_eq!(steps[0], steps[1], "{engine}");

        // By the page: one case has gone on meanwhile, and the button is pressed once more for it.
        let page = format!("/staff/joints/{joint}");
        let mut fields = vec![
            ("deed", "review".to_owned()),
            ("opinion", "同意。".to_owned()),
        ];
        for case in &all {
            let version = version_of(&mut reviewer, case).await;
            let version = if *case == all[1] {
                version - 1
            } else {
                version
            };
            fields.push(("cases", format!("{case}:{version}")));
        }
        let fields: Vec<(&str, &str)> = fields
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        let partly = reviewer.post(&format!("{page}/deeds"), &fields).await;
        assert_eq!(partly.status, StatusCode::UNPROCESSABLE_ENTITY, "{engine}");
        let text = partly.text();
        assert!(text.contains("已办理 2 家门店"), "{engine} {text}");
        let ticked: Vec<&str> = text
            .split("name=\"cases\" value=\"")
            .skip(1)
            .filter(|rest| rest.split('>').next().unwrap().contains("checked"))
            .map(|rest| rest.split(':').next().unwrap())
            .collect();
        assert_eq!(ticked, [all[1]], "{engine}");
        test.check_ledger(engine).await;
    }
}

#[tokio::test]
async fn what_was_not_told_at_first_is_not_told_later() {
    let test = TestHouse::sqlite().await;
    let county = County::settle(&test.house).await;
    let mut clerk = test.client_as(county.clerk());
    let mut body = county.batch_application(1, &STORES);
    body["survey"] = json!(false);
    let (joint, cases) = received(&mut clerk, &body).await;
    let path = format!("/api/v1/joints/{joint}/deeds");
    let correct = async |clerk: &mut Client, words: &str| {
        let chosen = json!({"case": cases[0], "version": version_of(clerk, &cases[0]).await});
        let body = json!({"deed": "correct", "cases": [chosen], "opinion": words});
        clerk.post_json(&path, &body).await.json()["items"][0]["refusal"].clone()
    };
    assert!(correct(&mut clerk, "门头照片看不清。").await.is_null());
    let supply = json!({"materials": [{"name": "门头照片", "paper_copies": 1}]});
    let supplied = clerk
        .post_json(&format!("/api/v1/cases/{}/corrections", cases[0]), &supply)
        .await;
    assert!(supplied.status.is_success(), "{}", supplied.text());
    let refused = correct(&mut clerk, "再补租赁合同。").await;
    assert!(
        refused.to_string().contains("不在首次补正告知书中"),
        "{refused}"
    );
    assert!(correct(&mut clerk, "门头照片看不清。").await.is_null());
}

#[tokio::test]
async fn a_slip_registers_nobody_and_gives_nobody_anothers_case() {
    for (engine, test) in TestHouse::both().await {
        let county = County::settle(&test.house).await;
        let mut clerk = test.client_as(county.clerk());
        let twice = county.batch_application(5, &["城关店", "城关店"]);
        let refused = clerk.post_json("/api/v1/batches", &twice).await.json();
        assert_eq!(
            refused["errors"][0]["field"], "stores[1].name",
            "{engine} {refused}"
        );
        let number = twice["applicant"]["handler"]["number"].as_str().unwrap();
        let number = wuchuang_codes::CitizenNumber::parse(number).unwrap();
        let directory = test.house.slices().access().directory();
        let region = test.house.configuration().site.region;
        let known = directory
            .citizen_find_by_number(region, &number)
            .await
            .unwrap();
        assert!(known.is_none(), "{engine}");

        let right = county.batch_application(1, &STORES);
        received(&mut clerk, &right).await;
        let mut slip = county.batch_application(2, &STORES);
        slip["applicant"]["handler"]["number"] = right["applicant"]["handler"]["number"].clone();
        slip["applicant"]["handler"]["name"] = json!("王不二");
        let refused = clerk.post_json("/api/v1/batches", &slip).await.json();
        assert_eq!(
            refused["errors"][0]["field"], "applicant.handler.name",
            "{engine} {refused}"
        );
        test.check_ledger(engine).await;
    }
}

/// A scan that was taken by mistake is taken out again, and one that contradicts what is marked is told.
#[tokio::test]
async fn a_scan_is_taken_out_again() {
    let test = TestHouse::sqlite().await;
    let county = County::settle(&test.house).await;
    let mut clerk = test.client_as(county.clerk());
    let item = county.standard.to_string();
    let number = citizen_number(1);
    let ticket = format!("{}|合同.pdf", "a".repeat(64));
    let fields = |more: &[(&'static str, &str)]| {
        let fixed = [
            ("item", item.clone()),
            ("batch-handler-number", number.clone()),
            ("batch-stores", "城关店\n汉王店".to_owned()),
            ("kept-own", ticket.clone()),
            ("kept-m1", ticket.clone()),
        ];
        let more = more
            .iter()
            .map(|(name, value)| (*name, (*value).to_owned()));
        fixed.into_iter().chain(more).collect::<Vec<_>>()
    };
    let sent = async |clerk: &mut Client, more: &[(&'static str, &str)]| {
        let fields = fields(more);
        let fields: Vec<(&str, &str)> = fields
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        send(clerk, &fields).await.text()
    };
    let kept = sent(&mut clerk, &[("mark-m1", "missing")]).await;
    for words in [
        "“合同.pdf”是单独一家门店的",
        "标了缺，又传了各家共用的扫描件",
        "name=\"drop-own\"",
        "name=\"drop-m1\"",
    ] {
        assert!(kept.contains(words), "{words} {kept}");
    }
    let drops = [
        ("mark-m1", "missing"),
        ("drop-own", ticket.as_str()),
        ("drop-m1", ticket.as_str()),
    ];
    let dropped = sent(&mut clerk, &drops).await;
    assert!(!dropped.contains("合同.pdf"), "{dropped}");
}

#[tokio::test]
async fn a_page_that_is_pressed_twice_takes_what_the_house_has_once() {
    for (engine, test) in TestHouse::both().await {
        let county = County::settle(&test.house).await;
        let mut clerk = test.client_as(county.clerk());
        let plan = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF";
        let plan = clerk.upload("/api/v1/files", "平面图.pdf", plan).await;
        let mut earlier = county.standard_application(2);
        let file = json!({"sha256": plan.json()["sha256"], "name": "平面图.pdf"});
        earlier["materials"][2] = json!({"requirement": "m3", "files": [file]});
        let received = clerk.post_json("/api/v1/cases", &earlier).await;
        assert_eq!(received.status, StatusCode::CREATED, "{}", received.text());
        test.clock.advance(jiff::SignedDuration::from_mins(1));

        let item = county.standard.to_string();
        let number = citizen_number(2);
        let line = |name: &str| {
            format!("{name} | 兴盛 | 街1号 | 餐饮服务经营者 | 热食类制售 | 60 | 4 | 王强")
        };
        let stores = ["城关店", "汉王店"].map(line).join("\n");
        let answers = earlier["answers"].as_object().unwrap().iter();
        let mut fields: Vec<(&str, &str)> = answers
            .filter_map(|(name, value)| Some((name.as_str(), value.as_str()?)))
            .collect();
        fields.extend([
            ("item", item.as_str()),
            ("command_id", "0192f0c2a4b17c3e9d5566778899aacc"),
            ("batch-handler-name", "李小红"),
            ("batch-handler-number", number.as_str()),
            ("batch-stores", stores.as_str()),
            ("mark-m3", "exempt"),
        ]);
        for mark in ["mark-m1", "mark-m2", "mark-m4", "mark-m5", "mark-m6"] {
            fields.push((mark, "complete"));
        }
        let looked = send(&mut clerk, &fields).await.text();
        let (_, rest) = looked
            .split_once("name=\"offer-m3\" value=\"")
            .expect(&looked);
        let offer = rest.split('"').next().unwrap().to_owned();
        fields.extend([("offer-m3", offer.as_str()), ("deed", "receive")]);
        let mut places = Vec::new();
        for _ in 0..2 {
            let done = send(&mut clerk, &fields).await;
            assert!(done.status.is_redirection(), "{engine} {}", done.text());
            places.push(done.header("location").to_owned());
            test.clock.advance(jiff::SignedDuration::from_mins(1));
        }
        assert_eq!(places[0], places[1], "{engine}");
        test.check_ledger(engine).await;
    }
}
