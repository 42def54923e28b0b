DROP TABLE catalogue_transitions;
ALTER TABLE catalogue_items
    DROP COLUMN original_locale,
    DROP COLUMN original_slug,
    DROP COLUMN review_due_at,
    DROP COLUMN unpublish_at,
    DROP COLUMN publish_at;
