//! The working calendar: an immutable value made of yearly notices. Importing a notice gives a new calendar, so that
//! a clock can be projected under the old and the new one and the difference explained.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use jiff::civil::Date;

use crate::day::{Day, DayKind, is_weekend};
use crate::notice::YearNotice;
use crate::office_hours::OfficeHours;
use crate::rank::{RankTable, day_number, day_of, is_weekday};

static EMBEDDED: LazyLock<Calendar> = LazyLock::new(|| {
    crate::embedded::notices()
        .into_iter()
        .fold(Calendar::weekdays_only(), Calendar::with_notice)
});

/// Known years of holidays and make-up workdays, and the office hours of a working day. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Calendar {
    known: Arc<Known>,
    office_hours: Arc<OfficeHours>,
}

#[derive(Debug)]
struct Known {
    notices: BTreeMap<i16, YearNotice>,
    special: BTreeMap<Date, DayKind>,
    ranks: RankTable,
}

impl Calendar {
    /// The calendar built into the program: the notices of 2004 to 2026.
    pub fn embedded() -> Self {
        EMBEDDED.clone()
    }

    /// A calendar without any notice: Monday to Friday are working days and every answer is uncertain.
    pub fn weekdays_only() -> Self {
        Self {
            known: Arc::new(Known::from_notices(BTreeMap::new())),
            office_hours: Arc::new(OfficeHours::default()),
        }
    }

    /// A new calendar in which a year's notice is added, or replaces the one known so far (a notice may be amended
    /// during its year, as in 2015 and 2020).
    #[must_use]
    pub fn with_notice(self, notice: YearNotice) -> Self {
        let mut notices = self.known.notices.clone();
        notices.insert(notice.year(), notice);
        Self {
            known: Arc::new(Known::from_notices(notices)),
            office_hours: self.office_hours,
        }
    }

    /// A new calendar with other office hours; they matter only to limits in working hours.
    #[must_use]
    pub fn with_office_hours(self, office_hours: OfficeHours) -> Self {
        Self {
            known: self.known,
            office_hours: Arc::new(office_hours),
        }
    }

    /// Office hours of a working day.
    pub fn office_hours(&self) -> &OfficeHours {
        &self.office_hours
    }

    /// The years whose notice is known, ascending.
    pub fn known_years(&self) -> impl Iterator<Item = i16> {
        self.known.notices.keys().copied()
    }

    /// The notice of a year, if it is known.
    pub fn notice(&self, year: i16) -> Option<&YearNotice> {
        self.known.notices.get(&year)
    }

    /// Whether offices work on a day, why, and whether the answer may change with a notice to come.
    pub fn day(&self, date: Date) -> Day {
        let kind = match self.known.special.get(&date) {
            Some(kind) => kind.clone(),
            None if is_weekend(date) => DayKind::Weekend,
            None => DayKind::Workday,
        };
        // A notice may settle the last days of the year before it; those are certain even if that year is not.
        let uncertain = !self.known.notices.contains_key(&date.year())
            && !self.known.special.contains_key(&date);
        Day {
            date,
            kind,
            uncertain,
        }
    }

    /// Whether offices work on a day.
    pub fn is_working_day(&self, date: Date) -> bool {
        let number = day_number(date);
        self.known.ranks.rank(number) > self.known.ranks.rank(number - 1)
    }

    /// The `count`-th working day after a date (before it, if negative); zero gives the date itself, working or not.
    /// The result is clamped to the range of [`Date`].
    pub fn add_working_days(&self, date: Date, count: i32) -> Date {
        let number = day_number(date);
        match count {
            0 => date,
            1.. => day_of(
                self.known
                    .ranks
                    .select(self.known.ranks.rank(number) + i64::from(count)),
            ),
            _ => day_of(
                self.known
                    .ranks
                    .select(self.known.ranks.rank(number - 1) + i64::from(count) + 1),
            ),
        }
    }

    /// Working days after `after` up to and including `through`; negative when `through` lies before `after`.
    pub fn working_days_between(&self, after: Date, through: Date) -> i64 {
        self.rank(through) - self.rank(after)
    }

    /// The first working day at or after a date.
    pub fn working_day_at_or_after(&self, date: Date) -> Date {
        day_of(
            self.known
                .ranks
                .select(self.known.ranks.rank(day_number(date) - 1) + 1),
        )
    }

    /// Whether every year touched by the span of days is known.
    pub fn is_certain(&self, first: Date, last: Date) -> bool {
        (first.year()..=last.year()).all(|year| self.known.notices.contains_key(&year))
    }

