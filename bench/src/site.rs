//! Sets the measured county up through its own doors: staff and citizens sign in with the forms, the catalogue manager
//! publishes the two measured items through the API. No table is touched.

use std::net::SocketAddr;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use crate::{
    client::Client,
    generator::{FIELDS, Person, Random, form},
    http::{self, Request, Response},
};

/// The password of the demonstration's accounts, which its start prints.
const PASSWORD: &str = "Ziyang-2026";
/// The department of the demonstration's reviewer and approver.
const DEPARTMENT: &str = "人力资源和社会保障局";
/// How many questions the small item asks.
pub const CORE_FIELDS: usize = 5;
/// The item of whole lives; any identifier of version 4 would do.
const LIFE_ITEM: &str = "be7c0000000040008000000000000001";
/// The small item.
const CORE_ITEM: &str = "be7c0000000040008000000000000002";

/// The items of the bundle of enrolment: the identifiers that the house gives to the keys BENCH1 to BENCH3 of a file.
const ENROLMENT_ITEMS: [(&str, &str, &str); ENROLMENT_PARTS] = [
    (
        "BENCH1",
        "ef911b2058d22255f4c3462b864099c7",
        "基准测试入学登记",
    ),
    (
        "BENCH2",
        "346536c850917ce01d21380065b36845",
        "基准测试居住登记",
    ),
    (
        "BENCH3",
        "44e9cd8f2b5488d682df07184e9ab48e",
        "基准测试资助申请",
    ),
];
/// How many items the bundle of enrolment has.
pub const ENROLMENT_PARTS: usize = 3;
/// The key and the identifier of the bundle of enrolment.
const ENROLMENT_BUNDLE: (&str, &str) = ("BENCHS", "d0af3694b111360390a5a940e17b37c3");

/// Somebody who applies.
#[derive(Debug, Clone)]
pub struct Citizen {
    /// The session.
    pub cookie: String,
    /// Who.
    pub person: Person,
}

/// Who works and what is applied for.
#[derive(Debug, Clone)]
pub struct Site {
    /// The server.
    pub server: SocketAddr,
    /// A clerk of the centre's counter.
    pub clerk: String,
    /// A reviewer of the department.
    pub reviewer: String,
    /// Who decides there.
    pub approver: String,
    /// The item of whole lives.
    pub life_item: String,
    /// The small item.
    pub core_item: String,
    /// The bundle of enrolment; empty until it was prepared.
    pub enrolment: String,
    /// Who publishes.
    manager: String,
}

impl Site {
    /// Signs the staff in and publishes the items where they are not yet.
    ///
    /// # Errors
    /// When a door does not open.
    pub fn prepare(server: SocketAddr) -> Result<Self> {
        let mut client = Client::new(server, 240, 0);
        let mut staff = |account: &str| sign_in(&mut client, account);
        let (clerk, reviewer, approver, manager) = (
            staff("clerk")?,
            staff("reviewer")?,
            staff("approver")?,
            staff("catalogue")?,
        );
        let pattern = pattern(&mut client)?;
        let life = measured_item(&pattern, "基准测试许可", FIELDS, 2, 3, true);
        let core = measured_item(&pattern, "基准测试登记", CORE_FIELDS, 1, 0, false);
        publish(&mut client, &manager, LIFE_ITEM, &life)?;
        publish(&mut client, &manager, CORE_ITEM, &core)?;
        Ok(Self {
            server,
            clerk,
            reviewer,
            approver,
            life_item: LIFE_ITEM.to_owned(),
            core_item: CORE_ITEM.to_owned(),
            enrolment: String::new(),
            manager,
        })
    }

