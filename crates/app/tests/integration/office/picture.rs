//! A drawn process as people see it: on the guide, on the pages of a case with its position lit, in the designer, and in a
//! run-through that writes nothing.

use axum::http::StatusCode;
use serde_json::json;
use wuchuang_kernel::{Role, SessionId};
use wuchuang_webkit::{Citizen, Visitor};

use super::{accepted, must, page};
use crate::{
    county::{County, DRAWING},
    harness::{TestHouse, staff},
};

/// The applicant of a case, signed in.
async fn applicant(test: &TestHouse, county: &County, case: &str) -> Visitor {
    let path = format!("/api/v1/cases/{case}");
    let seen = test.client_as(county.supervisor()).get(&path).await.json();
    Visitor::Citizen(Citizen {
        person: seen["applicant"]["person"]
            .as_str()
            .unwrap()
            .parse()
            .unwrap(),
        session: SessionId::from_u128(9),
        name: "王小明".to_owned(),
        phone: "13891500000".to_owned(),
    })
}

fn is_marked(page: &str, element: &str, class: &str) -> bool {
    page.contains(&format!(
        "class=\"task human {class}\" data-element=\"{element}\""
    ))
}

#[tokio::test]
async fn a_case_shows_where_it_is_in_the_drawing() {
    for (engine, test) in TestHouse::both().await {
        let county = County::settle(&test.house).await;
        county.draw(&test).await;
        let guide = format!("/guides/{}", county.standard);
        let shown = test.client().get(&guide).await.text();
        assert!(
            shown.contains("data-element=\"site\"") && shown.contains("限 3 个工作日"),
            "{engine} {shown}"
        );
        assert!(!shown.contains("is-open"), "nothing is lit on a guide");
        let english = test.client().get(&format!("{guide}?lang=en")).await;
        assert!(
            english.text().contains("within 3 working days"),
            "{}",
            english.text()
        );

        let case = accepted(&test, &county, 2).await;
        let opinion = json!({"opinion": "材料属实。"});
        must(
            &test,
            county.reviewer(),
            &case,
            "steps/first/complete",
            opinion,
        )
        .await;
        let citizen = applicant(&test, &county, &case).await;
        for (who, path) in [
            (county.reviewer(), format!("/staff/cases/{case}")),
            (citizen, format!("/my/cases/{case}")),
        ] {
            let shown = page(&test, who, &path).await;
            for (element, class) in [
                ("first", "is-done"),
                ("site", "is-open"),
                ("papers", "is-open"),
            ] {
                assert!(
                    is_marked(&shown, element, class),
                    "{engine} {path} {element} {shown}"
                );
            }
            assert!(!is_marked(&shown, "head", "is-open"), "{path}");
        }
        moving(&test, &county, &case).await;
        test.check_ledger(engine).await;
    }
}

/// A drawing in which what the case stands on is gone is told as one that it does not fit, before it is published.
async fn moving(test: &TestHouse, county: &County, case: &str) {
    let mut manager = test.client_as(staff(Role::CatalogueManager));
    let path = format!("/staff/items/{}", county.standard);
    let running = format!("{path}/process/running");
    let same = manager.get(&running).await.text();
    assert!(same.contains("在办的 1 件都按现在这张图"), "{same}");
    for (from, to, word) in [
        ("name=\"集体会审\"", "name=\"会审\"", "✓ 接得上"),
        ("\"papers\"", "\"documents\"", "✗ 接不上"),
    ] {
        let changed = DRAWING.replace(from, to);
        assert_ne!(changed, DRAWING);
        let api = format!("/api/v1/items/{}/process", county.standard);
        let kept = manager.post_json(&api, &json!({ "xml": changed })).await;
        assert_eq!(kept.status, StatusCode::OK, "{}", kept.text());
        let told = manager.get(&running).await.text();
        assert!(told.contains(word), "{word} {told}");
    }
    let open = format!("/staff/cases/{case}");
    let still = page(test, county.reviewer(), &open).await;
    assert!(
        is_marked(&still, "papers", "is-open"),
        "the case stays on its own"
    );
    going_over(test, county, case).await;
}

