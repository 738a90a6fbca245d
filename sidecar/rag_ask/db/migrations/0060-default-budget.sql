-- depends: 0030-usage
-- Every site has a daily budget. 'Infinity' is one that was lifted on purpose; it needs a numeric without a precision.

ALTER TABLE sites ALTER COLUMN daily_budget_usd TYPE numeric;
UPDATE sites SET daily_budget_usd = 1 WHERE daily_budget_usd IS NULL;
ALTER TABLE sites ALTER COLUMN daily_budget_usd SET DEFAULT 1, ALTER COLUMN daily_budget_usd SET NOT NULL;
