//! Elements that must agree with each other.

use super::{Findings, NAME_CHARACTERS_MAX};
use crate::model::{
    content::ItemContent,
    words::{DeliveryMethod, Tag},
};

/// Elements that must agree with each other.
pub(super) fn check(item: &ItemContent, findings: &mut Findings) {
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
    ways(item, findings);
}

/// How one applies and receives the result.
fn ways(item: &ItemContent, findings: &mut Findings) {
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
