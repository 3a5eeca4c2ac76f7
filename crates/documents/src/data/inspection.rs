//! The record of what several departments found together on the spot.

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

use super::{Head, TemplateData};
use crate::template::DocumentTemplate;

/// 联合踏勘笔录 or 联合验收笔录: one paper for all departments that went.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Inspection {
    /// Head of the document; the organ is the one that leads (牵头单位).
    pub head: Head,
    /// What it is called: 联合踏勘笔录.
    pub title: String,
    /// The name of the matter that the parts belong to (我要开洗车行).
    pub matter_name: String,
    /// Its number.
    pub matter_number: String,
    /// Name of the person or organisation that applies.
    pub applicant_name: String,
    /// The appointment.
    pub appointed_at: DateTime,
    /// Where.
    pub place: String,
    /// What each department found, in the order of the parts.
    pub findings: Vec<Inspected>,
}

/// What one department found.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Inspected {
    /// The department.
    pub organisation: String,
    /// The item for which it went.
    pub item_name: String,
    /// The number of the case.
    pub case_number: String,
    /// 合格, 需要整改, 不合格.
    pub result: String,
    /// What was seen, what is to be mended, or why not; may be empty.
    pub words: String,
    /// Until when something is to be mended.
    pub rectify_by: Option<Date>,
    /// Who signed.
    pub signed_by: String,
    /// When.
    pub signed_at: DateTime,
}

impl TemplateData for Inspection {
    const TEMPLATE: DocumentTemplate = DocumentTemplate::Inspection;

    fn sample() -> Self {
        let at = jiff::civil::date(2026, 11, 25);
        let of = |organisation: &str, item: &str, result: &str, words: &str| Inspected {
            organisation: organisation.to_owned(),
            item_name: item.to_owned(),
            case_number: "610924SCJG20261123000002".to_owned(),
            result: result.to_owned(),
            words: words.to_owned(),
            rectify_by: (result == "需要整改").then(|| jiff::civil::date(2026, 12, 4)),
            signed_by: "王某".to_owned(),
            signed_at: at.at(10, 40, 0, 0),
        };
        Self {
            head: Head::sample(None),
            title: "联合踏勘笔录".to_owned(),
            matter_name: "企业经营".to_owned(),
            matter_number: "6109240YJS20261123000001".to_owned(),
            applicant_name: "紫阳县兴盛餐饮店".to_owned(),
            appointed_at: at.at(9, 30, 0, 0),
            place: "城关镇环城路126号".to_owned(),
            findings: vec![
                of(
                    "紫阳县市场监督管理局",
                    "食品经营许可核发",
                    "合格",
                    "场所布局与图纸一致。",
                ),
                of(
                    "紫阳县消防救援大队",
                    "公众聚集场所投入使用、营业前消防安全检查",
                    "需要整改",
                    "疏散通道堆放杂物，请清理。",
                ),
            ],
        }
    }
}
