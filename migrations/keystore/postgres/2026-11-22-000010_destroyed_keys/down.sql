DROP TABLE destroyed_keys;
