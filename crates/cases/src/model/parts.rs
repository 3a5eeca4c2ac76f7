//! The parts of a case: who applies, what was handed in, what was told, what was decided.

use jiff::{Timestamp, civil};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use wuchuang_calendar::StopKind;
use wuchuang_kernel::{Actor, LicenceId, MaterialId, PersonId, Personal};

use super::completeness::Undertaking;

/// Who applies (GB/T 39046 A.4, cut to what decides who may act for whom).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ApplicantKind {
    /// 自然人.
    Person,
    /// 企业法人, 事业法人, 社会组织 and other organisations.
    Organisation,
}

/// The applicant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Applicant {
    /// The natural person who applies, or who acts for the organisation.
    pub person: PersonId,
    /// A person or an organisation.
    pub kind: ApplicantKind,
    /// The name of the person or organisation.
    pub name: Personal<String>,
    /// Citizen number or credit code.
    pub number: Personal<String>,
    /// The phone that messages go to.
    pub phone: Personal<String>,
    /// The address; may be empty.
    pub address: Personal<String>,
    /// E-mail; may be empty.
    pub email: Personal<String>,
}

impl Applicant {
    /// Whether the person was forgotten.
    pub const fn is_forgotten(&self) -> bool {
        self.name.get().is_none()
    }

    /// Number and name, when an organisation applies.
    pub fn as_organisation(&self) -> Option<(&str, &str)> {
        let is_one = self.kind == ApplicantKind::Organisation;
        is_one.then(|| (self.number.text(), self.name.text()))
    }
}

/// Who acts for the applicant (代理人).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agent {
    /// The name.
    pub name: Personal<String>,
    /// The citizen number.
    pub number: Personal<String>,
    /// The phone.
    pub phone: Personal<String>,
}

/// A stored file, known by its content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileReference {
    /// SHA-256 of the content, in hexadecimal: the key in the store.
    pub sha256: String,
    /// The name that it had; names of files name people.
    pub name: Personal<String>,
    /// Its size.
    pub bytes: u64,
    /// What it is, found from the content: `image/jpeg`.
    pub media_type: String,
}

impl FileReference {
    /// Whether whose file it was has been forgotten: then nobody may read it any more.
    pub const fn is_erased(&self) -> bool {
        self.name.get().is_none()
    }
}

/// Where a material comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "source")]
pub enum MaterialSource {
    /// Uploaded or scanned.
    Uploaded,
    /// Paper, seen at the counter.
    Paper {
        /// How many copies.
        copies: u16,
    },
    /// A stored licence, used again.
    Licence {
        /// Which one.
        licence: LicenceId,
        /// Its name and number, as shown.
        title: String,
    },
    /// 告知承诺: a written promise in its place.
    Commitment {
        /// What was told and promised, word for word.
        text: String,
    },
    /// A material of an earlier case of the same applicant.
    EarlierCase {
        /// That case's number.
        number: String,
    },
}

impl MaterialSource {
    /// Where it comes from, in words.
    pub fn text(&self) -> String {
        match self {
            Self::Uploaded => "上传".to_owned(),
            Self::Paper { copies } => format!("纸质 {copies} 份"),
            Self::Licence { title, .. } => format!("电子证照：{title}"),
            Self::Commitment { .. } => "告知承诺书（代替材料）".to_owned(),
            Self::EarlierCase { number } => format!("取自以前的办件 {number}"),
        }
    }
}

/// A material handed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Material {
    /// The material.
    pub id: MaterialId,
    /// Which of the item's materials it is; `None` for one the applicant added.
    pub requirement: Option<String>,
    /// Its name.
    pub name: String,
    /// Where it comes from.
    pub source: MaterialSource,
    /// Its files.
    pub files: Vec<FileReference>,
}

/// Where the result goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "delivery")]
pub enum DeliveryChoice {
    /// 窗口领取.
    Counter,
    /// 邮寄.
    Post {
        /// To where.
        address: Personal<String>,
    },
    /// 电子送达.
    Electronic,
}

impl DeliveryChoice {
    /// The word that people read.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Counter => "窗口领取",
            Self::Post { .. } => "邮寄",
            Self::Electronic => "电子送达",
        }
    }
}

/// One defect of an application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Defect {
    /// The key of the material (`material:…`) or of the form field (`field:…`).
    pub key: String,
    /// Its name.
    pub name: String,
    /// What is missing or wrong, and how to mend it.
    pub problem: String,
}

impl Defect {
    /// Something else than a material or a field. Its key follows from what is said, so that a later notice can say it again and
    /// nothing new (行政许可法 art. 32 (4): everything at once).
    pub fn other(problem: String) -> Self {
        let digest = Sha256::digest(problem.trim().as_bytes());
        let short: String = digest
            .iter()
            .take(6)
            .map(|byte| format!("{byte:02x}"))
            .collect();
        Self {
            key: format!("other:{short}"),
            name: "其他".to_owned(),
            problem,
        }
    }
}

/// Why an application is not accepted (行政许可法 art. 32 (1) and (2)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "ground")]
pub enum NotAcceptedGround {
    /// No licence is needed for it: 不受理.
    NotRequired,
    /// Another authority is competent: 不予受理, with the way to it.
    NotCompetent {
        /// Where to go.
        authority: String,
    },
    /// The law forbids the application or it was not corrected: 不予受理.
    Other,
}

