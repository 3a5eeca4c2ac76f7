//! Every example of the document is sent as a program would send it that trusts the document: it must be read,
//! and what comes back must be what the document tells.

use axum::http::{Method, StatusCode};
use serde_json::Value;
use wuchuang_kernel::Role;
use wuchuang_webkit::{Gate, Resource, Rule, Visitor};

use super::contract::{Contract, Operation};
use crate::{
    county::{County, resident},
    harness::{Answer, TestHouse, request, staff},
};

/// The path with the examples of its places and of the parameters that it needs; identifiers that are there
/// for nobody where it gives none.
fn filled(operation: &Operation<'_>) -> String {
    let parameters = operation.told["parameters"].as_array();
    let needed: Vec<String> = parameters
        .into_iter()
        .flatten()
        .filter(|told| told["in"] == "query" && told["required"] == true)
        .filter_map(|told| {
            Some(format!(
                "{}={}",
                told["name"].as_str()?,
                told["example"].as_str()?
            ))
        })
        .collect();
    operation
        .path
        .split('/')
        .map(|part| {
            let Some(name) = part
                .strip_prefix('{')
                .and_then(|part| part.strip_suffix('}'))
            else {
                return part.to_owned();
            };
            let told = parameters
                .into_iter()
                .flatten()
                .find(|told| told["in"] == "path" && told["name"] == name);
            match told.map(|told| &told["example"]) {
                Some(Value::String(text)) => text.clone(),
                Some(Value::Number(number)) => number.to_string(),
                _ if told.is_some_and(|told| told["schema"]["type"] == "integer") => "1".to_owned(),
                _ => "0192f0c2a4b17c3e9d5566778899aabb".to_owned(),
            }
        })
        .collect::<Vec<_>>()
        .join("/")
        + &*(if needed.is_empty() {
            String::new()
        } else {
            format!("?{}", needed.join("&"))
        })
}

/// Somebody whom the policies let use the operation.
fn visitor(test: &TestHouse, operation: &Operation<'_>) -> Visitor {
    let rule = test
        .house
        .routes()
        .iter()
        .find(|spec| {
            spec.path == operation.path
                && spec.method.as_str().eq_ignore_ascii_case(operation.method)
        })
        .expect("the document's operations are routes")
        .rule;
    let Rule::Act(action) = rule else {
        return Visitor::Anonymous;
    };
    Role::ALL
        .map(staff)
        .into_iter()
        .chain([resident(1)])
        .find(|visitor| {
            test.house
                .gate()
                .allows(visitor, action, &Resource::default())
        })
        .expect("a route that nobody may use")
}

async fn send(test: &TestHouse, operation: &Operation<'_>, body: Option<&Value>) -> Answer {
    let method: Method = operation.method.to_uppercase().parse().unwrap();
    let mut builder = request(method, &filled(operation)).header("idempotency-key", "example");
    if body.is_some() {
        builder = builder.header("content-type", "application/json");
    }
    let sent = body.map(ToString::to_string).unwrap_or_default();
    let mut client = test.client_as(visitor(test, operation));
    client.send(builder.body(sent.into()).unwrap()).await
}

#[tokio::test]
async fn every_example_is_read_and_answered_as_told() {
    let test = TestHouse::sqlite().await;
    County::settle(&test.house).await;
    let told = Contract::of(&test.house);
    let mut faults = Vec::new();
    for operation in told.operations() {
        let content = &operation.told["requestBody"]["content"];
        if content.get("multipart/form-data").is_some() {
            continue;
        }
        let schema = &content["application/json"]["schema"];
        let body = schema.is_object().then(|| told.example(schema));
        let answer = send(&test, &operation, body.as_ref()).await;
        let (method, path) = (operation.method.to_uppercase(), filled(&operation));
        // A body or a parameter that does not read is the document's fault; a rule may well refuse.
        let is_read = answer.status != StatusCode::BAD_REQUEST
            && answer.status != StatusCode::UNSUPPORTED_MEDIA_TYPE
            && !(answer.status.is_client_error() && answer.text().contains("接口文档"));
        if !is_read || answer.status.is_server_error() {
            faults.push(format!("{method} {path}: {} for {body:?}", answer.text()));
            continue;
        }
        told.check(&method.parse().unwrap(), &path, &answer);
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// What a person reads of a field is in its description or its example: a field with neither is a riddle.
#[tokio::test]
async fn every_field_of_every_body_is_explained() {
    let test = TestHouse::sqlite().await;
    let document = serde_json::to_value(test.house.api()).unwrap();
    let mut riddles = Vec::new();
    for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
        for (field, told) in schema["properties"].as_object().into_iter().flatten() {
            let is_told = ["description", "example", "$ref", "oneOf"]
                .iter()
                .any(|word| told.get(word).is_some());
            if !is_told {
                riddles.push(format!("{name}.{field}"));
            }
        }
    }
    assert!(riddles.is_empty(), "{riddles:?}");
}
