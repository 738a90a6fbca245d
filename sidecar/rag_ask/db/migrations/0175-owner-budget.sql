-- depends: 0165-postings
-- What the owner of a site lets its answers cost on a day; NULL leaves it to daily_budget_usd. The lower of both counts.

ALTER TABLE sites ADD COLUMN owner_budget_usd numeric CHECK (owner_budget_usd >= 0);
