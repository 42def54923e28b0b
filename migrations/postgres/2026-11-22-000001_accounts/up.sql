-- Instants are microseconds since 1970 in UTC. Texts compare byte by byte, as they do on SQLite.
-- What each column is for stands in the privacy map.

CREATE TABLE facts (
    name text COLLATE "C" NOT NULL PRIMARY KEY,
    value bytea NOT NULL,
    updated_at bigint NOT NULL
);

CREATE TABLE accounts (
    id uuid NOT NULL PRIMARY KEY,
    email_lookup bytea NOT NULL,
    email_sealed bytea NOT NULL,
    password_sealed bytea NOT NULL,
    name_sealed bytea,
    role text COLLATE "C" NOT NULL,
    status text COLLATE "C" NOT NULL,
    no_outreach smallint NOT NULL CHECK (no_outreach IN (0, 1)),
    version bigint NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    password_changed_at bigint NOT NULL
);

CREATE UNIQUE INDEX accounts_by_email ON accounts (email_lookup);

CREATE TABLE sessions (
    id uuid NOT NULL PRIMARY KEY,
    account_id uuid NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    created_at bigint NOT NULL,
    authenticated_at bigint NOT NULL,
    amr text COLLATE "C" NOT NULL,
    label_sealed bytea,
    last_used_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    absolute_expires_at bigint NOT NULL,
    generation bigint NOT NULL,
    refresh_hash bytea NOT NULL,
    rotated_at bigint NOT NULL,
    revoked_at bigint
) WITH (fillfactor = 70);

CREATE INDEX sessions_by_account ON sessions (account_id);

-- No reference to the account: what happened to it outlives it.
CREATE TABLE security_events (
    id uuid NOT NULL PRIMARY KEY,
    account_id uuid,
    session_id uuid,
    happened_at bigint NOT NULL,
    kind text COLLATE "C" NOT NULL
);

CREATE INDEX security_events_by_account ON security_events (account_id, happened_at);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;
END
$$;

CREATE TRIGGER security_events_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON security_events
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE attempt_counters (
    bucket bytea NOT NULL PRIMARY KEY,
    attempts bigint NOT NULL,
    window_started_at bigint NOT NULL,
    blocked_until bigint NOT NULL
);
