//! Whether an application can be accepted: every required material is there, or may follow and is owed (容缺受理).

use wuchuang_calendar::Unit;
use wuchuang_kernel::Rejection;

use super::{Case, parts::Conditional};

/// All required materials are there, or owed under conditional acceptance.
pub(super) fn check_complete(
    case: &Case,
    conditional: Option<&Conditional>,
) -> Result<(), Rejection> {
    if let Some(conditional) = conditional {
        check_allowed(case)?;
        for id in &conditional.materials {
            check_may_follow(case, id)?;
        }
    }
    let is_owed =
        |id: &String| conditional.is_some_and(|conditional| conditional.materials.contains(id));
    let missing: Vec<&str> = case
        .missing()
        .into_iter()
        .filter(|material| !is_owed(&material.id))
        .map(|material| material.name.as_str())
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    Err(Rejection::new(
        "materials_missing",
        format!(
            "还缺必要材料：{}。请补齐、办理容缺，或一次性告知补正。",
            missing.join("、")
        ),
    ))
}

/// The item opened conditional acceptance, and there is time in which something can follow.
fn check_allowed(case: &Case) -> Result<(), Rejection> {
    if !case.terms.conditional_acceptance {
        return Err(Rejection::new(
            "conditional_not_allowed",
            "这个事项没有开通容缺受理。请一次性告知申请人补正。",
        ));
    }
    if case.terms.limits.promised().unit != Unit::WorkingDays || case.terms.is_instant() {
        return Err(Rejection::new(
            "conditional_not_allowed",
            "即办件当场办结，不适用容缺受理。",
        ));
    }
    Ok(())
}

/// The material is one of the item's, may follow, and is not there yet.
fn check_may_follow(case: &Case, id: &str) -> Result<(), Rejection> {
    let Some(material) = case.terms.material(id) else {
        return Err(Rejection::new(
            "material_unknown",
            "容缺清单里有这个事项没有的材料，请重新选择。",
        ));
    };
    if !material.tolerable {
        return Err(Rejection::new(
            "material_not_tolerable",
            format!("“{}”是主要材料，不能容缺。", material.name),
        )
        .at(format!("material:{id}")));
    }
    let is_given = case
        .materials
        .iter()
        .any(|given| given.requirement.as_deref() == Some(id));
    if is_given {
        return Err(Rejection::new(
            "material_given",
            format!("“{}”已经交了，不用容缺。请取消勾选。", material.name),
        )
        .at("owed"));
    }
    Ok(())
}
