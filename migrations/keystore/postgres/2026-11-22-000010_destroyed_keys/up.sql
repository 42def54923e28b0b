-- The erasure ledger: which keys were destroyed, so that no restore brings one back. A key is known by its place and by the
-- instant it was made, since an owner's next key has the same place.

CREATE TABLE destroyed_keys (
    owner uuid NOT NULL,
    id uuid NOT NULL,
    created_at bigint NOT NULL,
    destroyed_at bigint NOT NULL,
    PRIMARY KEY (owner, id, created_at)
);
