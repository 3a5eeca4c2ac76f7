//! 秒批: a case decided by the item's rules with no person, explained, and for a share of the cases looked at by a person
//! afterwards. The compiled rules come with the command, because nothing is fetched inside a decision; rules that are not those
//! of the version the case started with are refused. Whatever the rules do not clearly grant goes to a person, with the reason.
//! `asking` puts a question to the rules and writes down what they said, `beforehand` keeps what they said of an application
//! before it was a case.

mod asking;
mod beforehand;

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use wuchuang_catalogue::model::{
    ItemContent,
    rules::{CompiledRules, digest},
};
use wuchuang_kernel::{ActorKind, Channel, Personal, Rejection, china_date};
use wuchuang_ledger::Context;

use super::{
    Case, Stage,
    apply::apply_to,
    before_acceptance::{accept_by_rules, check_reason},
    decide::{effective, wrong_stage},
    ending,
    event::CaseEvent,
    parts::Opinion,
};

pub use asking::{Asked, Known, ask, asked_to_approve, recorded};
pub use beforehand::{CountedAnew, FeeTerms, WarningTerms};

type Decided = Result<Vec<CaseEvent>, Rejection>;

/// The rules of an item as a case takes them over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleTerms {
    /// SHA-256 of the file, in hexadecimal.
    pub sha256: String,
    /// 秒批: the decision that approves; empty: a person decides.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub approval: String,
    /// Which share of the approvals a person looks at afterwards, in a thousandth.
    #[serde(default)]
    pub sample_per_mille: u16,
    /// 容缺: the decision that says whether materials may follow; empty: whoever accepts decides.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub tolerance: String,
    /// 收费: what the rules said of the application as it was handed in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fee: Option<Box<FeeTerms>>,
    /// 预警: when it turns yellow, by the rules; `None`: as every case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub warning: Option<Box<WarningTerms>>,
}

impl RuleTerms {
    /// The terms of an item's rules; `None` for an item without any.
    pub fn of(content: &ItemContent) -> Option<Self> {
        let rules = &content.rules;
        (!rules.model.is_empty()).then(|| Self {
            sha256: digest(&rules.model),
            approval: rules.approval.clone(),
            sample_per_mille: rules.sample_per_mille,
            tolerance: rules.tolerance.clone(),
            fee: None,
            warning: None,
        })
    }
}

/// What the rules said in one case, as the ledger keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleEvaluation {
    /// The decision.
    pub decision: String,
    /// SHA-256 of the file that was asked.
    pub sha256: String,
    /// The rows that decided, by decision, counted from 1.
    pub rows: Vec<RuleRow>,
    /// What was given, what came out and why. It speaks of the applicant and is sealed with their key.
    pub record: Personal<RuleRecord>,
}

/// A row that decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleRow {
    /// The decision that the table belongs to.
    pub decision: String,
    /// The row, from 1.
    pub number: usize,
}

/// What was given, what came out and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleRecord {
    /// The inputs by name.
    pub inputs: Value,
    /// The result; null where nothing came out.
    pub result: Value,
    /// Why, as the applicant is told.
    pub reason: String,
    /// 因为…所以…, a line for each decision on the way; empty where nothing came out.
    pub explanation: String,
}

/// How a case was decided by rules, or why it was not.
#[derive(Debug, Clone, PartialEq)]
pub struct ByRules {
    /// What the rules said.
    pub evaluation: RuleEvaluation,
    /// Whether they granted it; if not, a person decides.
    pub is_granted: bool,
    /// Whether a person still has to look at it.
    pub needs_review: bool,
    /// Whether the applicant asked that a person looks at it.
    pub is_review_asked: bool,
    /// What the person found who looked at it: whether it was right, and the opinion.
    pub review: Option<(bool, Opinion)>,
    /// When.
    pub at: Timestamp,
}

impl RuleEvaluation {
    /// Why, as the applicant is told; nothing after they were forgotten.
    pub fn reason(&self) -> &str {
        let record = self.record.get();
        record.map_or("", |record| record.reason.as_str())
    }

    /// 因为…所以…, line by line.
    pub fn explanation(&self) -> impl Iterator<Item = &str> {
        let record = self.record.get();
        record
            .map_or("", |record| record.explanation.as_str())
            .lines()
    }

    /// 第 2 条规则（审批）.
    pub fn rows_text(&self) -> String {
        let rows = self.rows.iter();
        let rows = rows.map(|row| format!("“{}”第 {} 条", row.decision, row.number));
        rows.collect::<Vec<_>>().join("、")
    }
}

impl ByRules {
    /// Why, as the applicant is told; nothing after they were forgotten.
    pub fn reason(&self) -> &str {
        self.evaluation.reason()
    }

    /// 因为…所以…, line by line.
    pub fn explanation(&self) -> impl Iterator<Item = &str> {
        self.evaluation.explanation()
    }

    /// 第 2 条规则（审批）.
    pub fn rows_text(&self) -> String {
        self.evaluation.rows_text()
    }
}

impl Case {
    /// Whether it waits for its rules to decide: received through a window without a clerk, and nobody has touched it.
    pub fn waits_for_rules(&self) -> bool {
        self.approval().is_some()
            && self.by_rules.is_none()
            && self.stage == Stage::Examining
            && self.holder.is_none()
    }

    /// The decision that approves it without a person. At a counter a clerk sits before the applicant and decides.
    pub fn approval(&self) -> Option<&str> {
        let rules = self.terms.rules.as_ref()?;
        let is_automatic = !rules.approval.is_empty() && self.channel != Channel::Counter;
        is_automatic.then_some(rules.approval.as_str())
    }
}

