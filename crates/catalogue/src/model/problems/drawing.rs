//! The drawn process, if there is one.

use super::Findings;
use crate::model::{content::ItemContent, drawn};

pub(super) fn check(item: &ItemContent, findings: &mut Findings) {
    if item.drawn_process.is_empty() {
        return;
    }
    if item.is_instant() {
        let public = "即办件一次坐下就办完，不用流程图。请移除流程图，或改办件类型。";
        findings.add("drawn_process", "instant_with_drawing", public);
    }
    if let Err(problems) = drawn::read(&item.drawn_process) {
        for problem in problems {
            findings.add("drawn_process", problem.code, problem.public() + "。");
        }
    }
}
