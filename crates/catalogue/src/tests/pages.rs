//! The pages as a browser meets them: every one renders, and what the editor shows comes back as it was.

use std::sync::Arc;

use axum::{
    Extension, Router,
    body::Body,
    http::{Request, StatusCode, header},
    middleware,
};
use http_body_util::BodyExt;
use tower::ServiceExt;
use wuchuang_access::{AccessKey, Directory};
use wuchuang_documents::{Documents, FontSource};
use wuchuang_kernel::{OrganisationId, PersonId, PostId, Role, SeededRandomness, SessionId};
use wuchuang_ledger::testing;
use wuchuang_webkit::{
    Gate, Resource, SharedGate, Slice, Staff, Surroundings, Visitor, language::Texts, page::Site,
    request,
};

use super::{House, house, region};
use crate::{
    CatalogueSlice, demo,
    exchange::{DEMONSTRATION, Departments, excel, import_county},
    identity::item_of_key,
    model::{Duty, ItemCommand},
    pages::sheet,
};

struct Everything;

impl Gate for Everything {
    fn allows(&self, _visitor: &Visitor, _action: &'static str, _resource: &Resource) -> bool {
        true
    }
}

fn manager() -> Visitor {
    Visitor::Staff(Staff {
        person: PersonId::from_u128(1),
        session: SessionId::from_u128(2),
        name: "李明".to_owned(),
        post: PostId::from_u128(3),
        post_title: "事项管理岗".to_owned(),
        organisation: OrganisationId::from_u128(4),
        organisation_name: "政务服务中心".to_owned(),
        reach: region(),
        roles: vec![Role::CatalogueManager],
    })
}

pub(super) fn router(house: &House) -> Router {
    let directory = Directory::new(house.ledger.clone(), AccessKey::derived_from(&[3; 32]));
    let documents = Documents::new(FontSource::Embedded, None).unwrap();
    let slice = CatalogueSlice::new(house.catalogue.clone(), directory, documents, true);
    let surroundings = Surroundings {
        region: region(),
        site: Arc::new(Site {
            county_name: "紫阳县".to_owned(),
            origin: "http://127.0.0.1:8080".to_owned(),
            telephone: "12345".to_owned(),
            operator: "紫阳县政务服务中心".to_owned(),
            records: Vec::new(),
        }),
        texts: Arc::new(Texts::new().unwrap()),
        gate: SharedGate(Arc::new(Everything)),
        clock: house.clock.clone(),
        randomness: Arc::new(SeededRandomness::new(11)),
        navigation: Arc::new(|_| Vec::new()),
    };
    let (pages, api, _) = slice.routes().into_parts();
    let (api, _) = api.split_for_parts();
    pages
        .merge(api)
        .layer(middleware::from_fn_with_state(
            Arc::new(surroundings),
            request::surround,
        ))
        .layer(Extension(manager()))
}

pub(super) async fn answer(
    router: &Router,
    request: Request<Body>,
) -> (StatusCode, String, String) {
    let response = router.clone().oneshot(request).await.unwrap();
    let status = response.status();
    let to = response
        .headers()
        .get(header::LOCATION)
        .map(|to| to.to_str().unwrap().to_owned());
    let body = response.into_body().collect().await.unwrap().to_bytes();
    (
        status,
        to.unwrap_or_default(),
        String::from_utf8_lossy(&body).into_owned(),
    )
}

pub(super) async fn get(router: &Router, path: &str) -> String {
    let (status, _, body) = answer(router, Request::get(path).body(Body::empty()).unwrap()).await;
    assert_eq!(status, StatusCode::OK, "{path}: {body}");
    body
}

pub(super) async fn post(
    router: &Router,
    path: &str,
    form: &[(&str, &str)],
) -> (StatusCode, String, String) {
    let body = form
        .iter()
        .map(|(name, value)| format!("{name}={}", sheet::encode(value)))
        .collect::<Vec<_>>()
        .join("&");
    let request =
        Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    answer(router, request.body(Body::from(body)).unwrap()).await
}

#[test]
fn what_the_editor_shows_comes_back_as_it_was() {
    for item in import_county(DEMONSTRATION, region()).unwrap() {
        let values = sheet::values_of(&item.content);
        let (read, errors) = sheet::read(&values, item.content.clone(), &Departments::default());
        assert_eq!(
            errors.iter().collect::<Vec<_>>(),
            Vec::<&_>::new(),
            "{}",
            item.content.name
        );
        assert_eq!(read, item.content);
    }
}

