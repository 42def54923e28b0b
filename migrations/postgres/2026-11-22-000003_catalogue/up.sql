-- What curators publish, in the clear: it is meant to be read.

CREATE TABLE catalogue_items (
    id uuid NOT NULL PRIMARY KEY,
    kind text COLLATE "C" NOT NULL,
    slug text COLLATE "C" NOT NULL,
    locale text COLLATE "C" NOT NULL,
    status text COLLATE "C" NOT NULL,
    version bigint NOT NULL,
    latest_revision bigint NOT NULL,
    published_revision bigint,
    first_published_at bigint,
    published_at bigint,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    created_by uuid
);

CREATE UNIQUE INDEX catalogue_items_by_slug ON catalogue_items (kind, slug, locale);

CREATE TABLE catalogue_revisions (
    item_id uuid NOT NULL REFERENCES catalogue_items (id),
    number bigint NOT NULL,
    saved_at bigint NOT NULL,
    author uuid,
    note text COLLATE "C",
    document text COLLATE "C" NOT NULL,
    PRIMARY KEY (item_id, number)
);

CREATE TRIGGER catalogue_revisions_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON catalogue_revisions
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
