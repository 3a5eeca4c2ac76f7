//! A running case goes over to another drawing of its item: because the law changed, or because the old one leads nowhere.
//! The engine's state is carried over element by element (`wuchuang_bpmn::migrate`); what is open keeps the name, the limit and
//! the timers with which it began, and from the next step on the new drawing counts. Everything else of the case, its terms,
//! its rules, its clock, stays as it was when the application was made.

use wuchuang_bpmn::migrate;
use wuchuang_kernel::{Personal, Rejection};

use super::{DrawnPosition, DrawnProcess, DrawnTerms, process_of};
use crate::model::{
    Case, Position, Stage, before_acceptance::check_reason, decide::wrong_stage, event::CaseEvent,
};

/// The drawing to which a case goes over, as it came with the command, and the version of the item whose drawing it is.
pub(in crate::model) type NewDrawing<'a> = (Option<&'a DrawnProcess>, u32);

/// Why a case cannot go on by another drawing, one sentence each; nothing when it can. One that is not in its process yet
/// stands on no element of it.
pub fn obstacles(case: &Case, began_with: &DrawnProcess, to: &DrawnProcess) -> Vec<String> {
    carried_over(case, began_with, to).err().unwrap_or_default()
}

/// The position of a case in another drawing; `None` for a case that has not begun its process.
fn carried_over(
    case: &Case,
    began_with: &DrawnProcess,
    to: &DrawnProcess,
) -> Result<Option<DrawnPosition>, Vec<String>> {
    let mut reasons = decisions_missing(case, began_with, to);
    let Some(before) = case.drawn() else {
        return if reasons.is_empty() {
            Ok(None)
        } else {
            Err(reasons)
        };
    };
    let Some(state) = before.state.get() else {
        return Err(vec!["申请人的信息已依法删除，流程不能再动".to_owned()]);
    };
    match migrate(began_with.process(), to.process(), state) {
        Ok(state) if reasons.is_empty() => Ok(Some(DrawnPosition {
            state: Personal::new(case.applicant.person, state),
            milestones: Vec::new(),
            sent: Vec::new(),
            decisions: Vec::new(),
            ..before.clone()
        })),
        Ok(_) => Err(reasons),
        Err(problems) => {
            reasons.extend(problems.into_iter().map(|problem| problem.text));
            Err(reasons)
        }
    }
}

/// The decisions that a drawing asks for and that the case's own rules do not hold: a case is decided by the rules that were
/// in force when the application was made.
fn decisions_missing(case: &Case, began_with: &DrawnProcess, to: &DrawnProcess) -> Vec<String> {
    let rules = began_with.rules.as_deref();
    let rules = rules.filter(|_| case.terms.rules.is_some());
    let asked = to.process().decisions().into_iter();
    asked
        .filter_map(|(element, _, decision)| {
            let is_known = match (rules, &decision) {
                (Some(rules), Some(decision)) => rules.has(decision),
                _ => false,
            };
            let name = decision.as_deref().unwrap_or(element.as_str());
            (!is_known).then(|| {
                format!("新版的“{element}”要问决策“{name}”，而办件申请时的规则里没有；请让它按原来的图办完")
            })
        })
        .collect()
}

/// 转到现行流程图.
pub(in crate::model) fn go_over(
    case: &Case,
    drawn: Option<&DrawnProcess>,
    ((to, version), reason): (NewDrawing<'_>, &Personal<String>),
) -> Result<Vec<CaseEvent>, Rejection> {
    if case.stage.is_over() {
        return Err(wrong_stage(case, "转到别的流程图"));
    }
    check_reason(
        reason.text(),
        "请写明为什么转到现行的流程图，例如：办法修订，增加现场核查。",
    )?;
    let (Some(_), Some(began_with), Some(to)) = (process_of(case, drawn)?, drawn, to) else {
        let text = "这个办件或这个事项不按流程图办理，没有可以转的。";
        return Err(Rejection::new("process_none", text));
    };
    let terms = DrawnTerms {
        version: Some(version),
        ..to.terms().clone()
    };
    if began_with.terms().is_file_of(&terms) {
        return Err(Rejection::new(
            "process_same",
            "这个办件已经按现行的流程图办理。",
        ));
    }
    let position = carried_over(case, began_with, to).map_err(|reasons| {
        let text = format!("接不上现行的流程图，没有转：{}。", reasons.join("；"));
        Rejection::new("process_does_not_fit", text)
    })?;
    Ok(vec![CaseEvent::ProcessMoved {
        drawn: terms,
        position: position.map(Box::new),
        reason: reason.clone(),
    }])
}

/// The case follows the other drawing from now on.
pub(in crate::model) fn gone_over(
    case: &mut Case,
    drawn: &DrawnTerms,
    position: Option<&DrawnPosition>,
) {
    case.terms.drawn = Some(drawn.clone());
    if let Some(position) = position {
        case.stage = Stage::Review(Position::Drawn(Box::new(position.clone())));
    }
}
