//! Deadlines besides the case's own, and why one moved.

use jiff::SignedDuration;
use serde_json::json;
use wuchuang_kernel::Role;

use super::{accepted, must, page, receive};
use crate::{
    county::{County, resident},
    harness::{TestHouse, staff},
};

#[tokio::test]
async fn what_is_owed_and_the_limits_of_steps_are_shown_to_everybody_whom_they_bind() {
    let test = TestHouse::sqlite().await;
    let county = County::settle(&test.house).await;
    let mut body = county.standard_application(1);
    body["materials"].as_array_mut().unwrap().truncate(3);
    let case = receive(&test, resident(1), &body).await;
    let owed =
        json!({"conditional": {"materials": ["m4", "m5", "m6"], "days": 2, "undertaken": true}});
    must(&test, county.approver(), &case, "accept", owed).await;

    let office = format!("/staff/cases/{case}");
    let shown = page(&test, county.reviewer(), &office).await;
    assert!(shown.contains("申请人补齐容缺材料 3 份"), "{shown}");
    assert!(shown.contains("11月25日 周三前补齐"), "{shown}");
    let own = format!("/my/cases/{case}");
    let shown = page(&test, resident(1), &own).await;
    assert!(shown.contains("还欠 3 份容缺材料，请在11月25日"), "{shown}");
    let path = format!("/api/v1/cases/{case}/clock");
    let clock = test.client_as(resident(1)).get(&path).await.json();
    assert_eq!(
        clock["supplement"]["limit"]["due_on"], "2026-11-25",
        "{clock}"
    );
    assert_eq!(clock["supplement"]["owed"], 3, "{clock}");
    assert_eq!(clock["supplement"]["is_supplied"], false, "{clock}");
    let steps = clock["steps"].as_array().unwrap();
    for step in steps {
        let name = format!("“{}”环节", step["name"].as_str().unwrap());
        let shown = page(&test, county.reviewer(), &office).await;
        assert!(shown.contains(&name), "{name} {shown}");
    }

    test.clock.advance(SignedDuration::from_hours(24 * 4));
    let shown = page(&test, county.reviewer(), &office).await;
    assert!(shown.contains("已超期 2 个工作日"), "{shown}");
    let shown = page(&test, resident(1), &own).await;
    assert!(shown.contains("补交期限（11月25日"), "{shown}");
}

/// The legal clock ends with the decision; from then on everybody reads the same days of delivery.
#[tokio::test]
async fn after_the_decision_the_applicant_reads_the_same_day_as_the_office() {
    let test = TestHouse::sqlite().await;
    let county = County::settle(&test.house).await;
    let mut body = county.instant_application(1);
    body["delivery"] = json!({"way": "counter"});
    let case = receive(&test, resident(1), &body).await;
    let clock = format!("/api/v1/cases/{case}/clock");
    let before = test.client_as(resident(1)).get(&clock).await.json();
    assert!(before["delivery"].is_null(), "{before}");
    let opinion = json!({"opinion": "准予备案。"});
    must(&test, county.approver(), &case, "accept-and-grant", opinion).await;
    test.clock.advance(SignedDuration::from_hours(24));

    let told = test.client_as(resident(1)).get(&clock).await.json();
    assert_eq!(told["delivery"]["due_on"], "2026-12-07", "{told}");
    assert_eq!(told["delivery"]["left"], "还剩 9 个工作日", "{told}");
    let office = page(&test, county.approver(), &format!("/staff/cases/{case}")).await;
    assert!(office.contains("还剩 9 个工作日"), "{office}");
    assert!(office.contains("12月7日 周一前送达"), "{office}");
    let own = page(&test, resident(1), &format!("/my/cases/{case}")).await;
    assert!(own.contains("还剩 9 个工作日"), "{own}");
    assert!(own.contains("12月7日 周一前送达"), "{own}");
    assert!(!own.contains("按期办结"), "{own}");
    assert!(own.contains("《行政许可法》第四十四条"), "{own}");
}

#[tokio::test]
async fn a_notice_that_moves_a_deadline_explains_it_on_the_case() {
    for (engine, test) in TestHouse::both().await {
        let county = County::settle(&test.house).await;
        test.clock.advance(SignedDuration::from_hours(24 * 35));
        let case = accepted(&test, &county, 1).await;
        let office = format!("/staff/cases/{case}");
        let shown = page(&test, county.reviewer(), &office).await;
        assert!(!shown.contains("工作日历更新"), "{engine} {shown}");

        test.clock.advance(SignedDuration::from_hours(1));
        let fields = [
            ("year", "2027"),
            ("lines", "2027-01-01~2027-01-03 休 元旦"),
            ("step", "import"),
        ];
        let mut administrator = test.client_as(staff(Role::SystemAdministrator));
        let imported = administrator.post("/staff/admin/calendar", &fields).await;
        assert!(
            imported.status.is_redirection(),
            "{engine} {}",
            imported.text()
        );
        let shown = page(&test, county.reviewer(), &office).await;
        assert!(
            shown.contains("工作日历更新：承诺期限不变；法定期限由"),
            "{engine} {shown}"
        );
        assert!(shown.contains("2027年1月1日"), "{engine} {shown}");
        let path = format!("/api/v1/cases/{case}/clock");
        let clock = test.client_as(county.reviewer()).get(&path).await.json();
        let moved = clock["moved"].as_str().unwrap();
        assert!(moved.contains("元旦"), "{engine} {moved}");
        // What is accepted from now on was told the right day.
        test.clock.advance(SignedDuration::from_hours(1));
        let later = accepted(&test, &county, 2).await;
        let shown = page(&test, county.reviewer(), &format!("/staff/cases/{later}")).await;
        assert!(!shown.contains("工作日历更新"), "{engine} {shown}");
    }
}
