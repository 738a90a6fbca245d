-- depends: 0002-documents
-- Chunks with their vectors, and how many chunks of a site hold a term (BM25's document frequency).

CREATE TABLE chunks (
  site_id text NOT NULL,
  post_id bigint NOT NULL,
  position int NOT NULL,
  heading_path text[] NOT NULL,
  text text NOT NULL,
  hash bytea NOT NULL,
  embedder text NOT NULL,
  -- No fixed length: `embedder` names the space, and a search never leaves one.
  embedding halfvec NOT NULL,
  lexical sparsevec NOT NULL,
  PRIMARY KEY (site_id, post_id, position),
  FOREIGN KEY (site_id, post_id) REFERENCES documents ON DELETE CASCADE
) PARTITION BY HASH (site_id);

-- In the row, not beside it: the exact search reads every vector of the site.
ALTER TABLE chunks ALTER COLUMN embedding SET STORAGE PLAIN;

CREATE TABLE chunks_00 PARTITION OF chunks FOR VALUES WITH (MODULUS 16, REMAINDER 0);
CREATE TABLE chunks_01 PARTITION OF chunks FOR VALUES WITH (MODULUS 16, REMAINDER 1);
CREATE TABLE chunks_02 PARTITION OF chunks FOR VALUES WITH (MODULUS 16, REMAINDER 2);
CREATE TABLE chunks_03 PARTITION OF chunks FOR VALUES WITH (MODULUS 16, REMAINDER 3);
CREATE TABLE chunks_04 PARTITION OF chunks FOR VALUES WITH (MODULUS 16, REMAINDER 4);
CREATE TABLE chunks_05 PARTITION OF chunks FOR VALUES WITH (MODULUS 16, REMAINDER 5);
CREATE TABLE chunks_06 PARTITION OF chunks FOR VALUES WITH (MODULUS 16, REMAINDER 6);
CREATE TABLE chunks_07 PARTITION OF chunks FOR VALUES WITH (MODULUS 16, REMAINDER 7);
CREATE TABLE chunks_08 PARTITION OF chunks FOR VALUES WITH (MODULUS 16, REMAINDER 8);
CREATE TABLE chunks_09 PARTITION OF chunks FOR VALUES WITH (MODULUS 16, REMAINDER 9);
CREATE TABLE chunks_10 PARTITION OF chunks FOR VALUES WITH (MODULUS 16, REMAINDER 10);
CREATE TABLE chunks_11 PARTITION OF chunks FOR VALUES WITH (MODULUS 16, REMAINDER 11);
CREATE TABLE chunks_12 PARTITION OF chunks FOR VALUES WITH (MODULUS 16, REMAINDER 12);
CREATE TABLE chunks_13 PARTITION OF chunks FOR VALUES WITH (MODULUS 16, REMAINDER 13);
CREATE TABLE chunks_14 PARTITION OF chunks FOR VALUES WITH (MODULUS 16, REMAINDER 14);
CREATE TABLE chunks_15 PARTITION OF chunks FOR VALUES WITH (MODULUS 16, REMAINDER 15);

CREATE TABLE term_counts (
  site_id text NOT NULL REFERENCES sites ON DELETE CASCADE,
  dimension int NOT NULL,
  chunk_count bigint NOT NULL,
  PRIMARY KEY (site_id, dimension)
);
