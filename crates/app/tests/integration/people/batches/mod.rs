//! 连锁门店批量办理 (三集中): one application for three stores, one survey with one record, and three cases that go their own
//! ways. `papers` is about what is handed in for all and for one, `dissent` about one that is not agreed to, `repeated` about what is
//! sent twice, mistyped or said anew.

mod dissent;
mod papers;
mod repeated;

use axum::{
    body::Body,
    http::{Method, StatusCode, header},
};
use serde_json::{Value, json};

use crate::{
    county::County,
    harness::{Client, MULTIPART, TestHouse, request},
};

const STORES: [&str; 3] = ["城关店", "汉王店", "红椿店"];

fn body(county: &County) -> Value {
    county.batch_application(1, &STORES)
}

pub(super) async fn version_of(client: &mut Client, case: &str) -> i64 {
    let read = client.get(&format!("/api/v1/cases/{case}")).await;
    read.json()["version"].as_i64().unwrap()
}

/// One deed on some cases as they are now; what became of each.
pub(in crate::people) async fn act(
    client: &mut Client,
    joint: &str,
    deed: &str,
    cases: &[&str],
) -> Vec<Value> {
    let mut chosen = Vec::new();
    for case in cases {
        chosen.push(json!({"case": case, "version": version_of(client, case).await}));
    }
    let body = json!({"deed": deed, "cases": chosen, "opinion": "经审查，符合法定条件。"});
    let path = format!("/api/v1/joints/{joint}/deeds");
    let answer = client.post_json(&path, &body).await;
    assert_eq!(answer.status, StatusCode::OK, "{deed} {}", answer.text());
    answer.json()["items"].as_array().unwrap().clone()
}

pub(super) fn check_done(engine: &str, became: &[Value]) {
    for one in became {
        assert!(one["refusal"].is_null(), "{engine} {one}");
    }
}

async fn received(engine: &str, clerk: &mut Client, county: &County) -> (String, Vec<String>) {
    let mut wrong = body(county);
    wrong["stores"][1]["answers"]["area"] = json!(0);
    let refused = clerk.post_json("/api/v1/batches", &wrong).await;
    let errors = refused.json();
    let error = &errors["errors"][0];
    assert_eq!(
        error["field"], "stores[1].answers.area",
        "{engine} {errors}"
    );
    assert!(refused.text().contains("第2行"), "{engine} {errors}");
    let mut one = body(county);
    one["stores"] = json!([one["stores"][0]]);
    let refused = clerk.post_json("/api/v1/batches", &one).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{engine}");
    let first = clerk
        .command("/api/v1/batches", "batch", &body(county))
        .await;
    assert_eq!(
        first.status,
        StatusCode::CREATED,
        "{engine} {}",
        first.text()
    );
    let again = clerk
        .command("/api/v1/batches", "batch", &body(county))
        .await;
    assert_eq!(again.json(), first.json(), "{engine}: the key makes one");
    let first = first.json();
    let cases: Vec<String> = first["cases"]
        .as_array()
        .unwrap()
        .iter()
        .map(|case| case.as_str().unwrap().to_owned())
        .collect();
    assert_eq!(cases.len(), 3, "{engine}");
    (first["joint"].as_str().unwrap().to_owned(), cases)
}

