//! The one table of settings: where each stands in the file, which variable sets it, its default and what it is for.
//! Holds always: flags, variables, the check for mistyped names, `mend config print` and the README's table follow from it.

/// What a setting's text must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Text,
    /// A whole number.
    Number,
    /// `true` or `false`.
    Switch,
    /// Texts, separated by commas in flags and variables, an array in the file.
    List,
}

/// One setting.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    /// Its place in the file, `table.key`.
    pub path: &'static str,
    /// The environment variable. A secret's can also be given as a file: `…_FILE`.
    pub variable: &'static str,
    pub kind: Kind,
    /// Never printed, and has no flag, since other users of a machine see a process's arguments.
    pub secret: bool,
    /// The default as one would write it into the variable; empty for none.
    pub default: &'static str,
    pub about: &'static str,
}

impl Field {
    /// The command-line flag without its dashes, as in `server-workers`; none for a secret.
    #[must_use]
    pub fn flag(&self) -> Option<String> {
        let name = self.variable.trim_start_matches("MEND_").to_ascii_lowercase().replace('_', "-");
        (!self.secret).then_some(name)
    }

    /// The variable that names a file with the secret in it, where there is one.
    #[must_use]
    pub fn file_variable(&self) -> Option<String> {
        let name = format!("{}_FILE", self.variable);
        let taken = FIELDS.iter().any(|field| field.variable == name);
        (self.secret && !taken).then_some(name)
    }

    /// The setting at `path`.
    #[must_use]
    pub fn at(path: &str) -> Option<&'static Self> {
        FIELDS.iter().find(|field| field.path == path)
    }
}

const fn field(
    path: &'static str,
    variable: &'static str,
    kind: Kind,
    default: &'static str,
    about: &'static str,
) -> Field {
    Field { path, variable, kind, secret: false, default, about }
}

const fn secret(path: &'static str, variable: &'static str, about: &'static str) -> Field {
    Field { path, variable, kind: Kind::Text, secret: true, default: "", about }
}

use Kind::{List, Number, Switch, Text};

