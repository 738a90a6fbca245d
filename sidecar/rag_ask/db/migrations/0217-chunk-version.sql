-- depends: 0204-images
-- By which rules the document was cut into chunks and analyzed (indexing/chunk.py). One of other rules is cut anew when
-- it is pushed again.

ALTER TABLE documents ADD COLUMN chunk_version bigint NOT NULL DEFAULT 1;
