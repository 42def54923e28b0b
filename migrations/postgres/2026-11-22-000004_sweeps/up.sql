-- One row a kind of sweep: who works on it until when, and when it was last done.
CREATE TABLE sweeps (
    task text COLLATE "C" NOT NULL PRIMARY KEY,
    holder uuid,
    held_until bigint NOT NULL,
    swept_at bigint
);

-- What was swept from the trash can no longer say that it withholds; its owner's head says it instead.
ALTER TABLE owner_heads ADD COLUMN outreach_withheld smallint NOT NULL DEFAULT 0 CHECK (outreach_withheld IN (0, 1));
