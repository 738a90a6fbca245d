-- Sites (the tenants), their keys, and the role that row-level security binds.

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

DO $$ BEGIN
  CREATE ROLE rag_ask_tenant NOLOGIN;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$;

GRANT rag_ask_tenant TO CURRENT_USER;

GRANT SELECT, UPDATE (generation, chunk_count) ON sites TO rag_ask_tenant;

ALTER TABLE sites ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON sites TO rag_ask_tenant USING (site_id = current_setting('rag_ask.site_id'));
