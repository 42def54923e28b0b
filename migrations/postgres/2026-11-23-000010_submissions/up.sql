-- What people hand over to curators so that it can be published. The words are sealed; the item made of them is the catalogue's.

CREATE TABLE submissions (
    id uuid NOT NULL PRIMARY KEY,
    account_id uuid NOT NULL,
    status text COLLATE "C" NOT NULL,
    version bigint NOT NULL,
    consent_edition integer NOT NULL,
    content_sealed bytea,
    reason text COLLATE "C",
    note_sealed bytea,
    item_id uuid,
    decided_by uuid,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    ended_at bigint
);

CREATE INDEX submissions_by_account ON submissions (account_id, id);
CREATE INDEX submissions_by_status ON submissions (status, id);
CREATE INDEX submissions_by_ended_at ON submissions (ended_at) WHERE ended_at IS NOT NULL;