/// A command that decides by rules, as the service sends it.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct RulesAtHand {
    /// From 0 to 999, drawn from the case's keyed hash: below the item's share a person looks at it afterwards.
    pub draw: u16,
    /// Whether the rules are expected to grant it, so that a number for the papers is drawn; a number is never wasted.
    pub expects_grant: bool,
    /// The compiled rules. They never go anywhere.
    #[serde(skip)]
    pub rules: Option<Arc<CompiledRules>>,
}

/// The rules decide a case that was just received. One that somebody took in hand, or that was asked before, is left alone.
pub(in crate::model) fn decide_by_rules(
    case: &Case,
    at_hand: &RulesAtHand,
    context: &Context<'_>,
) -> Decided {
    if context.actor.kind != ActorKind::System {
        return Err(Rejection::new(
            "rules_by_system",
            "自动审批由系统按规则进行，不能由人发起。",
        ));
    }
    let (Some(terms), Some(decision)) = (&case.terms.rules, case.approval()) else {
        return Ok(Vec::new());
    };
    if !case.waits_for_rules() || case.answers.get().is_none() {
        return Ok(Vec::new());
    }
    let Some(rules) = at_hand.rules.as_deref() else {
        return Err(rules_missing());
    };
    if rules.sha256 != terms.sha256 {
        return Err(Rejection::new(
            "rules_other",
            "随命令送来的规则不是这个办件提交时的那一版，没有自动审批。请重试；仍不行请联系系统管理员。",
        ));
    }
    let today = china_date(context.now);
    let asked = asked_to_approve(case, rules, decision, (today, context.calendar));
    let evaluated = |is_granted: bool, is_sampled: bool| CaseEvent::RulesEvaluated {
        evaluation: asked.evaluation.clone(),
        is_granted,
        is_sampled,
    };
    if !asked.is_yes {
        return Ok(vec![evaluated(false, false)]);
    }
    let mut events = vec![evaluated(true, at_hand.draw < terms.sample_per_mille)];
    let mut after = case.clone();
    apply_to(&mut after, &events[0], context.now);
    // Decided on the state that acceptance leaves, by the same rules as an item that is decided in one sitting.
    let accepted = accept_by_rules(&after, context)?;
    for event in &accepted {
        apply_to(&mut after, event, context.now);
    }
    events.extend(accepted);
    let record = asked.evaluation.record.get();
    let reason = record.map_or("", |record| record.reason.as_str());
    let opinion = Personal::new(
        case.applicant.person,
        format!("系统按规则“{decision}”自动审批：{reason}"),
    );
    events.extend(ending::grant(&after, &opinion, context)?);
    Ok(events)
}

/// The system has not got the rules that a command needs.
pub(in crate::model) fn rules_missing() -> Rejection {
    Rejection::new(
        "rules_missing",
        "系统没有取到这个办件的规则，没有办理。请重试；仍不行请联系系统管理员。",
    )
}

/// 复核: a person looked at what was decided by rules.
pub(in crate::model) fn review(
    case: &Case,
    is_right: bool,
    reason: &Personal<String>,
    context: &Context<'_>,
) -> Decided {
    let Some(by_rules) = case
        .by_rules
        .as_ref()
        .filter(|by_rules| by_rules.is_granted)
    else {
        return Err(wrong_stage(case, "复核自动审批"));
    };
    if by_rules.review.is_some() {
        return Err(Rejection::new(
            "reviewed_before",
            "这个自动审批已经复核过了，可能同事刚刚处理过。请刷新页面。",
        ));
    }
    if !is_right {
        check_reason(reason.text(), "请写明错在哪里，事项管理人员据此改规则。")?;
    }
    Ok(vec![CaseEvent::RulesReviewed {
        is_right,
        opinion: Opinion {
            step: "rules_review".to_owned(),
            step_name: "秒批复核".to_owned(),
            text: reason.clone(),
            by: *context.actor,
            at: effective(case, context),
            verdict: None,
        },
    }])
}

/// Whoever was decided about by a program may ask for a person.
pub(in crate::model) fn ask_review(case: &Case) -> Decided {
    let by_rules = case.by_rules.as_ref();
    let Some(by_rules) = by_rules.filter(|by_rules| by_rules.is_granted) else {
        return Err(wrong_stage(case, "请求复核自动审批"));
    };
    if by_rules.is_review_asked || by_rules.review.is_some() {
        return Ok(Vec::new());
    }
    Ok(vec![CaseEvent::RulesReviewAsked {}])
}

pub(in crate::model) fn apply(case: &mut Case, event: &CaseEvent, at: Timestamp) {
    match event {
        CaseEvent::RulesEvaluated {
            evaluation,
            is_granted,
            is_sampled,
        } => {
            case.by_rules = Some(Box::new(ByRules {
                evaluation: evaluation.clone(),
                is_granted: *is_granted,
                needs_review: *is_sampled,
                is_review_asked: false,
                review: None,
                at,
            }));
        }
        CaseEvent::RulesReviewed { is_right, opinion } => {
            case.opinions.push(opinion.clone());
            if let Some(by_rules) = &mut case.by_rules {
                by_rules.needs_review = false;
                by_rules.review = Some((*is_right, opinion.clone()));
            }
        }
        CaseEvent::RulesReviewAsked {} => {
            if let Some(by_rules) = &mut case.by_rules {
                by_rules.needs_review = true;
                by_rules.is_review_asked = true;
            }
        }
        _ => {}
    }
}
