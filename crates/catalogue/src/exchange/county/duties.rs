//! The duties of a licensing department, as far as they follow from the law on licences that the files' limits
//! rest on, and the supervision that follows from the item's own procedures and promises. Nothing else is
//! known, so nothing else is written.

use wuchuang_codes::ItemType;

use super::source::{Source, SourceProcedure};
use crate::model::{Duty, DutyParty, DutyStage, ItemContent, SupervisionMeasure};

/// The law on licences, as it is cited.
const LICENSING_LAW: &str = "《行政许可法》";
/// The rule on commitments instead of proofs (告知承诺制).
const COMMITMENT_RULE: &str = "国办发〔2020〕42号";
/// The rule on services by intermediaries for an application (中介服务).
const INTERMEDIARY_RULE: &str = "国办发〔2015〕31号";
/// Procedures of this kind come after the decision.
const AFTERWARDS: &str = "事后";

/// What each party must do. Only licences are under the law on licences; for other items the county
/// enters the duties itself.
pub(super) fn duties(item: &ItemContent) -> Vec<Duty> {
    if item.item_type != ItemType::Licensing {
        return Vec::new();
    }
    let mut duties = vec![
        duty(
            DutyParty::Applicant,
            DutyStage::Acceptance,
            "如实提交材料、反映真实情况，对材料内容的真实性负责。",
            "第三十一条",
        ),
        duty(
            DutyParty::Window,
            DutyStage::Acceptance,
            "材料齐全、符合法定形式的，应当受理；不齐的，当场或者五日内一次告知全部要补正的内容，逾期不告知的，自收到之日起即为受理。",
            "第三十二条",
        ),
        duty(
            DutyParty::Approver,
            DutyStage::Review,
            "对申请材料进行审查，在法定时限内作出决定；需要延长的，经本机关负责人批准，并把理由告诉申请人。",
            "第四十二条",
        ),
    ];
    if item.special_procedures.iter().any(|one| one.stop.is_some()) {
        duties.push(duty(
            DutyParty::Approver,
            DutyStage::Review,
            "依法需要听证、检验、检测、鉴定、专家评审等的，所需时间不计入时限，并书面告诉申请人。",
            "第四十五条",
        ));
    }
    if item.needs_intermediary() {
        duties.push(Duty {
            basis: INTERMEDIARY_RULE.to_owned(),
            ..duty(
                DutyParty::Intermediary,
                DutyStage::Review,
                "由申请人自己选择；公开服务的时限和收费，按约定出具结果，对结果负责。",
                "",
            )
        });
    }
    duties.push(duty(
        DutyParty::Approver,
        DutyStage::Delivery,
        "准予许可的，自作出决定之日起十日内颁发、送达许可证件。",
        "第四十四条",
    ));
    duties.extend(afterwards());
    duties
}

/// Who watches over what was granted, and over what is done without it.
fn afterwards() -> [Duty; 2] {
    [
        duty(
            DutyParty::Responsible,
            DutyStage::Supervision,
            "核查反映被许可人活动情况的有关材料，对准予的事项履行监督责任。",
            "第六十一条",
        ),
        duty(
            DutyParty::Enforcement,
            DutyStage::Supervision,
            "未经许可擅自从事应当取得许可的活动的，依法予以制止，并给予行政处罚。",
            "第八十一条",
        ),
    ]
}

/// A duty that the law on licences lays down.
fn duty(party: DutyParty, stage: DutyStage, text: &str, article: &str) -> Duty {
    Duty {
        party,
        stage,
        text: text.to_owned(),
        basis: format!("{LICENSING_LAW}{article}"),
        ..Duty::default()
    }
}

/// How what was granted is watched: procedures that the file places after the decision, and the check that
/// a written promise asks for.
pub(super) fn supervision(item: &ItemContent, source: &Source) -> Vec<SupervisionMeasure> {
    let afterwards = source
        .special_procedures
        .iter()
        .filter(|procedure| procedure.name.contains(AFTERWARDS));
    let mut measures: Vec<SupervisionMeasure> = afterwards
        .map(|procedure| SupervisionMeasure {
            measure: procedure.name.clone(),
            frequency: frequency(procedure),
            ..SupervisionMeasure::default()
        })
        .collect();
    if item.commitment_allowed {
        measures.push(SupervisionMeasure {
            measure: "以告知承诺方式办理的，对承诺内容进行在线核查或者现场核查；承诺不实的，责令整改或者撤销。".to_owned(),
            frequency: "作出决定以后".to_owned(),
            basis: COMMITMENT_RULE.to_owned(),
            ..SupervisionMeasure::default()
        });
    }
    measures
}

fn frequency(procedure: &SourceProcedure) -> String {
    match procedure.days {
        Some(days) if procedure.unit == "自然日" => format!("作出决定后 {days} 日内"),
        Some(days) => format!("作出决定后 {days} 个工作日内"),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use wuchuang_codes::{HandlingKind, ItemType};

    use crate::{
        exchange::{DEMONSTRATION, import_county},
        model::{DutyParty, problems},
    };

    #[test]
    fn duties_and_supervision_follow_from_the_law_and_the_items_own_data() {
        let region = "610924".parse().unwrap();
        let items = import_county(DEMONSTRATION, region).unwrap();
        let named = |name: &str| {
            let item = items
                .iter()
                .find(|item| item.content.name.starts_with(name));
            &item.unwrap().content
        };
        let fire = named("公众聚集场所");
        assert_eq!(fire.supervision[0].measure, "事后核查");
        assert_eq!(fire.supervision[0].frequency, "作出决定后 20 个工作日内");
        assert_eq!(named("公司变更登记").handling, HandlingKind::Instant);
        let parties = |name: &str| -> Vec<&str> {
            let duties = named(name).duties.iter();
            duties.map(|duty| duty.party.name()).collect()
        };
        assert_eq!(
            parties("公司变更登记"),
            ["申请人", "窗口", "审批", "审批", "主管", "执法"]
        );
        assert_eq!(
            parties("取水许可")
                .iter()
                .filter(|one| **one == "审批")
                .count(),
            3,
            "its review stops the clock"
        );
        for item in items
            .iter()
            .filter(|item| item.content.needs_intermediary())
        {
            let is_licence = item.content.item_type == ItemType::Licensing;
            let mut duties = item.content.duties.iter();
            let has = duties.any(|duty| duty.party == DutyParty::Intermediary);
            assert_eq!(has, is_licence, "{}", item.content.name);
        }
        assert!(named("失业登记").duties.is_empty(), "no licence");
        assert!(named("失业登记").supervision.is_empty(), "nothing is known");
        assert!(items.iter().all(|item| problems(&item.content).is_empty()));
    }
}
