//! What a guide page (办事指南) says, ready to be shown, and the one-time notice (一次性告知单) made from it.

mod notice;

use crate::model::{
    DeliveryMethod, Duty, ItemContent, ItemMaterial, ItemVersion, LegalBasis, LimitUnit,
};

pub use notice::{NoticeOptions, one_time_notice};

/// One material as the guide shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GuideMaterial {
    /// Its key in the item.
    pub id: String,
    /// Its name.
    pub name: String,
    /// 纸质或电子.
    pub form: &'static str,
    /// How many copies.
    pub copies: u16,
    /// Where it comes from.
    pub source: String,
    /// 必要, 非必要, 容缺后补.
    pub necessity: String,
    /// Whether it may follow after acceptance (可容缺).
    pub may_follow: bool,
    /// Whether a written promise may stand in its place (可承诺).
    pub by_commitment: bool,
    /// Whether it need not be brought, because the licence store has it (免提交).
    pub is_shared: bool,
    /// What to look out for; may be empty.
    pub note: String,
    /// The rule that asks for it; may be empty.
    pub basis: String,
    /// Where a sample is found; may be empty.
    pub sample: String,
}

/// One duty of a party as the guide shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GuideDuty {
    /// 申请人, 窗口, 审批, 中介, 主管 or 执法.
    pub party: &'static str,
    /// Which organisation that is; empty where it is none.
    pub by: String,
    /// 受理, 审查, 决定 …
    pub stage: &'static str,
    /// What must be done.
    pub text: String,
    /// Law and article; may be empty.
    pub basis: String,
}

/// A guide, ready to be shown. All texts are Chinese words from the item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GuideView {
    /// The item's identifier.
    pub id: String,
    /// Which version.
    pub version: u32,
    /// 第2版（2026-09-01起）.
    pub version_text: String,
    /// The item's name.
    pub name: String,
    /// The code that is printed; may be empty.
    pub code: String,
    /// 行政许可.
    pub item_type: String,
    /// 县级.
    pub level: String,
    /// 自然人、企业法人.
    pub service_objects: String,
    /// The department.
    pub department: String,
    /// 承诺件.
    pub handling: String,
    /// The statutory limit in words.
    pub statutory_limit: String,
    /// The promised limit in words.
    pub promised_limit: String,
    /// Remarks to the limits, one a line.
    pub limit_notes: Vec<String>,
    /// Conditions for acceptance.
    pub conditions: Vec<String>,
    /// Materials.
    pub materials: Vec<GuideMaterial>,
    /// The way of an application: 申请, 受理, the item's steps, 决定, 送达.
    pub steps: Vec<String>,
    /// Special procedures with their time and whether it is counted.
    pub special_procedures: Vec<String>,
    /// The process in words; may be empty.
    pub process: String,
    /// Fees in words.
    pub fees: String,
    /// By which rule each fee is charged, and a remark; empty when nothing is said.
    pub fee_notes: Vec<String>,
    /// 前置审批: what must be granted before; may be empty.
    pub prior_approvals: String,
    /// 政策依据 beyond the legal basis; may be empty.
    pub policy_basis: String,
    /// 责任事项 with stage and basis, as the list of duties publishes them; empty when none is registered.
    pub duties: Vec<GuideDuty>,
    /// Who supervises what was granted.
    pub supervisor: String,
    /// Whether a material is made by somebody whom the applicant chooses and pays (中介).
    pub needs_intermediary: bool,
    /// 监管措施 in words; empty when none is registered.
    pub supervision: Vec<String>,
    /// Legal basis: citation and text (which may be empty).
    pub legal_basis: Vec<(String, String)>,
    /// What one receives.
    pub result: String,
    /// How long it is valid; may be empty.
    pub result_validity: String,
    /// How it is handed over.
    pub delivery: String,
    /// Where one can apply (办理形式): 窗口办理、电脑端办理.
    pub handling_forms: String,
    /// 马上办, 网上办 …
    pub tags: Vec<&'static str>,
    /// How often one must come.
    pub visits: u16,
    /// 全程网办.
    pub online_depth: String,
    /// 通办范围; may be empty.
    pub scope: String,
    /// Where to go, name and address.
    pub places: Vec<(String, String)>,
    /// When; may be empty.
    pub office_hours: String,
    /// Telephone; may be empty.
    pub phone: String,
    /// Telephone for complaints; may be empty.
    pub complaint_phone: String,
    /// Questions and answers.
    pub faq: Vec<(String, String)>,
    /// Whether one can apply online.
    pub can_apply: bool,
    /// Elements whose values were made up for the demonstration, in Chinese; the page must say so.
    pub demonstration: Vec<&'static str>,
    /// The address of the guide page.
    pub path: String,
    /// The address of the one-time notice.
    pub notice_path: String,
    /// The address of the QR code that leads to the guide.
    pub qr_path: String,
}

