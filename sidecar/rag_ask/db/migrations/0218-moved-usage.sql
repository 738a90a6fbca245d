-- depends: 0193-moves
-- The part of `usage` that other databases counted for the site, before it moved here.

CREATE TABLE moved_usage (
  site_id text NOT NULL REFERENCES sites ON DELETE CASCADE,
  -- database_identity of the one that counted.
  origin text NOT NULL,
  day date NOT NULL,
  questions bigint NOT NULL,
  input_tokens bigint NOT NULL,
  output_tokens bigint NOT NULL,
  cached_tokens bigint NOT NULL,
  embedding_tokens bigint NOT NULL,
  cost_microusd bigint NOT NULL,
  PRIMARY KEY (site_id, origin, day)
);
