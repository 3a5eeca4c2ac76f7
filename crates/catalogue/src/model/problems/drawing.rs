//! The drawn process, if there is one.

use wuchuang_bpmn::Process;

use super::Findings;
use crate::model::{content::ItemContent, drawn, rules};

pub(super) fn check(item: &ItemContent, findings: &mut Findings) {
    if item.drawn_process.is_empty() {
        return;
    }
    if item.is_instant() {
        let public = "即办件一次坐下就办完，不用流程图。请移除流程图，或改办件类型。";
        findings.add("drawn_process", "instant_with_drawing", public);
    }
    match drawn::read(&item.drawn_process) {
        Ok(process) => decisions(item, &process, findings),
        Err(problems) => {
            for problem in problems {
                findings.add("drawn_process", problem.code, problem.public() + "。");
            }
        }
    }
}

/// The decisions that the drawing asks are among the item's rules.
fn decisions(item: &ItemContent, process: &Process, findings: &mut Findings) {
    let definition = rules::read(&item.rules.model).ok();
    let known: Vec<String> = definition.map_or_else(Vec::new, |definition| {
        let decisions = definition.decisions();
        decisions.flat_map(|it| [it.name, it.id]).collect()
    });
    for (element, line, decision) in process.decisions() {
        let public = match decision {
            Some(name) if known.iter().any(|it| **it == *name) => continue,
            Some(name) => format!(
                "流程图第 {line} 行“{element}”：业务规则任务要的决策“{name}”不在这个事项的规则里。请在规则里加上，或改流程图。"
            ),
            None => format!(
                "流程图第 {line} 行“{element}”：业务规则任务要直接写明用哪个决策，不能用变量。请写明。"
            ),
        };
        findings.add("drawn_process", "drawing_decision_unknown", public);
    }
}
