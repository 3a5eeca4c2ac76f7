//! A file that the form asks for in its own place: it is a material of the item, asked only where its question is, missed and handed in
//! on that page, and read by whoever handles the case.

use axum::{
    body::Body,
    http::{Method, StatusCode, header},
};
use wuchuang_catalogue::identity::item_of_key;

use super::{settled, sign_in};
use crate::{
    county::citizen_number,
    harness::{Answer, Client, MULTIPART, TestHouse, request},
    pictures::photograph,
};

/// Sends a page of the form with a file for m6.
async fn send(
    client: &mut Client,
    path: &str,
    fields: &[(&str, &str)],
    (name, content): (&str, &[u8]),
) -> Answer {
    let parts = fields.iter().map(|(name, value)| {
        format!(
            "--wuchuang-test\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
        )
    });
    let fields: String = parts.collect();
    let head = format!(
        "--wuchuang-test\r\ncontent-disposition: form-data; name=\"scan-m6\"; filename=\"{name}\"\r\n\r\n"
    );
    let end = b"\r\n--wuchuang-test--\r\n";
    let body = [fields.as_bytes(), head.as_bytes(), content, end].concat();
    let sent = request(Method::POST, path)
        .header(header::CONTENT_TYPE, MULTIPART)
        .body(Body::from(body))
        .unwrap();
    client.send(sent).await
}

/// Begins an application for a hotel's permit and says who applies; tells the address of the draft.
async fn begun(citizen: &mut Client) -> String {
    let path = format!("/apply/{}", item_of_key("I12"));
    let key = [("command_id", "0192f0c2a4b17c3e9d55667788990021")];
    let begun = citizen.post(&path, &key).await;
    assert!(begun.status.is_redirection(), "{}", begun.text());
    let draft = begun.header("location").replace("/form/1", "");
    let number = citizen_number(33);
    let who = [
        ("organisation_name", "紫阳县河堤旅馆有限公司"),
        ("credit_code", "91610924MA70TEXT0K"),
        ("representative_name", "王小明"),
        ("representative_number", number.as_str()),
        ("contact_name", "王小明"),
        ("contact_phone", "13891500033"),
        ("organisation_address", "城关镇河堤路12号"),
    ];
    let saved = citizen.post(&format!("{draft}/form/1"), &who).await;
    assert!(saved.status.is_redirection(), "{}", saved.text());
    draft
}

/// What the page asks besides the file.
fn hotel(installed: &'static str) -> [(&'static str, &'static str); 6] {
    [
        ("hotel_name", "河堤旅馆"),
        ("premises", "城关镇河堤路12号"),
        ("rooms", "20"),
        ("beds", "40"),
        ("building_right", "租赁"),
        ("system_installed", installed),
    ]
}

