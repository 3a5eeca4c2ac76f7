//! What a guide page (办事指南) says, ready to be shown, and the one-time notice (一次性告知单) made from it.

use wuchuang_documents::data::{Contact, Head, OneTimeNotice, RequiredMaterial};

use crate::model::{ItemContent, ItemMaterial, ItemVersion, LimitUnit};

/// One material as the guide shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GuideMaterial {
    /// Its key in the item.
    pub id: String,
    /// Its name.
    pub name: String,
    /// 纸质或电子 1 份.
    pub form: String,
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
    /// Legal basis: citation and text (which may be empty).
    pub legal_basis: Vec<(String, String)>,
    /// What one receives.
    pub result: String,
    /// How long it is valid; may be empty.
    pub result_validity: String,
    /// How it is handed over.
    pub delivery: String,
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
            legal_basis: content
                .legal_basis
                .iter()
                .map(|one| (one.citation(), one.text.clone()))
                .collect(),
            result: content.result.name.clone(),
            result_validity: content.result.validity.clone(),
            delivery: content
                .delivery_methods
                .iter()
                .map(|one| one.name())
                .collect::<Vec<_>>()
                .join("、"),
            tags: content.tags.iter().map(|tag| tag.name()).collect(),
            visits: content.max_visits,
            online_depth: content.online_depth.name().to_owned(),
            scope: content.cross_region_scope.clone(),
            places: content
                .places
                .iter()
                .map(|place| (place.name.clone(), place.address.clone()))
                .collect(),
            office_hours: content.office_hours.clone(),
            phone: content.phone.clone(),
            complaint_phone: content.complaint_phone.clone(),
            faq: content
                .faq
                .iter()
                .map(|one| (one.question.clone(), one.answer.clone()))
                .collect(),
            can_apply: content.is_online(),
            demonstration: demonstration(content),
            path: format!("/guides/{id}"),
            notice_path: format!("/guides/{id}/notice.pdf"),
            qr_path: format!("/guides/{id}/qr.svg"),
        }
    }
}

fn material(one: &ItemMaterial) -> GuideMaterial {
    GuideMaterial {
        id: one.id.clone(),
        name: one.name.clone(),
        form: format!("{} {} 份", one.form.name(), one.copies),
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

/// What the one-time notice is printed with besides the item.
#[derive(Debug, Clone)]
pub struct NoticeOptions {
    /// Who prints it: the centre.
    pub operator: String,
    /// Whether the installation is a demonstration.
    pub test_authority: bool,
}

/// The one-time notice of a version, as of a day.
pub fn one_time_notice(
    version: &ItemVersion,
    day: jiff::civil::Date,
    options: &NoticeOptions,
) -> OneTimeNotice {
    let guide = GuideView::of(version);
    let mut fees = guide.fees.clone();
    if version.content.is_demonstration("fee") && version.content.fee.charged {
        fees.push_str("（演示数据）");
    }
    let mark = |element: &str, text: String| {
        if version.content.is_demonstration(element) {
            format!("{text}（演示数据，未核实）")
        } else {
            text
        }
    };
    let place = guide
        .places
        .first()
        .map(|(name, _)| name.clone())
        .unwrap_or_default();
    OneTimeNotice {
        head: Head {
            number: None,
            organisation: options.operator.clone(),
            issued_on: day,
            test_authority: options.test_authority,
            seal: None,
            verification: None,
        },
        item_name: guide.name,
        item_code: Some(guide.code).filter(|code| !code.is_empty()),
        guide_version: guide.version_text,
        situation: None,
        service_objects: guide.service_objects,
        conditions: guide.conditions,
        materials: guide.materials.into_iter().map(required).collect(),
        case_kind: guide.handling,
        limit_statutory: mark("statutory_limit", guide.statutory_limit),
        limit_promised: mark("promised_limit", guide.promised_limit),
        fees,
        visits: u32::from(guide.visits),
        result_name: guide.result,
        steps: guide.steps,
        basis: guide
            .legal_basis
            .into_iter()
            .map(|(citation, _)| mark("legal_basis", citation))
            .collect(),
        contact: Contact {
            place: mark("places", place),
            phone: mark("phone", guide.phone),
            hours: Some(guide.office_hours).filter(|hours| !hours.is_empty()),
        },
        complaint_phone: guide.complaint_phone,
    }
}

fn required(material: GuideMaterial) -> RequiredMaterial {
    RequiredMaterial {
        name: material.name,
        form: material.form,
        source: material.source,
        necessity: material.necessity,
        deferrable: material.may_follow,
        promisable: material.by_commitment,
        shared: material.is_shared,
        remark: Some(material.note).filter(|note| !note.is_empty()),
    }
}
