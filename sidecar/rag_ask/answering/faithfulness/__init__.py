"""Faithfulness: a sentence of an answer, held against the passages that it cites."""
