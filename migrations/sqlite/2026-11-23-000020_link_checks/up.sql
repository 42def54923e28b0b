-- What a link checker that the operator runs was answered for each address in the catalogue. The id follows from the address.
CREATE TABLE link_checks (
    id BLOB NOT NULL PRIMARY KEY,
    url TEXT NOT NULL,
    checked_at INTEGER NOT NULL,
    -- 0: nobody answered.
    http_status INTEGER NOT NULL CHECK (http_status BETWEEN 0 AND 999),
    broken_since INTEGER
) STRICT;
