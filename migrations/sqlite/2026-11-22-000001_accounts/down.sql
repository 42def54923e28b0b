DROP TABLE attempt_counters;
DROP TABLE security_events;
DROP TABLE sessions;
DROP TABLE accounts;
DROP TABLE facts;
