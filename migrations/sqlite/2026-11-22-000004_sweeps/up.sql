-- One row a kind of sweep: who works on it until when, and when it was last done.
CREATE TABLE sweeps (
    task TEXT NOT NULL PRIMARY KEY,
    holder BLOB,
    held_until INTEGER NOT NULL,
    swept_at INTEGER
) STRICT;

-- What was swept from the trash can no longer say that it withholds; its owner's head says it instead.
ALTER TABLE owner_heads ADD COLUMN outreach_withheld INTEGER NOT NULL DEFAULT 0 CHECK (outreach_withheld IN (0, 1));
