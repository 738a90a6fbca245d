"""The schema can be spread over machines by `site_id`: no key or reference joins the rows of two sites."""

import re
from pathlib import Path

import psycopg
import pytest

SCRIPT = Path(__file__).parents[4] / "docs" / "operators" / "postgres" / "citus.sql"
# The same on every machine: small, and of no site. Keys and sites are looked up before the site is known.
REFERENCE = {
    "sites",
    "site_keys",
    "api_keys",
    "active_embedder",
    "thresholds",
    "database_identity",
    "site_lock",
}
# yoyo's own.
MIGRATIONS = re.compile("_?yoyo_")

# Partitions follow their table.
TABLES = """
SELECT relname FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
"""
# Keys that are no constraint are indexes alone.
KEYS = """
SELECT relname, array_agg(attname::text ORDER BY place) AS columns
FROM pg_index JOIN pg_class ON pg_class.oid = indrelid
CROSS JOIN LATERAL unnest(indkey::int2[]) WITH ORDINALITY AS key (number, place)
LEFT JOIN pg_attribute ON attrelid = indrelid AND attnum = number
WHERE indisunique AND relnamespace = 'public'::regnamespace AND NOT relispartition
GROUP BY indexrelid, relname
"""
REFERENCES = """
SELECT conrelid::regclass::text, confrelid::regclass::text,
  (SELECT array_agg(attname::text ORDER BY place) FROM unnest(conkey) WITH ORDINALITY AS key (number, place)
    JOIN pg_attribute ON attrelid = conrelid AND attnum = number),
  (SELECT array_agg(attname::text ORDER BY place) FROM unnest(confkey) WITH ORDINALITY AS key (number, place)
    JOIN pg_attribute ON attrelid = confrelid AND attnum = number)
FROM pg_constraint JOIN pg_class ON pg_class.oid = conrelid
WHERE contype = 'f' AND relnamespace = 'public'::regnamespace AND NOT relispartition
"""


@pytest.fixture(scope="module")
def read(database_url):
    with psycopg.connect(database_url, autocommit=True) as owner:
        yield lambda statement: owner.execute(statement).fetchall()


@pytest.fixture(scope="module")
def tables(read):
    return {name for (name,) in read(TABLES) if not MIGRATIONS.match(name)}


@pytest.fixture(scope="module")
def distributed(tables):
    return tables - REFERENCE


def test_each_key_of_a_distributed_table_begins_with_the_site(read, distributed):
    keys = [(table, columns) for table, columns in read(KEYS) if table in distributed]
    assert {table for table, _ in keys} == distributed
    assert [(table, columns) for table, columns in keys if columns[0] != "site_id"] == []


def test_each_reference_stays_within_a_site(read, distributed):
    for table, target, columns, target_columns in read(REFERENCES):
        if table in distributed:
            assert (columns[0], target_columns[0]) == ("site_id", "site_id"), (table, target)
        else:
            # A reference table may name reference tables alone.
            assert target in REFERENCE, (table, target)


def test_the_script_for_citus_names_every_table(tables, distributed):
    script = SCRIPT.read_text(encoding="utf-8")
    assert set(re.findall(r"create_distributed_table\('(\w+)', 'site_id'", script)) == distributed
    assert set(re.findall(r"create_reference_table\('(\w+)'\)", script)) == REFERENCE
    assert tables >= REFERENCE