impl GuideView {
    /// The guide of a version.
    pub fn of(version: &ItemVersion) -> Self {
        let content = &version.content;
        let id = version.id;
        Self {
            id: id.to_string(),
            version: version.version,
            version_text: format!("第{}版（{}起）", version.version, version.effective_from),
            name: content.name.clone(),
            code: content.printed_code().unwrap_or_default(),
            item_type: content.item_type.name().to_owned(),
            level: content.exercise_level.name().to_owned(),
            service_objects: content.service_object_names(),
            department: content.department.name.clone(),
            handling: content.handling.name().to_owned(),
            statutory_limit: content.statutory_limit.text(),
            promised_limit: content.promised_limit.text(),
            limit_notes: limit_notes(content),
            conditions: content.conditions.clone(),
            materials: content.materials.iter().map(material).collect(),
            steps: steps(content),
            special_procedures: special_procedures(content),
            process: content.process.clone(),
            fees: content.fee.text(),
            fee_notes: fee_notes(content),
            prior_approvals: content.review.prior_approvals.clone(),
            policy_basis: content.review.policy_basis.clone(),
            duties: duties(content),
            supervisor: content.supervisor().to_owned(),
            needs_intermediary: content.needs_intermediary(),
            supervision: supervision(content),
            legal_basis: pairs(&content.legal_basis, cited),
            result: content.result.name.clone(),
            result_validity: content.result.validity.clone(),
            delivery: joined(
                content
                    .delivery_methods
                    .iter()
                    .copied()
                    .map(DeliveryMethod::name),
            ),
            handling_forms: joined(content.handling_forms.iter().map(|one| one.name())),
            tags: content.tags.iter().map(|tag| tag.name()).collect(),
            visits: content.max_visits,
            online_depth: content.online_depth.name().to_owned(),
            scope: content.cross_region_scope.clone(),
            places: pairs(&content.places, |one| {
                (one.name.clone(), one.address.clone())
            }),
            office_hours: content.office_hours.clone(),
            phone: content.phone.clone(),
            complaint_phone: content.complaint_phone.clone(),
            faq: pairs(&content.faq, |one| {
                (one.question.clone(), one.answer.clone())
            }),
            can_apply: content.is_online(),
            demonstration: demonstration(content),
            path: format!("/guides/{id}"),
            notice_path: format!("/guides/{id}/notice.pdf"),
            qr_path: format!("/guides/{id}/qr.svg"),
        }
    }
}

/// Each entry as two texts.
fn pairs<T>(entries: &[T], pair: fn(&T) -> (String, String)) -> Vec<(String, String)> {
    entries.iter().map(pair).collect()
}

fn cited(one: &LegalBasis) -> (String, String) {
    (one.citation(), one.text.clone())
}

/// Words one behind the other.
fn joined(words: impl Iterator<Item = &'static str>) -> String {
    words.collect::<Vec<_>>().join("、")
}

fn duties(content: &ItemContent) -> Vec<GuideDuty> {
    let duty = |one: &Duty| GuideDuty {
        party: one.party.name(),
        by: content.duty_of(one).to_owned(),
        stage: one.stage.name(),
        text: one.text.clone(),
        basis: one.basis.clone(),
    };
    content.duties.iter().map(duty).collect()
}

