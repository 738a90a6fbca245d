-- depends: 0004-sync
-- The one embedder whose vectors are searched, and the vectors of the next one while `rag-ask reembed` is at work.

CREATE TABLE active_embedder (
  is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
  embedder text NOT NULL,
  next_embedder text
);
INSERT INTO active_embedder (embedder) SELECT embedder FROM chunks LIMIT 1;

CREATE TABLE staged_embeddings (
  site_id text NOT NULL,
  hash bytea NOT NULL,
  embedder text NOT NULL,
  embedding halfvec NOT NULL,
  PRIMARY KEY (site_id, hash)
);
