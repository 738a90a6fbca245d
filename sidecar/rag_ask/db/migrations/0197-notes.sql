-- depends: 0175-owner-budget
-- Answers that the owner of a site wrote: a chunk for each wording of the question, found by the question alone.

-- What is there needs no reading: every old kind is still one.
-- squawk-ignore ban-drop-constraint
ALTER TABLE chunks DROP CONSTRAINT chunks_kind_check,
  ADD CONSTRAINT chunks_kind_check CHECK (kind IN ('page', 'field', 'label', 'note')) NOT VALID;