#[tokio::test]
async fn a_file_is_asked_for_where_it_belongs_and_is_a_material_of_the_case() {
    for (engine, test) in TestHouse::both().await {
        let (county, _) = settled(&test).await;
        let mut citizen = test.client();
        sign_in(&mut citizen).await;
        let draft = begun(&mut citizen).await;
        let page = format!("{draft}/form/2");
        let shown = citizen.get(&page).await.text();
        assert!(shown.contains("name=\"scan-m6\""), "{engine} {shown}");

        // What is not asked is not missed.
        let without = citizen.press(&page, &hotel("否")).await;
        assert!(
            without.status.is_redirection(),
            "{engine} {}",
            without.text()
        );
        let list = citizen.get(&format!("{draft}/materials")).await.text();
        assert!(
            list.contains("房屋建筑平面图") && !list.contains("安装证明"),
            "{engine} {list}"
        );
        let check = citizen.get(&format!("{draft}/check")).await.text();
        assert!(
            !check.contains("请上传“旅馆业治安管理信息系统安装证明”"),
            "{engine} {check}"
        );

        // Where it is asked, it is missed on that page, and what was typed stays.
        let missed = citizen.press(&page, &hotel("是")).await;
        assert_eq!(missed.status, StatusCode::UNPROCESSABLE_ENTITY, "{engine}");
        let missed = missed.text();
        for words in [
            "请上传“旅馆业治安管理信息系统安装证明”",
            "#field-scan-m6",
            "河堤旅馆",
        ] {
            assert!(missed.contains(words), "{engine} {words} {missed}");
        }
        let check = citizen.get(&format!("{draft}/check")).await.text();
        assert!(
            check.contains("/form/2?back=check#field-scan-m6"),
            "{engine} {check}"
        );

        // A file that is none is refused in its place.
        let broken = send(
            &mut citizen,
            &page,
            &hotel("是"),
            ("证明.png", b"no picture"),
        )
        .await;
        assert_eq!(broken.status, StatusCode::UNPROCESSABLE_ENTITY, "{engine}");
        assert!(
            broken.text().contains("河堤旅馆"),
            "{engine} {}",
            broken.text()
        );

        too_large(&mut citizen, &page, engine).await;

        let mut attaching = hotel("是").to_vec();
        attaching.push(("attach", "m6"));
        for _ in 0..2 {
            // The same file twice, as by a double press, is one.
            let taken = send(&mut citizen, &page, &attaching, ("证明.png", &photograph())).await;
            assert_eq!(taken.header("location"), page, "{engine} {}", taken.text());
        }
        let shown = citizen.get(&page).await.text();
        assert!(
            shown.contains("安装证明（上传，1 个文件）"),
            "{engine} {shown}"
        );
        let on = citizen.press(&page, &hotel("是")).await;
        assert_eq!(
            on.header("location"),
            format!("{draft}/materials"),
            "{engine}"
        );

        let case = handed_in(&mut citizen, &draft).await;
        let mut supervisor = test.client_as(county.supervisor());
        let desk = supervisor.get(&format!("/staff/cases/{case}")).await.text();
        assert!(
            desk.contains("安装证明（上传，1 个文件）"),
            "{engine} {desk}"
        );
        let paper = citizen.get(&format!("/cases/{case}/form.pdf")).await;
        assert!(
            paper.body.starts_with(b"%PDF-"),
            "{engine} {}",
            paper.status
        );
        test.check_ledger(engine).await;
    }
}

/// A file that is too large is refused in its place, and what was typed stays; one with which the page cannot even be read is
/// refused with the way out.
async fn too_large(citizen: &mut Client, page: &str, engine: &str) {
    let mut large = photograph();
    large.resize(21 * 1024 * 1024, 0);
    let refused = send(citizen, page, &hotel("是"), ("照片.png", &large)).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{engine}");
    let text = refused.text();
    assert!(
        text.contains("20MB") && text.contains("#field-scan-m6") && text.contains("河堤旅馆"),
        "{engine} {text}"
    );
    large.resize(26 * 1024 * 1024, 0);
    let refused = send(citizen, page, &hotel("是"), ("照片.png", &large)).await;
    assert_eq!(refused.status, StatusCode::PAYLOAD_TOO_LARGE, "{engine}");
    assert!(
        refused.text().contains("20MB"),
        "{engine} {}",
        refused.text()
    );
    let shown = citizen.get(page).await.text();
    assert!(!shown.contains("1 个文件"), "{engine} {shown}");
}

/// Hands the other papers and the application in; tells the case.
async fn handed_in(citizen: &mut Client, draft: &str) -> String {
    for material in 1..=5 {
        let path = format!("{draft}/materials/m{material}");
        let taken = citizen.upload(&path, "材料.png", &photograph()).await;
        assert!(taken.status.is_redirection(), "{path}: {}", taken.text());
    }
    let delivery = [("method", "counter"), ("address", "")];
    citizen.post(&format!("{draft}/delivery"), &delivery).await;
    let check = format!("{draft}/check");
    let summary = citizen.get(&check).await.text();
    assert!(summary.contains("安装证明（上传，1 个文件）"), "{summary}");
    let (_, rest) = summary
        .split_once("name=\"command_id\" value=\"")
        .expect(&summary);
    let key = rest[..36].split('"').next().unwrap().to_owned();
    let send = [("command_id", key.as_str()), ("declared", "true")];
    let sent = citizen.post(&check, &send).await;
    assert!(sent.status.is_redirection(), "{}", sent.text());
    let (_, case) = sent.header("location").split_once("/apply/done/").unwrap();
    case.to_owned()
}
