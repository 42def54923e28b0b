//! Time as the service tells it: the only place that reads the system clock.
//! Holds always: an instant is whole microseconds since 1970 in UTC, in memory, in both databases and on the wire; what
//! [`Clock::steady`] tells never goes back, however the clock is set.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

use chrono::{DateTime, SecondsFormat, Utc};
use diesel::deserialize::FromSqlRow;
use diesel::expression::AsExpression;
use diesel::sql_types::BigInt;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::bigint_newtype;

/// An instant: microseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, AsExpression, FromSqlRow)]
#[diesel(sql_type = BigInt)]
pub struct Timestamp(i64);

bigint_newtype!(Timestamp);

impl Timestamp {
    #[must_use]
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    #[must_use]
    pub const fn as_micros(self) -> i64 {
        self.0
    }

    /// Seconds since 1970, as metrics tell an instant.
    #[must_use]
    pub fn as_seconds(self) -> f64 {
        Duration::from_micros(u64::try_from(self.0).unwrap_or(0)).as_secs_f64()
    }

    /// This instant and `duration` more; stays at the end of time instead of wrapping.
    #[must_use]
    pub fn plus(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)))
    }

    /// This instant less `duration`.
    #[must_use]
    pub fn minus(self, duration: Duration) -> Self {
        Self(self.0.saturating_sub(i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)))
    }

    /// How long after `earlier` this instant is; zero when it is before.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_micros(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }

    #[must_use]
    pub fn to_utc(self) -> DateTime<Utc> {
        DateTime::from_timestamp_micros(self.0).unwrap_or_default()
    }

    /// RFC 3339 with microseconds and `Z`.
    #[must_use]
    pub fn to_rfc3339(self) -> String {
        self.to_utc().to_rfc3339_opts(SecondsFormat::Micros, true)
    }
}

impl From<DateTime<Utc>> for Timestamp {
    fn from(instant: DateTime<Utc>) -> Self {
        Self(instant.timestamp_micros())
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.to_rfc3339())
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        DateTime::<chrono::FixedOffset>::deserialize(deserializer).map(|instant| instant.with_timezone(&Utc).into())
    }
}

impl utoipa::PartialSchema for Timestamp {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::String)
            .format(Some(utoipa::openapi::SchemaFormat::KnownFormat(utoipa::openapi::KnownFormat::DateTime)))
            .description(Some("An instant, RFC 3339. Any offset in, `Z` out."))
            .examples(["2026-05-10T18:30:00.000000Z"])
            .into()
    }
}

impl utoipa::ToSchema for Timestamp {
    fn name() -> std::borrow::Cow<'static, str> {
        "Timestamp".into()
    }
}

/// Where the service reads the time. Tests hold a clock that moves only when told.
#[derive(Debug, Clone)]
pub struct Clock(Source);

#[derive(Debug, Clone)]
enum Source {
    System,
    Manual(Arc<Hands>),
}

/// A manual clock's two hands, in microseconds: the time of day, and what has passed.
#[derive(Debug)]
struct Hands {
    wall: AtomicI64,
    steady: AtomicI64,
}

/// From when on [`Clock::steady`] counts.
static BEGINNING: LazyLock<Instant> = LazyLock::new(Instant::now);

impl Clock {
    #[must_use]
    pub const fn system() -> Self {
        Self(Source::System)
    }

    /// A clock that stands at `start` until [`Clock::advance`] moves it.
    #[must_use]
    pub fn manual(start: Timestamp) -> Self {
        Self(Source::Manual(Arc::new(Hands { wall: AtomicI64::new(start.as_micros()), steady: AtomicI64::new(0) })))
    }

    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the system clock")]
    pub fn now(&self) -> Timestamp {
        match &self.0 {
            Source::System => Utc::now().into(),
            Source::Manual(hands) => Timestamp(hands.wall.load(Ordering::SeqCst)),
        }
    }

    /// How much time has passed since some moment of this process, whatever the clock was set to meanwhile.
    #[must_use]
    pub fn steady(&self) -> Duration {
        match &self.0 {
            Source::System => BEGINNING.elapsed(),
            Source::Manual(hands) => {
                Duration::from_micros(u64::try_from(hands.steady.load(Ordering::SeqCst)).unwrap_or(0))
            }
        }
    }

    /// Lets time pass on a manual clock; a system clock is left alone.
    pub fn advance(&self, duration: Duration) {
        if let Source::Manual(hands) = &self.0 {
            let micros = i64::try_from(duration.as_micros()).unwrap_or(0);
            hands.wall.fetch_add(micros, Ordering::SeqCst);
            hands.steady.fetch_add(micros, Ordering::SeqCst);
        }
    }

    /// Sets a manual clock to another time without letting time pass: a jump, forward or back.
    pub fn set(&self, to: Timestamp) {
        if let Source::Manual(hands) = &self.0 {
            hands.wall.store(to.as_micros(), Ordering::SeqCst);
        }
    }
}
