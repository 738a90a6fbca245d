-- depends: 0090-large-documents
-- A post that is divided into pages is cited by the page that holds the words.

ALTER TABLE documents
  -- The addresses of the second page and those after it.
  ADD COLUMN page_urls text[] NOT NULL DEFAULT '{}';
ALTER TABLE chunks ADD COLUMN page int NOT NULL DEFAULT 1;

-- Tables, folded content and numbers are read otherwise now, so every document is read again.
UPDATE documents SET state = 'pending', attempts = 0, next_attempt_at = now(), priority = 1
WHERE state IN ('indexed', 'skipped');
