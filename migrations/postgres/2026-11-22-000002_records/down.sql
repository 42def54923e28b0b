DROP TABLE idempotency_keys;
DROP TABLE record_revisions;
DROP TABLE records;
DROP TABLE owner_heads;
