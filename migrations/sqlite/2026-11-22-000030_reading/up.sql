-- What a person hides, likes and reports is sealed among their records. These columns say that something changed, and what is
-- counted over everybody; neither says who or what.
ALTER TABLE accounts ADD COLUMN sight_version INTEGER NOT NULL DEFAULT 0;
ALTER TABLE accounts ADD COLUMN outreach_opened INTEGER NOT NULL DEFAULT 0 CHECK (outreach_opened IN (0, 1));

-- Days, not instants: the moment of a count would tell whose record was written then.
CREATE TABLE item_signals (
    item_id BLOB NOT NULL PRIMARY KEY,
    helpful_count INTEGER NOT NULL DEFAULT 0,
    hurt_count INTEGER NOT NULL DEFAULT 0,
    hurt_reviewed_count INTEGER NOT NULL DEFAULT 0,
    review_requested_on INTEGER,
    reviewed_on INTEGER
) STRICT;
