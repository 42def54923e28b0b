-- What curators publish, in the clear: it is meant to be read.

CREATE TABLE catalogue_items (
    id BLOB NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    slug TEXT NOT NULL,
    locale TEXT NOT NULL,
    status TEXT NOT NULL,
    version INTEGER NOT NULL,
    latest_revision INTEGER NOT NULL,
    published_revision INTEGER,
    first_published_at INTEGER,
    published_at INTEGER,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    created_by BLOB
) STRICT;

CREATE UNIQUE INDEX catalogue_items_by_slug ON catalogue_items (kind, slug, locale);

CREATE TABLE catalogue_revisions (
    item_id BLOB NOT NULL REFERENCES catalogue_items (id),
    number INTEGER NOT NULL,
    saved_at INTEGER NOT NULL,
    author BLOB,
    note TEXT,
    document TEXT NOT NULL,
    PRIMARY KEY (item_id, number)
) STRICT;

-- A draft that nobody but curators ever saw may go, history and all.
CREATE TRIGGER catalogue_revisions_keep BEFORE DELETE ON catalogue_revisions
WHEN (SELECT first_published_at FROM catalogue_items WHERE id = OLD.item_id) IS NOT NULL
BEGIN
    SELECT RAISE(ABORT, 'revisions of what was published are kept');
END;

CREATE TRIGGER catalogue_revisions_stay BEFORE UPDATE ON catalogue_revisions
BEGIN
    SELECT RAISE(ABORT, 'revisions of the catalogue are append-only');
END;

CREATE TABLE catalogue_publications (
    id BLOB NOT NULL PRIMARY KEY,
    item_id BLOB NOT NULL REFERENCES catalogue_items (id),
    number INTEGER NOT NULL,
    published_at INTEGER NOT NULL,
    published_by BLOB
) STRICT;

CREATE INDEX catalogue_publications_by_item ON catalogue_publications (item_id, published_at);

CREATE TRIGGER catalogue_publications_keep BEFORE DELETE ON catalogue_publications
BEGIN
    SELECT RAISE(ABORT, 'publications are append-only');
END;

CREATE TRIGGER catalogue_publications_stay BEFORE UPDATE ON catalogue_publications
BEGIN
    SELECT RAISE(ABORT, 'publications are append-only');
END;
