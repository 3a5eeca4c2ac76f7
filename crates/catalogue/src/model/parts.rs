//! The parts of an item: department, materials, steps, fees, legal basis, places, questions.

use serde::{Deserialize, Serialize};
use wuchuang_calendar::StopKind;
use wuchuang_kernel::{OrganisationId, Role};

use super::words::{MaterialForm, Necessity, SourceChannel};

/// The department that decides, as the item names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Department {
    /// The organisation.
    pub id: OrganisationId,
    /// Its name: 市场监督管理局.
    pub name: String,
    /// Its short code of four capital letters or digits, part of the case number: `SCJG`.
    pub code: String,
}

impl Department {
    /// No department yet: what a new draft begins with.
    pub const fn none() -> Self {
        Self {
            id: OrganisationId::from_u128(0),
            name: String::new(),
            code: String::new(),
        }
    }

    /// Whether a department was chosen.
    pub fn is_chosen(&self) -> bool {
        self.id != OrganisationId::from_u128(0) && !self.name.is_empty()
    }
}

/// A material as the item asks for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ItemMaterial {
    /// Its key inside the item, the same over all versions: `m1`.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Where it comes from.
    pub source_channel: SourceChannel,
    /// Whether it must be handed in.
    pub necessity: Necessity,
    /// Paper, electronic or either.
    pub form: MaterialForm,
    /// How many copies.
    pub copies: u16,
    /// Whether it may come later under conditional acceptance (容缺受理).
    pub tolerable: bool,
    /// Whether a written promise may stand in its place (告知承诺).
    pub by_commitment: bool,
    /// The licence from the licence store that replaces it (免提交): a type's name or code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by_data_sharing: Option<String>,
    /// What to look out for.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// The rule that asks for it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub basis: String,
    /// Where a filled-in sample is found.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub sample: String,
}

impl Default for ItemMaterial {
    fn default() -> Self {
        Self {
            id: String::new(),
            name: String::new(),
            source_channel: SourceChannel::Applicant,
            necessity: Necessity::Required,
            form: MaterialForm::Either,
            copies: 1,
            tolerable: false,
            by_commitment: false,
            by_data_sharing: None,
            note: String::new(),
            basis: String::new(),
            sample: String::new(),
        }
    }
}

impl ItemMaterial {
    /// Whether an application without it is incomplete.
    pub const fn is_required(&self) -> bool {
        !matches!(self.necessity, Necessity::NotRequired)
    }

    /// Whether it may follow after acceptance.
    pub const fn may_follow(&self) -> bool {
        self.tolerable || matches!(self.necessity, Necessity::SupplementLater)
    }
}

/// A named step between acceptance and decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ItemStep {
    /// Its key inside the item: `review`.
    pub id: String,
    /// Its name: 审查, 审核, 现场核查.
    pub name: String,
    /// Which organisation does it; `None`: the item's department.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organisation: Option<OrganisationId>,
    /// Its own limit in working days, if it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit_days: Option<u16>,
    /// Who does it.
    pub role: Role,
}

impl Default for ItemStep {
    fn default() -> Self {
        Self::review()
    }
}

impl ItemStep {
    /// The step that every item but an instant one has at least: 审查.
    pub fn review() -> Self {
        Self {
            id: "review".to_owned(),
            name: "审查".to_owned(),
            organisation: None,
            limit_days: None,
            role: Role::Reviewer,
        }
    }
}

/// A procedure that the item may need and whose time the guide states (特别程序, 特殊环节).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ItemSpecialProcedure {
    /// Its name: 现场核查, 专家评审.
    pub name: String,
    /// By which law its time is not counted; `None`: it runs inside the limits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stop: Option<StopKind>,
    /// How long it takes; `None` when the guide does not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub days: Option<u16>,
    /// Whether `days` are calendar days instead of working days.
    pub calendar_days: bool,
    /// The rule that asks for it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub basis: String,
    /// Whether it costs something.
    pub charged: bool,
}

/// One fee.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct FeeItem {
    /// 收费项目名称.
    pub name: String,
    /// 收费标准: 20元/证.
    pub standard: String,
    /// 收费依据.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub basis: String,
    /// 是否允许减免.
    pub reducible: bool,
}

/// What the item costs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Fee {
    /// Whether anything is charged.
    pub charged: bool,
    /// The fees.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<FeeItem>,
    /// A remark; may be empty.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub note: String,
}

impl Fee {
    /// The fees in words: 不收费, or each fee with its standard.
    pub fn text(&self) -> String {
        if !self.charged {
            return "不收费".to_owned();
        }
        let fees: Vec<String> = self
            .items
            .iter()
            .map(|item| {
                let reducible = if item.reducible {
                    "（可减免）"
                } else {
                    ""
                };
                format!("{}：{}{reducible}", item.name, item.standard)
            })
            .collect();
        fees.join("；")
    }
}

/// One rule that the item rests on (设定依据).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LegalBasis {
    /// The law: 食品安全法.
    pub law: String,
    /// The article: 第三十五条; may be empty when the whole law is meant.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub article: String,
    /// Its words; may be empty.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub text: String,
}

impl LegalBasis {
    /// `《食品安全法》第三十五条`.
    pub fn citation(&self) -> String {
        if self.law.starts_with('《') {
            format!("{}{}", self.law, self.article)
        } else {
            format!("《{}》{}", self.law, self.article)
        }
    }
}

/// What the applicant receives.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ItemResult {
    /// Its name: 营业执照.
    pub name: String,
    /// The type in the licence store, when a licence is issued.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub licence_type: Option<String>,
    /// How long it is valid: 5年, 长期; may be empty.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub validity: String,
}

/// Where one can apply (办理地点).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Place {
    /// The place in words, down to the counter.
    pub name: String,
    /// The street address.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub address: String,
}

/// A question that is often asked.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Question {
    /// The question.
    pub question: String,
    /// The answer.
    pub answer: String,
}

/// The three flags of 不见面审批: apply, be examined and receive the result without coming.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct WithoutMeeting {
    /// 网上申请.
    pub apply: bool,
    /// 网上审批.
    pub review: bool,
    /// 快递或电子送达.
    pub deliver: bool,
}
