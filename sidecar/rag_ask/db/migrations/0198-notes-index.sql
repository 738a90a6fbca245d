-- depends: 0197-notes
-- transactional: false
-- Each question asks whether its site has notes.

SET lock_timeout = 0;
-- One that was broken off stays behind, unusable.
DROP INDEX CONCURRENTLY IF EXISTS documents_notes;
CREATE INDEX CONCURRENTLY documents_notes ON documents (site_id) WHERE type = 'rag_ask_note';
