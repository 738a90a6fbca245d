-- depends: 0042-api-keys
-- What a model says a chunk is about in its page (NULL: not asked yet), and when a document is due to be asked for.

ALTER TABLE chunks ADD COLUMN header text;

ALTER TABLE documents
  ADD COLUMN headers_due_at timestamptz,
  ADD COLUMN header_attempts int NOT NULL DEFAULT 0;
CREATE INDEX documents_headers ON documents (site_id, headers_due_at) WHERE headers_due_at IS NOT NULL;

UPDATE documents SET headers_due_at = now() WHERE state = 'indexed';
