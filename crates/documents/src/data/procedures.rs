//! Notices about time while a case runs: special procedures that stop the clock, and the one extension.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{CaseReference, Contact, Head, TemplateData};
use crate::template::DocumentTemplate;

/// 特别程序告知书: time that is not counted must be told in writing (行政许可法 art. 45).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SpecialProcedure {
    /// Head of the document.
    pub head: Head,
    /// The case.
    pub case: CaseReference,
    /// The day the case was accepted.
    pub accepted_on: Date,
    /// 听证、招标、拍卖、检验、检测、检疫、鉴定 or 专家评审.
    pub kind: String,
    /// Why it is needed.
    pub reason: String,
    /// The rule that asks for it.
    pub basis: String,
    /// First day that is not counted.
    pub starts_on: Date,
    /// How long it takes, in words (15 个工作日).
    pub duration: String,
    /// The day it should end.
    pub expected_end_on: Date,
    /// What the applicant has to do or to pay, in words; absent when nothing.
    pub applicant_duty: Option<String>,
    /// Where to ask.
    pub contact: Contact,
}

impl TemplateData for SpecialProcedure {
    const TEMPLATE: DocumentTemplate = DocumentTemplate::SpecialProcedure;

    fn sample() -> Self {
        Self {
            head: Head::sample(Some("紫审批特〔2026〕6号")),
            case: CaseReference {
                item_name: "建设项目环境影响评价文件审批".to_owned(),
                project_name: Some("紫阳县汉王镇富硒茶加工厂技术改造项目".to_owned()),
                ..CaseReference::sample()
            },
            accepted_on: jiff::civil::date(2026, 11, 10),
            kind: "专家评审".to_owned(),
            reason: "项目位于汉江干流岸线一公里范围内，环境影响报告书的结论需要组织专家论证"
                .to_owned(),
            basis: "《建设项目环境保护管理条例》第九条".to_owned(),
            starts_on: jiff::civil::date(2026, 11, 23),
            duration: "15个工作日".to_owned(),
            expected_end_on: jiff::civil::date(2026, 12, 11),
            applicant_duty: Some(
                "请在评审会前一日将报告书纸质件7份送到窗口。专家评审费用由行政机关承担".to_owned(),
            ),
            contact: Contact::sample(),
        }
    }
}

/// 延长审批期限告知书: once, by the head of the organ, with the reason (行政许可法 art. 42).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Extension {
    /// Head of the document.
    pub head: Head,
    /// The case.
    pub case: CaseReference,
    /// The day the case was accepted.
    pub accepted_on: Date,
    /// Why no decision could be made in time.
    pub reason: String,
    /// Working days added.
    pub added_days: u32,
    /// The limit as it was.
    pub due_before_on: Date,
    /// The limit as it is now.
    pub due_on: Date,
    /// Who approved, with office (局长 王某).
    pub approved_by: String,
    /// The article that allows it; 《中华人民共和国行政许可法》第四十二条第一款 for licences.
    pub basis: String,
    /// Where to ask.
    pub contact: Contact,
}

impl TemplateData for Extension {
    const TEMPLATE: DocumentTemplate = DocumentTemplate::Extension;

    fn sample() -> Self {
        Self {
            head: Head::sample(Some("紫审批延〔2026〕3号")),
            case: CaseReference::sample(),
            accepted_on: jiff::civil::date(2026, 10, 26),
            reason: "因连续强降雨，通往经营场所的道路中断，无法按期完成现场核查".to_owned(),
            added_days: 10,
            due_before_on: jiff::civil::date(2026, 11, 20),
            due_on: jiff::civil::date(2026, 12, 4),
            approved_by: "局长 王某".to_owned(),
            basis: "《中华人民共和国行政许可法》第四十二条第一款".to_owned(),
            contact: Contact::sample(),
        }
    }
}
