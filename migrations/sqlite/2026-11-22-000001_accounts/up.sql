-- Ids are 16-byte blobs, instants microseconds since 1970 in UTC. What each column is for stands in the privacy map.

CREATE TABLE facts (
    name TEXT NOT NULL PRIMARY KEY,
    value BLOB NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;

CREATE TABLE accounts (
    id BLOB NOT NULL PRIMARY KEY,
    email_lookup BLOB NOT NULL,
    email_sealed BLOB NOT NULL,
    password_sealed BLOB NOT NULL,
    name_sealed BLOB,
    role TEXT NOT NULL,
    status TEXT NOT NULL,
    no_outreach INTEGER NOT NULL CHECK (no_outreach IN (0, 1)),
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    password_changed_at INTEGER NOT NULL
) STRICT;

CREATE UNIQUE INDEX accounts_by_email ON accounts (email_lookup);

CREATE TABLE sessions (
    id BLOB NOT NULL PRIMARY KEY,
    account_id BLOB NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    created_at INTEGER NOT NULL,
    authenticated_at INTEGER NOT NULL,
    amr TEXT NOT NULL,
    label_sealed BLOB,
    last_used_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    absolute_expires_at INTEGER NOT NULL,
    generation INTEGER NOT NULL,
    refresh_hash BLOB NOT NULL,
    rotated_at INTEGER NOT NULL,
    revoked_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX sessions_by_account ON sessions (account_id);

-- No reference to the account: what happened to it outlives it.
CREATE TABLE security_events (
    id BLOB NOT NULL PRIMARY KEY,
    account_id BLOB,
    session_id BLOB,
    happened_at INTEGER NOT NULL,
    kind TEXT NOT NULL
) STRICT;

CREATE INDEX security_events_by_account ON security_events (account_id, happened_at);

CREATE TRIGGER security_events_keep BEFORE DELETE ON security_events
BEGIN
    SELECT RAISE(ABORT, 'security events are append-only');
END;

CREATE TRIGGER security_events_stay BEFORE UPDATE ON security_events
BEGIN
    SELECT RAISE(ABORT, 'security events are append-only');
END;

CREATE TABLE attempt_counters (
    bucket BLOB NOT NULL PRIMARY KEY,
    attempts INTEGER NOT NULL,
    window_started_at INTEGER NOT NULL,
    blocked_until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
