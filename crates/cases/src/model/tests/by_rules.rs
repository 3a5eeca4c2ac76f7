//! 秒批: what the rules grant, what they leave to a person, and the look that a person takes at it.

use std::sync::Arc;

use expect_test::{Expect, expect};
use serde_json::{Value, json};
use wuchuang_catalogue::model::{ItemContent, ItemRules, ItemVersion, rules::CompiledRules};
use wuchuang_kernel::{Actor, ActorKind, Channel, PersonId};

use super::bench::{Bench, own, standard_terms, submission};
use crate::model::{Case, CaseCommand, DeliveryChoice, ItemTerms, RuleTerms, RulesAtHand, Stage};

/// Grants whoever is of age and calls the business so; what else there is, a person looks at.
const RULES: &str = r##"<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="urn:test">
<inputData id="age" name="年龄"><variable id="av" name="年龄" typeRef="number"/></inputData>
<inputData id="name" name="business_name"><variable id="nv" name="business_name" typeRef="string"/></inputData>
<decision id="approval" name="审批"><variable id="v" name="审批"/>
<informationRequirement id="q1"><requiredInput href="#age"/></informationRequirement>
<informationRequirement id="q2"><requiredInput href="#name"/></informationRequirement>
<decisionTable id="t" hitPolicy="FIRST">
<input id="c1" label="年龄"><inputExpression id="e1" typeRef="number"><text>年龄</text></inputExpression></input>
<input id="c2" label="名称"><inputExpression id="e2" typeRef="string"><text>business_name</text></inputExpression></input>
<output id="o1" name="结果"/><output id="o2" name="理由"/>
<rule id="r1"><inputEntry><text>&gt;= 18</text></inputEntry><inputEntry><text>"兴盛餐饮店"</text></inputEntry><outputEntry><text>"准予"</text></outputEntry><outputEntry><text>"年满十八周岁。"</text></outputEntry></rule>
<rule id="r2"><inputEntry><text>-</text></inputEntry><inputEntry><text>-</text></inputEntry><outputEntry><text>"转人工"</text></outputEntry><outputEntry><text>"要看名称。"</text></outputEntry></rule>
</decisionTable></decision></definitions>"##;

pub(crate) fn content() -> ItemContent {
    ItemContent {
        rules: ItemRules {
            model: RULES.to_owned(),
            approval: "审批".to_owned(),
            sample_per_mille: 100,
            ..ItemRules::default()
        },
        form: json!({ "type": "object", "title": "表", "properties": { "business_name": { "type": "string", "title": "名称" } } }),
        ..ItemContent::default()
    }
}

/// The version of the item with these rules; every case is looked at.
pub(crate) fn version() -> ItemVersion {
    let mut content = content();
    content.rules.sample_per_mille = 1_000;
    let terms = standard_terms();
    ItemVersion {
        id: terms.item,
        version: terms.version,
        effective_from: jiff::civil::date(2026, 1, 1),
        cancelled_on: None,
        published_at: super::bench::monday(),
        published_by: None,
        content,
    }
}

/// An application for it.
pub(crate) fn application(materials: &[&str]) -> CaseCommand {
    let terms = ItemTerms {
        rules: RuleTerms::of(&version().content),
        ..standard_terms()
    };
    submission(terms, materials, DeliveryChoice::Electronic)
}

pub(crate) fn rule_terms() -> ItemTerms {
    ItemTerms {
        rules: RuleTerms::of(&content()),
        ..standard_terms()
    }
}

fn at_hand(draw: u16) -> CaseCommand {
    CaseCommand::DecideByRules(RulesAtHand {
        draw,
        expects_grant: true,
        rules: CompiledRules::of(&content()).unwrap().map(Arc::new),
    })
}

/// An application through the portal.
fn received(materials: &[&str], change: impl FnOnce(&mut crate::model::Submission)) -> Bench {
    let mut bench = Bench::new();
    bench.channel = Channel::Portal;
    let mut command = submission(rule_terms(), materials, DeliveryChoice::Electronic);
    if let CaseCommand::Submit(submission) = &mut command {
        change(submission);
    }
    bench.must(command);
    bench.actor = Actor::SYSTEM;
    bench.channel = Channel::System;
    bench
}

fn reason(case: &Case) -> &str {
    case.by_rules.as_ref().unwrap().reason()
}

#[test]
fn what_the_rules_grant_is_decided_at_once() {
    let mut bench = received(&["m1", "m2"], |_| {});
    assert!(bench.case().waits_for_rules());
    assert_eq!(
        bench.told(at_hand(100)),
        "rules_evaluated, accepted, decided"
    );
    let case = bench.case();
    assert_eq!(
        case.stage,
        Stage::Issuing,
        "the steps are not walked through"
    );
    assert_eq!(reason(case), "年满十八周岁。");
    let by_rules = case.by_rules.as_ref().unwrap();
    assert_eq!(by_rules.rows_text(), "“审批”第 1 条");
    assert!(by_rules.is_granted && !by_rules.needs_review);
    let opinion = case.opinions.last().unwrap();
    assert_eq!(opinion.by.kind, ActorKind::System);
    assert_eq!(
        opinion.text.text(),
        "系统按规则“审批”自动审批：年满十八周岁。"
    );
    let kinds: Vec<&str> = case.notices.iter().map(|it| it.kind.name()).collect();
    assert_eq!(kinds, ["收件凭证", "受理通知书", "准予决定书"]);
    assert_eq!(bench.told(at_hand(100)), "nothing", "asked once");
}

