-- The ways of an item from draft to published, who took it there and when.

ALTER TABLE catalogue_items
    ADD COLUMN publish_at bigint,
    ADD COLUMN unpublish_at bigint,
    ADD COLUMN review_due_at bigint,
    ADD COLUMN original_slug text COLLATE "C",
    ADD COLUMN original_locale text COLLATE "C";

CREATE INDEX catalogue_items_by_publish_at ON catalogue_items (publish_at) WHERE publish_at IS NOT NULL;
CREATE INDEX catalogue_items_by_unpublish_at ON catalogue_items (unpublish_at) WHERE unpublish_at IS NOT NULL;
CREATE INDEX catalogue_items_by_review_due_at ON catalogue_items (kind, review_due_at) WHERE review_due_at IS NOT NULL;
CREATE INDEX catalogue_items_by_original ON catalogue_items (kind, original_slug, original_locale)
WHERE original_slug IS NOT NULL;

-- An edit of what readers see is a draft beside it.
UPDATE catalogue_items SET status = 'draft' WHERE published_revision IS NOT NULL AND published_revision <> latest_revision;

CREATE TABLE catalogue_transitions (
    item_id uuid NOT NULL,
    number bigint NOT NULL,
    revision bigint NOT NULL,
    happened_at bigint NOT NULL,
    actor uuid,
    from_status text COLLATE "C",
    to_status text COLLATE "C" NOT NULL,
    note text COLLATE "C",
    PRIMARY KEY (item_id, number)
);

CREATE TRIGGER catalogue_transitions_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON catalogue_transitions
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