impl NotAcceptedGround {
    /// The word that people read.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::NotRequired => "依法不需要办理",
            Self::NotCompetent { .. } => "不属于本机关职权范围",
            Self::Other => "不符合受理条件",
        }
    }
}

/// The decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "decision")]
pub enum Decision {
    /// 准予.
    Granted,
    /// 不予, with reasons and basis (行政许可法 art. 38).
    Refused {
        /// Why, for the applicant.
        reason: Personal<String>,
        /// The legal basis.
        basis: Personal<String>,
    },
}

impl Decision {
    /// The word that people read.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Granted => "准予",
            Self::Refused { .. } => "不予",
        }
    }
}

/// A licence as the case knows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IssuedLicence {
    /// The licence.
    pub licence: LicenceId,
    /// Its national identifier or number, as shown.
    pub number: String,
    /// Its name.
    pub name: String,
}

/// A notice or decision that the law wants in writing, as the case keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// What kind.
    pub kind: NoticeKind,
    /// Its number: 紫审补〔2026〕12号.
    pub number: String,
    /// When it was given.
    pub at: Timestamp,
    /// Its place in the ledger's stream, which names its document.
    pub version: i64,
}

/// The kinds of notices.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoticeKind {
    /// 收件凭证.
    Receipt,
    /// 受理通知书.
    Acceptance,
    /// 一次性补正告知书.
    Correction,
    /// 不予受理决定书.
    NotAccepted,
    /// 容缺受理通知书.
    ConditionalAcceptance,
    /// 特别程序告知书.
    SpecialProcedure,
    /// 延长审批期限告知书.
    Extension,
    /// 准予决定书.
    Granted,
    /// 不予决定书.
    Refused,
    /// 送达回证.
    Delivery,
    /// 终止办理决定书.
    Termination,
    /// 撤回申请确认书.
    Withdrawal,
}

impl NoticeKind {
    /// The title.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Receipt => "收件凭证",
            Self::Acceptance => "受理通知书",
            Self::Correction => "一次性补正告知书",
            Self::NotAccepted => "不予受理决定书",
            Self::ConditionalAcceptance => "容缺受理通知书",
            Self::SpecialProcedure => "特别程序告知书",
            Self::Extension => "延长审批期限告知书",
            Self::Granted => "准予决定书",
            Self::Refused => "不予决定书",
            Self::Delivery => "送达回证",
            Self::Termination => "终止办理决定书",
            Self::Withdrawal => "撤回申请确认书",
        }
    }

    /// The character in the notice's number.
    pub const fn sign(self) -> &'static str {
        match self {
            Self::Receipt => "收",
            Self::Acceptance => "受",
            Self::Correction => "补",
            Self::NotAccepted => "不受",
            Self::ConditionalAcceptance => "容",
            Self::SpecialProcedure => "特",
            Self::Extension => "延",
            Self::Granted => "准",
            Self::Refused => "驳",
            Self::Delivery => "达",
            Self::Termination => "终",
            Self::Withdrawal => "撤",
        }
    }
}

/// What was agreed when a case was accepted although materials are missing (容缺受理).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conditional {
    /// Keys of the materials that are owed.
    pub materials: Vec<String>,
    /// How many working days the applicant has; at most the promised limit.
    pub days: u16,
    /// What the applicant undertook before the clerk; absent when the application brought it, and in older events.
    #[serde(default)]
    pub undertaking: Option<Undertaking>,
}

/// A special procedure that stops the clock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpecialProcedure {
    /// Which.
    pub kind: StopKind,
    /// Why this case needs it.
    pub reason: String,
    /// How many working days it takes, as told to the applicant.
    pub expected_days: u16,
}

/// An opinion given in a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opinion {
    /// The step, or `decision`.
    pub step: String,
    /// The step's name.
    pub step_name: String,
    /// What was written; may speak of the applicant.
    pub text: Personal<String>,
    /// Who.
    pub by: Actor,
    /// When.
    pub at: Timestamp,
    /// What the level of approval says; `None` where none is asked for (退回, 延期), and in older events.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verdict: Option<Verdict>,
}

/// What a level of approval says (逐级审批): the step or task of whoever examines, and the decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// 同意.
    Agrees,
    /// 不同意: nothing is granted or sealed while this stands.
    Disagrees,
    /// 会签同意: one of several who do the same task.
    CountersignAgrees,
    /// 会签不同意: the drawing says how many must agree, and whoever decides sees who did not.
    CountersignDisagrees,
}

impl Verdict {
    /// What somebody says, alone or as one of several.
    pub const fn of(agrees: bool, is_countersign: bool) -> Self {
        match (agrees, is_countersign) {
            (true, false) => Self::Agrees,
            (false, false) => Self::Disagrees,
            (true, true) => Self::CountersignAgrees,
            (false, true) => Self::CountersignDisagrees,
        }
    }

    /// Whether it agrees.
    pub const fn agrees(self) -> bool {
        matches!(self, Self::Agrees | Self::CountersignAgrees)
    }

    /// The word that people read.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Agrees => "同意",
            Self::Disagrees => "不同意",
            Self::CountersignAgrees => "会签同意",
            Self::CountersignDisagrees => "会签不同意",
        }
    }
}

/// A line between applicant and staff inside the case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// What was said.
    pub text: Personal<String>,
    /// Whether staff said it.
    pub from_staff: bool,
    /// When.
    pub at: Timestamp,
}

/// Until when an applicant is asked to correct.
pub type AnswerBy = Option<civil::Date>;
