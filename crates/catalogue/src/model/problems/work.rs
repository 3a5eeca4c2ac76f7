//! How a case of it is worked: steps, materials, form.

use std::collections::HashSet;

use wuchuang_webkit::forms::Form;

use super::{Findings, MATERIALS_MAX, NAME_CHARACTERS_MAX, STEPS_MAX};
use crate::model::{content::ItemContent, limits::LimitUnit};

pub(super) fn check(item: &ItemContent, findings: &mut Findings) {
    steps(item, findings);
    materials(item, findings);
    form(item, findings);
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
        return;
    }
    match Form::parse(&item.form_text()) {
        Err(error) => findings.add("form", "wrong_form", format!("申请表单不能用：{error}。")),
        Ok(form) => attachments(item, &form, findings),
    }
}

/// What the form asks for in its place is a material of the item.
fn attachments(item: &ItemContent, form: &Form, findings: &mut Findings) {
    for field in form.fields() {
        let Some(material) = &field.material else {
            continue;
        };
        if item.material(material).is_none() {
            let text = format!(
                "申请表单的附件“{}”指的材料 {material} 不在材料清单里，请先加上这份材料，或者改附件的材料编号。",
                field.label
            );
            findings.add("form", "attachment_unknown", text);
        }
    }
}
