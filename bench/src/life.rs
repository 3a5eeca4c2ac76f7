//! A whole case life, as its people live it: the citizen hands in with three scanned materials and looks up the
//! progress, the clerk opens the worklist and the case and accepts, two review steps, the decision, the handing over,
//! the rating. Five of a hundred are sent back for correction, three of a hundred are refused.

use std::collections::VecDeque;

use serde_json::{Value, json};

use crate::{
    client::{Client, Outcome},
    generator::{FIELDS, answers, file},
    http::{self, Request},
    site::{Citizen, Site},
    time::Stopwatch,
};

/// How many of a hundred cases are sent back for correction.
const CORRECTIONS_PERCENT: u64 = 5;
/// How many of a hundred are refused.
const REFUSALS_PERCENT: u64 = 3;
/// How long a decided case waits before somebody comes for its result.
const PICKUP_US: u64 = 100_000;
/// Separates the parts of an upload.
const BOUNDARY: &str = "wuchuang-bench-7f3a91";

/// A decided case whose result was not handed over yet.
#[derive(Debug)]
struct Decided {
    case: String,
    citizen: usize,
    since: Stopwatch,
}

/// A closed case that its citizen may rate.
#[derive(Debug, Clone)]
pub struct Rateable {
    case: String,
    token: String,
    cookie: String,
}

/// How much of a life is lived.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// All of it, as measured.
    Whole,
    /// The commands only, with materials on paper, for filling a store: no page is looked at.
    CommandsOnly,
}

/// The lives that one client goes through.
#[derive(Debug)]
pub struct Lives<'a> {
    site: &'a Site,
    citizens: Vec<Citizen>,
    next_citizen: usize,
    decided: VecDeque<Decided>,
    extent: Extent,
}

impl<'a> Lives<'a> {
    /// The lives of these citizens.
    pub fn new(site: &'a Site, citizens: Vec<Citizen>, extent: Extent) -> Self {
        Self {
            site,
            citizens,
            next_citizen: 0,
            decided: VecDeque::new(),
            extent,
        }
    }

    /// One life up to the decision; then whoever waits for a result gets it and rates.
    pub fn step(&mut self, client: &mut Client) {
        self.begin(client, Stopwatch::start());
        while let Some(rateable) = self.hand_over(client) {
            if rate(client, &rateable, Stopwatch::start()) {
                client.figures.cases += 1;
            }
        }
    }

    /// Lives through so many cases for a store that holds something: of ten, eight are closed and rated, two stay
    /// under way, one of them examined and one in review.
    pub fn fill(&mut self, client: &mut Client, count: u64) {
        for number in 0..count {
            match number % 10 {
                0 => {
                    self.begin_until(client, 1);
                }
                1 => {
                    self.begin_until(client, 2);
                }
                _ => self.step(client),
            }
        }
        while !self.decided.is_empty() && client.figures.errors() == 0 {
            match self.hand_over(client) {
                Some(rateable) => {
                    rate(client, &rateable, Stopwatch::start());
                }
                None => std::thread::sleep(std::time::Duration::from_millis(5)),
            }
        }
    }

    /// Only the first commands of a life: handed in, and accepted.
    fn begin_until(&mut self, client: &mut Client, commands: u8) -> Option<()> {
        let citizen = self.citizens[self.next_citizen % self.citizens.len()].clone();
        self.next_citizen += 1;
        let case = self.submit(client, &citizen, on_paper(), Stopwatch::start())?;
        if commands > 1 {
            client.command(
                "accept",
                &format!("/api/v1/cases/{case}/accept"),
                &self.site.clerk,
                &json!({}),
            )?;
        }
        client.figures.cases += 1;
        Some(())
    }

    /// How many wait for their result.
    pub fn waiting(&self) -> usize {
        self.decided.len()
    }

    /// From the application to the decision; `since` is when the application should have been sent.
    pub fn begin(&mut self, client: &mut Client, since: Stopwatch) -> Option<()> {
        let place = self.next_citizen % self.citizens.len();
        self.next_citizen += 1;
        let citizen = self.citizens[place].clone();
        let is_whole = self.extent == Extent::Whole;
        let materials = if is_whole {
            upload(client, &citizen.cookie)?
        } else {
            on_paper()
        };
        let case = self.submit(client, &citizen, materials, since)?;
        if is_whole {
            client.page("worklist", "/staff/cases", &self.site.clerk)?;
            client.page(
                "case page",
                &format!("/staff/cases/{case}"),
                &self.site.clerk,
            )?;
        }
        if client.random.happens(CORRECTIONS_PERCENT) {
            self.correct(client, &citizen, &case)?;
        }
        let act = |client: &mut Client, kind, what: &str, cookie: &str, body: Value| {
            client
                .command(kind, &format!("/api/v1/cases/{case}/{what}"), cookie, &body)
                .map(drop)
        };
        act(client, "accept", "accept", &self.site.clerk, json!({}))?;
        let opinion = json!({"opinion": "经审查，材料齐全，符合规定的条件。"});
        act(
            client,
            "step",
            "steps/s1/complete",
            &self.site.reviewer,
            opinion.clone(),
        )?;
        act(
            client,
            "step",
            "steps/s2/complete",
            &self.site.reviewer,
            opinion.clone(),
        )?;
        if client.random.happens(REFUSALS_PERCENT) {
            let reason = json!({"reason": "经营场所不符合规定的条件，经复查没有改正。", "basis": "《劳务派遣行政许可实施办法》第七条"});
            act(client, "decide", "refuse", &self.site.approver, reason)?;
        } else {
            act(client, "decide", "grant", &self.site.approver, opinion)?;
        }
        self.decided.push_back(Decided {
            case,
            citizen: place,
            since: Stopwatch::start(),
        });
        Some(())
    }