#[tokio::test]
async fn every_page_renders() {
    let house = house("SQLite", testing::sqlite().await).await;
    demo::seed(&house.catalogue).await.unwrap();
    let router = router(&house);
    let item = item_of_key("I34");
    let organisation = house
        .catalogue
        .published(item)
        .unwrap()
        .content
        .department
        .id;
    for path in [
        "/staff/items".to_owned(),
        "/staff/items?q=%E7%99%BB%E8%AE%B0&tag=at_once".to_owned(),
        "/staff/items/compression".to_owned(),
        "/staff/items/sameness".to_owned(),
        "/staff/items/similar".to_owned(),
        "/staff/items/export.xlsx".to_owned(),
        "/staff/items/export.yaml".to_owned(),
        "/staff/items/template.xlsx".to_owned(),
        "/staff/items/import".to_owned(),
        "/staff/items/new".to_owned(),
        format!("/staff/items/{item}"),
        format!("/staff/items/{item}/edit"),
        format!("/staff/items/{item}/versions/1"),
        format!("/guides/{item}/notice.pdf"),
        format!("/guides/{item}/qr.svg"),
        "/lists".to_owned(),
        format!("/lists?organisation={organisation}"),
        "/lists/items".to_owned(),
        "/lists/procedures".to_owned(),
        "/lists/powers?page=1".to_owned(),
        "/lists/duties".to_owned(),
        format!("/lists/supervision?organisation={organisation}"),
        "/lists/duties/export.xlsx".to_owned(),
        "/api/v1/items?limit=3".to_owned(),
        "/api/v1/items?q=sydj".to_owned(),
        format!("/api/v1/items/{item}"),
        format!("/api/v1/items/{item}/versions/1"),
    ] {
        get(&router, &path).await;
    }
    let list = get(&router, "/api/v1/items?q=sydj").await;
    assert!(list.contains("失业登记"), "{list}");
    for path in [
        "/lists/nothing",
        "/lists/handbook.pdf?part=0",
        "/lists/handbook.pdf?part=9",
    ] {
        let request = Request::get(path).body(Body::empty()).unwrap();
        assert_eq!(
            answer(&router, request).await.0,
            StatusCode::NOT_FOUND,
            "{path}"
        );
    }
}

#[tokio::test]
async fn the_handbook_is_set_while_its_reader_waits() {
    let house = house("SQLite", testing::sqlite().await).await;
    demo::seed(&house.catalogue).await.unwrap();
    let router = router(&house);
    let item = house.catalogue.published(item_of_key("I38")).unwrap();
    let organisation = item.content.department.id;
    let path = format!("/lists/handbook.pdf?organisation={organisation}");
    // On a busy machine the first answers say to come again; each of them has waited for seconds.
    for _ in 0..40 {
        let request = Request::get(&path).body(Body::empty()).unwrap();
        let (status, _, body) = answer(&router, request).await;
        if status == StatusCode::OK {
            assert!(body.starts_with("%PDF"));
            return;
        }
        assert_eq!(status, StatusCode::ACCEPTED, "{body}");
        assert!(body.contains("正在排印便民服务手册"), "{body}");
    }
    panic!("the handbook is never ready");
}

#[tokio::test]
async fn the_lists_follow_a_publication_together() {
    let house = house("SQLite", testing::sqlite().await).await;
    demo::seed(&house.catalogue).await.unwrap();
    let router = router(&house);
    let item = item_of_key("I34");
    let tells = async |path: &str, words: &str| get(&router, path).await.contains(words);
    assert!(!tells("/lists/duties", "失业人员登记").await);
    let mut content = house.catalogue.published(item).unwrap().content.clone();
    content.name = "失业人员登记".to_owned();
    content.duties.push(Duty {
        text: "当场办理登记。".to_owned(),
        ..Duty::default()
    });
    let draft = ItemCommand::Draft {
        content: Box::new(content),
    };
    house.send("I34", draft).await;
    let today = "2026-11-23".parse().unwrap();
    let publish = ItemCommand::Publish {
        effective_from: today,
    };
    house.send("I34", publish).await;
    house.run_jobs().await;
    for list in ["items", "procedures", "duties"] {
        assert!(
            tells(&format!("/lists/{list}"), "失业人员登记").await,
            "{list}"
        );
    }
    assert!(tells("/lists/duties", "当场办理登记。").await);
    assert!(
        !tells("/lists/powers", "失业人员登记").await,
        "a public service is no power"
    );
}

#[tokio::test]
async fn what_is_used_most_comes_first() {
    let house = house("SQLite", testing::sqlite().await).await;
    demo::seed(&house.catalogue).await.unwrap();
    assert!(
        house.catalogue.most_used(8).is_empty(),
        "before there are figures"
    );
    let counts = [("I34", 5), ("I01", 9), ("I40", 5)];
    let counts = counts.map(|(key, count)| (item_of_key(key), count));
    house.catalogue.set_popularity(counts.into());
    let used = house.catalogue.most_used(2);
    let names: Vec<&str> = used.iter().map(|item| item.content.name.as_str()).collect();
    assert_eq!(names, ["公司设立登记", "不动产转移登记（存量房）"]);
    assert_eq!(house.names("")[0], "公司设立登记", "the search follows");
}

