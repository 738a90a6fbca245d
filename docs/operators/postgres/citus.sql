-- Spread RAG Ask's rows over the machines of a Citus cluster, by site. Never run by a test: the tests prove only that no
-- key and no reference joins the rows of two sites, and that each table is named here.
--
-- On the coordinator, after `rag-ask migrate` and while no `serve` and no `worker` runs, as the owner with the rights of
-- a superuser. Try it with a copy first: row-level security must hold on the workers too. Each role needs
-- citus.propagate_set_commands = 'local', so that a worker learns for which site a transaction speaks. Each push writes the
-- site's row of `sites`, on every machine: it is the first thing to move when pushes wait.
CREATE EXTENSION IF NOT EXISTS citus;

-- The same on every machine.
SELECT create_reference_table('sites');
SELECT create_reference_table('site_keys');
SELECT create_reference_table('api_keys');
SELECT create_reference_table('active_embedder');
SELECT create_reference_table('thresholds');
SELECT create_reference_table('database_identity');
SELECT create_reference_table('site_lock');

-- All rows of a site on one machine.
SELECT create_distributed_table('documents', 'site_id');
SELECT create_distributed_table('chunks', 'site_id', colocate_with => 'documents');
SELECT create_distributed_table('term_counts', 'site_id', colocate_with => 'documents');
SELECT create_distributed_table('postings', 'site_id', colocate_with => 'documents');
SELECT create_distributed_table('tried_questions', 'site_id', colocate_with => 'documents');
SELECT create_distributed_table('staged_embeddings', 'site_id', colocate_with => 'documents');
SELECT create_distributed_table('pull_pages', 'site_id', colocate_with => 'documents');
SELECT create_distributed_table('refused_origins', 'site_id', colocate_with => 'documents');
SELECT create_distributed_table('answers', 'site_id', colocate_with => 'documents');
SELECT create_distributed_table('questions', 'site_id', colocate_with => 'documents');
SELECT create_distributed_table('usage', 'site_id', colocate_with => 'documents');
SELECT create_distributed_table('moved_usage', 'site_id', colocate_with => 'documents');
SELECT create_distributed_table('reservations', 'site_id', colocate_with => 'documents');

-- Proves for which site a transaction speaks.
SELECT create_distributed_function('proven_site()');
