//! Decisions: not accepted, granted, refused.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{CaseReference, Contact, Fact, Head, Remedy, TemplateData};
use crate::template::DocumentTemplate;

/// 不予受理决定书 (行政许可法 art. 32(1)(1) and (2)).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct NotAccepted {
    /// Head of the document.
    pub head: Head,
    /// The case.
    pub case: CaseReference,
    /// The day the application was made.
    pub applied_on: Date,
    /// The reasons, one a sentence.
    pub reasons: Vec<String>,
    /// The rule the refusal rests on.
    pub basis: String,
    /// The organ that is competent instead, with its address, when there is one.
    pub competent_authority: Option<String>,
    /// Remedies.
    pub remedy: Remedy,
    /// Where to ask.
    pub contact: Contact,
}

impl TemplateData for NotAccepted {
    const TEMPLATE: DocumentTemplate = DocumentTemplate::NotAccepted;

    fn sample() -> Self {
        Self {
            head: Head::sample(Some("紫审批不受〔2026〕5号")),
            case: CaseReference {
                item_name: "公路超限运输许可".to_owned(),
                ..CaseReference::sample()
            },
            applied_on: jiff::civil::date(2026, 11, 19),
            reasons: vec!["申请的运输线路跨紫阳县、汉滨区两个县区，不属于本机关的职权范围".to_owned()],
            basis: "《中华人民共和国行政许可法》第三十二条第一款第（二）项、《公路安全保护条例》第三十六条".to_owned(),
            competent_authority: Some("安康市交通运输局（安康市政务服务中心三楼12号窗口，电话0915-3211000）".to_owned()),
            remedy: Remedy::sample(),
            contact: Contact::sample(),
        }
    }
}

/// 准予决定书 (行政许可法 art. 38, 39; delivered within ten working days, art. 44).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DecisionGranted {
    /// Head of the document.
    pub head: Head,
    /// The case.
    pub case: CaseReference,
    /// What is decided, in the title: 行政许可, 行政确认, 行政给付 …
    pub decision_kind: String,
    /// The day the case was accepted.
    pub accepted_on: Date,
    /// The rule the decision rests on.
    pub basis: String,
    /// Particulars of what is granted (许可内容, 经营场所).
    pub contents: Vec<Fact>,
    /// The licence that is issued with it, when one is.
    pub result: Option<GrantedResult>,
    /// Duties that go with it, one a sentence; empty when none.
    pub duties: Vec<String>,
    /// Where to collect and ask.
    pub contact: Contact,
}

/// What a grant produces.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct GrantedResult {
    /// Name of the licence.
    pub name: String,
    /// Its number.
    pub number: String,
    /// Validity in words (2026年11月20日至2031年11月19日, 长期).
    pub validity: String,
}

impl TemplateData for DecisionGranted {
    const TEMPLATE: DocumentTemplate = DocumentTemplate::DecisionGranted;

    fn sample() -> Self {
        Self {
            head: Head::sample(Some("紫审批准〔2026〕398号")),
            case: CaseReference::sample(),
            decision_kind: "行政许可".to_owned(),
            accepted_on: jiff::civil::date(2026, 11, 16),
            basis: "《中华人民共和国行政许可法》第三十八条第一款、《食品经营许可和备案管理办法》第二十一条".to_owned(),
            contents: vec![
                Fact::new("经营者名称", "紫阳县兴盛餐饮店"),
                Fact::new("经营场所", "陕西省安康市紫阳县城关镇环城路126号"),
                Fact::new("主体业态", "餐饮服务经营者（小型餐馆）"),
                Fact::new("经营项目", "热食类食品制售；冷食类食品制售；自制饮品制售"),
            ],
            result: Some(GrantedResult {
                name: "食品经营许可证".to_owned(),
                number: "JY26109240012345".to_owned(),
                validity: "2026年11月20日至2031年11月19日".to_owned(),
            }),
            duties: vec![
                "在经营场所的显著位置悬挂或者摆放许可证正本".to_owned(),
                "许可事项发生变化的，在变化后十个工作日内申请变更".to_owned(),
            ],
            contact: Contact::sample(),
        }
    }
}

/// 不予决定书: with reasons and remedies (行政许可法 art. 38(2)).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DecisionRefused {
    /// Head of the document.
    pub head: Head,
    /// The case.
    pub case: CaseReference,
    /// What is decided, in the title: 行政许可, 行政确认, 行政给付 …
    pub decision_kind: String,
    /// The day the case was accepted.
    pub accepted_on: Date,
    /// What was found, one a sentence.
    pub findings: Vec<String>,
    /// Why this does not meet the conditions.
    pub reason: String,
    /// The rule the refusal rests on.
    pub basis: String,
    /// Remedies.
    pub remedy: Remedy,
    /// Where to ask.
    pub contact: Contact,
}

impl TemplateData for DecisionRefused {
    const TEMPLATE: DocumentTemplate = DocumentTemplate::DecisionRefused;

    fn sample() -> Self {
        Self {
            head: Head::sample(Some("紫审批不准〔2026〕11号")),
            case: CaseReference::sample(),
            decision_kind: "行政许可".to_owned(),
            accepted_on: jiff::civil::date(2026, 11, 9),
            findings: vec![
                "2026年11月13日现场核查，食品处理区与卫生间直接相通，之间没有分隔".to_owned(),
                "2026年11月18日复查，上述情形没有改正".to_owned(),
            ],
            reason: "经营场所不具备与经营的食品品种、数量相适应的合理布局，不符合法定的许可条件".to_owned(),
            basis: "《中华人民共和国行政许可法》第三十八条第二款、《食品经营许可和备案管理办法》第十二条第（四）项".to_owned(),
            remedy: Remedy::sample(),
            contact: Contact::sample(),
        }
    }
}
