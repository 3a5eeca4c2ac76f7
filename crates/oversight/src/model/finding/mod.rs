//! A finding (监察线索) as a pure value: found, notified, answered, decided, mended, closed.

mod decide;
mod turn;
mod words;

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use wuchuang_kernel::{Actor, CaseId, ItemId, OrganisationId, PersonId, Personal, Rejection};
use wuchuang_ledger::{Context, Stream};
use wuchuang_messages::telling::{Recipient, Telling};

use super::kinds::proposed;

pub(crate) use decide::ANSWER_DAYS;
pub use words::{FindingMeasure, FindingRule, FindingStage, FindingVerdict, LeniencyCondition};

/// The kind of stream; the identifier of what a rule finds follows from the fact.
#[derive(Debug, Clone, Copy)]
pub struct FindingStream;

/// 容错 that is applied for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leniency {
    /// What is said to be so; all of them must be.
    pub conditions: Vec<LeniencyCondition>,
    /// Why.
    pub reason: Personal<String>,
}

/// A finding as it is opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opening {
    /// By which rule, or how else.
    pub rule: FindingRule,
    /// Its kind in the table of violations, 1 to 32.
    pub kind: u8,
    /// What that kind was called when it was found; empty: as the product proposes.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub kind_name: String,
    /// The organisation that answers.
    pub organisation: OrganisationId,
    /// Its name.
    pub organisation_name: String,
    /// The member of staff concerned, if known.
    pub person: Option<PersonId>,
    /// The item, if one is concerned.
    pub item: Option<ItemId>,
    /// Its name; empty without one.
    pub item_name: String,
    /// The case, if one is concerned.
    pub case: Option<CaseId>,
    /// Its number; empty without one.
    pub case_number: String,
    /// The number of the department's own document; empty without one.
    pub document: String,
    /// When it happened.
    pub happened_on: Date,
    /// What a rule says about it, without personal data; empty where somebody wrote `facts`.
    pub evidence: String,
    /// A keyed digest of the applicant's number in a register.
    pub applicant: Option<String>,
    /// What somebody wrote about it.
    pub facts: Option<Personal<String>>,
    /// 容错 that whoever reports an own mistake applies for at once.
    pub leniency: Option<Leniency>,
}

impl Opening {
    /// What its kind is called: as it was called when it was found.
    pub fn kind_name(&self) -> &str {
        if self.kind_name.is_empty() {
            proposed(self.kind)
        } else {
            &self.kind_name
        }
    }
}

/// What was decided, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FindingDecision {
    /// What.
    pub verdict: FindingVerdict,
    /// How it is handled; with [`FindingVerdict::Founded`] and [`FindingVerdict::Mitigated`] only.
    pub measure: Option<FindingMeasure>,
    /// 限期整改: the last day; `None`: nothing is to be mended.
    pub rectify_by: Option<Date>,
    /// Why.
    pub reason: Personal<String>,
}

/// What may be asked.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "command")]
pub enum FindingCommand {
    /// It was found, or reported.
    Open(Box<Opening>),
    /// 交办: the organisation must answer.
    Notify {
        /// Within how many working days.
        days: u16,
    },
    /// 说明, or 容错 applied for.
    Answer {
        /// What happened and why.
        text: Personal<String>,
        /// 容错.
        leniency: Option<Leniency>,
    },
    /// 认定.
    Decide(FindingDecision),
    /// 整改情况.
    Rectify {
        /// What was done.
        report: Personal<String>,
    },
    /// 确认整改.
    Confirm,
    /// 退回整改.
    SendBack {
        /// What is still to be done.
        reason: Personal<String>,
        /// Until when.
        until: Date,
    },
    /// 提醒: whoever is to do the next thing, or learns what was decided, is told; sent by a job.
    Tell {
        /// What they are told.
        of: Telling,
        /// Whom.
        to: Vec<Recipient>,
    },
}

/// Until when something is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Due {
    /// From this day on it is yellow.
    pub warn_on: Date,
    /// The last day; behind it, it is red.
    pub due_on: Date,
}

/// What happened. A released event is never edited.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FindingEvent {
    /// It was found.
    Opened {
        /// What.
        opening: Box<Opening>,
        /// Until when the next thing is due.
        due: Due,
        /// By whom.
        by: Actor,
    },
    /// 交办.
    Notified {
        /// Until when it is answered.
        due: Due,
        /// By whom.
        by: Actor,
    },
    /// 说明.
    Answered {
        /// What happened and why.
        text: Personal<String>,
        /// 容错.
        leniency: Option<Leniency>,
        /// Until when it is decided.
        due: Due,
        /// By whom.
        by: Actor,
    },
    /// 认定.
    Decided {
        /// What.
        decision: FindingDecision,
        /// Until when it is mended.
        due: Option<Due>,
        /// By whom.
        by: Actor,
    },
    /// 整改情况.
    Rectified {
        /// What was done.
        report: Personal<String>,
        /// Until when it is confirmed.
        due: Due,
        /// By whom.
        by: Actor,
    },
    /// 确认整改.
    Confirmed {
        /// By whom.
        by: Actor,
    },
    /// 退回整改.
    SentBack {
        /// What is still to be done.
        reason: Personal<String>,
        /// Until when.
        due: Due,
        /// By whom.
        by: Actor,
    },
    /// 提醒.
    Told {
        /// What they were told.
        of: Telling,
        /// Whom.
        to: Vec<Recipient>,
    },
}

/// One thing that happened.
#[derive(Debug, Clone)]
pub struct Happened {
    /// When.
    pub at: Timestamp,
    /// What, in a sentence without personal data.
    pub what: String,
    /// What was written with it.
    pub text: Option<Personal<String>>,
    /// Who.
    pub by: Actor,
}

