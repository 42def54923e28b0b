-- A database of its own: destroying a row here makes every copy of what it sealed unreadable.

CREATE TABLE data_keys (
    owner uuid NOT NULL,
    id uuid NOT NULL,
    ring_key integer NOT NULL,
    wrapped bytea NOT NULL,
    created_at bigint NOT NULL,
    PRIMARY KEY (owner, id)
);

CREATE INDEX data_keys_by_ring_key ON data_keys (ring_key);

CREATE TABLE keystore_facts (
    name text COLLATE "C" NOT NULL PRIMARY KEY,
    value bytea NOT NULL
);
