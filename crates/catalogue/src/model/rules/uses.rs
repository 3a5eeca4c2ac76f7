//! What the decisions of an item are used for, and what each of them must therefore say.

use serde_json::Value;
use wuchuang_decision::{Definition, Evaluation};

use super::{CompiledRules, ItemRules};
use crate::model::{Necessity, content::ItemContent};

/// The member of a result that says what is decided.
pub(super) const RESULT: &str = "结果";
/// The member of a result that says why.
const REASON: &str = "理由";
/// What a decision says that approves, or that lets somebody apply.
const YES: [&str; 8] = [
    "准予", "通过", "同意", "批准", "符合", "可以", "能办", "grant",
];

/// What a decision says for one case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// Whether it is a yes: 准予, 通过, 符合, 是 …
    pub is_yes: bool,
    /// What it says, in its own words; empty when no row fitted.
    pub result: String,
    /// Why: its own reason, or else the sentence 因为…所以….
    pub reason: String,
}

/// What an answered decision says.
pub fn verdict(answer: &Evaluation) -> Verdict {
    let (result, reason) = match &answer.result {
        Value::Object(members) => (members.get(RESULT), members.get(REASON)),
        single => (Some(single), None),
    };
    let is_yes = match result {
        Some(Value::Bool(is_yes)) => *is_yes,
        Some(Value::String(text)) => YES.contains(&text.trim()),
        _ => false,
    };
    let own = reason.and_then(Value::as_str).map(str::trim);
    Verdict {
        is_yes,
        result: match result {
            None | Some(Value::Null) => String::new(),
            Some(value) => super::value_text(value),
        },
        reason: match own {
            Some(own) if !own.is_empty() => own.to_owned(),
            _ => answer.explanation.clone(),
        },
    }
}

/// The keys of the materials that a situation asks for: its result is a name, a list of names, or has them in 材料. `None`: it
/// says nothing, and all that the item lists is asked for.
pub fn situation_materials(content: &ItemContent, answer: &Evaluation) -> Option<Vec<String>> {
    let said = match &answer.result {
        Value::Object(members) => members.get("材料")?,
        single => single,
    };
    let names: Vec<&str> = match said {
        Value::String(names) => names
            .split(['、', '，', ',', '；'])
            .map(str::trim)
            .collect(),
        Value::Array(items) => items
            .iter()
            .flat_map(|item| match item {
                Value::String(text) => text.split('、').map(str::trim).collect(),
                Value::Object(members) => members
                    .get("材料")
                    .and_then(Value::as_str)
                    .map(|text| text.split('、').map(str::trim).collect())
                    .unwrap_or_default(),
                _ => Vec::new(),
            })
            .collect(),
        _ => return None,
    };
    let materials = content.materials.iter();
    let wanted = materials
        .filter(|material| {
            names.contains(&material.name.as_str()) || names.contains(&&*material.id)
        })
        .map(|material| material.id.clone())
        .collect();
    Some(wanted)
}

/// The item as it stands in a situation: what the situation does not ask for is not asked; what was given all the same stays,
/// and nobody needs it.
#[must_use]
pub fn in_situation(mut content: ItemContent, wanted: &[String], given: &[&str]) -> ItemContent {
    let asked = |id: &String| wanted.contains(id);
    content
        .materials
        .retain(|material| asked(&material.id) || given.contains(&material.id.as_str()));
    for material in &mut content.materials {
        if !asked(&material.id) {
            material.necessity = Necessity::NotRequired;
        }
    }
    content
}

/// What is wrong with how the decisions are used, each with its field: a decision that is not in the file, an input of an
/// automatic approval that nobody knows.
pub fn use_problems(
    rules: &ItemRules,
    compiled: &CompiledRules,
) -> Vec<(&'static str, &'static str, String)> {
    let definition = compiled.definition();
    let mut problems = Vec::new();
    for (field, what, decision) in rules.uses() {
        if decision.is_empty() {
            continue;
        }
        let Some(inputs) = inputs_of(definition, decision) else {
            let known: Vec<String> = definition.decisions().map(|it| it.name).collect();
            let text = format!(
                "{what}用的决策“{decision}”不在规则文件里。文件里有：{}。请改名，或在文件里加上。",
                known.join("、")
            );
            problems.push((field, "rules_decision_unknown", text));
            continue;
        };
        // On the guide the visitor is asked for every input, so that none is unknown there.
        if field == "rules.eligibility" {
            continue;
        }
        let is_known = |input: &String| compiled.sources().iter().any(|(name, _)| name == input);
        let unknown: Vec<String> = inputs.into_iter().filter(|it| !is_known(it)).collect();
        if !unknown.is_empty() {
            let facts = super::Fact::ALL.map(super::Fact::name).join("、");
            let text = format!(
                "{what}用的决策“{decision}”要知道“{}”，但申请表单没有问，系统也不知道。请把它改成表单里问题的名称，或在表单里加上这个问题；系统自己知道的有：{facts}。",
                unknown.join("”“")
            );
            problems.push((field, "rules_input_unknown", text));
        }
    }
    problems
}

/// The inputs that a decision needs, those of the decisions that it uses included; `None` when it is not in the file.
pub(crate) fn inputs_of(definition: &Definition, name: &str) -> Option<Vec<String>> {
    let decisions: Vec<_> = definition.decisions().collect();
    let find = |name: &str| {
        let mut all = decisions.iter();
        all.find(|decision| decision.name == name || decision.id == name)
    };
    let mut left = vec![find(name)?];
    let (mut seen, mut inputs) = (Vec::new(), Vec::new());
    while let Some(decision) = left.pop() {
        if seen.contains(&&decision.id) {
            continue;
        }
        seen.push(&decision.id);
        for input in &decision.inputs {
            if !inputs.contains(input) {
                inputs.push(input.clone());
            }
        }
        left.extend(decision.requires.iter().filter_map(|other| find(other)));
    }
    Some(inputs)
}
