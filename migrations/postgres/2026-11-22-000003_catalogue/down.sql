DROP TABLE catalogue_publications;
DROP TABLE catalogue_revisions;
DROP FUNCTION refuse_deleting_published;
DROP TABLE catalogue_items;
