//! Dates and times as staff read them.

use jiff::{Timestamp, civil::Date};
use wuchuang_calendar::weekday_name;
use wuchuang_kernel::{china_date, china_time};

/// `11月25日 周三`.
pub(super) fn day(date: Date) -> String {
    format!("{}月{}日 {}", date.month(), date.day(), weekday_name(date))
}

/// `今天 10:21`, `昨天 16:20`, `11月12日 09:05`.
pub(super) fn moment(at: Timestamp, today: Date) -> String {
    let time = china_time(at);
    let clock = time.strftime("%H:%M");
    let date = china_date(at);
    if date == today {
        format!("今天 {clock}")
    } else if today.yesterday().is_ok_and(|yesterday| yesterday == date) {
        format!("昨天 {clock}")
    } else if date.year() == today.year() {
        format!("{}月{}日 {clock}", date.month(), date.day())
    } else {
        format!("{}年{}月{}日", date.year(), date.month(), date.day())
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn days_carry_their_weekday() {
        assert_eq!(day(date(2026, 11, 25)), "11月25日 周三");
    }

    #[test]
    fn moments_are_told_from_today() {
        let at: Timestamp = "2026-11-22T02:21:00Z".parse().unwrap();
        assert_eq!(moment(at, date(2026, 11, 22)), "今天 10:21");
        assert_eq!(moment(at, date(2026, 11, 23)), "昨天 10:21");
        assert_eq!(moment(at, date(2026, 12, 22)), "11月22日 10:21");
        assert_eq!(moment(at, date(2027, 12, 22)), "2026年11月22日");
    }
}
