//! What is wrong with a working copy: every problem at once, each with its field and the way out.

use std::collections::HashSet;

use wuchuang_codes::{CodeError, HandlingKind, LocalCode, NationalItemCode};
use wuchuang_webkit::forms::Form;

use super::{
    content::ItemContent,
    limits::{LimitUnit, TimeLimit},
    parts::{DeliveryMethod, Tag},
};

/// How many materials an item may have.
pub const MATERIALS_MAX: usize = 100;
/// How many steps an item may have.
pub const STEPS_MAX: usize = 20;
/// How many entries the other lists may have.
pub const ENTRIES_MAX: usize = 50;
/// The longest limit in days, about ten years.
pub const LIMIT_DAYS_MAX: u16 = 3_660;
/// The longest name, in characters.
pub const NAME_CHARACTERS_MAX: usize = 100;
/// The longest running text, in characters.
pub const TEXT_CHARACTERS_MAX: usize = 2_000;

/// One problem of a working copy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The path of the field: `name`, `materials[2].name`.
    pub field: String,
    /// A stable code for programs.
    pub code: &'static str,
    /// The sentence that people read: what is wrong, by which rule, and the way out.
    pub public: String,
}

/// Gathers problems.
#[derive(Default)]
struct Findings(Vec<Problem>);

impl Findings {
    fn add(&mut self, field: impl Into<String>, code: &'static str, public: impl Into<String>) {
        self.0.push(Problem {
            field: field.into(),
            code,
            public: public.into(),
        });
    }

    /// A text that must be there and may not be too long.
    fn text(&mut self, field: impl Into<String>, name: &str, text: &str, characters_max: usize) {
        let field = field.into();
        if text.trim().is_empty() {
            self.add(field, "missing", format!("还没有填写{name}，请补上。"));
        } else {
            self.length(field, name, text, characters_max);
        }
    }

    /// A text that may be empty but not too long, without characters that cannot be printed.
    fn length(&mut self, field: impl Into<String>, name: &str, text: &str, characters_max: usize) {
        let field = field.into();
        let characters = text.chars().count();
        if characters > characters_max {
            let public = format!("{name}有 {characters} 字，最多 {characters_max} 字，请删减。");
            self.add(field, "too_long", public);
        } else if text.chars().any(|sign| sign.is_control() && sign != '\n') {
            self.add(
                field,
                "control_character",
                format!("{name}含有不能显示的控制字符，请删除后重填。"),
            );
        }
    }

    fn count(&mut self, field: &str, name: &str, count: usize, count_max: usize) {
        if count > count_max {
            self.add(
                field,
                "too_many",
                format!("{name}有 {count} 项，最多 {count_max} 项，请合并或删减。"),
            );
        }
    }

    fn code<T>(&mut self, field: &str, text: &str, parse: impl Fn(&str) -> Result<T, CodeError>) {
        if !text.is_empty()
            && let Err(error) = parse(text)
        {
            self.add(field, "wrong_code", error.explain());
        }
    }
}

/// All problems of a working copy, in the order of its elements. None: it can be published.
pub fn problems(item: &ItemContent) -> Vec<Problem> {
    let mut findings = Findings::default();
    identity(item, &mut findings);
    limits(item, &mut findings);
    steps(item, &mut findings);
    materials(item, &mut findings);
    form(item, &mut findings);
    guide(item, &mut findings);
    money_and_law(item, &mut findings);
    together(item, &mut findings);
    findings.0
}

fn identity(item: &ItemContent, findings: &mut Findings) {
    findings.text("name", "事项名称", &item.name, NAME_CHARACTERS_MAX);
    findings.code(
        "national_code",
        &item.national_code,
        NationalItemCode::parse,
    );
    findings.code("local_code", &item.local_code, LocalCode::parse);
    if let Some(code) = item.national_item_code()
        && code.basic().is_group()
    {
        let public = "这是主项编码（末位是 Y），不能直接申请。请填子项或业务办理项的编码。";
        findings.add("national_code", "group_code", public);
    }
    if let Some(code) = item.national_item_code()
        && code.basic().item_type() != item.item_type
    {
        let public = format!(
            "国家编码里的事项类型是“{}”，与所选的“{}”不一致。请核对编码或事项类型。",
            code.basic().item_type().name(),
            item.item_type.name()
        );
        findings.add("national_code", "code_and_type_differ", public);
    }
    if item.service_objects.is_empty() {
        findings.add(
            "service_objects",
            "missing",
            "还没有选择服务对象，请至少选一类。",
        );
    }
    if !item.department.is_chosen() {
        findings.add(
            "department",
            "missing",
            "还没有选择实施主体（部门），请选择。",
        );
    }
    let code = &item.department.code;
    let is_sign = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
    let is_code = code.len() == 4 && code.bytes().all(is_sign);
    if item.department.is_chosen() && !is_code {
        let public = "部门短码应是 4 位大写字母或数字，例如 SCJG，用在办件编号里。请补上。";
        findings.add("department", "wrong_department_code", public);
    }
    if item.handling == HandlingKind::Other {
        let public = "办件类型请选即办件、承诺件、联办件或上报件。";
        findings.add("handling", "handling_unknown", public);
    }
}

