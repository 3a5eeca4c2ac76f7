//! What the papers before and at acceptance say (行政许可法 art. 32).

use wuchuang_documents::data::{
    Acceptance, Conditional, Correction, Defect, MissingMaterial, NotAccepted, Receipt,
    ReceivedMaterial,
};
use wuchuang_kernel::{Channel, china_date, china_time};

use crate::model::{Case, CaseEvent, Material, MaterialSource, NotAcceptedGround};
use wuchuang_calendar::ReceiptEvent;

use super::{FORGOTTEN, NoticeFacts, limit_text, told};

/// What happens when the supplement is late.
const LATE_CONSEQUENCE: &str =
    "逾期没有补齐的，不作出准予的决定；承诺的办理时限不因待补材料而停止计算";

/// 收件凭证.
pub fn receipt_data(facts: &NoticeFacts<'_>) -> Option<Receipt> {
    let case = facts.case;
    let received_by = if facts.actor_name.is_empty() || case.channel == Channel::Portal {
        "系统自动收件".to_owned()
    } else {
        facts.actor_name.to_owned()
    };
    Some(Receipt {
        head: facts.head(),
        case: facts.reference(),
        received_at: china_time(case.received_at),
        counter: match case.channel {
            Channel::Portal => "网上申请".to_owned(),
            other => other.name().to_owned(),
        },
        received_by,
        materials: case.materials.iter().map(received).collect(),
        answer_until: case.receipt.window(facts.calendar)?.date,
        contact: facts.contact(),
    })
}

pub(super) fn received(material: &Material) -> ReceivedMaterial {
    let files = u32::try_from(material.files.len()).unwrap_or(u32::MAX);
    let (form, copies) = match &material.source {
        MaterialSource::Uploaded => ("电子", files),
        MaterialSource::Paper { copies } => ("纸质", u32::from(*copies)),
        MaterialSource::Licence { .. } => ("电子证照", files),
        MaterialSource::EarlierCase { .. } => ("以前的办件", files),
        MaterialSource::Commitment { .. } => ("告知承诺书", 1),
    };
    ReceivedMaterial {
        name: material.name.clone(),
        form: form.to_owned(),
        copies: copies.max(1),
    }
}

/// 受理通知书.
pub fn acceptance_data(facts: &NoticeFacts<'_>) -> Option<Acceptance> {
    let limits = &facts.case.terms.limits;
    let special_procedures = facts
        .item
        .map(|item| item.special_procedures.as_slice())
        .unwrap_or_default()
        .iter()
        .map(|procedure| match procedure.days {
            Some(days) if procedure.calendar_days => {
                format!("{}（{days}日）", procedure.name)
            }
            Some(days) => format!("{}（{days}个工作日）", procedure.name),
            None => procedure.name.clone(),
        })
        .collect();
    Some(Acceptance {
        head: facts.head(),
        case: facts.reference(),
        accepted_on: facts.accepted_on(),
        limit_statutory: limit_text(limits.statutory()),
        limit_promised: limit_text(limits.promised()),
        due_on: facts.due_on(facts.case)?,
        special_procedures,
        contact: facts.contact(),
    })
}

/// 容缺受理通知书.
pub fn conditional_data(facts: &NoticeFacts<'_>) -> Option<Conditional> {
    let CaseEvent::Accepted {
        conditional: Some(conditional),
        ..
    } = facts.event
    else {
        return None;
    };
    let view = facts
        .case
        .clock
        .as_ref()?
        .view(facts.calendar, facts.notice.at);
    Some(Conditional {
        head: facts.head(),
        case: facts.reference(),
        missing: conditional
            .materials
            .iter()
            .map(|id| missing(facts, id))
            .collect(),
        supply_until: view.supplement?.limit.due.date,
        limit_promised: limit_text(facts.case.terms.limits.promised()),
        due_on: facts.due_on(facts.case)?,
        late_consequence: LATE_CONSEQUENCE.to_owned(),
        contact: facts.contact(),
    })
}

