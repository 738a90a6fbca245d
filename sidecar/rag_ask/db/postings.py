"""Postings: the form of their places, which the worker writes and questions read."""

from __future__ import annotations

import numpy as np

# A chunk that holds the term, and what the term weighs in it.
PLACE = np.dtype([("post_id", "<i8"), ("position", "<i4"), ("weight", "<f4")])
