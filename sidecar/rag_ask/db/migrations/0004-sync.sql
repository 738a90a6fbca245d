-- depends: 0003-chunks
-- What a document says beside its text, its place in a queue that is fair between sites, and purged sites.

ALTER TABLE documents
  -- The site's own fingerprint of what it pushed; compared by reconcile, never computed here.
  ADD COLUMN hash text NOT NULL DEFAULT '',
  ADD COLUMN excerpt text NOT NULL DEFAULT '',
  ADD COLUMN author text NOT NULL DEFAULT '',
  ADD COLUMN terms jsonb NOT NULL DEFAULT '[]',
  ADD COLUMN fields jsonb NOT NULL DEFAULT '[]',
  -- 0: somebody edits and waits; 1: a scan of the whole site.
  ADD COLUMN priority smallint NOT NULL DEFAULT 0 CHECK (priority IN (0, 1));

DROP INDEX documents_queue;
CREATE INDEX documents_queue ON documents (site_id, priority, next_attempt_at) WHERE state = 'pending';

-- As it was when the chunk was embedded, so that `hash` can be told from the row alone.
ALTER TABLE chunks ADD COLUMN title text NOT NULL DEFAULT '';
UPDATE chunks SET title = documents.title FROM documents
WHERE documents.site_id = chunks.site_id AND documents.post_id = chunks.post_id;

ALTER TABLE sites ADD COLUMN purged_at timestamptz;
