-- depends: 0003-chunks
-- Sites that a command of the sidecar feeds, and the pages of lists that a pulled site lets us keep.

-- What writes the site's documents: '' is the plugin, or nobody yet. Two feeds would take each other's ids.
ALTER TABLE sites
  ADD COLUMN fed_by text NOT NULL DEFAULT '' CHECK (fed_by IN ('', 'pull', 'files')),
  ADD COLUMN fed_from text NOT NULL DEFAULT '';

-- Pages whose answer came with a validator (RFC 9110, 8.8): the next run asks whether they changed.
CREATE TABLE pull_pages (
  site_id text NOT NULL REFERENCES sites ON DELETE CASCADE,
  url text NOT NULL,
  etag text NOT NULL,
  last_modified text NOT NULL,
  body bytea NOT NULL,
  page_count int NOT NULL,
  used_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (site_id, url)
);
