-- Every query starts with the owner. Sealed bytes do not compress, so the server need not try (EXTERNAL).

CREATE TABLE owner_heads (
    owner uuid NOT NULL PRIMARY KEY,
    epoch bigint NOT NULL,
    sequence bigint NOT NULL,
    live_count bigint NOT NULL,
    trashed_count bigint NOT NULL,
    stored_bytes bigint NOT NULL
) WITH (fillfactor = 70);

CREATE TABLE records (
    owner uuid NOT NULL REFERENCES owner_heads (owner),
    id uuid NOT NULL,
    collection text COLLATE "C" NOT NULL,
    parent uuid,
    sequence bigint NOT NULL,
    version bigint NOT NULL,
    shape smallint NOT NULL,
    day integer,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    trashed_at bigint,
    trashed_with uuid,
    purged_at bigint,
    data_key uuid,
    document bytea,
    PRIMARY KEY (owner, id)
);

ALTER TABLE records ALTER COLUMN document SET STORAGE EXTERNAL;

-- Each index takes a fifth of what an insert costs, so there is one only for an order in which something is read.
CREATE INDEX records_by_creation ON records (owner, collection, created_at, id);
CREATE INDEX records_by_day ON records (owner, collection, day, id) WHERE day IS NOT NULL;
CREATE INDEX records_by_parent ON records (owner, parent) WHERE parent IS NOT NULL;
CREATE INDEX records_by_trashing ON records (owner, trashed_with) WHERE trashed_with IS NOT NULL;
-- The one look across owners: which trash is due to be purged.
CREATE INDEX records_in_trash ON records (trashed_at) WHERE trashed_at IS NOT NULL AND purged_at IS NULL;

CREATE TABLE record_revisions (
    owner uuid NOT NULL,
    record_id uuid NOT NULL,
    version bigint NOT NULL,
    shape smallint NOT NULL,
    saved_at bigint NOT NULL,
    data_key uuid NOT NULL,
    document bytea NOT NULL,
    PRIMARY KEY (owner, record_id, version)
);

ALTER TABLE record_revisions ALTER COLUMN document SET STORAGE EXTERNAL;

CREATE TABLE idempotency_keys (
    owner uuid NOT NULL,
    key_hash bytea NOT NULL,
    request_hash bytea NOT NULL,
    status smallint NOT NULL,
    answer_sealed bytea NOT NULL,
    created_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    PRIMARY KEY (owner, key_hash)
);

CREATE INDEX idempotency_keys_by_expiry ON idempotency_keys (expires_at);
