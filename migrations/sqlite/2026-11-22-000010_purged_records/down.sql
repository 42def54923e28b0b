DROP INDEX records_purged;