fn limit(field: &str, name: &str, limit: &TimeLimit, findings: &mut Findings) {
    let is_spot = limit.unit == LimitUnit::OnTheSpot;
    if is_spot != (limit.value == 0) {
        let public = format!("{name}为 0 时单位应是“当场”，单位是“当场”时数值应为 0。请改成一致。");
        findings.add(field, "limit_value", public);
    }
    if limit.value > LIMIT_DAYS_MAX {
        findings.add(
            field,
            "limit_too_long",
            format!("{name}超过 {LIMIT_DAYS_MAX} 天，请检查数值。"),
        );
    }
    findings.length(format!("{field}.note"), "时限说明", &limit.note, 300);
}

fn limits(item: &ItemContent, findings: &mut Findings) {
    limit(
        "statutory_limit",
        "法定办结时限",
        &item.statutory_limit,
        findings,
    );
    limit(
        "promised_limit",
        "承诺办结时限",
        &item.promised_limit,
        findings,
    );
    if item.promised_limit.is_longer_than(&item.statutory_limit) {
        let public = format!(
            "承诺办结时限（{}）比法定办结时限（{}）长。请把承诺时限改短，或核对法定时限。",
            item.promised_limit.text(),
            item.statutory_limit.text()
        );
        findings.add("promised_limit", "promised_longer_than_statutory", public);
    }
    let on_the_spot = item.promised_limit.value == 0;
    if item.handling == HandlingKind::Instant && !on_the_spot {
        let public = "即办件的承诺时限应是“当场”。请改承诺时限，或把办件类型改为承诺件。";
        findings.add("promised_limit", "instant_with_days", public);
    }
    if item.handling == HandlingKind::Standard && on_the_spot {
        let public = "承诺件应有承诺天数。请填写天数，或把办件类型改为即办件。";
        findings.add("promised_limit", "standard_without_days", public);
    }
    if let Some(extension) = &item.extension {
        if !(1..=LIMIT_DAYS_MAX).contains(&extension.days_max) {
            findings.add(
                "extension",
                "extension_days",
                "延长期限应是 1 天以上。不能延长的，请清空这一栏。",
            );
        }
        findings.text(
            "extension.article",
            "延长期限的法律依据",
            &extension.article,
            200,
        );
    }
    findings.count(
        "special_procedures",
        "特别程序",
        item.special_procedures.len(),
        ENTRIES_MAX,
    );
    for (index, procedure) in item.special_procedures.iter().enumerate() {
        let field = format!("special_procedures[{index}]");
        findings.text(format!("{field}.name"), "特别程序名称", &procedure.name, 60);
        findings.length(
            format!("{field}.basis"),
            "特别程序依据",
            &procedure.basis,
            300,
        );
        if procedure
            .days
            .is_some_and(|days| !(1..=LIMIT_DAYS_MAX).contains(&days))
        {
            findings.add(
                format!("{field}.days"),
                "procedure_days",
                "特别程序的天数应是 1 天以上，不确定的请留空。",
            );
        }
    }
}

/// The keys and names of a list, each once.
fn unique<'a>(
    list: &str,
    what: &str,
    entries: impl Iterator<Item = (&'a str, &'a str)>,
    findings: &mut Findings,
) {
    let (mut ids, mut names) = (HashSet::new(), HashSet::new());
    for (index, (id, name)) in entries.enumerate() {
        let is_key = !id.is_empty()
            && id.len() <= 32
            && id
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
        if !is_key {
            let public = format!("{what}的标识只能用小写字母、数字和下划线，例如 m1。");
            findings.add(format!("{list}[{index}].id"), "wrong_key", public);
        } else if !ids.insert(id) {
            let public = format!("有两个{what}用了同一个标识 {id}，请改掉一个。");
            findings.add(format!("{list}[{index}].id"), "duplicate_key", public);
        }
        findings.text(
            format!("{list}[{index}].name"),
            &format!("第 {} 个{what}的名称", index + 1),
            name,
            NAME_CHARACTERS_MAX,
        );
        if !name.trim().is_empty() && !names.insert(name.trim()) {
            let public = format!("{what}“{name}”重复了。请合并成一个，或改名区分。");
            findings.add(format!("{list}[{index}].name"), "duplicate_name", public);
        }
    }
}

