//! A bundle is written in the browser without a script: from an empty page to the tree, mistakes at their fields, and two
//! people who edit at once.

use axum::http::StatusCode;
use wuchuang_access::demo as people;
use wuchuang_bundles::{demo, identity::bundle_of_key};
use wuchuang_kernel::Role;

use crate::{
    county::County,
    harness::{TestHouse, staff},
};

const NEW: &str = "/staff/bundles/new";

/// What a manager has filled in so far.
fn filled() -> Vec<(&'static str, &'static str)> {
    vec![
        ("code", "S77"),
        ("name", "我要开茶叶店"),
        ("tree", "scenario"),
        ("order", "7"),
        ("subject", "企业"),
        ("members.0.code", "I04"),
        ("members.1.code", "I07"),
        ("members.1.after", "I04"),
        ("members.2.code", "N1"),
        ("members.2.name", "水电报装"),
        ("members.2.department", "公用企业窗口"),
        ("situations.0.id", "q1"),
        ("situations.0.question", "店里要用水电吗？"),
        ("situations.0.options.0.id", "a1"),
        ("situations.0.options.0.label", "要"),
        ("situations.0.options.0.members", "N1"),
        ("situations.0.options.1.id", "a2"),
        ("situations.0.options.1.label", "不要"),
    ]
}

fn with(more: &[(&'static str, &'static str)]) -> Vec<(&'static str, &'static str)> {
    let is_kept = |pair: &(&str, &str)| more.iter().all(|(name, _)| *name != pair.0);
    let mut pairs: Vec<_> = filled().into_iter().filter(is_kept).collect();
    pairs.extend_from_slice(more);
    pairs
}

async fn story(test: TestHouse) {
    people::seed(test.house.slices().access(), "code,name\n", &[])
        .await
        .unwrap();
    County::settle(&test.house).await;
    let slices = test.house.slices();
    wuchuang_catalogue::demo::seed(slices.catalogue())
        .await
        .unwrap();
    demo::seed(slices.bundles()).await.unwrap();
    let mut manager = test.client_as(staff(Role::CatalogueManager));
    let mut clerk = test.client_as(staff(Role::CounterClerk));
    assert_eq!(clerk.get(NEW).await.status, StatusCode::FORBIDDEN);

    let empty = manager.get(NEW).await.text();
    assert!(empty.contains("新建一件事") && empty.contains("食品经营许可核发"));
    let row = manager
        .post(NEW, &with(&[("deed", "member"), ("chosen", "I10")]))
        .await;
    assert_eq!(row.status, StatusCode::OK);
    assert!(row.text().contains("name=\"members.3.code\" value=\"I10\""));
    assert!(
        row.text().contains("我要开茶叶店"),
        "what was typed is gone"
    );

    let wrong = [
        ("deed", "save"),
        ("name", ""),
        ("order", "三"),
        ("members.0.after", "I07"),
    ];
    let refused = manager.post(NEW, &with(&wrong)).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let text = refused.text();
    for told in ["请填写一件事的名称", "“三”不是", "互相等待", "水电报装"] {
        assert!(text.contains(told), "{told} is missing in {text}");
    }
    let taken = manager
        .post(NEW, &with(&[("deed", "save"), ("code", "B03")]))
        .await;
    assert_eq!(taken.status, StatusCode::CONFLICT);
    assert!(taken.text().contains("这个编码已经用于另一件事"));

    let saved = manager.post(NEW, &with(&[("deed", "save")])).await;
    let one = format!("/staff/bundles/{}", bundle_of_key("S77"));
    assert!(saved.status.is_redirection(), "{}", saved.text());
    assert!(manager.follow(&saved).await.text().contains("已保存"));
    let published = manager.post(&format!("{one}/publish"), &[]).await;
    assert!(published.status.is_redirection(), "{}", published.text());
    let guide = format!("/bundles/{}", bundle_of_key("S77"));
    let guide = test.client().get(&guide).await.text();
    assert!(guide.contains("我要开茶叶店") && guide.contains("店里要用水电吗？"));

    // Two opened the same version; whoever comes second sees what differs, and nothing typed is lost.
    let edit = format!("{one}/edit");
    let shown = manager.get(&edit).await.text();
    let version = shown.split("name=\"version\" value=\"").nth(1).unwrap();
    let version: &'static str = version.split('"').next().unwrap().to_owned().leak();
    let mut other = test.client_as(staff(Role::CatalogueManager));
    let first = with(&[
        ("deed", "save"),
        ("version", version),
        ("summary", "先存的"),
    ]);
    let first = other.post(&edit, &first).await;
    assert!(first.status.is_redirection(), "{}", first.text());
    let late = with(&[
        ("deed", "save"),
        ("version", version),
        ("summary", "后存的"),
    ]);
    let second = manager.post(&edit, &late).await;
    assert_eq!(second.status, StatusCode::CONFLICT);
    let text = second.text();
    assert!(text.contains("先存的") && text.contains("后存的"), "{text}");
    assert!(!text.contains("<td>名称</td>"), "only what differs is told");
}

#[tokio::test]
async fn a_bundle_is_written_in_the_browser_on_sqlite() {
    story(TestHouse::sqlite().await).await;
}

#[tokio::test]
async fn a_bundle_is_written_in_the_browser_on_postgresql() {
    story(TestHouse::postgres().await).await;
}
