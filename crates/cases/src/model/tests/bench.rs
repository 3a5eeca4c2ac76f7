//! A case on a bench: one command after the other, at a time that the test sets, without a ledger.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use wuchuang_calendar::{Calendar, ClockRule, ExtensionRule, Limit, StopKind};
use wuchuang_codes::HandlingKind;
use wuchuang_kernel::{
    Actor, ActorKind, Channel, ItemId, LicenceId, MaterialId, OrganisationId, PersonId, Personal,
    PostId, Region, Rejection, StreamId,
};
use wuchuang_ledger::{Context, Stream};

use crate::model::{
    Agent, Applicant, ApplicantKind, Case, CaseCommand, CaseEvent, CaseState, CaseStream,
    Conditional, Defect, Delivered, DeliveryChoice, DrawnProcess, FileReference, IssuedLicence,
    ItemTerms, Material, MaterialSource, MaterialTerms, NotAcceptedGround, SpecialProcedure,
    StepTerms, Submission, TerminationGround,
};

pub(crate) const APPLICANT: PersonId = PersonId::from_u128(0xA1);
pub(crate) const DEPARTMENT: OrganisationId = OrganisationId::from_u128(0xD1);
pub(crate) const OTHER_DEPARTMENT: OrganisationId = OrganisationId::from_u128(0xD2);

pub(crate) fn region() -> Region {
    "610924".parse().unwrap()
}

/// A Monday morning, nine o'clock in China.
pub(crate) fn monday() -> Timestamp {
    "2026-11-16T01:00:00Z".parse().unwrap()
}

pub(crate) fn own(text: &str) -> Personal<String> {
    Personal::new(APPLICANT, text.to_owned())
}

pub(crate) const fn staff(number: u128) -> Actor {
    Actor {
        person: Some(PersonId::from_u128(number)),
        program: None,
        kind: ActorKind::Staff {
            post: PostId::from_u128(number),
            organisation: DEPARTMENT,
        },
    }
}

/// A licence with two review steps, five promised of twenty statutory working days.
pub(crate) fn standard_terms() -> ItemTerms {
    let material = |id: &str, name: &str, required, tolerable| MaterialTerms {
        id: id.to_owned(),
        name: name.to_owned(),
        required,
        tolerable,
        by_commitment: tolerable,
    };
    let step = |id: &str, name: &str, days: Option<u16>| StepTerms {
        id: id.to_owned(),
        name: name.to_owned(),
        limit: days.map(Limit::working_days),
    };
    ItemTerms {
        item: ItemId::from_u128(0xE1),
        version: 1,
        name: "食品经营许可（新办）".to_owned(),
        department: DEPARTMENT,
        department_name: "紫阳县行政审批服务局".to_owned(),
        department_code: "SPJU".to_owned(),
        handling: HandlingKind::Standard,
        limits: ClockRule::new(
            Limit::working_days(20),
            Limit::working_days(5),
            Some(ExtensionRule::ordinary()),
        )
        .unwrap(),
        steps: vec![step("review", "审查", Some(2)), step("audit", "审核", None)],
        materials: vec![
            material("m1", "申请书", true, false),
            material("m2", "健康证明", true, true),
            material("m3", "授权委托书", false, false),
        ],
        conditional_acceptance: true,
        result_name: "食品经营许可证".to_owned(),
        issues_licence: true,
        drawn: None,
        rules: None,
        supervised: None,
    }
}

/// An item that is settled in one sitting and gives a letter only.
pub(crate) fn instant_terms() -> ItemTerms {
    ItemTerms {
        handling: HandlingKind::Instant,
        limits: ClockRule::new(Limit::working_days(1), Limit::ON_THE_SPOT, None).unwrap(),
        steps: Vec::new(),
        result_name: "备案回执".to_owned(),
        issues_licence: false,
        ..standard_terms()
    }
}

pub(crate) fn material(id: &str) -> Material {
    Material {
        id: MaterialId::from_u128(u128::from(id.as_bytes()[1])),
        requirement: Some(id.to_owned()),
        name: format!("材料{id}"),
        source: MaterialSource::Uploaded,
        files: vec![FileReference {
            sha256: "ab".repeat(32),
            name: own("扫描件.pdf"),
            bytes: 10,
            media_type: "application/pdf".to_owned(),
        }],
    }
}