#[tokio::test]
async fn forms_do_what_they_say() {
    let house = house("SQLite", testing::sqlite().await).await;
    demo::seed(&house.catalogue).await.unwrap();
    let router = router(&house);
    let item = item_of_key("I34");
    // A change is saved, published, and told as a difference.
    let content = house.catalogue.published(item).unwrap().content.clone();
    let values = sheet::values_of(&content);
    let mut form: Vec<(&str, &str)> = values
        .iter()
        .map(|(name, texts)| (name.as_str(), texts[0].as_str()))
        .collect();
    form.retain(|(name, _)| *name != "phone" && *name != "promised_limit");
    form.extend([("phone", "0915-4420999"), ("version", "2")]);
    let edit = format!("/staff/items/{item}/edit");
    let wrong: Vec<_> = form
        .iter()
        .copied()
        .chain([("promised_limit", "很快")])
        .collect();
    let (status, _, body) = post(&router, &edit, &wrong).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        body.contains("不是 0 到 65535 之间的整数") && body.contains("0915-4420999"),
        "what was typed stays"
    );
    let right: Vec<_> = form
        .iter()
        .copied()
        .chain([("promised_limit", "0")])
        .collect();
    let (status, to, body) = post(&router, &edit, &right).await;
    assert_eq!(
        (status, to),
        (
            StatusCode::SEE_OTHER,
            format!("/staff/items/{item}?done=saved")
        ),
        "{body}"
    );
    let (status, _, body) = post(&router, &edit, &right).await;
    assert_eq!(
        status,
        StatusCode::CONFLICT,
        "the page was made from an older version: {body}"
    );
    let publish = format!("/staff/items/{item}/publish");
    let (status, _, body) = post(
        &router,
        &publish,
        &[("day", "2026-11-01"), ("version", "3")],
    )
    .await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(body.contains("生效日期不能早于今天"), "{body}");
    let (status, to, _) = post(
        &router,
        &publish,
        &[("day", "2026-11-23"), ("version", "3")],
    )
    .await;
    assert_eq!(
        (status, to),
        (
            StatusCode::SEE_OTHER,
            format!("/staff/items/{item}?done=published")
        )
    );
    let version = get(&router, &format!("/staff/items/{item}/versions/2")).await;
    assert!(version.contains("<ins>0915-4420999</ins>"), "{version}");
    assert_eq!(
        house.catalogue.published(item).unwrap().version,
        2,
        "its sender sees it at once"
    );
    let withdraw = format!("/staff/items/{item}/withdraw");
    let (status, ..) = post(
        &router,
        &withdraw,
        &[("day", "2026-11-23"), ("reason", ""), ("version", "4")],
    )
    .await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    let (status, ..) = post(
        &router,
        &withdraw,
        &[("day", "2026-11-23"), ("reason", "停办"), ("version", "4")],
    )
    .await;
    assert_eq!(status, StatusCode::SEE_OTHER);
}

async fn upload(router: &Router, file: &[u8]) -> (StatusCode, String, String) {
    let mut body =
        b"--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.xlsx\"\r\n\r\n"
            .to_vec();
    body.extend_from_slice(file);
    body.extend_from_slice(b"\r\n--b--\r\n");
    let request = Request::post("/staff/items/import")
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=b");
    answer(router, request.body(Body::from(body)).unwrap()).await
}

#[tokio::test]
async fn an_import_is_all_or_nothing() {
    let house = house("SQLite", testing::sqlite().await).await;
    demo::seed(&house.catalogue).await.unwrap();
    let router = router(&house);
    let mut items = import_county(DEMONSTRATION, region()).unwrap();
    items[0].content.phone = "0915-4420888".to_owned();
    items[1].content.legal_basis.clear();
    let (status, _, body) = upload(&router, &excel(&items).unwrap()).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(body.contains("“事项”表第 3 行"), "{body}");
    let marked = body
        .split("href=\"")
        .find(|part| part.starts_with("/staff/items/import/"))
        .unwrap();
    get(&router, marked.split('"').next().unwrap()).await;
    let ids = [items[0].id, items[1].id];
    let copy = async |at: usize| {
        house
            .catalogue
            .state(ids[at])
            .await
            .unwrap()
            .unwrap()
            .1
            .working_copy
            .is_some()
    };
    assert!(!copy(0).await, "nothing was imported");

    items[1].content.legal_basis = import_county(DEMONSTRATION, region()).unwrap()[1]
        .content
        .legal_basis
        .clone();
    let (status, to, body) = upload(&router, &excel(&items).unwrap()).await;
    assert_eq!(
        (status, to.as_str()),
        (
            StatusCode::SEE_OTHER,
            "/staff/items?state=changed&done=imported&count=1"
        ),
        "{body}"
    );
    assert!(copy(0).await && !copy(1).await, "what did not change stays");
    let item = items[0].id.to_string();
    let (status, to, body) = post(
        &router,
        "/staff/items/publish",
        &[("item", &item), ("effective_from", "2026-11-23")],
    )
    .await;
    assert_eq!(
        (status, to.as_str()),
        (StatusCode::SEE_OTHER, "/staff/items?done=published&count=1"),
        "{body}"
    );
    let (status, _, body) = post(
        &router,
        "/staff/items/publish",
        &[("item", &item), ("effective_from", "2026-11-23")],
    )
    .await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(body.contains("没有待发布的修改"), "{body}");
}
