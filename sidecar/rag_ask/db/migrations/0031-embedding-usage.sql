-- depends: 0030-usage
-- What is embedded for a site on a day (UTC): its questions, texts and quotes. Their cost is in cost_microusd.

ALTER TABLE usage ADD COLUMN embedding_tokens bigint NOT NULL DEFAULT 0;
