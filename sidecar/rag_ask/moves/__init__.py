"""Moves: a site goes to another sidecar, with a database of its own, while it is asked and pushed to."""
