DROP TABLE catalogue_publications;
DROP TABLE catalogue_revisions;
DROP TABLE catalogue_items;
