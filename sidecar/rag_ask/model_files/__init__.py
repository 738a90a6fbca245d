"""Model files: download, convert, check and keep the models that are too large for the package."""
