DROP TABLE attempt_counters;
DROP TABLE security_events;
DROP FUNCTION refuse_change;
DROP TABLE sessions;
DROP TABLE accounts;
DROP TABLE facts;
