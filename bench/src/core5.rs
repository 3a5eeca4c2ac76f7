//! Five requests that any case system can answer: create, three changes of state, a list of twenty.

use serde_json::json;

use crate::{
    client::Client,
    generator::answers,
    http::Request,
    site::{CORE_FIELDS, Citizen, Site},
};

/// One case of five requests; `None` when one of them failed.
pub fn step(client: &mut Client, site: &Site, citizen: &Citizen) -> Option<()> {
    commands(client, site, citizen)?;
    client.ask(
        "list",
        &Request {
            method: "GET",
            path: "/api/v1/cases?limit=20",
            cookie: &site.clerk,
            compressed: true,
            ..Request::default()
        },
    )?;
    client.figures.cases += 1;
    Some(())
}

/// One case without the list, for a store that holds something.
pub fn fill(client: &mut Client, site: &Site, citizen: &Citizen) -> Option<()> {
    commands(client, site, citizen)?;
    client.figures.cases += 1;
    Some(())
}

fn commands(client: &mut Client, site: &Site, citizen: &Citizen) -> Option<()> {
    let person = &citizen.person;
    let application = json!({
        "item": site.core_item,
        "applicant": {"kind": "person", "name": person.name, "number": person.number, "phone": person.phone},
        "answers": answers(&mut client.random, CORE_FIELDS),
        "delivery": {"way": "electronic"},
    });
    let received = client.command("create", "/api/v1/cases", &citizen.cookie, &application)?;
    let case = received["case"].as_str()?.to_owned();
    let mut act = |what: &str, cookie: &str, body| {
        client.command(
            "change",
            &format!("/api/v1/cases/{case}/{what}"),
            cookie,
            &body,
        )
    };
    act("accept", &site.clerk, json!({}))?;
    act(
        "steps/s1/complete",
        &site.reviewer,
        json!({"opinion": "符合条件。"}),
    )?;
    act("grant", &site.approver, json!({"opinion": "准予登记。"}))?;
    Some(())
}
