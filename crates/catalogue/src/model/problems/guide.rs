//! What the guide says: conditions, places, questions, and the review fields of the power list.

use super::{ENTRIES_MAX, Findings, TEXT_CHARACTERS_MAX};
use crate::model::content::ItemContent;

pub(super) fn check(item: &ItemContent, findings: &mut Findings) {
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
    places_and_questions(item, findings);
    review(item, findings);
}

fn places_and_questions(item: &ItemContent, findings: &mut Findings) {
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
}

/// The review fields of the power list (acceptance row 1.4).
fn review(item: &ItemContent, findings: &mut Findings) {
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
