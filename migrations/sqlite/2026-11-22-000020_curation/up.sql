-- The ways of an item from draft to published, who took it there and when.

ALTER TABLE catalogue_items ADD COLUMN publish_at INTEGER;
ALTER TABLE catalogue_items ADD COLUMN unpublish_at INTEGER;
ALTER TABLE catalogue_items ADD COLUMN review_due_at INTEGER;
ALTER TABLE catalogue_items ADD COLUMN original_slug TEXT;
ALTER TABLE catalogue_items ADD COLUMN original_locale TEXT;

CREATE INDEX catalogue_items_by_publish_at ON catalogue_items (publish_at) WHERE publish_at IS NOT NULL;
CREATE INDEX catalogue_items_by_unpublish_at ON catalogue_items (unpublish_at) WHERE unpublish_at IS NOT NULL;
CREATE INDEX catalogue_items_by_review_due_at ON catalogue_items (kind, review_due_at) WHERE review_due_at IS NOT NULL;
CREATE INDEX catalogue_items_by_original ON catalogue_items (kind, original_slug, original_locale)
WHERE original_slug IS NOT NULL;

-- An edit of what readers see is a draft beside it.
UPDATE catalogue_items SET status = 'draft' WHERE published_revision IS NOT NULL AND published_revision <> latest_revision;

CREATE TABLE catalogue_transitions (
    item_id BLOB NOT NULL,
    number INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    happened_at INTEGER NOT NULL,
    actor BLOB,
    from_status TEXT,
    to_status TEXT NOT NULL,
    note TEXT,
    PRIMARY KEY (item_id, number)
) STRICT;

CREATE TRIGGER catalogue_transitions_keep BEFORE DELETE ON catalogue_transitions
BEGIN
    SELECT RAISE(ABORT, 'transitions are append-only');
END;

CREATE TRIGGER catalogue_transitions_stay BEFORE UPDATE ON catalogue_transitions
BEGIN
    SELECT RAISE(ABORT, 'transitions are append-only');
END;