#[tokio::test]
async fn stores_are_received_surveyed_and_granted_together_and_none_holds_another() {
    for (engine, test) in TestHouse::both().await {
        let county = County::settle(&test.house).await;
        let mut clerk = test.client_as(county.clerk());
        let mut reviewer = test.client_as(county.reviewer());
        let mut approver = test.client_as(county.approver());
        let (joint, cases) = received(engine, &mut clerk, &county).await;
        let [first, second, third] = [0, 1, 2].map(|index| cases[index].as_str());

        // One is to be corrected; the others are accepted together, one of them as it no longer is.
        let path = format!("/api/v1/joints/{joint}/deeds");
        let stale = json!({"deed": "accept", "cases": [
            {"case": first, "version": version_of(&mut clerk, first).await},
            {"case": second, "version": 9},
        ]});
        let answer = clerk.post_json(&path, &stale).await.json();
        assert!(answer["items"][0]["refusal"].is_null(), "{engine} {answer}");
        assert!(
            answer["items"][1]["refusal"].is_string(),
            "{engine} {answer}"
        );
        check_done(engine, &act(&mut clerk, &joint, "accept", &[second]).await);
        let notice = json!({"defects": [
            {"key": "material:m2", "name": "经营场所证明", "problem": "租赁合同没有签名，请补签。"},
        ]});
        let notices = format!("/api/v1/cases/{third}/correction-notices");
        let told = clerk.post_json(&notices, &notice).await;
        assert_eq!(told.status, StatusCode::OK, "{engine} {}", told.text());

        for _ in 0..3 {
            let done = act(&mut reviewer, &joint, "review", &[first, second]).await;
            check_done(engine, &done);
        }
        let early = act(&mut approver, &joint, "grant", &[first, second]).await;
        assert!(
            early
                .iter()
                .all(|one| one["refusal"].to_string().contains("联合踏勘")),
            "{engine} {early:?}"
        );
        surveyed(engine, &mut reviewer, &joint, &county).await;
        let granted = act(&mut approver, &joint, "grant", &[first, second]).await;
        assert!(granted[0]["refusal"].is_null(), "{engine} {granted:?}");
        assert!(
            granted[1]["refusal"].to_string().contains("需要整改"),
            "{engine} {granted:?}"
        );
        test.run_jobs_without_papers().await;

        let read = clerk.get(&format!("/api/v1/joints/{joint}")).await.json();
        let parts = read["parts"].as_array().unwrap();
        let numbers: std::collections::BTreeSet<&str> = parts
            .iter()
            .map(|part| part["number"].as_str().unwrap())
            .collect();
        assert_eq!(numbers.len(), 3, "{engine}: each has its own number {read}");
        let mut supervisor = test.client_as(county.supervisor());
        let mut stages = Vec::new();
        for case in &cases {
            let read = supervisor
                .get(&format!("/api/v1/cases/{case}"))
                .await
                .json();
            stages.push(read["stage"].as_str().unwrap_or_default().to_owned());
        }
        assert_eq!(stages, ["delivering", "decision", "correcting"], "{engine}");
        let licences = supervisor.get("/api/v1/licences").await.json();
        assert_eq!(
            licences["items"].as_array().unwrap().len(),
            1,
            "{engine} {licences}"
        );
        assert_eq!(licences["items"][0]["case"], first, "{engine}");
        let page = clerk.get(&format!("/staff/joints/{joint}")).await.text();
        for words in ["城关店", "红椿店", "请补正材料", "一次送达"] {
            assert!(page.contains(words), "{engine} {words}");
        }
        test.check_ledger(engine).await;
    }
}

/// One appointment for the two stores that were accepted: one passes, one is to mend something.
async fn surveyed(engine: &str, reviewer: &mut Client, joint: &str, county: &County) {
    let path = format!("/api/v1/joints/{joint}/inspections");
    let parts = [1, 2].map(|store| format!("{}.{store}", county.standard));
    let arrange =
        json!({"kind": "survey", "at": "2026-11-23T16:00:00", "place": "城关店", "parts": parts});
    let arranged = reviewer.post_json(&path, &arrange).await;
    assert_eq!(
        arranged.status,
        StatusCode::OK,
        "{engine} {}",
        arranged.text()
    );
    let sign = format!("{path}/1/sign");
    for (part, rest) in parts.iter().zip([
        json!({"result": "pass"}),
        json!({"result": "rectify", "words": "加装纱窗。", "by": "2026-12-04"}),
    ]) {
        let mut body = rest;
        body["part"] = json!(part);
        let signed = reviewer.post_json(&sign, &body).await;
        assert_eq!(signed.status, StatusCode::OK, "{engine} {}", signed.text());
    }
    let list = reviewer.get(&path).await.json();
    assert_eq!(
        list["items"].as_array().unwrap().len(),
        1,
        "{engine}: one record {list}"
    );
}

#[tokio::test]
async fn as_many_stores_as_may_be_are_received_and_one_more_is_refused() {
    let test = TestHouse::sqlite().await;
    let county = County::settle(&test.house).await;
    let mut clerk = test.client_as(county.clerk());
    let mut many = body(&county);
    let store = many["stores"][0].clone();
    let named = |number: usize| {
        let mut store = store.clone();
        store["name"] = json!(format!("连锁第{number}店"));
        store["answers"]["premises"] = json!("城关镇河堤路".repeat(10));
        store["materials"] = json!([{"requirement": "m3", "paper_copies": 1}]);
        // One brings what the others owe.
        if number == 7 {
            store["materials"] = json!([{"requirement": "m5", "paper_copies": 4}]);
        }
        store
    };
    many["materials"].as_array_mut().unwrap().remove(4);
    many["undertaking"] = json!(["m5"]);
    many["stores"] = (1..=201).map(named).collect();
    let refused = clerk.post_json("/api/v1/batches", &many).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(refused.json()["errors"][0]["field"], "stores");
    many["stores"] = (1..=200).map(named).collect();
    let received = clerk.post_json("/api/v1/batches", &many).await;
    assert_eq!(received.status, StatusCode::CREATED, "{}", received.text());
    assert_eq!(received.json()["cases"].as_array().unwrap().len(), 200);
}

/// The counter's page as a browser sends it.
pub(super) async fn send(client: &mut Client, fields: &[(&str, &str)]) -> crate::harness::Answer {
    let mut body = String::new();
    for (name, value) in fields {
        body.push_str(&format!(
            "--wuchuang-test\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
        ));
    }
    body.push_str("--wuchuang-test--\r\n");
    let request = request(Method::POST, "/staff/batches/new")
        .header(header::CONTENT_TYPE, MULTIPART)
        .body(Body::from(body))
        .unwrap();
    client.send(request).await
}

