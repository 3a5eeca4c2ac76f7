//! What runs beside and instead of a limit in working days, and what a new notice does to it.

use super::*;

#[test]
fn a_supplement_does_not_stop_the_clock() {
    let calendar = Calendar::embedded();
    let promise = |days| ClockEvent::SupplementPromised {
        materials: vec!["场地证明".to_owned()],
        limit: Limit::working_days(days),
        at: at(date(2026, 9, 30), 11),
    };
    let clock = accepted(20, 5).then(promise(2), &calendar).expect("fits");
    let now = at(october(9), 9);
    assert_eq!(
        clock.due_dates(&calendar, now),
        accepted(20, 5).due_dates(&calendar, now)
    );
    check(
        &clock,
        now,
        expect![[r"
        正常
        承诺 5 个工作日，还剩 3 个工作日（2026年10月13日 周二前办结）｜法定 2026年11月3日 周二
        容缺补交：今天到期，2026年10月9日 周五
    "]],
    );
    check(
        &clock,
        at(october(10), 9),
        expect![[r"
        正常
        承诺 5 个工作日，还剩 2 个工作日（2026年10月13日 周二前办结）｜法定 2026年11月3日 周二
        容缺补交：已超期 1 个工作日，2026年10月9日 周五
    "]],
    );
    refused(
        accepted(20, 5).then(promise(6), &calendar),
        expect![
            "容缺补交期限不能为零，不能长于承诺时限（5 个工作日），单位须相同。请缩短补交期限。"
        ],
    );
    refused(
        clock.then(promise(1), &calendar),
        expect!["本办件已作过容缺承诺。请把所缺材料写在同一份承诺书中。"],
    );
}

#[test]
fn steps_run_under_the_same_stops() {
    let calendar = Calendar::embedded();
    let start = |step: &str, day| ClockEvent::StepStarted {
        step: step.to_owned(),
        limit: Limit::working_days(2),
        at: at(october(day), 9),
    };
    let clock = accepted(20, 10)
        .then(start("审查", 8), &calendar)
        .expect("free");
    let clock = clock
        .stop(review(at(october(9), 9)), &calendar)
        .expect("runs");
    let clock = clock
        .resume(at(october(12), 9), &calendar)
        .expect("stopped");
    check(
        &clock,
        at(october(13), 9),
        expect![[r"
        正常
        承诺 10 个工作日，还剩 8 个工作日（2026年10月23日 周五前办结）｜法定 2026年11月6日 周五
        审查：正常，还剩 1 个工作日
    "]],
    );
    refused(
        clock.clone().then(start("审查", 13), &calendar),
        expect!["环节“审查”正在办理中，不能重复开始。"],
    );
    let finish = ClockEvent::StepFinished {
        step: "审查".to_owned(),
        at: at(october(15), 9),
    };
    let clock = clock
        .then(finish.clone(), &calendar)
        .expect("runs")
        .then(start("决定", 15), &calendar)
        .expect("free");
    check(
        &clock,
        at(october(16), 9),
        expect![[r"
        正常
        承诺 10 个工作日，还剩 5 个工作日（2026年10月23日 周五前办结）｜法定 2026年11月6日 周五
        审查：超期办结，已超期 1 个工作日
        决定：正常，还剩 1 个工作日
    "]],
    );
    refused(
        clock.then(finish, &calendar),
        expect!["环节“审查”不在办理中。请刷新页面查看最新状态。"],
    );
}

#[test]
fn on_the_spot_calendar_days_and_hours() {
    let calendar = Calendar::embedded();
    let spot = Clock::start_at(permit(10, 0), at(october(9), 9));
    check(
        &spot,
        at(october(9), 10),
        expect![[r"
            临期
            承诺 当场办结，今天到期（2026年10月9日 周五前办结）｜法定 2026年10月22日 周四
        "]],
    );
    check(
        &spot,
        at(october(10), 10),
        expect![[r"
        超承诺期限
        承诺 当场办结，已超期 1 个工作日（2026年10月9日 周五前办结）｜法定 2026年10月22日 周四
    "]],
    );
    // Fifteen calendar days from 16 September end on 1 October, a day off: moved to the 8th.
    let days = ClockRule::single(Limit::calendar_days(15), None).expect("valid");
    let clock = Clock::start_at(days, at(date(2026, 9, 16), 9));
    check(
        &clock,
        at(october(3), 9),
        expect![[r"
            临期
            承诺 15 日，期满日为休息日，已顺延（2026年10月8日 周四前办结）｜法定 2026年10月8日 周四
        "]],
    );
    check(
        &clock,
        at(october(9), 9),
        expect![[r"
        超法定期限
        承诺 15 日，已超期 1 日（2026年10月8日 周四前办结）｜法定 2026年10月8日 周四
    "]],
    );
    // Eight hours from 16:00 before the holiday: 1.5 on that day, 6.5 on the 8th.
    let hours = ClockRule::single(Limit::working_hours(8), None).expect("valid");
    let clock = Clock::start_at(hours, at(date(2026, 9, 30), 16));
    check(
        &clock,
        at(october(8), 11),
        expect![[r"
        正常
        承诺 8 个工作小时，还剩 4 小时 30 分（2026年10月8日 周四 17:00前办结）｜法定 2026年10月8日 周四 17:00
    "]],
    );
    check(
        &clock,
        china_instant(october(8), time(17, 1, 0, 0)),
        expect![[r"
            超法定期限
            承诺 8 个工作小时，已超期 0 小时 1 分（2026年10月8日 周四 17:00前办结）｜法定 2026年10月8日 周四 17:00
        "]],
    );
    let lines: Vec<String> = clock
        .evidence(&calendar, at(october(8), 11), october(8))
        .iter()
        .map(DayEvidence::text)
        .collect();
    expect![[r"
        2026年9月30日 周三：计 90 分钟（工作日）
        2026年10月1日 周四：不计（国庆节放假）
        2026年10月2日 周五：不计（国庆节放假）
        2026年10月3日 周六：不计（国庆节放假）
        2026年10月4日 周日：不计（国庆节放假）
        2026年10月5日 周一：不计（国庆节放假）
        2026年10月6日 周二：不计（国庆节放假）
        2026年10月7日 周三：不计（国庆节放假）
        2026年10月8日 周四：计 120 分钟（工作日）"]]
    .assert_eq(&lines.join("\n"));
}

#[test]
fn a_new_notice_moves_deadlines_and_says_why() {
    let old = Calendar::embedded();
    let notice = YearNotice::parse(
        2027,
        "2027-01-01~2027-01-02 休 元旦\n2027-01-03 班 元旦\n2027-02-05~2027-02-11 休 春节",
    );
    let new = old.clone().with_notice(notice.expect("valid"));
    let clock = Clock::start_at(permit(20, 2), at(date(2026, 12, 30), 9));
    let now = at(date(2026, 12, 31), 9);
    check(
        &clock,
        now,
        expect![[r"
            正常
            承诺 2 个工作日，还剩 1 个工作日（2027年1月1日 周五前办结，该年放假通知尚未导入，可能调整）｜法定 2027年1月27日 周三（该年放假通知尚未导入，可能调整）
        "]],
    );
    let change = clock
        .explain_change(&old, &new, now)
        .map_or_else(|| "不变".to_owned(), |change| change.text());
    expect!["工作日历更新：承诺期限由 2027年1月1日 周五 调整为 2027年1月3日 周日；法定期限不变。原因：2027年1月1日 周五 由“工作日”改为“元旦放假”；2027年1月3日 周日 由“周末”改为“元旦调休上班”。"].assert_eq(&change);
    assert_eq!(accepted(20, 5).explain_change(&old, &new, now), None);
    let longer = Clock::start_at(permit(30, 20), at(date(2026, 12, 30), 9));
    let change = longer
        .explain_change(&old, &new, now)
        .map_or_else(|| "不变".to_owned(), |change| change.text());
    expect!["工作日历更新：承诺期限不变；法定期限由 2027年2月10日 周三 调整为 2027年2月17日 周三。原因：2027年1月1日 周五 由“工作日”改为“元旦放假”；2027年1月3日 周日 由“周末”改为“元旦调休上班”；2027年2月5日 周五 由“工作日”改为“春节放假”；2027年2月8日 周一 由“工作日”改为“春节放假”；2027年2月9日 周二 由“工作日”改为“春节放假”；2027年2月10日 周三 由“工作日”改为“春节放假”；2027年2月11日 周四 由“工作日”改为“春节放假”。"].assert_eq(&change);
}