/// Once a drawing that fits is in force, the case goes over to it by a deed with its reason, and never by itself.
async fn going_over(test: &TestHouse, county: &County, case: &str) {
    let mut manager = test.client_as(staff(Role::CatalogueManager));
    let running = format!("/staff/items/{}/process/running", county.standard);
    let api = format!("/api/v1/items/{}/process/running", county.standard);
    let only = json!({ "cases": [case], "reason": "办法修订，会审改名。" });
    let early = manager.post_json(&api, &only).await;
    assert_eq!(early.status, StatusCode::UNPROCESSABLE_ENTITY);
    let changed = DRAWING.replace("name=\"集体会审\"", "name=\"会审\"");
    county.draw_as(test, &changed).await;
    let shown = manager.get(&running).await.text();
    assert!(shown.contains("把所选的办件转到现行的流程图"), "{shown}");
    let still = page(test, county.reviewer(), &format!("/staff/cases/{case}")).await;
    assert!(still.contains("集体会审"), "a publication moves no case");

    let fields = [("cases", case), ("reason", " ")];
    let refused = manager.post(&running, &fields).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        refused.text().contains("请写明为什么转"),
        "{}",
        refused.text()
    );
    let mut clerk = test.client_as(county.clerk());
    let forbidden = clerk.post_json(&api, &only).await;
    assert_eq!(forbidden.status, StatusCode::FORBIDDEN);
    let done = manager
        .post(
            &running,
            &[("cases", case), ("reason", "办法修订，会审改名。")],
        )
        .await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text());
    let path = format!("/staff/cases/{case}");
    let moved = page(test, county.reviewer(), &path).await;
    assert!(
        moved.contains("转到现行的流程图") && !moved.contains("集体会审"),
        "{moved}"
    );
    assert!(is_marked(&moved, "papers", "is-open"), "{moved}");
    let again = manager.post_json(&api, &only).await.json();
    assert_eq!(again["moved"], json!([]), "{again}");
    let told = again["left"][0]["reason"].as_str().unwrap();
    assert!(told.contains("已经按现行的流程图办理"), "{told}");
    let opinion = json!({"opinion": "材料属实。"});
    must(
        test,
        county.reviewer(),
        case,
        "steps/papers/complete",
        opinion,
    )
    .await;
}

