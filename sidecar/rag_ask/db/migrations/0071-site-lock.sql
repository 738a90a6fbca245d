-- depends: 0070-roles
-- A transaction proves for which site it speaks (site_lock.py). One that names another site sees nothing.

CREATE TABLE site_lock (
  is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
  key bytea NOT NULL
);

-- Runs as the owner, because a tenant does not read the key.
CREATE FUNCTION proven_site() RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
  site_id text := current_setting('rag_ask.site_id');
BEGIN
  RETURN (
    SELECT site_id FROM public.site_lock
    WHERE encode(sha256(key || sha256(convert_to(site_id, 'UTF8'))), 'hex') = current_setting('rag_ask.proof')
  );
END $$;
