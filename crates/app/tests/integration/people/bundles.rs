//! Life-event bundles before people: trees, guide by situation, one application for several items, the staff's pages; all
//! without JavaScript.

use axum::http::StatusCode;
use serde_json::json;
use wuchuang_access::demo as people;
use wuchuang_bundles::{demo, identity::bundle_of_key, joined::item_of};
use wuchuang_catalogue::identity::item_of_key;
use wuchuang_kernel::{Role, china_date};

use crate::{
    county::{County, citizen_number, resident},
    harness::{Client, TestHouse, staff},
    pictures::photograph,
};

async fn house() -> TestHouse {
    house_on(TestHouse::sqlite().await).await.0
}

/// A town with its village, for the address in an application.
const DIVISIONS: &str = "code,name\n610924102,汉王镇\n610924102200,汉城村\n";

pub(crate) async fn house_on(test: TestHouse) -> (TestHouse, County) {
    people::seed(test.house.slices().access(), DIVISIONS, &[])
        .await
        .unwrap();
    let county = County::settle(&test.house).await;
    let slices = test.house.slices();
    wuchuang_catalogue::demo::seed(slices.catalogue())
        .await
        .unwrap();
    demo::seed(slices.bundles()).await.unwrap();
    (test, county)
}

#[tokio::test]
async fn a_situation_chooses_and_what_is_not_online_is_told() {
    let test = house().await;
    let mut anyone = test.client();
    let trees = anyone.get("/bundles").await.text();
    for words in ["人生 9 件事", "企业 3 件事", "就业创业", "我要开洗车行"] {
        assert!(trees.contains(words), "{words}");
    }
    assert!(
        !trees.contains("cross-checked"),
        "remarks of the file reach a page"
    );
    let guide = format!("/bundles/{}", bundle_of_key("B03"));
    let all = anyone.get(&guide).await.text();
    assert!(all.contains("失业登记") && !all.contains("href=\"/apply/"));
    let founder = anyone.get(&format!("{guide}?now=founder")).await.text();
    assert!(founder.contains("个体工商户设立登记") && founder.contains("/apply/"));
    assert!(founder.contains("本县系统未开通网上办理，请到人力资源和社会保障局办理。"));
    assert!(
        !founder.contains("失业登记"),
        "the situation does not need it"
    );
    let unknown = anyone.get(&format!("{guide}?now=moon&sun=x")).await;
    assert_eq!(unknown.status, StatusCode::OK);
    let nowhere = anyone
        .get("/bundles/00000000000000000000000000000001")
        .await;
    assert_eq!(nowhere.status, StatusCode::NOT_FOUND);
}

/// Signs in with the code that the demonstration shows on the page, and says who it is.
async fn sign_in(client: &mut Client) {
    let phone = "13891500033";
    let page = client.post("/login/code", &[("phone", phone)]).await.text();
    let (_, rest) = page.split_once("演示环境：验证码 ").expect(&page);
    let code = rest[..6].to_owned();
    let done = client
        .post("/login", &[("phone", phone), ("code", &code)])
        .await;
    assert!(done.status.is_redirection(), "{}", done.text());
    let number = citizen_number(33);
    let profile = [("name", "王小明"), ("number", number.as_str())];
    let saved = client.post("/my/profile", &profile).await;
    assert!(saved.status.is_redirection(), "{}", saved.text());
}

/// What each item costs, as its rules say.
async fn charge(test: &TestHouse, costs: &[(&str, &str)]) {
    let mut manager = test.client_as(staff(Role::CatalogueManager));
    let today = china_date(test.house.ledger().now()).to_string();
    for (code, yuan) in costs {
        let rules = format!(
            "<definitions xmlns=\"https://www.omg.org/spec/DMN/20191111/MODEL/\" id=\"d\" name=\"d\" namespace=\"urn:test\"><decision id=\"c\" name=\"缴费\"><variable id=\"v\" name=\"缴费\"/><literalExpression id=\"l\"><text>{yuan}</text></literalExpression></decision></definitions>"
        );
        let item = item_of_key(code);
        for (deed, body) in [
            ("rules", json!({"xml": rules, "fee": "缴费"})),
            ("publish", json!({ "effective_from": today })),
        ] {
            let path = format!("/api/v1/items/{item}/{deed}");
            let answer = manager.post_json(&path, &body).await;
            assert!(answer.status.is_success(), "{deed} {}", answer.text());
        }
    }
}

