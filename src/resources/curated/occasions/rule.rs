//! Rules of dates that return every year: a fixed day, the nth weekday of a month, a distance from Easter.
//! Holds always: a rule that is complete gives at most one day a year.

use chrono::{Datelike as _, Days, NaiveDate, Weekday};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::catalogue::rules::fault;
use crate::http::problem::Fault;
use crate::http::vocabulary;

/// The rule of a date that returns every year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = DateRuleInput)]
pub struct DateRule {
    pub kind: RuleKind,
    /// For `fixed` and `nth_weekday`.
    #[schema(minimum = 1, maximum = 12, example = 5)]
    pub month: Option<u32>,
    /// For `fixed`.
    #[schema(minimum = 1, maximum = 31, example = 10)]
    pub day: Option<u32>,
    /// For `nth_weekday`.
    pub weekday: Option<DayOfWeek>,
    /// For `nth_weekday`: 1 is the first of the month, -1 the last.
    #[schema(minimum = -1, maximum = 5, example = 2)]
    pub nth: Option<i32>,
    /// For `easter`: days after Easter Sunday, before it when negative.
    #[schema(minimum = -120, maximum = 120, example = -21)]
    pub offset_days: Option<i32>,
    /// A week later when it would fall on Pentecost.
    #[serde(default)]
    pub not_on_pentecost: bool,
}

vocabulary! {
    /// How a date is found.
    pub enum RuleKind {
        /// The same day every year.
        Fixed = "fixed",
        NthWeekday = "nth_weekday",
        /// A number of days from Easter Sunday as the western churches keep it.
        Easter = "easter",
    }
}

vocabulary! {
    /// A day of the week.
    pub enum DayOfWeek {
        Monday = "monday",
        Tuesday = "tuesday",
        Wednesday = "wednesday",
        Thursday = "thursday",
        Friday = "friday",
        Saturday = "saturday",
        Sunday = "sunday",
    }
}

impl DayOfWeek {
    const fn weekday(self) -> Weekday {
        match self {
            Self::Monday => Weekday::Mon,
            Self::Tuesday => Weekday::Tue,
            Self::Wednesday => Weekday::Wed,
            Self::Thursday => Weekday::Thu,
            Self::Friday => Weekday::Fri,
            Self::Saturday => Weekday::Sat,
            Self::Sunday => Weekday::Sun,
        }
    }
}

impl DateRule {
    /// So many days after Easter Sunday.
    #[must_use]
    pub const fn after_easter(days: i32) -> Self {
        Self {
            kind: RuleKind::Easter,
            month: None,
            day: None,
            weekday: None,
            nth: None,
            offset_days: Some(days),
            not_on_pentecost: false,
        }
    }

    /// The day in that year, if there is one.
    #[must_use]
    pub fn in_year(&self, year: i32) -> Option<NaiveDate> {
        let day = match self.kind {
            RuleKind::Fixed => NaiveDate::from_ymd_opt(year, self.month?, self.day?),
            RuleKind::NthWeekday => nth_weekday(year, self.month?, self.weekday?.weekday(), self.nth?),
            RuleKind::Easter => shifted(easter(year)?, self.offset_days?),
        }?;
        let is_pentecost = shifted(easter(year)?, 49) == Some(day);
        if self.not_on_pentecost && is_pentecost { day.checked_add_days(Days::new(7)) } else { Some(day) }
    }

    /// Notes what the rule's kind lacks, or does not know.
    pub(super) fn check(&self, pointer: &str, faults: &mut Vec<Fault>) {
        let has = [self.month.is_some(), self.day.is_some(), self.weekday.is_some(), self.nth.is_some(), self.offset_days.is_some()];
        let wanted = match self.kind {
            RuleKind::Fixed => [true, true, false, false, false],
            RuleKind::NthWeekday => [true, false, true, true, false],
            RuleKind::Easter => [false, false, false, false, true],
        };
        for ((name, has), wanted) in ["month", "day", "weekday", "nth", "offset_days"].iter().zip(has).zip(wanted) {
            if has != wanted {
                let detail = "A rule has exactly what its kind needs.";
                faults.push(fault(format!("{pointer}/{name}"), "wrong_for_kind", detail));
            }
        }
        // 2028 is a leap year, so that every day that can exist does.
        if has == wanted && self.in_year(2028).is_none() && self.nth != Some(5) {
            faults.push(fault(pointer, "no_such_day", "There is no such day in any year."));
        }
    }
}

/// The nth such weekday of a month; -1 is the last one.
fn nth_weekday(year: i32, month: u32, weekday: Weekday, nth: i32) -> Option<NaiveDate> {
    if nth == -1 {
        let mut fifth_or_fourth = [5, 4].into_iter();
        return fifth_or_fourth.find_map(|nth| NaiveDate::from_weekday_of_month_opt(year, month, weekday, nth));
    }
    NaiveDate::from_weekday_of_month_opt(year, month, weekday, u8::try_from(nth).ok()?)
}

fn shifted(day: NaiveDate, days: i32) -> Option<NaiveDate> {
    NaiveDate::from_num_days_from_ce_opt(day.num_days_from_ce().checked_add(days)?)
}

/// Easter Sunday of the western churches: the anonymous Gregorian computus, as first printed in Nature in 1876.
fn easter(year: i32) -> Option<NaiveDate> {
    let (golden, century, in_century) = (year % 19, year / 100, year % 100);
    let correction = (century - (century + 8) / 25 + 1) / 3;
    let epact = (19 * golden + century - century / 4 - correction + 15) % 30;
    let to_sunday = (32 + 2 * (century % 4) + 2 * (in_century / 4) - epact - in_century % 4) % 7;
    let late = (golden + 11 * epact + 22 * to_sunday) / 451;
    let number = epact + to_sunday - 7 * late + 114;
    NaiveDate::from_ymd_opt(year, u32::try_from(number / 31).ok()?, u32::try_from(number % 31 + 1).ok()?)
}

#[cfg(test)]
mod tests {
    use super::{DateRule, DayOfWeek, NaiveDate, RuleKind, easter};

    fn day(text: &str) -> Option<NaiveDate> {
        text.parse().ok()
    }

    #[test]
    fn easter_falls_where_it_fell() {
        for text in ["1818-03-22", "1943-04-25", "2000-04-23", "2024-03-31", "2025-04-20", "2026-04-05", "2038-04-25"] {
            let year = text.get(..4).and_then(|year| year.parse().ok()).unwrap_or_default();
            assert_eq!(easter(year), day(text));
        }
    }

    #[test]
    fn weekdays_are_counted_from_both_ends() {
        let rule = |nth, month| DateRule {
            kind: RuleKind::NthWeekday,
            month: Some(month),
            weekday: Some(DayOfWeek::Sunday),
            nth: Some(nth),
            offset_days: None,
            ..DateRule::after_easter(0)
        };
        assert_eq!(rule(2, 5).in_year(2026), day("2026-05-10"));
        assert_eq!(rule(-1, 5).in_year(2026), day("2026-05-31"));
        assert_eq!(rule(-1, 2).in_year(2026), day("2026-02-22"));
        // Pentecost is 31 May in 2020: in France the day moves to June.
        let french = DateRule { not_on_pentecost: true, ..rule(-1, 5) };
        assert_eq!((french.in_year(2020), french.in_year(2026)), (day("2020-06-07"), day("2026-05-31")));
        assert_eq!(DateRule::after_easter(-21).in_year(2026), day("2026-03-15"));
    }
}
