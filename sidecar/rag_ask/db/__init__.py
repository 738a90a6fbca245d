"""The database: its pool, its locks, its migrations and the tables of tenants."""