/// A finding.
#[derive(Debug, Clone)]
pub struct Finding {
    /// What was found.
    pub opening: Opening,
    /// When.
    pub found_at: Timestamp,
    /// Where it stands.
    pub stage: FindingStage,
    /// Until when the next thing is due; of the last one when it is closed.
    pub due: Due,
    /// Since when it stands there.
    pub since: Timestamp,
    /// What was told last about where it stands.
    pub told: Option<Telling>,
    /// Whether whom it concerns knows of it: it was passed on to them, or they reported it.
    pub is_known: bool,
    /// 容错 that was applied for.
    pub leniency: Option<Leniency>,
    /// What was decided.
    pub decision: Option<FindingDecision>,
    /// What happened, the first first.
    pub happened: Vec<Happened>,
}

impl Finding {
    /// Whose key seals what is written about it: the person's whom it concerns, else the writer's.
    pub fn sealed_for(&self, writer: PersonId) -> PersonId {
        self.opening.person.unwrap_or(writer)
    }
}

/// A finding; nothing before it was found.
#[derive(Debug, Clone, Default)]
pub struct FindingState(pub Option<Box<Finding>>);

impl Stream for FindingStream {
    const KIND: &'static str = "oversight_finding";
    type State = FindingState;
    type Command = FindingCommand;
    type Event = FindingEvent;

    fn decide(
        state: &FindingState,
        command: &FindingCommand,
        context: &Context<'_>,
    ) -> Result<Vec<FindingEvent>, Rejection> {
        decide::decide(state, command, context)
    }

    fn sent(command: &FindingCommand) -> Option<Value> {
        let FindingCommand::Open(_) = command else {
            return None;
        };
        // What the house calls things may change between a finding and its repetition.
        let mut sent = serde_json::to_value(command).ok()?;
        let opening = sent.as_object_mut()?;
        for name in ["kind_name", "organisation_name", "item_name"] {
            opening.remove(name);
        }
        Some(sent)
    }

    fn apply(state: &mut FindingState, event: &FindingEvent, at: Timestamp) {
        if let FindingEvent::Opened { opening, due, by } = event {
            state.0 = Some(Box::new(opened(opening, *due, *by, at)));
            return;
        }
        // The ledger never holds another event before the first; a foreign one changes nothing.
        match (state.0.as_deref_mut(), event) {
            (Some(finding), FindingEvent::Told { of, to }) => finding.tell(*of, to.len(), at),
            (Some(finding), event) => finding.then(event, at),
            (None, _) => {}
        }
    }
}

fn opened(opening: &Opening, due: Due, by: Actor, at: Timestamp) -> Finding {
    let is_reported = opening.rule == FindingRule::SelfReport;
    Finding {
        found_at: at,
        stage: if is_reported {
            FindingStage::Answered
        } else {
            FindingStage::Found
        },
        due,
        since: at,
        told: None,
        is_known: is_reported,
        leniency: opening.leniency.clone(),
        decision: None,
        happened: vec![Happened {
            at,
            what: format!("{}发现", opening.rule.name()).replace("主动报告发现", "主动报告"),
            text: opening.facts.clone(),
            by,
        }],
        opening: opening.clone(),
    }
}

impl Finding {
    fn then(&mut self, event: &FindingEvent, at: Timestamp) {
        self.since = at;
        self.told = None;
        let (what, text, by) = match event {
            FindingEvent::Opened { .. } | FindingEvent::Told { .. } => return,
            FindingEvent::Notified { due, by } => {
                self.is_known = true;
                self.stage = FindingStage::Notified;
                self.due = *due;
                (format!("交办，请在 {} 前说明", due.due_on), None, by)
            }
            FindingEvent::Answered {
                text,
                leniency,
                due,
                by,
            } => {
                self.stage = FindingStage::Answered;
                self.due = *due;
                self.leniency.clone_from(leniency);
                let what = if leniency.is_some() {
                    "说明，并申请容错"
                } else {
                    "说明"
                };
                (what.to_owned(), Some(text), by)
            }
            FindingEvent::Decided { decision, due, by } => {
                self.stage = if due.is_some() {
                    FindingStage::Rectifying
                } else {
                    FindingStage::Closed
                };
                self.due = due.unwrap_or(self.due);
                self.decision = Some(decision.clone());
                (told(decision), Some(&decision.reason), by)
            }
            FindingEvent::Rectified { report, due, by } => {
                self.stage = FindingStage::Reported;
                self.due = *due;
                ("报告整改情况".to_owned(), Some(report), by)
            }
            FindingEvent::Confirmed { by } => {
                self.stage = FindingStage::Closed;
                ("确认整改，办结".to_owned(), None, by)
            }
            FindingEvent::SentBack { reason, due, by } => {
                self.stage = FindingStage::Rectifying;
                self.due = *due;
                let what = format!("退回整改，请在 {} 前完成", due.due_on);
                (what, Some(reason), by)
            }
        };
        self.happened.push(Happened {
            at,
            what,
            text: text.cloned(),
            by: *by,
        });
    }
}

impl Finding {
    /// Notes that somebody was told where it stands, which moves it nowhere.
    fn tell(&mut self, of: Telling, count: usize, at: Timestamp) {
        self.told = Some(of);
        self.happened.push(Happened {
            at,
            what: of.in_words(count),
            text: None,
            by: Actor::SYSTEM,
        });
    }
}

/// A decision in words.
fn told(decision: &FindingDecision) -> String {
    let measure = decision.measure.map(|one| one.name().to_owned());
    let mend = decision.rectify_by.map(|day| format!("请在 {day} 前整改"));
    std::iter::once(format!("认定：{}", decision.verdict.name()))
        .chain(measure)
        .chain(mend)
        .collect::<Vec<_>>()
        .join("，")
}
