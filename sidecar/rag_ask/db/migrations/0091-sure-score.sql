-- depends: 0021-thresholds
-- From which confidence on what is found is an answer, and not only pages that may help.

ALTER TABLE thresholds ADD COLUMN sure_score real CHECK (sure_score BETWEEN 0 AND 1);
UPDATE thresholds SET sure_score = least(1, min_score + 0.13);
ALTER TABLE thresholds ALTER COLUMN sure_score SET NOT NULL;
