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
        Ok(process) => {
            decisions(item, &process, findings);
            limits(item, &process, findings);
        }
        Err(problems) => {
            for problem in problems {
                findings.add("drawn_process", problem.code, problem.public() + "。");
            }
        }
    }
}

/// Who keeps every limit of the drawing must also keep the promise, or the promise says what nobody means to keep.
fn limits(item: &ItemContent, process: &Process, findings: &mut Findings) {
    let days = process.limit_days_longest();
    let drawn = days.saturating_mul(100);
    if drawn > item.promised_limit.hundredths_of_working_days() {
        let public = format!(
            "流程图里最长的一路，各环节限时合计 {days} 个工作日，比承诺办结时限（{}）长。请改短环节限时，或核对承诺时限。",
            item.promised_limit.text()
        );
        findings.add("drawn_process", "drawing_longer_than_promised", public);
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

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::model::limits::TimeLimit;

    fn check(promised: TimeLimit, expected: Expect) {
        let task = |id: &str, days: u8, next: &str| {
            format!(
                "<userTask id=\"{id}\" name=\"审查\" wuchuang:limitDays=\"{days}\"/><sequenceFlow id=\"f{id}\" sourceRef=\"{id}\" targetRef=\"{next}\"/>"
            )
        };
        let item = ItemContent {
            promised_limit: promised,
            drawn_process: format!(
                "<definitions xmlns=\"http://www.omg.org/spec/BPMN/20100524/MODEL\" xmlns:wuchuang=\"urn:wuchuang:bpmn:1\" targetNamespace=\"urn:test\"><process id=\"p\" isExecutable=\"true\"><startEvent id=\"s\"/><sequenceFlow id=\"f\" sourceRef=\"s\" targetRef=\"a\"/>{}{}<endEvent id=\"e\"/></process></definitions>",
                task("a", 2, "b"),
                task("b", 3, "e")
            ),
            ..ItemContent::default()
        };
        let mut findings = Findings::default();
        super::check(&item, &mut findings);
        let texts = findings.0.into_iter().map(|problem| problem.public);
        expected.assert_eq(&texts.collect::<Vec<_>>().join("\n"));
    }

    #[test]
    fn whoever_keeps_every_limit_keeps_the_promise() {
        check(TimeLimit::working_days(5), expect![""]);
        check(TimeLimit::calendar_days(7), expect![""]);
        check(
            TimeLimit::working_days(4),
            expect![
                "流程图里最长的一路，各环节限时合计 5 个工作日，比承诺办结时限（4 个工作日）长。请改短环节限时，或核对承诺时限。"
            ],
        );
    }
}
