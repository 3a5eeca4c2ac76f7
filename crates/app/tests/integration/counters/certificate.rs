//! A licence before the staff: masked until a reason is kept, printed at the desk where it waits, and the print noted in the
//! seal-use ledger.

use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::json;
use wuchuang_kernel::Role;
use wuchuang_ledger::storage::list;

use crate::{
    county::{County, citizen_number},
    harness::{TestHouse, staff},
};

/// What only the whole licence says.
const ADDRESS: &str = "三组12号";

#[derive(Deserialize)]
struct Told {
    channel: String,
}

#[tokio::test]
async fn a_licence_is_masked_revealed_for_a_reason_and_printed_at_the_desk() {
    for (engine, test) in TestHouse::both().await {
        let county = County::settle(&test.house).await;
        let mut clerk = test.client_as(county.clerk());
        let mut body = county.instant_application(1);
        body["delivery"] = json!({"way": "counter"});
        let received = clerk.post_json("/api/v1/cases", &body).await.json();
        let case = received["case"].as_str().unwrap();
        clerk
            .post_json(
                &format!("/api/v1/cases/{case}/accept-and-grant"),
                &json!({"opinion": "准予备案。"}),
            )
            .await;
        test.run_jobs().await;

        // The desk prints what waits there.
        let desk = clerk.get(&format!("/staff/counter/delivery/{case}")).await;
        let desk = desk.text();
        let (_, rest) = desk.split_once("action=\"/staff/licences/").expect(&desk);
        let licence = format!("/staff/licences/{}", &rest[..32]);
        assert!(rest[32..].starts_with("/print"), "{engine} {desk}");
        let printed = clerk.post(&format!("{licence}/print"), &[]).await;
        assert_eq!(
            printed.status,
            StatusCode::OK,
            "{engine} {}",
            printed.text()
        );
        assert!(printed.body.starts_with(b"%PDF"), "{engine}");
        let mut elsewhere = test.client_as(staff(Role::CounterClerk));
        let refused = elsewhere.post(&format!("{licence}/print"), &[]).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{engine}");
        let mut supervisor = test.client_as(county.supervisor());
        let seals = supervisor.get("/staff/licences/seals").await.text();
        assert!(seals.contains("证照打印"), "{engine} {seals}");

        // A colleague of another office sees that it is there, and the rest only for a reason that stays.
        let masked = elsewhere.get(&licence).await.text();
        assert!(masked.contains("王*明"), "{engine} {masked}");
        assert!(
            !masked.contains("王小明") && !masked.contains(ADDRESS),
            "{engine}"
        );
        assert!(!masked.contains("核验码"), "{engine}");
        let file = elsewhere.get(&format!("{licence}/document.pdf")).await;
        assert_eq!(file.status, StatusCode::UNPROCESSABLE_ENTITY, "{engine}");
        let without = elsewhere.post(&format!("{licence}/look"), &[]).await;
        assert_eq!(without.status, StatusCode::UNPROCESSABLE_ENTITY, "{engine}");
        let reason = [("look", "电话核对持证人身份")];
        let looked = elsewhere.post(&format!("{licence}/look"), &reason).await;
        let open = elsewhere.follow(&looked).await.text();
        assert!(
            open.contains("王小明") && open.contains("核验码"),
            "{engine} {open}"
        );
        let key = looked
            .header("location")
            .split_once('?')
            .unwrap()
            .1
            .to_owned();
        let file = elsewhere
            .get(&format!("{licence}/document.pdf?{key}"))
            .await;
        assert_eq!(file.status, StatusCode::OK, "{engine}");
        // The link is worth nothing to somebody else, nor later.
        let passed_on = test
            .client_as(county.reviewer())
            .get(&format!("{licence}?{key}"))
            .await
            .text();
        assert!(!passed_on.contains("王小明"), "{engine}");
        test.clock.advance(jiff::SignedDuration::from_mins(16));
        let later = elsewhere.get(&format!("{licence}?{key}")).await.text();
        assert!(!later.contains("王小明"), "{engine}");
        let kept = supervisor.get(&licence).await.text();
        assert!(kept.contains("电话核对持证人身份"), "{engine} {kept}");
        assert!(!kept.contains(&citizen_number(1)), "{engine}");

        // Who holds it hears when it is revoked.
        let reason = [("reason", "持证人申请注销")];
        let mut approver = test.client_as(county.approver());
        let revoked = approver.post(&format!("{licence}/revoke"), &reason).await;
        assert!(
            revoked.status.is_redirection(),
            "{engine} {}",
            revoked.text()
        );
        let told: Vec<Told> = list(
            test.house.ledger().database().read(),
            "SELECT channel FROM message WHERE template = 'licence_revoked'",
            [],
        )
        .await
        .unwrap();
        let told: Vec<&str> = told.iter().map(|row| row.channel.as_str()).collect();
        assert_eq!(told, ["inbox"], "{engine}");
        test.check_ledger(engine).await;
    }
}
