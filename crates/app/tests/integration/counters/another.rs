//! Whoever acts for several organisations hands in nobody else's papers: the counter and the portal offer what the organisation
//! has that applies, and what was taken for another one stands in the way.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::{
    county::{County, citizen_number, credit_code},
    forms::{settled, sign_in},
    harness::{Answer, Client, TestHouse},
    pictures::photograph,
};

/// Who acts for both.
const HANDLER: u32 = 33;
const MINE: u32 = 33;
const OTHER: u32 = 34;

/// An application of an organisation with a scanned plan, which the house has from then on.
async fn hand_in_plan(clerk: &mut Client, county: &County, organisation: u32) -> String {
    let page = 1 + u8::try_from(organisation - MINE).unwrap();
    let content = format!("%PDF-1.7\n% page {page}\n1 0 obj\n<<>>\nendobj\n%%EOF");
    let plan = clerk
        .upload("/api/v1/files", "平面图.pdf", content.as_bytes())
        .await;
    assert_eq!(plan.status, StatusCode::CREATED, "{}", plan.text());
    let mut body = county.standard_application(organisation);
    let handler = json!({"name": "王小明", "number": citizen_number(HANDLER)});
    body["applicant"]["handler"] = handler;
    let file = json!({"sha256": plan.json()["sha256"], "name": "平面图.pdf"});
    body["materials"][1] = json!({"requirement": "m2", "files": [file]});
    let received = clerk.post_json("/api/v1/cases", &body).await;
    assert_eq!(received.status, StatusCode::CREATED, "{}", received.text());
    received.json()["case"].as_str().unwrap().to_owned()
}

/// The form of an application of an organisation.
fn answers(organisation: u32) -> Vec<(String, String)> {
    let text = |value: &str| value.to_owned();
    vec![
        (
            text("organisation_name"),
            format!("紫阳县兴盛餐饮店{organisation}"),
        ),
        (text("credit_code"), credit_code(organisation)),
        (text("representative_name"), text("王小明")),
        (text("representative_number"), citizen_number(HANDLER)),
        (text("contact_name"), text("王小明")),
        (text("contact_phone"), text("13891500033")),
        (text("organisation_address"), text("城关镇河堤路12号")),
        (text("shop_name"), text("兴盛餐饮店")),
        (text("premises"), text("城关镇河堤路12号")),
        (text("business_type"), text("餐饮服务经营者")),
        (text("projects"), text("热食类制售")),
        (text("area"), text("60")),
        (text("staff_count"), text("4")),
        (text("safety_manager"), text("王强")),
    ]
}

struct Counter {
    client: Client,
    page: String,
}

impl Counter {
    /// Presses a button for an organisation; the plan is marked as one that the house has.
    async fn press(&mut self, deed: &str, organisation: u32, seen: &str) -> Answer {
        let mut fields = answers(organisation);
        let key = format!("0192f0c2a4b17c3e9d55667788{organisation:06}");
        let rest = [
            ("command_id", key.as_str()),
            ("deed", deed),
            ("delivery-method", "counter"),
            ("mark-m1", "complete"),
            ("mark-m2", "exempt"),
            ("offer-m2", seen),
            ("mark-m3", "complete"),
            ("mark-m4", "complete"),
            ("mark-m5", "complete"),
            ("mark-m6", "complete"),
        ];
        fields.extend(rest.map(|(name, value)| (name.to_owned(), value.to_owned())));
        let fields: Vec<(&str, &str)> = fields
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        self.client.press(&self.page, &fields).await
    }
}

/// What a page offers for the plan; `None` when it offers nothing.
fn offered(page: &str) -> Option<String> {
    let (_, rest) = page.split_once("name=\"offer-m2\" value=\"")?;
    Some(rest.split('"').next().unwrap().to_owned())
}

