//! What decisions and the papers of delivery say (行政许可法 art. 38, 39 and 44).

use wuchuang_calendar::Calendar;
use wuchuang_catalogue::model::ItemContent;
use wuchuang_documents::data::{Closing, DecisionGranted, DecisionRefused, Delivery, Fact, Pickup};
use wuchuang_kernel::{china_date, china_time};
use wuchuang_webkit::page::Site;

use crate::model::{Case, CaseEvent, Decision, Delivered, DeliveryChoice, NoticeKind, Stage};

use super::{NoticeFacts, applicant_name, contact, head, reference, told};

/// 准予决定书.
pub fn granted_data(facts: &NoticeFacts<'_>) -> Option<DecisionGranted> {
    let CaseEvent::Decided {
        decision: Decision::Granted,
        ..
    } = facts.event
    else {
        return None;
    };
    let terms = &facts.case.terms;
    let mut contents = vec![Fact::new("办理事项", terms.name.clone())];
    if !terms.result_name.is_empty() {
        contents.push(Fact::new(
            if terms.issues_licence {
                "颁发证照"
            } else {
                "办理结果"
            },
            terms.result_name.clone(),
        ));
    }
    contents.push(Fact::new("送达方式", facts.case.delivery.name()));
    Some(DecisionGranted {
        head: facts.head(),
        case: facts.reference(),
        decision_kind: facts.decision_kind(),
        accepted_on: facts.accepted_on(),
        basis: legal_basis(facts.item),
        contents,
        // The licence is made after the decision; its number stands on the licence itself.
        result: None,
        duties: Vec::new(),
        contact: facts.contact(),
    })
}

/// The first rules that the item rests on; for items without any, the article on decisions.
fn legal_basis(item: Option<&ItemContent>) -> String {
    const RULES_MAX: usize = 3;
    let rules: Vec<String> = item
        .map(|item| item.legal_basis.as_slice())
        .unwrap_or_default()
        .iter()
        .filter(|rule| !rule.law.is_empty())
        .take(RULES_MAX)
        .map(wuchuang_catalogue::model::LegalBasis::citation)
        .collect();
    if rules.is_empty() {
        "《中华人民共和国行政许可法》第三十八条第一款".to_owned()
    } else {
        rules.join("、")
    }
}

/// 不予决定书.
pub fn refused_data(facts: &NoticeFacts<'_>) -> Option<DecisionRefused> {
    let CaseEvent::Decided {
        decision: Decision::Refused { reason, basis },
        ..
    } = facts.event
    else {
        return None;
    };
    Some(DecisionRefused {
        head: facts.head(),
        case: facts.reference(),
        decision_kind: facts.decision_kind(),
        accepted_on: facts.accepted_on(),
        findings: vec![told(reason).to_owned()],
        reason: "上述情形不符合法定的条件、标准".to_owned(),
        basis: told(basis).to_owned(),
        remedy: facts.remedy(),
        contact: facts.contact(),
    })
}

/// 送达回证.
pub fn delivery_data(facts: &NoticeFacts<'_>) -> Option<Delivery> {
    let CaseEvent::Delivered { delivered, .. } = facts.event else {
        return None;
    };
    let contact = facts.contact();
    let (way, place, received_for, remark) = match delivered {
        Delivered::Counter { .. } | Delivered::CounterV2 { .. } => (
            "直接送达",
            contact.place.clone(),
            delivered.received_for(facts.case),
            None,
        ),
        Delivered::Post { carrier, tracking } => (
            "邮寄送达",
            post_address(facts.case),
            None,
            Some(format!("{carrier}，运单号{tracking}")),
        ),
        Delivered::Electronic => (
            "电子送达",
            format!("{}政务服务网“我的办件”", facts.site.county_name),
            None,
            None,
        ),
    };
    let deliverer = match facts.actor_name {
        "" => "系统自动送达",
        name => name,
    };
    Some(Delivery {
        head: facts.head(),
        case: facts.reference(),
        documents: delivered_documents(facts),
        recipient: applicant_name(facts.case),
        way: way.to_owned(),
        place,
        delivered_at: Some(china_time(facts.notice.at)),
        received_for,
        deliverers: vec![deliverer.to_owned()],
        remark,
    })
}

