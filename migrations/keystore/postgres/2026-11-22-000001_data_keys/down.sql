DROP TABLE keystore_facts;
DROP TABLE data_keys;
