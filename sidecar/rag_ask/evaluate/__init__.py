"""Evaluate: questions with known answers -> how well retrieval finds them, and when it should be silent."""
