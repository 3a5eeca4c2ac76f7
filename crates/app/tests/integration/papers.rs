//! Materials on their way in: what was uploaded beside a file that is refused is kept, and a promise stands in the place
//! of a material that allows it (告知承诺), at the counter and in a correction; the department reads what was promised.

use axum::{
    body::Body,
    http::{Method, StatusCode, header},
};
use serde_json::{Value, json};

use crate::{
    county::{County, citizen_number, resident},
    harness::{Answer, Client, MULTIPART, TestHouse, request},
    pictures::photograph,
};

/// The one material of the standard item that a promise may replace.
const PROMISED: &str = "m4";

/// One part of a form with files.
enum Part<'a> {
    Text(&'a str, &'a str),
    File(&'a str, &'a str, &'a [u8]),
}

async fn send_form(client: &mut Client, path: &str, parts: &[Part<'_>]) -> Answer {
    let mut body = Vec::new();
    for part in parts {
        let (head, content) = match part {
            Part::Text(name, text) => (format!("name=\"{name}\""), text.as_bytes()),
            Part::File(name, file, content) => {
                (format!("name=\"{name}\"; filename=\"{file}\""), *content)
            }
        };
        body.extend(b"--wuchuang-test\r\ncontent-disposition: form-data; ");
        body.extend(head.as_bytes());
        body.extend(b"\r\n\r\n");
        body.extend(content);
        body.extend(b"\r\n");
    }
    body.extend(b"--wuchuang-test--\r\n");
    let sent = request(Method::POST, path)
        .header(header::CONTENT_TYPE, MULTIPART)
        .body(Body::from(body))
        .unwrap();
    client.send(sent).await
}

#[track_caller]
fn must_redirect(answer: &Answer) {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
}

/// What the department's page says of the promise.
async fn must_read_promise(test: &TestHouse, county: &County, case: &str) {
    let mut approver = test.client_as(county.approver());
    let page = approver.get(&format!("/staff/cases/{case}")).await.text();
    for words in [
        "告知承诺书（代替材料）",
        "看承诺书全文",
        "我愿意承担承诺不属实的法律责任",
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
}

#[tokio::test]
async fn in_a_correction_good_files_are_kept_and_a_promise_may_answer() {
    let test = TestHouse::sqlite().await;
    let county = County::settle(&test.house).await;
    let mut citizen = test.client_as(resident(1));
    let received = citizen
        .post_json("/api/v1/cases", &county.standard_alone(1))
        .await;
    assert_eq!(received.status, StatusCode::CREATED, "{}", received.text());
    let case = received.json()["case"].as_str().unwrap().to_owned();
    let mut clerk = test.client_as(county.clerk());
    let told = clerk
        .post(
            &format!("/staff/cases/{case}/correction"),
            &[
                ("material:m1", "缺少申请书。"),
                ("material:m4", "缺少制度。"),
            ],
        )
        .await;
    must_redirect(&told);

    let supply = format!("/my/cases/{case}/supply");
    let photo = photograph();
    let parts = [
        Part::File("files-0", "好的.png", &photo),
        Part::File("files-0", "坏的.pdf", b"<html>"),
    ];
    let answer = send_form(&mut citizen, &format!("{supply}/0"), &parts).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    for text in [answer.text(), citizen.get(&supply).await.text()] {
        assert!(
            text.contains("好的.png") && !text.contains("坏的.pdf"),
            "{text}"
        );
    }

    let page = citizen.get(&supply).await.text();
    assert_eq!(
        page.matches("<summary>可以写承诺书代替").count(),
        1,
        "only where it is allowed"
    );
    let wrong = citizen
        .post(&format!("{supply}/0/commit"), &[("promised", "true")])
        .await;
    assert_eq!(wrong.status, StatusCode::NOT_FOUND);
    let commit = format!("{supply}/1/commit");
    let unread = citizen.post(&commit, &[]).await;
    assert_eq!(unread.status, StatusCode::UNPROCESSABLE_ENTITY);
    must_redirect(&citizen.post(&commit, &[("promised", "true")]).await);
    must_redirect(&citizen.post(&commit, &[("deed", "none")]).await);
    must_redirect(&citizen.post(&commit, &[("promised", "true")]).await);
    let page = citizen.get(&supply).await.text();
    assert!(page.contains("您已作出承诺"), "{page}");
    let sent = citizen
        .post(
            &supply,
            &[("command_id", "0192f0c2a4b17c3e9d5566778899aa03")],
        )
        .await;
    assert!(
        sent.header("location").ends_with("done=supplied"),
        "{}",
        sent.text()
    );
    must_read_promise(&test, &county, &case).await;
}

/// The fields of the item's form, as the counter sends them.
fn answers(body: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().map_or(value.to_string(), str::to_owned);
    let answers = body["answers"].as_object().unwrap().iter();
    answers
        .flat_map(|(name, value)| match value {
            Value::Array(several) => several
                .iter()
                .map(|one| (name.clone(), text(one)))
                .collect(),
            one => vec![(name.clone(), text(one))],
        })
        .collect()
}

#[tokio::test]
async fn the_counter_records_a_promise_that_the_applicant_made() {
    let test = TestHouse::sqlite().await;
    let county = County::settle(&test.house).await;
    let mut clerk = test.client_as(county.clerk());
    let item = county.standard.to_string();
    let number = citizen_number(1);
    let person = [
        ("name", "李小红"),
        ("number", number.as_str()),
        ("phone", "13891500000"),
        ("item", item.as_str()),
    ];
    let registered = clerk.post("/staff/counter/people", &person).await;
    let reception = registered.header("location").to_owned();
    let page = clerk.get(&reception).await.text();
    assert_eq!(page.matches("value=\"promised\"").count(), 1, "{page}");
    let fields = answers(&county.standard_alone(1));
    let marks: Vec<String> = (1..=6).map(|index| format!("mark-m{index}")).collect();
    let mut parts: Vec<Part<'_>> = fields
        .iter()
        .map(|(name, text)| Part::Text(name, text))
        .collect();
    for mark in &marks {
        let is_promised = mark.ends_with(PROMISED);
        let code = if is_promised { "promised" } else { "complete" };
        parts.push(Part::Text(mark, code));
    }
    parts.push(Part::Text("delivery-method", "counter"));
    parts.push(Part::Text("command_id", "0192f0c2a4b17c3e9d5566778899aa04"));
    parts.push(Part::Text("deed", "accept"));
    let done = send_form(&mut clerk, &reception, &parts).await;
    must_redirect(&done);
    let case = done
        .header("location")
        .rsplit('/')
        .next()
        .unwrap()
        .to_owned();
    must_read_promise(&test, &county, &case).await;
    let read = test
        .client_as(county.approver())
        .get(&format!("/api/v1/cases/{case}"))
        .await
        .json();
    assert_eq!(read["stage"], json!("review"), "{read}");
}
