-- Sites (the tenants) and their keys.

CREATE EXTENSION IF NOT EXISTS vector;

CREATE TABLE sites (
  site_id text PRIMARY KEY CHECK (site_id ~ '^[a-z0-9][a-z0-9-]{1,62}$'),
  name text NOT NULL,
  origins text[] NOT NULL,
  -- Goes up whenever what can be answered changes.
  generation bigint NOT NULL DEFAULT 0,
  chunk_count bigint NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL DEFAULT now()
);

-- The key itself is derived from the sidecar's secret, so a copy of the database signs nothing.
CREATE TABLE site_keys (
  site_id text NOT NULL REFERENCES sites ON DELETE CASCADE,
  kid text NOT NULL UNIQUE,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz,
  PRIMARY KEY (site_id, kid)
);
