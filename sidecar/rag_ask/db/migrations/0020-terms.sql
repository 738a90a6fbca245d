-- depends: 0003-chunks
-- The words of a site by name, for questions that misspell them, and its languages without reading every post.

ALTER TABLE term_counts ADD COLUMN term text COLLATE "C" NOT NULL DEFAULT '';
CREATE INDEX term_counts_spelling ON term_counts (site_id, term) WHERE term <> '';

CREATE INDEX documents_languages ON documents (site_id, language) WHERE state = 'indexed';