/// All settings, in the order in which they are shown.
#[rustfmt::skip]
pub const FIELDS: &[Field] = &[
    field("data_dir", "MEND_DATA_DIR", Text, "data", "Directory of SQLite's files, the key ring and the keystore."),

    field("server.listen", "MEND_LISTEN", Text, "127.0.0.1:8080", "Address and port of the API."),
    field("server.public_url", "MEND_PUBLIC_URL", Text, "", "The address that clients use; links start with it. Default: where the service listens."),
    field("server.workers", "MEND_SERVER_WORKERS", Number, "0", "Worker threads of the web server; 0 means one for each core."),
    field("server.trusted_proxies", "MEND_SERVER_TRUSTED_PROXIES", List, "", "Networks whose X-Forwarded-For is believed."),
    field("server.cors_origins", "MEND_SERVER_CORS_ORIGINS", List, "", "Web origins that browsers may call from."),
    field("server.shutdown_seconds", "MEND_SERVER_SHUTDOWN_SECONDS", Number, "25", "How long a stop waits for requests in flight."),

    secret("database.url", "MEND_DATABASE_URL", "sqlite:PATH or postgres://…. Default: mend.db in the data directory."),
    field("database.allow_insecure_postgres", "MEND_DATABASE_ALLOW_INSECURE_POSTGRES", Switch, "false", "Permits a PostgreSQL on another machine without TLS."),
    field("database.read_connections", "MEND_DATABASE_READ_CONNECTIONS", Number, "0", "Reads at the same time; 0 means one for each core on SQLite and 8 on PostgreSQL."),
    field("database.write_connections", "MEND_DATABASE_WRITE_CONNECTIONS", Number, "16", "Writing transactions at the same time (PostgreSQL; SQLite has one writer)."),
    field("database.write_queue", "MEND_DATABASE_WRITE_QUEUE", Number, "256", "Writes that may wait; one more is refused at once."),
    field("database.start_seconds", "MEND_DATABASE_START_SECONDS", Number, "30", "How long a start waits for PostgreSQL."),

    field("keys.ring_file", "MEND_KEYS_RING_FILE", Text, "", "The key ring, made on first start. Default: keyring.json in the data directory."),
    secret("keys.ring", "MEND_KEYS_RING", "The key ring itself as JSON, instead of a file."),
    secret("keys.keystore_url", "MEND_KEYS_KEYSTORE_URL", "Database of the wrapped data keys. Default: keystore.db in the data directory."),

    field("auth.argon2_memory_kib", "MEND_AUTH_ARGON2_MEMORY_KIB", Number, "47104", "Memory of one password hash, KiB."),
    field("auth.argon2_passes", "MEND_AUTH_ARGON2_PASSES", Number, "2", "Passes of one password hash."),
    field("auth.argon2_lanes", "MEND_AUTH_ARGON2_LANES", Number, "1", "Lanes of one password hash."),
    field("auth.access_minutes", "MEND_AUTH_ACCESS_MINUTES", Number, "10", "Life of an access token."),
    field("auth.refresh_idle_days", "MEND_AUTH_REFRESH_IDLE_DAYS", Number, "14", "A session unused for this long ends."),
    field("auth.refresh_absolute_days", "MEND_AUTH_REFRESH_ABSOLUTE_DAYS", Number, "30", "A session ends after this long in any case."),
    field("auth.grace_seconds", "MEND_AUTH_GRACE_SECONDS", Number, "30", "A refresh token used again within this time gets the same answer again."),
    field("auth.throttle", "MEND_AUTH_THROTTLE", Switch, "true", "Slows down guessing. Off only for load tests."),

    field("limits.connections", "MEND_LIMITS_CONNECTIONS", Number, "4096", "Open client connections."),
    field("limits.requests_in_flight", "MEND_LIMITS_REQUESTS_IN_FLIGHT", Number, "512", "Requests answered at the same time, at most; fewer where the machine is too slow for so many."),
    field("limits.body_bytes_in_flight", "MEND_LIMITS_BODY_BYTES_IN_FLIGHT", Number, "67108864", "Bytes of all request bodies at the same time."),
    field("limits.json_bytes", "MEND_LIMITS_JSON_BYTES", Number, "262144", "Bytes of one JSON body, and of one record."),
    field("limits.import_bytes", "MEND_LIMITS_IMPORT_BYTES", Number, "26214400", "Bytes of one import, and of one export, of curated content."),
    field("limits.auth_bytes", "MEND_LIMITS_AUTH_BYTES", Number, "8192", "Bytes of one body under /v1/auth."),
    field("limits.handler_seconds", "MEND_LIMITS_HANDLER_SECONDS", Number, "10", "Time to answer, once the body is read."),
    field("limits.body_seconds", "MEND_LIMITS_BODY_SECONDS", Number, "15", "Time for a whole body to arrive."),
    field("limits.header_seconds", "MEND_LIMITS_HEADER_SECONDS", Number, "5", "Time for the header to arrive."),
    field("limits.requests_per_minute", "MEND_LIMITS_REQUESTS_PER_MINUTE", Number, "600", "Requests of one caller a minute."),
    field("limits.records_per_owner", "MEND_LIMITS_RECORDS_PER_OWNER", Number, "100000", "Records of one person, live and trashed."),
    field("limits.bytes_per_owner", "MEND_LIMITS_BYTES_PER_OWNER", Number, "1073741824", "Sealed bytes of one person, revisions included."),

    field("catalogue.public", "MEND_CATALOGUE_PUBLIC", Switch, "false", "Curated content may be read without signing in."),
    field("catalogue.poll_milliseconds", "MEND_CATALOGUE_POLL_MILLISECONDS", Number, "1000", "How often a node looks for what another one published."),
    field("catalogue.starter", "MEND_CATALOGUE_STARTER", Switch, "true", "Loads the starter content into an empty catalogue."),
    field("catalogue.two_person", "MEND_CATALOGUE_TWO_PERSON", Switch, "true", "Whoever wrote a revision does not approve it."),
    field("catalogue.reports_to_review", "MEND_CATALOGUE_REPORTS_TO_REVIEW", Number, "3", "So many people who say that an item hurt them send it to review."),
    field("catalogue.smallest_count", "MEND_CATALOGUE_SMALLEST_COUNT", Number, "5", "Counts of what people find helpful are shown to curators from here on."),

    field("submissions.open", "MEND_SUBMISSIONS_OPEN", Switch, "false", "People may hand over stories, comments and reviews; curators decide what is published."),
    field("submissions.waiting_per_person", "MEND_SUBMISSIONS_WAITING_PER_PERSON", Number, "5", "So many of one person may wait for curators at a time."),

    field("sweeper.poll_milliseconds", "MEND_SWEEPER_POLL_MILLISECONDS", Number, "10000", "How often a node looks whether anything has to be swept out."),

    field("metrics.listen", "MEND_METRICS_LISTEN", Text, "", "Address and port of the metrics; none are served unless set."),

    field("log.filter", "MEND_LOG", Text, "info", "A level, or levels by part as in info,mend::database=debug."),
    field("log.format", "MEND_LOG_FORMAT", Text, "json", "json or text."),
];
