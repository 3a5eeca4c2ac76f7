//! The clock told as stories: what happens, then what the case page would show.

use std::fmt::Write;

use expect_test::{Expect, expect};
use jiff::civil::{Date, Time, date, time};

use super::*;
use crate::calendar::Calendar;
use crate::day::china_instant;
use crate::notice::YearNotice;

mod limits;

fn at(date: Date, hour: i8) -> Timestamp {
    china_instant(date, Time::constant(hour, 0, 0, 0))
}

fn october(day: i8) -> Date {
    date(2026, 10, day)
}

fn permit(statutory: u16, promised: u16) -> ClockRule {
    let limits = (
        Limit::working_days(statutory),
        Limit::working_days(promised),
    );
    ClockRule::new(limits.0, limits.1, Some(ExtensionRule::ordinary())).expect("valid")
}

fn review(from: Timestamp) -> StopOrder {
    let reason = "方案需专家评审".to_owned();
    StopOrder {
        kind: StopKind::ExpertReview,
        reason,
        told_at: from,
        expected_working_days: 3,
        from,
    }
}

fn extension(amount: u16, granted_at: Timestamp) -> Extension {
    Extension {
        amount,
        reason: "案情复杂".to_owned(),
        authorised_by: "p-1".to_owned(),
        granted_at,
    }
}

/// Accepted on Wednesday 2026-09-30 at 10:00, the last working day before the national holiday.
fn accepted(statutory: u16, promised: u16) -> Clock {
    Clock::start(
        permit(statutory, promised),
        Acceptance::decided(at(date(2026, 9, 30), 10)),
    )
}

fn check(clock: &Clock, now: Timestamp, expected: Expect) {
    let view = clock.view(&Calendar::embedded(), now);
    let mut text = format!(
        "{}\n{}｜法定 {}\n",
        view.state.text(),
        view.text(),
        view.statutory.due.text()
    );
    if let Some(stop) = &view.stop {
        let _ = writeln!(
            text,
            "{}，告知至 {}，超出告知：{}",
            stop.kind.name(),
            stop.expected_until,
            stop.longer_than_told
        );
    }
    if let Some(supplement) = &view.supplement {
        let _ = writeln!(
            text,
            "容缺补交：{}，{}",
            supplement.limit.left_text(),
            supplement.limit.due.text()
        );
    }
    for step in &view.steps {
        let _ = writeln!(
            text,
            "{}：{}，{}",
            step.step,
            step.state.text(),
            step.limit.left_text()
        );
    }
    expected.assert_eq(&text);
}

fn refused(result: Result<Clock, ClockError>, expected: Expect) {
    expected.assert_eq(&result.expect_err("must be refused").explain());
}

