-- The bytes of pictures, each file once, named by its SHA-256 (64 hexadecimal digits).
CREATE TABLE media_files (
    sha256 TEXT NOT NULL PRIMARY KEY,
    content_type TEXT NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    stored_at INTEGER NOT NULL
) STRICT;
CREATE INDEX media_files_by_age ON media_files (stored_at);
