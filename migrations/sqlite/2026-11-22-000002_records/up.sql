-- Every query starts with the owner. Tables with documents have a rowid: without one, the inner pages of their tree hold whole
-- rows of a kilobyte and more, and a million of them stand eight levels deep (half as many inserts a second, measured).

CREATE TABLE owner_heads (
    owner BLOB NOT NULL PRIMARY KEY,
    epoch INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    live_count INTEGER NOT NULL,
    trashed_count INTEGER NOT NULL,
    stored_bytes INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE records (
    owner BLOB NOT NULL REFERENCES owner_heads (owner),
    id BLOB NOT NULL,
    collection TEXT NOT NULL,
    parent BLOB,
    sequence INTEGER NOT NULL,
    version INTEGER NOT NULL,
    shape INTEGER NOT NULL,
    day INTEGER,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    trashed_at INTEGER,
    trashed_with BLOB,
    purged_at INTEGER,
    data_key BLOB,
    document BLOB,
    PRIMARY KEY (owner, id)
) STRICT;

-- Each index takes a fifth of what an insert costs, so there is one only for an order in which something is read.
CREATE INDEX records_by_creation ON records (owner, collection, created_at, id);
CREATE INDEX records_by_day ON records (owner, collection, day, id) WHERE day IS NOT NULL;
CREATE INDEX records_by_parent ON records (owner, parent) WHERE parent IS NOT NULL;
CREATE INDEX records_by_trashing ON records (owner, trashed_with) WHERE trashed_with IS NOT NULL;
-- The one look across owners: which trash is due to be purged.
CREATE INDEX records_in_trash ON records (trashed_at) WHERE trashed_at IS NOT NULL AND purged_at IS NULL;

CREATE TABLE record_revisions (
    owner BLOB NOT NULL,
    record_id BLOB NOT NULL,
    version INTEGER NOT NULL,
    shape INTEGER NOT NULL,
    saved_at INTEGER NOT NULL,
    data_key BLOB NOT NULL,
    document BLOB NOT NULL,
    PRIMARY KEY (owner, record_id, version)
) STRICT;

CREATE TABLE idempotency_keys (
    owner BLOB NOT NULL,
    key_hash BLOB NOT NULL,
    request_hash BLOB NOT NULL,
    status INTEGER NOT NULL,
    answer_sealed BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (owner, key_hash)
) STRICT;

CREATE INDEX idempotency_keys_by_expiry ON idempotency_keys (expires_at);