#[tokio::test]
async fn the_counter_offers_the_papers_of_the_organisation_that_applies() {
    for (engine, test) in TestHouse::both().await {
        let county = County::settle(&test.house).await;
        let mut clerk = test.client_as(county.clerk());
        let case = hand_in_plan(&mut clerk, &county, MINE).await;
        let mut supervisor = test.client_as(county.supervisor());
        let read: Value = supervisor
            .get(&format!("/api/v1/cases/{case}"))
            .await
            .json();
        let person = read["applicant"]["person"].as_str().unwrap();
        let mut counter = Counter {
            page: format!("/staff/counter/receive/{}/{person}", county.standard),
            client: test.client_as(county.clerk()),
        };
        test.clock.advance(jiff::SignedDuration::from_mins(1));

        let mine = counter.press("check", MINE, "").await.text();
        let mine = offered(&mine).unwrap_or_else(|| panic!("{engine} {mine}"));
        let other = counter.press("accept", OTHER, &mine).await;
        assert_eq!(other.status, StatusCode::UNPROCESSABLE_ENTITY, "{engine}");
        let other = other.text();
        assert_eq!(offered(&other), None, "{engine} {other}");
        assert!(other.contains("还缺"), "{engine} {other}");

        // It has a plan of its own by now: that one is offered, and is not what was seen and marked.
        hand_in_plan(&mut clerk, &county, OTHER).await;
        test.clock.advance(jiff::SignedDuration::from_mins(1));
        let swapped = counter.press("accept", OTHER, &mine).await;
        let swapped = swapped.text();
        let theirs = offered(&swapped).unwrap_or_else(|| panic!("{engine} {swapped}"));
        assert_ne!(theirs, mine, "{engine}");
        assert!(swapped.contains("还缺"), "{engine} {swapped}");

        // Pressed twice: one case, although it has papers of its own since.
        let mut places = Vec::new();
        for _ in 0..2 {
            let filed = counter.press("accept", OTHER, &theirs).await;
            assert_eq!(
                filed.status,
                StatusCode::SEE_OTHER,
                "{engine} {}",
                filed.text()
            );
            places.push(filed.header("location").to_owned());
        }
        assert_eq!(places[0], places[1], "{engine}");
        test.check_ledger(engine).await;
    }
}

/// Writes who applies, and everything else that the form asks.
async fn write(citizen: &mut Client, draft: &str, organisation: u32) {
    let fields = answers(organisation);
    let fields: Vec<(&str, &str)> = fields
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    for group in 1.. {
        let page = format!("{draft}/form/{group}");
        let saved = citizen.post(&page, &fields).await;
        if saved.status == StatusCode::NOT_FOUND {
            return;
        }
        assert!(saved.status.is_redirection(), "{page} {}", saved.text());
    }
}

#[tokio::test]
async fn the_portal_offers_the_papers_of_the_organisation_that_applies() {
    const FOREIGN: &str = "是另一家单位的，请换成现在申请的单位的，或者重新上传。";
    for (engine, test) in TestHouse::both().await {
        let (county, _) = settled(&test).await;
        let mut citizen = test.client();
        sign_in(&mut citizen).await;
        let mut clerk = test.client_as(county.clerk());
        hand_in_plan(&mut clerk, &county, MINE).await;
        let key = [("command_id", "0192f0c2a4b17c3e9d55667788990044")];
        let begun = citizen
            .post(&format!("/apply/{}", county.standard), &key)
            .await;
        assert!(begun.status.is_redirection(), "{}", begun.text());
        let draft = begun.header("location").replace("/form/1", "");
        let (material, check) = (format!("{draft}/materials/m2"), format!("{draft}/check"));

        write(&mut citizen, &draft, OTHER).await;
        let shown = citizen.get(&material).await.text();
        assert!(!shown.contains("value=\"case:"), "{engine} {shown}");

        write(&mut citizen, &draft, MINE).await;
        let shown = citizen.get(&material).await.text();
        let (_, rest) = shown.split_once("value=\"case:").expect(&shown);
        let offer = format!("case:{}", rest.split('"').next().unwrap());
        let taken = citizen
            .post(&format!("{material}/reuse"), &[("offer", &offer)])
            .await;
        assert!(taken.status.is_redirection(), "{engine} {}", taken.text());
        let summary = citizen.get(&check).await.text();
        assert!(!summary.contains(FOREIGN), "{engine} {summary}");

        // Taken first, and for somebody else afterwards.
        write(&mut citizen, &draft, OTHER).await;
        let summary = citizen.get(&check).await.text();
        assert!(summary.contains(FOREIGN), "{engine} {summary}");
        let send = citizen.post(&check, &[("declared", "true")]).await;
        assert!(!send.status.is_redirection(), "{engine}");
        let shown = citizen.get(&material).await.text();
        assert!(
            shown.contains(FOREIGN) && !shown.contains("value=\"case:"),
            "{engine} {shown}"
        );
        let uploaded = citizen.upload(&material, "平面图.png", &photograph()).await;
        assert!(uploaded.status.is_redirection(), "{}", uploaded.text());
        let summary = citizen.get(&check).await.text();
        assert!(!summary.contains(FOREIGN), "{engine} {summary}");
    }
}