#[tokio::test]
async fn what_is_drawn_here_is_kept_or_stays_on_the_page() {
    let test = TestHouse::sqlite().await;
    let county = County::settle(&test.house).await;
    let mut manager = test.client_as(staff(Role::CatalogueManager));
    let item = format!("/staff/items/{}", county.standard);
    let first = manager.get(&format!("{item}/process/draw")).await.text();
    assert!(
        first.contains("data-designer") && first.contains("name=&quot;审查&quot;")
            || first.contains("name=&#34;审查&#34;"),
        "{first}"
    );
    // The form of the designer, its lines ended as browsers end them.
    let form = |xml: &str, version: i64| {
        let part = |name: &str, value: &str| {
            format!(
                "\r\n--wuchuang-test\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}"
            )
        };
        let xml = xml.replace('\n', "\r\n");
        format!(
            "{xml}{}{}",
            part("designer", "1"),
            part("version", &version.to_string())
        )
    };
    let path = format!("{item}/process");
    let broken = DRAWING.replace("name=\"现场核查\"", "name=\"\"");
    let refused = manager.upload(&path, "", form(&broken, 1).as_bytes()).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let again = refused.text();
    assert!(
        again.contains("用户任务没有名称")
            && again.contains("材料审查")
            && again.contains("data-designer"),
        "{again}"
    );
    let seen = again
        .split("name=\"version\" value=\"")
        .nth(1)
        .and_then(|rest| rest.split('"').next())
        .unwrap();
    let seen: i64 = seen.parse().unwrap();
    let late = manager
        .upload(&path, "", form(DRAWING, seen - 1).as_bytes())
        .await;
    assert_eq!(
        late.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "{}",
        late.text()
    );
    assert!(late.text().contains("有人改过这个事项"), "{}", late.text());
    let kept = manager
        .upload(&path, "", form(DRAWING, seen).as_bytes())
        .await;
    assert_eq!(kept.status, StatusCode::SEE_OTHER, "{}", kept.text());
    let file = manager.get(&format!("{item}/process.bpmn")).await.text();
    assert_eq!(file, DRAWING);
    // A file without places opens with places.
    let drawn = manager.get(&format!("{item}/process/draw")).await.text();
    assert!(drawn.contains("BPMNShape"), "{drawn}");
    let clerk = test
        .client_as(county.clerk())
        .get(&format!("{item}/process/draw"))
        .await;
    assert_eq!(clerk.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_made_up_case_is_played_and_nothing_is_written() {
    let test = TestHouse::sqlite().await;
    let county = County::settle(&test.house).await;
    let path = format!("/staff/items/{}/process/run", county.standard);
    let mut officer = test.client_as(county.reviewer());
    let nothing = officer.get(&path).await;
    assert_eq!(nothing.status, StatusCode::OK);
    assert!(
        nothing.text().contains("还没有流程图"),
        "{}",
        nothing.text()
    );
    county.draw(&test).await;
    let begun = officer.get(&path).await.text();
    assert!(begun.contains("受理，开始走"), "{begun}");

    let script = |moves: serde_json::Value| {
        json!({"applicant": "person", "answers": {}, "moves": moves}).to_string()
    };
    let begun = officer
        .post(&path, &[("deed", "begin"), ("applicant", "person")])
        .await
        .text();
    assert!(begun.contains("办完初审"), "{begun}");
    let none = script(json!([]));
    let task = begun
        .split("name=\"task\" value=\"")
        .nth(1)
        .and_then(|rest| rest.split('"').next())
        .unwrap();
    let second = officer
        .post(
            &path,
            &[("script", &none), ("deed", "complete"), ("task", task)],
        )
        .await;
    assert_eq!(second.status, StatusCode::OK, "{}", second.text());
    let second = second.text();
    for word in [
        "办完现场核查",
        "办完材料审查",
        "当作时间到了：材料审查催办",
        "退回",
        "撤回最后一步",
    ] {
        assert!(second.contains(word), "{word}: {second}");
    }
    assert!(is_marked(&second, "first", "is-done"), "{second}");

    // The same through the API: where it stands, and nothing is written.
    let api = format!("/api/v1/items/{}/process/run", county.standard);
    let number: u32 = task.parse().unwrap();
    let played =
        json!({"script": {"applicant": "person", "moves": [{"complete": {"task": number}}]}});
    let stands = officer.post_json(&api, &played).await;
    assert_eq!(stands.status, StatusCode::OK, "{}", stands.text());
    let stands = stands.json();
    let open: Vec<&str> = stands["tasks"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|task| task["element"]["name"].as_str())
        .collect();
    assert_eq!(open, ["现场核查", "材料审查"], "{stands}");
    assert_eq!(stands["done"][0]["id"], "first", "{stands}");
    assert_eq!(stands["is_over"], false);
    let wrong = json!({"script": {"applicant": "nobody"}});
    let refused = officer.post_json(&api, &wrong).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);

    let foreign = script(json!([{"complete": {"task": 99}}, {"fire": {"timer": 1}}]));
    for wrong in ["{", foreign.as_str()] {
        let refused = officer.post(&path, &[("script", wrong)]).await;
        assert_eq!(
            refused.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{}",
            refused.text()
        );
    }
    test.check_ledger("after playing").await;
}
