//! A signature by a program and in a correction: who may sign, what others see of it, that whoever changes an answer signs again, and
//! that it is printed on the form.

use axum::http::StatusCode;
use serde_json::{Value, json};
use wuchuang_catalogue::identity::item_of_key;
use wuchuang_kernel::SessionId;
use wuchuang_webkit::{Citizen, Visitor};

use super::settled;
use crate::{
    county::County,
    harness::{Client, TestHouse},
};

const CASES: &str = "/api/v1/cases";
const DRAWN: &str = "drawn:10,20 30,40 50,60;70,80 90,100";

/// An application of an organisation to occupy a part of a road.
fn application(county: &County, sign: &str) -> Value {
    let mut body = county.standard_alone(1);
    let answers = body["answers"].as_object_mut().unwrap();
    let own = [
        "shop_name",
        "premises",
        "business_type",
        "projects",
        "area",
        "staff_count",
        "safety_manager",
    ];
    for name in own {
        answers.remove(name);
    }
    answers.extend(
        json!({
            "kind": "占道施工", "site": "河堤路12号门前", "area": 12, "starts_on": "2026-12-01", "ends_on": "2026-12-10",
            "reason": "更换水管", "sign": sign,
        })
        .as_object()
        .unwrap()
        .clone(),
    );
    body["item"] = json!(item_of_key("I21").to_string());
    let papers =
        (1..=4).map(|paper| json!({"requirement": format!("m{paper}"), "paper_copies": 1}));
    body["materials"] = papers.collect();
    body
}

async fn refused(client: &mut Client, body: &Value, words: &str) {
    let answer = client.post_json(CASES, body).await;
    assert_eq!(
        answer.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "{}",
        answer.text()
    );
    assert_eq!(
        answer.json()["errors"][0]["field"],
        "answers.sign",
        "{}",
        answer.text()
    );
    assert!(answer.text().contains(words), "{words} {}", answer.text());
}

#[tokio::test]
async fn whoever_signs_is_named_and_whoever_corrects_signs_again() {
    for (engine, test) in TestHouse::both().await {
        let (county, _) = settled(&test).await;
        let mut clerk = test.client_as(county.clerk());
        refused(
            &mut clerk,
            &application(&county, "typed:张三"),
            "本人的姓名",
        )
        .await;
        refused(&mut clerk, &application(&county, "drawn:1,2"), "签名").await;
        refused(
            &mut clerk,
            &application(&county, "data:image/png;base64,AA"),
            "签名读不出来",
        )
        .await;
        let body = application(&county, DRAWN);
        let received = clerk.command(CASES, "signed", &body).await;
        assert_eq!(
            received.status,
            StatusCode::CREATED,
            "{engine} {}",
            received.text()
        );
        let case = received.json()["case"].as_str().unwrap().to_owned();
        let mut supervisor = test.client_as(county.supervisor());
        let page = supervisor.get(&format!("/staff/cases/{case}")).await.text();
        assert!(
            page.contains("已签名") && !page.contains("M10 20L30 40"),
            "{engine}"
        );
        let seen = supervisor.get(&format!("{CASES}/{case}")).await;
        assert!(
            !seen.text().contains("10,20 30,40"),
            "{engine} {}",
            seen.text()
        );

        let person = seen.json()["applicant"]["person"]
            .as_str()
            .unwrap()
            .to_owned();
        let mut citizen = test.client_as(Visitor::Citizen(Citizen {
            person: person.parse().unwrap(),
            session: SessionId::from_u128(9),
            name: "李小红".to_owned(),
            phone: "13891500000".to_owned(),
        }));
        let desk = format!("/staff/counter/receive/{}/{person}", item_of_key("I21"));
        let written = [("sign.typed", "李小红"), ("sign.own", "true")];
        let counter = clerk.press(&desk, &written).await.text();
        assert!(
            counter.contains("要写申请人或者代办人本人的姓名"),
            "{engine}"
        );
        let paper = citizen.get(&format!("/cases/{case}/form.pdf")).await;
        assert!(
            paper.body.starts_with(b"%PDF-"),
            "{engine} {}",
            paper.status
        );
        let notice = json!({"defects": [{"key": "field:site", "name": "占用地点", "problem": "请写清路段。"}]});
        let notices = format!("{CASES}/{case}/correction-notices");
        let told = clerk.post_json(&notices, &notice).await;
        assert!(told.status.is_success(), "{engine} {}", told.text());
        corrected(engine, &mut citizen, &case).await;
        let after = citizen.get(&format!("{CASES}/{case}")).await.json();
        assert_eq!(
            after["answers"]["site"], "环城路8号门前",
            "{engine} {after}"
        );
        let sign = after["answers"]["sign"].as_str().unwrap();
        assert!(sign.starts_with("typed:李小红"), "{engine} {sign}");
        test.check_ledger(engine).await;
    }
}

/// The place is written again, and signed.
async fn corrected(engine: &str, citizen: &mut Client, case: &str) {
    let supply = format!("/my/cases/{case}/supply");
    let asked = citizen.get(&supply).await.text();
    assert!(asked.contains("请重新签名"), "{engine} {asked}");
    let place = [("site", "环城路8号门前")];
    let saved = citizen.post(&format!("{supply}/0"), &place).await;
    assert!(saved.status.is_redirection(), "{engine} {}", saved.text());
    let key = [("command_id", "0192f0c2a4b17c3e9d55667788990077")];
    let early = citizen.post(&supply, &key).await;
    assert_eq!(early.status, StatusCode::UNPROCESSABLE_ENTITY, "{engine}");
    for strange in [
        &[("sign.typed", "张三"), ("sign.own", "true")][..],
        &[("sign.paper", "true")],
    ] {
        let refused = citizen.post(&format!("{supply}/1"), strange).await;
        let text = refused.text();
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{engine}");
        assert!(text.contains("申请人签名"), "{engine} {text}");
        let still = citizen.post(&supply, &key).await;
        assert_eq!(still.status, StatusCode::UNPROCESSABLE_ENTITY, "{engine}");
    }
    let named = [("sign.typed", "李小红"), ("sign.own", "true")];
    let signed = citizen.post(&format!("{supply}/1"), &named).await;
    assert!(signed.status.is_redirection(), "{engine} {}", signed.text());
    let sent = citizen.post(&supply, &key).await;
    assert!(sent.status.is_redirection(), "{engine} {}", sent.text());
}
