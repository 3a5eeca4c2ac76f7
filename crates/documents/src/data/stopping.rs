//! Papers of a case that ends without a decision: terminated by the authority, withdrawn by the applicant.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{CaseReference, Contact, Head, Remedy, TemplateData};
use crate::template::DocumentTemplate;

/// 终止办理决定书: with reason, basis and remedies.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Termination {
    /// Head of the document.
    pub head: Head,
    /// The case.
    pub case: CaseReference,
    /// The day the application was made.
    pub applied_on: Date,
    /// The day the case was accepted; absent before.
    pub accepted_on: Option<Date>,
    /// The kind of ground, in words.
    pub ground: String,
    /// What was found.
    pub reason: String,
    /// The rule the decision rests on.
    pub basis: String,
    /// Remedies.
    pub remedy: Remedy,
    /// Where to ask.
    pub contact: Contact,
}

impl TemplateData for Termination {
    const TEMPLATE: DocumentTemplate = DocumentTemplate::Termination;

    fn sample() -> Self {
        Self {
            head: Head::sample(Some("紫审批终〔2026〕2号")),
            case: CaseReference::sample(),
            applied_on: jiff::civil::date(2026, 11, 16),
            accepted_on: Some(jiff::civil::date(2026, 11, 17)),
            ground: "同一事项重复申请".to_owned(),
            reason: "你（单位）2026年11月13日已就同一经营场所提出相同申请，正在办理".to_owned(),
            basis: "《食品经营许可和备案管理办法》第十六条".to_owned(),
            remedy: Remedy::sample(),
            contact: Contact::sample(),
        }
    }
}

/// 撤回申请确认书.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Withdrawal {
    /// Head of the document.
    pub head: Head,
    /// The case.
    pub case: CaseReference,
    /// The day the application was made.
    pub applied_on: Date,
    /// The day it was withdrawn.
    pub withdrawn_on: Date,
    /// What the applicant gave as their reason.
    pub reason: Option<String>,
    /// Where to ask.
    pub contact: Contact,
}

impl TemplateData for Withdrawal {
    const TEMPLATE: DocumentTemplate = DocumentTemplate::Withdrawal;

    fn sample() -> Self {
        Self {
            head: Head::sample(Some("紫审批撤〔2026〕7号")),
            case: CaseReference::sample(),
            applied_on: jiff::civil::date(2026, 11, 16),
            withdrawn_on: jiff::civil::date(2026, 11, 18),
            reason: Some("经营场所另行选址".to_owned()),
            contact: Contact::sample(),
        }
    }
}
