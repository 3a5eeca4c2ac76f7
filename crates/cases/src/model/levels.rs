//! 逐级审批: each level says whether it agrees, and nothing is granted, nor sealed, while one does not (一枚印章管审批).
//! Levels are the steps of an item or the tasks of its drawing. Of several who countersign (会签) the drawing says how many
//! are enough; what they said is shown to whoever decides and holds nothing back by itself.

use wuchuang_bpmn::{ElementId, Instance, Process, is_undone};
use wuchuang_kernel::Rejection;

use super::{
    Case,
    parts::{Opinion, Verdict},
};

/// What each level said last, in the order in which they said it.
fn last_said(case: &Case) -> Vec<&Opinion> {
    let mut last: Vec<&Opinion> = Vec::new();
    let said = case.opinions.iter();
    for opinion in said.filter(|opinion| opinion.verdict.is_some()) {
        let is_same =
            |known: &&Opinion| known.step == opinion.step && known.step_name == opinion.step_name;
        last.retain(|known| !is_same(known));
        last.push(opinion);
    }
    last
}

/// The levels whose last word is 不同意, whether a 退回 took it back since or not.
fn dissenting(case: &Case) -> Vec<&Opinion> {
    let disagrees = |opinion: &&Opinion| opinion.verdict == Some(Verdict::Disagrees);
    last_said(case).into_iter().filter(disagrees).collect()
}

/// Of the tasks that did not agree, those that the ended process does without.
pub(super) fn undone(case: &Case, process: &Process, ended: &Instance) -> Vec<ElementId> {
    if ended.outcome().is_none() {
        return Vec::new();
    }
    let steps = dissenting(case).into_iter();
    steps
        .map(|opinion| ElementId::from(opinion.step.as_str()))
        .filter(|element| is_undone(process, ended, element))
        .collect()
}

/// What each level said, as far as it stands: a decision rests on it, and the seal-use ledger names it.
pub fn standing_levels(case: &Case) -> Vec<&Opinion> {
    let undone = case
        .drawn()
        .map_or(&[][..], |position| position.undone.as_slice());
    let stands = |opinion: &&Opinion| {
        let mut undone = undone.iter();
        !undone.any(|element| element.as_str() == opinion.step)
    };
    last_said(case).into_iter().filter(stands).collect()
}

impl Case {
    /// The levels that do not agree, by their names; while there is one, nothing can be granted.
    pub fn levels_against(&self) -> Vec<&str> {
        let against = |opinion: &&Opinion| opinion.verdict == Some(Verdict::Disagrees);
        let levels = standing_levels(self).into_iter();
        levels
            .filter(against)
            .map(|opinion| opinion.step_name.as_str())
            .collect()
    }
}

/// Nothing is granted while a level does not agree.
pub(super) fn check(case: &Case) -> Result<(), Rejection> {
    let against = case.levels_against();
    if against.is_empty() {
        return Ok(());
    }
    Err(Rejection::new(
        "level_disagrees",
        format!(
            "“{}”不同意，不能准予，也不能用印。请退回这个环节重新审查，或作出不予决定。",
            against.join("”“")
        ),
    ))
}
