-- What PgBouncer asks for the passwords of RAG Ask's roles. Run once by a superuser, in RAG Ask's database:
--   psql -v password="$(openssl rand -hex 16)" -f pgbouncer.sql rag_ask
-- The same password goes into /etc/pgbouncer/userlist.txt: "pgbouncer" "PASSWORD"
CREATE ROLE pgbouncer LOGIN PASSWORD :'password';

CREATE FUNCTION pgbouncer_secret(asked text, OUT name text, OUT secret text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT rolname, rolpassword FROM pg_authid WHERE rolname = asked AND rolname LIKE 'rag\_ask\_%' AND rolcanlogin
$$;
REVOKE ALL ON FUNCTION pgbouncer_secret FROM PUBLIC;
GRANT EXECUTE ON FUNCTION pgbouncer_secret TO pgbouncer;