fn post_address(case: &Case) -> String {
    match &case.delivery {
        DeliveryChoice::Post { address } if !address.text().is_empty() => address.text().to_owned(),
        _ => "申请人填写的收件地址".to_owned(),
    }
}

fn delivered_documents(facts: &NoticeFacts<'_>) -> Vec<String> {
    let decision = facts
        .case
        .notices
        .iter()
        .rev()
        .find(|notice| matches!(notice.kind, NoticeKind::Granted | NoticeKind::Refused))
        .map(|notice| format!("{}（{}）", notice.kind.name(), notice.number));
    let licence = facts
        .case
        .licence()
        .map(|licence| format!("{}（{}）", licence.name, licence.number));
    decision.into_iter().chain(licence).collect()
}

/// 取证单; `None` unless the result waits to be handed over. It is a slip for the counter, made anew
/// each time and neither numbered nor kept.
pub fn pickup_data(
    case: &Case,
    item: Option<&ItemContent>,
    site: &Site,
    calendar: &Calendar,
) -> Option<Pickup> {
    let Stage::Delivering { decision, licence } = &case.stage else {
        return None;
    };
    let notice = case
        .notices
        .iter()
        .rev()
        .find(|notice| matches!(notice.kind, NoticeKind::Granted | NoticeKind::Refused))?;
    let decided_on = china_date(notice.at);
    let available_from = if calendar.is_working_day(decided_on) {
        decided_on
    } else {
        calendar.add_working_days(decided_on, 1)
    };
    let decision_name = match decision {
        Decision::Granted => NoticeKind::Granted.name(),
        Decision::Refused { .. } => NoticeKind::Refused.name(),
    };
    Some(Pickup {
        head: head(case, site, decided_on, None),
        case: reference(case, item, false),
        result_name: licence
            .as_ref()
            .map_or_else(|| decision_name.to_owned(), |licence| licence.name.clone()),
        result_number: Some(
            licence
                .as_ref()
                .map_or_else(|| notice.number.clone(), |licence| licence.number.clone()),
        ),
        pickup_code: pickup_code(&case.check_code),
        available_from,
        bring: vec![
            "本取证单或者取件码".to_owned(),
            "领取人的身份证原件".to_owned(),
        ],
        bring_agent: vec![
            "申请人签名（单位盖章）的委托书".to_owned(),
            "申请人身份证或者营业执照的复印件".to_owned(),
        ],
        contact: contact(item, site),
    })
}

/// 办结凭条; `None` unless the result was handed over. Like the slip before it, it is made anew each time.
pub fn closing_data(
    case: &Case,
    item: Option<&ItemContent>,
    site: &Site,
    rate_url: &str,
) -> Option<Closing> {
    let Stage::Closed {
        decision,
        licence,
        delivered,
        at,
    } = &case.stage
    else {
        return None;
    };
    let kind = match decision {
        Decision::Granted => NoticeKind::Granted,
        Decision::Refused { .. } => NoticeKind::Refused,
    };
    let notice = case.notices.iter().rfind(|notice| notice.kind == kind);
    let (result, result_number) = licence.as_ref().map_or_else(
        || {
            let number = notice.map(|notice| notice.number.clone());
            (kind.name().to_owned(), number.unwrap_or_default())
        },
        |licence| (licence.name.clone(), licence.number.clone()),
    );
    let closed_on = china_date(*at);
    Some(Closing {
        head: head(case, site, closed_on, None),
        case: reference(case, item, false),
        result,
        result_number,
        delivered: delivered.name().to_owned(),
        closed_on,
        rate_url: rate_url.to_owned(),
        contact: contact(item, site),
    })
}

/// The check code in two groups, as it is told at the counter.
fn pickup_code(code: &str) -> String {
    match (code.get(..3), code.get(3..)) {
        (Some(head), Some(tail)) if !tail.is_empty() => format!("{head} {tail}"),
        _ => code.to_owned(),
    }
}
