-- depends: 0120-pages
-- What was shown for a question, kept as long as its words; when the first word came.

ALTER TABLE questions ADD COLUMN answer text, ADD COLUMN first_word_ms int;
