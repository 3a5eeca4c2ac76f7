//! What stands against publishing a bundle: named with its field, all at once, before anything is changed.

use std::collections::BTreeSet;

use wuchuang_kernel::Rejection;

use super::content::{BundleContent, Situation};

/// How many members a bundle may have.
const MEMBERS_MAX: usize = 30;
/// How many questions it may ask.
const SITUATIONS_MAX: usize = 10;
/// How many answers a question may offer.
const OPTIONS_MAX: usize = 20;
/// How many fields may be named as shared.
const SHARED_FIELDS_MAX: usize = 50;
/// How long names, questions and answers may be, in characters.
const NAME_CHARACTERS_MAX: usize = 60;
/// How long keys may be, in characters.
const KEY_CHARACTERS_MAX: usize = 40;
/// How long a rule text may be, in characters.
const TEXT_CHARACTERS_MAX: usize = 5_000;

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Which element: `members[2].code`.
    pub field: String,
    /// What is wrong and how it is mended.
    pub public: String,
}

impl Problem {
    fn new(field: impl Into<String>, public: impl Into<String>) -> Self {
        Self {
            field: field.into(),
            public: public.into(),
        }
    }

    /// The problem as a refusal.
    pub fn rejection(self) -> Rejection {
        Rejection::new("bundle_incomplete", self.public).at(self.field)
    }
}

fn is_between(text: &str, least: usize, most: usize) -> bool {
    (least..=most).contains(&text.trim().chars().count())
}

fn is_key(text: &str) -> bool {
    is_between(text, 1, KEY_CHARACTERS_MAX)
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// Everything that is wrong with a bundle.
pub fn problems(content: &BundleContent) -> Vec<Problem> {
    let mut found = Vec::new();
    if !is_key(&content.code) {
        let text = "一件事的编码由1至40个字母、数字和下划线组成，请改正。";
        found.push(Problem::new("code", text));
    }
    if !is_between(&content.name, 1, NAME_CHARACTERS_MAX) {
        found.push(Problem::new("name", "请填写一件事的名称（1至60字）。"));
    }
    for (field, text) in [
        ("summary", &content.summary),
        ("rule", &content.rule),
        ("refusal", &content.refusal),
    ] {
        if text.chars().count() > TEXT_CHARACTERS_MAX {
            found.push(Problem::new(field, "文字最多5000字，请删减。"));
        }
    }
    if content.shared_fields.len() > SHARED_FIELDS_MAX {
        found.push(Problem::new(
            "shared_fields",
            "共用的填写项最多50个，请删减。",
        ));
    }
    members(content, &mut found);
    order(content, &mut found);
    situations(content, &mut found);
    found
}

fn members(content: &BundleContent, found: &mut Vec<Problem>) {
    if !(1..=MEMBERS_MAX).contains(&content.members.len()) {
        let text = "一件事包含1至30个事项，请补充或删减。";
        found.push(Problem::new("members", text));
    }
    let mut seen = BTreeSet::new();
    for (index, member) in content.members.iter().enumerate().take(MEMBERS_MAX) {
        let field = format!("members[{index}]");
        if !is_key(&member.code) {
            let text = format!("第{}个事项缺少编码，请填写事项库里的编码。", index + 1);
            found.push(Problem::new(format!("{field}.code"), text));
        } else if !seen.insert(&member.code) {
            let text = format!("事项 {} 重复，请只保留一次。", member.code);
            found.push(Problem::new(format!("{field}.code"), text));
        }
        if member.name.chars().count() > NAME_CHARACTERS_MAX
            || member.department.chars().count() > NAME_CHARACTERS_MAX
        {
            let text = format!("事项 {} 的名称或部门超过60字，请改短。", member.code);
            found.push(Problem::new(format!("{field}.name"), text));
        }
    }
}

/// What stands against the order of the members (前置) and against who leads.
fn order(content: &BundleContent, found: &mut Vec<Problem>) {
    let is_member = |code: &String| content.members.iter().any(|member| member.code == *code);
    if !content.lead.is_empty() && !is_member(&content.lead) {
        let text = format!(
            "牵头的 {} 不在这件事包含的事项里，请改成其中一个事项的编码。",
            content.lead
        );
        found.push(Problem::new("lead", text));
    }
    let before = found.len();
    for (index, member) in content.members.iter().enumerate().take(MEMBERS_MAX) {
        for earlier in &member.after {
            let text = if *earlier == member.code {
                format!("事项 {} 不能排在自己后面，请改正。", member.code)
            } else if is_member(earlier) {
                continue;
            } else {
                format!(
                    "事项 {} 要等的 {earlier} 不在这件事包含的事项里，请先把它列入事项。",
                    member.code
                )
            };
            found.push(Problem::new(format!("members[{index}].after"), text));
        }
        if member.after.len() > MEMBERS_MAX || member.inspections.len() > 2 {
            let text = format!(
                "事项 {} 的 after 或 inspections 有重复，请删减。",
                member.code
            );
            found.push(Problem::new(format!("members[{index}].after"), text));
        }
    }
    let circle = content.circle();
    if found.len() == before && !circle.is_empty() {
        let text = format!(
            "这些事项互相等待，谁也不能先办：{}。请去掉其中一个 after。",
            circle.join("、")
        );
        found.push(Problem::new("members", text));
    }
}

fn situations(content: &BundleContent, found: &mut Vec<Problem>) {
    if content.situations.len() > SITUATIONS_MAX {
        found.push(Problem::new("situations", "情形问题最多10个，请合并。"));
    }
    let mut seen = BTreeSet::new();
    for (index, situation) in content.situations.iter().enumerate().take(SITUATIONS_MAX) {
        let field = format!("situations[{index}]");
        if !is_key(&situation.id) || !seen.insert(&situation.id) {
            let text = format!(
                "第{}个问题的 id 缺失或重复，请用字母和数字起一个不同的。",
                index + 1
            );
            found.push(Problem::new(format!("{field}.id"), text));
        }
        if !is_between(&situation.question, 1, NAME_CHARACTERS_MAX) {
            let text = format!("请写明第{}个问题问什么（1至60字）。", index + 1);
            found.push(Problem::new(format!("{field}.question"), text));
        }
        options(content, situation, &field, found);
    }
}

fn options(content: &BundleContent, situation: &Situation, field: &str, found: &mut Vec<Problem>) {
    let question = &situation.question;
    if !(1..=OPTIONS_MAX).contains(&situation.options.len()) {
        let text = format!("问题“{question}”要有1至20个可选的回答。");
        found.push(Problem::new(format!("{field}.options"), text));
    }
    let mut seen = BTreeSet::new();
    for (index, option) in situation.options.iter().enumerate().take(OPTIONS_MAX) {
        let place = format!("{field}.options[{index}]");
        if !is_key(&option.id) || !seen.insert(&option.id) {
            let text = format!(
                "问题“{question}”第{}个回答的 id 缺失或重复，请用字母和数字起一个不同的。",
                index + 1
            );
            found.push(Problem::new(format!("{place}.id"), text));
        }
        if !is_between(&option.label, 1, NAME_CHARACTERS_MAX) {
            let text = format!("请写明问题“{question}”第{}个回答（1至60字）。", index + 1);
            found.push(Problem::new(format!("{place}.label"), text));
        }
        for code in &option.members {
            if !content.members.iter().any(|member| member.code == *code) {
                let text = format!(
                    "回答“{}”要办的 {code} 不在这件事包含的事项里，请先把它列入事项。",
                    option.label
                );
                found.push(Problem::new(format!("{place}.members"), text));
            }
        }
    }
}
