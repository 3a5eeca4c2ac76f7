//! What an application form can ask, before people and programs: tables of rows, on an item of the demonstration county; and
//! what it need not ask, because a licence or an earlier case answers it (`known`); rows at the counter, in a correction and on the paper (`rows`).

mod attached;
mod known;
mod rows;
mod signing;

use axum::http::StatusCode;
use serde_json::{Value, json};
use wuchuang_access::demo as people;

use crate::{
    county::{County, citizen_number, resident},
    harness::{Client, TestHouse},
    pictures::photograph,
};

/// A town with its village, for the address in an application.
const DIVISIONS: &str = "code,name\n610924102,汉王镇\n610924102200,汉城村\n";
/// The item whose form asks for the members of the household, one a row.
const ITEM: &str = "最低生活保障";

/// A house with the demonstration county's items.
pub(crate) async fn settled(test: &TestHouse) -> (County, String) {
    people::seed(test.house.slices().access(), DIVISIONS, &[])
        .await
        .unwrap();
    let county = County::settle(&test.house).await;
    wuchuang_catalogue::demo::seed(test.house.slices().catalogue())
        .await
        .unwrap();
    let list = test.client().get("/api/v1/items?limit=200").await.json();
    let items = list["items"].as_array().unwrap();
    let item = items.iter().find(|item| item["name"] == ITEM).unwrap();
    (county, item["id"].as_str().unwrap().to_owned())
}

/// Signs in with the code that the demonstration shows on the page, and says who it is.
pub(crate) async fn sign_in(client: &mut Client) {
    sign_in_as(client, 33).await;
}

/// The same for anybody of the first hundred.
async fn sign_in_as(client: &mut Client, serial: u32) {
    let phone = &format!("138915000{serial}");
    let page = client.post("/login/code", &[("phone", phone)]).await.text();
    let (_, rest) = page.split_once("演示环境：验证码 ").expect(&page);
    let code = rest[..6].to_owned();
    let done = client
        .post("/login", &[("phone", phone), ("code", &code)])
        .await;
    assert!(done.status.is_redirection(), "{}", done.text());
    let number = citizen_number(serial);
    let profile = [("name", "王小明"), ("number", number.as_str())];
    let saved = client.post("/my/profile", &profile).await;
    assert!(saved.status.is_redirection(), "{}", saved.text());
}

/// Begins an application and fills in who applies; tells the address of the draft.
pub(crate) async fn begin(citizen: &mut Client, item: &str) -> String {
    let key = [("command_id", "0192f0c2a4b17c3e9d55667788990001")];
    let begun = citizen.post(&format!("/apply/{item}"), &key).await;
    assert!(begun.status.is_redirection(), "{}", begun.text());
    let draft = begun.header("location").replace("/form/1", "");
    let number = citizen_number(33);
    let who = [
        ("name", "王小明"),
        ("number", number.as_str()),
        ("phone", "13891500033"),
        ("address_village", "610924102200"),
    ];
    let saved = citizen.post(&format!("{draft}/form/1"), &who).await;
    assert!(saved.status.is_redirection(), "{}", saved.text());
    draft
}

/// What the second page asks besides the table.
const REST: [(&str, &str); 4] = [
    ("monthly_income", "800"),
    ("property", "土房三间"),
    ("poverty_reason", "因病"),
    ("check_agreed", "true"),
];

fn with<'a>(rows: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    rows.iter().copied().chain(REST).collect()
}