    /// Working days up to and including a date, from a fixed origin.
    pub(crate) fn rank(&self, date: Date) -> i64 {
        self.known.ranks.rank(day_number(date))
    }

    /// The working day that has a rank.
    pub(crate) fn select(&self, rank: i64) -> Date {
        day_of(self.known.ranks.select(rank))
    }
}

impl Known {
    fn from_notices(notices: BTreeMap<i16, YearNotice>) -> Self {
        // In ascending order, so that a later year's word on late December replaces the earlier year's.
        let special: BTreeMap<Date, DayKind> = notices
            .values()
            .flat_map(YearNotice::special_days)
            .collect();
        let bounds = special
            .first_key_value()
            .zip(special.last_key_value())
            .map(|((first, _), (last, _))| (*first, *last));
        let ranks = match bounds {
            None => RankTable::build(0, 0, is_weekday),
            Some((first, last)) => {
                let start = day_number(first);
                let length = u32::try_from(day_number(last) - start + 1)
                    .expect("notices span at most a century");
                RankTable::build(start, length, |number| {
                    special
                        .get(&day_of(number))
                        .map_or(is_weekday(number), DayKind::is_working)
                })
            }
        };
        Self {
            notices,
            special,
            ranks,
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use jiff::civil::date;

    use super::*;

    #[test]
    fn days_say_why() {
        let calendar = Calendar::embedded();
        let days = [
            date(2026, 9, 30),
            date(2026, 10, 1),
            date(2026, 10, 10),
            date(2026, 10, 11),
            date(2024, 4, 7),
            date(2015, 9, 3),
            date(2027, 10, 1),
        ];
        let text: Vec<String> = days.iter().map(|day| calendar.day(*day).text()).collect();
        expect![[r"
            2026年9月30日 周三：工作日
            2026年10月1日 周四：国庆节放假
            2026年10月10日 周六：国庆节调休上班
            2026年10月11日 周日：周末
            2024年4月7日 周日：清明节调休上班
            2015年9月3日 周四：抗战胜利70周年纪念日放假
            2027年10月1日 周五：工作日（该年放假通知尚未导入）"]]
        .assert_eq(&text.join("\n"));
    }

    #[test]
    fn adding_goes_over_holidays_and_make_up_days() {
        let calendar = Calendar::embedded();
        let check = |from: Date, count: i32, expected: Date| {
            assert_eq!(
                calendar.add_working_days(from, count),
                expected,
                "{from} {count:+}"
            );
        };
        check(date(2026, 9, 30), 1, date(2026, 10, 8));
        check(date(2026, 9, 30), 3, date(2026, 10, 10));
        check(date(2026, 9, 30), 4, date(2026, 10, 12));
        check(date(2026, 10, 3), 1, date(2026, 10, 8));
        check(date(2026, 10, 3), 0, date(2026, 10, 3));
        check(date(2026, 10, 8), -1, date(2026, 9, 30));
        check(date(2026, 10, 3), -1, date(2026, 9, 30));
        check(date(2026, 12, 31), 1, date(2027, 1, 1));
    }

    #[test]
    fn a_known_year_totals_the_published_number_of_working_days() {
        let calendar = Calendar::embedded();
        let total =
            |year| calendar.working_days_between(date(year - 1, 12, 31), date(year, 12, 31));
        // 365 days, 104 weekend days, holidays on weekdays and make-up days as the notices of those years give them.
        assert_eq!((total(2024), total(2025), total(2026)), (251, 248, 248));
        assert!(calendar.is_certain(date(2004, 1, 1), date(2026, 12, 31)));
        assert!(!calendar.is_certain(date(2026, 12, 31), date(2027, 1, 1)));
    }

    #[test]
    fn a_notice_is_imported_and_the_old_calendar_stays_as_it_was() {
        let old = Calendar::embedded();
        let notice = YearNotice::parse(
            2027,
            "2026-12-31 休 元旦\n2027-01-01 休 元旦\n2027-01-03 班 元旦",
        )
        .expect("valid");
        let new = old.clone().with_notice(notice);
        assert_eq!(
            new.day(date(2027, 1, 3)).text(),
            "2027年1月3日 周日：元旦调休上班"
        );
        assert!(!new.is_working_day(date(2026, 12, 31)));
        assert_eq!(
            new.add_working_days(date(2026, 12, 30), 1),
            date(2027, 1, 3)
        );
        assert_eq!(
            old.add_working_days(date(2026, 12, 30), 1),
            date(2026, 12, 31)
        );
    }
}
