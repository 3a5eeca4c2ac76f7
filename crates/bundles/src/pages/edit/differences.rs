//! What differs between the bundle that somebody else saved and the one on the page, element by element, for whoever comes second.

use std::fmt::Write as _;

use crate::model::{BundleContent, Situation};

/// An element's name, and how it is told.
type Element = (&'static str, fn(&BundleContent) -> String);

/// An element of a bundle that is not the same in two places.
pub(super) struct Difference {
    pub(super) element: &'static str,
    pub(super) theirs: String,
    pub(super) own: String,
}

/// What differs between what stands now and what was sent, element by element.
pub(super) fn differences(theirs: Option<&BundleContent>, own: &BundleContent) -> Vec<Difference> {
    let Some(theirs) = theirs else {
        return Vec::new();
    };
    let told: [Element; 10] = [
        ("名称", |content| content.name.clone()),
        ("树", |content| content.tree.name().to_owned()),
        ("在树上的先后", |content| content.order.to_string()),
        ("给谁办", |content| content.subject.clone()),
        ("简介", |content| content.summary.clone()),
        ("事项和先后", |content| members_told(content)),
        ("情形", |content| situations_told(content)),
        ("共用的填写项", |content| {
            content.shared_fields.join("、")
        }),
        ("规则", |content| content.rule.clone()),
        ("一项不批准时", |content| content.refusal.clone()),
    ];
    told.into_iter()
        .map(|(element, tell)| Difference {
            element,
            theirs: tell(theirs),
            own: tell(own),
        })
        .filter(|difference| difference.theirs != difference.own)
        .collect()
}

fn members_told(content: &BundleContent) -> String {
    let mut told: Vec<String> = Vec::new();
    for member in &content.members {
        let mut text = format!("{}{}", member.code, member.name);
        if !member.after.is_empty() {
            // Writing to a String cannot fail.
            let _infallible = write!(text, "（在{}之后）", member.after.join("、"));
        }
        for kind in &member.inspections {
            let _infallible = write!(text, "（{}）", kind.name());
        }
        told.push(text);
    }
    if !content.lead.is_empty() {
        told.push(format!("牵头 {}", content.lead));
    }
    told.join("；")
}

fn situations_told(content: &BundleContent) -> String {
    let one = |situation: &Situation| {
        let options = situation.options.iter();
        let options: Vec<String> = options
            .map(|option| format!("{}（{}）", option.label, option.members.join("、")))
            .collect();
        format!("{} {}", situation.question, options.join("，"))
    };
    content
        .situations
        .iter()
        .map(one)
        .collect::<Vec<_>>()
        .join("；")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Member;

    #[test]
    fn only_what_differs_is_told() {
        let theirs = BundleContent {
            name: "开店".to_owned(),
            members: vec![Member {
                code: "I04".to_owned(),
                ..Member::default()
            }],
            ..BundleContent::default()
        };
        let mut own = theirs.clone();
        assert!(differences(Some(&theirs), &own).is_empty());
        assert!(differences(None, &own).is_empty());
        own.lead = "I04".to_owned();
        let found = differences(Some(&theirs), &own);
        let told: Vec<_> = found
            .iter()
            .map(|one| (one.element, one.theirs.as_str(), one.own.as_str()))
            .collect();
        assert_eq!(told, [("事项和先后", "I04", "I04；牵头 I04")]);
    }
}
