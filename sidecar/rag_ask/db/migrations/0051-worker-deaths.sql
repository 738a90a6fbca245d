-- depends: 0050-chunk-kinds
-- A worker that dies is charged to the document that it worked on alone, never to its batch.

ALTER TABLE documents
  -- Held by a worker that died: claimed alone from now on.
  ADD COLUMN is_suspect boolean NOT NULL DEFAULT false,
  -- How often a worker died while it worked on this document alone.
  ADD COLUMN deaths int NOT NULL DEFAULT 0,
  -- The version of the worker that gave up; a newer one tries again.
  ADD COLUMN failed_by text NOT NULL DEFAULT '';

CREATE INDEX documents_suspects ON documents (deaths, next_attempt_at) WHERE state = 'pending' AND is_suspect;
CREATE INDEX documents_leased ON documents (leased_until) WHERE state = 'pending' AND leased_until IS NOT NULL;

-- Until now every document of a batch failed with the one that killed its worker.
UPDATE documents SET state = 'pending', attempts = 0, code = '', message = '', is_suspect = true, next_attempt_at = now()
WHERE state = 'failed' AND code = 'worker_died';
