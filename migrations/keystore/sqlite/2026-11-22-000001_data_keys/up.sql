-- A database of its own: destroying a row here makes every copy of what it sealed unreadable.

CREATE TABLE data_keys (
    owner BLOB NOT NULL,
    id BLOB NOT NULL,
    ring_key INTEGER NOT NULL,
    wrapped BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (owner, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX data_keys_by_ring_key ON data_keys (ring_key);

CREATE TABLE keystore_facts (
    name TEXT NOT NULL PRIMARY KEY,
    value BLOB NOT NULL
) STRICT;
