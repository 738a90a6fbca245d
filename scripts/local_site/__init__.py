"""The local site that scripts/up starts and scripts/down stops. Needs nothing but Python's own library."""
