-- depends: 0046-api-key-days
-- Metadata that is searchable but not on the page is told by a column. Until now each of its lines began with an invisible
-- character: U+2063 for excerpts and fields, U+2064 for terms and the author.

ALTER TABLE chunks ADD COLUMN kind text NOT NULL DEFAULT 'page' CHECK (kind IN ('page', 'field', 'label'));

-- A chunk that mixes both is never quoted until its document is indexed again, which happens at once.
UPDATE documents SET state = 'pending', attempts = 0, next_attempt_at = now(), priority = 1
WHERE state = 'indexed' AND EXISTS (
  SELECT FROM chunks WHERE chunks.site_id = documents.site_id AND chunks.post_id = documents.post_id
    AND chunks.text ~ '[\u2063\u2064]'
);
UPDATE chunks SET kind = CASE WHEN text ~ '\u2064' THEN 'label' ELSE 'field' END,
  text = translate(text, U&'\2063\2064', '')
WHERE text ~ '[\u2063\u2064]';
