-- What was purged, in the order of time: a backup's ledger carries it, so that no restore brings it back.

CREATE INDEX records_purged ON records (purged_at, owner, id) WHERE purged_at IS NOT NULL;
