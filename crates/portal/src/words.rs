//! Dates, limits and numbers in the visitor's language, as the pages of this slice say them.

use jiff::{Timestamp, civil::Date};
use wuchuang_calendar::{Limit, LimitView, Unit, china_date, weekday_name};
use wuchuang_kernel::china_time;
use wuchuang_webkit::page::PageContext;

/// `11月25日 周三`; with the year when it is another one than this.
pub(crate) fn day(page: &PageContext, date: Date, today: Date) -> String {
    let weekday = page.t(weekday_name(date));
    let (year, month, number) = (date.year(), date.month(), date.day());
    if year == today.year() {
        page.tf(
            "{month}月{day}日 {weekday}",
            &[("month", &month), ("day", &number), ("weekday", &weekday)],
        )
    } else {
        page.tf(
            "{year}年{month}月{day}日 {weekday}",
            &[
                ("year", &year),
                ("month", &month),
                ("day", &number),
                ("weekday", &weekday),
            ],
        )
    }
}

/// `11月25日 周三 10:21`.
pub(crate) fn moment(page: &PageContext, at: Timestamp, today: Date) -> String {
    format!("{} {}", day(page, china_date(at), today), clock_time(at))
}

/// `10:21`.
pub(crate) fn clock_time(at: Timestamp) -> String {
    china_time(at).strftime("%H:%M").to_string()
}

/// `5 个工作日`, `当场办结`.
pub(crate) fn limit(page: &PageContext, limit: Limit) -> String {
    if limit.amount == 0 {
        return page.t("当场办结").into_owned();
    }
    amount(page, limit.unit, i64::from(limit.amount))
}

fn amount(page: &PageContext, unit: Unit, count: i64) -> String {
    match unit {
        Unit::WorkingDays => page.tf("{count} 个工作日", &[("count", &count)]),
        Unit::CalendarDays => page.tf("{count} 个自然日", &[("count", &count)]),
        Unit::WorkingHours => page.tf("{count} 个工作小时", &[("count", &count)]),
    }
}

/// `还剩 2 个工作日`, `今天到期`, `已超期 3 个工作日`.
pub(crate) fn left(page: &PageContext, view: &LimitView) -> String {
    let count = match view.limit.unit {
        // What is left of hours is counted in minutes; people are told full hours, rounded up.
        Unit::WorkingHours => (view.left.abs() + 59) / 60,
        Unit::WorkingDays | Unit::CalendarDays => view.left.abs(),
    };
    let amount = amount(page, view.limit.unit, count);
    match (view.over, count) {
        (true, 0) => page.t("已超期").into_owned(),
        (true, _) => page.tf("已超期 {amount}", &[("amount", &amount)]),
        (false, 0) if view.last_day => page.t("今天到期").into_owned(),
        (false, 0) => page.t("期满日为休息日，已顺延").into_owned(),
        (false, _) => page.tf("还剩 {amount}", &[("amount", &amount)]),
    }
}
