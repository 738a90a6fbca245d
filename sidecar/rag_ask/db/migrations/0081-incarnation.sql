-- depends: 0080-address
-- A database that was restored from a backup answers what was withdrawn since. Both sides number what was acknowledged,
-- so that either of them sees it go back.

ALTER TABLE sites
  -- Another one whenever the rows of the site went back.
  ADD COLUMN incarnation uuid NOT NULL DEFAULT gen_random_uuid(),
  -- Goes up with each push and with nothing else: work in the background must not make up for lost ones.
  ADD COLUMN push_generation bigint NOT NULL DEFAULT 0,
  -- The id up to which the site compared itself with its rows since they went back; NULL when all is compared.
  ADD COLUMN compared_to bigint;

-- The incarnation in which the site confirmed the row. Questions are answered from no other.
ALTER TABLE documents ADD COLUMN incarnation uuid;
UPDATE documents SET incarnation = sites.incarnation FROM sites WHERE sites.site_id = documents.site_id;
