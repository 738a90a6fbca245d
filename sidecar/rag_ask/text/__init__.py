"""Words: pure functions over text. Imports nothing else of this package."""
