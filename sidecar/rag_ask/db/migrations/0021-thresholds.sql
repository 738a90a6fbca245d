-- depends: 0003-chunks
-- From which confidence on a question is answered, measured per embedder by `rag-ask eval --calibrate`.

CREATE TABLE thresholds (
  embedder text PRIMARY KEY,
  min_score real NOT NULL CHECK (min_score BETWEEN 0 AND 1),
  -- Shares of the questions that were measured: answerable ones answered, others not.
  answered real NOT NULL,
  abstained real NOT NULL,
  measured_at timestamptz NOT NULL DEFAULT now()
);
