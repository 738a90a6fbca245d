-- depends: 0175-owner-budget
-- Questions made from the headings of a document. The worker asked each one and got that section as the answer
-- (insights/headings.py). They are suggested to owners, and to visitors after an answer of the same page.

CREATE TABLE tried_questions (
  site_id text NOT NULL,
  post_id bigint NOT NULL,
  question text NOT NULL,
  -- Where on the page its heading is.
  position int NOT NULL,
  confidence real NOT NULL,
  PRIMARY KEY (site_id, post_id, question),
  FOREIGN KEY (site_id, post_id) REFERENCES documents ON DELETE CASCADE
);

-- When the headings of a document were tried; NULL before.
ALTER TABLE documents ADD COLUMN tried_at timestamptz;