    /// Publishes the bundle of enrolment with its items where they are not yet.
    ///
    /// # Errors
    /// When a door does not open.
    pub fn prepare_enrolment(&mut self) -> Result<()> {
        let mut client = Client::new(self.server, 240, 0);
        let pattern = pattern(&mut client)?;
        for (_, item, name) in ENROLMENT_ITEMS {
            let mut content = measured_item(&pattern, name, CORE_FIELDS, 1, 0, false);
            content["online_depth"] = json!("full");
            content["handling_forms"] = json!(["2", "3"]);
            publish(&mut client, &self.manager, item, &content)?;
        }
        let (code, bundle) = ENROLMENT_BUNDLE;
        let members = ENROLMENT_ITEMS.map(|(code, _, _)| format!("  - {{code: {code}}}\n"));
        let yaml = format!(
            "bundles:\n- code: {code}\n  name: 基准测试入学一件事\n  tree: person\n  order: 99\n  subject: 自然人\n  members:\n{}",
            members.concat()
        );
        let is_there = client.prepare(&Request {
            method: "GET",
            path: &format!("/api/v1/bundles/{bundle}"),
            ..Request::default()
        })?;
        if is_there.status != 200 {
            let import = json!({"yaml": yaml});
            let publish = format!("/api/v1/bundles/{bundle}/publish");
            for (path, body) in [("/api/v1/bundles/import", import), (&publish, json!({}))] {
                let answer = client.prepare(&Request {
                    method: "POST",
                    path,
                    cookie: &self.manager,
                    content_type: "application/json",
                    body: body.to_string().as_bytes(),
                    ..Request::default()
                })?;
                if answer.status != 200 {
                    bail!(
                        "{path} was answered with {}: {}",
                        answer.status,
                        answer.text()
                    );
                }
            }
        }
        bundle.clone_into(&mut self.enrolment);
        Ok(())
    }

    /// Signs citizens in, each with the code that the demonstration shows on the page. They come from many addresses,
    /// because one address may ask for forty codes only.
    ///
    /// # Errors
    /// When the doors do not open.
    pub fn citizens(&self, count: u64, seed: u64) -> Result<Vec<Citizen>> {
        let mut random = Random::new(seed ^ 0x00C1_712E);
        (0..count)
            .map(|number| {
                let person = Person::next(&mut random);
                let mut client = Client::new(self.server, number / 20, seed);
                let cookie = citizen_sign_in(&mut client, &person)?;
                Ok(Citizen { cookie, person })
            })
            .collect()
    }
}

/// How many jobs wait: papers to be made, messages to be sent.
pub fn jobs_waiting(server: SocketAddr) -> Option<u64> {
    let answer = Client::new(server, 241, 0)
        .prepare(&Request {
            method: "GET",
            path: "/metrics",
            ..Request::default()
        })
        .ok()?;
    jobs_in(&answer.text())
}

fn jobs_in(metrics: &str) -> Option<u64> {
    let line = metrics
        .lines()
        .find_map(|line| line.strip_prefix("wuchuang_jobs_waiting "))?;
    line.trim().parse().ok()
}

fn post_form(client: &mut Client, path: &str, pairs: &[(&str, &str)]) -> Result<Response> {
    client.prepare(&Request {
        method: "POST",
        path,
        content_type: "application/x-www-form-urlencoded",
        body: http::form(pairs).as_bytes(),
        ..Request::default()
    })
}

fn sign_in(client: &mut Client, account: &str) -> Result<String> {
    let answer = post_form(
        client,
        "/staff/login",
        &[("account", account), ("password", PASSWORD), ("back", "")],
    )?;
    answer
        .cookie
        .filter(|_| answer.status == 303)
        .with_context(|| format!("{account} could not sign in: {}", answer.status))
}

fn citizen_sign_in(client: &mut Client, person: &Person) -> Result<String> {
    let shown = post_form(
        client,
        "/login/code",
        &[("phone", &person.phone), ("back", "")],
    )?
    .text();
    let code =
        code_in(&shown).context("the page shows no sign-in code: only the demonstration does")?;
    let answer = post_form(
        client,
        "/login",
        &[("phone", &person.phone), ("code", &code), ("back", "")],
    )?;
    answer
        .cookie
        .filter(|_| answer.status == 303)
        .with_context(|| format!("a citizen could not sign in: {}", answer.status))
}

fn code_in(page: &str) -> Option<String> {
    let (_, after) = page.split_once("：验证码 ")?;
    let code: String = after.chars().take_while(char::is_ascii_digit).collect();
    (code.len() == 6).then_some(code)
}

