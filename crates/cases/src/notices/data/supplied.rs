//! What the slip says that somebody gets who hands in a correction or an owed paper at a counter: whatever is received is
//! proved with a paper. It is made anew each time from the event and neither numbered nor kept.

use jiff::Timestamp;
use wuchuang_catalogue::model::ItemContent;
use wuchuang_documents::data::Supplied;
use wuchuang_kernel::{Channel, china_date, china_time};
use wuchuang_webkit::page::Site;

use crate::model::{Case, CaseEvent, Material};

use super::{before_acceptance::received, contact, head, reference};

/// What the slip is made from.
pub struct SuppliedFacts<'a> {
    /// The case right before the event: what it asked for.
    pub before: &'a Case,
    /// The case right after it.
    pub case: &'a Case,
    /// The event.
    pub event: &'a CaseEvent,
    /// When it was recorded.
    pub at: Timestamp,
    /// Who received it, by name; empty for the system.
    pub actor_name: &'a str,
    /// The item's elements in the version that the case follows.
    pub item: Option<&'a ItemContent>,
    /// Names and addresses of the house.
    pub site: &'a Site,
}

/// The defects that no paper answers.
fn defects_open(before: &Case, materials: &[Material]) -> Vec<String> {
    let is_there = |key: &str| {
        key.strip_prefix("material:").is_none_or(|id| {
            materials
                .iter()
                .any(|material| material.requirement.as_deref() == Some(id))
        })
    };
    before
        .defects
        .iter()
        .filter(|defect| !is_there(&defect.key))
        .map(|defect| defect.name.clone())
        .collect()
}

/// 补正材料收件凭证 or 补交材料收件凭证; `None` for any other event.
pub fn supplied_data(facts: &SuppliedFacts<'_>) -> Option<Supplied> {
    let (title, materials, form_changed, still_open, next) = match facts.event {
        CaseEvent::CorrectionSupplied {
            answers, materials, ..
        } => {
            let next = "本凭证证明补正的内容已经收到，不表示已经受理。我们自收到之日起五个工作日内答复；逾期没有告知的，自收到之日起即为受理（行政许可法第三十二条）。";
            (
                "补正材料收件凭证",
                materials,
                answers.is_some(),
                defects_open(facts.before, materials),
                next.to_owned(),
            )
        }
        CaseEvent::SupplementSupplied { materials, .. } => {
            let open: Vec<String> = facts
                .case
                .owed
                .iter()
                .map(|id| {
                    let material = facts.case.terms.material(id);
                    material.map_or_else(|| id.clone(), |material| material.name.clone())
                })
                .collect();
            let next = if open.is_empty() {
                "容缺材料已经补齐，办理时限照常计算。".to_owned()
            } else {
                "其余材料请在容缺受理通知书写明的日期以前补齐；补齐以前不作出准予的决定。"
                    .to_owned()
            };
            ("补交材料收件凭证", materials, false, open, next)
        }
        _ => return None,
    };
    Some(Supplied {
        head: head(facts.case, facts.site, china_date(facts.at), None),
        case: reference(facts.case, facts.item, false),
        title: title.to_owned(),
        received_at: china_time(facts.at),
        counter: Channel::Counter.name().to_owned(),
        received_by: match facts.actor_name {
            "" => "系统自动收件".to_owned(),
            name => name.to_owned(),
        },
        materials: materials.iter().map(received).collect(),
        form_changed,
        still_open,
        next,
        contact: contact(facts.item, facts.site),
    })
}
