"""Connectors that need no plugin: pull from the REST API, and folders of files."""
