"""Requests to other sites: public addresses only, each bounded in time, size and redirects."""
