//! Parts that several documents share: head with seal and verification, the case, contact, remedies.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Who issues the document, under which number and day, and how it is verified.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Head {
    /// 文号, with the year in tortoise-shell brackets: 紫审批受〔2026〕412号. Slips have none.
    pub number: Option<String>,
    /// Full name of the organ that issues the document; printed above the title and above the date.
    pub organisation: String,
    /// The day printed under the organ's name. It also dates the PDF file itself.
    pub issued_on: Date,
    /// True while the signing authority is a test one: the seal then reads 演示用章 and the footer says so.
    pub test_authority: bool,
    /// The seal drawn over name and date; absent when the paper is stamped by hand.
    pub seal: Option<Seal>,
    /// QR code and code for the public verification page.
    pub verification: Option<Verification>,
}

/// A round seal, drawn in vermilion.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Seal {
    /// Text along the arc: the organ's name.
    pub organisation: String,
    /// Text under the star (行政审批专用章). With a test authority 演示用章 is printed instead.
    pub caption: String,
}

/// How anyone can check the document without a login.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Verification {
    /// Address behind the QR code: ASCII, at most [`crate::QR_PAYLOAD_BYTES_MAX`] bytes, without personal data.
    pub url: String,
    /// Code to type where no camera is at hand, in groups (7K3M-92QF).
    pub code: String,
    /// The page to type it into, as people read it (紫阳县政务服务网“文书核验”).
    pub place: String,
}

/// The case a document belongs to.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CaseReference {
    /// 办件编号.
    pub case_number: String,
    /// Check code for the progress page; printed only on what the applicant takes home.
    pub query_code: Option<String>,
    /// Name of the service item.
    pub item_name: String,
    /// Its 业务办理项编码 or 实施编码.
    pub item_code: Option<String>,
    /// Name of the person or organisation that applies.
    pub applicant_name: String,
    /// Identity or credit number as it may be printed (masked where the caller's rule says so).
    pub applicant_identifier: Option<String>,
    /// Who acts for the applicant.
    pub agent_name: Option<String>,
    /// Name of the project, for investment projects.
    pub project_name: Option<String>,
}

/// Where and whom to ask.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Contact {
    /// Place in words, down to the counter.
    pub place: String,
    /// Telephone.
    pub phone: String,
    /// Opening hours in words.
    pub hours: Option<String>,
}

/// Where an applicant may turn against a decision. The periods are law and stand in the templates:
/// 60 days for 行政复议 (行政复议法 art. 20), six months for 行政诉讼 (行政诉讼法 art. 46).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Remedy {
    /// 行政复议机关 (紫阳县人民政府).
    pub reconsideration_authority: String,
    /// The court with jurisdiction (汉滨区人民法院).
    pub court: String,
}

/// A named value in a list of particulars.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Fact {
    /// What it is (经营场所).
    pub name: String,
    /// Its value, in words.
    pub value: String,
}

impl Fact {
    /// A particular from any two texts.
    pub fn new(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            value: value.into(),
        }
    }
}

impl Head {
    /// The head of a sample: a test authority, with seal and verification.
    pub(crate) fn sample(number: Option<&str>) -> Self {
        Self {
            number: number.map(str::to_owned),
            organisation: "紫阳县行政审批服务局".to_owned(),
            issued_on: jiff::civil::date(2026, 11, 20),
            test_authority: true,
            seal: Some(Seal {
                organisation: "紫阳县行政审批服务局".to_owned(),
                caption: "行政审批专用章".to_owned(),
            }),
            verification: Some(Verification {
                url: "https://zwfw.example.gov.cn/verify/7K3M92QF".to_owned(),
                code: "7K3M-92QF".to_owned(),
                place: "紫阳县政务服务网“文书核验”".to_owned(),
            }),
        }
    }
}

impl CaseReference {
    /// The case every sample belongs to.
    pub(crate) fn sample() -> Self {
        Self {
            case_number: "610924-SPJ-20261116-000412".to_owned(),
            query_code: Some("4826".to_owned()),
            item_name: "食品经营许可（新办）".to_owned(),
            item_code: Some("11610924MB2961235U4000131023004".to_owned()),
            applicant_name: "紫阳县兴盛餐饮店".to_owned(),
            applicant_identifier: Some("92610924MA70****2K".to_owned()),
            agent_name: Some("李某".to_owned()),
            project_name: None,
        }
    }
}

impl Contact {
    /// The hall's integrated counter.
    pub(crate) fn sample() -> Self {
        Self {
            place: "紫阳县政务服务中心一楼综合受理区8号窗口（城关镇环城路）".to_owned(),
            phone: "0915-4421000".to_owned(),
            hours: Some("工作日9:00—12:00，13:00—17:00".to_owned()),
        }
    }
}

impl Remedy {
    /// A county's usual authorities.
    pub(crate) fn sample() -> Self {
        Self {
            reconsideration_authority: "紫阳县人民政府".to_owned(),
            court: "紫阳县人民法院".to_owned(),
        }
    }
}