/// Fills the application in, page by page, and tells the address of its last page.
async fn fill_in(citizen: &mut Client, draft: &str) -> String {
    let number = citizen_number(33);
    let groups: [&[(&str, &str)]; 4] = [
        &[
            ("name", "王小明"),
            ("number", &number),
            ("phone", "13891500033"),
            ("address_village", "610924102200"),
        ],
        &[("group_kind", "不是")],
        &[("insured_year", "2027"), ("person_kind", "成年居民")],
        &[
            ("household", "农业"),
            ("grade", "500"),
            ("bank_account", "6228480402564890"),
        ],
    ];
    for (place, fields) in groups.iter().enumerate() {
        let path = format!("{draft}/form/{}", place + 1);
        let saved = citizen.post(&path, fields).await;
        assert!(saved.status.is_redirection(), "{path}: {}", saved.text());
    }
    for material in 1..=4 {
        let path = format!("{draft}/materials/m{material}");
        let taken = citizen.upload(&path, "材料.png", &photograph()).await;
        assert!(taken.status.is_redirection(), "{path}: {}", taken.text());
    }
    let delivery = [("method", "counter"), ("address", "")];
    citizen.post(&format!("{draft}/delivery"), &delivery).await;
    format!("{draft}/check")
}

#[tokio::test]
async fn several_items_are_applied_for_with_one_form_and_one_number() {
    for (engine, test) in [
        ("SQLite", house_on(TestHouse::sqlite().await).await.0),
        ("PostgreSQL", house_on(TestHouse::postgres().await).await.0),
    ] {
        charge(&test, &[("I31", "400"), ("I30", "100.5")]).await;
        let mut citizen = test.client();
        sign_in(&mut citizen).await;
        let bundle = item_of(bundle_of_key("B05"));
        let start = format!("/apply/{bundle}?who=resident");
        let page = citizen.get(&start).await;
        assert_eq!(page.status, StatusCode::OK, "{engine} {}", page.text());
        for item in ["城乡居民养老保险参保登记", "城乡居民基本医疗保险参保登记"]
        {
            assert!(page.text().contains(item), "{engine} {item}");
        }
        let key = [("command_id", "0192f0c2a4b17c3e9d5566778899aabb")];
        let begun = citizen.post(&start, &key).await;
        let first = citizen.follow(&begun).await.text();
        assert_eq!(first.matches("name=\"number\"").count(), 1, "{engine}");
        let drafts = citizen.get("/my/drafts").await.text();
        assert!(drafts.contains("参保就医"), "{engine} {drafts}");
        let draft = begun.header("location").replace("/form/1", "");
        let check = fill_in(&mut citizen, &draft).await;
        let summary = citizen.get(&check).await.text();
        for cost in ["400 元", "100.50 元", "合计：500.50 元"] {
            assert!(summary.contains(cost), "{engine} {cost} {summary}");
        }
        let (_, rest) = summary
            .split_once("name=\"command_id\" value=\"")
            .expect(&summary);
        let key = rest[..36].split('"').next().unwrap().to_owned();
        let send = [("command_id", key.as_str()), ("declared", "true")];
        let sent = citizen.post(&check, &send).await;
        let whole = sent.header("location").to_owned();
        assert!(
            whole.starts_with("/my/joints/"),
            "{engine} {whole} {}",
            sent.text()
        );
        let received = citizen.follow(&sent).await.text();
        assert!(
            received.contains("0YJS") && received.contains("2 个事项，已办完 0 个"),
            "{engine} {received}"
        );
        // The button was pressed twice.
        let again = citizen.post(&check, &send).await;
        assert_eq!(again.header("location"), whole, "{engine} {}", again.text());
        let mine = citizen.get("/my").await.text();
        assert_eq!(
            mine.matches("城乡居民养老保险参保登记").count(),
            1,
            "{engine} {mine}"
        );
        // Nobody else sees it.
        let mut other = test.client_as(resident(2));
        assert_eq!(
            other.get(&whole).await.status,
            StatusCode::NOT_FOUND,
            "{engine}"
        );
        test.check_ledger(engine).await;
        // Nothing can be applied for in a situation that needs nothing here.
        let nothing = citizen.get(&format!("/apply/{bundle}?also=chronic")).await;
        assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY, "{engine}");
    }
}

