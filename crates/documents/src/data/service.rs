//! 一次性告知单: everything about a service item on paper, made from the published guide.

use serde::{Deserialize, Serialize};

use super::{Contact, Head, TemplateData};
use crate::template::DocumentTemplate;

/// What one needs to know before applying, for one service item (and one situation of it).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct OneTimeNotice {
    /// Head of the document; `issued_on` is the day of this print.
    pub head: Head,
    /// Name of the service item.
    pub item_name: String,
    /// Its code.
    pub item_code: Option<String>,
    /// Version of the guide this was printed from.
    pub guide_version: String,
    /// Who decides (实施主体).
    pub department: String,
    /// The situation (情形) asked about, when the item has several.
    pub situation: Option<String>,
    /// Who may apply.
    pub service_objects: String,
    /// Conditions for acceptance, one a sentence.
    pub conditions: Vec<String>,
    /// Materials.
    pub materials: Vec<RequiredMaterial>,
    /// 即办件, 承诺件 …
    pub case_kind: String,
    /// Statutory limit in words.
    pub limit_statutory: String,
    /// Promised limit in words.
    pub limit_promised: String,
    /// Remarks to the limits, how they may be extended among them; empty when none.
    pub limit_notes: Vec<String>,
    /// Where one can apply (办理形式): 窗口办理、电脑端办理.
    pub handling_forms: String,
    /// Fees in words, with their basis; 不收费 when none.
    pub fees: String,
    /// Trips to the hall.
    pub visits: u32,
    /// What one receives.
    pub result_name: String,
    /// How it is handed over (送达方式); may be empty.
    pub delivery: String,
    /// Steps with who does them, in order.
    pub steps: Vec<String>,
    /// Special procedures (特别程序) with their time and whether it counts; empty when none.
    pub special_procedures: Vec<String>,
    /// Rules the item rests on.
    pub basis: Vec<String>,
    /// Where to apply and ask.
    pub contact: Contact,
    /// Telephone for complaints.
    pub complaint_phone: String,
    /// Where the guide stands on the web, in ASCII; it becomes a QR code. `None` prints none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guide_url: Option<String>,
}

/// One material of a service item.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RequiredMaterial {
    /// Its name.
    pub name: String,
    /// 原件, 复印件, 电子 and the number of copies, in words (原件 1 份).
    pub form: String,
    /// Where it comes from (申请人自备, 政府部门核发 …).
    pub source: String,
    /// 必要, or in which case it is needed.
    pub necessity: String,
    /// May follow later (容缺后补).
    pub deferrable: bool,
    /// May be replaced by a written promise (告知承诺).
    pub promisable: bool,
    /// Fetched by the system from another organ, so nothing is to be brought (免提交).
    pub shared: bool,
    /// What to look out for.
    pub remark: Option<String>,
}

impl TemplateData for OneTimeNotice {
    const TEMPLATE: DocumentTemplate = DocumentTemplate::OneTimeNotice;

    fn sample() -> Self {
        Self {
            head: Head::sample(None),
            item_name: "食品经营许可（新办）".to_owned(),
            item_code: Some("11610924MB2961235U4000131023004".to_owned()),
            guide_version: "第6版（2026年9月1日起）".to_owned(),
            department: "紫阳县市场监督管理局".to_owned(),
            situation: Some("小型餐馆，经营面积150平方米以下".to_owned()),
            service_objects: "企业、个体工商户、农民专业合作社".to_owned(),
            conditions: vec![
                "已取得营业执照等合法主体资格".to_owned(),
                "有与经营的食品品种、数量相适应的场所，与有毒、有害场所保持规定的距离".to_owned(),
                "有专职或者兼职的食品安全管理人员和食品安全管理制度".to_owned(),
            ],
            materials: sample_materials(),
            case_kind: "承诺件".to_owned(),
            limit_statutory: "20个工作日".to_owned(),
            limit_promised: "5个工作日".to_owned(),
            limit_notes: vec![
                "必要时经批准可以延长，最多 10 个工作日（《行政许可法》第四十二条第一款）"
                    .to_owned(),
            ],
            handling_forms: "窗口办理、电脑端办理".to_owned(),
            fees: "不收费".to_owned(),
            visits: 1,
            result_name: "食品经营许可证".to_owned(),
            steps: [
                "申请",
                "受理（当场）",
                "现场核查（3个工作日）",
                "审查决定（2个工作日）",
                "制证送达（当日）",
            ]
            .map(str::to_owned)
            .to_vec(),
            delivery: "窗口领取、邮寄、电子送达".to_owned(),
            special_procedures: vec!["现场核查：3 个工作日，计入办理时限".to_owned()],
            basis: vec![
                "《中华人民共和国食品安全法》第三十五条".to_owned(),
                "《食品经营许可和备案管理办法》第四条".to_owned(),
            ],
            contact: Contact::sample(),
            complaint_phone: "12345，或政务服务中心“办不成事”窗口0915-4421009".to_owned(),
            guide_url: None,
        }
    }
}

fn sample_materials() -> Vec<RequiredMaterial> {
    let material = |name: &str, form: &str, source: &str, necessity: &str| RequiredMaterial {
        name: name.to_owned(),
        form: form.to_owned(),
        source: source.to_owned(),
        necessity: necessity.to_owned(),
        deferrable: false,
        promisable: false,
        shared: false,
        remark: None,
    };
    vec![
        RequiredMaterial {
            remark: Some("窗口可领空白表，也可网上填写".to_owned()),
            ..material("食品经营许可申请书", "原件1份", "申请人自备", "必要")
        },
        RequiredMaterial {
            shared: true,
            ..material("营业执照", "电子", "政府部门核发", "必要")
        },
        RequiredMaterial {
            deferrable: true,
            remark: Some("标明各功能区面积和设备位置".to_owned()),
            ..material("经营场所平面布局图", "原件1份", "申请人自备", "必要")
        },
        RequiredMaterial {
            promisable: true,
            ..material("食品安全管理制度", "复印件1份", "申请人自备", "必要")
        },
        RequiredMaterial {
            deferrable: true,
            ..material("从业人员健康证明", "复印件1份", "医疗机构出具", "必要")
        },
        material(
            "授权委托书和代理人身份证",
            "原件1份",
            "申请人自备",
            "委托他人办理的提交",
        ),
    ]
}
