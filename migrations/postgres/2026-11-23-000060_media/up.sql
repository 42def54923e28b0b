-- The bytes of pictures, each file once, named by its SHA-256 (64 hexadecimal digits).
CREATE TABLE media_files (
    sha256 text NOT NULL PRIMARY KEY,
    content_type text NOT NULL,
    width integer NOT NULL,
    height integer NOT NULL,
    bytes bytea NOT NULL,
    stored_at bigint NOT NULL
);
CREATE INDEX media_files_by_age ON media_files (stored_at);
