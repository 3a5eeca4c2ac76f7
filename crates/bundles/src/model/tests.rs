//! What a bundle may say, which members a situation needs, and how an application settles its parts once.

use expect_test::{Expect, expect};
use wuchuang_kernel::BundleId;

use super::{BundleContent, Member, Situation, SituationOption, problems};

fn member(code: &str) -> Member {
    Member {
        code: code.to_owned(),
        ..Member::default()
    }
}

fn option(id: &str, members: &[&str]) -> SituationOption {
    SituationOption {
        id: id.to_owned(),
        label: id.to_owned(),
        members: members.iter().map(|code| (*code).to_owned()).collect(),
    }
}

fn content() -> BundleContent {
    BundleContent {
        code: "B11".into(),
        name: "企业经营".into(),
        members: ["I07", "I09", "I11", "X37"].map(member).to_vec(),
        situations: vec![
            Situation {
                id: "line".into(),
                question: "您的店做什么？".into(),
                several: true,
                options: vec![option("food", &["I07"]), option("tobacco", &["I11"])],
            },
            Situation {
                id: "place".into(),
                question: "在哪里？".into(),
                several: false,
                options: vec![option("public", &["I09"]), option("home", &[])],
            },
        ],
        ..BundleContent::default()
    }
}

fn check_needed(answers: &[(&str, &str)], expected: &[&str]) {
    let answers: Vec<(String, String)> = answers
        .iter()
        .map(|(one, other)| ((*one).to_owned(), (*other).to_owned()))
        .collect();
    let content = content();
    let needed: Vec<&str> = content
        .needed(&answers)
        .into_iter()
        .map(|member| member.code.as_str())
        .collect();
    assert_eq!(needed, expected, "{answers:?}");
}

#[test]
fn a_situation_needs_what_its_answers_name_and_what_no_answer_names() {
    check_needed(&[], &["X37"]);
    check_needed(&[("line", "food")], &["I07", "X37"]);
    check_needed(
        &[("line", "tobacco"), ("line", "food"), ("place", "public")],
        &["I07", "I09", "I11", "X37"],
    );
    // Of a question with one answer the first holds; what was never asked changes nothing.
    check_needed(&[("place", "home"), ("place", "public")], &["I09", "X37"]);
    check_needed(&[("place", "moon"), ("sun", "food")], &["X37"]);
}

#[test]
fn a_question_with_one_answer_must_be_answered() {
    let content = content();
    let home = [("place".to_owned(), "home".to_owned())];
    assert!(!content.is_answered(&[]));
    assert!(content.is_answered(&home));
}

fn check_problems(change: impl FnOnce(&mut BundleContent), expected: Expect) {
    let mut content = content();
    change(&mut content);
    let told: Vec<String> = problems(&content)
        .into_iter()
        .map(|problem| format!("{}: {}", problem.field, problem.public))
        .collect();
    expected.assert_eq(&told.join("\n"));
}

