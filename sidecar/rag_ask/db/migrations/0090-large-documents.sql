-- depends: 0060-default-budget
-- Large documents are claimed alone. Usual posts have 5 to 20 KB.

ALTER TABLE documents ADD COLUMN is_large boolean GENERATED ALWAYS AS (octet_length(html) > 32768) STORED NOT NULL;

CREATE INDEX documents_large ON documents (priority) WHERE state = 'pending' AND is_large AND NOT is_suspect;
