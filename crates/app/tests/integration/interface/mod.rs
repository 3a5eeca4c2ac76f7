//! What programs do through the API: its `document`, what every answer has in common (`answers`), a department's program
//! with its token (`programs`), the whole life of a case, examples from the document, lists by pages, what belongs to
//! somebody (`holder`), what stands in the place of papers (`substitutes`), what is public (`open`), what staff and
//! administrators do in bulk (`bulk`), what pages do as well (`twins`, `kept`), and everything that must not be let in.

mod answers;
mod bulk;
mod contract;
mod document;
mod examples;
mod holder;
mod kept;
mod life;
mod limits;
mod open;
mod pages;
mod programs;
mod substitutes;
mod twins;

use axum::http::StatusCode;
use serde_json::Value;

use crate::harness::Answer;

/// That an answer is a problem document (RFC 9457) which names its code, and the field if there is one.
#[track_caller]
fn check_problem(answer: &Answer, status: u16, code: &str, field: Option<&str>) {
    let text = answer.text();
    assert_eq!(
        answer.status,
        StatusCode::from_u16(status).unwrap(),
        "{text}"
    );
    assert_eq!(
        answer.header("content-type"),
        "application/problem+json",
        "{text}"
    );
    let body = answer.json();
    assert_eq!(body["status"], status, "{text}");
    assert_eq!(body["code"], code, "{text}");
    assert_eq!(body["type"], format!("urn:wuchuang:problem:{code}"));
    assert_eq!(body["request_id"], answer.header("x-request-id"), "{text}");
    for part in ["title", "detail", "instance"] {
        let words = body[part].as_str().unwrap_or_default();
        assert!(!words.is_empty(), "{part} is missing: {text}");
    }
    if let Some(field) = field {
        assert_eq!(body["errors"][0]["field"], field, "{text}");
        assert_eq!(body["errors"][0]["detail"], body["detail"], "{text}");
    }
}

/// A text inside of an answer.
#[track_caller]
fn text_of(value: &Value, name: &str) -> String {
    value[name]
        .as_str()
        .unwrap_or_else(|| panic!("no {name} in {value}"))
        .to_owned()
}