fn supervision(content: &ItemContent) -> Vec<String> {
    let measures = content.supervision.iter();
    let words = measures.map(|one| {
        let by = if one.by.is_empty() {
            &content.department.name
        } else {
            &one.by
        };
        let parts = [by, &one.measure, &one.frequency, &one.basis];
        let parts = parts.into_iter().filter(|part| !part.is_empty());
        let parts: Vec<&str> = parts.map(String::as_str).collect();
        parts.join("，")
    });
    words.collect()
}

fn fee_notes(content: &ItemContent) -> Vec<String> {
    let with_basis = content.fee.items.iter().filter(|fee| !fee.basis.is_empty());
    let mut notes: Vec<String> = with_basis
        .map(|fee| format!("{}的收费依据：{}", fee.name, fee.basis))
        .collect();
    if !content.fee.note.is_empty() {
        notes.push(content.fee.note.clone());
    }
    notes
}

fn material(one: &ItemMaterial) -> GuideMaterial {
    GuideMaterial {
        id: one.id.clone(),
        name: one.name.clone(),
        form: one.form.name(),
        copies: one.copies,
        source: one.source_channel.name().to_owned(),
        necessity: one.necessity.name().to_owned(),
        may_follow: one.may_follow(),
        by_commitment: one.by_commitment,
        is_shared: one.by_data_sharing.is_some(),
        note: one.note.clone(),
        basis: one.basis.clone(),
        sample: one.sample.clone(),
    }
}

fn limit_notes(content: &ItemContent) -> Vec<String> {
    let mut notes: Vec<String> = [
        ("法定", &content.statutory_limit),
        ("承诺", &content.promised_limit),
    ]
    .into_iter()
    .filter(|(_, limit)| !limit.note.is_empty())
    .map(|(kind, limit)| format!("{kind}时限说明：{}", limit.note))
    .collect();
    if let Some(extension) = &content.extension {
        let unit = match content.statutory_limit.unit {
            LimitUnit::CalendarDays => "日",
            LimitUnit::WorkingDays | LimitUnit::OnTheSpot => "个工作日",
        };
        let when = if extension.note.is_empty() {
            "必要时"
        } else {
            extension.note.as_str()
        };
        notes.push(format!(
            "{when}经批准可以延长，最多 {} {unit}（{}）",
            extension.days_max, extension.article
        ));
    }
    notes
}

fn steps(content: &ItemContent) -> Vec<String> {
    let mut steps = vec!["申请".to_owned(), "受理".to_owned()];
    steps.extend(content.steps.iter().map(|step| match step.limit_days {
        Some(days) => format!("{}（{days} 个工作日）", step.name),
        None => step.name.clone(),
    }));
    steps.extend(["决定".to_owned(), "送达".to_owned()]);
    steps
}

fn special_procedures(content: &ItemContent) -> Vec<String> {
    let words = content.special_procedures.iter().map(|one| {
        let days = match one.days {
            Some(days) if one.calendar_days => format!("{days} 日"),
            Some(days) => format!("{days} 个工作日"),
            None => "时间按实际需要".to_owned(),
        };
        let counted = match &one.stop {
            Some(stop) => format!("不计入办理时限（{}）", stop.article()),
            None => "计入办理时限".to_owned(),
        };
        let fee = if one.charged { "，收费" } else { "" };
        format!("{}：{days}，{counted}{fee}", one.name)
    });
    words.collect()
}

/// The names of elements for the mark 演示数据.
fn demonstration(content: &ItemContent) -> Vec<&'static str> {
    const NAMES: [(&str, &str); 15] = [
        ("statutory_limit", "法定办结时限"),
        ("promised_limit", "承诺办结时限"),
        ("fee", "收费"),
        ("legal_basis", "设定依据"),
        ("special_procedures", "特别程序"),
        ("conditions", "受理条件"),
        ("materials", "材料的份数和形式"),
        ("steps", "办理流程"),
        ("places", "办理地点"),
        ("office_hours", "办理时间"),
        ("phone", "咨询电话"),
        ("tags", "标签"),
        ("delivery_methods", "送达方式"),
        ("local_code", "地方编码"),
        ("form", "申请表单"),
    ];
    NAMES
        .into_iter()
        .filter(|(element, _)| content.is_demonstration(element))
        .map(|(_, name)| name)
        .collect()
}
