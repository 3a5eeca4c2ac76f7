//! Its time limits, how they may be extended, and the procedures whose time is counted apart.

use wuchuang_codes::HandlingKind;

use super::{ENTRIES_MAX, Findings, LIMIT_DAYS_MAX};
use crate::model::{
    content::ItemContent,
    limits::{LimitUnit, TimeLimit},
};

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

pub(super) fn check(item: &ItemContent, findings: &mut Findings) {
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
    extension(item, findings);
    special_procedures(item, findings);
}

fn extension(item: &ItemContent, findings: &mut Findings) {
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
}

fn special_procedures(item: &ItemContent, findings: &mut Findings) {
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
