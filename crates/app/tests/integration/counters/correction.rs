//! A citizen who has another phone comes to the counter: the record is mended with a reason, the lost phone no longer
//! signs in, and the ledger keeps who did it and why, sealed.

use axum::http::StatusCode;
use wuchuang_access::model::citizen::{CitizenEvent, CitizenStream};
use wuchuang_kernel::{Actor, PersonId};
use wuchuang_webkit::Visitor;

use crate::{
    county::{County, citizen_number},
    harness::{Client, TestHouse},
};

const LOST: &str = "13891500011";
const NEW: &str = "13891500022";

/// Signs in with the code that the demonstration shows on the page.
async fn sign_in(client: &mut Client, phone: &str) {
    let page = client.post("/login/code", &[("phone", phone)]).await.text();
    let (_, rest) = page.split_once("演示环境：验证码 ").expect(&page);
    let code = rest[..6].to_owned();
    let done = client
        .post("/login", &[("phone", phone), ("code", &code)])
        .await;
    assert!(done.status.is_redirection(), "{}", done.text());
}

#[tokio::test]
async fn a_lost_phone_is_mended_at_the_counter() {
    for (engine, test) in TestHouse::both().await {
        let county = County::settle(&test.house).await;
        let mut citizen = test.client();
        sign_in(&mut citizen, LOST).await;
        let number = citizen_number(7);
        let profile = [("name", "王小名"), ("number", number.as_str())];
        let saved = citizen.post("/my/profile", &profile).await;
        assert!(saved.status.is_redirection(), "{engine} {}", saved.text());

        let clerk: Visitor = county.clerk();
        let mut counter = test.client_as(clerk.clone());
        let met = counter.post("/staff/counter", &[("q", &number)]).await;
        let desk = counter.follow(&met).await.text();
        let person: PersonId = met.header("location")[22..].parse().unwrap();
        let path = format!("/staff/counter/people/{person}/correct");
        assert!(
            desk.contains(&format!("href=\"{path}\"")),
            "{engine} {desk}"
        );

        let without = [("name", "王小明"), ("phone", NEW)];
        let refused = counter.post(&path, &without).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{engine}");
        assert!(refused.text().contains("请填写更正的理由"), "{engine}");
        let mended = [
            ("name", "王小明"),
            ("phone", NEW),
            ("reason", "换了手机号，姓名登记时写错一字"),
        ];
        let sent = counter.post(&path, &mended).await;
        let desk = counter.follow(&sent).await.text();
        assert!(
            desk.contains("王小明") && desk.contains(NEW),
            "{engine} {desk}"
        );

        // The old phone is nobody's any more, and its session has ended.
        test.clock.advance(jiff::SignedDuration::from_secs(30));
        let gone = citizen.get("/my/profile").await;
        assert_ne!(gone.status, StatusCode::OK, "{engine}");
        // The new one finds the person through the profile.
        let mut again = test.client();
        sign_in(&mut again, NEW).await;
        let profile = [("name", "王小明"), ("number", number.as_str())];
        let joined = again.post("/my/profile", &profile).await;
        assert!(joined.status.is_redirection(), "{engine} {}", joined.text());

        let (ledger, region) = (test.house.ledger(), test.house.configuration().site.region);
        let records = ledger
            .records("citizen", region, person.into())
            .await
            .unwrap();
        let mended = records
            .iter()
            .find(|record| record.event_type == "corrected" && record.event_version == 2)
            .unwrap_or_else(|| panic!("{engine}: no correction"));
        let actor: Actor = serde_json::from_str(&mended.actor).unwrap();
        assert_eq!(actor.person, clerk.person());
        assert!(
            !mended.payload.contains("手机号"),
            "{engine}: the reason lies open"
        );
        let (event, _, _) = ledger
            .event_at::<CitizenStream>(region, person.into(), mended.version)
            .await
            .unwrap()
            .unwrap();
        assert!(
            matches!(event, CitizenEvent::CorrectedV2 { reason, .. } if reason.text().starts_with("换了手机号")),
            "{engine}"
        );
        test.check_ledger(engine).await;
    }
}
