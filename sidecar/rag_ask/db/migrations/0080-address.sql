-- depends: 0060-default-budget
-- One index belongs to one address: a copy of a site holds the same key and must write nothing here.

ALTER TABLE sites
  -- Host and path, as in `addresses.py`; '' until the first request that the plugin signs.
  ADD COLUMN address text NOT NULL DEFAULT '',
  -- The origins that the plugin names, beside those of `rag-ask sites`.
  ADD COLUMN pushed_origins text[] NOT NULL DEFAULT '{}';
