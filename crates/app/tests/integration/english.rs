//! Public pages in English: the words of the code tables are said in English, wherever they stand alone.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use wuchuang_catalogue::model::{
    DeliveryMethod, MaterialForm, Necessity, OnlineDepth, SourceChannel, Tag,
};

use crate::{county::County, harness::TestHouse};

/// Every word of the code tables and of the catalogue's closed lists.
fn words() -> BTreeSet<&'static str> {
    fn names<T: Copy>(all: &[T], name: fn(T) -> &'static str) -> Vec<&'static str> {
        all.iter().map(|value| name(*value)).collect()
    }
    let mut words: BTreeSet<_> = wuchuang_codes::english_names()
        .map(|(name, _)| name)
        .collect();
    words.extend(names(DeliveryMethod::ALL, DeliveryMethod::name));
    words.extend(names(MaterialForm::ALL, MaterialForm::name));
    words.extend(names(Necessity::ALL, Necessity::name));
    words.extend(names(OnlineDepth::ALL, OnlineDepth::name));
    words.extend(names(SourceChannel::ALL, SourceChannel::name));
    words.extend(names(Tag::ALL, Tag::name));
    words
}

/// The texts between the marks of a page.
fn texts(html: &str) -> impl Iterator<Item = &str> {
    html.split('<')
        .filter_map(|part| part.split_once('>'))
        .map(|(_, text)| text.trim())
}

/// The words in a text: between enumeration marks, after a label, before a number.
fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split(['、', '，', ',', '·', ':', '：', '—', ' '])
        .map(str::trim)
}

#[tokio::test]
async fn words_of_the_code_tables_are_said_in_english() {
    let test = TestHouse::sqlite().await;
    let county = County::settle(&test.house).await;
    let mut client = test.client();
    let words = words();
    let mut paths = vec![
        "/".to_owned(),
        "/guides".to_owned(),
        format!("/guides/{}", county.standard),
        format!("/guides/{}", county.instant),
        "/progress".to_owned(),
        "/help".to_owned(),
    ];
    paths.extend(wuchuang_catalogue::list_addresses());
    let mut found = BTreeSet::new();
    for path in paths {
        let page = client.get(&format!("{path}?lang=en")).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        let html = page.text();
        for text in texts(&html) {
            for part in parts(text).filter(|part| words.contains(part)) {
                found.insert(format!("{path}: {part} in “{text}”"));
            }
        }
    }
    assert!(
        found.is_empty(),
        "{}",
        found.into_iter().collect::<Vec<_>>().join("\n")
    );
}

#[tokio::test]
async fn the_site_map_names_the_public_lists() {
    let test = TestHouse::sqlite().await;
    let county = County::settle(&test.house).await;
    let mut client = test.client();
    let map = client.get("/sitemap.xml").await.text();
    let mut paths = wuchuang_catalogue::list_addresses();
    assert!(paths.len() > 5, "{paths:?}");
    paths.push(format!("/guides/{}", county.standard));
    for path in paths {
        assert!(map.contains(&format!("{path}</loc>")), "{path}: {map}");
        assert_eq!(client.get(&path).await.status, StatusCode::OK, "{path}");
    }
}