/// What was filled in page by page, in one body.
pub(crate) fn joint_application() -> serde_json::Value {
    let number = citizen_number(33);
    let papers =
        (1..=4).map(|paper| json!({"requirement": format!("m{paper}"), "paper_copies": 1}));
    json!({
        "bundle": bundle_of_key("B05").to_string(),
        "situation": [{"question": "who", "answer": "resident"}],
        "applicant": {"kind": "person", "name": "王小明", "number": number, "phone": "13891500033"},
        "answers": {
            "name": "王小明", "number": number, "phone": "13891500033", "address_village": "610924102200",
            "group_kind": "不是", "insured_year": 2027, "person_kind": "成年居民", "household": "农业",
            "grade": "500", "bank_account": "6228480402564890",
        },
        "materials": papers.collect::<Vec<_>>(),
        "delivery": {"way": "counter"},
    })
}

#[tokio::test]
async fn a_program_hands_in_for_several_items_once() {
    for (engine, test) in TestHouse::both().await {
        people::seed(test.house.slices().access(), DIVISIONS, &[])
            .await
            .unwrap();
        let county = County::settle(&test.house).await;
        let slices = test.house.slices();
        wuchuang_catalogue::demo::seed(slices.catalogue())
            .await
            .unwrap();
        demo::seed(slices.bundles()).await.unwrap();
        let mut counter = test.client_as(county.clerk());
        let body = joint_application();
        let mut unanswered = body.clone();
        unanswered["situation"] = json!([]);
        let refused = counter.post_json("/api/v1/joints", &unanswered).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{engine}");
        assert_eq!(
            refused.json()["errors"][0]["field"],
            "situation",
            "{engine} {}",
            refused.text()
        );
        let mut wrong = body.clone();
        wrong["answers"]["grade"] = json!("1");
        let refused = counter.post_json("/api/v1/joints", &wrong).await;
        assert_eq!(
            refused.json()["errors"][0]["field"],
            "answers.grade",
            "{engine} {}",
            refused.text()
        );

        let key = "one-for-both";
        let first = counter.command("/api/v1/joints", key, &body).await;
        assert_eq!(
            first.status,
            StatusCode::CREATED,
            "{engine} {}",
            first.text()
        );
        let again = counter.command("/api/v1/joints", key, &body).await;
        assert_eq!(again.json(), first.json(), "{engine}: the key makes one");
        assert_eq!(
            first.json()["cases"].as_array().unwrap().len(),
            2,
            "{engine}"
        );
        let mut other = body.clone();
        other["answers"]["grade"] = json!("200");
        let reused = counter.command("/api/v1/joints", key, &other).await;
        assert!(
            reused.status.is_client_error(),
            "{engine} {}",
            reused.text()
        );

        let joint = first.json()["joint"].as_str().unwrap().to_owned();
        let path = format!("/api/v1/joints/{joint}/inspections");
        let none = counter.get(&path).await.json();
        assert_eq!(none["items"], json!([]), "{engine}");
        // Nobody leads where nothing is looked at.
        let arrange =
            json!({"kind": "survey", "at": "2026-11-25T09:30:00", "place": "汉王镇", "parts": []});
        let nobody = counter.post_json(&path, &arrange).await;
        assert_eq!(
            nobody.status,
            StatusCode::FORBIDDEN,
            "{engine} {}",
            nobody.text()
        );
        test.check_ledger(engine).await;
    }
}

