-- depends: 0005-embedders 0010-pull
-- Answers that were given, to be given again while the content is the same, and who is writing one right now.

CREATE TABLE answers (
  site_id text NOT NULL REFERENCES sites ON DELETE CASCADE,
  key bytea NOT NULL,
  generation bigint NOT NULL,
  -- NULL while the process that holds the lease is writing it.
  kept json,
  lease uuid,
  created_at timestamptz NOT NULL DEFAULT now(),
  -- Of what is kept, or of the lease: a process that died gives nothing back.
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (site_id, key)
);
CREATE INDEX answers_age ON answers (site_id, created_at);