fn check(mut bench: Bench, expected: Expect) {
    let told = bench.told(at_hand(0));
    let case = bench.case();
    let why = case
        .by_rules
        .as_ref()
        .map_or("", |by_rules| by_rules.reason());
    expected.assert_eq(&format!("{told} → {} {why}", case.stage.code()));
}

#[test]
fn anything_else_goes_to_a_person_with_the_reason() {
    check(
        received(&["m1", "m2"], |submission| {
            let answers = json!({ "business_name": "别的店" });
            submission.answers = wuchuang_kernel::Personal::new(super::bench::APPLICANT, answers);
        }),
        expect!["rules_evaluated → examining 要看名称。"],
    );
    check(
        received(&["m1"], |_| {}),
        expect![
            "rules_evaluated → examining 还缺必要材料：健康证明。请补齐、办理容缺，或一次性告知补正。"
        ],
    );
    check(
        received(&["m1", "m2"], |submission| {
            submission.applicant.number = own("不是号码");
        }),
        expect!["rules_evaluated → examining 要看名称。"],
    );
    check(
        received(&["m1", "m2"], |submission| {
            let answers = json!({ "business_name": 7 });
            submission.answers = wuchuang_kernel::Personal::new(super::bench::APPLICANT, answers);
        }),
        expect!["rules_evaluated → examining 规则没有算出结果：输入“business_name”应是文字。"],
    );
    let mut claimed = received(&["m1", "m2"], |_| {});
    claimed.actor = super::bench::staff(3);
    claimed.must(CaseCommand::Claim);
    claimed.actor = Actor::SYSTEM;
    check(claimed, expect!["nothing → examining "]);
}

#[test]
fn only_the_system_decides_and_only_by_the_rules_of_the_case() {
    let mut bench = received(&["m1", "m2"], |_| {});
    bench.actor = super::bench::staff(1);
    assert_eq!(bench.outcome(at_hand(0)), "(rules_by_system)");
    bench.actor = Actor::SYSTEM;
    let without = CaseCommand::DecideByRules(RulesAtHand::default());
    assert_eq!(bench.outcome(without), "(rules_missing)");
    let mut other = content();
    other.rules.model = RULES.replace("18", "16");
    let foreign = CaseCommand::DecideByRules(RulesAtHand {
        rules: CompiledRules::of(&other).unwrap().map(Arc::new),
        ..RulesAtHand::default()
    });
    assert_eq!(bench.outcome(foreign), "(rules_other)");

    let mut counter = Bench::with(rule_terms(), &["m1", "m2"], DeliveryChoice::Counter);
    counter.actor = Actor::SYSTEM;
    assert_eq!(counter.outcome(at_hand(0)), "nothing", "a clerk decides");
}

#[test]
fn a_share_is_looked_at_by_a_person() {
    let review = |is_right: bool, reason: &str| CaseCommand::ReviewRules {
        is_right,
        reason: own(reason),
    };
    let mut bench = received(&["m1", "m2"], |_| {});
    assert_eq!(bench.outcome(review(true, "")), "(wrong_stage)");
    bench.must(at_hand(99));
    assert!(bench.case().by_rules.as_ref().unwrap().needs_review);
    bench.actor = super::bench::staff(7);
    assert_eq!(bench.outcome(review(false, " ")), "(reason_missing)");
    assert_eq!(bench.told(review(false, "年龄算错了。")), "rules_reviewed");
    let by_rules = bench.case().by_rules.as_ref().unwrap();
    assert!(!by_rules.needs_review);
    let (is_right, opinion) = by_rules.review.as_ref().unwrap();
    assert_eq!(
        (*is_right, opinion.by.person),
        (false, Some(PersonId::from_u128(7)))
    );
    assert_eq!(bench.outcome(review(true, "")), "(reviewed_before)");
}

#[test]
fn the_applicant_may_ask_for_a_person() {
    let mut bench = received(&["m1", "m2"], |_| {});
    assert_eq!(bench.outcome(CaseCommand::AskRulesReview), "(wrong_stage)");
    bench.must(at_hand(500));
    assert_eq!(
        bench.told(CaseCommand::AskRulesReview),
        "rules_review_asked"
    );
    assert!(bench.case().by_rules.as_ref().unwrap().needs_review);
    assert_eq!(bench.told(CaseCommand::AskRulesReview), "nothing");
}

#[test]
fn what_is_kept_comes_back_and_an_older_case_has_no_rules() {
    let mut bench = received(&["m1", "m2"], |_| {});
    bench.must(at_hand(0));
    for (event, _) in &bench.events {
        let text = serde_json::to_value(event).unwrap();
        let again: crate::model::CaseEvent = serde_json::from_value(text.clone()).unwrap();
        assert_eq!(serde_json::to_value(&again).unwrap(), text);
    }
    let mut terms = serde_json::to_value(standard_terms()).unwrap();
    assert_eq!(terms.get("rules"), None);
    terms["rules"] = Value::Null;
    let older: ItemTerms = serde_json::from_value(terms).unwrap();
    assert_eq!(older, standard_terms());
}