    fn submit(
        &self,
        client: &mut Client,
        citizen: &Citizen,
        materials: Vec<Value>,
        since: Stopwatch,
    ) -> Option<String> {
        let person = &citizen.person;
        let application = json!({
            "item": self.site.life_item,
            "applicant": {"kind": "person", "name": person.name, "number": person.number, "phone": person.phone, "address": person.address},
            "answers": answers(&mut client.random, FIELDS),
            "materials": materials,
            "delivery": {"way": "counter"},
        });
        // With uploads before it, only the first request is late when the client is.
        let since = if self.extent == Extent::Whole {
            Stopwatch::start()
        } else {
            since
        };
        let received = client.command_since(
            "submit",
            "/api/v1/cases",
            &citizen.cookie,
            &application,
            since,
        )?;
        let text = |name: &str| received[name].as_str().unwrap_or_default().to_owned();
        if self.extent == Extent::Whole {
            let form = http::form(&[("number", &text("number")), ("code", &text("check_code"))]);
            client.ask(
                "progress",
                &Request {
                    method: "POST",
                    path: "/progress",
                    content_type: "application/x-www-form-urlencoded",
                    body: form.as_bytes(),
                    compressed: true,
                    ..Request::default()
                },
            )?;
        }
        Some(text("case"))
    }

    fn correct(&self, client: &mut Client, citizen: &Citizen, case: &str) -> Option<()> {
        let defects = json!({"defects": [{"key": "material:m1", "name": "申请材料1", "problem": "第一页没有签名，请补签后重新上传"}]});
        let path = format!("/api/v1/cases/{case}/correction-notices");
        client.command("correct", &path, &self.site.clerk, &defects)?;
        let mut materials = if self.extent == Extent::Whole {
            upload(client, &citizen.cookie)?
        } else {
            on_paper()
        };
        materials.truncate(1);
        let path = format!("/api/v1/cases/{case}/corrections");
        client
            .command(
                "correct",
                &path,
                &citizen.cookie,
                &json!({"materials": materials}),
            )
            .map(drop)
    }

    /// Hands the oldest result over, if it is time, and gives what its citizen needs to rate. A result that is not
    /// made yet is asked for again later.
    pub fn hand_over(&mut self, client: &mut Client) -> Option<Rateable> {
        let mut decided = self.decided.pop_front()?;
        if decided.since.elapsed_us() < PICKUP_US {
            self.decided.push_front(decided);
            return None;
        }
        let citizen = self.citizens[decided.citizen].clone();
        let body = json!({"way": "counter", "receiver": citizen.person.name});
        let path = format!("/api/v1/cases/{}/deliver", decided.case);
        match client.command_or_wait("deliver", &path, &self.site.clerk, &body) {
            Outcome::Done => {
                let token = invitation(client, &citizen.cookie)?;
                Some(Rateable {
                    case: decided.case,
                    token,
                    cookie: citizen.cookie,
                })
            }
            Outcome::Failed => None,
            Outcome::TooEarly => {
                decided.since = Stopwatch::start();
                self.decided.push_back(decided);
                None
            }
        }
    }
}

/// The link to the rating of the newest case that is not rated.
fn invitation(client: &mut Client, cookie: &str) -> Option<String> {
    let page = client.ask(
        "my ratings",
        &Request {
            method: "GET",
            path: "/my/ratings",
            cookie,
            ..Request::default()
        },
    )?;
    token_in(&page.text())
}

fn token_in(page: &str) -> Option<String> {
    let (_, after) = page.split_once("href=\"/rate/")?;
    let token: String = after
        .chars()
        .take_while(char::is_ascii_alphanumeric)
        .collect();
    (!token.is_empty()).then_some(token)
}

/// Rates a case. `since` is when the rating should have been sent.
pub fn rate(client: &mut Client, rateable: &Rateable, since: Stopwatch) -> bool {
    let stars = [5, 5, 5, 5, 4, 4, 3, 2][usize::try_from(client.random.below(8)).unwrap_or(0)];
    let body = json!({"token": rateable.token, "stars": stars, "channel": "mobile", "labels": [], "text": ""});
    let path = format!("/api/v1/cases/{}/rating", rateable.case);
    client
        .command_since("rate", &path, &rateable.cookie, &body, since)
        .is_some()
}

fn on_paper() -> Vec<Value> {
    (1..=3)
        .map(|material| json!({"requirement": format!("m{material}"), "paper_copies": 1}))
        .collect()
}

/// Uploads a scan for each of the three materials.
fn upload(client: &mut Client, cookie: &str) -> Option<Vec<Value>> {
    (1..=3)
        .map(|material| {
            let mut body = format!(
                "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"scan{material}.pdf\"\r\nContent-Type: application/pdf\r\n\r\n"
            )
            .into_bytes();
            body.extend_from_slice(&file(&mut client.random));
            body.extend_from_slice(format!("\r\n--{BOUNDARY}--\r\n").as_bytes());
            let kept = client.ask("upload", &Request {
                method: "POST",
                path: "/api/v1/files",
                cookie,
                content_type: &format!("multipart/form-data; boundary={BOUNDARY}"),
                body: &body,
                ..Request::default()
            })?;
            let kept: Value = serde_json::from_slice(&kept.body).ok()?;
            Some(json!({"requirement": format!("m{material}"), "files": [{"sha256": kept["sha256"], "name": kept["name"]}]}))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::token_in;

    #[test]
    fn the_link_of_the_first_case_that_waits_is_taken() {
        let page = r#"<li>已评价</li><a href="/rate/aB3x"><a href="/rate/other">"#;
        assert_eq!(token_in(page).as_deref(), Some("aB3x"));
        assert_eq!(token_in("<li>已评价</li>"), None);
    }
}
