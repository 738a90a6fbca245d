-- depends: 0060-default-budget
-- Roles belong to a server, so each database has its own (roles.py). Until now all of them shared this one.

DO $$ BEGIN
  DROP OWNED BY rag_ask_tenant;
  BEGIN
    DROP ROLE rag_ask_tenant;
  EXCEPTION WHEN dependent_objects_still_exist THEN
    NULL; -- Another database of the server still has it.
  END;
EXCEPTION WHEN undefined_object OR insufficient_privilege THEN
  NULL; -- It was never made, or for the databases of another owner.
END $$;
