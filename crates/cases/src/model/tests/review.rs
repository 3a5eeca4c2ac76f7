//! Steps, special procedures, the one extension, what is owed.

use expect_test::{Expect, expect};
use wuchuang_calendar::StopKind;

use super::bench::{Bench, complete, conditional, material, own, standard_terms, stop};
use crate::model::{CaseCommand, DeliveryChoice};

fn check(bench: &mut Bench, command: CaseCommand, expected: Expect) {
    expected.assert_eq(&bench.told(command));
}

fn accepted() -> Bench {
    let mut bench = Bench::received();
    bench.must(CaseCommand::Accept { conditional: None });
    bench
}

fn extend(days: u16) -> CaseCommand {
    CaseCommand::Extend {
        days,
        reason: "道路中断".to_owned(),
    }
}

fn due(bench: &Bench) -> String {
    let clock = bench.case().clock.as_ref().unwrap();
    let dates = clock.due_dates(&bench.calendar, bench.now);
    format!("{} / {}", dates.promised.date, dates.statutory.date)
}

#[test]
fn steps_go_in_order_and_back() {
    let mut bench = accepted();
    check(
        &mut bench,
        complete("audit"),
        expect!["step_not_current: 办件已不在这个环节，可能同事刚刚处理过。请刷新页面。"],
    );
    bench.must(complete("review"));
    assert_eq!(bench.case().step_name(), "审核");
    let back = |step: &str| CaseCommand::ReturnToStep {
        step: step.to_owned(),
        reason: own("请再核查。"),
    };
    check(
        &mut bench,
        back("audit"),
        expect!["step_not_before @step: 只能退回到前面的环节。"],
    );
    check(&mut bench, back("review"), expect!["returned"]);
    assert_eq!(bench.case().step_name(), "审查");
    bench.must(complete("review"));
    bench.must(complete("audit"));
    assert_eq!(bench.case().step_name(), "待决定");
    check(&mut bench, back("audit"), expect!["returned"]);
    let runs = bench.case().clock.as_ref().unwrap().steps().len();
    assert_eq!(runs, 2, "each run of a step with a limit is kept");
}

#[test]
fn a_stopped_clock_forbids_steps_and_decisions_and_moves_the_dates() {
    let mut bench = accepted();
    assert_eq!(due(&bench), "2026-11-23 / 2026-12-14");
    bench.must(complete("review"));
    bench.must(complete("audit"));
    bench.later(1);
    bench.must(stop(StopKind::ExpertReview));
    check(
        &mut bench,
        CaseCommand::Grant {
            opinion: own("同意。"),
        },
        expect!["clock_stopped: “专家评审”还在进行，计时已暂停。请先登记结果、恢复计时。"],
    );
    check(
        &mut bench,
        stop(StopKind::Hearing),
        expect!["clock_rule: 时限已因“专家评审”暂停。请先恢复计时，再启动新的特别程序。"],
    );
    bench.later(7);
    bench.must(CaseCommand::ResumeClock {
        result: own("评审通过。"),
    });
    check(
        &mut bench,
        CaseCommand::ResumeClock {
            result: own("评审通过。"),
        },
        expect!["clock_rule: 时限没有暂停，无需恢复。请刷新页面查看最新状态。"],
    );
    assert_eq!(due(&bench), "2026-12-01 / 2026-12-22");
    check(
        &mut bench,
        CaseCommand::Grant {
            opinion: own("同意。"),
        },
        expect!["decided"],
    );
}

#[test]
fn a_stop_is_told_with_its_time_and_by_its_law() {
    let mut bench = accepted();
    let nameless = StopKind::OtherLaw {
        name: String::new(),
        article: String::new(),
    };
    check(
        &mut bench,
        stop(nameless),
        expect!["clock_rule: “特别程序名称”必须填写，且不超过 500 字。"],
    );
}

#[test]
fn the_limit_is_extended_once_and_within_the_cap() {
    let mut bench = accepted();
    check(
        &mut bench,
        extend(11),
        expect![
            "clock_rule: 不能延长 11 日：依据《行政许可法》第四十二条第一款，延长应为 1 至 10 日。请修改天数。"
        ],
    );
    check(
        &mut bench,
        extend(0),
        expect![
            "clock_rule: 不能延长 0 日：依据《行政许可法》第四十二条第一款，延长应为 1 至 10 日。请修改天数。"
        ],
    );
    check(&mut bench, extend(10), expect!["extended, deadline_moved"]);
    assert_eq!(due(&bench), "2026-12-07 / 2026-12-28");
    check(
        &mut bench,
        extend(1),
        expect!["clock_rule: 办理期限只能延长一次，本办件已延长过。请在期限内作出决定。"],
    );
    let mut late = accepted();
    late.later(30);
    check(
        &mut late,
        extend(5),
        expect![
            "clock_rule: 法定期限已于 2026-12-14 届满，届满后不能再延长。请尽快作出决定，并说明超期原因。"
        ],
    );
}

#[test]
fn what_is_owed_must_come_before_a_grant_and_does_not_stop_the_clock() {
    let mut bench = Bench::with(standard_terms(), &["m1"], DeliveryChoice::Counter);
    bench.must(CaseCommand::Accept {
        conditional: Some(conditional(&["m2"], 3)),
    });
    assert_eq!(due(&bench), "2026-11-23 / 2026-12-14");
    bench.must(complete("review"));
    bench.must(complete("audit"));
    check(
        &mut bench,
        CaseCommand::Grant {
            opinion: own("同意。"),
        },
        expect!["supplement_owed: 容缺材料还没有补齐，不能准予。"],
    );
    let supply = |id: &str| CaseCommand::SupplySupplement {
        materials: vec![material(id)],
    };
    check(
        &mut bench,
        supply("m3"),
        expect!["supplement_other: 这些不是容缺待补的材料。请按容缺受理通知书补交。"],
    );
    check(&mut bench, supply("m2"), expect!["supplement_supplied"]);
    check(
        &mut bench,
        supply("m2"),
        expect!["nothing_owed: 没有待补的容缺材料。"],
    );
    check(
        &mut bench,
        CaseCommand::Grant {
            opinion: own("同意。"),
        },
        expect!["decided"],
    );
}

#[test]
fn a_machine_clock_that_jumps_back_does_not_stop_the_work() {
    let mut bench = accepted();
    bench.now = "2026-11-15T01:00:00Z".parse().unwrap();
    check(&mut bench, complete("review"), expect!["step_completed"]);
    assert!(bench.case().changed_at > bench.now);
}

#[test]
fn a_case_never_holds_more_files_than_an_application_may() {
    let many = |id: &str, count: usize| {
        let mut material = material(id);
        let file = material.files[0].clone();
        material.files = vec![file; count];
        material
    };
    let mut bench = Bench::with(standard_terms(), &["m1"], DeliveryChoice::Counter);
    bench.must(CaseCommand::Accept {
        conditional: Some(conditional(&["m2"], 3)),
    });
    check(
        &mut bench,
        CaseCommand::SupplySupplement {
            materials: vec![many("m2", 50)],
        },
        expect![
            "files_too_many @materials: 一个办件最多50个文件，连同以前交的也算。请把多页合并成一个PDF后再交。"
        ],
    );
    check(
        &mut bench,
        CaseCommand::SupplySupplement {
            materials: vec![many("m2", 49)],
        },
        expect!["supplement_supplied"],
    );
}
