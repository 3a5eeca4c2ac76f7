//! The rules of an item from its page to its publication.

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use wuchuang_ledger::testing;

use super::{
    house,
    pages::{answer, get, post, router},
};
use crate::{
    demo,
    exchange::{ExchangedItem, export_yaml, import_yaml},
    identity::item_of_key,
};

#[tokio::test]
async fn rules_are_shown_tried_and_kept() {
    let house = house("SQLite", testing::sqlite().await).await;
    demo::seed(&house.catalogue).await.unwrap();
    let router = router(&house);
    let item = item_of_key("I38");
    let path = format!("/staff/items/{item}/rules");
    let page = get(&router, &path).await;
    for words in [
        "没有遗漏，也没有重叠",
        "不小于 65",
        "6 个用例全部通过",
        "您年满六十五周岁",
    ] {
        assert!(page.contains(words), "{words}");
    }
    let values = [
        ("decision", "审批"),
        ("in_0", "66"),
        ("in_1", "首次申领"),
        ("deed", "try"),
    ];
    let (status, _, tried) = post(&router, &format!("{path}/try"), &values).await;
    assert_eq!(status, StatusCode::OK);
    assert!(tried.contains("因为年龄是 66"), "{tried}");
    assert!(
        tried.contains("符合</span>"),
        "the row that decided is marked"
    );
    let (_, state) = house.catalogue.state(item).await.unwrap().unwrap();
    assert!(state.working_copy.is_none(), "trying keeps nothing");

    let seen = house
        .catalogue
        .state(item)
        .await
        .unwrap()
        .unwrap()
        .0
        .to_string();
    let mut values = values.to_vec();
    values[3] = ("deed", "keep");
    values.push(("name", "六十六岁"));
    values.push(("version", seen.as_str()));
    let (status, to, _) = post(&router, &format!("{path}/try"), &values).await;
    assert_eq!(
        (status, to.as_str()),
        (StatusCode::SEE_OTHER, format!("{path}?done=saved").as_str())
    );
    let (_, state) = house.catalogue.state(item).await.unwrap().unwrap();
    let kept = state.current().unwrap().rules.tests.last().unwrap();
    assert_eq!(
        (kept.name.as_str(), kept.expected.as_str()),
        ("六十六岁", Some("准予"))
    );

    let workbook = Request::get(format!("{path}.xlsx"))
        .body(Body::empty())
        .unwrap();
    assert_eq!(answer(&router, workbook).await.0, StatusCode::OK);
    let (status, _, body) = post(
        &router,
        &format!("{path}/uses"),
        &[("sample_per_mille", "2000")],
    )
    .await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(body.contains("0 到 1000"), "{body}");
}

#[tokio::test]
async fn a_failing_test_case_refuses_publication() {
    let house = house("SQLite", testing::sqlite().await).await;
    demo::seed(&house.catalogue).await.unwrap();
    let router = router(&house);
    let item = item_of_key("I38");
    let path = format!("/api/v1/items/{item}/rules");
    let send = async |path: &str, body: String| {
        let request = Request::post(path).header(header::CONTENT_TYPE, "application/json");
        let request = request.body(Body::from(body)).unwrap();
        let (status, _, body) = answer(&router, request).await;
        (status, body)
    };
    let wrong = r#"{"tests": [{"name": "六十岁", "decision": "审批", "inputs": {"年龄": 60}, "expected": "准予"}]}"#;
    let (status, body) = send(&path, wrong.to_owned()).await;
    assert_eq!(status, StatusCode::OK, "{body}");
    let publish = format!("/api/v1/items/{item}/publish");
    let day = r#"{"effective_from": "2026-11-23"}"#;
    let (status, body) = send(&publish, day.to_owned()).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{body}");
    assert!(body.contains("六十岁") && body.contains("转人工"), "{body}");

    let file = get(&router, &path).await;
    let broken = serde_json::json!({ "xml": file.replace("&gt;= 65", "&gt;= [65") });
    let (status, body) = send(&path, broken.to_string()).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(body.contains("i11") && body.contains("行"), "{body}");
    let (status, body) = send("/api/v1/rules/check", broken.to_string()).await;
    assert_eq!(status, StatusCode::OK);
    assert!(body.contains("\"deployable\":false"), "{body}");
    let gap = serde_json::json!({ "xml": file.replace("&lt; 65", "&lt; 60") });
    let (_, body) = send("/api/v1/rules/check", gap.to_string()).await;
    assert!(body.contains("table-gap"), "{body}");

    let right = wrong.replace("准予", "转人工");
    assert_eq!(send(&path, right).await.0, StatusCode::OK);
    let (status, body) = send(&publish, day.to_owned()).await;
    assert_eq!(status, StatusCode::OK, "{body}");
    let tried = r#"{"decision": "审批", "inputs": {"年龄": 70, "申领类型": "首次申领"}}"#;
    let (status, body) = send(&format!("{path}/try"), tried.to_owned()).await;
    assert_eq!(status, StatusCode::OK, "{body}");
    assert!(
        body.contains("准予") && body.contains("\"number\":1"),
        "{body}"
    );
}

#[tokio::test]
async fn rules_go_out_and_come_in_as_they_were() {
    let house = house("SQLite", testing::sqlite().await).await;
    demo::seed(&house.catalogue).await.unwrap();
    let item = house.catalogue.published(item_of_key("I38")).unwrap();
    let items = [ExchangedItem {
        id: item.id,
        content: item.content.clone(),
    }];
    let text = export_yaml(&items).unwrap();
    assert_eq!(import_yaml(&text).unwrap(), items);
}
