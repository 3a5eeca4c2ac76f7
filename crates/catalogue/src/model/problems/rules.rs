//! The rules, if there are any. That the test cases pass is asked where the working calendar is known: at publication.

use super::{Findings, NAME_CHARACTERS_MAX};
use crate::model::{
    content::ItemContent,
    rules::{CompiledRules, TESTS_MAX, use_problems},
};

/// How long the inputs of one test case may be, in characters.
const INPUTS_CHARACTERS_MAX: usize = 2_000;

pub(super) fn check(item: &ItemContent, findings: &mut Findings) {
    let rules = &item.rules;
    if rules.sample_per_mille > 1_000 {
        let public = "抽查比例按千分之几填写，最多 1000（全部抽查）。";
        findings.add("rules.sample_per_mille", "rules_sample", public);
    }
    if rules.model.is_empty() {
        let is_used = rules
            .uses()
            .iter()
            .any(|(.., decision)| !decision.is_empty());
        if is_used || !rules.tests.is_empty() {
            let public =
                "还没有上传规则文件，但已经写了规则的用途或用例。请上传规则文件，或删去它们。";
            findings.add("rules", "rules_missing", public);
        }
        return;
    }
    let compiled = match CompiledRules::of(item) {
        Ok(Some(compiled)) => compiled,
        Ok(None) => return,
        Err(problems) => {
            for problem in problems {
                findings.add("rules", problem.code, problem.public() + "。");
            }
            return;
        }
    };
    for (field, code, public) in use_problems(rules, &compiled) {
        findings.add(field, code, public);
    }
    tests(item, &compiled, findings);
}

fn tests(item: &ItemContent, compiled: &CompiledRules, findings: &mut Findings) {
    let tests = &item.rules.tests;
    findings.count("rules.tests", "规则用例", tests.len(), TESTS_MAX);
    let known: Vec<String> = compiled
        .definition()
        .decisions()
        .flat_map(|decision| [decision.name, decision.id])
        .collect();
    for (index, test) in tests.iter().enumerate() {
        let number = index + 1;
        findings.text(
            format!("rules.tests[{index}].name"),
            &format!("第 {number} 个规则用例的名称"),
            &test.name,
            NAME_CHARACTERS_MAX,
        );
        if !known.contains(&test.decision) {
            let public = format!(
                "第 {number} 个规则用例的决策“{}”不在规则文件里。请改成文件里的决策。",
                test.decision
            );
            findings.add(
                format!("rules.tests[{index}].decision"),
                "rules_decision_unknown",
                public,
            );
        }
        let written = serde_json::Value::Object(test.inputs.clone()).to_string();
        if written.chars().count() > INPUTS_CHARACTERS_MAX {
            let public =
                format!("第 {number} 个规则用例的输入最多 {INPUTS_CHARACTERS_MAX} 字，请删减。");
            findings.add(format!("rules.tests[{index}].inputs"), "too_long", public);
        }
    }
}
