//! What stands behind an item for those who answer for it: the review fields of the power list, the duties
//! of the department, and how what was granted is watched afterwards.

use serde::{Deserialize, Serialize};

use super::{content::ItemContent, parts::Department, words::SourceChannel};

/// The review fields of a power list (acceptance row 1.4) that are not an element of their own.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ReviewFields {
    /// 政策依据: beyond the legal basis.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub policy_basis: String,
    /// 前置审批: what must be granted before.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub prior_approvals: String,
    /// 审核意见 of those who reviewed the element list.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub opinion: String,
    /// 审核部门.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub reviewed_by: String,
    /// When it was reviewed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reviewed_on: Option<jiff::civil::Date>,
}

/// At which point of the work a duty lies (责任环节).
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum DutyStage {
    /// 受理.
    #[default]
    Acceptance,
    /// 审查.
    Review,
    /// 决定.
    Decision,
    /// 送达.
    Delivery,
    /// 事后监管.
    Supervision,
    /// 其他.
    Other,
}

super::words::words! {
    DutyStage { Acceptance = "acceptance", "受理"; Review = "review", "审查"; Decision = "decision", "决定"; Delivery = "delivery", "送达"; Supervision = "supervision", "事后监管"; Other = "other", "其他"; }
}

/// Whose duty it is: of the four parties to an application (申请人、窗口、审批、中介), and of the three whose work meets in what was
/// granted (审批、主管、执法).
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum DutyParty {
    /// 申请人.
    Applicant,
    /// 窗口: whoever receives.
    Window,
    /// 审批: whoever decides.
    #[default]
    Approver,
    /// 中介: whoever makes a material for the applicant.
    Intermediary,
    /// 主管: the department in charge of the trade, which supervises what was granted.
    Responsible,
    /// 执法: whoever stops and punishes what is done without or against it.
    Enforcement,
}

super::words::words! {
    DutyParty { Applicant = "applicant", "申请人"; Window = "window", "窗口"; Approver = "approver", "审批"; Intermediary = "intermediary", "中介"; Responsible = "responsible", "主管"; Enforcement = "enforcement", "执法"; }
}

impl DutyParty {
    #[expect(
        clippy::trivially_copy_pass_by_ref,
        reason = "serde hands a reference to the condition under which a field is left out"
    )]
    fn is_approver(&self) -> bool {
        *self == Self::Approver
    }
}

/// One duty of a party (责任事项), as the list of responsibilities publishes it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Duty {
    /// Whose it is.
    #[serde(skip_serializing_if = "DutyParty::is_approver")]
    pub party: DutyParty,
    /// Which organisation that is; empty where it follows from the item.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub by: String,
    /// Where in the work it lies.
    pub stage: DutyStage,
    /// What must be done, one sentence.
    pub text: String,
    /// Law and article that lay it down; may be empty.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub basis: String,
}

/// One measure by which what was granted is watched (监管措施).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SupervisionMeasure {
    /// What is done: 现场核查.
    pub measure: String,
    /// Who does it (监管主体); empty: the item's department.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub by: String,
    /// When or how often: 决定后 20 个工作日内; may be empty.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub frequency: String,
    /// The rule that asks for it; may be empty.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub basis: String,
}

/// 审管分离: to which department a granted decision is pushed as a task, and which check follows. `None` in
/// [`super::content::ItemContent::supervised`] where whoever decides also watches and nothing is pushed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SupervisedItem {
    /// 监管部门: who supervises what was granted.
    pub department: Department,
    /// 签收时限: within how many working days it must acknowledge the task.
    pub acknowledge_days: u16,
    /// 核查内容: what is checked afterwards; empty: nothing but daily supervision. For an item with 告知承诺 the check is
    /// made where a promise was given.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub check: String,
    /// 核查时限: within how many working days after the decision.
    pub check_days: u16,
    /// 承诺制+副本制: for how many days the copy (副本) is valid that is issued at once to whoever gave a promise; the
    /// original (正本) follows when the check found it true. `None`: the licence is issued whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub copy_days: Option<u16>,
}

impl Default for SupervisedItem {
    fn default() -> Self {
        Self {
            department: Department::none(),
            acknowledge_days: 2,
            check: String::new(),
            check_days: 20,
            copy_days: None,
        }
    }
}

impl ItemContent {
    /// 承诺制+副本制: for how many days the copy is valid that whoever gave a promise gets first.
    pub fn copy_days(&self) -> Option<u16> {
        self.supervised.as_ref().and_then(|terms| terms.copy_days)
    }

    /// Who supervises what was granted: the department to which it is pushed, or whoever decided.
    pub fn supervisor(&self) -> &str {
        let supervised = self.supervised.as_ref().map(|terms| &terms.department.name);
        let pushed = supervised.filter(|name| !name.is_empty());
        pushed.unwrap_or(&self.department.name)
    }

    /// Which organisation a duty is of; empty for the applicant, whoever made a material, and a window of the hall.
    pub fn duty_of<'a>(&'a self, duty: &'a Duty) -> &'a str {
        match duty.party {
            _ if !duty.by.is_empty() => &duty.by,
            DutyParty::Approver => &self.department.name,
            DutyParty::Responsible | DutyParty::Enforcement => self.supervisor(),
            DutyParty::Applicant | DutyParty::Window | DutyParty::Intermediary => "",
        }
    }

    /// Whether an applicant needs somebody else to make a material (中介服务).
    pub fn needs_intermediary(&self) -> bool {
        let of_intermediary = SourceChannel::Intermediary;
        let mut materials = self.materials.iter();
        materials.any(|material| material.source_channel == of_intermediary)
    }

    /// The measures by which what was granted is watched, as the list of supervision publishes them: those that are written
    /// down, and the push to the supervising department with the check that follows.
    pub fn measures(&self) -> Vec<SupervisionMeasure> {
        let mut measures = self.supervision.clone();
        if let Some(supervised) = &self.supervised {
            let department = &supervised.department.name;
            measures.push(SupervisionMeasure {
                measure: "准予决定推送监管部门，监管部门签收并纳入监管。".to_owned(),
                by: department.clone(),
                frequency: format!("推送后 {} 个工作日内签收", supervised.acknowledge_days),
                basis: String::new(),
            });
            if !supervised.check.is_empty() {
                measures.push(SupervisionMeasure {
                    measure: supervised.check.clone(),
                    by: department.clone(),
                    frequency: format!("作出决定后 {} 个工作日内", supervised.check_days),
                    basis: String::new(),
                });
            }
        }
        measures
    }
}
