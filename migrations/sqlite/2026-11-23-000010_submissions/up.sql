-- What people hand over to curators so that it can be published. The words are sealed; the item made of them is the catalogue's.

CREATE TABLE submissions (
    id BLOB NOT NULL PRIMARY KEY,
    account_id BLOB NOT NULL,
    status TEXT NOT NULL,
    version INTEGER NOT NULL,
    consent_edition INTEGER NOT NULL,
    content_sealed BLOB,
    reason TEXT,
    note_sealed BLOB,
    item_id BLOB,
    decided_by BLOB,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    ended_at INTEGER
) STRICT;

CREATE INDEX submissions_by_account ON submissions (account_id, id);
CREATE INDEX submissions_by_status ON submissions (status, id);
CREATE INDEX submissions_by_ended_at ON submissions (ended_at) WHERE ended_at IS NOT NULL;
