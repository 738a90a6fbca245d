-- depends: 0120-pages
-- PDF and office files that posts link to are documents whose text the worker fetches.

ALTER TABLE documents
  -- '' for a post, otherwise the kind of file.
  ADD COLUMN file text NOT NULL DEFAULT '';

-- Only the few documents that are files.
CREATE INDEX documents_files ON documents (site_id, priority) WHERE state = 'pending' AND file <> '';
