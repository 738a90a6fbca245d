-- depends: 0003-chunks
-- What answers cost, by site and day (UTC), and what a site may spend on a day.

ALTER TABLE sites ADD COLUMN daily_budget_usd numeric(12, 6) CHECK (daily_budget_usd >= 0);

CREATE TABLE usage (
  site_id text NOT NULL REFERENCES sites ON DELETE CASCADE,
  day date NOT NULL,
  questions bigint NOT NULL DEFAULT 0,
  input_tokens bigint NOT NULL DEFAULT 0,
  output_tokens bigint NOT NULL DEFAULT 0,
  cached_tokens bigint NOT NULL DEFAULT 0,
  cost_microusd bigint NOT NULL DEFAULT 0,
  -- What the calls that are under way may cost at most.
  reserved_microusd bigint NOT NULL DEFAULT 0,
  exhausted_at timestamptz,
  PRIMARY KEY (site_id, day)
);

CREATE TABLE reservations (
  site_id text NOT NULL,
  day date NOT NULL,
  id uuid NOT NULL,
  microusd bigint NOT NULL,
  -- A process that died settles nothing.
  lapses_at timestamptz NOT NULL,
  PRIMARY KEY (site_id, id),
  FOREIGN KEY (site_id, day) REFERENCES usage ON DELETE CASCADE
);
