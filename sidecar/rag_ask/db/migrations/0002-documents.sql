-- depends: 0001-sites
-- Documents: one row per post as pushed. The row is also the queue, so there is no second store to disagree with.

CREATE TABLE documents (
  site_id text NOT NULL REFERENCES sites ON DELETE CASCADE,
  post_id bigint NOT NULL CHECK (post_id > 0),
  version bigint NOT NULL CHECK (version > 0),
  state text NOT NULL CHECK (state IN ('pending', 'indexed', 'skipped', 'failed', 'deleted')),
  type text NOT NULL DEFAULT '',
  title text NOT NULL DEFAULT '',
  url text NOT NULL DEFAULT '',
  html text NOT NULL DEFAULT '',
  language text NOT NULL DEFAULT '',
  groups text[] NOT NULL DEFAULT '{}',
  published_at timestamptz,
  modified_at timestamptz,
  content_hash bytea NOT NULL DEFAULT '',
  pushed_at timestamptz NOT NULL DEFAULT now(),
  indexed_at timestamptz,
  attempts int NOT NULL DEFAULT 0,
  next_attempt_at timestamptz NOT NULL DEFAULT now(),
  leased_until timestamptz,
  lease uuid,
  code text NOT NULL DEFAULT '',
  message text NOT NULL DEFAULT '',
  PRIMARY KEY (site_id, post_id)
);

CREATE INDEX documents_queue ON documents (next_attempt_at) WHERE state = 'pending';
CREATE INDEX documents_problems ON documents (site_id) WHERE code <> '';
