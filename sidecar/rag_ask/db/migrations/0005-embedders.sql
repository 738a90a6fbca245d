-- depends: 0004-sync
-- The one embedder whose vectors are searched, and the vectors of the next one while `rag-ask reembed` is at work.

CREATE TABLE active_embedder (
  is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
  embedder text NOT NULL,
  next_embedder text
);
INSERT INTO active_embedder (embedder) SELECT embedder FROM chunks LIMIT 1;
GRANT SELECT ON active_embedder TO rag_ask_tenant;

CREATE TABLE staged_embeddings (
  site_id text NOT NULL,
  hash bytea NOT NULL,
  embedder text NOT NULL,
  embedding halfvec NOT NULL,
  PRIMARY KEY (site_id, hash)
);
GRANT SELECT, DELETE ON staged_embeddings TO rag_ask_tenant;
ALTER TABLE staged_embeddings ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON staged_embeddings TO rag_ask_tenant USING (site_id = current_setting('rag_ask.site_id'));
