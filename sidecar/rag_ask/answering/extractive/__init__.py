"""Extractive answers: the best passages as they stand on their pages, where no model answers."""
