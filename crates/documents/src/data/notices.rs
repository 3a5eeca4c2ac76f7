//! Notices at the door of a case: acceptance, correction, conditional acceptance.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{CaseReference, Contact, Head, TemplateData};
use crate::template::DocumentTemplate;

/// 受理通知书: the application is accepted and the legal clock runs (行政许可法 art. 32(1)(5)).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Acceptance {
    /// Head of the document.
    pub head: Head,
    /// The case.
    pub case: CaseReference,
    /// The day the application counts as accepted.
    pub accepted_on: Date,
    /// Statutory limit in words (20 个工作日).
    pub limit_statutory: String,
    /// Promised limit in words (5 个工作日).
    pub limit_promised: String,
    /// The last day of the promised limit, as the calendar stands today.
    pub due_on: Date,
    /// Special procedures that will stop the clock, in words; empty when none.
    pub special_procedures: Vec<String>,
    /// Where to ask.
    pub contact: Contact,
}

impl TemplateData for Acceptance {
    const TEMPLATE: DocumentTemplate = DocumentTemplate::Acceptance;

    fn sample() -> Self {
        Self {
            head: Head::sample(Some("紫审批受〔2026〕412号")),
            case: CaseReference::sample(),
            accepted_on: jiff::civil::date(2026, 11, 20),
            limit_statutory: "20个工作日".to_owned(),
            limit_promised: "5个工作日".to_owned(),
            due_on: jiff::civil::date(2026, 11, 27),
            special_procedures: vec!["现场核查（3个工作日）".to_owned()],
            contact: Contact::sample(),
        }
    }
}

/// 一次性补正告知书: every defect at once, on the spot or within five working days (行政许可法 art. 32(1)(4)).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Correction {
    /// Head of the document.
    pub head: Head,
    /// The case.
    pub case: CaseReference,
    /// The day the materials were received: without this notice the case counts as accepted from then on.
    pub received_on: Date,
    /// All defects. A later notice may not add one.
    pub defects: Vec<Defect>,
    /// The day until which corrections are awaited, where the item sets one.
    pub correct_until: Option<Date>,
    /// Ways to hand in (窗口、网上、邮寄), in words.
    pub ways: String,
    /// Where to ask.
    pub contact: Contact,
}

/// One defect of an application.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Defect {
    /// The material or form field.
    pub material: String,
    /// What is wrong.
    pub problem: String,
    /// What to bring or change.
    pub requirement: String,
    /// The rule that asks for it.
    pub basis: Option<String>,
}

impl TemplateData for Correction {
    const TEMPLATE: DocumentTemplate = DocumentTemplate::Correction;

    fn sample() -> Self {
        let defect = |material: &str, problem: &str, requirement: &str, basis: &str| Defect {
            material: material.to_owned(),
            problem: problem.to_owned(),
            requirement: requirement.to_owned(),
            basis: Some(basis.to_owned()),
        };
        Self {
            head: Head::sample(Some("紫审批补〔2026〕87号")),
            case: CaseReference::sample(),
            received_on: jiff::civil::date(2026, 11, 16),
            defects: vec![
                defect(
                    "食品经营许可申请书",
                    "第3页“经营项目”未勾选，申请人未签名",
                    "勾选经营项目，由经营者本人签名并注明日期",
                    "《食品经营许可和备案管理办法》第十五条",
                ),
                defect(
                    "经营场所平面布局图",
                    "没有标明食品处理区与就餐区的面积",
                    "在图上标明各功能区面积和设备位置，重新上传或到窗口提交",
                    "《食品经营许可和备案管理办法》第十五条",
                ),
                defect(
                    "食品安全管理制度",
                    "缺少从业人员健康管理制度",
                    "补充从业人员健康管理制度一份",
                    "《食品安全法》第四十五条",
                ),
            ],
            correct_until: Some(jiff::civil::date(2026, 12, 4)),
            ways: "到窗口提交、在紫阳县政务服务网“我的办件”上传，或邮寄到下列地点".to_owned(),
            contact: Contact::sample(),
        }
    }
}

/// 容缺受理通知书: the main materials are in order, secondary ones follow; two copies, one for each side.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Conditional {
    /// Head of the document.
    pub head: Head,
    /// The case.
    pub case: CaseReference,
    /// What is still owed.
    pub missing: Vec<MissingMaterial>,
    /// The last day to hand it in; never later than the promised limit of the item.
    pub supply_until: Date,
    /// Promised limit in words. A supplement owed does not stop the clock.
    pub limit_promised: String,
    /// The last day of the promised limit.
    pub due_on: Date,
    /// What happens when the supplement is late, in words.
    pub late_consequence: String,
    /// Where to hand it in.
    pub contact: Contact,
}

/// A material that follows later.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MissingMaterial {
    /// Its name.
    pub name: String,
    /// Original, copy, electronic; and how many.
    pub form: String,
    /// Missing altogether, or what is wrong with it.
    pub state: String,
}

impl TemplateData for Conditional {
    const TEMPLATE: DocumentTemplate = DocumentTemplate::Conditional;

    fn sample() -> Self {
        let missing = |name: &str, form: &str, state: &str| MissingMaterial {
            name: name.to_owned(),
            form: form.to_owned(),
            state: state.to_owned(),
        };
        Self {
            head: Head::sample(Some("紫审批容〔2026〕19号")),
            case: CaseReference::sample(),
            missing: vec![
                missing("从业人员健康证明", "复印件1份", "未提交"),
                missing("经营场所平面布局图", "原件1份", "已提交，未加盖印章"),
            ],
            supply_until: jiff::civil::date(2026, 11, 26),
            limit_promised: "5个工作日".to_owned(),
            due_on: jiff::civil::date(2026, 11, 27),
            late_consequence: "不作出准予的决定，终止办理并退回申请材料；无正当理由逾期的，记入容缺受理信用记录，在信用修复前不再适用容缺受理"
                .to_owned(),
            contact: Contact::sample(),
        }
    }
}