#[tokio::test]
async fn a_counter_writes_stores_line_by_line_and_reads_what_is_wrong() {
    let test = TestHouse::sqlite().await;
    let county = County::settle(&test.house).await;
    let mut clerk = test.client_as(county.clerk());
    let items = clerk.get("/staff/batches/new").await.text();
    assert!(items.contains("食品经营许可"), "{items}");
    let item = county.standard.to_string();
    let path = format!("/staff/batches/new?item={item}");
    let page = clerk.get(&path).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text());
    let sheet = clerk
        .get(&format!("/staff/batches/new.xlsx?item={item}"))
        .await;
    assert!(sheet.body.starts_with(b"PK"));

    let application = county.standard_application(2);
    let of = |name: &str| application["answers"][name].as_str().unwrap().to_owned();
    let common: Vec<(&str, String)> = [
        "organisation_name",
        "credit_code",
        "representative_name",
        "representative_number",
        "contact_name",
        "contact_phone",
        "organisation_address",
    ]
    .map(|name| (name, of(name)))
    .to_vec();
    let line = |name: &str, area: &str| {
        format!(
            "{name} | 兴盛 | {name}街1号 | 餐饮服务经营者 | 热食类制售、糕点类制售 | {area} | 4 | 王强"
        )
    };
    let number = of("representative_number");
    let mut fields: Vec<(&str, &str)> = common
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    fields.extend([
        ("item", item.as_str()),
        ("command_id", "0192f0c2a4b17c3e9d5566778899aabb"),
        ("batch-handler-name", "李小红"),
        ("batch-handler-number", number.as_str()),
    ]);
    for mark in ["mark-m1", "mark-m2", "mark-m4", "mark-m5", "mark-m6"] {
        fields.push((mark, "complete"));
    }
    fields.extend([("mark-m3", "each"), ("deed", "receive")]);
    let own = |line: String, said: &str| format!("{line} | {said}");
    let wrong = format!("{}\n{}", line("城关店", "60"), line("汉王店", "很大"));
    let mut sent = fields.clone();
    sent.push(("batch-stores", &wrong));
    let refused = send(&mut clerk, &sent).await;
    assert_eq!(
        refused.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "{}",
        refused.text()
    );
    assert!(
        refused.text().contains("第2行“经营面积"),
        "{}",
        refused.text()
    );
    assert!(
        refused.text().contains("汉王店街1号"),
        "what was typed is kept"
    );
    let unsaid = "第1行“城关店”没有说“经营场所平面布局图”交了没有";
    assert!(refused.text().contains(unsaid), "{}", refused.text());

    let right = [
        own(line("城关店", "60"), "3齐全"),
        own(line("汉王店", "80"), "3缺"),
    ];
    let right = right.join("\n");
    fields.push(("batch-stores", &right));
    let mut looked = fields.clone();
    looked.retain(|(name, _)| *name != "deed");
    let looked = send(&mut clerk, &looked).await;
    assert_eq!(looked.status, StatusCode::OK, "{}", looked.text());
    assert!(
        looked.text().contains("核对过了：2家门店的"),
        "{}",
        looked.text()
    );
    let done = send(&mut clerk, &fields).await;
    assert!(
        done.status.is_redirection(),
        "{} {}",
        done.status,
        done.text()
    );
    let whole = clerk.follow(&done).await.text();
    assert!(whole.contains("2 家门店，各自的办件"), "{whole}");
    let twice = send(&mut clerk, &fields).await;
    assert_eq!(
        twice.header("location"),
        done.header("location"),
        "pressed twice"
    );
    let joint = done
        .header("location")
        .split('?')
        .next()
        .unwrap()
        .to_owned();
    let nothing = clerk
        .post(&format!("{joint}/deeds"), &[("deed", "accept")])
        .await;
    assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(nothing.text().contains("请至少勾选一家门店"));
    let (_, rest) = whole.split_once("name=\"cases\" value=\"").expect(&whole);
    let chosen = rest.split('"').next().unwrap().to_owned();
    let fields = [("deed", "accept"), ("cases", chosen.as_str())];
    let accepted = clerk.post(&format!("{joint}/deeds"), &fields).await;
    assert!(accepted.status.is_redirection(), "{}", accepted.text());
    let again = clerk.post(&format!("{joint}/deeds"), &fields).await;
    assert!(
        again.text().contains("城关店 · 食品经营许可核发："),
        "{}",
        again.text()
    );
    let mut reviewer = test.client_as(county.reviewer());
    let other = reviewer.get(&path).await;
    assert_eq!(other.status, StatusCode::FORBIDDEN);
    test.check_ledger("SQLite").await;
}
