-- depends: 0175-owner-budget
-- A site moves to another sidecar, with a database of its own.

ALTER TABLE sites
  -- 'in' until all of its rows have arrived here; 'out' while its last rows are sent and nobody may write.
  ADD COLUMN moving text NOT NULL DEFAULT '' CHECK (moving IN ('', 'in', 'out')),
  -- The sidecar that it moved to; requests for the site are passed on to it.
  ADD COLUMN moved_to text NOT NULL DEFAULT '';