pub(crate) fn submission(
    terms: ItemTerms,
    materials: &[&str],
    delivery: DeliveryChoice,
) -> CaseCommand {
    CaseCommand::Submit(Box::new(Submission {
        terms,
        applicant: Applicant {
            person: APPLICANT,
            kind: ApplicantKind::Person,
            name: own("王小明"),
            number: own("61092419900101002X"),
            phone: own("13891500000"),
            address: own("紫阳县城关镇环城路126号"),
            email: own(""),
        },
        agent: Some(Agent {
            name: own("李四"),
            number: own(""),
            phone: own(""),
        }),
        answers: Personal::new(APPLICANT, json!({ "business_name": "兴盛餐饮店" })),
        materials: materials.iter().map(|id| material(id)).collect(),
        delivery,
        check_code: "7K3M9Q".to_owned(),
        priority: false,
        undertaking: None,
        handled_by: None,
        part_of: None,
        known: Vec::new(),
    }))
}

/// A named command of each kind, as it is usually meant.
pub(crate) fn usual_commands() -> Vec<(&'static str, CaseCommand)> {
    let opinion = || own("符合条件，同意。");
    vec![
        (
            "submit",
            submission(standard_terms(), &["m1", "m2"], DeliveryChoice::Counter),
        ),
        ("claim", CaseCommand::Claim),
        ("release", CaseCommand::Release),
        (
            "reassign",
            CaseCommand::Reassign {
                to: PersonId::from_u128(2),
                reason: own("同事休假。"),
            },
        ),
        ("notify_correction", correction(&["material:m2"])),
        (
            "supply_correction",
            CaseCommand::SupplyCorrection {
                answers: None,
                materials: vec![material("m2")],
                counted: None,
            },
        ),
        ("accept", CaseCommand::Accept { conditional: None }),
        (
            "accept_conditionally",
            CaseCommand::Accept {
                conditional: Some(conditional(&["m2"], 3)),
            },
        ),
        (
            "accept_and_grant",
            CaseCommand::AcceptAndGrant { opinion: opinion() },
        ),
        ("deem_accepted", CaseCommand::DeemAccepted),
        (
            "refuse_acceptance",
            CaseCommand::RefuseAcceptance {
                ground: NotAcceptedGround::Other,
                reason: own("不符合受理条件。"),
            },
        ),
        (
            "transfer",
            CaseCommand::Transfer {
                organisation: OTHER_DEPARTMENT,
                organisation_name: "紫阳县市场监督管理局".to_owned(),
                reason: "事项已划转".to_owned(),
            },
        ),
        ("complete_review", complete("review")),
        ("complete_audit", complete("audit")),
        (
            "return_to_review",
            CaseCommand::ReturnToStep {
                step: "review".to_owned(),
                reason: own("请再核查。"),
            },
        ),
        ("stop", stop(StopKind::ExpertReview)),
        (
            "resume",
            CaseCommand::ResumeClock {
                result: own("评审通过。"),
            },
        ),
        (
            "extend",
            CaseCommand::Extend {
                days: 10,
                reason: "道路中断".to_owned(),
            },
        ),
        (
            "request_extension",
            CaseCommand::RequestExtension {
                days: 5,
                reason: own("道路中断。"),
            },
        ),
        (
            "decline_extension",
            CaseCommand::DeclineExtension {
                reason: own("道路已恢复。"),
            },
        ),
        ("remind", CaseCommand::Remind),
        (
            "supplement",
            CaseCommand::SupplySupplement {
                materials: vec![material("m2")],
            },
        ),
        ("grant", CaseCommand::Grant { opinion: opinion() }),
        (
            "refuse",
            CaseCommand::Refuse {
                reason: own("布局不合理。"),
                basis: "《办法》第十二条".to_owned(),
            },
        ),
        ("record_licence", CaseCommand::RecordLicence(licence())),
        ("deliver", deliver()),
        ("record_rating", CaseCommand::RecordRating),
        ("archive", CaseCommand::Archive),
        ("withdraw", CaseCommand::Withdraw { reason: own("") }),
        ("terminate", terminate(TerminationGround::Duplicate)),
        (
            "say",
            CaseCommand::Say {
                text: own("请问办到哪一步了？"),
            },
        ),
    ]
}

pub(crate) fn correction(keys: &[&str]) -> CaseCommand {
    CaseCommand::NotifyCorrection {
        defects: keys
            .iter()
            .map(|key| Defect {
                key: (*key).to_owned(),
                name: "健康证明".to_owned(),
                problem: "已过期，请补交有效的证明。".to_owned(),
            })
            .collect(),
        answer_by: None,
    }
}

/// Conditional acceptance on the undertaking that the applicant signs before the clerk.
pub(crate) fn conditional(materials: &[&str], days: u16) -> Conditional {
    let materials: Vec<String> = materials.iter().map(|id| (*id).to_owned()).collect();
    Conditional {
        undertaking: Some(standard_terms().undertaking(&materials)),
        materials,
        days,
    }
}

pub(crate) fn terminate(ground: TerminationGround) -> CaseCommand {
    CaseCommand::Terminate {
        ground,
        reason: own("申请人已就同一场所另行申请。"),
        basis: "《办法》第十六条".to_owned(),
    }
}