#[test]
fn every_problem_is_named_with_its_field() {
    check_problems(|_| {}, expect![""]);
    check_problems(
        |content| {
            content.name = String::new();
            content.members.push(member("I07"));
            content.situations[0].options[0].members = vec!["I99".into()];
            content.situations[1].id = "line".into();
        },
        expect![[r#"
            name: 请填写一件事的名称（1至60字）。
            members[4].code: 事项 I07 重复，请只保留一次。
            situations[0].options[0].members: 回答“food”要办的 I99 不在这件事包含的事项里，请先把它列入事项。
            situations[1].id: 第2个问题的 id 缺失或重复，请用字母和数字起一个不同的。"#]],
    );
    check_problems(
        |content| content.members.clear(),
        expect![[r#"
        members: 一件事包含1至30个事项，请补充或删减。
        situations[0].options[0].members: 回答“food”要办的 I07 不在这件事包含的事项里，请先把它列入事项。
        situations[0].options[1].members: 回答“tobacco”要办的 I11 不在这件事包含的事项里，请先把它列入事项。
        situations[1].options[0].members: 回答“public”要办的 I09 不在这件事包含的事项里，请先把它列入事项。"#]],
    );
}

#[test]
fn a_key_of_a_file_always_means_the_same_bundle() {
    let id: BundleId = crate::identity::bundle_of_key("B11");
    assert_eq!(id, crate::identity::bundle_of_key("B11"));
    assert_ne!(id, crate::identity::bundle_of_key("B12"));
}

#[test]
fn members_that_wait_for_each_other_are_named() {
    let after = |content: &mut BundleContent, index: usize, codes: &[&str]| {
        content.members[index].after = codes.iter().map(|code| (*code).to_owned()).collect();
    };
    check_problems(|content| after(content, 1, &["I07"]), expect![""]);
    check_problems(
        |content| {
            content.lead = "I99".into();
            after(content, 0, &["I07", "I98"]);
        },
        expect![[r#"
            lead: 牵头的 I99 不在这件事包含的事项里，请改成其中一个事项的编码。
            members[0].after: 事项 I07 不能排在自己后面，请改正。
            members[0].after: 事项 I07 要等的 I98 不在这件事包含的事项里，请先把它列入事项。"#]],
    );
    check_problems(
        |content| {
            content.members[0].name = "食品经营许可".into();
            after(content, 0, &["I11"]);
            after(content, 1, &["I07"]);
            after(content, 2, &["I09"]);
        },
        expect![[r#"
            members: 这些事项互相等待，谁也不能先办：I07食品经营许可、I09、I11。请去掉其中一个 after。"#]],
    );
}

mod order {
    //! Which part is opened when, and which ends in vain.

    use std::collections::BTreeMap;

    use super::super::{
        JointCommand, SubmittedPart,
        content::WhenRefused,
        inspection::tests::{Story, key, part},
        order::{CaseEnd, Next},
    };

    fn after(serial: u128, earlier: &[u128], when_refused: WhenRefused) -> SubmittedPart {
        SubmittedPart {
            after: earlier.iter().map(|serial| key(*serial)).collect(),
            when_refused,
            ..part(serial, &[])
        }
    }

    fn told(story: &Story, ends: &[(u128, CaseEnd)]) -> Vec<String> {
        let ends: BTreeMap<_, _> = ends.iter().map(|(one, end)| (key(*one), *end)).collect();
        let joint = story.state.0.as_deref().unwrap();
        let next = joint.next(&ends).into_iter();
        next.map(|next| match next {
            Next::Open(part) => format!("opens {}", part.item_name),
            Next::End(_, reason) => reason,
        })
        .collect()
    }

    #[test]
    fn a_part_is_opened_when_the_earlier_ones_are_granted() {
        let mut story = Story::new(vec![
            part(1, &[]),
            after(2, &[1], WhenRefused::End),
            after(3, &[1], WhenRefused::GoOn),
            after(4, &[2], WhenRefused::End),
        ]);
        assert_eq!(told(&story, &[]), ["opens 事项1"]);
        story.open(1);
        assert!(told(&story, &[]).is_empty());
        assert!(told(&story, &[(1, CaseEnd::Open)]).is_empty());
        let granted = told(&story, &[(1, CaseEnd::Granted)]);
        assert_eq!(granted, ["opens 事项2", "opens 事项3"]);
        let without = told(&story, &[(1, CaseEnd::Without)]);
        assert_eq!(
            without,
            [
                "“事项2”要在“事项1”批准以后才能办，“事项1”没有批准，所以没有开办。改正以后可以重新申请这两项。",
                "opens 事项3"
            ]
        );
        // What ends in vain ends those that wait for it.
        story
            .send(&JointCommand::RecordRefusal {
                part: key(2),
                reason: without[0].clone(),
            })
            .unwrap();
        let last = told(&story, &[(1, CaseEnd::Without)]);
        assert!(
            last.iter()
                .any(|told| told.starts_with("“事项4”要在“事项2”批准")),
            "{last:?}"
        );
    }
}
