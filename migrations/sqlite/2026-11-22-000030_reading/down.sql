DROP TABLE item_signals;
ALTER TABLE accounts DROP COLUMN outreach_opened;
ALTER TABLE accounts DROP COLUMN sight_version;
