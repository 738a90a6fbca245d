-- depends: 0041-questions
-- Static keys of servers and tools. A tenant's queries reach none of them.

CREATE TABLE api_keys (
  id text PRIMARY KEY,
  site_id text NOT NULL REFERENCES sites ON DELETE CASCADE,
  name text NOT NULL,
  -- SHA-256 of 32 random bytes: nothing to guess, so no slow hash is needed.
  secret_hash bytea NOT NULL,
  scopes text[] NOT NULL CHECK (scopes <> '{}' AND scopes <@ '{ask,search}'),
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz,
  revoked_at timestamptz,
  last_used_at timestamptz
);
CREATE INDEX api_keys_site ON api_keys (site_id);
