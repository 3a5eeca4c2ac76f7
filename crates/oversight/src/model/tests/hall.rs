//! Items and departments in the hall, rounds of checks, the table of violations.

use expect_test::expect;
use jiff::civil::date;
use wuchuang_kernel::OrganisationId;

use super::{CLERK, SUPERVISOR, tell};
use crate::model::{entry::*, hall::*, kinds::Kinds, round::*};

#[test]
fn items_enter_are_exempted_for_a_time_and_taken_back() {
    let entered = |from: i8| {
        EntryCommand::Enter(Entered {
            place: OrganisationId::from_u128(5),
            place_name: "政务服务中心".to_owned(),
            from: date(2026, 11, from),
            document: "紫政办发〔2026〕1号".to_owned(),
        })
    };
    let exempted = |document: &str, until| {
        EntryCommand::Exempt(Exempted {
            ground: ExemptionGround::OnSite,
            document: document.to_owned(),
            until,
        })
    };
    let back = |reason: &str| EntryCommand::TakeBack {
        reason: reason.to_owned(),
    };
    let told = tell::<EntryStream>(
        &[
            (20, SUPERVISOR, back("登记错了")),
            (20, SUPERVISOR, exempted("", date(2026, 11, 24))),
            (20, SUPERVISOR, exempted("批复", date(2026, 11, 19))),
            (20, SUPERVISOR, exempted("批复", date(2032, 1, 1))),
            (20, SUPERVISOR, exempted("批复", date(2026, 11, 24))),
            (20, SUPERVISOR, entered(25)),
            (20, SUPERVISOR, back("")),
            (20, SUPERVISOR, back("机构撤并")),
        ],
        |state| {
            let mark = |day| state.standing.on(date(2026, 11, day)).name();
            format!("{} {} {}", state.changes, mark(24), mark(25))
        },
    );
    expect![[r#"
        ✗ nothing_recorded Some("reason")
        ✗ text_missing Some("document")
        ✗ until_passed Some("until")
        ✗ until_too_far Some("until")
        1 不进驻 不进驻已到期
        2 应进未进 已进驻
        ✗ text_missing Some("reason")
        3 应进未进 应进未进
    "#]]
    .assert_eq(&told);
}

#[test]
fn a_chief_representative_is_authorised_once_and_ended() {
    let authorise = |scope: &[AuthorityScope], from: i8| {
        HallCommand::Authorise(Authorisation {
            person: CLERK,
            scope: scope.iter().copied().collect(),
            from: date(2026, 11, from),
            until: None,
            document: "授权书".to_owned(),
        })
    };
    let end = |last_day: i8| HallCommand::EndAuthority {
        person: CLERK,
        last_day: date(2026, 11, last_day),
        reason: "调离".to_owned(),
    };
    let fact = || {
        HallCommand::Record(ConcentrationFact {
            what: Concentration::People,
            document: "批复".to_owned(),
            from: date(2026, 11, 2),
        })
    };
    let withdraw = || HallCommand::Withdraw {
        what: Concentration::People,
        reason: "搬出大厅".to_owned(),
    };
    let told = tell::<HallStream>(
        &[
            (20, SUPERVISOR, end(20)),
            (20, SUPERVISOR, authorise(&[], 20)),
            (20, SUPERVISOR, authorise(&[AuthorityScope::Decide], 21)),
            (20, SUPERVISOR, authorise(&[AuthorityScope::Decide], 16)),
            (20, SUPERVISOR, authorise(&AuthorityScope::ALL, 20)),
            (20, SUPERVISOR, end(15)),
            (20, SUPERVISOR, end(20)),
            (20, SUPERVISOR, withdraw()),
            (20, SUPERVISOR, fact()),
            (20, SUPERVISOR, withdraw()),
        ],
        |state| {
            let may = |day| state.may(AuthorityScope::Decide, date(2026, 11, day));
            format!("{} {} {}", may(20), may(21), state.facts.len())
        },
    );
    expect![[r#"
        ✗ authority_unknown Some("person")
        ✗ scope_missing Some("scope")
        ✗ from_out_of_range Some("from")
        true true 0
        ✗ authorised_before Some("person")
        ✗ last_day_out_of_range Some("last_day")
        true false 0
        ✗ nothing_recorded Some("what")
        true false 1
        true false 0
    "#]]
    .assert_eq(&told);
}

#[test]
fn a_round_is_started_once_and_finished_once() {
    let looked = || {
        RoundCommand::Finish(Looked {
            through_seq: 7,
            deeds: 2,
            items: 3,
            found: 1,
        })
    };
    let told = tell::<RoundStream>(
        &[
            (20, SUPERVISOR, looked()),
            (20, SUPERVISOR, RoundCommand::Start),
            (20, SUPERVISOR, RoundCommand::Start),
            (20, SUPERVISOR, looked()),
            (20, SUPERVISOR, looked()),
        ],
        |state| format!("{}", state.looked.is_some()),
    );
    expect![[r#"
        ✗ round_unknown None
        false
        ✗ round_exists None
        true
        ✗ round_finished None
    "#]]
    .assert_eq(&told);
}

#[test]
fn the_table_of_violations_has_four_layers_of_eight() {
    let told: Vec<String> = Kinds::default()
        .all()
        .filter(|kind| kind.number % 8 == 1 || kind.number == 32)
        .map(|kind| format!("{} {} {}", kind.number, kind.layer.name(), kind.name))
        .collect();
    expect![[r#"
        1 审批部门 体外审批
        9 部门负责人 不履行领导责任
        17 审批人员 应批不批
        25 窗口人员 应受理不受理
        32 窗口人员 代收现金"#]]
    .assert_eq(&told.join("\n"));
}
