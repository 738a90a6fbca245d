-- depends: 0081-incarnation
-- All documents of a site have one incarnation. Taken for independent, of 200 sites a question's documents were a 200th
-- of what they are, and the site's HNSW index was not used: reading all its chunks looked cheaper.

CREATE STATISTICS documents_incarnation (dependencies) ON site_id, incarnation FROM documents;
ANALYZE documents;