pub(crate) fn complete(step: &str) -> CaseCommand {
    CaseCommand::CompleteStep {
        agrees: true,
        step: step.to_owned(),
        opinion: own("材料属实。"),
    }
}

pub(crate) fn stop(kind: StopKind) -> CaseCommand {
    CaseCommand::StopClock(SpecialProcedure {
        kind,
        reason: "需要专家论证".to_owned(),
        expected_days: 15,
    })
}

pub(crate) fn licence() -> IssuedLicence {
    IssuedLicence {
        licence: LicenceId::from_u128(0xF1),
        number: "JY26109240012345".to_owned(),
        name: "食品经营许可证".to_owned(),
    }
}

pub(crate) fn deliver() -> CaseCommand {
    CaseCommand::Deliver(Delivered::Counter {
        receiver: own("王小明"),
        on_behalf: false,
    })
}

/// The bench.
#[derive(Clone)]
pub(crate) struct Bench {
    pub(crate) state: CaseState,
    pub(crate) events: Vec<(CaseEvent, Timestamp)>,
    pub(crate) calendar: Calendar,
    pub(crate) now: Timestamp,
    pub(crate) actor: Actor,
    pub(crate) channel: Channel,
    pub(crate) number: u64,
    /// What the service sends with what moves a case in a drawn process.
    pub(crate) process: Option<Arc<DrawnProcess>>,
}

impl Bench {
    pub(crate) fn new() -> Self {
        Self {
            state: CaseState::default(),
            events: Vec::new(),
            calendar: Calendar::embedded(),
            now: monday(),
            actor: staff(1),
            channel: Channel::Counter,
            number: 0,
            process: None,
        }
    }

    /// With a submitted application for the standard item.
    pub(crate) fn received() -> Self {
        let mut bench = Self::new();
        bench.must(submission(
            standard_terms(),
            &["m1", "m2"],
            DeliveryChoice::Counter,
        ));
        bench
    }

    pub(crate) fn with(terms: ItemTerms, materials: &[&str], delivery: DeliveryChoice) -> Self {
        let mut bench = Self::new();
        bench.must(submission(terms, materials, delivery));
        bench
    }

    pub(crate) fn later(&mut self, days: i64) {
        self.now += SignedDuration::from_hours(24 * days);
    }

    pub(crate) fn case(&self) -> &Case {
        self.state.0.as_deref().expect("the case was submitted")
    }

    pub(crate) fn send(&mut self, command: CaseCommand) -> Result<Vec<String>, Rejection> {
        let command = match &self.process {
            Some(process) if command.moves_process() => CaseCommand::OnProcess {
                command: Box::new(command),
                process: Arc::clone(process),
            },
            _ => command,
        };
        let number = CaseStream::sequence(&command, self.now).map(|_| self.number + 1);
        let context = Context {
            region: region(),
            stream: StreamId::from_u128(0xC1),
            now: self.now,
            actor: &self.actor,
            channel: self.channel,
            calendar: &self.calendar,
            number,
        };
        let events = CaseStream::decide(&self.state, &command, &context)?;
        if number.is_some() {
            self.number += 1;
        }
        let mut names = Vec::new();
        for event in events {
            CaseStream::apply(&mut self.state, &event, self.now);
            names.push(name(&event));
            self.events.push((event, self.now));
        }
        Ok(names)
    }

    pub(crate) fn must(&mut self, command: CaseCommand) {
        if let Err(refusal) = self.send(command) {
            panic!("refused: {} {}", refusal.code, refusal.public);
        }
    }

    /// What became of a command: the events, or the code and sentence of the refusal.
    pub(crate) fn told(&mut self, command: CaseCommand) -> String {
        match self.send(command) {
            Ok(names) if names.is_empty() => "nothing".to_owned(),
            Ok(names) => names.join(", "),
            Err(refusal) => {
                let field = refusal
                    .field
                    .map(|field| format!(" @{field}"))
                    .unwrap_or_default();
                format!("{}{field}: {}", refusal.code, refusal.public)
            }
        }
    }

    /// Only the events or the code.
    pub(crate) fn outcome(&mut self, command: CaseCommand) -> String {
        match self.send(command) {
            Ok(names) if names.is_empty() => "nothing".to_owned(),
            Ok(names) => names.join(", "),
            Err(refusal) => format!("({})", refusal.code),
        }
    }
}

/// An event's type, as the ledger stores it.
pub(crate) fn name(event: &CaseEvent) -> String {
    match serde_json::to_value(event).expect("an event is plain data") {
        Value::String(tag) => tag,
        Value::Object(object) => object.keys().next().cloned().unwrap_or_default(),
        _ => String::new(),
    }
}
