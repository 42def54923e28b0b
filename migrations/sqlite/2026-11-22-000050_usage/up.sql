-- How many people use an item, counted like what they say of it: over everybody, without who and when.
ALTER TABLE item_signals ADD COLUMN kept_count INTEGER NOT NULL DEFAULT 0;
ALTER TABLE item_signals ADD COLUMN used_count INTEGER NOT NULL DEFAULT 0;
