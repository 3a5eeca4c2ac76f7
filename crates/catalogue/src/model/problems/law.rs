//! What it costs, what it rests on, and what the department answers for.

use super::{ENTRIES_MAX, Findings, NAME_CHARACTERS_MAX, TEXT_CHARACTERS_MAX};
use crate::model::content::ItemContent;

/// How long a citation may be, in characters.
const CITATION_CHARACTERS_MAX: usize = 300;
/// How long one duty, measure or ground of accountability may be, in characters.
const SENTENCE_CHARACTERS_MAX: usize = 500;

pub(super) fn check(item: &ItemContent, findings: &mut Findings) {
    fees(item, findings);
    legal_basis(item, findings);
    duties(item, findings);
    supervision(item, findings);
}

fn fees(item: &ItemContent, findings: &mut Findings) {
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
}

fn legal_basis(item: &ItemContent, findings: &mut Findings) {
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

/// Duties and accountability; both may be absent, but what is there must say something.
fn duties(item: &ItemContent, findings: &mut Findings) {
    findings.count("duties", "责任事项", item.duties.len(), ENTRIES_MAX);
    for (index, duty) in item.duties.iter().enumerate() {
        let field = format!("duties[{index}]");
        let (text, basis) = (format!("{field}.text"), format!("{field}.basis"));
        findings.text(text, "责任事项", &duty.text, SENTENCE_CHARACTERS_MAX);
        findings.length(basis, "责任依据", &duty.basis, CITATION_CHARACTERS_MAX);
    }
    let grounds = &item.accountability;
    findings.count("accountability", "追责情形", grounds.len(), ENTRIES_MAX);
    for (index, ground) in grounds.iter().enumerate() {
        let field = format!("accountability[{index}]");
        findings.text(field, "追责情形", ground, SENTENCE_CHARACTERS_MAX);
    }
}

fn supervision(item: &ItemContent, findings: &mut Findings) {
    let measures = &item.supervision;
    findings.count("supervision", "监管措施", measures.len(), ENTRIES_MAX);
    for (index, one) in measures.iter().enumerate() {
        let field = |name: &str| format!("supervision[{index}].{name}");
        findings.text(
            field("measure"),
            "监管措施",
            &one.measure,
            SENTENCE_CHARACTERS_MAX,
        );
        findings.length(field("by"), "监管主体", &one.by, NAME_CHARACTERS_MAX);
        findings.length(field("frequency"), "时间和频次", &one.frequency, 200);
        findings.length(
            field("basis"),
            "监管依据",
            &one.basis,
            CITATION_CHARACTERS_MAX,
        );
    }
}
