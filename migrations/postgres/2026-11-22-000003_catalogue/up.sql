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

-- A draft that nobody but curators ever saw may go, history and all.
CREATE FUNCTION refuse_deleting_published() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT first_published_at FROM catalogue_items WHERE id = OLD.item_id) IS NOT NULL THEN
        RAISE EXCEPTION 'revisions of what was published are kept';
    END IF;
    RETURN OLD;
END
$$;

CREATE TRIGGER catalogue_revisions_keep BEFORE DELETE ON catalogue_revisions
    FOR EACH ROW EXECUTE FUNCTION refuse_deleting_published();

CREATE TRIGGER catalogue_revisions_stay BEFORE UPDATE OR TRUNCATE ON catalogue_revisions
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE catalogue_publications (
    id uuid NOT NULL PRIMARY KEY,
    item_id uuid NOT NULL REFERENCES catalogue_items (id),
    number bigint NOT NULL,
    published_at bigint NOT NULL,
    published_by uuid
);

CREATE INDEX catalogue_publications_by_item ON catalogue_publications (item_id, published_at);

CREATE TRIGGER catalogue_publications_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON catalogue_publications
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
