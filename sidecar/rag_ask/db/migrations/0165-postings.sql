-- depends: 0120-pages
-- Large sites: which chunks hold a term, so that a question need not read every chunk. The worker writes it
-- (indexing/postings.py); what was stored since is read from the chunks themselves.

CREATE TABLE postings (
  site_id text NOT NULL REFERENCES sites ON DELETE CASCADE,
  dimension int NOT NULL,
  -- A part of the site's chunks, so that the worker holds one part in memory at a time.
  segment int NOT NULL,
  -- An array of (post_id int8, position int4, weight float4), little-endian.
  places bytea NOT NULL,
  PRIMARY KEY (site_id, dimension, segment)
);
-- Numbers hardly compress, and a question would wait for it.
ALTER TABLE postings ALTER COLUMN places SET STORAGE EXTERNAL;

-- Postings hold every chunk that was stored before; NULL where there are none.
ALTER TABLE sites ADD COLUMN postings_at timestamptz;
ALTER TABLE documents ADD COLUMN stored_at timestamptz;
CREATE INDEX documents_stored ON documents (site_id, stored_at) WHERE stored_at IS NOT NULL;
