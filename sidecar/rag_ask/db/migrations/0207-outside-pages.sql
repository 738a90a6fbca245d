-- depends: 0175-owner-budget
-- Whether pages that no WordPress makes may ask: the sidecar then gives their visitors tokens itself.

ALTER TABLE sites ADD COLUMN outside_pages boolean NOT NULL DEFAULT false;
