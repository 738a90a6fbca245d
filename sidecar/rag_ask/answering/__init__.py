"""The READ line: question -> passages -> grounded answer with citations."""
