//! The five requests of `core5`, asked of Request Tracker 5 through its REST 2 interface: a ticket with as much text,
//! three changes of its state, a list of twenty.

use serde_json::{Value, json};

use crate::{
    client::Client,
    generator::{Person, answers},
    http::Request,
    site::CORE_FIELDS,
};

/// The account that its installation makes: `root` with the password `password`.
const AUTHORIZATION: &str = "Basic cm9vdDpwYXNzd29yZA==";
/// The newest twenty, with what a worklist shows.
const LIST: &str = "/REST/2.0/tickets?query=id%3E0&orderby=id&order=DESC&per_page=20&fields=Subject,Status,Created,Owner";

/// One ticket of five requests. What fails is counted by the client.
pub fn step(client: &mut Client) {
    let _counted = live(client);
}

fn live(client: &mut Client) -> Option<()> {
    let person = Person::next(&mut client.random);
    let text: Vec<String> = answers(&mut client.random, CORE_FIELDS)
        .into_iter()
        .map(|(name, value)| format!("{name}: {value}"))
        .collect();
    let ticket = json!({
        "Queue": "General", "ContentType": "text/plain", "Content": text.join("\n"),
        "Subject": format!("{} {} {}", person.name, person.number, person.phone),
    });
    let created = send(client, "create", "POST", "/REST/2.0/ticket", &ticket)?;
    let path = format!("/REST/2.0/ticket/{}", created["id"].as_str()?);
    for status in ["open", "stalled", "resolved"] {
        send(client, "change", "PUT", &path, &json!({"Status": status}))?;
    }
    client.ask(
        "list",
        &Request {
            method: "GET",
            path: LIST,
            authorization: AUTHORIZATION,
            ..Request::default()
        },
    )?;
    client.figures.cases += 1;
    Some(())
}

fn send(
    client: &mut Client,
    kind: &'static str,
    method: &str,
    path: &str,
    body: &Value,
) -> Option<Value> {
    let text = body.to_string();
    let answer = client.ask(
        kind,
        &Request {
            method,
            path,
            authorization: AUTHORIZATION,
            content_type: "application/json",
            body: text.as_bytes(),
            ..Request::default()
        },
    )?;
    client.figures.commands += 1;
    serde_json::from_slice(&answer.body).ok()
}