fn steps(item: &ItemContent, findings: &mut Findings) {
    findings.count("steps", "步骤", item.steps.len(), STEPS_MAX);
    unique(
        "steps",
        "步骤",
        item.steps
            .iter()
            .map(|step| (step.id.as_str(), step.name.as_str())),
        findings,
    );
    if item.is_instant() && !item.steps.is_empty() {
        let public = "即办件一次坐下就办完，不设审查步骤。请删去步骤，或改办件类型。";
        findings.add("steps", "instant_with_steps", public);
    }
    if !item.is_instant() && item.steps.is_empty() {
        findings.add("steps", "no_steps", "还没有办理步骤，请至少写一步“审查”。");
    }
    let in_steps: u32 = item
        .steps
        .iter()
        .filter_map(|step| step.limit_days)
        .map(u32::from)
        .sum();
    let promised = &item.promised_limit;
    if promised.unit == LimitUnit::WorkingDays && in_steps > u32::from(promised.value) {
        let public = format!(
            "各步骤的时限加起来是 {in_steps} 个工作日，超过承诺的 {} 个工作日。请缩短步骤时限。",
            promised.value
        );
        findings.add("steps", "steps_longer_than_promised", public);
    }
}

fn materials(item: &ItemContent, findings: &mut Findings) {
    findings.count("materials", "材料", item.materials.len(), MATERIALS_MAX);
    unique(
        "materials",
        "材料",
        item.materials
            .iter()
            .map(|one| (one.id.as_str(), one.name.as_str())),
        findings,
    );
    for (index, material) in item.materials.iter().enumerate() {
        let field = format!("materials[{index}]");
        if !(1..=50).contains(&material.copies) {
            findings.add(
                format!("{field}.copies"),
                "copies",
                "材料份数应是 1 到 50。",
            );
        }
        if material.tolerable && !item.conditional_acceptance_allowed {
            let public = format!(
                "“{}”可以容缺，但事项没有勾选“允许容缺受理”。请统一。",
                material.name
            );
            findings.add(
                format!("{field}.tolerable"),
                "tolerable_not_allowed",
                public,
            );
        }
        if material.by_commitment && !item.commitment_allowed {
            let public = format!(
                "“{}”可用承诺代替，但事项没有勾选“实行告知承诺”。请统一。",
                material.name
            );
            findings.add(
                format!("{field}.by_commitment"),
                "commitment_not_allowed",
                public,
            );
        }
        findings.length(format!("{field}.note"), "材料说明", &material.note, 500);
        findings.length(format!("{field}.basis"), "材料依据", &material.basis, 300);
        findings.length(format!("{field}.sample"), "样表", &material.sample, 300);
    }
}

fn form(item: &ItemContent, findings: &mut Findings) {
    if item.form.is_null() {
        findings.add(
            "form",
            "missing",
            "还没有申请表单，请粘贴表单定义（JSON Schema）。",
        );
    } else if let Err(error) = Form::parse(&item.form_text()) {
        findings.add("form", "wrong_form", format!("申请表单不能用：{error}。"));
    }
}

fn guide(item: &ItemContent, findings: &mut Findings) {
    for (name, list, entries) in [
        ("受理条件", "conditions", &item.conditions),
        ("搜索词", "keywords", &item.keywords),
    ] {
        findings.count(list, name, entries.len(), ENTRIES_MAX);
        for (index, entry) in entries.iter().enumerate() {
            findings.text(format!("{list}[{index}]"), name, entry, 500);
        }
    }
    findings.length("process", "办理流程", &item.process, TEXT_CHARACTERS_MAX);
    findings.length("office_hours", "办理时间", &item.office_hours, 200);
    findings.length("phone", "咨询电话", &item.phone, 60);
    findings.length("complaint_phone", "监督投诉电话", &item.complaint_phone, 60);
    findings.length(
        "cross_region_scope",
        "通办范围",
        &item.cross_region_scope,
        60,
    );
    findings.length("note", "备注", &item.note, TEXT_CHARACTERS_MAX);
    findings.count("places", "办理地点", item.places.len(), ENTRIES_MAX);
    for (index, place) in item.places.iter().enumerate() {
        findings.text(
            format!("places[{index}].name"),
            "办理地点",
            &place.name,
            200,
        );
        findings.length(
            format!("places[{index}].address"),
            "地址",
            &place.address,
            200,
        );
    }
    findings.count("faq", "常见问题", item.faq.len(), ENTRIES_MAX);
    for (index, entry) in item.faq.iter().enumerate() {
        findings.text(
            format!("faq[{index}].question"),
            "问题",
            &entry.question,
            200,
        );
        findings.text(
            format!("faq[{index}].answer"),
            "答案",
            &entry.answer,
            TEXT_CHARACTERS_MAX,
        );
    }
    let review = &item.review;
    findings.length(
        "review.policy_basis",
        "政策依据",
        &review.policy_basis,
        TEXT_CHARACTERS_MAX,
    );
    findings.length(
        "review.prior_approvals",
        "前置审批",
        &review.prior_approvals,
        TEXT_CHARACTERS_MAX,
    );
    findings.length(
        "review.opinion",
        "审核意见",
        &review.opinion,
        TEXT_CHARACTERS_MAX,
    );
    findings.length("review.reviewed_by", "审核部门", &review.reviewed_by, 100);
}

