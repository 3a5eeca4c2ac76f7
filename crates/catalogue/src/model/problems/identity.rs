//! What the item is: name, codes, department.

use wuchuang_codes::{HandlingKind, LocalCode, NationalItemCode};

use super::{Findings, NAME_CHARACTERS_MAX};
use crate::model::content::ItemContent;

pub(super) fn check(item: &ItemContent, findings: &mut Findings) {
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
    whose(item, findings);
}

/// Whom it serves, who decides, and how it is handled.
fn whose(item: &ItemContent, findings: &mut Findings) {
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
