//! Slips and proofs of hand-over: receipt, pick-up slip, proof of delivery.

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

use super::{CaseReference, Contact, Head, TemplateData};
use crate::template::DocumentTemplate;

/// 收件凭证: what was handed in, when and to whom. Printed on an 80 mm roll.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Receipt {
    /// Head of the slip.
    pub head: Head,
    /// The case.
    pub case: CaseReference,
    /// Local time of receipt, to the minute.
    pub received_at: DateTime,
    /// The counter, or the channel in words (网上申请).
    pub counter: String,
    /// Who received it; a name or a staff number as the hall's rule says.
    pub received_by: String,
    /// What was received.
    pub materials: Vec<ReceivedMaterial>,
    /// The last day on which the hall may still ask for corrections: five working days (行政许可法 art. 32).
    pub answer_until: Date,
    /// Where to ask.
    pub contact: Contact,
}

/// One material that was received.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ReceivedMaterial {
    /// Its name.
    pub name: String,
    /// 原件, 复印件, 电子.
    pub form: String,
    /// How many.
    pub copies: u32,
}

impl TemplateData for Receipt {
    const TEMPLATE: DocumentTemplate = DocumentTemplate::Receipt;

    fn sample() -> Self {
        let material = |name: &str, form: &str, copies| ReceivedMaterial {
            name: name.to_owned(),
            form: form.to_owned(),
            copies,
        };
        Self {
            head: Head {
                issued_on: jiff::civil::date(2026, 11, 16),
                ..Head::sample(None)
            },
            case: CaseReference::sample(),
            received_at: jiff::civil::date(2026, 11, 16).at(9, 42, 0, 0),
            counter: "综合受理8号窗口".to_owned(),
            received_by: "工号0823".to_owned(),
            materials: vec![
                material("食品经营许可申请书", "原件", 1),
                material("营业执照", "电子", 1),
                material("经营场所平面布局图", "原件", 1),
                material("食品安全管理制度", "复印件", 2),
            ],
            answer_until: jiff::civil::date(2026, 11, 23),
            contact: Contact::sample(),
        }
    }
}

/// 取证单: what to bring where to collect a licence. Printed on an 80 mm roll.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Pickup {
    /// Head of the slip.
    pub head: Head,
    /// The case.
    pub case: CaseReference,
    /// Name of the licence or document to collect.
    pub result_name: String,
    /// Its number, when it may be printed.
    pub result_number: Option<String>,
    /// Short code told at the counter or typed at the self-service cabinet.
    pub pickup_code: String,
    /// From when it can be collected.
    pub available_from: Date,
    /// What to bring, one a line.
    pub bring: Vec<String>,
    /// What someone must bring who collects for another (代领), one a line; empty when not allowed.
    pub bring_agent: Vec<String>,
    /// Where.
    pub contact: Contact,
}

impl TemplateData for Pickup {
    const TEMPLATE: DocumentTemplate = DocumentTemplate::Pickup;

    fn sample() -> Self {
        Self {
            head: Head::sample(None),
            case: CaseReference::sample(),
            result_name: "食品经营许可证（正本、副本）".to_owned(),
            result_number: Some("JY26109240012345".to_owned()),
            pickup_code: "608 214".to_owned(),
            available_from: jiff::civil::date(2026, 11, 23),
            bring: vec!["本取证单或取件码".to_owned(), "领取人身份证原件".to_owned()],
            bring_agent: vec![
                "申请人签名的委托书".to_owned(),
                "双方身份证（申请人的可为复印件）".to_owned(),
            ],
            contact: Contact {
                place: "紫阳县政务服务中心一楼出件窗口".to_owned(),
                ..Contact::sample()
            },
        }
    }
}

/// 送达回证: proof of delivery; what is not yet known is left as a line to fill in by hand.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Delivery {
    /// Head of the document.
    pub head: Head,
    /// The case.
    pub case: CaseReference,
    /// Names and numbers of the documents delivered, one a line.
    pub documents: Vec<String>,
    /// Who is to receive it.
    pub recipient: String,
    /// 直接送达, 留置送达, 委托送达, 邮寄送达, 电子送达, 公告送达.
    pub way: String,
    /// Where.
    pub place: String,
    /// Local time of delivery; absent on the form that goes out.
    pub delivered_at: Option<DateTime>,
    /// Who received it instead of the recipient, and how they are related.
    pub received_for: Option<String>,
    /// Who delivered it.
    pub deliverers: Vec<String>,
    /// Tracking number, reason of refusal to sign and the like.
    pub remark: Option<String>,
}

impl TemplateData for Delivery {
    const TEMPLATE: DocumentTemplate = DocumentTemplate::Delivery;

    fn sample() -> Self {
        Self {
            head: Head::sample(Some("紫审批送〔2026〕398号")),
            case: CaseReference::sample(),
            documents: vec![
                "准予行政许可决定书（紫审批准〔2026〕398号）".to_owned(),
                "食品经营许可证正本、副本（JY26109240012345）".to_owned(),
            ],
            recipient: "紫阳县兴盛餐饮店".to_owned(),
            way: "直接送达".to_owned(),
            place: "紫阳县政务服务中心一楼出件窗口".to_owned(),
            delivered_at: None,
            received_for: None,
            deliverers: vec!["陈某（工号0611）".to_owned(), "赵某（工号0702）".to_owned()],
            remark: None,
        }
    }
}
