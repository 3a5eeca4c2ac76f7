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
