ALTER TABLE owner_heads DROP COLUMN outreach_withheld;
DROP TABLE sweeps;