#[test]
fn lights_from_acceptance_to_the_day_after() {
    let clock = accepted(20, 5);
    check(
        &clock,
        at(date(2026, 9, 30), 17),
        expect![[r"
        正常
        承诺 5 个工作日，还剩 5 个工作日（2026年10月13日 周二前办结）｜法定 2026年11月3日 周二
    "]],
    );
    check(
        &clock,
        at(october(3), 9),
        expect![[r"
        正常
        承诺 5 个工作日，还剩 5 个工作日（2026年10月13日 周二前办结）｜法定 2026年11月3日 周二
    "]],
    );
    check(
        &clock,
        at(october(12), 9),
        expect![[r"
        正常
        承诺 5 个工作日，还剩 1 个工作日（2026年10月13日 周二前办结）｜法定 2026年11月3日 周二
    "]],
    );
    check(
        &clock,
        at(october(13), 23),
        expect![[r"
        临期
        承诺 5 个工作日，今天到期（2026年10月13日 周二前办结）｜法定 2026年11月3日 周二
    "]],
    );
    check(
        &clock,
        at(october(14), 0),
        expect![[r"
        超承诺期限
        承诺 5 个工作日，已超期 1 个工作日（2026年10月13日 周二前办结）｜法定 2026年11月3日 周二
    "]],
    );
    check(
        &clock,
        at(date(2026, 11, 2), 9),
        expect![[r"
        超承诺期限
        承诺 5 个工作日，已超期 14 个工作日（2026年10月13日 周二前办结）｜法定 2026年11月3日 周二
    "]],
    );
    let ended = clock
        .finish(at(october(13), 23), &Calendar::embedded())
        .expect("runs");
    check(
        &ended,
        at(date(2026, 12, 1), 9),
        expect![[r"
        按期办结
        承诺 5 个工作日，按期办结｜法定 2026年11月3日 周二
    "]],
    );
}

#[test]
fn ninety_percent_is_yellow() {
    let states = |promised: u16| -> Vec<&'static str> {
        let clock = accepted(20, promised);
        let calendar = Calendar::embedded();
        let days =
            (1..=i32::from(promised) + 1).map(|n| calendar.add_working_days(date(2026, 9, 30), n));
        days.map(|day| clock.view(&calendar, at(day, 9)).state.text())
            .collect()
    };
    assert_eq!(states(3), ["正常", "正常", "临期", "超承诺期限"]);
    assert_eq!(states(10)[7..], ["正常", "临期", "临期", "超承诺期限"]);
}

#[test]
fn a_stop_uncounts_its_first_and_last_day() {
    let calendar = Calendar::embedded();
    let clock = accepted(20, 5)
        .stop(review(at(october(9), 9)), &calendar)
        .expect("runs");
    check(
        &clock,
        at(october(9), 10),
        expect![[r"
        暂停计时
        承诺 5 个工作日，暂停计时，还剩 4 个工作日｜法定 2026年11月4日 周三（暂停中，以今日恢复计时推算）
        专家评审，告知至 2026-10-13，超出告知：false
    "]],
    );
    check(
        &clock,
        at(october(15), 10),
        expect![[r"
        暂停计时
        承诺 5 个工作日，暂停计时，还剩 4 个工作日｜法定 2026年11月11日 周三（暂停中，以今日恢复计时推算）
        专家评审，告知至 2026-10-13，超出告知：true
    "]],
    );
    let clock = clock
        .resume(at(october(15), 16), &calendar)
        .expect("stopped");
    check(
        &clock,
        at(october(15), 17),
        expect![[r"
        正常
        承诺 5 个工作日，还剩 4 个工作日（2026年10月21日 周三前办结）｜法定 2026年11月11日 周三
    "]],
    );
    check(
        &clock,
        at(october(20), 9),
        expect![[r"
        正常
        承诺 5 个工作日，还剩 1 个工作日（2026年10月21日 周三前办结）｜法定 2026年11月11日 周三
    "]],
    );
    let lines: Vec<String> = clock
        .evidence(&calendar, at(october(20), 9), october(21))
        .iter()
        .map(DayEvidence::text)
        .collect();
    expect![[r"
        2026年9月30日 周三：不计（受理当日）
        2026年10月1日 周四：不计（国庆节放假）
        2026年10月2日 周五：不计（国庆节放假）
        2026年10月3日 周六：不计（国庆节放假）
        2026年10月4日 周日：不计（国庆节放假）
        2026年10月5日 周一：不计（国庆节放假）
        2026年10月6日 周二：不计（国庆节放假）
        2026年10月7日 周三：不计（国庆节放假）
        2026年10月8日 周四：第 1 天（工作日）
        2026年10月9日 周五：不计（专家评审，《行政许可法》第四十五条）
        2026年10月10日 周六：不计（专家评审，《行政许可法》第四十五条）
        2026年10月11日 周日：不计（周末）
        2026年10月12日 周一：不计（专家评审，《行政许可法》第四十五条）
        2026年10月13日 周二：不计（专家评审，《行政许可法》第四十五条）
        2026年10月14日 周三：不计（专家评审，《行政许可法》第四十五条）
        2026年10月15日 周四：不计（专家评审，《行政许可法》第四十五条）
        2026年10月16日 周五：第 2 天（工作日）
        2026年10月17日 周六：不计（周末）
        2026年10月18日 周日：不计（周末）
        2026年10月19日 周一：第 3 天（工作日）
        2026年10月20日 周二：第 4 天（工作日）
        2026年10月21日 周三：第 5 天（工作日）"]]
    .assert_eq(&lines.join("\n"));
}

#[test]
fn two_stops_that_touch_a_day_uncount_it_once() {
    let calendar = Calendar::embedded();
    let stop = |clock: Clock, from, to| clock.stop(review(from), &calendar)?.resume(to, &calendar);
    let once = stop(accepted(20, 5), at(october(9), 9), at(october(9), 11)).expect("valid");
    let twice = stop(once.clone(), at(october(9), 14), at(october(9), 16)).expect("valid");
    let now = at(october(10), 9);
    assert_eq!(
        once.due_dates(&calendar, now),
        twice.due_dates(&calendar, now)
    );
    assert_eq!(once.due_dates(&calendar, now).promised.date, october(14));
}

#[test]
fn stops_are_refused_with_the_rule() {
    let calendar = Calendar::embedded();
    let from = at(october(9), 9);
    let stopped = accepted(20, 5).stop(review(from), &calendar).expect("runs");
    refused(
        stopped.clone().stop(review(at(october(10), 9)), &calendar),
        expect!["时限已因“专家评审”暂停。请先恢复计时，再启动新的特别程序。"],
    );
    refused(
        accepted(20, 5).stop(
            StopOrder {
                told_at: at(october(9), 10),
                ..review(from)
            },
            &calendar,
        ),
        expect![
            "书面告知申请人之前不能停止计时（《行政许可法》第四十五条）。请先送达特别程序告知书。"
        ],
    );
    refused(
        accepted(20, 5).stop(
            StopOrder {
                reason: " ".to_owned(),
                ..review(from)
            },
            &calendar,
        ),
        expect!["“暂停理由”必须填写，且不超过 500 字。"],
    );
    refused(
        accepted(20, 0).stop(review(from), &calendar),
        expect!["当场办结的事项不能暂停或延长。确需更长时间的，请在事项目录中修改办理时限。"],
    );
    refused(
        accepted(20, 5).resume(from, &calendar),
        expect!["时限没有暂停，无需恢复。请刷新页面查看最新状态。"],
    );
    refused(
        stopped.resume(at(october(8), 9), &calendar),
        expect!["时间早于本办件上一次时限变动。请核对时间；时限变动不能倒填。"],
    );
    let ended = accepted(20, 5).finish(from, &calendar).expect("runs");
    refused(
        ended.stop(review(at(october(10), 9)), &calendar),
        expect!["办件已办结，时限不能再变动。"],
    );
}

#[test]
fn one_extension_within_its_cap_and_in_time() {
    let calendar = Calendar::embedded();
    let extended = accepted(20, 5)
        .extend(extension(3, at(october(13), 9)), &calendar)
        .expect("in time");
    check(
        &extended,
        at(october(13), 10),
        expect![[r"
        正常
        承诺 8 个工作日，还剩 3 个工作日（2026年10月16日 周五前办结）｜法定 2026年11月6日 周五
    "]],
    );
    refused(
        extended.extend(extension(1, at(october(14), 9)), &calendar),
        expect!["办理期限只能延长一次，本办件已延长过。请在期限内作出决定。"],
    );
    refused(
        accepted(20, 5).extend(extension(11, at(october(13), 9)), &calendar),
        expect![
            "不能延长 11 日：依据《行政许可法》第四十二条第一款，延长应为 1 至 10 日。请修改天数。"
        ],
    );
    refused(
        accepted(20, 5).extend(extension(10, at(date(2026, 11, 4), 9)), &calendar),
        expect!["法定期限已于 2026-11-03 届满，届满后不能再延长。请尽快作出决定，并说明超期原因。"],
    );
    let unextendable = ClockRule::single(Limit::working_days(5), None).expect("valid");
    let clock = Clock::start_at(unextendable, at(october(9), 9));
    refused(
        clock.extend(extension(1, at(october(10), 9)), &calendar),
        expect!["该事项没有延长办理的法律依据，不能延长。请在期限内作出决定。"],
    );
    let longer = ClockRule::new(Limit::working_days(5), Limit::working_days(6), None)
        .expect_err("longer than the law");
    expect!["承诺时限（6 个工作日）不能长于法定时限（5 个工作日）。请缩短承诺时限。"]
        .assert_eq(&longer.explain());
}