#[tokio::test]
async fn what_the_house_has_is_taken_once_under_one_key() {
    for (engine, test) in TestHouse::both().await {
        let (test, county) = house_on(test).await;
        let mut counter = test.client_as(county.clerk());
        let scan = counter
            .upload("/api/v1/files", "材料.png", &photograph())
            .await;
        let mut body = joint_application();
        let file = json!({"sha256": scan.json()["sha256"], "name": "材料.png"});
        body["materials"][0] = json!({"requirement": "m1", "files": [file]});
        let earlier = counter.command("/api/v1/joints", "earlier", &body).await;
        assert_eq!(earlier.status, StatusCode::CREATED, "{}", earlier.text());
        let case = earlier.json()["cases"][0].as_str().unwrap().to_owned();
        let case = counter.get(&format!("/api/v1/cases/{case}")).await.json();
        test.clock.advance(jiff::SignedDuration::from_mins(1));

        let asked = json!({"item": case["item"], "number": citizen_number(33)});
        let list = counter.post_json("/api/v1/cases/substitutes", &asked).await;
        let list = list.json();
        let mut items = list["items"].as_array().unwrap().iter();
        let offered = items.find(|item| item["offers"] != json!([]));
        let offer = &offered.unwrap_or_else(|| panic!("{engine} {list}"))["offers"][0]["reuse"];
        body["materials"][0] = json!({"requirement": "m1", "reuse": offer});
        let first = counter.command("/api/v1/joints", "reused", &body).await;
        assert_eq!(
            first.status,
            StatusCode::CREATED,
            "{engine} {}",
            first.text()
        );
        test.clock.advance(jiff::SignedDuration::from_mins(1));
        // What is offered has changed by now; the same key is the same application all the same.
        let again = counter.command("/api/v1/joints", "reused", &body).await;
        assert_eq!(again.json(), first.json(), "{engine} {}", again.text());
        test.check_ledger(engine).await;
    }
}

#[tokio::test]
async fn managers_bring_bundles_in_and_out_and_read_what_is_saved() {
    let test = house().await;
    let mut manager = test.client_as(staff(Role::CatalogueManager));
    let listed = manager.get("/staff/bundles").await.text();
    assert!(listed.contains("就业创业") && listed.contains("导入"));
    let file = manager.get("/staff/bundles/export.yaml").await;
    let wrong = file.text().replace("code: I34", "code: ''");
    let refused = manager
        .upload("/staff/bundles/import", "bundles.yaml", wrong.as_bytes())
        .await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text().contains("缺少编码"), "{}", refused.text());
    let renamed = file.text().replace("name: 就业创业", "name: 就业和创业");
    let taken = manager
        .upload("/staff/bundles/import", "bundles.yaml", renamed.as_bytes())
        .await;
    let after = manager.follow(&taken).await.text();
    assert!(after.contains("1 件有修改"), "{after}");
    let one = format!("/staff/bundles/{}", bundle_of_key("B03"));
    assert!(manager.get(&one).await.text().contains("有修改") || after.contains("有修改待发布"));
    let published = manager.post(&format!("{one}/publish"), &[]).await;
    assert!(published.status.is_redirection(), "{}", published.text());
    let guide = format!("/bundles/{}", bundle_of_key("B03"));
    assert!(
        test.client()
            .get(&guide)
            .await
            .text()
            .contains("就业和创业")
    );
    let speed = manager.get("/staff/bundles/speed").await;
    assert_eq!(speed.status, StatusCode::OK);
    assert!(speed.text().contains("企业经营"));
    let book = manager.get("/staff/bundles/speed.xlsx").await;
    assert!(book.body.starts_with(b"PK"));
    let mut clerk = test.client_as(staff(Role::CounterClerk));
    let joints = clerk.get("/staff/joints").await;
    assert_eq!(joints.status, StatusCode::OK);
    assert_eq!(
        clerk.get("/staff/bundles/speed").await.status,
        StatusCode::FORBIDDEN
    );
}
