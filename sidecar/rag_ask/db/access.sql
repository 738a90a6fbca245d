-- Who may do what. Each `rag-ask migrate` applies it after the migrations; what is not named here is denied.
-- {tenant} sees the rows of one site, {system} those of every site. Neither owns anything.

REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {tenant}, {system};
GRANT CONNECT ON DATABASE {database} TO {tenant}, {system};
GRANT USAGE ON SCHEMA public TO {tenant}, {system};

-- A temporary table would shadow a real one in the next site's transaction on the same connection.
REVOKE CREATE, TEMPORARY ON DATABASE {database} FROM PUBLIC;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;

GRANT SELECT, UPDATE (
  generation, chunk_count, purged_at, question_days, owner_budget_usd, address, pushed_origins, incarnation, push_generation, compared_to, postings_at
) ON sites TO {tenant};
GRANT SELECT, INSERT, UPDATE, DELETE ON
  documents, chunks, term_counts, postings, answers, questions, usage, reservations, pull_pages, refused_origins,
  tried_questions, moved_usage
TO {tenant};
GRANT SELECT, DELETE ON staged_embeddings TO {tenant};
GRANT SELECT ON active_embedder, thresholds, database_identity TO {tenant};

REVOKE ALL ON FUNCTION proven_site() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION proven_site() TO {tenant};

-- Also the names of applied migrations, for /readyz, and the partitions, for pg_dump.
GRANT SELECT ON ALL TABLES IN SCHEMA public TO {system};
GRANT INSERT, UPDATE, DELETE ON
  sites, site_keys, api_keys, documents, chunks, term_counts, postings, answers, questions, usage, reservations, pull_pages,
  refused_origins, staged_embeddings, active_embedder, thresholds, database_identity,
  tried_questions, moved_usage
TO {system};