fn read(client: &mut Client, path: &str) -> Result<Value> {
    let answer = client.prepare(&Request {
        method: "GET",
        path,
        ..Request::default()
    })?;
    if answer.status != 200 {
        bail!("GET {path} was answered with {}", answer.status);
    }
    Ok(serde_json::from_slice(&answer.body)?)
}

/// A published item of the department, whose head the measured items take over.
fn pattern(client: &mut Client) -> Result<Value> {
    let list = read(client, "/api/v1/items?limit=100")?;
    let item = list["items"]
        .as_array()
        .into_iter()
        .flatten()
        .find(|item| item["department_name"] == DEPARTMENT && item["handling"] == "2")
        .and_then(|item| item["id"].as_str())
        .with_context(|| format!("{DEPARTMENT} has no item with review steps"))?
        .to_owned();
    Ok(read(client, &format!("/api/v1/items/{item}"))?["content"].clone())
}

fn measured_item(
    pattern: &Value,
    name: &str,
    fields: usize,
    steps: usize,
    materials: usize,
    licence: bool,
) -> Value {
    let steps: Vec<Value> = (1..=steps)
        .map(|step| json!({"id": format!("s{step}"), "name": format!("审查{step}"), "role": "reviewer"}))
        .collect();
    let materials: Vec<Value> = (1..=materials)
        .map(
            |material| json!({"id": format!("m{material}"), "name": format!("申请材料{material}")}),
        )
        .collect();
    let result = if licence {
        json!({"name": format!("{name}证"), "licence_type": format!("{name}证"), "validity": "3年"})
    } else {
        json!({"name": format!("{name}回执")})
    };
    json!({
        "name": name, "item_type": pattern["item_type"], "department": pattern["department"],
        "service_objects": ["1"], "handling": "2",
        "statutory_limit": {"value": 20, "unit": "working_days"}, "promised_limit": {"value": 5, "unit": "working_days"},
        "steps": steps, "materials": materials, "form": form(fields), "result": result,
        "legal_basis": pattern["legal_basis"], "phone": pattern["phone"], "places": pattern["places"],
        "office_hours": pattern["office_hours"], "handling_forms": pattern["handling_forms"],
        "conditions": ["申请人具有完全民事行为能力。"],
    })
}

fn publish(client: &mut Client, cookie: &str, item: &str, content: &Value) -> Result<()> {
    let is_there = client
        .prepare(&Request {
            method: "GET",
            path: &format!("/api/v1/items/{item}"),
            ..Request::default()
        })?
        .status
        == 200;
    if is_there {
        return Ok(());
    }
    let mut send = |what: &str, body: Value| -> Result<()> {
        let answer = client.prepare(&Request {
            method: "POST",
            path: &format!("/api/v1/items/{item}/{what}"),
            cookie,
            content_type: "application/json",
            body: body.to_string().as_bytes(),
            ..Request::default()
        })?;
        if answer.status != 200 {
            bail!(
                "the item's {what} was answered with {}: {}",
                answer.status,
                answer.text()
            );
        }
        Ok(())
    };
    send("draft", json!({"content": content}))?;
    // The server's own day: what it shows of a published item.
    let today = today();
    send("publish", json!({"effective_from": today}))
}

/// The civil date in China.
fn today() -> String {
    crate::time::china_day()
}

#[cfg(test)]
mod tests {
    use super::{code_in, jobs_in};

    #[test]
    fn waiting_jobs_are_read_from_the_metrics() {
        assert_eq!(
            jobs_in("# TYPE x gauge\nwuchuang_jobs_waiting 12\n"),
            Some(12)
        );
        assert_eq!(jobs_in("other 3\n"), None);
    }

    #[test]
    fn the_code_is_found_on_the_page() {
        assert_eq!(
            code_in("<p>演示环境：验证码 012345</p>").as_deref(),
            Some("012345")
        );
        assert_eq!(code_in("<p>验证码已发送</p>"), None);
    }
}
