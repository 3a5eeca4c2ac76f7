//! A generic licence certificate. A county with its own printed form overrides the template, not the data.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Fact, Head, TemplateData};
use crate::template::DocumentTemplate;

/// 证照, A4 landscape.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Certificate {
    /// Head: `number` is the licence's number, `issued_on` the day of issue.
    pub head: Head,
    /// Name of the licence (食品经营许可证).
    pub name: String,
    /// 正本, 副本; absent when there is only one.
    pub copy: Option<String>,
    /// Who holds it.
    pub holder_name: String,
    /// The holder's credit or identity number as it may be printed.
    pub holder_identifier: Option<String>,
    /// Contents, in the order of the form.
    pub contents: Vec<Fact>,
    /// First day of validity.
    pub valid_from: Date,
    /// Last day of validity; absent means 长期.
    pub valid_until: Option<Date>,
    /// 电子证照标识 (GB/T 36904), when the licence has one.
    pub licence_identifier: Option<String>,
    /// A remark at the foot (annual report, restrictions).
    pub remark: Option<String>,
}

impl TemplateData for Certificate {
    const TEMPLATE: DocumentTemplate = DocumentTemplate::Certificate;

    fn sample() -> Self {
        Self {
            head: Head::sample(Some("JY26109240012345")),
            name: "食品经营许可证".to_owned(),
            copy: Some("正本".to_owned()),
            holder_name: "紫阳县兴盛餐饮店".to_owned(),
            holder_identifier: Some("92610924MA70****2K".to_owned()),
            contents: vec![
                Fact::new("经营者", "李某"),
                Fact::new("经营场所", "陕西省安康市紫阳县城关镇环城路126号"),
                Fact::new("主体业态", "餐饮服务经营者（小型餐馆）"),
                Fact::new("经营项目", "热食类食品制售；冷食类食品制售；自制饮品制售"),
                Fact::new("日常监管机构", "紫阳县市场监督管理局城关市场监督管理所"),
            ],
            valid_from: jiff::civil::date(2026, 11, 20),
            valid_until: Some(jiff::civil::date(2031, 11, 19)),
            licence_identifier: Some(
                "1.2.156.3005.2.11100000MB0341032Y019.11610924MB2961235U.JY26109240012345.001.M"
                    .to_owned(),
            ),
            remark: Some(
                "许可证有效期届满需要延续的，应当在届满九十个工作日前至十五个工作日内申请。"
                    .to_owned(),
            ),
        }
    }
}
