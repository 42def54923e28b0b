-- The erasure ledger: which keys were destroyed, so that no restore brings one back. A key is known by its place and by the
-- instant it was made, since an owner's next key has the same place.

CREATE TABLE destroyed_keys (
    owner BLOB NOT NULL,
    id BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    destroyed_at INTEGER NOT NULL,
    PRIMARY KEY (owner, id, created_at)
) STRICT, WITHOUT ROWID;
