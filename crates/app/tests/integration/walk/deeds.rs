//! One deed after the other: mostly what comes next in the life of a case, sometimes anything at all, which the
//! rules then refuse. No deed may break the house.

use axum::http::StatusCode;
use jiff::{SignedDuration, Span};
use serde_json::{Value, json};
use wuchuang_kernel::{Clock, Randomness, Role, SeededRandomness, china_date};
use wuchuang_webkit::Visitor;

use crate::{
    county::{County, DRAWING, resident},
    harness::{Answer, TestHouse, staff},
};

/// How many citizens there are.
const CITIZENS: u32 = 4;
/// How many deeds are told when something goes wrong.
const TRACE: usize = 12;

/// A case as the walk knows it.
pub(super) struct Life {
    pub(super) id: String,
    /// The citizen who applied alone; `None` when the counter did it for somebody.
    citizen: Option<u32>,
    stage: String,
    /// Which materials were not handed in; they may follow.
    missing: Vec<&'static str>,
}

pub(super) struct Walk<'a> {
    pub(super) test: &'a TestHouse,
    pub(super) county: County,
    randomness: SeededRandomness,
    pub(super) cases: Vec<Life>,
    serial: u32,
    trace: Vec<String>,
}

/// A deed: who does it, where, with which body.
type Deed = (Visitor, String, Value);

impl<'a> Walk<'a> {
    pub(super) async fn begin(test: &'a TestHouse, seed: u64) -> Self {
        Self {
            county: County::settle(&test.house).await,
            test,
            randomness: SeededRandomness::new(seed),
            cases: Vec::new(),
            serial: 0,
            trace: Vec::new(),
        }
    }