fn money_and_law(item: &ItemContent, findings: &mut Findings) {
    findings.count("fee", "收费项目", item.fee.items.len(), ENTRIES_MAX);
    if item.fee.charged && item.fee.items.is_empty() {
        findings.add(
            "fee",
            "fee_missing",
            "勾选了收费，但没有收费项目。请写明项目和标准，或改为不收费。",
        );
    }
    if !item.fee.charged && !item.fee.items.is_empty() {
        findings.add(
            "fee",
            "fee_not_charged",
            "写了收费项目，但没有勾选收费。请统一。",
        );
    }
    for (index, fee) in item.fee.items.iter().enumerate() {
        findings.text(
            format!("fee.items[{index}].name"),
            "收费项目名称",
            &fee.name,
            NAME_CHARACTERS_MAX,
        );
        findings.text(
            format!("fee.items[{index}].standard"),
            "收费标准",
            &fee.standard,
            200,
        );
        findings.length(
            format!("fee.items[{index}].basis"),
            "收费依据",
            &fee.basis,
            300,
        );
    }
    if item.legal_basis.is_empty() {
        findings.add(
            "legal_basis",
            "missing",
            "还没有设定依据。没有法律依据的事项不能发布，请写明法律名称和条款。",
        );
    }
    findings.count(
        "legal_basis",
        "设定依据",
        item.legal_basis.len(),
        ENTRIES_MAX,
    );
    for (index, basis) in item.legal_basis.iter().enumerate() {
        findings.text(
            format!("legal_basis[{index}].law"),
            "法律名称",
            &basis.law,
            200,
        );
        findings.length(
            format!("legal_basis[{index}].article"),
            "条款",
            &basis.article,
            100,
        );
        findings.length(
            format!("legal_basis[{index}].text"),
            "条款内容",
            &basis.text,
            TEXT_CHARACTERS_MAX,
        );
    }
}

/// Elements that must agree with each other.
fn together(item: &ItemContent, findings: &mut Findings) {
    findings.text(
        "result.name",
        "审批结果名称",
        &item.result.name,
        NAME_CHARACTERS_MAX,
    );
    findings.length("result.validity", "结果有效期", &item.result.validity, 100);
    if item.max_visits > 20 {
        findings.add(
            "max_visits",
            "too_many_visits",
            "到现场次数超过 20 次，请检查数值。",
        );
    }
    if item.tags.contains(&Tag::OneVisit) && item.max_visits > 1 {
        let public = "标了“一次办”，到现场次数却超过 1 次。请改次数，或去掉标签。";
        findings.add("tags", "one_visit_with_more", public);
    }
    if item.tags.contains(&Tag::Online) && !item.is_online() {
        let public = "标了“网上办”，办理形式里却没有电脑端或移动端。请统一。";
        findings.add("tags", "online_without_form", public);
    }
    if item.tags.contains(&Tag::AtOnce) && item.promised_limit.value > 0 {
        let public = "标了“马上办”，承诺时限却不是当场。请统一。";
        findings.add("tags", "at_once_with_days", public);
    }
    if item.handling_forms.is_empty() {
        findings.add(
            "handling_forms",
            "missing",
            "还没有选择办理形式，请至少选一种。",
        );
    }
    if item.delivery_methods.is_empty() {
        findings.add(
            "delivery_methods",
            "missing",
            "还没有选择送达方式，请至少选一种。",
        );
    }
    let delivers = item
        .delivery_methods
        .iter()
        .any(|method| *method != DeliveryMethod::Counter);
    if item.without_meeting.deliver && !delivers {
        let public = "勾选了不见面送达，送达方式里却没有邮寄或电子送达。请统一。";
        findings.add("without_meeting", "without_meeting_delivery", public);
    }
}
