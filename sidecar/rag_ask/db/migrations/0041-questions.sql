-- depends: 0040-answers
-- What was asked and how it went. Never an address or a visitor: an answer's random id is known to its visitor alone.

-- For how many days the words of a question are kept; 0 keeps none.
ALTER TABLE sites ADD COLUMN question_days int NOT NULL DEFAULT 30 CHECK (question_days BETWEEN 0 AND 365);

CREATE TABLE questions (
  site_id text NOT NULL REFERENCES sites ON DELETE CASCADE,
  id uuid NOT NULL,
  asked_at timestamptz NOT NULL DEFAULT now(),
  -- NULL when the site keeps none, or not for so long.
  question text,
  outcome text NOT NULL,
  confidence real NOT NULL,
  document_ids bigint[] NOT NULL,
  model text NOT NULL,
  is_cached boolean NOT NULL,
  latency_ms int NOT NULL,
  -- NULL when nobody knows.
  cost_microusd bigint,
  rating text CHECK (rating IN ('up', 'down')),
  comment text,
  PRIMARY KEY (site_id, id)
);
CREATE INDEX questions_age ON questions (site_id, asked_at);
