-- depends: 0197-notes
-- transactional: false
-- Each question asks whether its site has notes.

SET lock_timeout = 0;
CREATE INDEX CONCURRENTLY documents_notes ON documents (site_id) WHERE type = 'rag_ask_note';