fn missing(facts: &NoticeFacts<'_>, id: &str) -> MissingMaterial {
    let name = facts
        .case
        .terms
        .material(id)
        .map_or_else(|| id.to_owned(), |material| material.name.clone());
    let form = facts.item.and_then(|item| item.material(id)).map_or_else(
        || "纸质或电子".to_owned(),
        |material| format!("{}{}份", material.form.name(), material.copies.max(1)),
    );
    let is_there = facts
        .case
        .materials
        .iter()
        .any(|material| material.requirement.as_deref() == Some(id));
    MissingMaterial {
        name,
        form,
        state: if is_there {
            "已提交，待补正"
        } else {
            "未提交"
        }
        .to_owned(),
    }
}

/// 一次性补正告知书.
pub fn correction_data(facts: &NoticeFacts<'_>) -> Option<Correction> {
    let CaseEvent::CorrectionNotified {
        defects, receipt, ..
    } = facts.event
    else {
        return None;
    };
    let correct_until = match receipt {
        ReceiptEvent::CorrectionAsked { notice } => notice.answer_by,
        ReceiptEvent::CorrectionSupplied { .. } | ReceiptEvent::Concluded { .. } => None,
    };
    Some(Correction {
        head: facts.head(),
        case: facts.reference(),
        received_on: china_date(window_began(facts.case)),
        defects: defects
            .iter()
            .map(|defect| Defect {
                material: defect.name.clone(),
                problem: told(&defect.problem).to_owned(),
                requirement: requirement(&defect.key).to_owned(),
                basis: basis(facts, &defect.key),
            })
            .collect(),
        correct_until,
        ways: ways(facts),
        contact: facts.contact(),
    })
}

/// When the window began in which this notice was given: at receipt, or when the correction before
/// it arrived.
fn window_began(case: &Case) -> jiff::Timestamp {
    case.receipt
        .rounds()
        .iter()
        .rev()
        .find_map(|round| round.supplied_at)
        .unwrap_or(case.received_at)
}

fn requirement(key: &str) -> &'static str {
    if key.starts_with("field:") {
        "请按所列问题修改申请表后重新提交"
    } else {
        "请按所列问题补齐或者更换后重新提交"
    }
}

fn basis(facts: &NoticeFacts<'_>, key: &str) -> Option<String> {
    let id = key.strip_prefix("material:")?;
    let basis = &facts.item?.material(id)?.basis;
    (!basis.is_empty()).then(|| basis.clone())
}

fn ways(facts: &NoticeFacts<'_>) -> String {
    let is_online = facts
        .item
        .is_none_or(wuchuang_catalogue::model::ItemContent::is_online);
    if is_online {
        format!(
            "到窗口提交，或者在{}政务服务网“我的办件”上传",
            facts.site.county_name
        )
    } else {
        "到窗口提交".to_owned()
    }
}

/// 不予受理决定书.
pub fn not_accepted_data(facts: &NoticeFacts<'_>) -> Option<NotAccepted> {
    let CaseEvent::NotAccepted { ground, reason, .. } = facts.event else {
        return None;
    };
    let (basis, competent_authority) = match ground {
        NotAcceptedGround::NotRequired => (
            "《中华人民共和国行政许可法》第三十二条第一款第（一）项",
            None,
        ),
        NotAcceptedGround::NotCompetent { authority } => (
            "《中华人民共和国行政许可法》第三十二条第一款第（二）项",
            Some(authority.clone()),
        ),
        NotAcceptedGround::Other => ("《中华人民共和国行政许可法》第三十二条", None),
    };
    let reason = match reason.text() {
        "" => FORGOTTEN,
        text => text,
    };
    Some(NotAccepted {
        head: facts.head(),
        case: facts.reference(),
        applied_on: china_date(facts.case.received_at),
        reasons: vec![format!("{}：{reason}", ground.name())],
        basis: basis.to_owned(),
        competent_authority,
        remedy: facts.remedy(),
        contact: facts.contact(),
    })
}
