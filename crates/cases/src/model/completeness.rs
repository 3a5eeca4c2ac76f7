//! What is handed in: that it stays within its limits, and whether an application can be accepted because every required
//! material is there, or may follow and is owed (容缺受理).

use serde::{Deserialize, Serialize};
use wuchuang_calendar::Unit;
use wuchuang_kernel::Rejection;

use super::{
    Case,
    commitment::check_commitments,
    parts::{Conditional, Material},
    terms::ItemTerms,
};

/// How many materials a case may have.
const MATERIALS_MAX: usize = 100;
/// How many files a case may have.
const FILES_MAX: usize = 50;

/// 容缺受理承诺: what an applicant undertakes so that their case is accepted although papers are missing; kept word for word.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Undertaking {
    /// Keys of the materials that will follow.
    pub materials: Vec<String>,
    /// The whole text.
    pub text: String,
}

impl Undertaking {
    /// The undertaking for some materials of an item, by key and name.
    pub fn of(item: &str, materials: &[(String, String)]) -> Self {
        let names: Vec<&str> = materials.iter().map(|(_, name)| name.as_str()).collect();
        Self {
            materials: materials.iter().map(|(id, _)| id.clone()).collect(),
            text: format!(
                "我申请办理“{item}”，下列材料暂时不能提交：{}。我承诺在容缺受理通知书写明的期限以前补齐，补交的材料真实、合法、符合要求。我知道补齐以前不会作出准予的决定，办理时限不因待补而停止；逾期不补或者补交的材料不符合要求的，我愿意承担不能准予的后果。",
                names.join("、")
            ),
        }
    }

    fn covers(&self, materials: &[String]) -> bool {
        materials.iter().all(|id| self.materials.contains(id))
    }
}

/// The undertaking on which a conditional acceptance rests: made before the clerk now, or with the application.
pub(super) fn undertaken(case: &Case, conditional: &Conditional) -> Result<Undertaking, Rejection> {
    [&conditional.undertaking, &case.undertaking]
        .into_iter()
        .flatten()
        .find(|undertaking| undertaking.covers(&conditional.materials))
        .cloned()
        .ok_or_else(|| {
            Rejection::new(
                "undertaking_missing",
                "申请人还没有作出容缺受理承诺：请申请人当面签字后勾选“申请人已作出容缺承诺”；不愿承诺的，请一次性告知补正。",
            )
            .at("undertaking")
        })
}

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

/// Materials name what the item asks for, and stay within the limits.
pub(super) fn check_materials(terms: &ItemTerms, materials: &[Material]) -> Result<(), Rejection> {
    if materials.len() > MATERIALS_MAX {
        return Err(
            Rejection::new("materials_too_many", "材料最多100份，请合并后上传。").at("materials"),
        );
    }
    let files: usize = materials.iter().map(|material| material.files.len()).sum();
    if files > FILES_MAX {
        return Err(Rejection::new(
            "files_too_many",
            "一个办件最多50个文件，请把多页合并成一个PDF后上传。",
        )
        .at("materials"));
    }
    check_commitments(terms, materials)?;
    for material in materials {
        if let Some(id) = &material.requirement
            && terms.material(id).is_none()
        {
            return Err(Rejection::new(
                "material_unknown",
                format!(
                    "“{}”不是这个事项要求的材料，请从材料清单中选择。",
                    material.name
                ),
            )
            .at("materials"));
        }
    }
    Ok(())
}

/// New materials beside those that stay: what is given anew for a requirement takes the place of what was there, and a case
/// never holds more files than one application may have.
pub(super) fn check_added(case: &Case, added: &[Material]) -> Result<(), Rejection> {
    check_materials(&case.terms, added)?;
    let files = |materials: &mut dyn Iterator<Item = &Material>| -> usize {
        materials.map(|material| material.files.len()).sum()
    };
    let mut kept = case.materials.iter().filter(|old| {
        !added
            .iter()
            .any(|new| new.requirement.is_some() && new.requirement == old.requirement)
    });
    if files(&mut kept) + files(&mut added.iter()) > FILES_MAX {
        return Err(Rejection::new(
            "files_too_many",
            "一个办件最多50个文件，连同以前交的也算。请把多页合并成一个PDF后再交。",
        )
        .at("materials"));
    }
    Ok(())
}
