-- depends: 0041-questions
-- What was spent is in usage, by day: rewritten and broken off answers are in it too.

ALTER TABLE questions DROP COLUMN cost_microusd;