#[tokio::test]
async fn a_household_is_written_row_by_row_and_read_by_whoever_handles_it() {
    for (engine, test) in TestHouse::both().await {
        let (county, item) = settled(&test).await;
        let mut citizen = test.client();
        sign_in(&mut citizen).await;
        let draft = begin(&mut citizen, &item).await;
        let (own, wife) = (citizen_number(33), citizen_number(34));
        let page = format!("{draft}/form/2");
        let first = [
            ("family.rows", "1"),
            ("family.0.name", "王小明"),
            ("family.0.relation", "本人"),
            ("family.0.number", own.as_str()),
            ("family.0.occupation", "务农"),
        ];

        // A row is added without a script: what was typed stays, also what is not whole yet.
        let mut adding = first.to_vec();
        adding.extend([("family.add", "1"), ("property", "土房三间")]);
        let grown = citizen.post(&page, &adding).await;
        assert_eq!(grown.status, StatusCode::OK, "{engine} {}", grown.text());
        let grown = grown.text();
        assert!(
            grown.contains("family.1.name") && grown.contains(&own) && grown.contains("土房三间"),
            "{engine} {grown}"
        );
        assert!(!grown.contains("error-summary"), "{engine} {grown}");
        // The draft keeps the row that was written, and not the one that was only added.
        let kept = citizen.get(&page).await.text();
        assert!(
            kept.contains(&own) && !kept.contains("family.1.name"),
            "{engine} {kept}"
        );

        let mut wrong = first.to_vec();
        wrong.extend([("family.1.name", "李芳"), ("family.1.number", "610924")]);
        let refused = citizen.post(&page, &with(&wrong)).await.text();
        for words in [
            "共同生活的家庭成员第 2 行：请选择与申请人关系",
            "共同生活的家庭成员第 2 行：公民身份号码",
            "href=\"#field-family.1.number\"",
            "李芳",
        ] {
            assert!(refused.contains(words), "{engine} {words} {refused}");
        }

        let mut right = first.to_vec();
        right.extend([
            ("family.1.name", "李芳"),
            ("family.1.relation", "配偶"),
            ("family.1.number", wife.as_str()),
            ("family.1.occupation", "没有劳动能力"),
        ]);
        let saved = citizen.post(&page, &with(&right)).await;
        assert!(saved.status.is_redirection(), "{engine} {}", saved.text());

        let case = hand_in(&mut citizen, &draft).await;
        let path = format!("/staff/cases/{case}");
        let desk = test.client_as(county.supervisor()).get(&path).await.text();
        let masked = format!("610924********{}", &wife[14..]);
        let line = format!(
            "2. 姓名 李芳；与申请人关系 配偶；公民身份号码 {masked}；就业或就学情况 没有劳动能力"
        );
        assert!(desk.contains(&line), "{engine} {desk}");
        assert!(!desk.contains(&wife), "{engine}");
        test.check_ledger(engine).await;

        refuses_programs(&test, engine, &item).await;
    }
}

/// Hands the papers and the application in; tells the case.
async fn hand_in(citizen: &mut Client, draft: &str) -> String {
    for material in 1..=4 {
        let path = format!("{draft}/materials/m{material}");
        let taken = citizen.upload(&path, "材料.png", &photograph()).await;
        assert!(taken.status.is_redirection(), "{path}: {}", taken.text());
    }
    let delivery = [("method", "counter"), ("address", "")];
    citizen.post(&format!("{draft}/delivery"), &delivery).await;
    let check = format!("{draft}/check");
    let summary = citizen.get(&check).await.text();
    assert!(
        summary.contains("1. 姓名 王小明；与申请人关系 本人"),
        "{summary}"
    );
    let (_, rest) = summary
        .split_once("name=\"command_id\" value=\"")
        .expect(&summary);
    let key = rest[..36].split('"').next().unwrap().to_owned();
    let send = [("command_id", key.as_str()), ("declared", "true")];
    let sent = citizen.post(&check, &send).await;
    assert!(sent.status.is_redirection(), "{}", sent.text());
    let (_, case) = sent.header("location").split_once("/apply/done/").unwrap();
    case.to_owned()
}

/// Programs meet the same rule, and are told the cell.
async fn refuses_programs(test: &TestHouse, engine: &str, item: &str) {
    let number = citizen_number(2);
    let body = |family: Value| {
        json!({
            "item": item,
            "applicant": {"kind": "person", "name": "王小明", "number": number, "phone": "13891500000"},
            "answers": {
                "name": "王小明", "number": number, "phone": "13891500000", "address_village": "610924102200",
                "family": family, "monthly_income": "800.00", "property": "无", "poverty_reason": "因病", "check_agreed": true,
            },
            "materials": (1..=4).map(|paper| json!({"requirement": format!("m{paper}"), "paper_copies": 1})).collect::<Vec<_>>(),
            "delivery": {"way": "counter"},
        })
    };
    let row = json!({"name": "王小明", "relation": "本人", "number": number, "occupation": "务农"});
    let mut strange = row.clone();
    strange["relation"] = json!("邻居");
    for (family, field) in [
        (json!([]), "answers.family"),
        (json!([row, strange]), "answers.family.1.relation"),
        (json!(vec![&row; 16]), "answers.family"),
    ] {
        let answer = test
            .client_as(resident(2))
            .post_json("/api/v1/cases", &body(family))
            .await;
        assert_eq!(
            answer.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{engine} {field} {}",
            answer.text()
        );
        assert_eq!(
            answer.json()["errors"][0]["field"],
            field,
            "{engine} {}",
            answer.text()
        );
    }
}
