ALTER TABLE item_signals DROP COLUMN used_count;
ALTER TABLE item_signals DROP COLUMN kept_count;