    /// A number below another.
    pub(super) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.randomness.number() >> 33).unwrap() % end
    }

    pub(super) fn note(&mut self, deed: String) {
        self.trace.push(deed);
    }

    /// The last deeds.
    pub(super) fn trace(&self) -> String {
        self.trace[self.trace.len().saturating_sub(TRACE)..].join("; ")
    }

    pub(super) async fn step(&mut self) {
        match self.below(20) {
            0..4 => self.submit().await,
            4 => self.pass_time().await,
            5 | 6 => self.around_the_cases().await,
            _ if self.cases.is_empty() => self.submit().await,
            _ => self.do_something().await,
        }
    }

    /// Lets time pass until every timer has run. Before that three last cases meet what chance alone would seldom
    /// bring: more time that is asked for and not granted, a reminder of a correction, a drawn process.
    pub(super) async fn end(&mut self) {
        let last = self.one_more().await;
        for deed in ["accept", "ask-extension", "decline-extension"] {
            let deed = self.deed(last, deed);
            self.send_for(last, deed).await;
        }
        let last = self.one_more().await;
        let (who, path, mut body) = self.deed(last, "correction-notices");
        let answer_by = china_date(self.test.clock.now()) + Span::new().days(9);
        body["answer_by"] = answer_by.to_string().into();
        self.send_for(last, (who, path, body)).await;
        // And one goes through a drawn process, of which one branch is handed about and the other one waits too long.
        self.county.draw(self.test).await;
        let last = self.one_more().await;
        for deed in ["accept", "first", "claim-site", "release-site", "hand-site"] {
            let deed = self.deed(last, deed);
            self.send_for(last, deed).await;
        }
        self.redraw(last).await;
        self.wait_for_others().await;
        for _ in 0..9 {
            self.test.clock.advance(SignedDuration::from_hours(24));
            self.test.run_jobs_without_papers().await;
        }
        for _ in 0..3 {
            self.test.clock.advance(SignedDuration::from_hours(24 * 40));
            self.test.run_jobs_without_papers().await;
        }
    }

    /// The drawing is published anew, and the case goes over to it.
    async fn redraw(&mut self, place: usize) {
        let drawing = DRAWING.replace("name=\"集体会审\"", "name=\"会审\"");
        self.county.draw_as(self.test, &drawing).await;
        let path = format!("/api/v1/items/{}/process/running", self.county.standard);
        let body = json!({ "cases": [self.cases[place].id], "reason": "办法修订。" });
        let answer = self.send((staff(Role::CatalogueManager), path, body)).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        assert_eq!(answer.json()["left"], json!([]), "{}", answer.text());
    }

    /// A whole application at the counter; its place among the cases.
    pub(super) async fn one_more(&mut self) -> usize {
        self.serial += 1;
        let body = self.county.standard_application(self.serial);
        let path = "/api/v1/cases".to_owned();
        let answer = self.send((self.county.clerk(), path, body)).await;
        self.cases.push(Life {
            id: answer.json()["case"].as_str().unwrap().to_owned(),
            citizen: None,
            stage: "examining".to_owned(),
            missing: Vec::new(),
        });
        self.cases.len() - 1
    }

    async fn pass_time(&mut self) {
        let span = match self.below(6) {
            0 => SignedDuration::from_hours(-2),
            1 => SignedDuration::from_hours(24 * 9),
            2 => SignedDuration::from_hours(24),
            _ => SignedDuration::from_mins(37),
        };
        self.note(format!("{span:?} pass"));
        self.test.clock.advance(span);
        self.test.run_jobs_without_papers().await;
    }

    async fn submit(&mut self) {
        self.serial += 1;
        let citizen = u32::try_from(self.below(8)).unwrap();
        let citizen = (citizen < CITIZENS).then_some(citizen);
        let mut missing = Vec::new();
        let mut body = match self.below(3) {
            0 => self.county.instant_application(self.serial),
            1 => self.county.standard_application(self.serial),
            _ => {
                // What may follow later is left out, so that acceptance is conditional or corrected.
                let mut body = self.county.standard_application(self.serial);
                let kept = self.below(3);
                body["materials"].as_array_mut().unwrap().truncate(3 + kept);
                missing = ["m4", "m5", "m6"][kept..].to_vec();
                body
            }
        };
        body["delivery"] = match self.below(3) {
            0 => json!({"way": "counter"}),
            1 => json!({"way": "electronic"}),
            _ => json!({"way": "post", "address": "城关镇河堤路12号"}),
        };
        let who = citizen.map_or_else(|| self.county.clerk(), resident);
        let answer = self.send((who, "/api/v1/cases".to_owned(), body)).await;
        if answer.status != StatusCode::CREATED {
            // Who was forgotten on the way cannot apply any more.
            assert_eq!(
                answer.json()["code"],
                "person_forgotten",
                "{}",
                answer.text()
            );
            return;
        }
        self.cases.push(Life {
            id: answer.json()["case"].as_str().unwrap().to_owned(),
            citizen,
            stage: "examining".to_owned(),
            missing,
        });
    }

    async fn do_something(&mut self) {
        // Late cases are met more often, so that some lives end.
        let place = self
            .below(self.cases.len())
            .max(self.below(self.cases.len()));
        let deed = if self.below(3) > 0 {
            self.next_deed(place)
        } else {
            self.any_deed(place)
        };
        let path = deed.1.clone();
        if self.send_for(place, deed).await {
            self.go_on(place, &path).await;
        }
        if self.below(2) == 0 {
            self.test.run_jobs_without_papers().await;
        }
    }

    /// Some deeds call for another one soon, which chance alone would seldom bring.
    async fn go_on(&mut self, place: usize, path: &str) {
        let next: &[&str] = match path.rsplit('/').next() {
            Some("stop") if self.below(4) > 0 => &["resume"],
            // Whoever sends a case back has it in hand, and gives it free for whoever examines it again.
            Some("complete") if self.below(2) == 0 => &["take-over", "return", "let-go"],
            Some("accept") if self.below(3) == 0 => &["supplements", "take-over", "let-go"],
            Some("accept") if self.below(2) == 0 => {
                &["review", "take-over", "return", "let-go", "review", "visit"]
            }
            Some("accept") => &["extend", "supplements", "review"],
            _ => return,
        };
        for deed in next {
            self.test.clock.advance(SignedDuration::from_hours(1));
            let deed = self.deed(place, deed);
            self.send_for(place, deed).await;
        }
    }

    /// Sends a deed of a case, remembers where the case stands and tells whether it was done.
    async fn send_for(&mut self, place: usize, deed: Deed) -> bool {
        let answer = self.send(deed).await;
        if answer.status.is_success()
            && let Some(stage) = answer.json()["stage"].as_str()
        {
            stage.clone_into(&mut self.cases[place].stage);
        }
        answer.status.is_success()
    }

    pub(super) async fn send(&mut self, (who, path, body): Deed) -> Answer {
        let answer = self.test.client_as(who).post_json(&path, &body).await;
        self.note(format!("{path} {}", answer.status.as_u16()));
        assert!(
            !answer.status.is_server_error(),
            "{path} {body}: {} after {}",
            answer.text(),
            self.trace()
        );
        answer
    }

    fn applicant(&self, place: usize) -> Visitor {
        let citizen = self.cases[place].citizen;
        citizen.map_or_else(|| self.county.clerk(), resident)
    }

    /// What comes next in the life of a case.
    fn next_deed(&mut self, place: usize) -> Deed {
        let usual: &[&str] = match self.cases[place].stage.as_str() {
            "examining" => &[
                "claim",
                "release",
                "accept",
                "accept-conditionally",
                "accept-and-grant",
            ],
            "correcting" => &["corrections"],
            "review" => &[
                "review",
                "visit",
                "check",
                "supplements",
                "return",
                "stop",
                "extend",
                "resume",
            ],
            "decision" => &["grant", "refuse", "supplements", "resume", "return"],
            "issuing" | "delivering" => &["deliver"],
            _ => &["rating"],
        };
        let deed = usual[self.below(usual.len())];
        self.deed(place, deed)
    }

    fn any_deed(&mut self, place: usize) -> Deed {
        const ALL: [&str; 13] = [
            "claim",
            "correction-notices",
            "corrections",
            "refuse-acceptance",
            "transfer",
            "stop",
            "resume",
            "extend",
            "withdraw",
            "terminate",
            "messages",
            "rating",
            "deliver",
        ];
        let deed = ALL[self.below(ALL.len())];
        self.deed(place, deed)
    }

    fn deed(&self, place: usize, deed: &str) -> Deed {
        let (clerk, reviewer, approver) = (
            self.county.clerk(),
            self.county.reviewer(),
            self.county.approver(),
        );
        let words = |name: &str| json!({name: "按规定办理。"});
        let paper = |id: &str| json!({"requirement": id, "paper_copies": 1});
        let (who, path, body) = match deed {
            "claim" | "release" => (clerk, deed.to_owned(), json!({})),
            "accept" => (approver, deed.to_owned(), json!({})),
            "accept-conditionally" => (
                approver,
                "accept".to_owned(),
                json!({"conditional": {"materials": self.cases[place].missing, "days": 2, "undertaken": true}}),
            ),
            "accept-and-grant" => (clerk, deed.to_owned(), words("opinion")),
            "correction-notices" => (
                clerk,
                deed.to_owned(),
                json!({"defects": [{"key": "material:m4", "name": "制度", "problem": "没有签名，请补签。"}]}),
            ),
            "corrections" | "supplements" => (
                self.applicant(place),
                deed.to_owned(),
                json!({"materials": [paper("m4"), paper("m5"), paper("m6")]}),
            ),
            "refuse-acceptance" => (
                clerk,
                deed.to_owned(),
                json!({"ground": "not_required", "reason": "不需要许可。"}),
            ),
            "transfer" => (
                clerk,
                deed.to_owned(),
                json!({"organisation": self.county.centre.to_string(), "reason": "事项已划转。"}),
            ),
            "review" | "visit" | "check" => {
                (reviewer, format!("steps/{deed}/complete"), words("opinion"))
            }
            "take-over" => {
                let person = approver.person().unwrap().to_string();
                let body = json!({"person": person, "reason": "同事休假，由我接手。"});
                (approver, "reassign".to_owned(), body)
            }
            "first" => (
                reviewer,
                "steps/first/complete".to_owned(),
                words("opinion"),
            ),
            "claim-site" => (reviewer, "steps/site/claim".to_owned(), json!({})),
            "release-site" => (reviewer, "steps/site/release".to_owned(), json!({})),
            "hand-site" => {
                let person = approver.person().unwrap().to_string();
                let body = json!({"person": person, "reason": "同事休假，由我接手。"});
                (approver, "steps/site/reassign".to_owned(), body)
            }
            "let-go" => (approver, "release".to_owned(), json!({})),
            "return" => (approver, "steps/review/return".to_owned(), words("reason")),
            "stop" => (
                approver,
                deed.to_owned(),
                json!({"procedure": "expert_review", "reason": "需要论证。", "expected_days": 5}),
            ),
            "resume" => (approver, deed.to_owned(), words("result")),
            "ask-extension" => (
                reviewer,
                "extension-requests".to_owned(),
                json!({"days": 3, "reason": "道路中断。"}),
            ),
            "decline-extension" => (
                approver,
                "extension-requests/decline".to_owned(),
                words("reason"),
            ),
            "extend" => (
                approver,
                deed.to_owned(),
                json!({"days": 2, "reason": "道路中断。"}),
            ),
            "grant" => (approver, deed.to_owned(), words("opinion")),
            "refuse" => (
                approver,
                deed.to_owned(),
                json!({"reason": "布局不合理。", "basis": "《办法》第十二条"}),
            ),
            "deliver" => (
                clerk,
                deed.to_owned(),
                json!({"way": "counter", "receiver": "李小红", "on_behalf": true, "receiver_number": "11010519491231002X", "authorisation": "original"}),
            ),
            "withdraw" => (self.applicant(place), deed.to_owned(), words("reason")),
            "terminate" => (
                approver,
                deed.to_owned(),
                json!({"ground": "duplicate", "reason": "重复申请。", "basis": "《办法》第十六条"}),
            ),
            "messages" => (self.applicant(place), deed.to_owned(), words("text")),
            _ => (
                clerk,
                "rating".to_owned(),
                json!({"stars": 4, "channel": "hall_tablet"}),
            ),
        };
        (
            who,
            format!("/api/v1/cases/{}/{path}", self.cases[place].id),
            body,
        )
    }
}
